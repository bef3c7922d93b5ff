"""How steady values are: a test that was done twice, with the camera put away in between.

Terms: SEM, the standard error of measurement, is how much one session's value scatters while the person stays the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from checker.care.change_rules import ChangeRules
from checker.care.followed import Followed
from checker.care.records import History, Session
from checker.care.series import What, newest_records, value_of
from checker.words.values import number

TENTHS: Final = 0.1
"""A scatter is written with one decimal: pairs tell no more."""


@dataclass(frozen=True, slots=True)
class Steadiness:
    """What repeat pairs say of a measure.

    Attributes:
        pairs: how many.
        sem: standard error of measurement, in the measure's unit.
        low, high: its 90 % limits.
        mean_difference: of the second minus the first: above 0, the second is larger; `mean_error` is half the width
            of its 90 % interval, None of a single pair.
        enough: whether there are enough to tell anything.
    """

    pairs: int
    sem: float
    low: float
    high: float
    mean_difference: float
    mean_error: float | None
    enough: bool


def steadiness(differences: Sequence[float], rules: ChangeRules) -> Steadiness | None:
    """Return how steady a measure is, by the differences of its repeat pairs; None where there is none.

    SEM = sqrt(sum d^2 / (2 n)), where sum d^2 / (2 SEM^2) is distributed as chi-square with n degrees of freedom;
    the difference's mean by Student's t. A difference that all pairs share counts into the SEM too.

    Args:
        differences: second minus first of each pair.
        rules: of change.
    """
    d = np.asarray(differences, float)
    n = len(d)
    if n == 0:
        return None
    from scipy.special import chdtri, stdtrit  # quantiles of chi-square (of its upper tail) and t; light to import

    sem = float(np.sqrt(np.sum(d**2) / (2 * n)))
    error = float(stdtrit(n - 1, 0.95) * np.std(d, ddof=1) / np.sqrt(n)) if n > 1 else None
    return Steadiness(
        pairs=n,
        sem=sem,
        low=sem * float(np.sqrt(n / chdtri(n, 0.05))),
        high=sem * float(np.sqrt(n / chdtri(n, 0.95))),
        mean_difference=float(np.mean(d)),
        mean_error=error,
        enough=n >= rules.steadiness.tell_pairs.value,
    )


def repeat_differences(history: History, followed: Followed, what: What = "first") -> list[float]:
    """Second minus first of every repeat pair of one person, one measure and one side.

    A pair counts where both were measured by the same model and the same version of the movement, and where neither
    value is a mere "more than".
    """
    sessions = {s.id: s for s in newest_records(history) if s.exercise == followed.exercise}
    found = []
    for second in sessions.values():
        first = sessions.get(second.repeat_of) if second.repeat_of is not None else None
        if first is None or (first.model_sha256, first.compared) != (second.model_sha256, second.compared):
            continue
        values = [value_of(s, followed, what) for s in (first, second)]
        exact = [v.value for v in values if v is not None and v.censored == "none"]
        if len(exact) == 2:
            found.append(exact[1] - exact[0])
    return found


def waits_for_repeat(history: History, exercise: str, now: datetime, rules: ChangeRules) -> Session | None:
    """The newest session of a test that can still be measured a second time; None where there is none.

    It has ended, something was measured in it, it is no repeat itself, and nothing of the test was measured after it.
    """
    done = [s for s in newest_records(history) if s.exercise == exercise and s.measured and s.ended_at is not None]
    if not done or done[-1].repeat_of is not None or done[-1].ended_at is None:
        return None
    waited = now - done[-1].ended_at
    return done[-1] if waited <= timedelta(minutes=rules.steadiness.again_until_min.value) else None


def repeat_from(first: Session, rules: ChangeRules) -> datetime:
    """From when on a session may be measured a second time.

    Raises:
        ValueError: it has not ended.
    """
    if first.ended_at is None:
        raise ValueError(f"expected a session that has ended, got {first.id} under way")
    return first.ended_at + timedelta(minutes=rules.steadiness.again_from_min.value)


def clinic_steadiness(
    histories: Iterable[History], followed: Followed, rules: ChangeRules, what: What = "first"
) -> Steadiness | None:
    """How steady a measure is over everybody of a clinic; None where there is no pair."""
    return steadiness([d for h in histories for d in repeat_differences(h, followed, what)], rules)


def steadiness_words(found: Steadiness | None, unit: str) -> str:
    """Return one sentence for the page, always with the number of pairs."""
    if found is None or not found.enough:
        return f"Too few to say: {_pairs(found.pairs if found else 0)} so far."
    sem, low, high = (number(v, unit, TENTHS) for v in (found.sem, found.low, found.high))
    text = f"By {_pairs(found.pairs)}, one session's value scatters by {sem} (between {low} and {high})."
    if found.mean_error is not None and abs(found.mean_difference) > found.mean_error:
        more = "larger" if found.mean_difference > 0 else "smaller"
        text += f" The second value is {more} by {number(abs(found.mean_difference), unit, TENTHS)} on average."
    return text


def _pairs(n: int) -> str:
    return "1 pair" if n == 1 else f"{n} pairs"
