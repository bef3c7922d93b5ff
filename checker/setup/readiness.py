"""Whether there is something to measure: what must be seen, the start posture, the view, and why not."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from checker.assessment import ViewResult
from checker.exercise import Exercise
from checker.posture import ANKLES, HIPS, SHOULDERS, TOES, Position, StartPosture
from checker.reasons import FEET_CUT_OFF, JOINT_HIDDEN, JOINT_OUTSIDE, NO_STILL_START, WRONG_SIDE, Reason
from checker.setup.likeness import check_start
from checker.setup.view import Framing, check_view
from checker.signals import CATALOGUE
from checker.skeleton import Landmark, Mask
from checker.smoothing import bridged
from checker.track import PoseTrack
from checker.visibility import SEEN, body_part, inside, visible

MIN_SIGNAL_SHARE: Final = 0.5
"""Share of the frames in which the landmarks of a signal must be seen."""

KEEP_STILL: Final[dict[Position, str]] = {
    "standing": "Stand still for a moment.",
    "seated": "Sit still for a moment.",
    "kneeling": "Kneel still for a moment.",
    "hands_and_knees": "Keep still on your hands and knees for a moment.",
    "lying_on_back": "Lie still on your back for a moment.",
    "lying_on_front": "Keep still on your front for a moment.",
}
"""What to do before anything counts."""


def needed_landmarks(exercise: Exercise) -> tuple[Landmark, ...]:
    """Landmarks without which nothing can be counted or measured; the trunk at least."""
    signals = [exercise.repetition.signal] if exercise.repetition else []
    signals += [m.on for m in exercise.measures if m.on]
    signals += [c.signal for c in exercise.hold.conditions] if exercise.hold else []
    wanted = [n for s in signals for n in CATALOGUE[s].needs]
    return tuple(dict.fromkeys(wanted or (*SHOULDERS, *HIPS)))


def wanted_landmarks(exercise: Exercise) -> tuple[Landmark, ...]:
    """Landmarks without which something cannot be judged: those needed, and those of every fault."""
    of_signals = [n for s in exercise.signals for n in CATALOGUE[s].needs]
    return tuple(dict.fromkeys([*needed_landmarks(exercise), *of_signals]))


def sees(exercise: Exercise, track: PoseTrack, signal: str) -> Mask:
    """(T,) whether the landmarks of a signal are seen; where they are not, its value would be a guess."""
    needs, from_side = CATALOGUE[signal].needs, exercise.view == "side"
    seen = np.asarray(visible(track, needs, from_side), bool)
    if set(needs) <= set(needed_landmarks(exercise)):
        return seen
    return seen & whole_feet(track, needs, from_side)


def whole_feet(track: PoseTrack, needs: tuple[Landmark, ...], from_side: bool) -> Mask:
    """(T,) whether the toes to every ankle that is needed lie inside the picture, from the side those of one foot.

    At the edge of the picture the model guesses where the ankle of a foot is that is cut off, and sees it
    as well as ever: bent knees then read as straight.
    """
    toes = [toe for ankle, toe in zip(ANKLES, TOES, strict=True) if ankle in needs]
    if not toes:
        return np.ones(len(track), bool)
    whole = inside(track)[:, toes]
    return np.asarray(whole.any(axis=1) if from_side else whole.all(axis=1), bool)


def sees_from(exercise: Exercise, track: PoseTrack, signal: str, start: PoseTrack) -> Mask:
    """(T,) the same with short gaps bridged; nowhere where the start posture that it is compared with was a guess.

    Both as they were filmed: a picture laid over another one has other edges.
    """
    if not sees(exercise, start, signal).all():
        return np.zeros(len(track), bool)
    return bridged(track.t_s, sees(exercise, track, signal))


def hide_unseen(exercise: Exercise, track: PoseTrack) -> PoseTrack:
    """The track with positions NaN in frames where a needed landmark was not seen."""
    unseen = ~visible(track, needed_landmarks(exercise), exercise.view == "side")
    for outside in left_picture(exercise, track).values():
        unseen |= outside
    return without(track, unseen)


def left_picture(exercise: Exercise, track: PoseTrack) -> dict[Landmark, Mask]:
    """(T,) when each limb that must be seen for itself was out of the picture; only those that were."""
    if exercise.repetition is None:
        return {}
    there = inside(track) | ~np.isfinite(track.image[..., 0])
    outside = {joint: ~there[:, joint] for joint in CATALOGUE[exercise.repetition.signal].each}
    return {joint: out for joint, out in outside.items() if out.any()}


def without(track: PoseTrack, frames: Mask) -> PoseTrack:
    """The track with positions NaN in some frames, (T,) bool."""
    hidden = {name: getattr(track, name).copy() for name in ("image", "world", "outline", "feet")}
    for positions in hidden.values():
        positions[frames] = np.nan
    return replace(track, **hidden)


def hidden_signals(exercise: Exercise, track: PoseTrack) -> dict[str, Reason]:
    """Signals of which a landmark was hidden for most of the clip, with the reason."""
    out = {}
    for name in exercise.signals:
        needs = CATALOGUE[name].needs
        if len(track) and sees(exercise, track, name).mean() >= MIN_SIGNAL_SHARE:
            continue
        out[name] = _where_hidden(track, needs)
    return out


def _where_hidden(track: PoseTrack, needs: tuple[Landmark, ...]) -> Reason:
    """Which landmark was seen least, and whether it lay outside the picture or something hid it."""
    if not len(track):
        return JOINT_HIDDEN.of(part=body_part(needs[0]))
    in_picture = inside(track)
    shares = {n: float(((track.visibility[:, n] >= SEEN) & in_picture[:, n]).mean()) for n in needs}
    worst = min(needs, key=lambda n: shares[n])
    if shares[worst] >= MIN_SIGNAL_SHARE:
        return FEET_CUT_OFF
    outside = float(in_picture[:, worst].mean()) < MIN_SIGNAL_SHARE
    return (JOINT_OUTSIDE if outside else JOINT_HIDDEN).of(part=body_part(worst))


def view_of(exercise: Exercise, start: StartPosture | None) -> ViewResult:
    """The view against the one that the exercise needs."""
    return check_view(start, exercise.view, exercise.max_yaw_deg)


def why_not_ready(exercise: Exercise, start: StartPosture | None, view: ViewResult) -> Reason | None:
    """What is wrong with a start posture, with what to do; None when the movement can begin."""
    if start is None:
        return NO_STILL_START.of(keep_still=KEEP_STILL[exercise.position])
    if wrong := check_start(exercise, start):
        return wrong
    if not view.ok:
        return WRONG_SIDE.of(advice=view.advice)
    return None


def why_nothing(exercise: Exercise, framing: Framing, start: StartPosture | None, view: ViewResult) -> Reason | None:
    """The reason why nothing is measured in this clip; None when it can be."""
    return framing.problems[0] if framing.problems else why_not_ready(exercise, start, view)
