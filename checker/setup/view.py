"""Which way the person faces the camera, and whether the clip is filmed well enough to measure.

What cannot be measured is said here, in words that help to film it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from checker.assessment import View, ViewResult
from checker.posture import ANKLES, BELLY, EARS, HEELS, HIPS, KNEES, SHOULDERS, TOES, Position, StartPosture
from checker.reasons import (
    AGAINST_LIGHT,
    DARK,
    FAR,
    FEET_OUTSIDE,
    HEAD_OUTSIDE,
    LIES_THE_OTHER_WAY,
    NOBODY,
    NOBODY_IN_THE_DARK,
    NOT_SEEN_WELL,
    SECOND_PERSON,
    STARTS,
    STARTS_UPRIGHT,
    TOO_CLOSE,
    TOO_FAR,
    Reason,
)
from checker.setup.yaw import turned_deg, wrapped
from checker.signals.body_yaw import body_yaw_deg
from checker.skeleton import Array, Landmark
from checker.track import PoseTrack
from checker.visibility import body_part, inside, visible

FACING_DEG: Final = 10.0
"""Nobody who is turned by less than this has begun to turn to a side."""

MIN_PERSON: Final = 0.25
MIN_DARK: Final = 35.0
MIN_COVERAGE: Final = 0.5
"""Smallest extent of the person, along or across, as a share of the frame's height, smallest mean
grey level (of 255), and smallest share of frames with the needed joints: starting values."""


LIE: Final = {
    "side": "Turn your mat, or move the camera, so that it sees you exactly from the side.",
    "front": "Turn your mat, or move the camera, so that your feet point at it.",
}


def _floor_yaw_deg(start: StartPosture, expected: Literal["front", "side"]) -> float:
    """`body_yaw_deg` for somebody on the floor: from the 3-D shoulder line alone.

    Seen from the side the head may point either way, so a line that runs to the left counts the same
    as one to the right; seen from the feet it must not, or the head end would pass for them.
    """
    v = (start.pose.world_point(SHOULDERS[0]) - start.pose.world_point(SHOULDERS[1]))[0]
    across = abs(v[0]) if expected == "side" else v[0]
    return float(np.degrees(np.arctan2(-v[2], across)))


FAR_DEG: Final = 45.0
"""Further out of the view than this the signs of a small turn only say "far"; the rough yaw then says how far."""


def person_yaw_deg(start: StartPosture, expected: Literal["front", "side"]) -> float:
    """How far the person is turned from facing the camera, as well as it can be told; degrees."""
    rough = _floor_yaw_deg(start, expected) if start.position in BELLY else body_yaw_deg(start)
    off = turned_deg(start, expected, inside(start.pose)[0])
    if off is None or (expected == "front" and abs(rough) > 90.0 - FAR_DEG / 2):
        return rough
    straight = -90.0 * start.facing if expected == "side" else 0.0
    if abs(off) > FAR_DEG:
        off = max(off, wrapped(rough - straight), key=abs)
    return wrapped(straight + off)


def measured_view(yaw_deg: float) -> View:
    """The view that a body yaw belongs to."""
    if not np.isfinite(yaw_deg):
        return "unknown"
    size = abs(yaw_deg)
    if size <= 25.0:
        return "front"
    if size >= 155.0:
        return "back"
    if 65.0 <= size <= 115.0:
        return "left_side" if yaw_deg > 0 else "right_side"
    return "oblique"


def check_view(start: StartPosture | None, expected: Literal["front", "side"], max_yaw_deg: float) -> ViewResult:
    """Compare the view with the one that the exercise needs.

    Args:
        start: the still start posture, None where nobody stood still in sight.
        expected: the exercise's view; either side will do.
        max_yaw_deg: largest deviation at which it is still measured.
    """
    if start is None:
        return ViewResult(expected=expected, measured="unknown", yaw_deg=None, ok=False, advice=None)
    on_floor = start.position in BELLY
    yaw = person_yaw_deg(start, expected)
    off = yaw if expected == "front" else yaw - np.copysign(90.0, yaw)
    ok = bool(abs(off) <= max_yaw_deg)
    advice = None if ok else LIE[expected] if on_floor else _how_to_turn(yaw, expected)
    return ViewResult(
        expected=expected, measured=measured_view(yaw), yaw_deg=round(float(off), 1), ok=ok, advice=advice
    )


MOST_UPRIGHT_DEG: Final = 50.0
LEAST_LYING_DEG: Final = {"hands_and_knees": 35.0, "lying_on_back": 55.0, "lying_on_front": 45.0}
"""How far the trunk may lean from the vertical at the start of a movement done upright, and must at
least for one on the floor: wide limits, to tell lying from standing and no more (starting values)."""

MOST_ASIDE_DEG: Final = 15.0
"""The same to the side, seen from the front: a back in spasm may hold its owner aslant, seldom past 10
degrees, and a camera may stand askew; more is a side bend that is held, and no start (chosen)."""

POSITION_WORDS: Final[dict[Position, str]] = {
    "standing": "standing",
    "seated": "sitting",
    "kneeling": "kneeling",
    "hands_and_knees": "on hands and knees",
    "lying_on_back": "lying on the back",
    "lying_on_front": "face down",
}


def check_position(start: StartPosture, view: Literal["front", "side"]) -> Reason | None:
    """Whether the person starts as the exercise asks; what is wrong, or None."""
    if view == "front" and start.position in BELLY:
        return None  # seen from the feet, a trunk has no direction
    trunk = (start.pose.point(*SHOULDERS) - start.pose.point(*HIPS))[0]
    lean = float(np.degrees(np.arctan2(abs(trunk[0]), -trunk[1])))
    words = POSITION_WORDS[start.position]
    if start.position not in BELLY:
        most_deg = MOST_ASIDE_DEG if view == "front" else MOST_UPRIGHT_DEG
        return None if lean <= most_deg else STARTS_UPRIGHT.of(position=words)
    if lean < LEAST_LYING_DEG[start.position]:
        return STARTS.of(position=words)
    if _belly_side(start) * start.facing < 0:
        return LIES_THE_OTHER_WAY.of(position=words)
    return None


TURNED_OVER_T: Final = 0.1
"""Face, knees and toes together must point at least this far (T) to one side to tell where the belly is."""


def _belly_side(start: StartPosture) -> float:
    """Where face, knees and toes point: clockwise of hips to shoulders +, in T; 0 when they do not tell."""
    pose = start.pose

    def ahead(of: Array, low: Array, high: Array) -> float:
        line = high - low
        across = np.array([-line[1], line[0]]) / max(float(np.linalg.norm(line)), 1.0)
        return float(np.dot(of - low, across)) / start.torso_px

    hip, shoulder = pose.point(*HIPS)[0], pose.point(*SHOULDERS)[0]
    ear = pose.point(*EARS)[0]
    cues = [
        ahead(pose.point(Landmark.NOSE)[0], ear, ear + shoulder - hip),
        ahead(pose.point(*KNEES)[0], pose.point(*ANKLES)[0], hip),
        ahead(
            pose.point(*TOES)[0],
            pose.point(*HEELS)[0],
            pose.point(*HEELS)[0] + pose.point(*KNEES)[0] - pose.point(*ANKLES)[0],
        ),
    ]
    total = float(np.nansum(cues))
    return total if abs(total) > TURNED_OVER_T else 0.0


def to_turn_deg(start: StartPosture, expected: Literal["front", "side"]) -> float | None:
    """How far somebody has to turn for the view, degrees, to their left positive; None for somebody on the floor."""
    return None if start.position in BELLY else _to_turn_deg(person_yaw_deg(start, expected), expected)


def _to_turn_deg(yaw_deg: float, expected: Literal["front", "side"]) -> float:
    """The same of a body yaw; from the side the nearer way, whichever side then points at the camera."""
    if expected == "front":
        return yaw_deg  # when their left side shows, turning left faces the lens
    to_right = (yaw_deg > 0) == (abs(yaw_deg) < 90.0)
    return (-1.0 if to_right else 1.0) * abs(90.0 - abs(yaw_deg))


def _how_to_turn(yaw_deg: float, expected: Literal["front", "side"]) -> str:
    """What to do about a wrong view, in the patient's words."""
    turn_deg = _to_turn_deg(yaw_deg, expected)
    way, turn = ("left" if turn_deg > 0 else "right"), _round5(abs(turn_deg))
    if expected == "front":
        return f"Turn to your {way} by about {turn} degrees, so that you face the camera."
    if abs(yaw_deg) <= FACING_DEG:  # either way will do
        return f"Turn by about {turn} degrees, so that one side of your body points at the camera."
    return f"Turn to your {way} by about {turn} degrees, so that you are side-on to the camera."


