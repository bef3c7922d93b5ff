"""What the page is told about a frame."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from checker.exercise import Exercise
from checker.live.feedback import Feedback
from checker.live.guidance import Guidance
from checker.overlay import angle_now
from checker.posture import StartPosture
from checker.setup.readiness import view_of
from checker.signals import CATALOGUE
from checker.skeleton import N_OUTLINE, OUTLINE_STATIONS, Landmark
from checker.track import Pose

SHOWS_ANGLE_DEG: Final = 3.0
"""A smaller change is not drawn: its arc would be a blot that trembles."""

SIDES: Final = {"left_side": "LEFT", "right_side": "RIGHT"}


class AnswerWriter:
    """Writes the answers of one session.

    Args:
        exercise: the movement.
        width: of the frames, pixels.
        height: of the frames, pixels.
    """

    def __init__(self, exercise: Exercise, width: int, height: int) -> None:
        """For frames of that size; see the class."""
        self._exercise = exercise
        self._size = np.array([width, height], np.float32)
        self._start: StartPosture | None = None
        self._near: str | None = None

    def write(self, pose: Pose, start: StartPosture | None, feedback: Feedback, guidance: Guidance) -> dict[str, Any]:
        """The answer to one frame, ready for JSON: NaN is None, places are shares of the frame."""
        if start is not self._start:
            self._start = start
            self._near = SIDES.get(view_of(self._exercise, start).measured)
        return {
            "type": "frame",
            "t": round(feedback.t_s, 3),
            "landmarks": self._landmarks(pose),
            "angle": self._angle(pose, feedback),
            "back": self._back(pose),
            **_led(feedback, guidance),
        }

    def _landmarks(self, pose: Pose) -> list[list[float]] | None:
        if not pose.found:
            return None
        places = np.column_stack([pose.image / self._size, pose.visibility])
        return np.nan_to_num(places).round(4).tolist()

    def _angle(self, pose: Pose, feedback: Feedback) -> dict[str, Any] | None:
        """The counted angle at its joint, where it is one of the picture."""
        rule, change = self._exercise.repetition, feedback.excursion
        drawn = rule is not None and CATALOGUE[rule.signal].unit == "deg" and abs(change) >= SHOWS_ANGLE_DEG
        if rule is None or self._start is None or not drawn or not pose.found:
            return None
        angle = angle_now(rule.signal, change, self._start.pose.image[0], pose.image, self._near)
        if angle is None or not np.isfinite([angle.corner, angle.reference, angle.end]).all():
            return None
        before, after = (angle.reference - angle.corner)[0], (angle.end - angle.corner)[0]
        from_deg = float(np.rad2deg(np.arctan2(before[1], before[0])))
        cross = float(before[0] * after[1] - before[1] * after[0])
        turn_deg = float(np.rad2deg(np.arctan2(cross, float(before @ after))))
        return {
            "at": (angle.corner[0] / self._size).round(4).tolist(),
            "from": round(from_deg, 1),
            "to": round(from_deg + turn_deg, 1),
            "text": f"{abs(change):.0f}°",
        }

    def _back(self, pose: Pose) -> list[list[float]] | None:
        """The outline of the back, where it is what is measured and counted."""
        rule = self._exercise.repetition
        if rule is None or rule.signal != "spine_flexion" or self._start is None or not pose.found:
            return None
        image = pose.image.astype(np.float64)
        hip = image[[Landmark.LEFT_HIP, Landmark.RIGHT_HIP]].mean(axis=0)
        trunk = image[[Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]].mean(axis=0) - hip
        clockwise = np.array([-trunk[1], trunk[0]]) / max(float(np.linalg.norm(trunk)), 1.0)
        away = pose.outline[1] if self._start.facing > 0 else pose.outline[0]
        outward = -clockwise if self._start.facing > 0 else clockwise
        curve = hip + OUTLINE_STATIONS.reshape(N_OUTLINE, 1) * trunk + away[:, None] * outward
        known = curve[np.isfinite(curve).all(axis=1)]
        return (known / self._size).round(4).tolist() if len(known) > 1 else None


def _led(feedback: Feedback, guidance: Guidance) -> dict[str, Any]:
    """Where the person is led."""
    return {
        "stage": guidance.stage,
        "ready": feedback.ready,
        "ticks": [{"id": t.id, "name": t.name, "ok": t.ok, "advice": t.advice} for t in guidance.ticks],
        "hint": guidance.hint,
        "countdown": _rounded(guidance.countdown_s),
        "asked": guidance.asked,
        "task": guidance.task,
        "side": guidance.side,
        "counts": guidance.counts,
        "target": guidance.target,
        "most": guidance.most,
        "hold": {"s": _rounded(guidance.hold_s), "target_s": guidance.hold_target_s},
        "clock": {"s": _rounded(guidance.clock_s), "target_s": guidance.clock_target_s},
        "reach": _rounded(guidance.reach, 3),
        "best": _rounded(guidance.best, 3),
        "hurt": _rounded(guidance.hurt, 3),
        "cue": guidance.cue,
        "active": sorted(feedback.active),
        "say": [{"text": u.text, "kind": u.kind} for u in guidance.say],
        "offer_end": guidance.offer_end,
        "can_go_on": guidance.can_go_on,
        "pace": guidance.pace,
        "well_done": guidance.well_done,
    }


def _rounded(value: float | None, digits: int = 2) -> float | None:
    return None if value is None or not np.isfinite(value) else round(float(value), digits)
