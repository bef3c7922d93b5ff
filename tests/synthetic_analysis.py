"""Analyses made from analytic poses, and clips of the stick person they describe.

The person stands in a 480 x 640 picture with the middle of the hips at (240, 350) and a trunk of
150 pixels. In `side_bend_analysis` they bend left, right, left, right: 28 degrees to the left, 22
to the right, three seconds each, the first from 1 s to 4 s, one every 3.5 s. Nobody is seen from
4.1 s to 4.4 s. In `hinge_analysis` they face the right edge of the picture and bend forward once.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
import cv2
import numpy as np

from checker.assessment import (
    Assessment,
    ExerciseRef,
    FaultResult,
    Measure,
    ModelInfo,
    PartialRepetition,
    Quantity,
    Repetition,
    VideoInfo,
    ViewResult,
)
from checker.exercise import Exercise
from checker.judging.analysis import Analysis, SignalTrace
from checker.judging.segments import Segment
from checker.posture import Position, StartPosture
from checker.skeleton import BONES, N_LANDMARKS, N_OUTLINE, OUTLINE_STATIONS, Array, Landmark
from checker.track import PoseTrack, missing_pose

WIDTH, HEIGHT = 480, 640
HIP = np.array([240.0, 350.0])
TORSO_PX = 150.0
BACK_PX = 38.0
"""How far the drawn back stands from the hip-shoulder line at its middle, pixels."""

_REPS = (("left", 28.0), ("right", 22.0), ("left", 28.0), ("right", 22.0))
_TICK = Fraction(1, 90000)
_CLINIC = {"source": "clinical judgement of the test", "status": "clinical judgement"}


def variable_times(duration_s: float) -> Array:
    """Timestamps as a phone writes them: now 15, now 20 frames a second, in 1/90000 s."""
    gaps = np.resize([6000, 6000, 4500], int(duration_s * 20))
    ticks = np.concatenate([[0], np.cumsum(gaps)])
    return np.asarray(ticks[ticks < duration_s * 90000] / 90000)


PICTURES: Final = {
    "standing": {"start": {}, "end": {"lean": 28}},
    "seated": {"start": {"hips": 90, "knees": 90}},
    "kneeling": {"start": {"knees": 90}},
    "hands_and_knees": {"start": {"trunk": 90, "hips": 90, "knees": 90, "arms": 90}},
    "lying_on_back": {"start": {"trunk": -90, "hips": 27, "knees": 50}},
    "lying_on_front": {"start": {"trunk": 90}},
}
"""What the people of the tests look like at the start of a movement; on the back, some with straight and some with
bent legs: the picture stands between."""


def make_exercise(**changes: Any) -> Exercise:
    """A standing side bend with four faults; for another position, with a picture of that."""
    past = {"rule": "past", "cue": "Keep your knees straight"}
    data: dict[str, object] = {
        "id": "standing_side_bend",
        "name": "Standing side bend",
        "kind": "self_test",
        "position": "standing",
        "view": "front",
        "phases": [2],
        "summary": "Bend to each side as far as is comfortable.",
        "steps": ["Stand with your feet slightly apart.", "Slide one hand down your leg."],
        "camera": ["Put the camera in front of you, at hip height."],
        "why": "It shows how far each side lets you go today.",
        "cautions": ["Stop where it starts to hurt."],
        "sources": ["A textbook of movement, 2001, chapter 4"],
        "doses": [{"repetitions": (2, 3), **_CLINIC}],
        "picture": PICTURES[changes.get("position", "standing")],
        "repetition": {
            "signal": "trunk_lateral_flexion",
            "sides": "signed",
            "min_excursion": 8,
            **_CLINIC,
        },
        "measures": [
            {"id": "trunk_lateral_flexion", "name": "Side bend", "expected": "about 28 to 32 degrees"}
            | {"source": "Norms of the trunk, 1999", "status": "published"}
        ],
        "faults": [
            past
            | {"id": "knee_bend", "name": "Knees bending"}
            | {"conditions": [{"signal": "forward_lean", "threshold": 15, **_CLINIC}]},
            past
            | {"id": "hip_shift", "name": "Hips shifting", "cue": "Keep your hips over your feet"}
            | {"conditions": [{"signal": "hip_shift", "threshold": 0.15, "direction": "either", **_CLINIC}]},
            past
            | {"id": "foot_lift", "name": "Foot lifting", "cue": "Keep both feet on the floor"}
            | {"conditions": [{"signal": "hip_shift", "threshold": 0.08, **_CLINIC}]},
            {"id": "side_difference", "name": "Sides differ", "cue": "Tell your physio about it"}
            | {"rule": "side_difference", "severity": "info", "threshold": 5, **_CLINIC},
        ],
    }
    return Exercise.model_validate(data | changes)


def side_bend_analysis(duration_s: float = 15.5) -> Analysis:
    """Two repetitions a side, a flagged fault, an unmeasured fault and an unmeasured measure."""
    t_s = variable_times(duration_s)
    lateral = np.zeros(len(t_s))
    for k, (side, size) in enumerate(_REPS):
        lateral += (size if side == "left" else -size) * _bump(t_s, 1 + 3.5 * k, 4 + 3.5 * k)
    knees = 4 + 20 * _bump(t_s, 5.0, 7.0)
    poses = np.array([_front(a, k) for a, k in zip(lateral, knees, strict=True)])
    unseen = (t_s > 4.1) & (t_s < 4.4)
    poses[unseen] = lateral[unseen] = knees[unseen] = np.nan
    signals = [
        SignalTrace("trunk_lateral_flexion", "Side bend of the trunk", "deg", lateral),
        SignalTrace("knee_flexion", "Bend of the knees", "deg", knees),
        SignalTrace("hip_shift", "Hips moving sideways", "T", 0.02 * np.sin(t_s)),
        SignalTrace("torso_ratio", "Apparent torso length", "ratio", np.cos(np.deg2rad(lateral / 4))),
    ]
    return Analysis(
        assessment=_assessment(duration_s, len(t_s)),
        t_s=t_s,
        signals={s.id: s for s in signals},
        track=_track(t_s, poses, np.full((len(t_s), 2, N_OUTLINE), np.nan)),
        drawn="trunk_lateral_flexion",
        segments=[_from_first_frame(_track(t_s, poses, np.full((len(t_s), 2, N_OUTLINE), np.nan)), "standing")],
        held=np.zeros(len(t_s), bool),
    )


def hinge_exercise() -> Exercise:
    """A hip hinge seen from the side: one direction, with the outline of the back."""
    repetition = {"signal": "hip_flexion", "sides": "both", "min_excursion": 20, **_CLINIC}
    measures = [{"id": i, "name": n, **_CLINIC} for i, n in (("hip_flexion", "Hips"), ("spine_flexion", "Back"))]
    return make_exercise(
        id="standing_hip_hinge",
        name="Standing hip hinge",
        view="side",
        repetition=repetition,
        measures=measures,
        faults=[],
    )


def hinge_analysis(drawn: str = "hip_flexion") -> Analysis:
    """One bend forward of 60 degrees, facing the right edge, the back `BACK_PX` behind the trunk line."""
    t_s = variable_times(5.0)
    lean = 60 * _bump(t_s, 1, 4)
    poses = np.array([_from_side(a) for a in lean])
    outline = np.full((len(t_s), 2, N_OUTLINE), np.nan)
    outline[:, 0] = 25.0
    outline[:, 1] = BACK_PX * np.cos(np.pi * (OUTLINE_STATIONS - 0.5) / 2)
    names = {"hip_flexion": "Bend of the hips", "spine_flexion": "Rounding of the back"}
    values = {"hip_flexion": lean, "spine_flexion": lean / 6, "trunk_flexion": lean}
    signals = [SignalTrace(i, names.get(i, i), "deg", v) for i, v in values.items()]
    done = Repetition(index=1, side="both", start_s=1, peak_s=2.5, end_s=4, hold_s=0.3, rom=_deg(60.0, 5.0))
    measure = Measure(
        id="hip_flexion", name="Bend of the hips", side=None, value=60.0, unit="deg", uncertainty=5.0,
        status="measured", best=60.0, repetitions=1,
    )  # fmt: skip
    changes = {
        "exercise": ExerciseRef(id="standing_hip_hinge", name="Standing hip hinge"),
        "view": ViewResult(expected="side", measured="right_side", yaw_deg=1.0, ok=True),
        "reps": [done], "partial_reps": [], "measures": [measure], "faults": [], "warnings": [],
    }  # fmt: skip
    track = _track(t_s, poses, outline)
    return Analysis(
        assessment=_assessment(5.0, len(t_s)).model_copy(update=changes),
        t_s=t_s,
        signals={s.id: s for s in signals},
        track=track,
        drawn=drawn,
        segments=[_from_first_frame(track, "standing")],
        held=np.zeros(len(t_s), bool),
    )


def write_clip(path: Path, analysis: Analysis, first_s: float = 0.0) -> Path:
    """A real H.264 file of the stick person, its frames at the analysis' own times."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.options = {"preset": "ultrafast", "crf": "20", "bf": "0"}
        stream.codec_context.time_base = _TICK
        for t, points in zip(analysis.t_s, analysis.track.image, strict=True):
            frame = av.VideoFrame.from_ndarray(stick_person(points), format="rgb24")
            frame.pts, frame.time_base = round((first_s + t) * 90000), _TICK
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return path


