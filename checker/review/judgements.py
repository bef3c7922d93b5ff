"""The labelled set of a review: one row a judgement, the machine's beside the reviewer's.

What a reviewer did not touch says nothing, unless they said that all the rest is right (`Agree`): else only what they
disagree with would be in the set.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal

from pydantic import AwareDatetime, ValidationError

from checker.assessment import Assessment
from checker.care.records import Part, Word
from checker.review.corrections import (
    Agree,
    ConfirmFault,
    Correction,
    DismissFault,
    Reading,
    Unusable,
    changes_result,
    in_force,
)
from checker.review.made import Made

REPETITIONS: Final = "repetitions"
"""The measure that is the number of repetitions or holds."""

PRESENT, ABSENT, UNSURE, NOT_MEASURED = "present", "absent", "unsure", "not measured"
_AS_TOLD: Final = {"flagged": PRESENT, "clear": ABSENT, "unsure": UNSURE, "not_measured": NOT_MEASURED}

Kind = Literal["fault", "measure", "usable"]


class Judgement(Part):
    """One judgement of one thing.

    Attributes:
        clip: the session or the recording.
        exercise: id of the movement.
        kind: what was judged.
        rule: id of the fault or measure, with "/side" where there are sides; "repetitions".
        unit: of both values; empty for words.
        machine: its word, or its value.
        reviewer: theirs.
        blind: whether it was given before the machine's was seen.
        seconds: how long it took; None where that was not measured.
        by: the reviewer.
        at: when.
    """

    clip: Word
    exercise: Word
    kind: Kind
    rule: Word
    unit: str = ""
    machine: str
    reviewer: str
    blind: bool
    seconds: float | None = None
    by: Word
    at: AwareDatetime


class JudgementsError(ValueError):
    """A file is no labelled set; one line: what was expected, what came, what to do."""


def judgements(
    clip: str, machine: Assessment, corrected: Assessment, corrections: Sequence[Correction]
) -> list[Judgement]:
    """The judgements of one review.

    Args:
        clip: by which the recording is named.
        machine: what the machine had found.
        corrected: the same with the corrections, judged by the same engine.
        corrections: in the order in which they were made; of several of one thing, the newest counts.
    """
    made = in_force(corrections)
    found: dict[tuple[Kind, str], Judgement] = {}

    def take(rows: Iterable[tuple[Kind, str, str, str, str]], told: Made, blind: bool, seconds: float | None) -> None:
        for kind, rule, unit, by_machine, by_reviewer in rows:
            found[kind, rule] = Judgement(
                clip=clip, exercise=machine.exercise.id, kind=kind, rule=rule, unit=unit, machine=by_machine,
                reviewer=by_reviewer, blind=blind, seconds=seconds, by=told.who, at=told.at,
            )  # fmt: skip

    rest = next((c for c in reversed(made) if isinstance(c, Agree)), None)
    if rest is not None:
        take(_agreed(machine), rest, rest.blind, None)
    touching = [c for c in made if changes_result(c) and not isinstance(c, ConfirmFault | DismissFault | Unusable)]
    if touching:
        times_s = [c.seconds for c in touching if c.seconds is not None]
        changed = _changed(machine, corrected)
        take(changed, touching[-1], all(c.blind for c in touching), sum(times_s) if times_s else None)
    for correction in made:
        take(_told(correction, machine), correction, correction.blind, correction.seconds)
    return list(found.values())


_Row = tuple[Kind, str, str, str, str]


def _told(correction: Correction, machine: Assessment) -> Iterator[_Row]:
    """What one correction says of a single thing."""
    if isinstance(correction, ConfirmFault | DismissFault):
        status = {f.id: f.status for f in machine.faults}.get(correction.fault)
        by_machine = _AS_TOLD[status] if status else NOT_MEASURED
        told = PRESENT if isinstance(correction, ConfirmFault) else ABSENT
        yield "fault", correction.fault, "", by_machine, told
    elif isinstance(correction, Reading):
        rule = _named(correction.measure, correction.side)
        values = {r: (u, v) for _, r, u, v, _ in _values(machine)}
        unit, value = values.get(rule, (correction.unit, NOT_MEASURED))
        yield "measure", rule, unit, value, f"{correction.value:g}"
    elif isinstance(correction, Unusable) and correction.at_s is None:
        yield "usable", "usable", "", "usable" if machine.measured else NOT_MEASURED, correction.why


def _agreed(machine: Assessment) -> Iterator[_Row]:
    """Everything that the machine said, said once more."""
    for fault in machine.faults:
        if fault.status in {"flagged", "clear"}:
            yield "fault", fault.id, "", _AS_TOLD[fault.status], _AS_TOLD[fault.status]
    yield from (row for row in _values(machine) if row[3] != NOT_MEASURED)


def _changed(machine: Assessment, corrected: Assessment) -> Iterator[_Row]:
    """The values that corrected repetitions changed."""
    after = {rule: value for _, rule, _, value, _ in _values(corrected)}
    for kind, rule, unit, before, _ in _values(machine):
        if after.get(rule, before) != before:
            yield kind, rule, unit, before, after[rule]


def _values(result: Assessment) -> Iterator[_Row]:
    """Every measure, and how many repetitions there are to each side."""
    for m in result.measures:
        value = NOT_MEASURED if m.value is None else f"{m.value:g}"
        yield "measure", _named(m.id, m.side), m.unit, value, value
    for side in dict.fromkeys(m.side for m in result.measures):
        count = f"{sum(side is None or r.side == side for r in result.reps)}"
        yield "measure", _named(REPETITIONS, side), "count", count, count


def _named(measure: str, side: str | None) -> str:
    return f"{measure}/{side}" if side else measure


# --- as a file ------------------------------------------------------------------------------------

COLUMNS: Final = tuple(Judgement.model_fields)


def to_csv(rows: Iterable[Judgement]) -> str:
    """Judgements as a table of comma-separated values, with a head."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _cell(value) for name, value in row.model_dump(mode="json").items()})
    return text.getvalue()


def _cell(value: object) -> str:
    """A value as a cell; a text that a spreadsheet would take for a formula gets a mark before it."""
    text = "" if value is None else {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
    return f"'{text}" if text[:1] in {"=", "+", "@"} else text


def from_csv(text: str, named: str) -> list[Judgement]:
    """Read what `to_csv` wrote.

    Args:
        text: of the file.
        named: how the file is named to the user.

    Raises:
        JudgementsError: it is something else.
    """
    reader = csv.DictReader(io.StringIO(text))
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise JudgementsError(f"{named}: expected a file of judgements, and it has no column {', '.join(missing)}")
    out = []
    try:
        for row in reader:
            out.append(Judgement.model_validate({n: row[n] or None if n == "seconds" else row[n] for n in COLUMNS}))
    except (ValidationError, csv.Error) as error:
        why = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        raise JudgementsError(f"{named}, line {reader.line_num}: expected a judgement ({why})") from error
    return out
