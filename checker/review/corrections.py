"""The records of a review: what somebody who looked at a recording corrects, judges or reads themselves.

Nothing is ever changed or deleted: a correction is taken back by an `Undo`. A repetition or hold is named by a moment
within it, which stays true when others are added or taken out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import Field, TypeAdapter, model_validator

from checker.care.records import Word
from checker.reasons import CAMERA_WAS_MOVED, NOT_THIS_PATIENT, UNUSABLE, Reason
from checker.review.by_hand import ByHand, HandAngle, HandGrid, HandLine, HandTime
from checker.review.made import CorrectionError, Made, Moment, Pixel
from checker.skeleton import Landmark

JointName = Literal[
    "left_shoulder", "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist", "left_hip",
    "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle", "left_heel", "right_heel",
    "left_foot_index", "right_foot_index",
]  # fmt: skip
"""Landmarks that somebody can point at in a picture."""

UnusableWhy = Literal["not_this_patient", "camera_moved", "unusable"]

WHY_UNUSABLE: Final[dict[UnusableWhy, Reason]] = {
    "not_this_patient": NOT_THIS_PATIENT,
    "camera_moved": CAMERA_WAS_MOVED,
    "unusable": UNUSABLE,
}


class Delete(Made):
    """This is no repetition."""

    kind: Literal["delete"] = "delete"
    at_s: Moment


class _Bounds(Made):
    """When a repetition begins and ends, and is furthest; None: where the signal is."""

    start_s: Moment
    furthest_s: Moment | None = None
    end_s: Moment

    @model_validator(mode="after")
    def _in_order(self) -> _Bounds:
        between = self.start_s if self.furthest_s is None else self.furthest_s
        if not self.start_s <= between <= self.end_s or self.start_s == self.end_s:
            raise ValueError(
                f"expected a start before the furthest point and that before the end, got {self.start_s:.2f} s, "
                f"{between:.2f} s and {self.end_s:.2f} s"
            )
        return self


class Add(_Bounds):
    """This is a repetition, too; `side` is one of the movement's, or "both"."""

    kind: Literal["add"] = "add"
    side: Word


class Bounds(_Bounds):
    """It begins, is furthest and ends elsewhere."""

    kind: Literal["bounds"] = "bounds"
    at_s: Moment


class Join(Made):
    """These two neighbours are one."""

    kind: Literal["join"] = "join"
    first_s: Moment
    second_s: Moment


class Split(Made):
    """These are two: one ends and the other begins at `at_s`."""

    kind: Literal["split"] = "split"
    at_s: Moment


class ChangeSide(Made):
    """It went to the other side."""

    kind: Literal["side"] = "side"
    at_s: Moment
    side: Word


class ConfirmFault(Made):
    """The fault was there; `intervals` where the reviewer says when."""

    kind: Literal["confirm_fault"] = "confirm_fault"
    fault: Word
    intervals: tuple[tuple[Moment, Moment], ...] = ()


class DismissFault(Made):
    """The fault was not there."""

    kind: Literal["dismiss_fault"] = "dismiss_fault"
    fault: Word


class Unusable(Made):
    """The recording cannot be used, or one repetition of it: that at `at_s`."""

    kind: Literal["unusable"] = "unusable"
    why: UnusableWhy
    at_s: Moment | None = None


class JointSet(Made):
    """The joint lies here in the picture of this moment: pixels of the pictures as they were looked at."""

    kind: Literal["joint"] = "joint"
    t_s: Moment
    joint: JointName
    x_px: Pixel
    y_px: Pixel

    @property
    def landmark(self) -> Landmark:
        """The joint as a landmark."""
        return Landmark[self.joint.upper()]


class Reading(Made):
    """The reviewer's own value of a measure, or the number of repetitions; it is compared, and changes nothing.

    Attributes:
        measure: id of a measure, or "repetitions".
        side: None where there are no sides.
        unit: of the value, the measure's own.
    """

    kind: Literal["reading"] = "reading"
    measure: Word
    side: Word | None = None
    value: float
    unit: Word


class Agree(Made):
    """The reviewer looked at everything, and what was not corrected is right."""

    kind: Literal["agree"] = "agree"


class Undo(Made):
    """A correction is taken back."""

    kind: Literal["undo"] = "undo"
    of: UUID


Correction = Annotated[
    Delete | Add | Bounds | Join | Split | ChangeSide | ConfirmFault | DismissFault | Unusable | JointSet | Reading
    | Agree | HandAngle | HandLine | HandTime | HandGrid | Undo,
    Field(discriminator="kind"),
]  # fmt: skip

OfBouts = Delete | Add | Bounds | Join | Split | ChangeSide
"""Corrections of repetitions or holds."""

CORRECTION: Final[TypeAdapter[Correction]] = TypeAdapter(Correction)
"""Reads and writes a correction of any kind."""


def in_force(corrections: Iterable[Correction]) -> list[Correction]:
    """The corrections that were not taken back, in the order in which they were made.

    Raises:
        CorrectionError: two have one id, or something is taken back that is not there, or twice.
    """
    held: dict[UUID, Correction] = {}
    seen: set[UUID] = set()
    for correction in corrections:
        if correction.id in seen:
            raise CorrectionError(f"two corrections have the id {correction.id}: expected a new id for each")
        seen.add(correction.id)
        if isinstance(correction, Undo):
            if held.pop(correction.of, None) is None:
                raise CorrectionError(f"there is no correction {correction.of} to take back: expected one that holds")
        else:
            held[correction.id] = correction
    return list(held.values())


def changes_result(correction: Correction) -> bool:
    """Whether a correction changes numbers; a reading is only compared with them, what was measured stands beside."""
    return not isinstance(correction, Reading | Agree | ByHand | Undo)


def told_by(corrections: Sequence[Correction]) -> tuple[str, str]:
    """Who made corrections, and the day of the newest, "2026-11-27"; `corrections` are at least one."""
    names = dict.fromkeys(c.who for c in corrections)
    return " and ".join(names), f"{max(c.at for c in corrections):%Y-%m-%d}"


def last_by_name(corrections: Iterable[Correction]) -> dict[str, datetime]:
    """Who changed numbers, each with when they did so last."""
    last: dict[str, datetime] = {}
    for correction in corrections:
        if changes_result(correction):
            last[correction.who] = max(correction.at, last.get(correction.who, correction.at))
    return last
