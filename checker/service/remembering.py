"""What was worked out of a history is not worked out again while nothing has changed: neither it, nor the movements.

All of it is pure: the same history, day and movements give the same. It stays in memory alone.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from checker.care import facts
from checker.care.adherence import DayDone, days_done
from checker.care.barred import Findings, barred, findings
from checker.care.change_rules import load_change_rules
from checker.care.decision import Decision, LeftOut
from checker.care.overrides import overrides
from checker.care.own_version import own_versions
from checker.care.programme import decide
from checker.care.progress import Progress, measured_movements, progress_of
from checker.care.records import History, Person
from checker.care.rules import load_rules
from checker.care.worklist import Attention, attention_of, case_of
from checker.care.worklist_case import Basis
from checker.care.worklist_curves import Curve, pain_curve, range_curves
from checker.care.worklist_rules import load_worklist_rules
from checker.exercise import Exercise
from checker.library import list_entries, own_folder
from checker.library.files import EXERCISES_DIR, all_files
from checker.store import Lately


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a person on a day. Two are the same where their fingerprints are.

    Attributes:
        of_history, of_movements: fingerprints.
        exercises: the movements by their ids.
    """

    of_history: str
    of_movements: str
    today: date
    history: History = field(compare=False, repr=False)
    exercises: Mapping[str, Exercise] = field(compare=False, repr=False)


def known(history: History, today: date) -> Known:
    """What is known now."""
    of_movements, exercises = movements()
    of_history = hashlib.sha256(history.model_dump_json().encode()).hexdigest()
    return Known(of_history, of_movements, today, history, exercises)


def movements() -> tuple[str, Mapping[str, Exercise]]:
    """The fingerprint of all files of movements, and the movements: the user's own before the shipped ones.

    A wrong file is left out.
    """
    own = own_folder()
    own = own if own is not None and own.is_dir() else None
    digest = hashlib.sha256()
    for path in all_files(own, shipped=EXERCISES_DIR).values():
        digest.update(f"{path}\0".encode() + _bytes(path))
    return digest.hexdigest(), _movements(own, digest.hexdigest())


def forget() -> None:
    """Forget everything, of everybody."""
    for cache in (decision, progress, measured, desk_line, left_out, own, of_person):
        cache.cache_clear()


@functools.lru_cache(maxsize=8)
def decision(of: Known) -> Decision:
    """What holds for a person on the day."""
    return decide(of.history, of.today, load_rules(), of.exercises)


@functools.lru_cache(maxsize=8)
def left_out(of: Known) -> dict[str, LeftOut]:
    """Every movement that is not for a person on the day, planned or not, by which rule, and why."""
    history = facts.known_on(of.history, of.today)
    return barred(of.exercises, of_person(of), overrides(history, of.today), load_rules())


@functools.lru_cache(maxsize=8)
def own(of: Known) -> Mapping[str, Exercise]:
    """The movements as they are for a person on the day, with what a physio has set."""
    return own_versions(of.exercises, overrides(facts.known_on(of.history, of.today), of.today))


@functools.lru_cache(maxsize=8)
def of_person(of: Known) -> Findings:
    """What of a person a movement must know on the day."""
    return findings(facts.known_on(of.history, of.today), of.today, load_rules(), of.exercises)


@functools.lru_cache(maxsize=8)
def measured(of: Known) -> list[str]:
    """Ids of the movements of which something was measured, the self-tests first."""
    return measured_movements(of.history, of.exercises)


@functools.lru_cache(maxsize=64)
def progress(of: Known, exercise_id: str) -> Progress:
    """One movement over the weeks.

    Raises:
        KeyError: there is no such movement.
    """
    return progress_of(of.history, of.exercises[exercise_id], of.today, load_change_rules())


@dataclass(frozen=True, slots=True)
class KnownLately:
    """The same as `Known` of what is known of a person lately, which is not read before it is needed."""

    of_history: str
    of_movements: str
    today: date
    lately: Lately = field(compare=False, repr=False)
    exercises: Mapping[str, Exercise] = field(compare=False, repr=False)


SHOWN_DAYS: Final = 14
"""Of each person on the desk, so many days are shown with what was planned and done."""


@dataclass(frozen=True, slots=True)
class DeskLine:
    """One person on the desk.

    Attributes:
        pain, ranges: what is drawn: pain at rest, and the sides of one test.
        last_session: the day of the newest session; None: there was none.
        days: the newest ones, with what was planned and done.
    """

    person: Person
    attention: Attention
    pain: Curve
    ranges: tuple[Curve, ...]
    last_session: date | None
    days: tuple[DayDone, ...] = ()


@functools.lru_cache(maxsize=1024)
def desk_line(of: KnownLately) -> DeskLine:
    """What there is to be looked at of a person on the day."""
    basis = Basis(load_worklist_rules(), load_rules(), load_change_rules(), of.exercises)
    case = case_of(of.lately.history(), of.today, basis, in_order=True)
    found = attention_of(case)
    last = max((s.day for s in case.history.sessions), default=None)
    days = tuple(days_done(case.history, of.today, SHOWN_DAYS, basis.care))
    return DeskLine(of.lately.person, found, pain_curve(case), range_curves(case, found.reasons), last, days)


@functools.lru_cache(maxsize=2)
def _movements(own: Path | None, fingerprint: str) -> Mapping[str, Exercise]:
    entries, _ = list_entries(own)
    return {entry.exercise.id: entry.exercise for entry in entries}


def _bytes(path: Path) -> bytes:
    """What a file holds; nothing where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError:
        return b""
