"""The dose that was chosen: named where a video is handed in, and said wherever its result is read."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import SAMPLES, Run
from moving_figure import moving

from checker.assessment import DoseRef
from checker.care.when import When
from checker.judging import results as parts
from checker.library import find_exercise
from checker.report.page import render_page
from checker.service.work import Outcome
from checker.ui import results
from checker.words.values import asked_words

NOON = When(datetime(2026, 3, 5, 12, 30, tzinfo=UTC))
BRIDGE = SAMPLES / "bridge__good__anna.mp4"


@pytest.mark.parametrize(
    ("dose", "words"),
    [
        ({"repetitions": 3, "most": 3, "hold_s": 30.0}, "3 times 30 s"),
        ({"repetitions": 8, "most": 10}, "8 to 10 times"),
        ({"repetitions": 1, "most": 1}, "1 time"),
        ({"repetitions": 1, "most": 1, "hold_s": 10.0}, "10 s"),
        ({"repetitions": 1, "most": 2, "hold_s": 10.0}, "1 to 2 times 10 s"),
        ({"duration_s": 300.0, "phases": [1, 2]}, "5 minutes (phases 1 and 2)"),
        ({"duration_s": 90.0, "phases": [3]}, "90 seconds (phase 3)"),
    ],
)
def test_what_was_asked_is_said_shortly(dose: dict[str, object], words: str) -> None:
    none = {"phases": [], "repetitions": None, "most": None, "hold_s": None, "duration_s": None}
    assert asked_words(DoseRef.model_validate(none | dose)) == words


def test_page_and_report_say_the_dose_of_the_result() -> None:
    plank, analysis = find_exercise("plank"), moving("plank")
    dose = parts.dose(plank.dose_in(8), plank)
    chosen = replace(analysis, assessment=analysis.assessment.model_copy(update={"dose": dose}))
    assert "asked: 2 times 30 s (phase 8)" in results._summary(Outcome(plank, chosen, {}, {}))
    report = re.sub(r"<[^>]+>", "", render_page(chosen, plank, None, NOON))
    assert "Asked here 2 times 30 s (phase 8)" in report
    assert "of 30 s" in report


def test_a_phase_without_a_dose_is_refused_in_one_line(checker: Run) -> None:
    done = checker("analyze", BRIDGE, "--exercise", "bridge", "--phase", "9")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "not done in phase 9: expected one of 4, 6" in done.stderr


@pytest.mark.clips
def test_the_dose_of_a_phase_is_what_the_result_is_held_against(checker: Run, tmp_path: Path) -> None:
    arguments = ("analyze", BRIDGE, "--exercise", "bridge", "--no-video", "--out", tmp_path / "out")
    done = checker(*arguments, "--phase", "6")
    assert done.returncode == 0, done.stderr
    assert "Asked: 20 to 30 times 3 s (phase 6)" in done.stdout
    assert re.search(r"Held: [\d.]+ s of 3 s at the longest", done.stdout)
    assessment = json.loads((tmp_path / "out" / "assessment.json").read_text(encoding="utf-8"))
    assert assessment["dose"]["phases"] == [6]