def _round5(angle_deg: float) -> int:
    return max(5, 5 * round(angle_deg / 5.0))


@dataclass(frozen=True)
class Framing:
    """What is wrong with how the clip is filmed; empty lists where nothing is.

    Attributes:
        problems: reasons why nothing can be measured.
        warnings: what costs accuracy but does not forbid measuring.
    """

    problems: list[Reason]
    warnings: list[Reason]


def check_framing(track: PoseTrack, needs: tuple[Landmark, ...], coverage: float, side_view: bool) -> Framing:
    """Look for a dark picture, a person cut off, too far or too close, and for a second person.

    Args:
        track: as recorded.
        needs: the landmarks that the exercise's measures need.
        coverage: share of frames with all of them, where they move smoothly.
        side_view: whether one of each pair is enough.
    """
    problems: list[Reason] = []
    warnings: list[Reason] = []
    found = np.isfinite(track.image[:, 0, 0])
    dark = len(track) > 0 and float(np.median(track.brightness)) < MIN_DARK
    if dark:
        warnings.append(DARK)
    if not found.any():
        return Framing([NOBODY_IN_THE_DARK if dark else NOBODY], warnings)
    seen = track.slice(found)
    size = person_size(seen)
    if _against_light(seen):
        (problems if coverage < CLEAR_COVERAGE else warnings).append(AGAINST_LIGHT)
    elif coverage < MIN_COVERAGE:
        problems.append(why_hidden(seen, needs, side_view))
    if size < MIN_PERSON:
        warnings.append(FAR)
    if (track.people > 1).any():
        when = float(track.t_s[int(np.argmax(track.people > 1))])
        warnings.append(SECOND_PERSON.of(first_s=when))
    return Framing(problems, warnings)


