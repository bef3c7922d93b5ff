"""Many videos at once: each is looked at, its movement is guessed, and it is measured when somebody has agreed.

Looking takes nearly all of the time and is done once; measuring by another movement takes a moment.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from checker.analyze import Recording, judge_recording, record_video
from checker.care.when import When
from checker.exercise import Exercise
from checker.guessing import alike, guess
from checker.pose.bundle import ModelFile, ensure_model
from checker.service.apart import apart
from checker.service.diary import Diary
from checker.service.jobs import OnStage
from checker.service.measuring import tell_fetching
from checker.service.weeks import Weeks, local_zone
from checker.service.work import MEASURING_SHARE, Outcome, write_outcome
from checker.store import StoreError

NOON: Final = time(12)
"""The hour of a film of which only the day is known."""


@dataclass(frozen=True, slots=True)
class Looked:
    """One video that was looked at.

    Attributes:
        source: the clip.
        ranking: ids of the movements, the likest first; empty where nobody was seen.
        alike: the likest one, and those that cannot be told from it.
    """

    source: Path
    recording: Recording
    ranking: tuple[str, ...]
    alike: tuple[str, ...]

    @property
    def filmed_on(self) -> date | None:
        """The local day on which it was filmed; None where the file does not say."""
        at = self.recording.known.recorded_at
        return None if at is None else at.astimezone(ZoneInfo(local_zone())).date()


def look(source: Path, exercises: Sequence[Exercise], progress: OnStage) -> Looked:
    """Find the poses of a video, and guess its movement.

    Args:
        source: the clip.
        exercises: what it may show.
        progress: told how far it is.

    Raises:
        checker.video.reader.VideoError: when the clip cannot be read.
        checker.pose.bundle.ModelError: when the pose model cannot be had.
        checker.service.workers.WorkerDiedError: when the clip took the process with it.
    """
    progress(0.0, "Getting ready")
    model = ensure_model(progress=functools.partial(tell_fetching, progress))
    return apart(progress, look_at_clip, source, model, tuple(exercises))


def look_at_clip(source: Path, model: ModelFile, exercises: tuple[Exercise, ...], progress: OnStage) -> Looked:
    """The same, in the process of its own."""
    recording = record_video(source, model, progress=lambda done: progress(0.95 * done, "Looking at every frame"))
    progress(0.95, "Guessing the movement")
    ranking = guess(recording.track, exercises)
    ids = tuple(one.exercise.id for one in ranking)
    return Looked(source, recording, ids, tuple(one.exercise.id for one in alike(ranking)))


def measure(looked: Looked, exercise: Exercise, folder: Path, progress: OnStage, day: date | None = None) -> Outcome:
    """Judge what was looked at by a movement, and write the reports into `folder`.

    Args:
        looked: the film.
        exercise: the movement.
        folder: where the files go.
        progress: told how far it is.
        day: on which it was filmed, as it was told; the reports are of that day. None: nobody said.

    Raises:
        checker.video.reader.VideoError: when the clip cannot be read any more.
        checker.report.ReportError: when the folder cannot be written.
        checker.service.workers.WorkerDiedError: when the clip took the process with it.
    """
    progress(0.0, "Judging")
    when = None if day is None else when_filmed(looked, day)
    return apart(progress, judge_looked, looked, exercise, when, folder)


def judge_looked(looked: Looked, exercise: Exercise, when: When | None, folder: Path, progress: OnStage) -> Outcome:
    """The same, in the process of its own."""
    analysis = judge_recording(exercise, looked.recording)
    outcome = Outcome(exercise, analysis, {}, {}, looked.source, "uploads", when=when)
    return write_outcome(outcome, folder, progress, 1.0 - MEASURING_SHARE)


def for_person(person_id: UUID | None, looked: Looked, exercise: Exercise, day: date) -> Exercise:
    """The movement as it was for a person on the day on which they were filmed; as it is for nobody.

    Raises:
        checker.store.StoreError: nobody has this id, or it cannot be read.
    """
    if person_id is None:
        return exercise
    at = when_filmed(looked, day).at
    return Weeks(person_id, now=lambda: at, decides=False).exercises.get(exercise.id, exercise)


def keep(person_id: UUID, looked: Looked, outcome: Outcome, day: date) -> Diary:
    """Keep a result as a session of a person, of the day on which it was filmed; return what it is written in.

    Raises:
        checker.store.StoreError: nobody has this id, or it cannot be written.
    """
    when = when_filmed(looked, day)
    weeks = Weeks(person_id, now=lambda: when.at, decides=False)
    diary = weeks.begin(outcome.exercise, "upload", hour_known=when.hour_known)
    diary.end(outcome.analysis, poses=looked.recording.track)
    if diary.problem:
        raise StoreError(diary.problem)
    return diary


def when_filmed(looked: Looked, day: date) -> When:
    """When a film was made, in UTC: as its file says where that is the day; else noon, and its hour is not known."""
    at, zone = looked.recording.known.recorded_at, local_zone()
    if at is not None and looked.filmed_on == day:
        return When(at.astimezone(UTC), zone=zone)
    return When(datetime.combine(day, NOON, ZoneInfo(zone)).astimezone(UTC), hour_known=False, zone=zone)


def forget(person_id: UUID, session_id: UUID) -> None:
    """Delete the session as which a result was kept: another one takes its place.

    Raises:
        checker.store.StoreError: it cannot be deleted.
    """
    Weeks(person_id).delete_session(session_id)
