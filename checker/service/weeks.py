"""A person's weeks, as the pages use them: what is known, what holds today, and what is written down.

Pages never touch the store or the rules of care themselves: they ask here, and what they write is written at once.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import tzlocal

from checker.care import weekly
from checker.care.barred import precautions
from checker.care.decision import Decision, LeftOut
from checker.care.own_version import version_then
from checker.care.programme import DECISION
from checker.care.progress import Progress
from checker.care.records import (
    ActivityAnswer,
    Amount,
    Answer,
    AskedBecause,
    CheckIn,
    CheckInKind,
    Episode,
    Event,
    History,
    How,
    LadderAnswer,
    Outcome,
    Person,
    PlanItem,
    Profile,
    Record,
    Release,
    SafetyAnswer,
    Session,
    StopReason,
)
from checker.care.rules import Rules, load_rules
from checker.care.severity import chosen_difficulty
from checker.care.stops import PASSED, stop_records
from checker.exercise import Exercise, Precaution
from checker.fhir import person_bundle, write_bundle
from checker.service import remembering
from checker.service.diary import Diary
from checker.service.remembering import Known
from checker.store import Store, open_store
from checker.version import __version__


@functools.cache
def store() -> Store:
    """The one store of this process.

    Raises:
        checker.store.StoreError: it cannot be opened; one line says why and what to do. It is tried anew next time.
    """
    return open_store()


def local_zone() -> str:
    """IANA name of this computer's zone; "UTC" where it has none."""
    try:
        return str(ZoneInfo(tzlocal.get_localzone_name()))
    except (KeyError, ValueError, OSError, LookupError):
        return "UTC"


def _now() -> datetime:
    return datetime.now(UTC)


def moment() -> datetime:
    """Now, UTC."""
    return _now()


def today_here() -> date:
    """The local day of this computer."""
    return _now().astimezone(ZoneInfo(local_zone())).date()


@dataclass(frozen=True, slots=True)
class WeeklyTold:
    """What was answered in a weekly look.

    Attributes:
        ladder: difficulty by rung; None: not tried.
        activities: difficulty of those that matter most.
        overall: the change since the beginning, -3 to 3.
        pain: now; None where it was told today already.
    """

    ladder: Mapping[int, int | None]
    activities: Mapping[str, int]
    overall: int
    pain: int | None


