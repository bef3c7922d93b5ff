"""What a history says of a day: sessions with the pain around them, the usual pain, how long ago it began.

Nothing is judged here. What was not told is None, and never 0.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from checker.care.records import CheckIn, Episode, Event, History, Session, Settled


@dataclass(frozen=True, slots=True)
class SessionDay:
    """A day on which something was done: "one session" of the criteria, whatever the number of its movements.

    Attributes:
        after: the most pain that was told after a movement.
        rise: the largest rise from before a movement to after it.
        settled: the slowest that was told of it.
        painkiller: whether one was taken before any of it.
        check_ins: those that this was taken from.
    """

    day: date
    sessions: tuple[Session, ...]
    after: int | None
    rise: int | None
    settled: Settled | None
    painkiller: bool
    check_ins: tuple[CheckIn, ...]

    @property
    def aborted(self) -> bool:
        """Whether any of it was stopped early."""
        return any(s.aborted is not None for s in self.sessions)

    @property
    def measured(self) -> bool:
        """Whether anything of it has a measured value."""
        return any(s.measured for s in self.sessions)

    @property
    def inputs(self) -> tuple[str, ...]:
        """Ids of the records that this was taken from."""
        return ids_of((*self.sessions, *self.check_ins))


SETTLED_ORDER: tuple[Settled, ...] = ("not_raised", "1h", "same_day", "by_morning", "longer")


def known_on(history: History, today: date) -> History:
    """The history without what was recorded after a day: a decision of that day knows nothing of the next.

    Only the newest record of an id holds, for a session is written as it goes.
    """

    def known(records: Iterable[Any]) -> tuple[Any, ...]:
        newest = {r.id: r for r in records if r.day <= today}
        return tuple(sorted(newest.values(), key=lambda r: (r.at, r.id)))

    kinds = [name for name in History.model_fields if name != "person"]
    return history.model_copy(update={name: known(getattr(history, name)) for name in kinds})


def ids_of(records: Iterable[Any]) -> tuple[str, ...]:
    """Records as a decision names them: "session/<id>", each once."""
    names = (f"{type(r).__name__.lower()}/{r.id}" for r in records)
    return tuple(dict.fromkeys(names))


def newest_episode(history: History) -> Episode | None:
    """The open episode; the newest record of the newest onset."""
    if not history.episodes:
        return None
    newest = history.episodes[-1]
    return newest if newest.closed_on is None else None


def days_since_onset(history: History, today: date) -> int | None:
    """How many days ago it began; None where that is not known, 0 where it is said to begin later."""
    episode = newest_episode(history)
    return None if episode is None else max(0, (today - episode.onset).days)


def at_rest(history: History) -> list[CheckIn]:
    """The check-ins that tell a pain at rest, in order of time: all but those right after a movement."""
    return [c for c in history.check_ins if c.kind != "after" and c.pain is not None]


def pain_now(history: History, today: date) -> int | None:
    """The last pain that was told today; None where none was told today."""
    told = [c.pain for c in history.check_ins if c.day == today and c.pain is not None]
    return told[-1] if told else None


def last_pain(history: History) -> int | None:
    """The last pain at rest that was ever told."""
    told = at_rest(history)
    return told[-1].pain if told else None


def has_dropped(first: int, last: int, drop: int, share: float) -> bool:
    """Whether pain is clearly less than at first: by so many points, or by such a share."""
    return first - last >= drop or (first > 0 and (first - last) / first >= share)


def usual_pain(history: History, before: CheckIn, days: int) -> float | None:
    """The median of the pain at rest in the days before a check-in; None where none was told."""
    since = before.at - timedelta(days=days)
    told = [c.pain for c in at_rest(history) if since <= c.at < before.at and c.pain is not None]
    return float(median(told)) if told else None


def session_days(history: History, since: date, until: date) -> list[SessionDay]:
    """The days with sessions from `since` to before `until`, in order."""
    by_day: dict[date, list[Session]] = {}
    for session in history.sessions:
        if since <= session.day < until:
            by_day.setdefault(session.day, []).append(session)
    if not by_day:
        return []
    near: dict[date, list[CheckIn]] = {}
    named: dict[UUID, list[CheckIn]] = {}
    for check_in in history.check_ins:
        near.setdefault(check_in.day, []).append(check_in)
        if check_in.session_id is not None:
            named.setdefault(check_in.session_id, []).append(check_in)
    out = []
    for day, sessions in sorted(by_day.items()):
        about = {c.id: c for d in (day, day + timedelta(days=1)) for c in near.get(d, [])}
        about |= {c.id: c for s in sessions for c in named.get(s.id, [])}
        out.append(_session_day(day, sessions, sorted(about.values(), key=lambda c: (c.at, c.id))))
    return out


def _session_day(day: date, sessions: list[Session], about: list[CheckIn]) -> SessionDay:
    """One day, from its sessions and the check-ins of the day and the next, and those that name one of them."""
    own = {s.id for s in sessions}
    of_day = [c for c in about if c.day == day or c.session_id in own]
    told_after = {c.session_id or c.id: c for c in of_day if c.kind == "after" and c.pain is not None}
    afters = list(told_after.values())  # of one movement the last word: a slip is put right by another click
    rises = [rise for c in afters if (rise := _rise(c, of_day)) is not None]
    told = [c for c in about if c.settled is not None and _tells_of(c, day, own)]
    slow = max((SETTLED_ORDER.index(c.settled) for c in told if c.settled is not None), default=None)
    killers = [c for c in of_day if c.kind in {"before", "daily"} and c.painkiller]
    used = {c.id: c for c in (*afters, *told, *killers)}
    return SessionDay(
        day,
        tuple(sessions),
        max((c.pain for c in afters if c.pain is not None), default=None),
        max(rises, default=None),
        None if slow is None else SETTLED_ORDER[slow],
        bool(killers),
        tuple(used.values()),
    )


def _tells_of(check_in: CheckIn, day: date, sessions: set[UUID]) -> bool:
    """Whether a check-in tells how this day's sessions settled: it names one, or comes on the day or the next."""
    if check_in.session_id is not None:
        return check_in.session_id in sessions
    gap = (check_in.day - day).days
    return gap == 1 or (gap == 0 and check_in.kind == "after")


def _rise(after: CheckIn, of_day: list[CheckIn]) -> int | None:
    """Pain after a movement over the pain before it: the same session's, or else the last one told that day."""
    earlier = [c for c in of_day if c.at <= after.at and c.kind != "after" and c.pain is not None]
    own = [c for c in earlier if c.session_id is not None and c.session_id == after.session_id]
    before = (own or earlier)[-1].pain if (own or earlier) else None
    return None if before is None or after.pain is None else after.pain - before


def sessions_of(history: History, exercise: str, since: date, until: date) -> list[Session]:
    """One movement's sessions from `since` to before `until`, in order."""
    return [s for s in history.sessions if s.exercise == exercise and since <= s.day < until]


def events_of(history: History, *kinds: str) -> list[Event]:
    """The events of some kinds, in order of time."""
    return [e for e in history.events if e.kind in kinds]
