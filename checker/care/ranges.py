"""The range before pain as the programme reads it: its values by side, the best so far, the target.

Whether a range has really changed is told elsewhere; here are only the values.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from checker.care import facts
from checker.care.records import History, Session, Value


def first_values(history: History, test: str, since: date, until: date) -> dict[str, list[tuple[Session, Value]]]:
    """The values at first pain of one test by side, in order of time, from `since` to before `until`."""
    out: dict[str, list[tuple[Session, Value]]] = {}
    for session in facts.sessions_of(history, test, since, until):
        for found in session.ranges:
            if found.first is not None:
                out.setdefault(found.side, []).append((session, found.first))
    return out


def best_so_far(history: History, test: str, until: date) -> dict[str, float]:
    """The largest value at first pain of each side before a day."""
    return {
        side: max(v.value for _, v in values) for side, values in first_values(history, test, date.min, until).items()
    }


def target_of(
    test: str, side: str, targets: Mapping[str, Mapping[str, float]], best: Mapping[str, float]
) -> float | None:
    """The target of one side: a physio's, else the better side's best, else the own best so far; None: none yet."""
    set_by_physio = targets.get(test, {}).get(side)
    return set_by_physio if set_by_physio is not None else max(best.values(), default=None)


def confirmed(
    history: History, test: str, since: date, until: date, limit: float, sign: int, *, base_of: int = 2
) -> tuple[Session, ...]:
    """The sessions by which one side of a test has changed by a limit or more, twice in a row; empty: none has.

    The base is the mean of the first `base_of` values from `since` on. It is the coarse reading of the programme: the
    statistics of change look at the errors and the times of day as well.

    Args:
        history: of one person.
        test: id of a self-test.
        since: the first day that counts.
        until: the day after the last one that counts.
        limit: in the unit of the test.
        sign: 1 for a gain, -1 for a loss.
        base_of: values that the base is made of.
    """
    for values in first_values(history, test, since, until).values():
        known = [(s, v.value) for s, v in values if v.censored == "none" or sign > 0]
        if len(known) < base_of + 2:
            continue
        base = sum(value for _, value in known[:base_of]) / base_of
        last = known[-2:]
        if all(sign * (value - base) >= limit for _, value in last) and last[0][0].day < last[1][0].day:
            return tuple(s for s, _ in last)
    return ()
