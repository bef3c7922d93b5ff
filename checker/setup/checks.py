"""Is the camera right and the person in place? What is asked before a live session may begin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from checker.exercise import Exercise
from checker.pose.steady import camera_moves
from checker.posture import ANKLES, BELLY, HIPS, KNEES, SHOULDERS, TOES, StartPosture, median_pose
from checker.setup.likeness import check_start
from checker.setup.readiness import (
    KEEP_STILL,
    hide_unseen,
    needed_landmarks,
    view_of,
    wanted_landmarks,
    whole_feet,
    why_not_ready,
)
from checker.setup.start import find_still_start
from checker.setup.view import MIN_DARK, MIN_PERSON, person_size, to_turn_deg, why_hidden
from checker.skeleton import Landmark
from checker.track import PoseTrack
from checker.visibility import inside, visible

MOST_OF_IT: Final = 0.7
"""Share of the last moments in which something must be right to be ticked."""


@dataclass(frozen=True, slots=True)
class Tick:
    """One thing that must be right.

    Attributes:
        id: "light", "person", "alone", "near", "whole_body", "distance", "position", "view" or "still".
        name: in plain words.
        ok: None while it cannot be told, because something before it is not right yet.
        advice: what to do, one sentence, where it is not.
    """

    id: str
    name: str
    ok: bool | None
    advice: str | None = None


NAMES: Final = {
    "light": "Enough light",
    "person": "You are in the picture",
    "alone": "You are alone",
    "near": "You are not too near",
    "whole_body": "All of you can be seen",
    "distance": "You are close enough",
    "position": "You are in the start position",
    "view": "You face the right way",
    "still": "You keep still",
}
"""Every tick, in the order in which they are put right."""


@dataclass(frozen=True, slots=True)
class SetupCheck:
    """What is right and what is not yet.

    Attributes:
        ticks: in the order of `NAMES`.
        start: the start posture, once every tick is there.
        can_go_on: whether all that is missing are joints that only the faults need: somebody who
            cannot step back can do the movement all the same, and those faults are not judged.
        as_seen: whether it goes on without them.
        to_turn_deg: how far they have to turn for the view, to their left positive; None where that cannot be told
            yet, or nobody has to turn themselves.
    """

    ticks: list[Tick]
    start: StartPosture | None
    can_go_on: bool = False
    as_seen: bool = False
    to_turn_deg: float | None = None

    @property
    def advice(self) -> str | None:
        """The first thing to put right."""
        return next((t.advice for t in self.ticks if t.ok is False), None)

    @property
    def only_sways(self) -> bool:
        """Whether all is right, but that the person does not keep still."""
        return all(t.ok for t in self.ticks if t.id != "still") and self.start is None


def check_setup(exercise: Exercise, recent: PoseTrack, as_seen: bool = False, slack: float = 1.0) -> SetupCheck:
    """Look at the last moments.

    Args:
        exercise: what is about to be done.
        recent: the frames of about the last second.
        as_seen: whether to go on without the joints that only the faults need.
        slack: how much more than usual they may sway at the start.
    """
    needs = needed_landmarks(exercise) if as_seen else wanted_landmarks(exercise)
    found: dict[str, str | None] = {}
    start = None
    for name in NAMES:
        advice = _wrong(name, exercise, recent, needs, slack)
        found[name] = advice
        if advice is not None:
            break
    else:
        start = _still_start(exercise, recent, slack)
    ticks = [Tick(n, words, found[n] is None if n in found else None, found.get(n)) for n, words in NAMES.items()]
    unseen = any(found.get(name) is not None for name in ("near", "whole_body"))
    can_go_on = not as_seen and unseen and _are_seen(exercise, recent, needed_landmarks(exercise))
    turn_deg = None
    if "view" in found:
        turn_deg = to_turn_deg(_now(exercise, recent), exercise.view)
    return SetupCheck(ticks, start, can_go_on, as_seen, turn_deg)


def _now(exercise: Exercise, recent: PoseTrack) -> StartPosture:
    """The posture of the last moments, still or not."""
    return StartPosture(median_pose(hide_unseen(exercise, recent)), exercise.position)


def _wrong(name: str, exercise: Exercise, recent: PoseTrack, needs: tuple[Landmark, ...], slack: float) -> str | None:
    """What to do about one thing; None when it is right. Those before it in `NAMES` are."""
    if name == "light":
        return "It is too dark. Switch on a light." if float(np.median(recent.brightness)) < MIN_DARK else None
    if name == "person":
        seen = np.isfinite(recent.image[:, 0, 0]).mean() >= MOST_OF_IT
        return None if seen else "Step into the picture."
    if name == "alone":
        return "Only one person should be in the picture." if recent.people[-1] > 1 else None
    if name == "near":
        return _too_near(exercise, recent, needs)
    if name == "whole_body":
        return None if _are_seen(exercise, recent, needs) else why_hidden(recent, needs, exercise.view == "side").text
    if name == "distance":
        return "Come closer to the camera." if person_size(recent) < MIN_PERSON else None
    now = _now(exercise, recent)
    if name == "position":
        wrong = check_start(exercise, now)
        return wrong.text if wrong else None
    if name == "view":
        return view_of(exercise, now).advice
    if camera_moves(recent).any():
        return "Prop the camera up: the picture moves."
    return None if _still_start(exercise, recent, slack) else KEEP_STILL[exercise.position]


def _are_seen(exercise: Exercise, recent: PoseTrack, needs: tuple[Landmark, ...]) -> bool:
    """Whether landmarks are seen most of the time."""
    return bool(visible(recent, needs, exercise.view == "side").mean() >= MOST_OF_IT)


LEVELS: Final = (("shoulders", SHOULDERS), ("hips", HIPS), ("knees", KNEES), ("ankles", ANKLES))
"""How far down the body of somebody upright is seen."""


def _too_near(exercise: Exercise, recent: PoseTrack, needs: tuple[Landmark, ...]) -> str | None:
    """What to do where a landmark lies outside the picture, with how much of the body is in it; else None."""
    in_picture = inside(recent).mean(axis=0) >= MOST_OF_IT
    fault_only = tuple(n for n in needs if n not in needed_landmarks(exercise))
    cut_off = whole_feet(recent, fault_only, exercise.view == "side").mean() < MOST_OF_IT
    if not cut_off and (
        all(in_picture[n] for n in needs) or _are_seen(exercise, recent, needs)
    ):  # of a pair one will do
        return None
    if exercise.position in BELLY:
        return "Part of you is outside the picture: move the camera further away."
    ends = in_picture[Landmark.NOSE], all(in_picture[n] for n in (*ANKLES, *TOES))
    if not ends[0]:
        return "Your head is outside the picture: step back half a metre."
    seen = [name for name, joints in LEVELS if any(in_picture[n] for n in joints)]
    if not seen or ends[1]:
        return "Part of you is outside the picture: step into its middle."
    return f"I see you down to your {seen[-1]}: step back half a metre."


def _still_start(exercise: Exercise, recent: PoseTrack, slack: float) -> StartPosture | None:
    """The posture of somebody who keeps still in the right place."""
    start = find_still_start(exercise, hide_unseen(exercise, recent), slack)
    ready = start is not None and why_not_ready(exercise, start, view_of(exercise, start)) is None
    return start if ready else None