def stick_person(points: Array) -> np.ndarray:
    """(HEIGHT, WIDTH, 3) uint8: a dark figure before a plain wall."""
    rgb = np.full((HEIGHT, WIDTH, 3), (196, 190, 180), np.uint8)
    rgb[560:] = (140, 126, 112)
    if not np.isfinite(points).all():
        return rgb
    p = [(int(x), int(y)) for x, y in points]
    trunk = [p[Landmark[n]] for n in ("LEFT_SHOULDER", "RIGHT_SHOULDER", "RIGHT_HIP", "LEFT_HIP")]
    cv2.fillPoly(rgb, [np.array(trunk, np.int32)], (70, 88, 110))
    for a, b in BONES:
        cv2.line(rgb, p[a], p[b], (70, 88, 110), 26, cv2.LINE_AA)
    cv2.circle(rgb, p[Landmark.NOSE], 34, (150, 110, 90), cv2.FILLED, cv2.LINE_AA)
    return rgb


def _bump(t_s: Array, start_s: float, end_s: float) -> Array:
    """0 to 1 and back between two times, smoothly."""
    phase = np.clip((t_s - start_s) / (end_s - start_s), 0, 1)
    return np.asarray((1 - np.cos(2 * np.pi * phase)) / 2)


def _front(bend_deg: float, knee_deg: float) -> Array:
    """(33, 2) pixels: facing the camera, so the person's left is on the right of the picture."""
    points = np.zeros((N_LANDMARKS, 2))
    up = _upward(bend_deg)
    across = np.array([-up[1], up[0]])
    shoulder = HIP + TORSO_PX * up
    points[: Landmark.LEFT_SHOULDER] = shoulder + 55 * up
    for side, sign in (("LEFT", 1.0), ("RIGHT", -1.0)):
        arm = shoulder + sign * 48 * across
        places = {"SHOULDER": arm, "ELBOW": arm - 75 * up, "WRIST": arm - 145 * up}
        places |= dict.fromkeys(("PINKY", "INDEX", "THUMB"), arm - 160 * up)
        places |= {"HIP": _off_hip(sign * 27, 0), "KNEE": _off_hip(sign * (32 + 0.6 * knee_deg), 105)}
        places |= {"ANKLE": _off_hip(sign * 38, 205), "HEEL": _off_hip(sign * 38, 215)}
        places["FOOT_INDEX"] = _off_hip(sign * 44, 223)
        for name, place in places.items():
            points[Landmark[f"{side}_{name}"]] = place
    return points


