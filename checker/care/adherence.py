"""What was planned and what was done of it, day by day: to be looked at, never to be scolded for.

An item is done from a share of its lower dose on (`programme.toml`), and partly below. Who does other movements than
those of the plan has done something all the same. A day on which no plan was made is no gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from checker.care.facts import events_of
from checker.care.records import Amount, History, PlanItem, Session
from checker.care.rules import Rules
from checker.care.series import newest_records

ItemState = Literal["done", "partly", "open"]
DayState = Literal["done", "partly", "other", "open", "free", "none"]
"""All of a plan; some of it; nothing of it, and something else; nothing; without a plan: something, and nothing."""

ACTIVE: Final[frozenset[DayState]] = frozenset({"done", "partly", "other", "free"})
"""Something was done."""

PLANNED: Final[frozenset[DayState]] = frozenset({"done", "partly", "other", "open"})
"""Something was planned."""


@dataclass(frozen=True, slots=True)
class ItemDone:
    """What was asked for of a movement on a day, and what was done of it.

    Attributes:
        planned: the lower end of the dose; None where it was done without a plan.
        share: of it that was done; None where nothing was, or nothing was planned.
        sessions: that came to an end.
        is_counted: whether what was done was counted, so that the share is a measured one.
    """

    exercise: str
    state: ItemState
    planned: Amount | None
    share: float | None
    sessions: tuple[Session, ...]
    is_counted: bool = False


@dataclass(frozen=True, slots=True)
class DayDone:
    """One day.

    Attributes:
        planned: what was planned, in the order of the plan; `besides` what was done without a plan.
    """

    day: date
    state: DayState
    planned: tuple[ItemDone, ...]
    besides: tuple[ItemDone, ...] = ()

    @property
    def items(self) -> Mapping[str, ItemState]:
        """State by movement of what was planned."""
        return {item.exercise: item.state for item in self.planned}

    @property
    def done(self) -> int:
        """How many items were done."""
        return sum(item.state == "done" for item in self.planned)

    @property
    def partly(self) -> int:
        """How many were done in part."""
        return sum(item.state == "partly" for item in self.planned)


def days_done(history: History, today: date, days: int, rules: Rules) -> list[DayDone]:
    """The newest days up to today, the oldest first; none before the person was added."""
    first = max(today - timedelta(days=days - 1), _began(history))
    names, planned, sessions = _last_plans(history), _items(history), _sessions(history)
    found = []
    for n in range((today - first).days + 1):
        day = first + timedelta(days=n)
        items = planned.get(day, {})
        wanted = {name: items[name] for name in names.get(day, items) if name in items}
        found.append(_day(day, wanted, sessions.get(day, {}), rules.programme.done.share))
    return found


def share_done(amount: Amount, sessions: Iterable[Session]) -> float | None:
    """The share of a dose that the sessions of a day come to; None where no session came to an end.

    Repetitions and time of all sessions count together; of times held the longest one. What was done without being
    counted, such as repetitions with a timer, counts as done: not measured is not failed.
    """
    ended = [s for s in sessions if s.ended_at is not None]
    if not ended:
        return None
    return min(_shares(amount, ended), default=0.0 if all(s.aborted is not None for s in ended) else 1.0)


def _shares(amount: Amount, ended: Sequence[Session]) -> list[float]:
    """The share of each part of a dose that was counted; empty where none was."""
    rounds = amount.sets * amount.times_a_day
    pairs = (
        (_times(amount.repetitions, rounds), _sum(s.amount.repetitions for s in ended)),
        (_times(amount.duration_s, rounds), _sum(s.amount.duration_s for s in ended)),
        (amount.hold_s, max((s.amount.hold_s for s in ended if s.amount.hold_s is not None), default=None)),
    )
    return [have / want for want, have in pairs if want and have is not None]


def _day(
    day: date, wanted: Mapping[str, PlanItem], sessions: Mapping[str, list[Session]], from_share: float
) -> DayDone:
    items = [_item(name, item.amount, sessions.get(name, ()), from_share) for name, item in wanted.items()]
    besides = [ItemDone(name, "done", None, None, tuple(own)) for name, own in sessions.items() if name not in wanted]
    return DayDone(day, _state(items, any_besides=bool(besides)), tuple(items), tuple(besides))


def _state(items: list[ItemDone], *, any_besides: bool) -> DayState:
    if not items:
        return "free" if any_besides else "none"
    if all(item.state == "done" for item in items):
        return "done"
    if any(item.state != "open" for item in items):
        return "partly"
    return "other" if any_besides else "open"


def _item(name: str, amount: Amount, sessions: Iterable[Session], from_share: float) -> ItemDone:
    own = tuple(sessions)
    share = share_done(amount, own)
    state: ItemState = "open" if share is None else "done" if share >= from_share else "partly"
    return ItemDone(name, state, amount, share, own, is_counted=bool(own and _shares(amount, own)))


def _times(value: float | None, rounds: int) -> float | None:
    return None if value is None else value * rounds


def _sum(values: Iterable[float | None]) -> float | None:
    """The sum of what is known; None where nothing is."""
    known = [v for v in values if v is not None]
    return sum(known) if known else None


def _began(history: History) -> date:
    """The day of the first record of a plan or a session, at most the day on which the person was added."""
    days = [s.day for s in history.sessions[:1]] + [p.for_day for p in history.plan[:1]]
    return min([*days, history.person.created_at.date()])


def _last_plans(history: History) -> dict[date, list[str]]:
    """The movements of each day's last decision: a plan may have changed while the day went on."""
    found: dict[date, list[str]] = {}
    for event in events_of(history, "decision"):
        plan = event.data.get("plan")
        if isinstance(plan, list):
            found[event.day] = [str(item["exercise"]) for item in plan if isinstance(item, dict) and "exercise" in item]
    return found


def _items(history: History) -> dict[date, dict[str, PlanItem]]:
    """By day and movement, the newest item."""
    found: dict[date, dict[str, PlanItem]] = {}
    for item in history.plan:
        found.setdefault(item.for_day, {})[item.exercise] = item
    return found


def _sessions(history: History) -> dict[date, dict[str, list[Session]]]:
    """By day and movement; what was begun and left without a word is there too, and counts for nothing."""
    found: dict[date, dict[str, list[Session]]] = {}
    for session in newest_records(history):
        if session.ended_at is not None:
            found.setdefault(session.day, {}).setdefault(session.exercise, []).append(session)
    return found
