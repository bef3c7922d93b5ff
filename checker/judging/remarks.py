"""What a result warns of besides its numbers: what happened in a recording that was not measured, and when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from checker.judging.bouts import Bout
from checker.judging.scene import Scene
from checker.judging.segments import Segment
from checker.posture import HIPS
from checker.reasons import (
    ABSENT,
    CAMERA_MOVED_FROM,
    COVERED_FROM,
    CUT,
    CUT_OFF,
    ELSEWHERE,
    LEFT_OUT,
    Reason,
    Template,
)
from checker.skeleton import Array, Mask
from checker.track import PoseTrack

AWAY_S: Final = 3.0
"""Somebody who walks off at the end is away for less; longer, something may have been done there (chosen)."""


def remarks(scene: Scene, bouts: Sequence[Bout], what: str) -> list[Reason]:
    """Everything that a result warns of, in the order in which it is read.

    Args:
        scene: what was before the camera.
        bouts: those that counted.
        what: what they are, "repetition" or "hold".
    """
    t_s = scene.smoothed.t_s
    return [
        *scene.framing.warnings,
        *cuts(t_s, scene.track.cut),
        *left_out(scene.smoothed, scene.segments),
        *_during(CAMERA_MOVED_FROM, t_s, scene.camera_moves),
        *_during(COVERED_FROM, t_s, scene.covered),
        *(_during(ELSEWHERE, t_s, scene.away) if _lasts_s(t_s, scene.away) > AWAY_S else []),
        *absent(t_s, scene.absences),
        *cut_off(bouts, what),
    ]


def cuts(t_s: Array, cut: Mask) -> list[Reason]:
    """A warning about the times at which the film was cut; (T,) whether another take begins."""
    times = ", ".join(f"{t:.0f} s" for t in t_s[cut])
    return [CUT.of(times=times)] if times else []


def left_out(track: PoseTrack, segments: Sequence[Segment]) -> list[Reason]:
    """Warnings about segments in which somebody was seen and nothing was measured, with the reason of each."""
    out = []
    for segment in segments:
        t_s = track.t_s[segment.frames]
        seen = np.isfinite(track.point(*HIPS)[segment.frames, 0])
        if segment.why is not None and _lasts_s(t_s, seen) > AWAY_S:
            out.append(LEFT_OUT.of(first_s=t_s[0], last_s=t_s[-1], why=segment.why))
    return out


def absent(t_s: Array, absences: Sequence[tuple[int, int]]) -> list[Reason]:
    """A warning about the times at which nobody was there; absences as `segments.find_absences` gives them."""
    ends = [f" to {t_s[back]:.0f} s" if back < len(t_s) else " s on" for _, back in absences]
    times = [f"{t_s[gone]:.0f}{end}" for (gone, _), end in zip(absences, ends, strict=True)]
    return [ABSENT.of(times=", ".join(times))] if times else []


def cut_off(bouts: Sequence[Bout], what: str) -> list[Reason]:
    """A warning about repetitions of which the first or the last bit was not seen."""
    times = [f"{m.peak_s:.0f} s" for m in bouts if m.cut_off]
    return [CUT_OFF.of(what=what, times=", ".join(times))] if times else []


def _during(template: Template, t_s: Array, mask: Mask) -> list[Reason]:
    """A warning with the times at which a mask (T,) is set."""
    return [template.of(times=_times(t_s, mask))] if mask.any() else []


def _lasts_s(t_s: Array, mask: Mask) -> float:
    """For how long a mask is set, seconds."""
    return float(np.sum(np.diff(t_s)[mask[1:] & mask[:-1]]))


def _times(t_s: Array, mask: Mask) -> str:
    """The stretches of a mask: "2 to 4, 7 to 9 s"."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(int)))
    return ", ".join(f"{t_s[a]:.0f} to {t_s[b - 1]:.0f}" for a, b in zip(edges[::2], edges[1::2], strict=True)) + " s"
