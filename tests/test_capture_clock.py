"""The times of pictures: they follow the browser's clock, only rise, and nothing absurd spoils what comes after."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.service.live.capture_clock import AGREE, SLACK_S, CaptureClock
from checker.service.live.protocol import MAX_CLOCK_S, UnfitError

LONGEST_S = 3600.0
STEP_S = 0.05
BEGAN_S = 71.25
"""Of the browser's clock, which does not begin with the session."""


def offer(clock: CaptureClock, capture_s: float, now_s: float) -> float | None:
    """Hand in a picture; its time, or None where it is refused."""
    try:
        t_s = clock.look(capture_s, now_s)
    except UnfitError:
        return None
    clock.take(capture_s, t_s, now_s)
    return t_s


def running(pictures: int = 10) -> CaptureClock:
    """A clock after so many honest pictures; the last one was taken at (pictures - 1) * STEP_S."""
    clock = CaptureClock(LONGEST_S)
    for i in range(pictures):
        assert offer(clock, BEGAN_S + i * STEP_S, i * STEP_S) == pytest.approx(i * STEP_S)
    return clock


def test_before_the_first_picture_there_is_no_time() -> None:
    clock = CaptureClock(LONGEST_S)
    assert not clock.begun
    assert clock.last_s == -1.0
    assert clock.since_start_s(123.0) == 0.0


def test_the_first_picture_is_at_zero_and_the_others_follow_the_browsers_clock_not_the_way_here() -> None:
    clock = CaptureClock(LONGEST_S)
    arrivals_s = (100.0, 100.9, 100.9, 101.0, 104.0)
    captures_s = (5.0, 5.1, 5.2, 5.3, 5.4)
    times_s = [offer(clock, c, a) for c, a in zip(captures_s, arrivals_s, strict=True)]
    assert times_s == pytest.approx([0.0, 0.1, 0.2, 0.3, 0.4])
    assert clock.begun
    assert clock.last_s == pytest.approx(0.4)
    assert clock.since_start_s(7.5) == pytest.approx(2.5)


def test_a_picture_that_was_looked_for_and_not_taken_may_come_again() -> None:
    clock = running()
    capture_s, now_s = BEGAN_S + 10 * STEP_S, 10 * STEP_S
    assert clock.look(capture_s, now_s) == clock.look(capture_s, now_s) == pytest.approx(10 * STEP_S)
    assert clock.last_s == pytest.approx(9 * STEP_S)


@pytest.mark.parametrize("ahead_s", [0.0, -1e-9, -STEP_S, -60.0, -BEGAN_S])
def test_what_is_not_later_is_refused(ahead_s: float) -> None:
    clock = running()
    with pytest.raises(UnfitError, match=r"expected a picture later than 0\.450 s"):
        clock.look(BEGAN_S + clock.last_s + ahead_s, 0.5)
    assert clock.last_s == pytest.approx(0.45)


def test_what_is_later_than_it_can_be_is_refused_and_what_just_can_is_not() -> None:
    now_s = 0.5
    latest_s = 9 * STEP_S + (now_s - 9 * STEP_S) + SLACK_S
    assert offer(running(), BEGAN_S + latest_s - 1e-6, now_s) == pytest.approx(latest_s)
    assert offer(running(), BEGAN_S + latest_s + 1e-6, now_s) is None


def test_a_clock_that_was_set_anew_goes_on_where_the_servers_clock_says() -> None:
    clock = running()
    times_s = [offer(clock, 9000.0 + i * STEP_S, 20.0 + i * STEP_S) for i in range(6)]
    assert times_s[: AGREE - 1] == [None] * (AGREE - 1)
    agreed_s = 20.0 + (AGREE - 1) * STEP_S
    assert times_s[AGREE - 1 :] == pytest.approx([agreed_s + i * STEP_S for i in range(7 - AGREE)])


def test_times_that_agree_with_nothing_never_set_it_anew() -> None:
    clock = running()
    assert all(offer(clock, 9000.0 * (1 + i % 3), 1.0 + i * STEP_S) is None for i in range(30))
    assert offer(clock, BEGAN_S + 3.0, 3.0) == pytest.approx(3.0)


def test_no_time_is_later_than_the_longest_session_however_the_clock_is_set() -> None:
    clock = CaptureClock(10.0)
    offer(clock, 0.0, 0.0)
    assert offer(clock, 9.9, 9.9) == pytest.approx(9.9)
    assert all(offer(clock, 10.0 + i * STEP_S, 10.0 + i * STEP_S) is None for i in range(1, 10))
    assert all(offer(clock, 500.0 + i * STEP_S, 11.0 + i * STEP_S) is None for i in range(10))
    assert clock.last_s == pytest.approx(9.9)


# --- whatever comes -----------------------------------------------------------------------------

absurd = st.one_of(
    st.floats(0, MAX_CLOCK_S), st.floats(BEGAN_S - 10, BEGAN_S + 20), st.sampled_from([0.0, 5e-324, 1e9, MAX_CLOCK_S])
)
"""What the door lets through: see `protocol.read_frame`."""

delays = st.lists(st.floats(0, 0.9 * SLACK_S), min_size=40, max_size=40)


def pictures(lateness_s: list[float]) -> list[tuple[float, float]]:
    """Honest captures with their arrivals: each came so much later than it was taken, none before another."""
    out: list[tuple[float, float]] = []
    for i, late_s in enumerate(lateness_s):
        arrived_s = max(i * STEP_S + late_s, out[-1][1] if out else 0.0)
        out.append((BEGAN_S + i * STEP_S, arrived_s))
    return out


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(absurd, st.floats(0, 10)), max_size=60))
def test_times_always_rise_and_never_pass_the_longest(told: list[tuple[float, float]]) -> None:
    clock = CaptureClock(20.0)
    now_s = 0.0
    taken = []
    for capture_s, took_s in told:
        now_s += took_s
        t_s = offer(clock, capture_s, now_s)
        taken += [] if t_s is None else [t_s]
    assert all(math.isfinite(t_s) and 0 <= t_s <= 20.0 for t_s in taken)
    assert all(a < b for a, b in pairwise(taken))


@settings(max_examples=300, deadline=None)
@given(absurd, st.integers(0, 30), delays)
def test_one_absurd_time_never_stops_the_honest_ones_that_follow(wrong_s: float, at: int, late_s: list[float]) -> None:
    clock = CaptureClock(LONGEST_S)
    honest = pictures(late_s)
    refused = 0
    for i, (capture_s, now_s) in enumerate(honest):
        if i == at:
            offer(clock, wrong_s, now_s)
        refused += offer(clock, capture_s, now_s) is None
    assert refused < AGREE
    assert clock.last_s > -1.0


@settings(max_examples=200, deadline=None)
@given(st.lists(absurd, max_size=20), delays)
def test_after_the_last_of_many_absurd_times_honest_ones_are_taken_again(
    wrong_s: list[float], late_s: list[float]
) -> None:
    clock = CaptureClock(LONGEST_S)
    for told_s in wrong_s:
        offer(clock, told_s, 0.0)
    taken = [offer(clock, capture_s, now_s) is not None for capture_s, now_s in pictures(late_s)]
    assert all(taken[AGREE:])
