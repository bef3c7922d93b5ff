"""A new exercise file from questions: asked one by one, written as a commented text file, checked first."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar, get_args

import typer

from checker.library import EXERCISES_DIR, ExerciseError, write_whole
from checker.library.draft import (
    ID,
    KINDS,
    MEASURED,
    STARTING,
    VIEWS,
    Answers,
    fault,
    fitting,
    hold,
    least_threshold,
    measurable,
    names_signal,
    repetition,
    rules_to_ask,
    sourced,
    threshold_question,
    unit_words,
    ways,
)
from checker.library.mistakes import MistakesError, parse_exercise
from checker.library.writing import as_toml
from checker.posture import Position
from checker.safety import PHASES
from checker.signals import CATALOGUE
from checker.words.loads import DIRECTIONS, LOADS
from checker.words.rules import UNIT_WORDS

T = TypeVar("T")


def new_exercise(out_file: Path | None, folder: Path) -> Path:
    """Ask for a movement, and write its file.

    Args:
        out_file: where to; None: under its id in `folder`.
        folder: of the user's own exercises; made if it is missing.

    Returns:
        The written file.

    Raises:
        ExerciseError: when the file cannot be written, or the answers do not fit together.
        typer.Abort: when the questions are broken off, or a file that is there is not to be replaced.
    """
    name = out_file.stem if out_file is not None else _ask("Id, e.g. wall_slide", _id)
    path = out_file or folder / f"{name}.toml"
    if path.suffix != ".toml" or not re.fullmatch(ID, path.stem):
        raise ExerciseError(f"{path}: expected a name of small letters, digits and _ that ends in .toml")
    if path.exists():
        typer.confirm(f"{path} is there already. Replace it?", abort=True)
    elif (EXERCISES_DIR / path.name).exists():
        typer.confirm(f"There is a shipped movement {name}. Should yours take its place?", abort=True)
    text = as_toml(ask_movement(name))
    try:
        parse_exercise(text, name)
    except MistakesError as error:
        raise ExerciseError(f"not written, the answers do not fit together: {error.mistakes[0]}") from error
    return write_whole(path, text)


# --- asking -------------------------------------------------------------------------------------


def _ask(question: str, read: Callable[[str], T], default: str | None = None) -> T:
    """Ask until the answer can be read; an empty one stands for the default."""
    while True:
        answer = typer.prompt(question, default=default, show_default=bool(default))
        try:
            return read(str(answer).strip())
        except ValueError as error:
            typer.echo(f"  {error}")


def _choose(question: str, options: Mapping[str, str]) -> str:
    """Ask for one of several, by its number."""
    return _choose_some(question, options, most=1)[0]


def _choose_some(question: str, options: Mapping[str, str], most: int = 99) -> list[str]:
    """Ask for some of several, by their numbers."""
    typer.echo(question)
    for i, words in enumerate(options.values(), 1):
        typer.echo(f"  {i:2d}  {words}")

    def read(text: str) -> list[str]:
        chosen = _whole_numbers(text, len(options))
        if len(chosen) > most:
            raise ValueError("expected one number")
        return [list(options)[i - 1] for i in chosen]

    return _ask("Number" if most == 1 else "Numbers, e.g. 1, 3", read)


def _lines(question: str, least: int = 1) -> list[str]:
    """Ask for sentences, one a line, until an empty line."""
    typer.echo(f"{question} One sentence a line; an empty line ends them.")
    out: list[str] = []
    while True:
        line = _ask(
            f"  {len(out) + 1}", _text if len(out) < least else _text_or_nothing, None if len(out) < least else ""
        )
        if not line:
            return out
        out.append(line)


def _text(text: str) -> str:
    if len(text) < 3:
        raise ValueError("expected at least 3 characters")
    return text


def _text_or_nothing(text: str) -> str:
    return _text(text) if text else ""


def _id(text: str) -> str:
    if not re.fullmatch(ID, text):
        raise ValueError(f'expected small letters, digits and _, a letter first, got "{text}"')
    return text


def _number(text: str) -> float:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        raise ValueError(f'expected a number, got "{text}"') from None
    if not -1e6 < value < 1e6:
        raise ValueError(f'expected a number, got "{text}"')
    return value


def _positive(text: str) -> float:
    value = _number(text)
    if value <= 0:
        raise ValueError(f"expected a number above 0, got {text}")
    return value


def _whole_numbers(text: str, most: int) -> list[int]:
    numbers = [int(n) if n.isdigit() else 0 for n in re.split(r"[\s,;]+", text) if n]
    if not numbers or not all(1 <= n <= most for n in numbers):
        raise ValueError(f"expected numbers from 1 to {most}, got {text!r}")
    return list(dict.fromkeys(numbers))


def _range(text: str) -> int | list[int]:
    """Return a whole number or a range: 8, or 8-10."""
    found = re.fullmatch(r"(\d{1,4})(?:\s*(?:-|to)\s*(\d{1,4}))?", text)
    if found is None or int(found[1]) == 0 or (found[2] and int(found[2]) <= int(found[1])):
        raise ValueError(f'expected a number like 8, or a range like 8-10, got "{text}"')
    return [int(found[1]), int(found[2])] if found[2] else int(found[1])


# --- the questions ------------------------------------------------------------------------------


def ask_movement(exercise_id: str) -> Answers:
    """Ask every question, in the order in which one thinks of a movement."""
    a: Answers = {"id": exercise_id, "name": _ask("Name, as the patient reads it", _text)}
    a["kind"] = _choose("What is it?", KINDS)
    a["position"] = _choose("How does one start?", {p: p.replace("_", " ") for p in get_args(Position)})
    measured = a["kind"] in MEASURED
    if measured:
        a["view"] = _choose("What does the camera see?", VIEWS)
    a["phases"] = []
    if a["kind"] != "avoid":
        phases = {str(n): name for n, name in PHASES.items()}
        a["phases"] = [int(n) for n in _choose_some("In which phases of the programme?", phases)]
        a["load"] = _choose("How much does it ask of the back? What pain allows goes by it.", LOADS)
        a["direction"] = _choose("Where does it bend the low back to?", DIRECTIONS)
    a["summary"] = _ask("The movement in one sentence", _text)
    a["why"] = _ask("What it is good for, in one sentence", _text)
    a["steps"] = _lines("How is it done? Begin with keeping still for a moment: nothing counts before.")
    if measured:
        a["camera"] = _lines("How is it filmed?")
    a["cautions"] = _lines("When to go easy?")
    source = _ask("Where does the movement come from? Title, year, page", _text)
    a["sources"] = [source]
    if a["kind"] != "avoid":
        a["doses"] = [_ask_dose(source)]
    if measured:
        a |= _ask_rules(a["view"], a["position"], source)
    return a


def _ask_dose(source: str) -> Answers:
    """Ask how much of it is done, in all of its phases."""
    dose: Answers = {}
    if typer.confirm("Is it done a number of times?", default=True):
        dose["repetitions"] = _ask("How many times? 8, or 8-10", _range)
        if typer.confirm("Is it held each time?", default=False):
            dose["hold_s"] = _ask("For how many seconds? 5, or 5-10", _range)
    else:
        dose["duration_s"] = _ask("For how many seconds in all? 60, or 60-120", _range)
    return sourced(dose, source)


def _ask_rules(view: str, position: str, source: str) -> Answers:
    """Ask what counts, what is measured, what is flagged."""
    words = {i: f"{CATALOGUE[i].words.what} ({i}, {unit_words(i)})" for i in fitting(view)}
    reported = {i: words[i] for i in measurable(view)}
    a: Answers = {}
    counted = typer.confirm("Is it a movement out and back, to be counted? (No: a posture that is kept)", default=True)
    if counted:
        a["repetition"] = _ask_repetition(words, source)
        if position == "standing" and typer.confirm("Does a foot leave its place in it?", default=False):
            a["repetition"]["feet_may_move"] = True
        a["measures"] = _ask_measures(reported, "change", source)
    else:
        least_s = _ask("From how many seconds on does a hold count?", _positive, "3")
        a["hold"], held = hold(least_s, source)
        a["measures"] = [held, *_ask_measures(reported, "value", source)]
    a["faults"] = []
    signed = counted and a["repetition"]["sides"] == "signed"
    while typer.confirm("Add a fault that should be flagged?", default=not a["faults"]):
        taken = {f["id"] for f in a["faults"]}
        a["faults"].append(_ask_fault(words, counted, signed, taken))
    return a


def _ask_repetition(words: dict[str, str], source: str) -> Answers:
    signal = _choose("What is it counted on?", words)
    way = _choose("Which way does it go?", ways(signal))
    unit = UNIT_WORDS.get(CATALOGUE[signal].unit, "")
    least = _ask(f"Smallest movement that counts, {unit} from the start", _positive)
    return repetition(signal, way, least, _ask("Where does that number come from?", _text, f"{STARTING}; {source}"))


def _ask_measures(measurable: dict[str, str], of: str, source: str) -> list[Answers]:
    out = []
    for signal in _choose_some("What is measured?", measurable):
        measure: Answers = {"id": signal, "name": _ask("Its name for the patient", _text, CATALOGUE[signal].name)}
        if of != "change":
            measure["of"] = of
        expected = _ask("What is expected of it, in words? Empty: nothing", _text_or_nothing, "")
        if expected:
            measure["expected"] = expected
        out.append(sourced(measure, source))
    return out


def _ask_fault(words: dict[str, str], counted: bool, signed: bool, taken: set[str]) -> Answers:
    """Ask for one fault with its cue, its threshold and where that comes from."""

    def new_id(text: str) -> str:
        if text in taken:
            raise ValueError(f"there is a fault {text} already")
        return _id(text)

    told: Answers = {
        "id": _ask("Id of the fault, e.g. knees_bending", new_id),
        "name": _ask("Its name in two or three words", _text),
        "cue": _ask("The cue: what to do, in one short, kind sentence", _text),
        "rule": _choose("What is wrong?", rules_to_ask(counted=counted, signed=signed)),
    }
    signal = _choose("What is looked at?", words) if names_signal(told["rule"]) else None
    threshold = _ask(threshold_question(told["rule"], signal), _threshold(told["rule"]))
    return fault(told, signal, threshold, _ask("Where does that number come from?", _text, STARTING))


def _threshold(rule: str) -> Callable[[str], float]:
    """Return what reads a threshold, which must lie above what the rule says."""
    above = least_threshold(rule)

    def read(text: str) -> float:
        value = _number(text)
        if above is not None and value <= above:
            raise ValueError(f"expected a number above {above:g}, got {text}")
        return value

    return read