def _from_side(lean_deg: float) -> Array:
    """(33, 2) pixels: the right side to the camera, toes to the right edge."""
    points = np.zeros((N_LANDMARKS, 2))
    up = _upward(lean_deg)
    shoulder = HIP + TORSO_PX * up
    points[: Landmark.LEFT_SHOULDER] = shoulder + 55 * up
    down = np.array([0.0, 1.0])
    places = {"SHOULDER": shoulder, "ELBOW": shoulder + 75 * down, "WRIST": shoulder + 140 * down}
    places |= dict.fromkeys(("PINKY", "INDEX", "THUMB"), shoulder + 155 * down)
    places |= {"HIP": HIP, "KNEE": _off_hip(2, 105), "ANKLE": _off_hip(0, 205)}
    places |= {"HEEL": _off_hip(-12, 215), "FOOT_INDEX": _off_hip(40, 219)}
    for name, place in places.items():
        for side in ("LEFT", "RIGHT"):
            points[Landmark[f"{side}_{name}"]] = place
    return points


def _upward(lean_deg: float) -> Array:
    """The trunk's direction when it leans to the right of the picture."""
    return np.array([np.sin(np.deg2rad(lean_deg)), -np.cos(np.deg2rad(lean_deg))])


def _off_hip(right_px: float, down_px: float) -> Array:
    return HIP + np.array([right_px, down_px])


