"""What the rules of the desk look at, and what one of them finds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from math import inf
from typing import Any

from pydantic import ValidationError

from checker.care import facts
from checker.care.change_rules import ChangeRules
from checker.care.change_words import followed_words
from checker.care.decision import Decision
from checker.care.followed import Followed, main_followed
from checker.care.overrides import Overrides, overrides
from checker.care.programme import DECISION
from checker.care.progress import Progress, progress_of
from checker.care.questions import Open, open_questions
from checker.care.records import Event, History, Session
from checker.care.remembered import followed_over_time
from checker.care.rules import Rules
from checker.care.series import What, newest_records, value_of
from checker.care.worklist_rules import Tier, WorklistRules
from checker.exercise import Exercise


@dataclass(frozen=True, slots=True)
class Basis:
    """By what is judged: the rules of the desk, of care and of change, and the movements by their ids."""

    worklist: WorklistRules
    care: Rules
    change: ChangeRules
    exercises: Mapping[str, Exercise]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody should be looked at.

    Attributes:
        rule: id in `worklist.toml`.
        words: with the figures, for the physio.
        since: from which day on it holds.
        about: what it is of, where a rule may find several things: a question, a test and its side.
        state: what it was found by; another one is another finding, and brings a line back that was seen.
        grade: how much of it there is; more than was seen brings it back too.
    """

    rule: str
    tier: Tier
    words: str
    since: date
    about: str = ""
    state: str = ""
    grade: float = 0.0


@dataclass(frozen=True, slots=True)
class Measured:
    """All values of one side of a test: day and value of each session, in order of time."""

    followed: Followed
    what: What
    values: tuple[tuple[date, float], ...]

    @property
    def name(self) -> str:
        """What it is of: "Comfortable side bend to the left"."""
        words = followed_words(self.followed, self.what)
        return words[:1].upper() + words[1:]

    @property
    def largest_fall(self) -> float:
        """How far a value lies below an earlier one, at most; no confirmed loss is larger."""
        highest, fall = -inf, 0.0
        for _, value in self.values:
            highest = max(highest, value)
            fall = max(fall, highest - value)
        return fall


@dataclass(frozen=True)
class Case:
    """One person on a day.

    Attributes:
        history: known on `today`.
    """

    history: History
    today: date
    basis: Basis

    def reason(
        self, rule: str, since: date, gaps: Mapping[str, object] = {}, *, about: str = "", state: str = "",
        grade: float = 0.0,
    ) -> Reason:  # fmt: skip
        """What a rule has found, in its words, whose gaps are filled."""
        found = self.basis.worklist.of(rule)
        return Reason(rule, found.tier, found.text.format(**gaps), since, about, state, grade)

    def name(self, exercise: str) -> str:
        """A movement's name; its id where its file is gone."""
        found = self.basis.exercises.get(exercise)
        return found.name if found is not None else exercise

    def first_day(self, holds: Callable[[date], bool], most_days: int) -> date:
        """The day from which on something has held until today, looking back so many days at most."""
        day = self.today
        while (self.today - day).days < most_days and holds(day - timedelta(days=1)):
            day -= timedelta(days=1)
        return day

    @cached_property
    def sessions(self) -> list[Session]:
        """Each session once, in order of time."""
        return newest_records(self.history)

    @cached_property
    def open_questions(self) -> list[Open]:
        """The safety questions that are open."""
        return open_questions(self.history, self.basis.care)

    @cached_property
    def decisions(self) -> list[Event]:
        """The kept decisions, in order of time."""
        return facts.events_of(self.history, DECISION)

    @cached_property
    def decision(self) -> Decision | None:
        """The newest of them; None where there is none that can be read."""
        for event in reversed(self.decisions):
            try:
                return Decision.model_validate(event.data)
            except ValidationError:
                continue
        return None

    @cached_property
    def set_by_physio(self) -> Overrides:
        """What a physio has set."""
        return overrides(self.history, self.today)

    @cached_property
    def tests(self) -> Mapping[str, tuple[Measured, ...]]:
        """What was measured of the self-tests and of the movements with a target, by side."""
        own: dict[str, list[Session]] = {}
        for session in self.sessions:
            own.setdefault(session.exercise, []).append(session)
        exercises, targets = self.basis.exercises, self.set_by_physio.targets
        wanted = (n for n in own if n in exercises and (exercises[n].kind == "self_test" or n in targets))
        return {
            n: _measured(exercises[n], own[n], followed_over_time(self.history, n))
            for n in wanted
            if exercises[n].is_measured
        }

    def progress(self, name: str) -> Progress:
        """One test over the weeks, as far as it compares."""
        return progress_of(self.history, self.basis.exercises[name], self.today, self.basis.change)


def _measured(exercise: Exercise, sessions: list[Session], what: What) -> tuple[Measured, ...]:
    found = []
    for side in exercise.sides:
        followed = main_followed(exercise, side)
        values = ((s.day, value_of(s, followed, what)) for s in sessions)
        found.append(Measured(followed, what, tuple((day, v.value) for day, v in values if v is not None)))
    return tuple(found)


def day_words(day: date) -> str:
    """A day as it is written here: "3 December"."""
    return f"{day.day} {day:%B}"


def day_of(data: Mapping[str, Any], key: str = "date") -> date | None:
    """A day in the data of an event; None where it is none."""
    text = data.get(key)
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
