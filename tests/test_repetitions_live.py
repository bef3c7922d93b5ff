"""Live, repetitions are found as afterwards."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from analytic_body import out_and_back, repeated, times
from curves import Clip, clips, found, rule, sides_of
from hypothesis import given

from checker.judging.bouts import Bout
from checker.live.counter import LiveCounter
from checker.smoothing import CausalSmoother


def counted_live(t_s: np.ndarray, x: np.ndarray, sides: str = "signed") -> dict[str, int]:
    counter, smoother = LiveCounter(rule(sides)), CausalSmoother()
    for t, value in zip(t_s, x, strict=True):
        counter.feed(float(t), smoother.feed(float(t), float(value)))
    return counter.counts


@given(clip=clips(smallest_size=1.6))
def test_the_live_count_ends_where_the_whole_clip_does(clip: Clip) -> None:
    final = Counter(sides_of(found(clip.t_s, clip.x)))
    assert counted_live(clip.t_s, clip.x) == {"left": final["left"], "right": final["right"]}


def test_the_live_count_rises_when_the_person_is_back() -> None:
    t_s = times(8.0)
    x = out_and_back(t_s, 20.0, 1.0, 1.5, 0.5, 1.5)
    counter = LiveCounter(rule("both"))
    counts = []
    for t, value in zip(t_s, x, strict=True):
        counter.feed(float(t), float(value))
        counts.append(counter.counts["both"])
    assert counts[int(np.argmax(x))] == 0
    assert counts[-1] == 1
    assert t_s[counts.index(1)] < 4.5


def test_live_a_signal_that_falls_and_sides_by_name() -> None:
    t_s = times(12.0)
    x = repeated(t_s, [20.0, -20.0])
    for changes, counts in (
        ({"sides": "both", "direction": "fall"}, {"both": 1}),
        ({"sides": "signed", "names": ("cow", "cat")}, {"cow": 1, "cat": 1}),
    ):
        counter = LiveCounter(rule(**changes))
        for t, value in zip(t_s, x, strict=True):
            counter.feed(float(t), float(value))
        assert counter.counts == counts


def test_live_the_one_under_way_is_counted_when_the_time_ends_and_not_again_when_it_is_back() -> None:
    t_s = times(20.0)
    counter, counts = LiveCounter(rule("both", within_s=10.5)), []
    for t, value in zip(t_s, repeated(t_s, [20.0] * 4), strict=True):
        counter.feed(float(t), float(value))
        counts.append(counter.counts["both"])
    rose_s = [float(t_s[i]) for i in range(1, len(t_s)) if counts[i] > counts[i - 1]]
    assert counts[-1] == 3
    assert rose_s[-1] == pytest.approx(1.5 + 10.5, abs=0.6)


def test_too_little_or_too_quick_is_not_counted_live() -> None:
    t_s = times(8.0)
    assert counted_live(t_s, out_and_back(t_s, 6.0, 1.0)) == {"left": 0, "right": 0}
    assert counted_live(t_s, out_and_back(t_s, 30.0, 1.0, 0.1, 0.1, 0.1)) == {"left": 0, "right": 0}


def test_a_movement_is_a_value() -> None:
    t_s = times(8.0)
    (m,) = found(t_s, out_and_back(t_s, 20.0, 1.0)).counted
    assert isinstance(m, Bout)
    with pytest.raises(AttributeError):
        m.excursion = 99.0  # type: ignore[misc]
