"""What every movement owes, asserted over every file of exercises/: a new one is tested by being there."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from checker.dose import Dose
from checker.exercise import Exercise
from checker.library import EXERCISES_DIR, read_exercise
from checker.picture import picture
from checker.safety import PHASES
from checker.self_check import check_itself

FILES = sorted(EXERCISES_DIR.glob("*.toml"))
SEEDS = (1, 2)
SVG = "{http://www.w3.org/2000/svg}"

NOT_OURS_TO_SAY = re.compile(r"\b(safe|cleared|healed|restricted|positive test|diagnos\w+)\b", re.IGNORECASE)
SCOLDS = ("Don't", "Stop ", "Wrong", "Bad ", "You ", "Never")


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


@pytest.fixture
def exercise(path: Path) -> Exercise:
    return read_exercise(path)


def words_of(exercise: Exercise) -> list[str]:
    """Everything that a patient reads."""
    own = [exercise.name, exercise.summary, exercise.why, exercise.picture.caption or ""]
    lists = [exercise.steps, exercise.camera, exercise.equipment, exercise.cautions, exercise.stop]
    rules = [w for f in exercise.faults for w in (f.name, f.cue)] + [m.name for m in exercise.measures]
    return [*own, *(w for part in lists for w in part), *rules]


def numbers(value: float | tuple[float, float] | None) -> list[float]:
    """One number, or the two of a range."""
    return [] if value is None else list(value) if isinstance(value, tuple) else [value]


# --- words -------------------------------------------------------------------------------------


def test_it_is_told_what_to_do_and_why(exercise: Exercise) -> None:
    assert exercise.summary.endswith(".")
    assert exercise.why.endswith(".")
    for sentence in [*exercise.steps, *exercise.camera, *exercise.cautions, *exercise.stop]:
        assert sentence[0].isupper(), sentence
        assert sentence.rstrip(")")[-1] in ".!?", sentence
    for words in words_of(exercise):
        assert not NOT_OURS_TO_SAY.search(words), words


def test_it_says_when_to_stop(exercise: Exercise) -> None:
    rules = " ".join(exercise.stop)
    # what calms is for the very pain that stops other movements: only a rise ends it
    assert (re.search(r"\b6 of 10\b", rules) is None) == (exercise.load == "calm")
    assert re.search(r"\b3\b", rules)


def test_what_is_measured_begins_still_and_is_filmed_from_one_side(exercise: Exercise) -> None:
    if not exercise.is_measured:
        assert exercise.repetition is None
        assert exercise.hold is None
        return
    assert len(exercise.steps) >= 2
    assert "still" in " ".join(exercise.steps).lower(), "nothing counts before a still start"
    filming = " ".join(exercise.camera).lower()
    asked = ("side",) if exercise.view == "side" else ("face", "facing", "in front", "feet")
    assert any(word in filming for word in asked)


def test_every_cue_is_short_and_says_what_to_do(exercise: Exercise) -> None:
    for fault in exercise.faults:
        assert fault.cue[0].isupper()
        assert fault.cue[-1] in ".!?"
        assert len(fault.cue) <= 90, "short enough to be read while moving"
        assert not fault.cue.startswith(SCOLDS), fault.cue
    assert len({f.name for f in exercise.faults}) == len(exercise.faults)
    assert len({f.cue for f in exercise.faults}) == len(exercise.faults)


# --- numbers -----------------------------------------------------------------------------------


def test_the_file_is_named_as_the_movement(path: Path, exercise: Exercise) -> None:
    assert exercise.id == path.stem


def test_every_number_says_where_it_comes_from(exercise: Exercise) -> None:
    rules = [exercise.repetition, exercise.hold, exercise.pace, *exercise.measures, *exercise.doses]
    rules += exercise.hold.conditions if exercise.hold else []
    for fault in exercise.faults:
        rules += fault.conditions if fault.rule == "past" else [fault]
    for rule in rules:
        if rule is not None:
            assert len(rule.source) >= 10, rule
            assert rule.status in {"published", "clinical judgement"}, "a shipped number was set by no physio"
            assert rule.status != "published" or not rule.source.lower().startswith("starting value"), rule.source


def test_each_phase_has_a_dose_that_a_patient_can_do(exercise: Exercise) -> None:
    if exercise.kind == "avoid":
        assert exercise.doses == []
        return
    assert exercise.phases == sorted(set(exercise.phases))
    assert set(exercise.phases) <= set(PHASES)
    dosed = {phase for dose in exercise.doses for phase in (dose.phases or exercise.phases)}
    assert dosed == set(exercise.phases), "a dose in every phase"
    for dose in exercise.doses:
        assert 1 <= dose.sets <= 5
        assert all(1 <= n <= 30 for n in numbers(dose.repetitions))
        assert all(1 <= s <= 120 for s in numbers(dose.hold_s))
        assert all(5 <= s <= 3600 for s in numbers(dose.duration_s))


def test_phases_do_not_share_a_dose_twice(exercise: Exercise) -> None:
    def said(dose: Dose) -> list[int]:
        return dose.phases or exercise.phases

    phases = [p for dose in exercise.doses for p in said(dose)]
    assert len(phases) == len(set(phases)), "one dose a phase"


# --- the picture -------------------------------------------------------------------------------


def test_the_picture_draws(exercise: Exercise) -> None:
    root = ElementTree.fromstring(picture(exercise))
    panels = [g for g in root if g.tag == f"{SVG}g"]
    assert len(panels) == (1 if exercise.picture.end is None else 2)
    assert exercise.name in root.attrib["aria-label"]
    if exercise.repetition is not None:
        assert exercise.picture.end is not None, "what moves is shown at its end"
    if exercise.picture.end is not None:
        assert exercise.picture.caption, "the end needs words"
        assert exercise.picture.end != exercise.picture.start


def test_no_two_movements_share_a_picture() -> None:
    drawn: dict[str, str] = {}
    for path in FILES:
        exercise = read_exercise(path)
        shapes = re.sub(r"<text.*?</text>|aria-label=\"[^\"]*\"", "", picture(exercise))
        assert shapes not in drawn, f"{exercise.id} looks like {drawn[shapes]}"
        drawn[shapes] = exercise.id


# --- the try-out -------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_the_rules_count_what_the_picture_shows(exercise: Exercise, seed: int) -> None:
    assert check_itself(exercise, seed) == []


# --- together ----------------------------------------------------------------------------------


def test_what_is_advised_instead_exists_and_can_be_done() -> None:
    movements = {path.stem: read_exercise(path) for path in FILES}
    for exercise in movements.values():
        for other in exercise.instead:
            assert movements[other].kind != "avoid", f"{exercise.id} sends to {other}"
        assert exercise.kind != "avoid" or exercise.instead, f"{exercise.id} says what not to do, but not what instead"
