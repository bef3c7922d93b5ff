"""Where a measured angle lies in the picture: its corner, what it is measured from, and its end.

An angle that is reported as a change from the start is drawn from where its line lay in the start posture, so
that the arc is as wide as the number says; one that is reported as it is, from its zero. Which of two bones moves
is read from the clip: so it is right for either side of the body, and whichever way the head of a lying person points.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from checker.skeleton import Array, Array32, Landmark

JOINTS: Final = {
    "hip_flexion": ("SHOULDER", "HIP", "KNEE"),
    "knee_flexion": ("HIP", "KNEE", "ANKLE"),
    "straight_knee": ("HIP", "KNEE", "ANKLE"),
    "body_line": ("SHOULDER", "HIP", "ANKLE"),
    "neck_flexion": ("HIP", "SHOULDER", "EAR"),
    "leg_flexion": ("SHOULDER", "HIP", "KNEE"),
    "leg_extension": ("SHOULDER", "HIP", "KNEE"),
    "opposite_arm_raise": ("HIP", "SHOULDER", "ELBOW"),
}
"""Signals that are angles at the middle one of three landmarks of one side; straight is their zero."""

LEFT_IS: Final = {"leg_flexion": 1.0, "leg_extension": 1.0, "opposite_arm_raise": -1.0}
"""Signals of the limb that moves: the sign that they have for the left one."""

UP: Final = (0.0, -1.0)
LEVEL: Final = (1.0, 0.0)
LINES: Final = {
    "trunk_flexion": ("HIP", "SHOULDER", UP),
    "trunk_lateral_flexion": ("HIP", "SHOULDER", UP),
    "trunk_rise": ("HIP", "SHOULDER", LEVEL),
    "knee_fall": ("ANKLE", "KNEE", UP),
    "shank_inclination": ("ANKLE", "KNEE", UP),
}
"""Signals of the line between the middles of two pairs, against a direction of the picture."""


@dataclass(frozen=True, slots=True)
class Angle:
    """An angle over a clip; NaN where its points were not seen.

    Attributes:
        corner: (T, 2) pixels.
        reference: (T, 2) pixels: what it is measured from ends here.
        end: (T, 2) pixels: the measured line ends here.
    """

    corner: Array
    reference: Array
    end: Array


def find_angle(signal: str, values: Array, points: Array, near: str | None, starts: Array | None) -> Angle | None:
    """Return the angle of a signal, None where it is not one of the picture.

    Args:
        signal: its id.
        values: (T,) degrees.
        points: (T, 33, 2) pixels.
        near: "LEFT" or "RIGHT" where that side is turned to the camera.
        starts: (T, 33, 2) pixels of the start posture that each value is a change from; None where the values are
            reported as they are.
    """
    if signal in LINES:
        low, high, zero = LINES[signal]
        corner, end = _middle(points, low), _middle(points, high)
        base = np.array(zero) * np.linalg.norm(end - corner, axis=1, keepdims=True)
        if zero is LEVEL:  # whichever way the head points
            base = base * np.where(np.nanmedian(end[:, :1] - corner[:, :1]) < 0, -1.0, 1.0)
        at_start = 0.0 if starts is None else _turn_deg(base, _middle(starts, high) - _middle(starts, low))
        return _opened(corner, end, base, at_start)
    if signal in LEFT_IS:
        of_left = values * LEFT_IS[signal]
        sides = [_joint(signal, side, points, starts) for side in ("LEFT", "RIGHT")]
        is_left = (of_left >= 0)[:, None]
        return Angle(*(np.where(is_left, getattr(sides[0], n), getattr(sides[1], n)) for n in Angle.__slots__))
    if signal in JOINTS:
        return _joint(signal, _side(signal, near, values, points), points, starts)
    return None


def angle_now(signal: str, change: float, start: Array32, now: Array32, near: str | None) -> Angle | None:
    """Return the angle of a signal at one moment, as its change from the start; None where no angle shows it.

    Args:
        signal: its id.
        change: degrees, from the start posture.
        start: (33, 2) pixels of the start posture.
        now: (33, 2) pixels.
        near: "LEFT" or "RIGHT" where that side is turned to the camera.

    Returns:
        An angle of one row.
    """
    points = np.stack([start, now]).astype(np.float64)
    found = find_angle(signal, np.array([0.0, change]), points, near, points[[0, 0]])
    return None if found is None else Angle(*(getattr(found, name)[1:] for name in Angle.__slots__))


def _side(signal: str, near: str | None, values: Array, points: Array) -> str:
    """Return the side that a joint is drawn on: the one that was measured, or the one nearer to the camera."""
    if near is not None and signal != "straight_knee":
        return near

    def misses(side: str) -> float:
        first, corner, end = (points[:, Landmark[f"{side}_{name}"]] for name in JOINTS[signal])
        bend = np.abs(_turn_deg(corner - first, end - corner))
        off = np.abs(bend - np.abs(values))
        return float(np.nanmean(off)) if np.isfinite(off).any() else np.inf

    return min(("LEFT", "RIGHT"), key=misses)


def _joint(signal: str, side: str, points: Array, starts: Array | None) -> Angle:
    """Return the angle at one joint, drawn on the bone that moves more."""
    names = [Landmark[f"{side}_{name}"] for name in JOINTS[signal]]
    first, corner, last = (points[:, name] for name in names)
    last_moves = _travel_deg(first - corner) <= _travel_deg(last - corner)
    end, other = (last, first) if last_moves else (first, last)
    at_start: Array | float = 180.0
    if starts is not None:
        first_then, corner_then, last_then = (starts[:, name] for name in names)
        bones = (first_then - corner_then, last_then - corner_then)
        at_start = _turn_deg(*bones) if last_moves else _turn_deg(*bones[::-1])
    return _opened(corner, end, other - corner, at_start)


def _opened(corner: Array, end: Array, base: Array, at_start_deg: Array | float) -> Angle:
    """Return the angle from where the measured line has its zero, or lay at the start (degrees from its base)."""
    along = np.deg2rad(np.rad2deg(np.arctan2(base[:, 1], base[:, 0])) + at_start_deg)
    reach = np.minimum(np.linalg.norm(end - corner, axis=1), np.linalg.norm(base, axis=1))
    reference = corner + reach[:, None] * np.column_stack([np.cos(along), np.sin(along)])
    return Angle(np.asarray(corner), np.asarray(reference), np.asarray(end))


def _travel_deg(bone: Array) -> float:
    """Return how far a bone's direction moves over the clip, degrees."""
    angles = np.arctan2(bone[:, 1], bone[:, 0])
    angles = np.rad2deg(np.unwrap(angles[np.isfinite(angles)]))
    return float(np.ptp(np.quantile(angles, (0.05, 0.95)))) if len(angles) else 0.0


def _turn_deg(a: Array, b: Array) -> Array:
    """(T,) the shorter turn from a to b, clockwise in the picture +; degrees."""
    cross = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    return np.rad2deg(np.arctan2(cross, np.sum(a * b, axis=1)))


def _middle(points: Array, name: str) -> Array:
    """(T, 2) pixels: the middle between the left and the right landmark of a name."""
    return np.asarray((points[:, Landmark[f"LEFT_{name}"]] + points[:, Landmark[f"RIGHT_{name}"]]) / 2)
