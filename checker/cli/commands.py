"""The command line.

`backcheck analyze | app | exercises | people | agreement | accounts | audit | backup | restore | model`.

`python -m checker ...` is the same.

Results go to standard output, progress and errors to standard error. Exit status 0 when the video
was analysed (also when parts of it could not be measured), 2 when the command or the input is at
fault, 1 when something else stood in the way.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from checker.assessment import TURNS, Assessment, FaultResult, Measure, Turn
from checker.cli.clinic_commands import app as accounts_app
from checker.cli.clinic_commands import audit_command, clinic_options
from checker.cli.console import PROGRAM, err, fail, out
from checker.cli.exercise_commands import KIND_WORDS, OwnFolder
from checker.cli.exercise_commands import app as exercises_app
from checker.cli.people_commands import app as people_app
from checker.cli.people_commands import backup_command, restore_command
from checker.cli.review_commands import agreement_command, judgements_command
from checker.dose import Dose
from checker.exercise import Exercise
from checker.folders import shipped
from checker.library import ExerciseError, find_exercise, own_folder
from checker.pose.bundle import DEFAULT_MODEL, MODELS, ModelError, ModelFile, ensure_model, model_status
from checker.pose.native_logs import quiet_native_logs
from checker.service.needs import too_little_memory
from checker.video.kinds import WORDS
from checker.words.values import (
    BODY_LENGTHS,
    LONGEST_VIDEO,
    LOOK,
    asked_words,
    held,
    mirror_words,
    plus_minus,
    quantity,
    seconds,
)

app = typer.Typer(
    help="BackCheck measures low-back self-tests on video, and says how sure it is. Nothing leaves this machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(exercises_app, name="exercises")
people_app.command("judgements")(judgements_command)
app.add_typer(people_app, name="people")
app.command("agreement")(agreement_command)
app.add_typer(accounts_app, name="accounts")
app.command("audit")(audit_command)
app.command("backup")(backup_command)
app.command("restore")(restore_command)


Named = Annotated[
    str | None, typer.Option(help="Which reports to write, such as html,xlsx.  [default: all]", show_default=False)
]


@app.command()
def analyze(
    video: Annotated[Path, typer.Argument(help=f"The video file, up to {LONGEST_VIDEO}: {WORDS}.", show_default=False)],
    exercise: Annotated[
        str, typer.Option("--exercise", "-e", help="Which movement it shows; see `exercises list`.", show_default=False)
    ],
    out_dir: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Where to write the results.", show_default="backcheck-results/VIDEO"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the assessment as JSON, and nothing else.")] = False,
    annotated: Annotated[
        bool, typer.Option("--video/--no-video", help="Whether to draw the annotated video, which takes a while.")
    ] = True,
    reports: Named = None,
    turn: Annotated[
        int,
        typer.Option(
            help="How far to turn the picture clockwise before measuring, where it plays upside down or on its "
            "side: 90, 180 or 270 degrees.",
        ),
    ] = 0,
    mirrored: Annotated[
        bool | None,
        typer.Option(
            "--mirrored/--not-mirrored",
            help="Whether the picture is a mirror image, as some selfie cameras store it: writing in it reads "
            "backwards. Then left and right are swapped.",
            show_default=False,
        ),
    ] = None,
    phase: Annotated[
        int | None,
        typer.Option(help="Phase of the programme whose dose was asked for.  [default: the first]", show_default=False),
    ] = None,
    model: Annotated[str, typer.Option(help=f"Pose model: {', '.join(MODELS)}.")] = DEFAULT_MODEL,
    exercises: OwnFolder = None,
) -> None:
    """Measure one video, print what was found, and write the reports."""
    movement = _find_measured(exercise, exercises)
    dose = _find_dose(movement, phase)
    _check_model(model)
    turn_deg = _find_turn(turn)
    folder = out_dir or Path("backcheck-results") / _folder_name(video)
    kinds = None if reports is None else _find_reports(reports)
    assessment, files = _analyze(video, movement, dose, folder, annotated, model, turn_deg, mirrored, kinds)
    if as_json:
        print(assessment.to_json())
        return
    _print_summary(assessment, "hold" if movement.repetition is None else "repetition")
    out.print(f"\nWritten to [bold]{folder}[/bold]: {', '.join(p.name for p in files.values())}")


def _find_measured(exercise: str, folder: Path | None) -> Exercise:
    """Return a movement in which something is measured."""
    try:
        movement = find_exercise(exercise, folder or own_folder())
    except ExerciseError as error:
        fail(str(error))
    if not movement.is_measured:
        kind = KIND_WORDS[movement.kind].partition(",")[0]
        fail(f"{movement.name} ({movement.id}) is {kind}: nothing is measured in a video of it")
    return movement


def _check_model(name: str) -> None:
    """Stop where there is no such pose model."""
    if name not in MODELS:
        fail(f'no model "{name}": expected one of {", ".join(MODELS)}')


def _find_turn(turn: int) -> Turn:
    """Return by how far a picture is turned."""
    turn_deg: Turn | None = next((t for t in TURNS if t == turn), None if turn else 0)
    if turn_deg is None:
        fail(f"a picture cannot be turned by {turn} degrees: expected {', '.join(map(str, TURNS))}")
    return turn_deg


def _find_reports(named: str) -> frozenset[str]:
    """Return the kinds of report that somebody has named."""
    from checker.report import REPORTS

    kinds = frozenset(word.strip() for word in named.split(",") if word.strip())
    known = [r.kind for r in REPORTS]
    if strange := sorted(kinds.difference(known)):
        fail(f'no report "{strange[0]}": expected one or more of {",".join(known)}')
    return kinds


def _find_dose(movement: Exercise, phase: int | None) -> Dose | None:
    """Return the dose of a phase; None where none was named."""
    try:
        return None if phase is None else movement.dose_in(phase)
    except ValueError as error:
        fail(str(error))


def _analyze(
    video: Path,
    movement: Exercise,
    dose: Dose | None,
    folder: Path,
    annotated: bool,
    model: str,
    turn_deg: Turn,
    mirrored: bool | None,
    kinds: frozenset[str] | None,
) -> tuple[Assessment, dict[str, Path]]:
    """Run the analysis behind a progress bar; every expected trouble ends in one line."""
    if lacks := too_little_memory():  # before the libraries are loaded, which crash
        fail(lacks, status=1)
    # Imported here, so that `--help` and the other commands do not wait for MediaPipe.
    from checker.analyze import analyze_video
    from checker.report import ReportError, write_reports
    from checker.report.atomic import check_folder
    from checker.video.reader import VideoError, open_video

    quiet_native_logs()
    try:
        with open_video(video):
            pass  # a bad file is reported before a model is fetched for it
        check_folder(folder)
        model_file = _fetch(model)
        with _bar(TimeRemainingColumn(), TextColumn("left")) as bar:
            task = bar.add_task("Measuring", total=1.0)
            analysis = analyze_video(
                video,
                movement,
                model_file,
                lambda share: bar.update(task, completed=share),
                turn_deg=turn_deg,
                mirrored=mirrored,
                dose=dose,
            )
            drawn = annotated and (kinds is None or "video" in kinds)
            if drawn:
                task = bar.add_task("Drawing", total=1.0)
            files = write_reports(
                analysis, movement, video, folder, drawn, lambda share: bar.update(task, completed=share), kinds
            )
    except (VideoError, ReportError) as error:
        fail(str(error))
    except ModelError as error:
        fail(str(error), status=1)
    except KeyboardInterrupt:
        fail("Stopped. Nothing was written.", status=130)
    return analysis.assessment, files


def _bar(*columns: TextColumn | TimeRemainingColumn | DownloadColumn) -> Progress:
    return Progress(
        TextColumn("{task.description:<10}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        *columns,
        console=err,
        transient=True,
        disable=not err.is_terminal,
    )


def _fetch(name: str) -> ModelFile:
    """Return the model, with a download bar when it must be fetched."""
    with _bar(DownloadColumn()) as bar:
        tasks: dict[str, int] = {}

        def show_progress(what: str, done: int, total: int | None) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done, total=total)  # type: ignore[arg-type]

        return ensure_model(name, show_progress)


def _folder_name(video: Path) -> str:
    """Return a folder name made from a file name: letters, digits, dots, dashes, nothing that climbs."""
    return re.sub(r"[^\w.-]+", "_", video.stem).strip("._-") or "video"


def _print_summary(a: Assessment, counted: str) -> None:
    """Print what a person wants to know first: ranges, repetitions or holds, faults, and what was not measured."""
    counts = f"{len(a.reps)} {counted}{'' if len(a.reps) == 1 else 's'}"
    out.print(f"[bold]{a.exercise.name}[/bold]  {a.video.duration_s:.1f} s, {counts}")
    if a.dose is not None:
        out.print(f"  Asked: {asked_words(a.dose)}", markup=False)
    longest_s = max((r.hold_s for r in a.reps), default=0.0)
    if a.hold_target_s is not None and longest_s > 0 and not any(m.unit == "s" for m in a.measures):
        out.print(
            f"  Held: {held(longest_s, a.hold_target_s)}{' at the longest' if len(a.reps) > 1 else ''}", markup=False
        )
    if not a.measured and len({m.reason for m in a.measures}) == 1:
        out.print(f"  Not measured: {a.measures[0].reason}", markup=False)
        if a.video.needs_turn_deg:
            turn_deg = (a.video.turned_deg + a.video.needs_turn_deg) % 360
            out.print(f"  To turn it, give the same command with --turn {turn_deg}", markup=False)
    else:
        for m in a.measures:
            out.print(f"  {_measure_line(m)}", markup=False)
    _print_faults(a)
    for partial in a.partial_reps:
        out.print(f"- at {seconds(partial.start_s)} a movement did not count: {partial.reason}", style="dim")
    for warning in a.warnings:
        if not any(warning == m.reason for m in a.measures):
            out.print(f"Note: {warning}", markup=False)
    _print_sides(a)


def _print_faults(a: Assessment) -> None:
    """Print the faults that were seen, that may have been there, and that were not measured."""
    for fault in a.faults:
        if fault.status == "flagged":
            out.print(f"! {fault.name} at {_moments(fault)}: {fault.cue}", style="yellow")
        elif fault.status == "unsure":
            out.print(f"~ {fault.name} at {_moments(fault)}: {fault.reason}; {LOOK}", markup=False, style="cyan")
        elif fault.status == "not_measured" and a.reps:
            out.print(f"? {fault.name}: not measured, {fault.reason}", style="dim")


def _print_sides(a: Assessment) -> None:
    """Print the note about left and right, where there is one."""
    if mirror := mirror_words(a):
        note = f"{mirror.removesuffix('.')}, with --mirrored." if a.video.mirrored is None else mirror
        out.print(note, markup=False, style="dim")


def _measure_line(m: Measure) -> str:
    """Return one measure: "Side bend left           28° ±3°"."""
    label = f"{m.name} {m.side or ''}".ljust(26)
    if m.status != "measured":
        return f"{label} not measured: {m.reason}"
    of = f" of {BODY_LENGTHS[m.unit]}" if m.unit in BODY_LENGTHS else ""
    band = f"  ({m.band})" if m.band else ""
    return f"{label} {quantity(m)} {plus_minus(m)}{of}{band}"


def _moments(fault: FaultResult) -> str:
    return ", ".join(seconds(start) for start, _ in fault.intervals)


@app.command("app", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def app_command(
    context: typer.Context,
    port: Annotated[
        int | None, typer.Option(help="Where it listens.", show_default="8501, or the next free one")
    ] = None,
    address: Annotated[
        str | None,
        typer.Option(
            help="Under which address it listens; with another one, --server.allowedHosts must name it too.",
            show_default="localhost, for this computer alone",
        ),
    ] = None,
    clinic: Annotated[
        Path | None,
        typer.Option(metavar="FILE.toml", help="For a clinic, with logins: see docs/clinic.md.", show_default=False),
    ] = None,
) -> None:
    """Open the app in the browser. Every other option is passed on to Streamlit, e.g. --server.headless=true."""
    try:
        _fetch(DEFAULT_MODEL)
    except ModelError as error:
        fail(str(error), status=1)
    # Imported here: it takes a second, and no other command needs it.
    from streamlit.web.cli import main as streamlit

    from checker.ui.reach import REFUSED, is_this_computer

    if clinic is not None:
        context.args += clinic_options(clinic, port)
        port = None
    elif address is not None and not is_this_computer(address) and not any("ssl" in a for a in context.args):
        fail(REFUSED.format(address=address))
    chosen = {"port": port, "address": address}
    options = [f"--server.{name}={value}" for name, value in chosen.items() if value is not None]
    streamlit(["run", str(shipped("app.py")), *options, *context.args], prog_name="backcheck app")


@app.command("model")
def model_command(
    name: Annotated[str, typer.Argument(help=f"Pose model: {', '.join(MODELS)}.")] = DEFAULT_MODEL,
    status_only: Annotated[bool, typer.Option("--status", help="Only say what is there; fetch nothing.")] = False,
) -> None:
    """List which pose models are on this machine, and fetch one if it is missing."""
    _check_model(name)
    if not status_only:
        try:
            _fetch(name)
        except ModelError as error:
            fail(str(error), status=1)
    for s in model_status():
        state = s.state if s.origin is None else f"{s.state} ({s.origin})"
        out.print(f"{s.key:<6} {state:<18} {s.path}", markup=False)


def main() -> None:
    """Run the command line; report whatever is wrong with it in one line."""
    try:
        status = app(standalone_mode=False)
    except typer.TyperException as error:
        if message := error.format_message().rstrip("."):  # empty where help was shown instead
            err.print(f"{message}. See: {PROGRAM} --help", style="bold red", markup=False)
        sys.exit(error.exit_code)
    except typer.Abort:
        sys.exit(130)
    sys.exit(status or 0)
