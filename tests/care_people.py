"""People for the tests of care: a history that is written day by day, as the app would write it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

from checker.care.decision import Decision, Planned
from checker.care.programme import decide
from checker.care.questions import asked
from checker.care.records import (
    Amount,
    CheckIn,
    Episode,
    Event,
    History,
    LadderAnswer,
    Person,
    Profile,
    Release,
    SafetyAnswer,
    Session,
    SideRange,
    Value,
)
from checker.care.rules import Rules, load_rules
from checker.exercise import Exercise
from checker.library import list_exercises

DAY0 = date(2026, 12, 1)


@cache
def library() -> dict[str, Exercise]:
    """The shipped movements by id."""
    return {e.id: e for e in list_exercises()}


def rules() -> Rules:
    return load_rules()


@dataclass
class Diary:
    """A person's records, written in the order of time. `day` is the number of the day from the first one."""

    records: dict[str, list[Any]] = field(default_factory=dict)
    person: Person = field(
        default_factory=lambda: Person(
            id=uuid.UUID(int=1), name="Ana", created_at=datetime(2026, 12, 1, tzinfo=UTC), born_year=1985, country="GB"
        )
    )
    count: int = 1

    def at(self, day: int, hour: float = 8.0) -> datetime:
        return datetime.combine(DAY0 + timedelta(days=day), time(0), UTC) + timedelta(hours=hour)

    def head(self, day: int, hour: float) -> dict[str, Any]:
        self.count += 1
        return {"id": uuid.UUID(int=self.count), "person_id": self.person.id, "at": self.at(day, hour)}

    def add(self, kind: str, record: Any) -> Any:
        self.records.setdefault(kind, []).append(record)
        return record

    # --- what the app would write ---------------------------------------------------------------

    def profile(self, day: int = 0, hour: float = 7.0, **more: Any) -> None:
        self.add("profiles", Profile(**self.head(day, hour), **more))

    def episode(self, onset: int = 0, day: int = 0, hour: float = 7.0, **more: Any) -> None:
        self.add("episodes", Episode(**self.head(day, hour), onset=DAY0 + timedelta(days=onset), **more))

    def answer(self, question: str, answer: str, day: int = 0, hour: float = 7.5, because: str = "first") -> Any:
        head = self.head(day, hour)
        return self.add(
            "answers", SafetyAnswer(**head, question=question, answer=answer, because=because, text_id=f"{question}/1")
        )

    def all_clear(self, day: int = 0, hour: float = 7.5, because: str = "weekly") -> None:
        for question in asked(rules()):
            self.answer(question.id, "no", day, hour, because)

    def release(self, question: str, day: int, hour: float = 9.0, by: str = "person") -> None:
        head = self.head(day, hour)
        talked = DAY0 + timedelta(days=day)
        self.add("releases", Release(**head, question=question, by=by, clinician="Dr Roe", talked_on=talked))

    def ladder(self, hard: Mapping[int, int], day: int = 0, hour: float = 7.6) -> None:
        for rung in range(1, 10):
            self.add("ladder", LadderAnswer(**self.head(day, hour), rung=rung, difficulty=hard.get(rung, 0)))

    def check_in(self, pain: int | None, day: int = 0, hour: float = 7.7, kind: str = "daily", **more: Any) -> Any:
        return self.add("check_ins", CheckIn(**self.head(day, hour), kind=kind, pain=pain, **more))

    def session(self, exercise: str, day: int, hour: float = 10.0, **more: Any) -> Session:
        more = {"how": "live", "measured": True, "ended_at": self.at(day, hour + 0.1)} | more
        return self.add("sessions", Session(**self.head(day, hour), exercise=exercise, **more))

    def event(self, kind: str, day: int, hour: float = 12.0, who: str = "physio", **more: Any) -> Event:
        return self.add("events", Event(**self.head(day, hour), kind=kind, who=who, **more))

    # --- whole days -----------------------------------------------------------------------------

    def begin(self, hard: Mapping[int, int], pain: int, onset: int = 0, **profile: Any) -> None:
        """The first day: profile, episode, safety questions all answered with no, ladder, pain."""
        self.profile(**profile)
        self.episode(onset)
        self.all_clear(because="first")
        self.ladder(hard)
        self.check_in(pain)

    def done(
        self, exercise: str, day: int, before: int, after: int, settled: str | None = "same_day", **more: Any
    ) -> Session:
        """A movement with the pain before and after it and, the next morning, how it settled."""
        hour = 10.0 + (self.count % 97) / 100
        self.check_in(before, day, hour - 0.01, "before")
        session = self.session(exercise, day, hour, **more)
        self.check_in(after, day, hour + 0.2, "after", session_id=session.id)
        if settled is not None:
            self.check_in(before, day + 1, 7.2, "next_day", session_id=session.id, settled=settled)
        return session

    @property
    def history(self) -> History:
        kinds = {k: tuple(sorted(v, key=lambda r: (r.at, r.id))) for k, v in self.records.items()}
        return History(person=self.person, **kinds)

    def decide(self, day: int, exercises: Mapping[str, Exercise] | None = None) -> Decision:
        return decide(self.history, DAY0 + timedelta(days=day), rules(), exercises or library())

    def keep(self, decision: Decision, hour: float = 8.0) -> Decision:
        """Keep a decision as the app does."""
        day = (decision.date - DAY0).days
        self.event(
            "decision", day, hour, who="rule", reason=decision.reason, rules_version=decision.rules_version,
            data=decision.model_dump(mode="json"),
        )  # fmt: skip
        return decision

    def today(self, day: int, hour: float = 8.0) -> Decision:
        """Decide and keep it."""
        return self.keep(self.decide(day), hour)


def value(x: float, unit: str = "deg", **more: Any) -> Value:
    return Value(value=x, unit=unit, uncertainty=3.0, **({"n": 3} | more))


def try_out(exercise: Exercise, degrees: float, furthest: float | None = None) -> dict[str, Any]:
    """What a session of a self-test to first pain holds."""
    sides = [s or "both" for s in exercise.sides]
    ranges = [
        SideRange(side=s, first=value(degrees), furthest=None if furthest is None else value(furthest)) for s in sides
    ]
    main = exercise.main_measure.id
    return {
        "ranges": ranges,
        "to_first_pain": True,
        "measures": {main: value(degrees)},
        "per_repetition": {main: [degrees] * 3},
        "clear": frozenset(f.id for f in exercise.faults),
    }


def performed(item: Planned, exercise: Exercise) -> dict[str, Any]:
    """What a session holds of somebody who does all that was asked for, up to its upper end, in good form."""
    amount: Amount = item.most or item.amount
    more: dict[str, Any] = {
        "amount": amount,
        "planned": item.amount,
        "clear": frozenset(f.id for f in exercise.faults),
        "measured": exercise.is_measured,
        "how": "live" if exercise.is_measured else "timer",
        "shares": {"lowering_3s": 1.0},
    }
    if exercise.is_measured:
        ids = [m.id for m in exercise.measures if m.of != "hold_time"]
        more["measures"] = {i: value(70.0) for i in ids}
        more["per_repetition"] = {i: [70.0, 70.0, 70.0] for i in ids}
    return more
