"""A result of measuring, as a session of a person's weeks keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from checker.assessment import Assessment, LimitedBy, PainFreeRange, Quantity, Repetition
from checker.care.records import Amount, Session, Setting, SideRange, Value
from checker.reasons import TIMES_UNKNOWN

SLOW_S: Final = 3.0
"""A way back of so long is slow lowering (source text 003, line 315: slow lowering; the seconds are ours)."""

LOWERING: Final = "lowering_3s"
"""Name of the share of repetitions whose lowering took `SLOW_S`, as `phases.toml` asks for it."""


def with_result(session: Session, result: Assessment, assessment_id: UUID | None) -> Session:
    """The session with what was measured in it.

    Args:
        session: as it was begun.
        result: what was found.
        assessment_id: under which the result is kept.
    """
    return session.model_copy(
        update={
            "assessment_id": assessment_id,
            "measured": bool(result.measured),
            "amount": amount_of(result),
            "measures": {
                f"{m.id}/{m.side}" if m.side else m.id: _value(
                    Quantity(value=m.value, unit=m.unit, uncertainty=m.uncertainty or 0.0), m.repetitions
                )
                for m in result.measures
                if m.value is not None
            },
            "per_repetition": _per_repetition(result),
            "shares": _shares(result),
            "ranges": [_side_range(found) for found in result.ranges],
            "faults": frozenset(f.id for f in result.faults if f.status == "flagged" and f.severity == "fault"),
            "clear": frozenset(f.id for f in result.faults if f.status == "clear"),
            "setting": _setting(result),
            "app_version": result.app.version if result.app else "",
            "model_sha256": result.model.sha256,
            "exercise_sha256": result.exercise.sha256,
        }
    )


CORRECTED: Final = frozenset(
    [
        *("measured", "amount", "measures", "per_repetition", "shares", "ranges", "faults", "clear"),
        *("corrected_by", "corrected_at"),
    ]
)
"""Of a session, what a reviewer's corrections change; all else is of the machine's own result, or was told."""


def as_corrected(session: Session, result: Assessment, by: str, at: datetime | None) -> Session:
    """The session with the values of a corrected result; what the person told of it stays.

    Args:
        session: as it was kept.
        result: judged with a reviewer's corrections; the machine's own where all were taken back.
        by: the reviewers; empty for the machine's own.
        at: when the newest correction was made.
    """
    kept = {name: getattr(session, name) for name in ("setting", "app_version", "model_sha256", "exercise_sha256")}
    kept |= {"corrected_by": by, "corrected_at": at}
    told = Answers(
        limited_by={r.side: r.limited_by for r in session.ranges if r.limited_by is not None},
        pain_at_limit={r.side: r.pain_at_limit for r in session.ranges if r.pain_at_limit is not None},
    )
    return with_result(session, with_answers(result, told), session.assessment_id).model_copy(update=kept)


@dataclass(frozen=True, slots=True)
class Answers:
    """What the person says of a session afterwards.

    Attributes:
        pain_after: pain after it, 0 to 10; None until it is told.
        limited_by: what stopped each side; "both" where there are none.
        pain_at_limit: pain where it stopped, by side.
    """

    pain_after: int | None = None
    limited_by: Mapping[str, LimitedBy] = field(default_factory=dict)
    pain_at_limit: Mapping[str, int] = field(default_factory=dict)


def answers_in(result: Assessment) -> Answers:
    """What stands of the person's answers in a result."""
    return Answers(
        pain_after=result.pain_after,
        limited_by={r.side or "both": r.limited_by for r in result.ranges if r.limited_by is not None},
        pain_at_limit={r.side or "both": r.nrs_at_limit for r in result.ranges if r.nrs_at_limit is not None},
    )


