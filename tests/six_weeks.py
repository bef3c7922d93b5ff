"""Six weeks of one patient, lived through the app's own service and judged by the real engine; told day by day below.

A bad back on day 1; painkillers for four days; better week by week; a flare-up on day 16; a week of pause, and an
infection after it that a doctor looks at; and on. The days are numbered from 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final
from uuid import UUID, uuid4, uuid5
from zoneinfo import ZoneInfo

import numpy as np
from analytic_body import body_track, min_jerk, repeated, times
from self_tests import CAMERAS, FOUR, HINGE, LEAN, ROTATION, SIDE_BEND, movement

from checker.assessing import Circumstances, assess
from checker.assessment import ModelInfo
from checker.care import weekly
from checker.care.decision import Decision, Planned
from checker.care.records import Answer, History, Person, Session
from checker.exercise import Exercise
from checker.figure import blend, camera_for, recording
from checker.judging.analysis import Analysis
from checker.library import find_exercise
from checker.service import weeks as service
from checker.service.weeks import WeeklyTold, Weeks
from checker.store import Store

LAST: Final = 42
FLARE, PAUSE, BACK, RELEASED = 16, range(24, 32), 32, 33
"""The day of the flare-up; those of the pause; the day after it, with its yes; and the day on which it is released."""

YES: Final = "infection"
PAINKILLERS: Final = (1, 2, 3, 4, 12)
MODEL: Final = ModelInfo(name="pose_landmarker_full", sha256="0" * 64)
FPS: Final = 12.0
BY_TIMER: Final = ("breathing",)
"""Done with the timer: a drawn figure shows no breath."""

MOST: Final = 2
"""So many movements of a day are done besides the tests."""

_PAIN_DAYS = (1, 2, 3, 4, 6, 9, 15, 16, 17, 18, 19, 20, 32, 33, 36, 42)
_PAIN = (6, 6, 5, 4, 3, 2, 1, 5, 5, 4, 3, 1, 3, 2, 1, 1)

_FIRST_DEG = {1: 12.0, 6: 17.0, 10: 20.0, 15: 25.0, FLARE: 15.0, 21: 23.0, BACK: 30.0, 37: 33.0}
"""How far a side bend to the left goes before it hurts, from a day on."""

_OF_IT: Final = {SIDE_BEND: 1.0, ROTATION: 1.3, HINGE: 2.2, LEAN: 1.5}
_RIGHT_MORE_DEG, _FURTHEST_MORE_DEG = 6.0, 9.0


def pain(day: int) -> int:
    """At rest in the morning, 0 to 10."""
    return round(float(np.interp(day, _PAIN_DAYS, _PAIN)))


def truth(day: int, test: str) -> dict[str, float]:
    """By side, how far a test goes before it hurts on a day: what the body does, degrees."""
    left = round(_FIRST_DEG[max(d for d in _FIRST_DEG if d <= day)] * _OF_IT[test], 1)
    sides = find_exercise(test).sides
    return {"left": left, "right": left + _RIGHT_MORE_DEG} if "left" in sides else {"both": left}


# --- what the camera sees -------------------------------------------------------------------------


@cache
def tested(test: str, firsts: tuple[tuple[str, float], ...], furthest: bool) -> Analysis:
    """A test to the first pain: twice with a stop to each side, and once as far as one wants; `firsts` as `truth`."""
    sizes = []
    for side, first in firsts:
        sign = -1.0 if side == "right" else 1.0
        sizes += [sign * first, sign * first, *([sign * (first + _FURTHEST_MORE_DEG)] if furthest else [])]
    every_s = 7.0
    t_s = times(2.0 + every_s * len(sizes), FPS)
    x = repeated(t_s, sizes, first_s=2.0, every_s=every_s, out_s=2.0, hold_s=1.0, back_s=2.0)
    track = body_track(t_s, CAMERAS[test], **movement(test, x))
    return assess(find_exercise(test), track, known=Circumstances(model=MODEL, to_first_pain=2))


@cache
def exercised(exercise_id: str, repetitions: int, hold_s: float) -> Analysis:
    """An exercise as its own picture shows it, slowly, so often, and held for so long; sides take turns."""
    exercise = find_exercise(exercise_id)
    start, end = exercise.picture.start, exercise.picture.end or exercise.picture.start
    signs = [1.0] if exercise.sides == [None] else [1.0, -1.0]
    way_s, there_s = 3.0, max(hold_s, 1.0) + 0.5
    every_s = 2 * way_s + there_s + 1.0
    begins_s = [2.0 + i * every_s for i in range(repetitions * len(signs))]
    t_s = times(2.0 + every_s * len(begins_s), FPS)
    outs = [
        signs[i % len(signs)] * (min_jerk((t_s - b) / way_s) - min_jerk((t_s - b - way_s - there_s) / way_s))
        for i, b in enumerate(begins_s)
    ]
    stances = [blend(start, end, float(share)) for share in np.sum(outs, axis=0)]
    track = recording(stances, t_s, camera_for(exercise.view, start))
    return assess(exercise, track, known=Circumstances(model=MODEL))


# --- what the patient does ------------------------------------------------------------------------


@dataclass
class Patient:
    """Somebody who lives these weeks, and writes them into the app's store as its pages do.

    Attributes:
        first: the local day on which it begins.
        seen: what the app decided, by day, after that day's answers and before a weekly look.
    """

    first: date
    name: str = "Ana"
    id: UUID = field(default_factory=uuid4)
    seen: dict[int, Decision] = field(default_factory=dict)
    _at: datetime = field(default=datetime.min, repr=False)

    def live(self, until: int) -> History:
        """Live all days up to one, and return what is kept."""
        self._wake(1)
        service.store().add_person(Person(id=self.id, name=self.name, created_at=self._at))
        for day in range(1, until + 1):
            if day not in PAUSE:
                self._wake(day)
                self._day(day)
        return service.store().history(self.id)

    def _wake(self, day: int) -> None:
        """It is eight in the morning of a day."""
        zone = ZoneInfo(service.local_zone())
        self._at = datetime.combine(self.first + timedelta(days=day - 1), time(8), zone).astimezone(UTC)

    def _now(self) -> datetime:
        return self._at

    def _wait(self, minutes: float) -> None:
        self._at += timedelta(minutes=minutes)

    def _day(self, day: int) -> None:
        weeks = Weeks(self.id, self._now)
        if day == 1:
            self._begin(weeks)
        else:
            self._morning(weeks, day)
        self.seen[day] = weeks.decision
        if weekly.is_due(weeks.history, weeks.today, weeks.rules):
            self._look_back(weeks, day)
        plan = weeks.decision.plan
        for item in [*(i for i in plan if i.is_test), *[i for i in plan if not i.is_test][:MOST]]:
            self._do(weeks, day, item)

    def _begin(self, weeks: Weeks) -> None:
        self._answer(weeks, 1)
        weeks.tell_profile(floor="yes")
        weeks.tell_episode(onset=weeks.today)
        weeks.rate_ladder({rung: 7 if rung == 2 else 5 if rung < 6 else None for rung in range(1, 10)})
        weeks.check_in("daily", pain=pain(1), painkiller=True)

    def _morning(self, weeks: Weeks, day: int) -> None:
        """Answer what is asked, in the order in which the page Today asks it."""
        if day == RELEASED:
            weeks.release(YES, "Dr. Lee", weeks.today)
        self._answer(weeks, day)
        self._wait(1)
        weeks.check_in("daily", pain=pain(day), painkiller=day in PAINKILLERS)
        if day == FLARE:
            self._wait(1)
            weeks.note("flare_began")
        self._answer(weeks, day)

    def _answer(self, weeks: Weeks, day: int) -> None:
        while weeks.decision.questions_due:
            due = weeks.decision.questions_due[0]
            yes: dict[str, Answer] = {YES: "yes"} if day == BACK and YES in due.questions else {}
            answers: dict[str, Answer] = dict.fromkeys(due.questions, "no")
            weeks.answer_questions(answers | yes, due.because)
            self._wait(1)

    def _look_back(self, weeks: Weeks, day: int) -> None:
        hard = max(0, 6 - day // 7)
        ladder = {rung: hard if rung in {2, 3} else max(0, hard - 2) for rung in range(1, 8)} | {8: None, 9: None}
        activities = {"putting on socks, trousers, shoes": max(1, 8 - day // 4), "digging": max(3, 8 - day // 7)}
        weeks.keep_weekly(WeeklyTold(ladder, activities, overall=1 if day < 15 else 2, pain=None))
        self._wait(2)

    def _do(self, weeks: Weeks, day: int, item: Planned) -> None:
        """Do one movement of the plan: before the camera where it is measured, else with the timer."""
        exercise = weeks.exercises[item.exercise]
        self._wait(2)
        live = exercise.is_measured and exercise.id not in BY_TIMER
        diary = weeks.begin(exercise, "live" if live else "timer", to_first_pain=live and item.to_first_pain)
        self._wait(4)
        if live:
            diary.end(_filmed(day, exercise, item))
        else:
            diary.end(duration_s=item.amount.duration_s or 240.0)
        weeks.check_in("after", pain=pain(day), session_id=diary.session.id)


def _filmed(day: int, exercise: Exercise, item: Planned) -> Analysis:
    if exercise.id in FOUR:
        return tested(exercise.id, tuple(truth(day, exercise.id).items()), item.furthest)
    amount = item.most or item.amount
    return exercised(exercise.id, min(amount.repetitions or 1, 8), min(amount.hold_s or 1.0, 10.0))


# --- the same weeks at another time ---------------------------------------------------------------


def moved(history: History, name: str, days: int) -> History:
    """The same history as another person's, so many days later: every id is another one, every day is moved."""
    text = history.model_dump_json(exclude={"person": {"name"}})
    own = uuid5(history.person.id, name)
    text = re.sub(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", lambda found: str(uuid5(own, found[0])), text)
    text = re.sub(
        r"\b\d{4}-\d\d-\d\d(?=[T\"])", lambda found: str(date.fromisoformat(found[0]) + timedelta(days=days)), text
    )
    return History.model_validate_json(text.replace('"person":{', f'"person":{{"name":"{name}",', 1))


def keep(history: History, store: Store) -> None:
    """Write a history to a store. Results and poses are not in it."""
    store.add_person(history.person)
    kinds = [k for k in History.model_fields if k not in {"person", "sessions", "pain_marks"}]
    for session in history.sessions:
        store.write_session(session)
    store.add(*(record for kind in kinds for record in getattr(history, kind)), *history.pain_marks)


def sessions_of(history: History, test: str) -> Iterator[Session]:
    """The sessions of a test to the first pain, in order of time."""
    return (s for s in history.sessions if s.exercise == test and s.to_first_pain and s.measured)