def _track(t_s: Array, points: Array, outline: Array) -> PoseTrack:
    poses = [
        replace(
            missing_pose(float(t)),
            image=image.astype(np.float32),
            world=np.zeros((N_LANDMARKS, 3), np.float32),
            visibility=np.full(N_LANDMARKS, 0.95, np.float32),
            outline=back.astype(np.float32),
            people=1,
        )
        for t, image, back in zip(t_s, points, outline, strict=True)
    ]
    return PoseTrack.stack(poses, WIDTH, HEIGHT)


def _from_first_frame(track: PoseTrack, position: Position) -> Segment:
    """The whole clip, judged from the posture of its first frame."""
    return Segment(0, len(track), StartPosture(track.slice(slice(0, 1)), position), 0)


def _deg(value: float, uncertainty: float) -> Quantity:
    return Quantity(value=value, unit="deg", uncertainty=uncertainty)


def _assessment(duration_s: float, frames: int) -> Assessment:
    reps = [
        Repetition(
            index=k + 1, side=side, start_s=1 + 3.5 * k, peak_s=2.5 + 3.5 * k, end_s=4 + 3.5 * k,
            rom=_deg(size + 0.4 * k, 3.2), hold_s=0.4, faults=["knee_bend"] if k == 1 else [],
        )
        for k, (side, size) in enumerate(_REPS)
    ]  # fmt: skip
    return Assessment(
        exercise=ExerciseRef(id="standing_side_bend", name="Standing side bend"),
        video=VideoInfo(duration_s=duration_s, width=WIDTH, height=HEIGHT, frames=frames, fps=16.4),
        model=ModelInfo(name="pose_landmarker_full", sha256="4eaa5eb7a983" + "0" * 52),
        view=ViewResult(expected="front", measured="front", yaw_deg=4.2, ok=True),
        coverage=0.98,
        reps=reps,
        partial_reps=[
            PartialRepetition(
                side="left", start_s=0.2, end_s=0.9, excursion=6.1, unit="deg",
                reason="it went 6 degrees, 8 are needed to count",
            )
        ],
        measures=_measures(),
        faults=_faults(),
        warnings=["A second person walked through the picture from 4.1 s to 4.4 s."],
    )  # fmt: skip


def _measures() -> list[Measure]:
    common = {"id": "trunk_lateral_flexion", "name": "Side bend", "unit": "deg", "status": "measured"}
    common |= {"expected": "about 28 to 32 degrees", "repetitions": 2}
    return [
        Measure(side="left", value=28.4, uncertainty=3.2, best=28.8, **common),
        Measure(side="right", value=23.0, uncertainty=3.2, best=23.2, **common),
        Measure(
            id="trunk_flexion", name="Forward bend", side=None, value=None, unit="deg",
            uncertainty=None, status="not_measured", reason="your right hip was hidden",
        ),
    ]  # fmt: skip


def _faults() -> list[FaultResult]:
    return [
        FaultResult(
            id="knee_bend", name="Knees bending", status="flagged", side="right",
            intervals=[(5.4, 6.6)], peak=23.7, peak_s=6.0, threshold=15.0, unit="deg",
            cue="Keep your knees straight",
        ),
        FaultResult(
            id="hip_shift", name="Hips shifting", status="clear", threshold=0.15, unit="T",
            cue="Keep your hips over your feet",
        ),
        FaultResult(
            id="foot_lift", name="Foot lifting", status="not_measured",
            reason="your left foot was out of the picture", threshold=0.08, unit="T",
            cue="Keep both feet on the floor",
        ),
        FaultResult(
            id="side_difference", name="Sides differ", status="flagged", peak=5.4, threshold=5.0,
            unit="deg", cue="Tell your physio about it", severity="info",
        ),
    ]  # fmt: skip
