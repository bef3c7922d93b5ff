"""Where a laptop goes in a small room, as the page says it."""

from __future__ import annotations

import pytest

from checker.library import find_exercise, list_exercises
from checker.words.camera_place import FEET_NEEDED, ON_FLOOR, WITHOUT_FEET, small_room


def test_a_side_bend_is_measured_without_the_feet() -> None:
    words = small_room(find_exercise("standing_side_bend"))
    assert "chair" in words[0]
    assert "stack of books" in words[0]
    assert "Tilt the screen" in words[1]
    assert "two metres" in words[2]
    assert words[3] == WITHOUT_FEET
    assert "15 seconds" in WITHOUT_FEET


def test_a_squat_needs_them() -> None:
    assert small_room(find_exercise("squat"))[-1] == FEET_NEEDED


@pytest.mark.parametrize("exercise_id", ["bridge", "cat_cow", "plank"])
def test_on_the_floor_the_laptop_is_there_too(exercise_id: str) -> None:
    assert small_room(find_exercise(exercise_id))[0] == ON_FLOOR


def test_every_movement_has_short_advice() -> None:
    for exercise in list_exercises():
        words = small_room(exercise)
        assert 2 <= len(words) <= 4
        assert all(len(text) <= 200 for text in words)
