"""How steady values are: the scatter from repeat pairs, its limits, and when there are too few."""

from __future__ import annotations

import numpy as np
import pytest
from weeks import OTHER_MODEL, RULES, SIDE_BEND, bend_session, degrees, history

from checker.care.records import Session, Value
from checker.care.steadiness import clinic_steadiness, repeat_differences, steadiness, steadiness_words


def pair(day: float, first: float | Value | None, second: float | Value | None, **more: object) -> list[Session]:
    one = bend_session(day, first)
    return [one, bend_session(day, second, hour=8.2, repeat_of=one.id, **more)]


def test_the_scatter_is_the_root_of_the_squares_over_twice_the_pairs() -> None:
    found = steadiness([2.0, -2.0, 4.0], RULES)
    assert found is not None
    assert found.sem == pytest.approx(2.0)  # sqrt(24 / 6)
    assert found.mean_difference == pytest.approx(4 / 3)


@pytest.mark.parametrize(("n", "low", "high"), [(10, 0.74, 1.59), (30, 0.83, 1.27), (50, 0.86, 1.20)])
def test_the_limits_are_those_of_chi_square(n: int, low: float, high: float) -> None:
    found = steadiness([np.sqrt(2.0)] * n, RULES)
    assert found is not None
    assert found.sem == pytest.approx(1.0)
    assert (found.low, found.high) == (pytest.approx(low, abs=0.005), pytest.approx(high, abs=0.005))


def test_nine_of_ten_intervals_hold_the_true_scatter() -> None:
    rng = np.random.default_rng(5)
    found = [steadiness(list(rng.normal(0, 4.3 * np.sqrt(2), 12)), RULES) for _ in range(2000)]
    assert np.mean([f.low <= 4.3 <= f.high for f in found if f]) == pytest.approx(0.9, abs=0.02)


def test_pairs_are_found_by_what_they_repeat() -> None:
    sessions = [*pair(0, 20, 23), *pair(1, 25, 24), bend_session(2, 30)]
    assert repeat_differences(history(sessions), SIDE_BEND) == [3.0, -1.0]


@pytest.mark.parametrize(
    "sessions",
    [
        pair(0, 20, None),
        pair(0, 20, degrees(30, above=True)),
        pair(0, 20, 30, model_sha256=OTHER_MODEL),
        pair(0, 20, 30)[1:],
    ],
)
def test_a_pair_that_does_not_compare_is_none(sessions: list[Session]) -> None:
    assert repeat_differences(history(sessions), SIDE_BEND) == []


def test_a_clinic_takes_everybodys_pairs() -> None:
    found = clinic_steadiness([history(pair(0, 20, 22)), history(pair(0, 20, 18)), history()], SIDE_BEND, RULES)
    assert found is not None
    assert (found.pairs, found.sem) == (2, pytest.approx(np.sqrt(2.0)))


def test_below_ten_pairs_too_few_to_say() -> None:
    assert steadiness([], RULES) is None
    assert steadiness_words(None, "deg") == "Too few to say: 0 pairs so far."
    assert steadiness_words(steadiness([1.0], RULES), "deg") == "Too few to say: 1 pair so far."
    assert steadiness_words(steadiness([1.0] * 9, RULES), "deg") == "Too few to say: 9 pairs so far."


def test_from_ten_on_it_is_said_with_the_number_of_pairs() -> None:
    words = steadiness_words(steadiness([2.0, -2.0] * 5, RULES), "deg")
    assert words == "By 10 pairs, one session's value scatters by 1.4° (between 1.0° and 2.3°)."


def test_a_second_value_that_is_larger_by_itself_is_said() -> None:
    words = steadiness_words(steadiness([3.0, 2.0] * 6, RULES), "deg")
    assert words.endswith("The second value is larger by 2.5° on average.")