class Weeks:
    """One person's weeks.

    The history is read once and again after each writing, so that a page sees what it has just written.
    """

    def __init__(self, person_id: UUID, now: Callable[[], datetime] = _now, *, decides: bool = True) -> None:
        """For one person.

        Args:
            person_id: whose.
            now: tells the time, UTC.
            decides: whether what is decided is written down; not where something is told of a day that is over.

        Raises:
            checker.store.StoreError: nobody has this id, or the store cannot be read.
        """
        self._person_id = person_id
        self._now = now
        self._decides = decides
        self._zone = local_zone()
        self.rules: Rules = load_rules()
        self.history: History = store().history(person_id)
        self._decision: Decision | None = None
        self._known: Known | None = None

    # --- what holds -----------------------------------------------------------------------------

    @property
    def person(self) -> Person:
        """Whose weeks they are."""
        return self.history.person

    @property
    def now(self) -> datetime:
        """The moment, UTC."""
        return self._now()

    @property
    def today(self) -> date:
        """The local day."""
        return self.day_of(self._now())

    def day_of(self, moment: datetime) -> date:
        """The local day of a moment."""
        return moment.astimezone(ZoneInfo(self._zone)).date()

    @property
    def known(self) -> Known:
        """What is known now; by it everything that was worked out is found again."""
        if self._known is None or self._known.today != self.today:
            self._known = remembering.known(self.history, self.today)
        return self._known

    @property
    def exercises(self) -> Mapping[str, Exercise]:
        """The movements by their ids, as they are for this person: with what a physio has set for them.

        The user's own files go before the shipped ones; a wrong file is left out.
        """
        return remembering.own(self.known)

    def exercise_of(self, session: Session) -> Exercise | None:
        """The movement of a session as it was for the person then; None where there is none any more."""
        found = self.known.exercises.get(session.exercise)
        if found is None:
            return None
        return version_then(session, found, self.history, self.today)

    @property
    def decision(self) -> Decision:
        """What holds today. Where it is not what was last decided, it is kept as an event, with its plan."""
        if self._decision is None:
            decision = remembering.decision(self.known)
            if self._decides and decision != self._kept_decision():
                self._keep(decision)
            self._decision = decision
        return self._decision

    def _kept_decision(self) -> Decision | None:
        """The decision that was kept last, where it is of today and of these rules."""
        kept = [e for e in self.history.events if e.kind == DECISION]
        if not kept or kept[-1].day != self.today or kept[-1].rules_version != self.rules.version:
            return None
        return Decision.model_validate(kept[-1].data)

    def _keep(self, decision: Decision) -> None:
        event = self._record(
            Event,
            kind=DECISION,
            who="rule",
            reason=decision.reason,
            rules_version=decision.rules_version,
            data=decision.model_dump(mode="json"),
        )
        planned = {(p.exercise, p.amount, p.rule) for p in self.history.plan if p.for_day == decision.date}
        items = [
            self._record(
                PlanItem,
                for_day=decision.date,
                exercise=p.exercise,
                amount=p.amount,
                rule=p.rule,
                reason=p.reason,
                to_first_pain=p.to_first_pain,
                target=p.target,
                limit=p.limit,
                set_by=p.set_by,
            )
            for p in decision.plan
            if (p.exercise, p.amount, p.rule) not in planned
        ]
        store().add(event, *items)
        self._read()

    def plan_item(self, exercise_id: str) -> PlanItem | None:
        """The item of today's plan for a movement; None where it is not planned."""
        found = [p for p in self.history.plan if p.for_day == self.today and p.exercise == exercise_id]
        return found[-1] if found else None

    def left_out(self, exercise_id: str) -> LeftOut | None:
        """Why a movement is not for the person, whether or not anybody would plan it today; None where it is."""
        return remembering.left_out(self.known).get(exercise_id)

    def precautions(self, exercise: Exercise) -> list[Precaution]:
        """What of a movement is different for the person."""
        return precautions(exercise, remembering.of_person(self.known))

    def done_today(self) -> dict[str, list[Session]]:
        """The sessions of today that came to an end, by movement."""
        out: dict[str, list[Session]] = {}
        for session in self.history.sessions:
            if session.day == self.today and session.ended_at is not None and session.aborted is None:
                out.setdefault(session.exercise, []).append(session)
        return out

    def last_session(self, exercise_id: str, *, to_first_pain: bool, before: Session | None = None) -> Session | None:
        """The newest measured session of a movement that was done so, before another one."""
        found = [
            s
            for s in self.history.sessions
            if s.exercise == exercise_id
            and s.measured
            and s.to_first_pain == to_first_pain
            and (before is None or s.at < before.at)
        ]
        return found[-1] if found else None

    # --- looking back ---------------------------------------------------------------------------

    @property
    def measured(self) -> list[str]:
        """Ids of the movements of which something was measured, the self-tests first."""
        return remembering.measured(self.known)

    def progress(self, exercise_id: str) -> Progress:
        """One movement over the weeks.

        Raises:
            KeyError: there is no such movement.
        """
        return remembering.progress(self.known, exercise_id)

    # --- what is written ------------------------------------------------------------------------

    def answer_questions(self, answers: Mapping[str, Answer], because: AskedBecause) -> None:
        """Keep the answers to safety questions, each with the text that was shown."""
        texts = {q.id: q for q in self.rules.safety.questions}
        self._add(
            self._record(SafetyAnswer, question=q, answer=a, because=because, text_id=texts[q].text_id)
            for q, a in answers.items()
            if q in texts
        )

    def release(self, question: str, clinician: str, talked_on: date, note: str = "") -> None:
        """Record that a clinician has answered an open question."""
        self._add(
            [self._record(Release, question=question, by="person", clinician=clinician, talked_on=talked_on, note=note)]
        )

    def check_in(self, kind: CheckInKind, **told: Any) -> None:
        """Keep how it is; what was not asked is left out."""
        self._add([self._record(CheckIn, kind=kind, **told)])

    def tell_profile(self, **told: Any) -> None:
        """Keep what must be known of the person; it holds from now on."""
        self._add([self._record(Profile, **told)])

    def tell_episode(self, **told: Any) -> None:
        """Keep when and how it began."""
        self._add([self._record(Episode, **told)])

    def rate_ladder(self, difficulties: Mapping[int, int | None]) -> None:
        """Keep how hard the activities of the ladder are; None: not tried."""
        self._add(self._record(LadderAnswer, rung=rung, difficulty=how) for rung, how in difficulties.items())

    def choose_hard(self, hard: set[int]) -> None:
        """Keep which activities of the ladder were chosen as hard.

        Where none was, none is hard. Beside one that is hard, what was not chosen may not have been tried.
        """
        rungs = [r.rung for r in self.rules.severity.rungs]
        figure = {is_hard: chosen_difficulty(self.rules, is_hard=is_hard) for is_hard in (True, False)}
        self._add(
            self._record(LadderAnswer, rung=rung, difficulty=figure[True], told="hard")
            if rung in hard
            else self._record(LadderAnswer, rung=rung, difficulty=None)
            if hard
            else self._record(LadderAnswer, rung=rung, difficulty=figure[False], told="not_hard")
            for rung in rungs
        )

    def rate_activities(self, difficulties: Mapping[str, int]) -> None:
        """Keep how hard the activities are that matter most to the person."""
        self._add(self._record(ActivityAnswer, activity=what, difficulty=how) for what, how in difficulties.items())

    def keep_outcome(self, instrument: str, version: str, items: dict[str, int], score: float | None) -> None:
        """Keep a questionnaire, or the global change."""
        language = self.person.language
        self._add(
            [self._record(Outcome, instrument=instrument, version=version, language=language, items=items, score=score)]
        )

    def keep_weekly(self, told: WeeklyTold) -> None:
        """Keep the answers of a weekly look, all of them or none, and that it is done."""
        answers = [self._record(LadderAnswer, rung=rung, difficulty=how) for rung, how in told.ladder.items()]
        answers += [self._record(ActivityAnswer, activity=a, difficulty=how) for a, how in told.activities.items()]
        if told.pain is not None:
            answers.append(self._record(CheckIn, kind="daily", pain=told.pain))
        step = told.overall
        outcome: dict[str, Any] = {"items": {"change": step}, "score": float(step), "language": self.person.language}
        answers.append(self._record(Outcome, instrument=weekly.OVERALL, version="1", **outcome))
        self._add([*answers, self._record(Event, kind=weekly.DONE, who="person")])

    def note(self, kind: str, reason: str = "", **data: Any) -> None:
        """Keep that something happened, told by the person."""
        self._add([self._record(Event, kind=kind, who="person", reason=reason, data=data)])

    def by_physio(self, kind: str, name: str, reason: str, /, **data: Any) -> None:
        """Keep what a physio has set or written for this person, with their name; see `checker.care.overrides`."""
        self._add([self._record(Event, kind=kind, who="physio", name=name, reason=reason, data=data)])

    def stop(self, why: StopReason) -> None:
        """Keep that the person told by one press to stop, before a session."""
        self._add(stop_records(why, self._person_id, self._now(), self._zone, self.rules))

    def dizziness_passed(self) -> None:
        """Keep that it has passed."""
        self.note(PASSED)

    def change_person(self, **changed: Any) -> None:
        """Write the person anew.

        Raises:
            pydantic.ValidationError: something is not as it must be.
        """
        person = Person.model_validate({**self.person.model_dump(), **changed})
        store().change_person(person)
        self._read()

    def begin(
        self, exercise: Exercise, how: How, *, planned: Amount | None = None, to_first_pain: bool = False,
        repeat_of: UUID | None = None, began_at: datetime | None = None, at_once: bool = True, hour_known: bool = True,
    ) -> Diary:  # fmt: skip
        """Begin to write a session of a movement down; it began now, unless said otherwise.

        Without `at_once`, nothing is written before it ends. Where only its day is known, its hour is not.
        """
        item = self.plan_item(exercise.id)
        session = self._record(
            Session,
            exercise=exercise.id,
            how=how,
            plan_item_id=item.id if item else None,
            phase=self.decision.visible,
            planned=planned or (item.amount if item else None),
            to_first_pain=to_first_pain,
            repeat_of=repeat_of,
            app_version=__version__,
            exercise_sha256=exercise.sha256,
            hour_known=hour_known,
        )
        session = session if began_at is None else session.model_copy(update={"at": began_at})
        file = self.known.exercises.get(exercise.id)
        return Diary(store(), session, exercise, self.rules.version, self._now, file=file, at_once=at_once)

    def delete_session(self, session_id: UUID) -> None:
        """Delete a session with its result, poses and video, for good."""
        store().delete_session(session_id)
        self._read()

    # --- taken away -----------------------------------------------------------------------------

    def export(self, target: Path) -> None:
        """Write everything of the person to a new zip.

        Raises:
            checker.store.StoreError: the file is there already or cannot be written.
        """
        store().export_person(self._person_id, target)

    def write_fhir(self, target: Path) -> None:
        """Write the records of the person as a bundle of FHIR R4.

        Raises:
            checker.fhir.FhirError: it cannot be one; one line.
            OSError: the file cannot be written.
        """
        write_bundle(person_bundle(self.history), target)

    def delete(self) -> list[Path]:
        """Delete the person for good; return files that may still hold something of them.

        Raises:
            checker.store.StoreError: see `Store.delete_person`.
        """
        try:
            return store().delete_person(self._person_id)
        finally:
            remembering.forget()

    # --- within ---------------------------------------------------------------------------------

    def _record(self, record: Callable[..., Any], /, **fields: Any) -> Any:
        """A new record of the person, of now."""
        return record(id=uuid4(), person_id=self._person_id, at=self._now(), zone=self._zone, **fields)

    def _add(self, records: Iterable[Record]) -> None:
        store().add(*records)
        self._read()

    def _read(self) -> None:
        self.history = store().history(self._person_id)
        self._decision = self._known = None