SILHOUETTE: Final = 25.0
SILHOUETTE_SHARE: Final = 0.33
"""A trunk that is darker than the first (of 255), and darker than this share of the whole picture, is a silhouette.
Dark clothes on dark skin in ordinary light are 40 and more (truth clips): the light decides, not the skin."""

CLEAR_COVERAGE: Final = 0.8
"""Share of the frames in which the joints of a silhouette must be found where they move smoothly."""


def _against_light(seen: PoseTrack) -> bool:
    body = seen.body_brightness[np.isfinite(seen.body_brightness)]
    if len(body) == 0:
        return False
    grey = float(np.median(body))
    return grey < SILHOUETTE and grey < SILHOUETTE_SHARE * float(np.median(seen.brightness))


def person_size(track: PoseTrack) -> float:
    """How long the person is in the picture, whichever way they lie, as a share of its height."""
    return float(np.nanmedian(np.ptp(track.image, axis=1).max(axis=1))) / track.height


def why_hidden(seen: PoseTrack, needs: tuple[Landmark, ...], side_view: bool) -> Reason:
    """The most likely reason why the needed joints were not seen, with what to do."""
    shares = {n: float(visible(seen, (n,), side_view).mean()) for n in needs}
    worst = [n for n, share in shares.items() if share < MIN_COVERAGE] or [min(shares, key=lambda n: shares[n])]
    bottom = float(np.nanmedian(seen.image[:, ANKLES, 1])) > 0.98 * seen.height
    top = float(np.nanmedian(seen.image[:, Landmark.NOSE, 1])) < 0.02 * seen.height
    if bottom and top:
        return TOO_CLOSE
    if bottom:
        return FEET_OUTSIDE
    if top:
        return HEAD_OUTSIDE
    if person_size(seen) < MIN_PERSON:
        return TOO_FAR
    return NOT_SEEN_WELL.of(part=body_part(worst[0]))
