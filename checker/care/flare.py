"""A flare-up: when it began, when it is over, how many there were (`flare.toml`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from checker.care import facts
from checker.care.decision import Flare
from checker.care.records import CheckIn, Event, History
from checker.care.rules import Rules


@dataclass(frozen=True, slots=True)
class Began:
    """That one has begun: by which rule, why, with the usual pain before it."""

    usual: float | None
    rule: str
    reason: str
    inputs: tuple[str, ...]


def began(history: History, since: Event | None, today: date, rules: Rules) -> Began | None:
    """Whether a flare-up has begun that the last decision did not know of.

    Args:
        history: known on `today`.
        since: the event of the last decision; None: there is none.
        today: the local day.
        rules: with the numbers.
    """
    pressed = [e for e in facts.events_of(history, "flare_began") if (since is None or e.at > since.at)]
    ended = [e for e in facts.events_of(history, "flare_ended") if pressed and e.at >= pressed[-1].at]
    if pressed and not ended:
        event = pressed[-1]
        usual = _usual_before(history, event, rules)
        return Began(usual, "flare/told", rules.flare.texts.began_by_person, facts.ids_of([event]))
    return _by_pain(history, since, today, rules)


def is_far_above_usual(history: History, pain: int, at: datetime, rules: Rules) -> bool:
    """Whether a pain that is told now is so far above the usual that it may be a flare-up.

    Args:
        history: of the days before.
        pain: 0 to 10.
        at: when it is told.
        rules: with the numbers.
    """
    now = CheckIn(id=history.person.id, person_id=history.person.id, at=at, kind="daily", pain=pain)
    usual = facts.usual_pain(history, now, rules.flare.began.median_days)
    return usual is not None and pain >= usual + rules.flare.began.rise


def _usual_before(history: History, event: Event, rules: Rules) -> float | None:
    """The median of the days before; of a day that it has flared up on, only what was told before the event."""
    as_if = CheckIn(id=event.id, person_id=event.person_id, at=event.at, zone=event.zone, kind="daily")
    days = rules.flare.began.median_days
    told = [c for c in facts.at_rest(history) if c.at < event.at and c.day < event.day]
    before = history.model_copy(update={"check_ins": tuple(told)})
    return facts.usual_pain(before, as_if, days)


def _by_pain(history: History, since: Event | None, today: date, rules: Rules) -> Began | None:
    """Pain well over the usual at two check-ins far enough apart, that keeps from something."""
    rule = rules.flare.began
    told = facts.at_rest(history)
    if not told or told[-1].day != today or not told[-1].keeps_from_something:
        return None
    last = told[-1]
    for i in range(len(told) - 2, -1, -1):
        first = told[i]
        if last.at - first.at > timedelta(days=rule.median_days):
            return None
        if last.at - first.at < timedelta(hours=rule.hours_apart):
            continue
        usual = facts.usual_pain(history, first, rule.median_days)
        if usual is None or not all(c.pain is not None and c.pain >= usual + rule.rise for c in told[i:]):
            continue
        if since is not None and first.day < _last_flare_over(history):
            return None
        text = rules.flare.texts.began_by_rule
        reason = text.format(first=first.pain, second=last.pain, rise=rule.rise, median=usual)
        return Began(usual, "flare/pain", reason, facts.ids_of([first, last]))
    return None


def _last_flare_over(history: History) -> date:
    """The day on which the last one was over; the first of all days where there was none."""
    return max(_days_moved(history, "flare_over"), default=date.min)


def is_over(history: History, flare: Flare, rules: Rules) -> tuple[str, tuple[str, ...]] | None:
    """Why a flare-up is over, with the records that say so; None: it goes on."""
    rule = rules.flare.over
    ended = [e for e in facts.events_of(history, "flare_ended") if e.who == "physio" and e.day >= flare.began]
    if ended:
        return f"{ended[-1].name or 'Your physio'} has said that it is over.", facts.ids_of(ended[-1:])
    most = rules.programme.ok_session.pain_after if flare.usual is None else flare.usual + rule.within
    calm = _trailing(facts.at_rest(history), lambda c: c.pain is not None and c.pain <= most and c.day >= flare.began)
    if len(calm) < 2 or calm[-1].at - calm[0].at < timedelta(hours=rule.hours_apart):
        return None
    usual = most if flare.usual is None else flare.usual
    return rules.flare.texts.over.format(within=rule.within, median=usual), facts.ids_of([calm[0], calm[-1]])


def began_at(history: History, flare: Flare) -> datetime:
    """The moment of its beginning: of what the person pressed, or of the pain that told it; else the end of the day."""
    pressed = [e.at for e in facts.events_of(history, "flare_began") if e.day <= flare.began]
    if flare.rule == "flare/told" and pressed:
        return pressed[-1]
    told = [c.at for c in facts.at_rest(history) if c.day == flare.began and c.keeps_from_something]
    return told[-1] if told else _midnight(history, flare.began + timedelta(days=1))


def lasted(history: History, flare: Flare, today: date) -> timedelta:
    """How long it has gone on for certain: to the start of today, or to the newest record of today."""
    records = (*history.check_ins, *history.sessions, *history.events)
    until = max([_midnight(history, today), *(r.at for r in records if r.day == today)])
    return until - began_at(history, flare)


def first_and_last(history: History, flare: Flare) -> tuple[CheckIn, CheckIn] | None:
    """Of the pain at rest in it, the first that was over the usual, and the last; None where none was told."""
    told = [c for c in facts.at_rest(history) if c.day >= flare.began]
    over_usual = (c for c in told if c.pain is not None and (flare.usual is None or c.pain > flare.usual))
    first = next(over_usual, None)
    return None if first is None else (first, told[-1])


def is_not_easing(history: History, flare: Flare, rules: Rules) -> bool:
    """Whether pain that is told so many hours after the beginning is not clearly less than it was at first."""
    found, drop = first_and_last(history, flare), rules.advice.of("no_drop_72h")
    if found is None:
        return False
    first, last = found
    if last.at - began_at(history, flare) < timedelta(hours=rules.flare.not_easing.hours):
        return False
    if first.pain is None or last.pain is None:
        return False
    return not facts.has_dropped(first.pain, last.pain, drop.drop or 0, drop.share or 1.0)


def _midnight(history: History, day: date) -> datetime:
    """The start of a day, in the zone of the newest record."""
    records = (*history.check_ins, *history.events)
    zone = max(records, key=lambda r: r.at).zone if records else "UTC"
    return datetime.combine(day, time.min, ZoneInfo(zone))


def _trailing(told: list[CheckIn], holds: Callable[[CheckIn], bool]) -> list[CheckIn]:
    """The last check-ins of which all hold."""
    out: list[CheckIn] = []
    for check_in in reversed(told):
        if not holds(check_in):
            break
        out.append(check_in)
    return out[::-1]


def flare_days(history: History) -> list[date]:
    """The days on which the kept decisions were in a flare-up."""
    days = (_day_of(e) for e in facts.events_of(history, "decision") if e.data.get("state") == "FLARE")
    return sorted({d for d in days if d is not None})


def flare_starts(history: History) -> list[date]:
    """The days on which one began, by the kept decisions."""
    return sorted(set(_days_moved(history, "flare")))


def longer_each_time(history: History, flares: int) -> bool:
    """Whether each of the last few lasted longer than the one before it."""
    starts, ends = flare_starts(history), sorted(set(_days_moved(history, "flare_over")))
    spans = []
    for start in starts:
        end = next((e for e in ends if e >= start), None)
        if end is not None:
            spans.append((end - start).days)
    last = spans[-flares:]
    return len(last) >= flares and all(a < b for a, b in pairwise(last))


def _days_moved(history: History, moved: str) -> list[date]:
    days = (_day_of(e) for e in facts.events_of(history, "decision") if e.data.get("moved") == moved)
    return [d for d in days if d is not None]


def _day_of(event: Event) -> date | None:
    """The day that a kept decision is of."""
    day = event.data.get("date")
    try:
        return date.fromisoformat(day) if isinstance(day, str) else None
    except ValueError:
        return None
