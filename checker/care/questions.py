"""The safety questions: which are open, when they are due, what is blocked, and what a person is told (`safety.toml`).

A yes is never forgotten: it stays open until a clinician's answer is recorded after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from checker.care import facts
from checker.care.question_rules import Blocks, Group, Question
from checker.care.records import Answer, AskedBecause, CheckIn, History, SafetyAnswer
from checker.care.rules import Rules

BY_CHECK_IN = "new_leg_symptoms"
"""The question that a check-in opens."""

_ORDER: dict[Group, int] = {"now": 0, "first": 1, "mention": 2}


@dataclass(frozen=True, slots=True)
class Open:
    """A question that is open.

    Attributes:
        since: when it was answered so.
        unsure: whether it is only something to ask about: "not sure" where that does not count as yes.
        record: id of the answer, as a decision names its inputs.
    """

    question: str
    group: Group
    since: datetime
    unsure: bool
    record: str


@dataclass(frozen=True, slots=True)
class Due:
    """Questions to be asked now, and why."""

    because: AskedBecause
    questions: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a person is told: what to do, where, and what to take along."""

    title: str
    do: str
    where: str
    take: str

    @property
    def lines(self) -> tuple[str, str, str]:
        """The three lines in their order."""
        return self.do, self.where, self.take


def asked(rules: Rules) -> list[Question]:
    """The questions of the list, in its order."""
    return [q for q in rules.safety.questions if q.asked]


def open_questions(history: History, rules: Rules) -> list[Open]:
    """What is open, the most urgent first.

    A yes, and a "not sure" of group "now", stays open until a Release after it. Another "not sure" is closed by a
    later answer as well. A question that the rules no longer have counts as one of group "first".
    """
    given: dict[str, list[_Given]] = {BY_CHECK_IN: [("yes", c) for c in history.check_ins if c.new_leg_symptoms]}
    for answer in history.answers:
        given.setdefault(answer.question, []).append((answer.answer, answer))
    released: dict[str, datetime] = {}
    for release in history.releases:
        released[release.question] = max(release.at, released.get(release.question, release.at))
    found = [_as_open(question, answers, released.get(question), rules) for question, answers in given.items()]
    return sorted((o for o in found if o is not None), key=lambda o: (*_urgency(o, rules), o.since, o.question))


def _urgency(found: Open, rules: Rules) -> tuple[int, bool, bool]:
    """How urgent it is, the most urgent least: by its group, and what is to be seen today before the rest of it."""
    rule = rules.safety.question(found.question)
    return _ORDER[found.group], found.unsure, not (rule is not None and rule.today)


_Given = tuple[Answer, SafetyAnswer | CheckIn]


def _as_open(question: str, given: list[_Given], released: datetime | None, rules: Rules) -> Open | None:
    """One question by what was answered since its last release; None where it is not open."""
    if all(answer == "no" for answer, _ in given):
        return None
    rule = rules.safety.question(question)
    group: Group = rule.group if rule is not None else "first"
    given = sorted((g for g in given if released is None or g[1].at >= released), key=lambda g: g[1].at)
    counts = {"yes", "unsure"} if group == "now" else {"yes"}
    first = next((record for answer, record in given if answer in counts), None)
    unsure = first is None and bool(given) and given[-1][0] == "unsure"
    record = given[-1][1] if unsure else first
    return None if record is None else Open(question, group, record.at, unsure, facts.ids_of([record])[0])


def blocked(open_now: list[Open], rules: Rules) -> Blocks:
    """What the open questions block: the strictest of them; what is only to be asked about blocks nothing."""
    kinds = {rules.safety.groups[o.group].blocks for o in open_now if not o.unsure}
    if "everything" in kinds:
        return "everything"
    return "exercises" if "exercises" in kinds else "nothing"


def told(question: str, rules: Rules, country: str | None = None, *, unsure: bool = False) -> Told:
    """What a person is told who has said yes, or "not sure".

    Args:
        question: its id.
        rules: with all texts.
        country: ISO code, for the emergency number; None: not known.
        unsure: the answer was "not sure", and the question is not of group "now".
    """
    found = rules.safety.question(question)
    group = rules.safety.groups[found.group if found is not None else "first"]
    if unsure and (found is None or found.group != "now"):
        lines = rules.safety.unsure
        return Told("Ask about it", lines.do, lines.where, lines.take)
    number = emergency_number(country, rules)
    own = (found.do, found.where, found.take) if found is not None else (None, None, None)
    do, where, take = (
        (mine or usual).replace("{number}", number)
        for mine, usual in zip(own, (group.do, group.where, group.take), strict=True)
    )
    return Told(group.title, do, where, take)


def emergency_number(country: str | None, rules: Rules) -> str:
    """The emergency number of a country, or what is said where it is not known."""
    return rules.safety.emergency.numbers.get(country or "", rules.safety.emergency.otherwise)


