"""Fits the three weights of `checker.signals.rotation.shoulder_rotation` and prints how well they carry over.

    python benchmarks/rotation_weights.py

Least squares over all frames of the trunk rotation clips, against the true turn of the shoulder
line. Each person is also left out of the fit in turn, and the error is told at the peaks of those
who were left out.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from clips import Clip, find_clips

from checker.analyze import analyze_video
from checker.library import find_exercise
from checker.pose.bundle import ensure_model
from checker.posture import StartPosture
from checker.setup.start import find_start
from checker.signals import rotation as signals
from checker.skeleton import Array
from checker.track import PoseTrack

MOVEMENT: Final = "standing_trunk_rotation"
CUES: Final = ("SHOULDER_DEPTH_WEIGHT", "SHOULDER_WIDTH_WEIGHT", "HEAD_WEIGHT_DEG")
UNLIMITED: Final = 1e9
Weights = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Turn:
    """One clip, frame by frame.

    Attributes:
        person: who turns.
        track: the smoothed poses.
        start: the start posture.
        true_deg: (T,) true turn of the shoulder line since the start.
        rep: (T,) number of the repetition whose peak the frame belongs to, -1 elsewhere.
        cues: (T, 3) what the signal is with one weight at 1 and the others at 0.
    """

    person: str
    track: PoseTrack
    start: StartPosture
    true_deg: Array
    rep: Array
    cues: Array


def rotation(track: PoseTrack, start: StartPosture, weights: Weights, head_limit: float = signals.HEAD_LIMIT) -> Array:
    """(T,) the catalogue's own signal, with other weights; degrees."""
    constants: dict[str, Any] = dict(zip(CUES, weights, strict=True)) | {"HEAD_LIMIT": head_limit}
    with patch.multiple(signals, **constants):
        return signals.shoulder_rotation(track, start)


def read_turn(clip: Clip) -> Turn | None:
    """Analyse a clip; None where the person is never seen still in front of the camera."""
    exercise = find_exercise(clip.exercise)
    track = analyze_video(clip.path, exercise, ensure_model()).track
    start, _ = find_start(exercise, track)
    if start is None:
        return None
    frames = clip.frames()
    t_s = np.array([f["t"] for f in frames])
    true = np.array([f["angles"]["shoulder_line_rotation"] for f in frames])
    rep = np.array([f["rep"] if f["phase"] == "hold" else -1 for f in frames])
    nearest = np.abs(track.t_s[:, None] - t_s).argmin(axis=1)
    depth = rotation(track, start, (1.0, 0.0, 0.0))
    width = rotation(track, start, (0.0, 1.0, 0.0))
    # the head counts nothing alone: it is read beside the depth, without its limit
    head = rotation(track, start, (1.0, 0.0, 1.0), UNLIMITED) - depth
    cues = np.stack([depth, width, head], axis=1)
    return Turn(clip.person, track, start, true[nearest] - true[0], rep[nearest], cues)


def fit(turns: list[Turn], used: tuple[int, ...] = (0, 1, 2)) -> Weights:
    """The weights with the smallest squared error over all frames; 0 for a cue that is not used."""
    x = np.concatenate([t.cues for t in turns])[:, list(used)]
    y = np.concatenate([t.true_deg for t in turns])
    seen = np.isfinite(x).all(axis=1)
    found = np.linalg.lstsq(x[seen], y[seen], rcond=None)[0]
    weights = np.zeros(len(CUES))
    weights[list(used)] = found
    return float(weights[0]), float(weights[1]), float(weights[2])


def peak_errors(turn: Turn, weights: Weights) -> list[float]:
    """Size of the signal less the truth at each repetition's peak, degrees."""
    # a single cue is not held back by the shoulders' other cues
    limit = UNLIMITED if weights[:2] == (0.0, 0.0) else signals.HEAD_LIMIT
    got = turn.cues @ np.array(weights) if limit == UNLIMITED else rotation(turn.track, turn.start, weights)
    errors = []
    for number in sorted({int(r) for r in turn.rep} - {-1}):
        here = turn.rep == number
        errors.append(float(np.abs(np.nanmedian(got[here])) - np.abs(np.median(turn.true_deg[here]))))
    return errors


def left_out(turns: list[Turn], used: tuple[int, ...] = (0, 1, 2)) -> dict[str, list[float]]:
    """Peak errors of each person with weights fitted on the others."""
    out = {}
    for person in sorted({t.person for t in turns}):
        weights = fit([t for t in turns if t.person != person], used)
        out[person] = [e for t in turns if t.person == person for e in peak_errors(t, weights)]
    return out


def _mean(errors: dict[str, list[float]]) -> float:
    return float(np.mean(np.abs([e for own in errors.values() for e in own])))


def main() -> None:
    clips = [c for c in find_clips() if c.exercise == MOVEMENT and not c.abstain]
    turns = [turn for clip in clips if (turn := read_turn(clip)) is not None]
    print("fitted on all: " + ", ".join(f"{n} {w:.2f}" for n, w in zip(CUES, fit(turns), strict=True)))
    print("in the code:   " + ", ".join(f"{n} {getattr(signals, n):.2f}" for n in CUES))
    errors = left_out(turns)
    for person, own in errors.items():
        print(f"{person} left out: mean error at the peak {np.mean(np.abs(own)):.1f} deg, bias {np.mean(own):+.1f}")
    print(f"all, each left out in turn: mean error at the peak {_mean(errors):.1f} deg")
    for i, name in enumerate(CUES):
        print(f"{name} alone: {_mean(left_out(turns, (i,))):.1f} deg")


if __name__ == "__main__":
    main()
