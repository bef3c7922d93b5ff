"""A new exercise file from questions, answered as a person would: through the terminal or a pipe."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import ROOT

from checker.fault_rules import PastFault, TooFastFault
from checker.library import read_exercise
from checker.self_check import check_itself
from checker.signals import CATALOGUE

COMMAND = [sys.executable, "-m", "checker", "exercises", "new"]

SIDE = [s.id for s in CATALOGUE.values() if s.view in {"side", "any"}]
FRONT = [s.id for s in CATALOGUE.values() if s.view in {"front", "any"}]


def number(signal_id: str, listed: list[str], measure: bool = False) -> str:
    """The number of a signal in the list that is shown."""
    shown = [i for i in listed if not measure or CATALOGUE[i].errors.error_90 is not None]
    return str(shown.index(signal_id) + 1)


BEGIN = ["6, 7", "3", "1", "Slide down a wall and up.", "Trains the legs."]
STEPS = ["Stand with your back to a wall. Stand still for a moment.", "Slide down “slowly”, \\ and up.", ""]
CAMERA = ["Stand side-on to the camera.", ""]
CAUTIONS = ["Go easy on sore knees.", ""]
DOSE = ["A textbook, 2001", "y", "8-10", "y", "5"]

REPETITION = [
    *("Wall slide", "2", "1", "1", *BEGIN, *STEPS, *CAMERA, *CAUTIONS, *DOSE),
    *("y", number("knee_flexion", SIDE), "1", "20", "", "n"),
    *(f"{number('knee_flexion', SIDE, True)}, {number('hip_flexion', SIDE, True)}", "", "30 to 60", "", ""),
    *("y", "too_deep", "Too deep", "Stop a bit higher.", "1", number("knee_flexion", SIDE), "95", ""),
    *("y", "too_quick", "Too quick", "Slow down a little.", "4", "0.5", "Our practice"),
    *("y", "looking_up", "Looking up", "Keep your neck long.", "1", number("neck_flexion", SIDE), "-25", "", "n"),
]


def new(tmp_path: Path, *arguments: str | Path, answers: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "BACKCHECK_EXERCISES": str(tmp_path / "ours")},
        input="".join(f"{a}\n" for a in answers),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def files(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.rglob("*") if p.is_file())


def test_a_counted_movement(tmp_path: Path) -> None:
    done = new(tmp_path, answers=["wall_slide", *REPETITION])
    assert done.returncode == 0, done.stdout + done.stderr
    path = tmp_path / "ours" / "wall_slide.toml"
    assert f"Written to {path}" in done.stdout
    e = read_exercise(path)
    assert (e.id, e.name, e.kind, e.position, e.view, e.phases) == (
        *("wall_slide", "Wall slide", "exercise", "standing", "side"),
        [6, 7],
    )
    assert (e.load, e.direction) == ("load", "flexion")
    assert e.steps == STEPS[:2]
    assert (e.doses[0].repetitions, e.doses[0].hold_s) == ((8, 10), 5)
    assert e.repetition is not None
    assert (e.repetition.signal, e.repetition.min_excursion, e.repetition.sides) == ("knee_flexion", 20, "both")
    assert [(m.id, m.name, m.expected) for m in e.measures] == [
        ("knee_flexion", "Knee flexion", "30 to 60"),
        ("hip_flexion", "Hip flexion", None),
    ]
    deep, quick, up = e.faults
    assert isinstance(deep, PastFault)
    assert isinstance(quick, TooFastFault)
    assert isinstance(up, PastFault)
    assert (deep.conditions[0].signal, deep.conditions[0].threshold) == ("knee_flexion", 95)
    assert (quick.threshold, quick.source) == (0.5, "Our practice")
    assert (up.conditions[0].direction, up.conditions[0].threshold) == ("below", -25)
    assert check_itself(e) == []
    text = path.read_text(encoding="utf-8")
    for remark in ("# what counts", "# what is flagged", "# of the programme, 1 to 10"):
        assert text.count(remark) == 1, remark


def test_the_signals_are_told_in_plain_words_and_suit_the_view(tmp_path: Path) -> None:
    done = new(tmp_path, answers=["wall_slide", *REPETITION])
    for signal_id in SIDE:
        assert f"{number(signal_id, SIDE):>2}  {CATALOGUE[signal_id].words.what} ({signal_id}, " in done.stdout
    assert "hip_shift" not in done.stdout


def test_a_held_posture_and_a_movement_to_both_sides(tmp_path: Path) -> None:
    begin = ["1", *BEGIN, *STEPS, *CAMERA, *CAUTIONS, *DOSE]
    held = ["Posture", "2", "1", *begin, "n", "5", number("trunk_flexion", SIDE, True), "", "", "n"]
    done = new(tmp_path, "--out", tmp_path / "posture.toml", answers=held)
    assert done.returncode == 0, done.stdout + done.stderr
    e = read_exercise(tmp_path / "posture.toml")
    assert e.hold is not None
    assert e.hold.min_duration_s == 5
    assert [m.of for m in e.measures] == ["hold_time", "value"]

    bend = number("trunk_lateral_flexion", FRONT)
    begin[0] = "2"
    both = ["Bend", "1", "1", *begin, "y", bend, "3", "10", "", "n"]
    both += [number("trunk_lateral_flexion", FRONT, True), "", "", "y", "sides", "Sides differ", "Notice it."]
    done = new(tmp_path, "--out", tmp_path / "bend.toml", answers=[*both, "8", "10", "", "n"])
    assert done.returncode == 0, done.stdout + done.stderr
    e = read_exercise(tmp_path / "bend.toml")
    assert e.sides == ["left", "right"]
    assert e.faults[0].rule == "side_difference"
    assert check_itself(e) == []


@pytest.mark.parametrize("kind", ["3", "4"], ids=["guided", "avoid"])
def test_what_is_not_measured_is_asked_no_rules(tmp_path: Path, kind: str) -> None:
    phases, dose = (["1", "1", "5"], ["n", "300-600"]) if kind == "3" else ([], [])
    answers = [
        "Walking",
        kind,
        "1",
        *phases,
        "Walk for a while.",
        "Keeps you moving.",
        "Walk.",
        "",
        *CAUTIONS,
        "A book",
    ]
    done = new(tmp_path, "--out", tmp_path / "walk.toml", answers=[*answers, *dose])
    assert done.returncode == 0, done.stdout + done.stderr
    assert "counted on" not in done.stdout
    e = read_exercise(tmp_path / "walk.toml")
    assert not e.is_measured
    assert [d.duration_s for d in e.doses] == ([(300, 600)] if kind == "3" else [])


def test_a_wrong_answer_is_asked_again_with_what_was_expected(tmp_path: Path) -> None:
    answers = ["Wall Slide", "wall_slide", "x", *REPETITION]
    answers.insert(4, "9")  # of four kinds
    answers[answers.index("8-10")] = "10-8\n8-10"
    answers[answers.index("20")] = "-20\nnan\nfar\n20"
    done = new(tmp_path, answers=answers)
    assert done.returncode == 0, done.stdout + done.stderr
    for told in (
        'expected small letters, digits and _, a letter first, got "Wall Slide"',
        "expected at least 3 characters",
        "expected numbers from 1 to 4, got '9'",
        'expected a number like 8, or a range like 8-10, got "10-8"',
        "expected a number above 0, got -20",
        'expected a number, got "nan"',
        'expected a number, got "far"',
    ):
        assert told in done.stdout, told
    assert files(tmp_path) == ["wall_slide.toml"]


@pytest.mark.parametrize("answered", [0, 1, 5, 20, len(REPETITION)])
def test_answers_that_end_early_leave_nothing(tmp_path: Path, answered: int) -> None:
    done = new(tmp_path, answers=["wall_slide", *REPETITION][:answered])
    assert done.returncode == 130
    assert done.stderr.strip() == "Stopped. Nothing was written."
    assert files(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl+C cannot be sent to one program alone")
def test_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [*COMMAND, "--out", str(tmp_path / "wall_slide.toml")],
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as asking:
        assert asking.stdin is not None
        assert asking.stdout is not None
        asking.stdin.write("Wall slide\n2\n")
        asking.stdin.flush()
        while "How does one start?" not in asking.stdout.readline():
            pass
        time.sleep(0.3)  # until it waits for the answer
        asking.send_signal(signal.SIGINT)
        _, told = asking.communicate(timeout=30)
    assert asking.returncode == 130
    assert told.strip() == "Stopped. Nothing was written."
    assert files(tmp_path) == []


def test_nothing_is_overwritten_unasked(tmp_path: Path) -> None:
    path = tmp_path / "wall_slide.toml"
    path.write_text("kept", encoding="utf-8")
    refused = new(tmp_path, "--out", path, answers=["n"])
    assert refused.returncode == 130
    assert path.read_text(encoding="utf-8") == "kept"
    assert new(tmp_path, "--out", path, answers=["y", *REPETITION]).returncode == 0
    assert read_exercise(path).name == "Wall slide"


def test_the_place_of_a_shipped_movement_is_taken_only_when_that_is_meant(tmp_path: Path) -> None:
    done = new(tmp_path, answers=["standing_side_bend", "n"])
    assert done.returncode == 130
    assert "There is a shipped movement standing_side_bend" in done.stdout
    assert files(tmp_path) == []


@pytest.mark.parametrize("name", ["wall_slide.txt", "Wall slide.toml", "wall_slide"])
def test_a_name_that_no_file_may_have_is_told_before_any_question(tmp_path: Path, name: str) -> None:
    done = new(tmp_path, "--out", tmp_path / name, answers=[])
    assert done.returncode == 2
    assert "ends in .toml" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_file_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    done = new(tmp_path, "--out", tmp_path / "taken" / "wall_slide.toml", answers=REPETITION)
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert done.stderr.count("\n") == 1
