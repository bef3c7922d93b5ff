"""Files that were wrong once, from `../shared/cases`, as its README says that they must be answered."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import SHARED, Run, assessed

from checker.assessment import Assessment

pytestmark = pytest.mark.clips

SIDES = {"left": 13.0, "right": 30.0}
"""The truth of the clip that most of them are made from, degrees."""


def case(name: str) -> Path:
    path = SHARED / "cases" / name
    if not path.exists():
        pytest.skip(f"NO FILE {name} in ../shared/cases: this test did NOT run")
    return path


def told_sides(assessment: Assessment) -> dict[str | None, float | None]:
    return {m.side: m.value for m in assessment.measures if m.id == "trunk_lateral_flexion"}


@pytest.mark.parametrize(
    "name", ["two_streams_small_first.mp4", "audio_longer_mkv.mkv", "mts.MTS", "threegp.3gp"], ids=lambda n: n
)
def test_the_film_is_measured_whatever_file_it_is_in(name: str) -> None:
    assessment = assessed(case(name), "standing_side_bend")
    assert told_sides(assessment) == {side: pytest.approx(value, abs=2.8) for side, value in SIDES.items()}
    assert len(assessment.reps) == 2
    assert assessment.warnings == []


def test_slow_motion_is_held_as_long_as_it_was() -> None:
    assessment = assessed(case("slomo_wall.mp4"), "wall_sit")
    assert [rep.hold_s for rep in assessment.reps] == pytest.approx([2.4, 2.4], abs=0.3)
    assert assessment.video.duration_s == pytest.approx(13.0, abs=0.1)
    assert assessment.warnings == [
        "This is slow motion: filmed at 120 pictures a second and shown 4 times slower. "
        "All times were scaled to those of the movement."
    ]


def test_a_picture_upside_down_is_told_and_measured_once_it_is_turned() -> None:
    path = case("upside_down.mp4")
    assessment = assessed(path, "standing_side_bend")
    assert assessment.measured == []
    assert assessment.reps == []
    assert assessment.video.needs_turn_deg == 180
    assert assessment.view.advice is None
    assert assessment.warnings == ["The picture is upside down. Turn it by half (180 degrees), and measure again."]
    turned = assessed(path, "standing_side_bend", turn_deg=180)
    assert told_sides(turned) == {side: pytest.approx(value, abs=2.8) for side, value in SIDES.items()}
    assert (turned.video.turned_deg, turned.video.needs_turn_deg) == (180, 0)


def test_the_prompt_says_how_to_turn_it(checker: Run, tmp_path: Path) -> None:
    path = case("upside_down.mp4")
    command = ["analyze", path, "--exercise", "standing_side_bend", "--no-video", "--out", tmp_path / "out"]
    first = checker(*command)
    assert first.returncode == 0, first.stderr
    assert "Not measured: The picture is upside down." in first.stdout
    assert "--turn 180" in first.stdout
    assert "Turn to your" not in first.stdout
    again = checker(*command, "--turn", "180")
    assert "Not measured" not in again.stdout
    assert "2 repetitions" in again.stdout
