"""Somebody with weeks behind them, in a store: for benchmarks of pages, and for tests of them in a browser."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid5

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from checker.care.decision import Decision
from checker.care.programme import DECISION, decide
from checker.care.questions import asked
from checker.care.records import (
    ActivityAnswer,
    Amount,
    CheckIn,
    Episode,
    Event,
    History,
    LadderAnswer,
    Person,
    PlanItem,
    Profile,
    Record,
    SafetyAnswer,
    Session,
    Setting,
    SideRange,
    Value,
)
from checker.care.rules import load_rules
from checker.exercise import Exercise
from checker.library import list_exercises
from checker.store import Store

TESTS: Final = ("standing_side_bend", "standing_trunk_rotation", "seated_forward_lean", "standing_hip_hinge")
OTHERS: Final = ("walking", "cat_cow", "pelvic_tilt", "knee_to_chest")
ACTIVITIES: Final = ("putting on socks, trousers, shoes", "sitting for 20 minutes, at a desk or driving", "digging")
MODEL, FILE, OTHER_FILE = "a" * 64, "c" * 64, "d" * 64
WEEK: Final = 7
TESTED_EVERY_DAYS: Final = 2


@dataclass(frozen=True, slots=True)
class Somebody:
    """Who it is, and what they did.

    Attributes:
        sessions: how many there are; about four a day on six days of seven, the last ones yesterday.
        today: the local day after the last session.
        decided: whether each day's decision and plan are kept as well; without them nothing is planned.
        asked_days_ago: when the weekly questions were answered last.
    """

    sessions: int
    today: date
    name: str = "Ana"
    decided: bool = True
    asked_days_ago: int = 1

    @property
    def person(self) -> Person:
        """The person; the same name is the same one."""
        return Person(id=uuid5(UUID(int=7), self.name), name=self.name, created_at=self._at(self._days, 6.0))

    @property
    def _days(self) -> int:
        """How many days ago it began."""
        return -(-self.sessions * WEEK // ((WEEK - 1) * len(TESTS))) + 1

    def _at(self, days_ago: float, hour: float) -> datetime:
        return datetime.combine(self.today, time(), UTC) + timedelta(days=-days_ago, hours=hour)

    def _head(self, what: str, days_ago: float, hour: float) -> dict[str, Any]:
        own = uuid5(self.person.id, f"{what} {days_ago} {hour}")
        return {"id": own, "person_id": self.person.id, "at": self._at(days_ago, hour)}

    def keep(self, store: Store) -> History:
        """Write them to a store, and return them."""
        store.add_person(self.person)
        exercises = {e.id: e for e in list_exercises()}
        left = self.sessions
        for days_ago in range(self._days, -1, -1):
            store.add(*self._told(days_ago))
            planned: list[str] = []
            if self.decided and days_ago:
                records = list(self._decided(store.history(self.person.id), days_ago, exercises))
                planned = [r.exercise for r in records if isinstance(r, PlanItem)]
                store.add(*records)
            for session in list(self._done(days_ago, exercises, planned))[: left if days_ago else 0]:
                store.write_session(session)
                left -= 1
        return store.history(self.person.id)

    def _told(self, days_ago: int) -> Iterator[Record]:
        """What the person answers on a day, in the morning."""
        since = self._days - days_ago
        if since == 0:
            yield Profile(**self._head("profile", days_ago, 6.5))
            yield Episode(**self._head("episode", days_ago, 6.5), onset=self.today - timedelta(days=days_ago + 2))
        if days_ago:
            pain = max(1, 6 - since // 4)
            yield CheckIn(**self._head("check-in", days_ago, 7.0), kind="daily", pain=pain, painkiller=since == 5)
        if (days_ago >= self.asked_days_ago and (days_ago - self.asked_days_ago) % WEEK == 0) or since == 0:
            for question in asked(load_rules()):
                head = self._head(question.id, days_ago, 6.6)
                yield SafetyAnswer(
                    **head, question=question.id, answer="no", because="weekly", text_id=question.text_id
                )
            for rung in range(1, 10):
                how = max(0, (6 if rung in {2, 3} else 2) - since // WEEK)
                yield LadderAnswer(**self._head(f"rung {rung}", days_ago, 6.7), rung=rung, difficulty=how)
            for name, least in zip(ACTIVITIES, (1, 6, 8), strict=True):
                how = max(least, 8 - since // 3)
                yield ActivityAnswer(**self._head(name, days_ago, 6.8), activity=name, difficulty=how)

    def _decided(self, history: History, days_ago: int, exercises: dict[str, Exercise]) -> Iterator[Record]:
        """The decision of a day and its plan, as the app keeps them."""
        decision: Decision = decide(history, self.today - timedelta(days=days_ago), load_rules(), exercises)
        data = decision.model_dump(mode="json")
        version = decision.rules_version
        yield Event(
            **self._head("decision", days_ago, 7.1), kind=DECISION, who="rule", rules_version=version, data=data
        )
        for item in decision.plan:
            head = self._head(f"plan {item.exercise}", days_ago, 7.1)
            yield PlanItem(
                **head, for_day=decision.date, exercise=item.exercise, amount=item.amount, rule=item.rule,
                reason=item.reason, to_first_pain=item.to_first_pain,
            )  # fmt: skip

    def _done(self, days_ago: int, exercises: dict[str, Exercise], planned: list[str]) -> Iterator[Session]:
        """Four tests to first pain on every second day, on the others what was planned; nothing on every seventh."""
        since = self._days - days_ago
        names = TESTS if since % TESTED_EVERY_DAYS == 0 else planned or OTHERS
        if since % WEEK == WEEK - 1:
            return
        for number, name in enumerate(names):
            exercise, hour = exercises[name], 8.0 + number / 4 + (since % 3) / 10
            known: dict[str, Any] = {"phase": min(1 + since // 5, 5), "exercise_sha256": FILE, "model_sha256": MODEL}
            if name in TESTS:
                known |= self._tested(exercise, since)
            else:
                known |= {"how": "timer", "amount": Amount(duration_s=1800.0)}
            head = self._head(name, days_ago, hour)
            yield Session(**head, exercise=name, ended_at=head["at"] + timedelta(minutes=4), **known)

    def _tested(self, exercise: Exercise, since: int) -> dict[str, Any]:
        """What a test gives: the left side grows, the right one stays, both scatter a little."""
        noise = ((since * 7919) % 11 - 5) / 2.5
        first = {"left": min(15 + since / 2, 33) + noise, "right": 31 - noise, None: min(28 + since / 3, 52) + noise}
        ranges = [
            SideRange(
                side=side or "both", first=_value(first[side]), furthest=_value(first[side] + 9), start=_value(1.0)
            )
            for side in exercise.sides
        ]
        main = exercise.main_measure.id
        measures = {f"{main}/{s}" if s else main: _value(first[s]) for s in exercise.sides}
        return {
            "how": "live",
            "measured": True,
            "to_first_pain": True,
            "ranges": ranges,
            "measures": measures,
            "per_repetition": {key: [v.value] * 3 for key, v in measures.items()},
            "amount": Amount(repetitions=3),
            "setting": Setting(view="front", distance_t=2.0 if since < 20 else 3.5, yaw_deg=0.0),
        }


def _value(degrees: float) -> Value:
    return Value(value=round(degrees, 1), unit="deg", uncertainty=3.2, n=2)
