"""A recording judged with a reviewer's corrections: by the same engine, from the stage on that they touch.

A joint set by hand changes the poses before the first stage; repetitions change after the third; a verdict on a fault
stands in its place in the fourth. What the machine had found is not touched by any of it. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from checker.assessing import Circumstances, Found, assess, conclude, find
from checker.dose import Dose
from checker.exercise import Exercise
from checker.judging.analysis import Analysis
from checker.judging.bouts import Bouts
from checker.judging.faults import Verdict
from checker.reasons import CORRECTED, Reason
from checker.review.applying import correct_bouts
from checker.review.corrections import (
    WHY_UNUSABLE,
    Add,
    Bounds,
    ChangeSide,
    ConfirmFault,
    Correction,
    Delete,
    DismissFault,
    Join,
    JointSet,
    OfBouts,
    Split,
    Unusable,
    changes_result,
    in_force,
    told_by,
)
from checker.review.joints import with_joints_set
from checker.review.made import CorrectionError
from checker.track import PoseTrack

_OF_BOUTS: Final = (Delete, Add, Bounds, Join, Split, ChangeSide)


def corrected(
    exercise: Exercise,
    track: PoseTrack,
    dose: Dose | None,
    known: Circumstances | None,
    corrections: Sequence[Correction],
) -> Analysis:
    """Judge a whole recording, as somebody corrected it.

    Args:
        exercise: what was to be done; a movement that is measured.
        track: the poses as the camera gave them.
        dose: how much of it was asked for; the movement's first one unless given.
        known: what is known of the recording besides.
        corrections: in the order in which they were made.

    Returns:
        What the machine finds where none of them changes a number; else with a remark that says who corrected it.

    Raises:
        CorrectionError: one of them cannot be made; one line.
        ValueError: nothing is measured in this movement.
    """
    made = [c for c in in_force(corrections) if changes_result(c)]
    if not made:
        return assess(exercise, track, dose, known)
    known = known or Circumstances()
    set_by_hand = with_joints_set(track, [c for c in made if isinstance(c, JointSet)], known.mirrored)
    found = _correct(find(exercise, set_by_hand, dose, known), made)
    analysis = conclude(found, _verdicts(found.exercise, made))
    who, day = told_by(made)
    remark = CORRECTED.of(who=who, day=day, count=f"{len(made)} correction{'' if len(made) == 1 else 's'}")
    other = replace(known, mirrored=not known.mirrored)
    return replace(
        analysis,
        assessment=analysis.assessment.with_warning(remark),
        poses=track,
        swapped=partial(corrected, exercise, track, dose, other, tuple(corrections)),
    )


def _correct(found: Found, made: Sequence[Correction]) -> Found:
    """What the first three stages gave, with corrected bouts; with none where the whole cannot be used."""
    whole = next((c for c in made if isinstance(c, Unusable) and c.at_s is None), None)
    if whole is not None:
        return replace(found, scene=replace(found.scene, why=WHY_UNUSABLE[whole.why]), bouts=Bouts(None))
    of_bouts: list[OfBouts | Unusable] = [c for c in made if isinstance(c, (*_OF_BOUTS, Unusable))]
    if of_bouts and found.scene.why is not None:
        raise CorrectionError(_nothing(found.scene.why))
    return replace(found, bouts=correct_bouts(found.exercise, found.series, found.bouts, of_bouts))


def _nothing(why: Reason) -> str:
    return f"nothing is measured in this recording, so there is nothing to correct in it: {why.text}"


def _verdicts(exercise: Exercise, made: Sequence[Correction]) -> dict[str, Verdict]:
    """What reviewers say of faults, the newest of each; nothing of a recording that cannot be used.

    Raises:
        CorrectionError: the movement has no such fault.
    """
    names = [rule.id for rule in exercise.faults]
    out: dict[str, Verdict] = {}
    for correction in made:
        if isinstance(correction, Unusable) and correction.at_s is None:
            return {}
        if isinstance(correction, ConfirmFault | DismissFault):
            if correction.fault not in names:
                raise CorrectionError(
                    f'this movement has no fault "{correction.fault}": expected one of {", ".join(names) or "none"}'
                )
            intervals = correction.intervals if isinstance(correction, ConfirmFault) else ()
            out[correction.fault] = Verdict(isinstance(correction, ConfirmFault), intervals)
    return out
