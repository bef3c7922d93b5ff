"""What is to be looked at now, today and this week: one small function for each rule of `worklist.toml`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from math import ceil
from statistics import median

from checker.care import facts, flare
from checker.care.adherence import ACTIVE, PLANNED, days_done
from checker.care.change import smallest_told
from checker.care.change_words import value_words
from checker.care.questions import BY_CHECK_IN
from checker.care.records import Session
from checker.care.sem import SLACK
from checker.care.told import pain_verdict
from checker.care.worklist_case import Case, Reason, day_of, day_words
from checker.fault_rules import OWN_LIMIT
from checker.safety import PHASES

LOOK_BACK_DAYS = 28
"""So far back is looked for the day from which on a share or a rise has held."""


# --- now ------------------------------------------------------------------------------------------


def open_question(case: Case) -> Iterator[Reason]:
    """An open answer of the groups that stop something."""
    safety = case.basis.care.safety
    for found in case.open_questions:
        if found.unsure or found.group == "mention" or found.question == BY_CHECK_IN:
            continue
        question = safety.question(found.question)
        answers = [a for a in case.history.answers if a.question == found.question and a.at == found.since]
        day = answers[-1].day if answers else found.since.date()
        unsure = bool(answers) and answers[-1].answer == "unsure"
        yield case.reason(
            "open_question",
            day,
            {
                "question": question.text if question is not None else found.question,
                "answer": "not sure" if unsure else "yes",
                "day": day_words(day),
            },
            about=found.question,
            state=found.record,
        )


def new_leg_symptom(case: Case) -> Iterator[Reason]:
    """New symptoms in the leg, told at a check-in, that no clinician has answered."""
    for found in case.open_questions:
        told = [c for c in case.history.check_ins if c.new_leg_symptoms and c.at == found.since]
        if found.question == BY_CHECK_IN:
            day = told[-1].day if told else found.since.date()
            yield case.reason("new_leg_symptom", day, {"day": day_words(day)}, state=found.record)


def pain_high(case: Case) -> Iterator[Reason]:
    """Much pain, as the newest word or within the last days."""
    rule, limit = case.basis.worklist.pain_high, case.basis.care.safety.asking.high_pain
    told = [c for c in case.history.check_ins if c.pain is not None]
    since = case.today - timedelta(days=rule.days - 1)
    counts = [c for i, c in enumerate(told) if c.day >= since or i == len(told) - 1]
    high = [c for c in counts if c.pain is not None and c.pain >= limit]
    if not high:
        return
    first = high[-1].day
    for check_in in reversed(told):
        if check_in.at > high[-1].at or check_in.pain is None:
            continue
        if check_in.pain < limit:
            break
        first = check_in.day
    worst = max(high, key=lambda c: (c.pain or 0, c.at))
    gaps = {"pain": worst.pain, "day": day_words(worst.day)}
    yield case.reason("pain_high", first, gaps, state=str(first), grade=float(worst.pain or 0))


# --- today ----------------------------------------------------------------------------------------


def flare_long(case: Case) -> Iterator[Reason]:
    """A flare-up of the newest decision that has gone on for so many hours, whether it eases or not.

    The patient is told to see somebody only where it does not ease; who looks after them sees how the pain has gone.
    """
    limit = case.basis.care.flare.not_easing.hours
    now = case.decision.flare if case.decision is not None else None
    if now is None:
        return
    hours = int(flare.lasted(case.history, now, case.today) / timedelta(hours=1))
    if hours >= limit:
        told = flare.first_and_last(case.history, now)
        pain = f"pain {told[0].pain} → {told[1].pain} of 10" if told else "no pain over the usual told in it"
        gaps = {"day": day_words(now.began), "hours": hours, "limit": limit, "pain": pain}
        yield case.reason("flare_long", now.began, gaps, state=str(now.began))


def back_step(case: Case) -> Iterator[Reason]:
    """The programme has gone one step back."""
    most = case.basis.worklist.back_step.days
    for event in reversed(case.decisions):
        day = day_of(event.data)
        if event.data.get("moved") != "back" or day is None:
            continue
        phase = event.data.get("visible")
        if (case.today - day).days < most and isinstance(phase, int) and phase in PHASES:
            gaps = {"phase": f"{phase}, {PHASES[phase]},", "day": day_words(day), "reason": event.reason}
            yield case.reason("back_step", day, gaps, state=str(day))
        return


def range_lost(case: Case) -> Iterator[Reason]:
    """The newest confirmed change of one side of a self-test is a loss."""
    for name, test in case.tests.items():
        may_have_fallen = any(m.largest_fall >= smallest_told(m.followed, case.basis.change) - SLACK for m in test)
        if not may_have_fallen or case.basis.exercises[name].kind != "self_test":
            continue
        for side, measured in zip(case.progress(name).sides, test, strict=True):
            news = side.change.news[-1] if side.change.news else None
            if news is None or news.direction != "fell":
                continue
            followed, last = side.series.followed, news.by[-1]
            yield case.reason(
                "range_lost",
                last.point.day,
                {
                    "what": measured.name,
                    "before": value_words(news.before.value, followed.unit, news.before.above),
                    "after": value_words(news.after.value, followed.unit, news.after.above),
                    "sessions": len(news.by),
                    "limit": value_words(ceil(round(last.limit, 6)), followed.unit),
                },
                about=f"{name}/{followed.side or ''}",
                state=str(last.point.session_id),
            )


def pain_up(case: Case) -> Iterator[Reason]:
    """Pain at rest has gone up over a week, by as much as is told as a change."""
    rule = case.basis.worklist.pain_up
    now = _medians(case, case.today)
    if now is None or pain_verdict(*now, case.basis.change) != "worse":
        return

    def holds(day: date) -> bool:
        then = _medians(case, day)
        return then is not None and pain_verdict(*then, case.basis.change) == "worse"

    since = case.first_day(holds, LOOK_BACK_DAYS)
    gaps = {"before": now[0], "now": now[1], "now_days": rule.now_days, "before_days": rule.before_days}
    yield case.reason("pain_up", since, gaps, state=str(since), grade=now[1])


def _medians(case: Case, today: date) -> tuple[float, float] | None:
    """Pain at rest in the days before and in the last days; None where either was not told often enough."""
    rule = case.basis.worklist.pain_up
    now_from = today - timedelta(days=rule.now_days)
    before_from = now_from - timedelta(days=rule.before_days)
    told = [(c.day, c.pain) for c in facts.at_rest(case.history) if c.pain is not None]
    now = [pain for day, pain in told if now_from < day <= today]
    if len({day for day, _ in told if now_from < day <= today}) < rule.least_told:
        return None
    before = [pain for day, pain in told if before_from < day <= now_from]
    return (float(median(before)), float(median(now))) if before else None


def past_limit(case: Case) -> Iterator[Reason]:
    """A movement went certainly past the limit that a physio has set."""
    lately = _lately(case.sessions, case.today, case.basis.worklist.past_limit.days)
    newest = {s.exercise: s for s in lately if OWN_LIMIT in s.faults}
    for exercise, session in newest.items():
        gaps = {"exercise": case.name(exercise), "day": day_words(session.day)}
        yield case.reason("past_limit", session.day, gaps, about=exercise, state=str(session.id))


# --- this week ------------------------------------------------------------------------------------


def not_measured(case: Case) -> Iterator[Reason]:
    """The newest sessions before the camera or of an upload gave no value."""
    rule, exercises = case.basis.worklist.not_measured, case.basis.exercises
    filmed = [
        s
        for s in case.sessions
        if s.how != "timer" and s.ended_at is not None and s.aborted is None
        and (s.exercise not in exercises or exercises[s.exercise].is_measured)
    ]  # fmt: skip
    row: list[Session] = []
    for session in reversed(filmed):
        if session.measured:
            break
        row.insert(0, session)
    if len(row) >= rule.sessions:
        what = ", ".join(dict.fromkeys(case.name(s.exercise) for s in row))
        since = row[rule.sessions - 1].day
        yield case.reason("not_measured", since, {"sessions": len(row), "what": what}, state=str(row[0].id))


def few_days(case: Case) -> Iterator[Reason]:
    """Less than a share of the planned days had anything done, of the plan or else; today is not over.

    How much of the plan it was stands in "Planned and done".
    """
    rule = case.basis.worklist.few_days
    days = days_done(
        case.history, case.today - timedelta(days=1), rule.days + LOOK_BACK_DAYS, case.basis.care
    )  # fmt: skip
    planned = {d.day: d.state in ACTIVE for d in days if d.state in PLANNED}

    def counts(today: date) -> tuple[int, int]:
        last = [done for day, done in planned.items() if today - timedelta(days=rule.days) <= day < today]
        return sum(last), len(last)

    def holds(today: date) -> bool:
        done, of = counts(today)
        return of >= rule.least_planned and done < rule.share * of

    if holds(case.today):
        done, of = counts(case.today)
        since = case.first_day(holds, LOOK_BACK_DAYS)
        yield case.reason("few_days", since, {"done": done, "planned": of, "days": rule.days}, state=str(since))


def no_session(case: Case) -> Iterator[Reason]:
    """No session for days while the programme runs."""
    rule = case.basis.worklist.no_session
    running = case.decision is not None and case.decision.state in {"ACTIVE", "FLARE", "PAUSED"}
    days = [s.day for s in case.history.sessions]
    if not running or not days:
        return
    last = max(days)
    idle = (case.today - last).days
    if idle >= rule.days:
        weeks = float((idle - rule.days) // rule.again_days)
        since = last + timedelta(days=rule.days)
        yield case.reason("no_session", since, {"days": idle, "day": day_words(last)}, state=str(last), grade=weeks)


def new_fault(case: Case) -> Iterator[Reason]:
    """A fault that nobody had before has come up in several sessions."""
    rule, exercises = case.basis.worklist.new_fault, case.basis.exercises
    found: dict[tuple[str, str], list[Session]] = {}
    for session in case.sessions:
        for fault in sorted(session.faults):
            found.setdefault((session.exercise, fault), []).append(session)
    for (name, fault), sessions in found.items():
        rules = [f for f in exercises[name].faults if f.id == fault] if name in exercises else []
        first = sessions[0].day
        if not rules or rules[0].of_sides or len(sessions) < rule.sessions:
            continue
        if (case.today - first).days < rule.new_days:
            since, about = sessions[rule.sessions - 1].day, f"{name}/{fault}"
            told = {"exercise": case.name(name), "fault": rules[0].name, "sessions": len(sessions)}
            yield case.reason("new_fault", since, {**told, "day": day_words(first)}, about=about, state=str(first))


def pain_marks(case: Case) -> Iterator[Reason]:
    """Several marks of pain in one session."""
    rule = case.basis.worklist.pain_marks
    marks: dict[object, int] = {}
    for mark in case.history.pain_marks:
        marks[mark.session_id] = marks.get(mark.session_id, 0) + 1
    for session in _lately(case.sessions, case.today, rule.days):
        n = marks.get(session.id, 0)
        if n >= rule.marks:
            gaps = {"marks": n, "exercise": case.name(session.exercise), "day": day_words(session.day)}
            yield case.reason("pain_marks", session.day, gaps, about=str(session.id))


def _lately(sessions: Sequence[Session], today: date, days: int) -> list[Session]:
    return [s for s in sessions if (today - s.day).days < days]
