"""One session of a person, written down as it goes: a power cut costs the last second, not the session."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

from checker.assessment import Assessment
from checker.care.measured import Answers, with_answers, with_answers_of, with_result
from checker.care.own_version import compares_as
from checker.care.records import Amount, PainMark, Session, StopReason
from checker.care.rules import load_rules
from checker.care.stops import stop_records
from checker.dose import Dose
from checker.exercise import Exercise
from checker.judging.analysis import Analysis
from checker.judging.source import Circumstances
from checker.service.jobs import OnStage, Work
from checker.service.work import Outcome
from checker.store import InForce, Store, StoreError
from checker.track import PoseTrack

WRITE_EVERY_S: Final = 1.0
"""What was done is written so often while it goes on: at most so much is lost."""

_log = logging.getLogger(__name__)


class Diary:
    """Writes one session, from any thread. What cannot be written is logged and told; nothing is stopped by it.

    Attributes:
        session: as it was written last.
        problem: why something could not be written, in one line; empty where all was.
    """

    def __init__(
        self, store: Store, session: Session, exercise: Exercise, rules_version: str, now: Callable[[], datetime],
        *, file: Exercise | None = None, at_once: bool = True,
    ) -> None:  # fmt: skip
        """Write that a session has begun.

        Args:
            store: where it is kept.
            session: as it begins.
            exercise: its movement, as it is for the person.
            rules_version: of the rules of care.
            now: tells the time, UTC.
            file: the movement as its file has it, with which results are compared where they can be.
            at_once: False: nothing is written before it ends. A video that cannot be read was no session.
        """
        self._store, self._exercise, self._rules_version, self._now = store, exercise, rules_version, now
        self._file = file or exercise
        self._lock = threading.Lock()
        self._written_at = session.at
        self.session = session
        self.problem = ""
        self._result: Assessment | None = None
        self._judged: tuple[Circumstances | None, Dose | None] = (None, None)
        self._answers = Answers()
        if at_once:
            self._write(session)

    def went_on(self, counts: Mapping[str, int], held_s: float) -> None:
        """Write what was done so far, at most once a second.

        Args:
            counts: repetitions by side.
            held_s: the hold under way.
        """
        at = self._now()
        if 0.0 <= (at - self._written_at).total_seconds() < WRITE_EVERY_S:  # less: the computer's clock was set back
            return
        self._written_at = at
        longest_s = max(held_s, self.session.amount.hold_s or 0.0)
        amount = Amount(
            repetitions=min(counts.values(), default=0),
            hold_s=longest_s or None,
            duration_s=round(max(0.0, (at - self.session.at).total_seconds()), 1),
        )
        self._write(self.session.model_copy(update={"amount": amount}))

    def end(
        self, analysis: Analysis | None = None, *, poses: PoseTrack | None = None, aborted: str | None = None,
        duration_s: float | None = None, video: Path | None = None,
    ) -> None:  # fmt: skip
        """Write how it ended, with what was measured.

        Args:
            analysis: what was found; None where nothing was measured.
            poses: as the camera gave them, so that changed rules can judge again; those of the analysis unless given.
            aborted: why it was stopped early.
            duration_s: how long it was done, where nothing was measured.
            video: the recording, where it is to be kept.
        """
        session = self.session.model_copy(update={"ended_at": self._now(), "aborted": aborted})
        if duration_s is not None:
            session = session.model_copy(update={"amount": Amount(repetitions=None, duration_s=duration_s)})
        if analysis is None:
            self._write(session)
            return
        if not self._keep_found(session, analysis):
            return
        try:
            self._keep_marks(session.id, analysis)
            poses = analysis.poses if poses is None else poses
            if poses is not None:
                self._store.keep_track(session.id, poses)
            if video is not None:
                self._store.keep_video(session.id, video)
        except StoreError as error:
            self._tell(error)
            return
        if video is not None:
            self._write(self.session.model_copy(update={"video_kept": True}))

    def found(self, analysis: Analysis) -> None:
        """Write what was found in a recording: at the end of the session, or once more.

        Once more is of the same recording, with left and right swapped or the picture turned: it takes the place of
        what was found before. That result stays kept, and the session no longer names it.
        """
        if self.session.ended_at is None:
            self.end(analysis)
        elif self._keep_found(self._newest(), analysis):
            try:
                self._keep_marks(self.session.id, analysis)
                if analysis.poses is not None:
                    self._store.keep_track(self.session.id, analysis.poses)
            except StoreError as error:
                self._tell(error)

    def _keep_found(self, session: Session, analysis: Analysis) -> bool:
        """Write what was measured into a session, and the result beside it; return whether all of it was written."""
        result = analysis.assessment.model_copy(update={"rules_version": self._rules_version})
        session = with_result(session, result, None).model_copy(update={"corrected_by": "", "corrected_at": None})
        like = compares_as(self._file, self._exercise, analysis.dose)
        self._write(session.model_copy(update={"compares_as": like}))
        self._judged = (analysis.known, analysis.dose)
        try:
            assessment_id = self._keep_result(result)
        except StoreError as error:
            self._tell(error)
            return False
        self._result, self._answers = result, Answers()
        self._write(self.session.model_copy(update={"assessment_id": assessment_id}))
        return True

    def stopped(self, why: StopReason) -> None:
        """Write that the person told by one press to stop."""
        session = self.session
        records = stop_records(why, session.person_id, self._now(), session.zone, load_rules(), session.id)
        try:
            self._store.add(*records)
        except StoreError as error:
            self._tell(error)

    def told(self, answers: Answers) -> None:
        """Write what the person says of it afterwards, to the session and as a new result: a kept one never changes.

        Where no result was kept, or they have said so already, nothing is written.
        """
        result = self._result
        if result is None or self.session.assessment_id is None or answers == self._answers:
            return
        answered = with_answers(result, answers)
        try:
            assessment_id = self._keep_result(answered)
        except StoreError as error:
            self._tell(error)
            return
        self._answers = answers
        now = self._newest()
        ranges = with_answers_of(now, answers) if now.corrected_by else with_result(now, answered, None).ranges
        self._write(now.model_copy(update={"assessment_id": assessment_id, "ranges": ranges}))

    def _newest(self) -> Session:
        """The session as it is kept: a reviewer may have corrected it meanwhile."""
        try:
            return self._store.session(self.session.id) or self.session
        except StoreError as error:
            self._tell(error)
            return self.session

    def _keep_result(self, result: Assessment) -> UUID:
        """Keep a result under an id of its own.

        Raises:
            StoreError: it cannot be written.
        """
        assessment_id = uuid4()
        known, asked = self._judged
        in_force = InForce(
            at=self._now(),
            exercise=self._exercise.id,
            exercise_sha256=self._exercise.sha256,
            dose=result.dose.model_dump(mode="json") if result.dose else None,
            app_version=self.session.app_version,
            model_sha256=result.model.sha256,
            rules_version=self._rules_version,
            known=known,
            asked=asked.model_dump(mode="json") if asked else None,
        )
        self._store.keep_assessment(assessment_id, self.session.id, result.to_json(), in_force)
        return assessment_id

    def _keep_marks(self, session_id: UUID, analysis: Analysis) -> None:
        marks = [
            PainMark(
                id=uuid4(),
                person_id=self.session.person_id,
                at=self._now(),
                zone=self.session.zone,
                session_id=session_id,
                t_s=mark.t_s,
                side=mark.side,
                excursion=mark.excursion,
                excursion_from=mark.excursion_from,
                unit=mark.unit,
            )
            for mark in analysis.assessment.pain
        ]
        self._store.keep_pain_marks(session_id, marks)

    def _write(self, session: Session) -> None:
        with self._lock:
            try:
                self._store.write_session(session)
            except StoreError as error:
                self._tell(error)
            self.session = session

    def _tell(self, error: StoreError) -> None:
        self.problem = str(error)
        _log.warning("a session could not be written down: %s", error)


def keeping(work: Work, diary: Diary | None) -> Work:
    """Work whose outcome is written into a session when it is done; as it is where there is none."""
    if diary is None:
        return work

    def work_and_write(folder: Path, progress: OnStage) -> Outcome:
        outcome: Outcome = work(folder, progress)
        progress(1.0)  # from here on it is not stopped any more: what is written holds
        diary.found(outcome.analysis)
        return replace(outcome, session_id=diary.session.id if diary.session.assessment_id else None)

    return work_and_write
