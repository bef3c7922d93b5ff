"""The commands about movements: `backcheck exercises list | show | check | new`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, get_args

import typer

from checker.cli.console import PROGRAM, USAGE, err, fail, out
from checker.exercise import Exercise, Kind
from checker.fault_rules import Limit, limits_of
from checker.folders import own_exercises
from checker.library import (
    Entry,
    ExerciseError,
    all_files,
    earlier_folder_note,
    find_exercise,
    find_file,
    list_entries,
    own_folder,
    read_exercise,
    writing_folder,
)
from checker.posture import Position
from checker.rules import Condition
from checker.words.loads import direction_words, load_words, precaution_words
from checker.words.rules import (
    amount,
    dose_words,
    fault_words,
    measure_words,
    pace_words,
    phases_words,
    repetition_words,
    source_words,
    threshold_unit,
)

app = typer.Typer(help="The movements: what there is, how each is judged, and new ones.", no_args_is_help=True)

OwnFolder = Annotated[
    Path | None,
    typer.Option(
        "--exercises",
        metavar="DIR",
        help="Folder with exercise files of your own; one with the id of a shipped movement takes its place.",
        show_default=f"$BACKCHECK_EXERCISES, or {own_exercises()}",
    ),
]

KIND_WORDS: Final[dict[Kind, str]] = {
    "self_test": "self-test",
    "exercise": "exercise",
    "guided": "guided, not measured",
    "avoid": "to avoid while it hurts",
}


def position_words(position: Position) -> str:
    """Return a start position in plain words: "hands and knees"."""
    return position.replace("_", " ")


# --- list ---------------------------------------------------------------------------------------


@app.command("list")
def list_command(
    position: Annotated[
        str | None, typer.Option(help=f"Only these: {', '.join(get_args(Position))}.", show_default=False)
    ] = None,
    phase: Annotated[
        int | None, typer.Option(min=1, max=10, help="Only those of one phase of the programme.", show_default=False)
    ] = None,
    kind: Annotated[
        str | None, typer.Option(help=f"Only these: {', '.join(get_args(Kind))}.", show_default=False)
    ] = None,
    exercises: OwnFolder = None,
) -> None:
    """List the movements by id."""
    for name, value, known in (("position", position, get_args(Position)), ("kind", kind, get_args(Kind))):
        if value is not None and value not in known:
            fail(f'no {name} "{value}": expected one of {", ".join(known)}')
    try:
        entries, problems = list_entries(exercises or own_folder())
    except ExerciseError as error:
        fail(str(error))
    chosen = [
        entry
        for entry in entries
        if position in {None, entry.exercise.position}
        and kind in {None, entry.exercise.kind}
        and (phase is None or phase in entry.exercise.phases)
    ]
    _print_table([HEADINGS, *map(_row, chosen)])
    if exercises is None and (note := earlier_folder_note()):
        err.print(note, style="dim", markup=False)
    for problem in problems:
        err.print(problem, style="red", markup=False)
    if problems:
        raise typer.Exit(USAGE)


HEADINGS: Final = ("id", "name", "kind", "position", "filmed from", "phases", "file")


def _row(entry: Entry) -> tuple[str, ...]:
    e = entry.exercise
    yours = "yours, for the shipped one" if entry.overrides else "yours" if entry.own else "shipped"
    filmed = f"the {e.view}" if e.is_measured else "-"
    phases = ", ".join(map(str, e.phases)) or "-"
    return e.id, e.name, KIND_WORDS[e.kind], position_words(e.position), filmed, phases, yours


def _print_table(rows: list[tuple[str, ...]]) -> None:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for i, row in enumerate(rows):
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        out.print(line.rstrip(), style="bold" if i == 0 else None, markup=False)


# --- show ---------------------------------------------------------------------------------------


@app.command("show")
def show_command(
    exercise: Annotated[str, typer.Argument(help="The movement's id.")], exercises: OwnFolder = None
) -> None:
    """Show how a movement is done, filmed and judged, with the source of each number."""
    own = exercises or own_folder()
    try:
        e = find_exercise(exercise, own)
        path = find_file(exercise, own)
    except ExerciseError as error:
        fail(str(error))
    filmed = f", filmed from the {e.view}" if e.is_measured else ""
    out.print(f"[bold]{e.name}[/bold] ({e.id})")
    out.print(f"{KIND_WORDS[e.kind].capitalize()}, {position_words(e.position)}{filmed}.", markup=False)
    if e.phases:
        out.print(f"In {phases_words(e.phases)}.", markup=False)
    if e.kind != "avoid":
        out.print(" ".join(filter(None, [load_words(e.load), direction_words(e.direction)])), markup=False)
    if path.parent == own:
        out.print(f"From your own file {path}", markup=False)
    out.print(f"\n{e.summary}\n{e.why}", markup=False)
    doses = [f"{_in_phases(d.phases)}{dose_words(d)} ({source_words(d)})" for d in e.doses]
    for heading, lines in (
        ("How to do it", e.steps),
        ("How much", doses),
        ("The rhythm", [f"{pace_words(e.pace)} ({source_words(e.pace)})"] if e.pace else []),
        ("You need", e.equipment),
        ("How to film it", e.camera),
        ("Take care", e.cautions),
        ("For whom it is different", [f"{precaution_words(p)} ({source_words(p)})" for p in e.precautions]),
        ("When to stop", e.stop),
        ("Do instead", e.instead),
    ):
        _print_section(heading, lines)
    _print_rules(e)
    _print_section("Sources", e.sources)


def _in_phases(phases: list[int]) -> str:
    return f"{phases_words(phases).capitalize()}: " if phases else ""


def _print_rules(e: Exercise) -> None:
    """Print what counts, what is measured and what is flagged."""
    if not e.is_measured:
        _print_section("What is measured", ["Nothing: the movement is shown, and not judged."])
        return
    counts = e.repetition or e.hold
    sources = [source_words(counts)] if counts else []
    sources += [_threshold_line(c, e) for c in (e.hold.conditions if e.hold else [])]
    _print_section("What counts", [repetition_words(e), *(f"    {s}" for s in sources)])
    held = e.repetition is None
    measures = [f"{m.name}: {measure_words(m, held)} ({source_words(m)})" for m in e.measures]
    _print_section("What is measured", measures)
    flagged = []
    for f in e.faults:
        flagged.append(f"{f.name} ({f.id}): {fault_words(f, e)} “{f.cue}”")
        flagged += [f"    {_threshold_line(limit, e)}" for limit in limits_of(f)]
    _print_section("What is flagged", flagged)


def _threshold_line(limit: Condition | Limit, e: Exercise) -> str:
    """Return a threshold and where it comes from: "30 degrees: clinical judgement: starting value"."""
    return f"{amount(limit.threshold, threshold_unit(limit, e))}: {source_words(limit)}"


def _print_section(heading: str, lines: list[str]) -> None:
    """Print a heading and its lines; those that are indented belong to the one above."""
    if not lines:
        return
    out.print(f"\n[bold]{heading}[/bold]")
    for line in lines:
        out.print(f"  {line}" if line.startswith(" ") else f"  - {line}", markup=False)


# --- check --------------------------------------------------------------------------------------


@app.command("check")
def check_command(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Exercise files (.toml); none: every shipped one and your own.", show_default=False),
    ] = None,
    exercises: OwnFolder = None,
) -> None:
    """Check exercise files: every mistake at once, and a self-check of the rules on made-up movements."""
    try:
        paths = files or list(all_files(exercises or own_folder()).values())
    except ExerciseError as error:
        fail(str(error))
    wrong = 0
    for path in paths:
        try:
            exercise = read_exercise(path)
        except ExerciseError as error:
            problems = str(error).splitlines()
        else:
            problems = [f"{path}: {problem}" for problem in _check_itself(exercise)]
        for problem in problems:
            err.print(problem, style="red", markup=False)
        if not problems:
            out.print(f"{path}: fine ({exercise.name})", markup=False)
        wrong += bool(problems)
    if wrong:
        raise typer.Exit(USAGE)


def _check_itself(exercise: Exercise) -> list[str]:
    """Return what goes wrong in the self-check of a movement; nothing for one without rules."""
    # Imported here: it brings the whole engine, which nothing else here needs.
    from checker.self_check import check_itself

    return check_itself(exercise) if exercise.is_measured else []


# --- new ----------------------------------------------------------------------------------------


@app.command("new")
def new_command(
    out_file: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="FILE", help="Where to write it.", show_default="ID.toml in your own folder"
        ),
    ] = None,
    exercises: OwnFolder = None,
) -> None:
    """Write a new movement from questions."""
    from checker.cli.new_exercise import new_exercise

    if exercises is not None and not exercises.is_dir():
        fail(f"{exercises}: no such folder of exercises; make it, or name another")
    try:
        path = new_exercise(out_file, exercises or writing_folder())
    except ExerciseError as error:
        fail(str(error))
    except typer.Abort:
        out.print()
        fail("Stopped. Nothing was written.", status=130)
    out.print(f"\nWritten to {path}", markup=False)
    out.print(f"Try it: {PROGRAM} exercises check {path}", markup=False)