def with_answers(result: Assessment, answers: Answers) -> Assessment:
    """The result with what the person says of it afterwards.

    Where nothing stopped a side, nothing was felt: the first pain lies beyond the furthest that was reached.

    Args:
        result: as it was measured, without any answers.
        answers: what was said.
    """

    def said(side: str | None) -> dict[str, object]:
        name = side or "both"
        return {"limited_by": answers.limited_by.get(name), "nrs_at_limit": answers.pain_at_limit.get(name)}

    ranges = []
    for found in result.ranges:
        update = said(found.side)
        reached = found.furthest or found.first
        if update["limited_by"] == "end" and reached is not None:
            update |= {"first": reached, "censored": "above", "reason": None, "reason_code": None}
        ranges.append(found.model_copy(update=update))
    of_ranges = {found.side or "both" for found in ranges}
    reps = [r.model_copy(update=said(r.side)) if r.side in of_ranges else r for r in result.reps]
    return result.model_copy(update={"pain_after": answers.pain_after, "ranges": ranges, "reps": reps})


def with_answers_of(session: Session, answers: Answers) -> list[SideRange]:
    """The ranges of a session that a reviewer corrected, with what the person says of them afterwards."""
    ranges = []
    for found in session.ranges:
        told = {
            "limited_by": answers.limited_by.get(found.side),
            "pain_at_limit": answers.pain_at_limit.get(found.side),
        }
        reached, first = found.furthest or found.first, found.first
        if told["limited_by"] == "end" and reached is not None:
            first = reached.model_copy(update={"censored": "above"})
        elif first is not None and first.censored == "above":
            first = None  # it was told to be beyond, and is no more: where it was is not known here
        ranges.append(found.model_copy(update={**told, "first": first}))
    return ranges


def amount_of(result: Assessment) -> Amount:
    """How much was done: repetitions to the side with fewer, and the longest time held."""
    sides = {r.side for r in result.reps}
    named = {m.side for m in result.measures if m.side} or sides
    counts = [sum(r.side == side for r in result.reps) for side in (named if named & sides else sides)]
    holds = [r.hold_s for r in result.reps]
    return Amount(
        repetitions=min(counts, default=0),
        hold_s=max(holds, default=None),
        duration_s=round(result.reps[-1].end_s - result.reps[0].start_s, 1) if result.reps else None,
    )


def _side_range(found: PainFreeRange) -> SideRange:
    first = _value(found.first, max(found.first_repetitions, 1))
    return SideRange(
        side=found.side or "both",
        first=first if first is None else first.model_copy(update={"censored": found.censored}),
        furthest=_value(found.furthest, 1),
        start=_value(found.start, 1),
        end=_value(found.end, 1),
        limited_by=found.limited_by,
        pain_at_limit=found.nrs_at_limit,
    )


def _per_repetition(result: Assessment) -> dict[str, list[float]]:
    """The main measure and the time held, each by side where there are sides."""
    main = next((m.id for m in result.measures if m.kind == "excursion"), None)
    out: dict[str, list[float]] = {}
    for rep in result.reps:
        of_side = "" if rep.side == "both" else f"/{rep.side}"
        if main is not None and rep.rom.unit != "s":
            out.setdefault(f"{main}{of_side}", []).append(rep.rom.value)
        out.setdefault(f"hold_s{of_side}", []).append(rep.hold_s)
    return out


def _shares(result: Assessment) -> dict[str, float]:
    """Which share of the repetitions was lowered slowly; nothing where there is none, or times are not known."""
    codes = {m.reason_code for m in result.measures} | {f.reason_code for f in result.faults}
    unknown = TIMES_UNKNOWN.code in codes
    if not result.reps or unknown:
        return {}
    return {LOWERING: round(sum(_way_back_s(r) >= SLOW_S for r in result.reps) / len(result.reps), 3)}


def _way_back_s(rep: Repetition) -> float:
    """From the middle of what was held to the end, without the half that was held."""
    return rep.end_s - rep.peak_s - rep.hold_s / 2


def _setting(result: Assessment) -> Setting:
    setup = result.setup
    return Setting(
        view=result.view.measured,
        yaw_deg=result.view.yaw_deg,
        width=result.video.width,
        height=result.video.height,
        fps=result.video.fps,
        distance_t=round(1.0 / setup.person_size, 2) if setup and setup.person_size else None,
    )


def _value(found: Quantity | None, n: int) -> Value | None:
    return None if found is None else Value(value=found.value, unit=found.unit, uncertainty=found.uncertainty, n=n)