# --- when they are due ----------------------------------------------------------------------------


def questions_due(history: History, today: date, rules: Rules, *, flare_since: date | None = None) -> list[Due]:
    """Which questions are to be asked today, and why; the most pressing reason first, none twice.

    At the first start, weekly, at a flare-up, where pain jumps over the median of the days before or is high, and after
    a pause. What was answered since the reason came up, or is open, is not asked again.

    Args:
        history: everything that is known.
        today: the local day.
        rules: with the questions.
        flare_since: the day on which a flare-up began that the history does not name yet.
    """
    return due_now(facts.known_on(history, today), today, rules, flare_since)


def due_now(history: History, today: date, rules: Rules, flare_since: date | None = None) -> list[Due]:
    """The same of a history that is known to end with today."""
    is_open = {o.question for o in open_questions(history, rules) if not o.unsure}
    newest: dict[str, SafetyAnswer] = {}
    for answer in history.answers:
        if answer.question not in newest or newest[answer.question].at <= answer.at:
            newest[answer.question] = answer
    reasons = [
        _pain_jump(history, today, rules),
        _flare(history, flare_since),
        _pause(history, today, rules),
        _by_time(history, today, rules),
    ]
    out: list[Due] = []
    taken = is_open
    for because, reason, since in (r for r in reasons if r is not None):
        left = tuple(q.id for q in asked(rules) if q.id not in taken and not _is_since(newest.get(q.id), since))
        if left:
            out.append(Due(because, left, reason))
            taken = taken | set(left)
    return out


_Reason = tuple[AskedBecause, str, datetime | date]


def _is_since(answer: SafetyAnswer | None, since: datetime | date) -> bool:
    """Whether an answer is of that day or later; of that moment or later, where the reason is one."""
    if answer is None:
        return False
    return answer.at >= since if isinstance(since, datetime) else answer.day >= since


def _by_time(history: History, today: date, rules: Rules) -> _Reason | None:
    """First, or weekly: a question is due so many days after its last answer, and one never answered at once."""
    week = rules.safety.asking.weekly_days
    since = today - timedelta(days=week - 1)
    if not history.answers:
        return "first", "These questions come first.", date.min
    return "weekly", f"{week} days have passed.", since


def _pain_jump(history: History, today: date, rules: Rules) -> _Reason | None:
    """Pain of the last week that jumped over the usual, or is high.

    A jump that lasts over several check-ins is asked about once, and again where it goes higher; pain that is high
    once a day.
    """
    asking = rules.safety.asking
    told = [c for c in history.check_ins if c.pain is not None and (today - c.day).days < asking.weekly_days]
    for i in range(len(told) - 1, -1, -1):
        pain, usual = told[i].pain or 0, facts.usual_pain(history, told[i], asking.median_days)
        if usual is not None and pain >= usual + asking.jump:
            top = _top_of_run(history, told[: i + 1], rules)
            return "pain_jump", f"Pain is {pain}; your usual is {usual:g}.", top.at
        if pain >= asking.high_pain:
            return "pain_jump", f"Pain is {pain} of 10.", told[i].day
    return None


def _top_of_run(history: History, told: list[CheckIn], rules: Rules) -> CheckIn:
    """The first check-in with the most pain, of the last ones that all are jumps."""
    asking = rules.safety.asking
    run: list[CheckIn] = []
    for check_in in reversed(told):
        usual = facts.usual_pain(history, check_in, asking.median_days)
        if usual is None or (check_in.pain or 0) < usual + asking.jump:
            break
        run.insert(0, check_in)
    return max(run, key=lambda c: c.pain or 0)


def _flare(history: History, since: date | None) -> _Reason | None:
    """A flare-up that has begun and not ended: by an event, or by the newest kept decision."""
    told = facts.events_of(history, "flare_began", "flare_ended", "decision")
    newest = told[-1] if told else None
    if newest is not None and newest.kind == "flare_began":
        return "flare", "It has flared up.", newest.at
    kept = newest.data.get("flare") if newest is not None and newest.kind == "decision" else None
    began = kept.get("began") if isinstance(kept, dict) else None
    day = since or (_as_day(began) if isinstance(began, str) else None)
    return None if day is None else ("flare", "It has flared up.", day)


def _as_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _pause(history: History, today: date, rules: Rules) -> _Reason | None:
    """A gap since the last session: the questions of the time after it."""
    days = [s.day for s in history.sessions if s.day < today]
    if not days or (today - days[-1]).days < rules.programme.pause.after_days:
        return None
    return (
        "after_pause",
        f"Your last session was {(today - days[-1]).days} days ago.",
        days[-1] + timedelta(days=rules.programme.pause.after_days),
    )
