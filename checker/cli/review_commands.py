"""The commands about reviews: `backcheck people judgements WHO FILE` and `backcheck agreement FILE...`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from checker.cli.console import err, fail, out
from checker.cli.people_commands import Who, find_person, opened_store
from checker.words.values import scale_of

if TYPE_CHECKING:
    from checker.review.agreement import OfFault, OfMeasure
    from checker.review.judgements import Judgement


def judgements_command(
    who: Who,
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="A new file to write to.")],
) -> None:
    """Write what reviewers judged of a person's sessions: one row a judgement, without the person's name."""
    from checker.review.judgements import to_csv
    from checker.service.remembering import movements
    from checker.service.reviewing import ReviewError, labelled_set

    with opened_store() as store:
        person = find_person(store, who)
        try:
            rows = labelled_set(store, person.id, dict(movements()[1]))
        except ReviewError as error:
            fail(str(error))
    if not rows:
        fail("No session of this person was reviewed yet, so nothing was written.", status=1)
    try:
        with file.open("x", encoding="utf-8") as target:
            target.write(to_csv(rows))
    except OSError as error:
        fail(f"{file} cannot be written ({error.strerror}): expected a new file in a folder that you may write to")
    out.print(f"Written to {file}: {len(rows)} judgements.", markup=False)


def agreement_command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE.csv...", help="What was downloaded from a review.")],
) -> None:
    """Print how far the machine and reviewers agree: kappa of faults, ICC and bias of values. Blind ones are apart."""
    from checker.review.agreement import agreement_on_faults, agreement_on_measures

    rows = [row for file in files for row in _read(file)]
    if not rows:
        fail("there is no judgement in these files: expected at least one", status=1)
    for blind, heading in ((True, "Blind"), (False, "Not blind: the machine's was seen before")):
        own = [row for row in rows if row.blind is blind]
        if own:
            clips, people = len({row.clip for row in own}), len({row.by for row in own})
            out.print(f"{heading}: {len(own)} judgements of {clips} recordings by {people} reviewers", markup=False)
            _print_faults(agreement_on_faults(own))
            _print_measures(agreement_on_measures(own))
    if not any(row.blind for row in rows):
        err.print("None of these was blind: who has seen a number tends to agree with it.", style="yellow")


def _read(file: Path) -> list[Judgement]:
    from checker.review.judgements import JudgementsError, from_csv

    try:
        return from_csv(file.read_text(encoding="utf-8-sig"), str(file))
    except (JudgementsError, UnicodeDecodeError) as error:
        fail(str(error) if isinstance(error, JudgementsError) else f"{file}: expected a text, got something else")
    except OSError as error:
        fail(f"{file} cannot be read ({error.strerror}): expected a file of judgements")


def _print_faults(found: Sequence[OfFault]) -> None:
    if not found:
        return
    table = Table("Fault", "kappa", "n", "both", "machine only", "reviewer only", "neither", "left open", box=None)
    for one in found:
        counts = (one.n, one.both, one.machine_only, one.reviewer_only, one.neither, one.left_open)
        table.add_row(one.rule, _number(one.kappa), *map(str, counts))
    out.print(table)


def _print_measures(found: Sequence[OfMeasure]) -> None:
    if not found:
        return
    table = Table("Value", "ICC(2,1)", "n", "bias", "95 % limits", "unit", "left open", box=None)
    for one in found:
        scale, label = scale_of(one.unit)
        bias, low, high = (_number(scale * value, 1, signed=True) for value in (one.bias, one.low, one.high))
        limits = f"{low} to {high}" if one.n > 1 else "-"
        unit = label.strip() or one.unit
        table.add_row(one.rule, _number(one.icc), str(one.n), bias, limits, unit, str(one.left_open))
    out.print(table)


def _number(value: float, digits: int = 2, *, signed: bool = False) -> str:
    return "-" if math.isnan(value) else f"{value:{'+' if signed else ''}.{digits}f}"
