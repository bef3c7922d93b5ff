"""One recording under review: the machine's result, the corrections of it, and what follows from them.

A review of a kept session is written to the store at once; that of a recording of which nothing is kept lives as long
as its page. The machine's stored result is only read.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from pydantic import ValidationError

from checker.assessment import Assessment, Turn
from checker.care.measured import as_corrected
from checker.care.own_version import version_then
from checker.care.records import Session
from checker.care.when import When, when_of
from checker.dose import Dose
from checker.exercise import Exercise
from checker.judging.analysis import Analysis
from checker.judging.first_pain import TIMES
from checker.judging.source import Circumstances, Source
from checker.report.annotated_video import write_plain_video
from checker.report.moments import draw_moments
from checker.review.by_hand import ByHand, check_in_picture
from checker.review.corrected import corrected
from checker.review.corrections import CORRECTION, Correction, changes_result, in_force, told_by
from checker.review.hand_results import with_by_hand
from checker.review.judgements import Judgement, judgements
from checker.service.apart import apart, unseen
from checker.service.work import PLAIN, Outcome
from checker.store import KeptAssessment, Store
from checker.track import PoseTrack

NO_POSES: Final = "The positions of the joints were not kept with this session, so it cannot be judged again."
NO_RESULT: Final = "Nothing was measured in this session, so there is nothing to review."
OTHER_RULES: Final = (
    "The rules or the program have changed since this was measured, or not all was kept that it was judged by. What is "
    "corrected here is judged by those of today; the result of then is kept as it was."
)


class ReviewError(Exception):
    """A recording cannot be reviewed; one line: what was expected, what came, what to do."""


@dataclass(frozen=True, slots=True)
class Film:
    """The pictures of a recording.

    Attributes:
        path: of the file.
        turn_deg: how far they are turned clockwise before they are shown.
        mirrored: whether they are shown the other way round.
    """

    path: Path
    turn_deg: Turn = 0
    mirrored: bool = False


@dataclass(frozen=True, slots=True)
class Ground:
    """What is judged, again and again."""

    exercise: Exercise
    track: PoseTrack
    dose: Dose | None
    known: Circumstances

    def judged(self, corrections: list[Correction]) -> Analysis:
        """Judge it with corrections.

        Raises:
            checker.review.corrections.CorrectionError: one of them cannot be made.
        """
        return corrected(self.exercise, self.track, self.dose, self.known, corrections)


_MAKING: Final = threading.Lock()
"""Two reviewers correct one after the other: what each makes fits to what the other has made."""


class Review:
    """A recording under review.

    Attributes:
        clip: by which the recording is named in a labelled set.
        ground: what is judged.
        stored: the machine's result as it was handed out.
        machine: the same judged by the rules of today.
        result: judged with the corrections.
        corrections: all that were made, in order.
        film: its pictures; None where there are none.
        video_kept: whether they are kept with the session.
        token: by which its video is fetched.
        when: when it was done, where that is told; else as the result itself says.
    """

    def __init__(
        self, clip: str, ground: Ground, stored: Assessment, film: Film | None, keeper: _Keeper | None = None,
        when: When | None = None,
    ) -> None:  # fmt: skip
        """Use `review_of_session` or `review_of_outcome`."""
        self.clip, self.ground, self.stored, self.film = clip, ground, stored, film
        self.when = when
        self.token = secrets.token_urlsafe(24)
        self._keeper = keeper
        self.video_kept = False
        self.machine = _judged(ground, [])
        self.corrections: list[Correction] = []
        self.result = self.machine
        self.refresh()

    @property
    def exercise(self) -> Exercise:
        """The movement."""
        return self.ground.exercise

    @property
    def is_kept(self) -> bool:
        """Whether what is corrected is kept."""
        return self._keeper is not None

    @property
    def session(self) -> Session | None:
        """The session as it was read or written last; None where none is kept."""
        return None if self._keeper is None else self._keeper.session

    @property
    def session_id(self) -> UUID | None:
        """Of the session; None where none is kept."""
        return None if self.session is None else self.session.id

    @property
    def person_id(self) -> UUID | None:
        """Whose session it is; None where none is kept."""
        return None if self.session is None else self.session.person_id

    @property
    def in_force(self) -> list[Correction]:
        """The corrections that were not taken back."""
        return in_force(self.corrections)

    @property
    def is_as_then(self) -> bool:
        """Whether the rules of today give the result that was handed out."""
        return _numbers(self.stored) == _numbers(self.machine.assessment)

    def refresh(self) -> None:
        """Take up what was corrected elsewhere meanwhile.

        Raises:
            ReviewError: the rules of today cannot judge it.
            checker.store.StoreError: it cannot be read.
        """
        found = self.corrections if self._keeper is None else self._keeper.read()
        if found != self.corrections:
            self.result, self.corrections = self._with(found, _judged), found

    def make(self, kind: str, who: str, **told: Any) -> None:
        """Make a correction, and keep it.

        Args:
            kind: of `checker.review.corrections`.
            who: the reviewer's name.
            **told: what belongs to the kind, besides `note`, `blind` and `seconds`.

        Raises:
            checker.review.corrections.CorrectionError: it cannot be made.
            pydantic.ValidationError: something of it is not as it must be.
            checker.store.StoreError: it cannot be kept.
        """
        self.make_all([(kind, told)], who)

    def make_all(self, made: list[tuple[str, dict[str, Any]]], who: str) -> None:
        """Make several corrections, all of them or none; see `make`."""
        with _MAKING:
            self._make_all(made, who)

    def _make_all(self, made: list[tuple[str, dict[str, Any]]], who: str) -> None:
        self.refresh()  # what somebody else has corrected meanwhile holds, too
        of_all = {"who": " ".join(who.split()), "at": datetime.now(UTC)}
        new = [CORRECTION.validate_python({"kind": kind, "id": uuid4(), **of_all, **told}) for kind, told in made]
        corrections = [*self.corrections, *new]
        for measured in (c for c in new if isinstance(c, ByHand)):
            check_in_picture(measured, self.ground.track)
        result = self._with(corrections, Ground.judged)
        if self._keeper is not None:
            changing = [c for c in in_force(corrections) if changes_result(c)]
            self._keeper.keep(new, result.assessment if changing else self.stored, changing)
        self.result, self.corrections = result, corrections

    def _with(self, corrections: list[Correction], judge: Callable[[Ground, list[Correction]], Analysis]) -> Analysis:
        """Judge it with corrections, where one that changes a number has come or gone; else it is judged already."""
        before, held = self.in_force, in_force(corrections)
        same = list(filter(changes_result, held)) == list(filter(changes_result, before))
        return with_by_hand(self.result if same else judge(self.ground, corrections), held, self.machine)

    def keep_video(self, plain: Path) -> None:
        """Keep a video with the session, without anything drawn on it.

        Raises:
            checker.store.StoreError: it cannot be copied.
            ValueError: there is no session.
        """
        if self._keeper is None:
            raise ValueError("expected a kept session; this recording belongs to nobody")
        self.film, self.video_kept = Film(self._keeper.keep_video(plain)), True

    def judgements(self) -> list[Judgement]:
        """The labelled set of this review."""
        return judgements(self.clip, self.stored, self.result.assessment, self.corrections)


def _judged(ground: Ground, corrections: list[Correction]) -> Analysis:
    """Judge what was kept.

    Raises:
        ReviewError: the rules of today cannot.
    """
    try:
        return ground.judged(corrections)
    except ValueError as error:
        raise ReviewError(
            f"This cannot be judged by the rules of today ({error}). All of it stays as it is."
        ) from error


def _numbers(result: Assessment) -> list[object]:
    """What a result says, without what later versions say besides."""
    reps = [(r.side, r.start_s, r.end_s, r.rom.value) for r in result.reps]
    measures = [(m.id, m.side, m.value, m.uncertainty) for m in result.measures]
    return [reps, measures, [(f.id, f.status, f.intervals) for f in result.faults]]


class _Keeper:
    """Keeps the corrections of one session."""

    def __init__(self, store: Store, session: Session, assessment_id: UUID, known: Circumstances) -> None:
        self._store, self.session, self._assessment_id, self._known = store, session, assessment_id, known
        self._same: dict[UUID, bool] = {assessment_id: True}

    def read(self) -> list[Correction]:
        """Those of the picture as it is looked at now: of one that was swapped or turned since, others hold."""
        return [
            kept.correction for kept in self._store.corrections(self.session.id) if self._is_same(kept.assessment_id)
        ]

    def _is_same(self, assessment_id: UUID) -> bool:
        if assessment_id not in self._same:
            kept = self._store.assessment(assessment_id)
            then = None if kept is None else kept.in_force.known
            now = self._known
            self._same[assessment_id] = then is None or (then.mirrored, then.source) == (now.mirrored, now.source)
        return self._same[assessment_id]

    def keep(self, new: list[Correction], result: Assessment, changing: list[Correction]) -> None:
        """Write corrections, and the session with the values that follow from all of them."""
        self._store.keep_corrections(self.session.id, self._assessment_id, *new)
        by, at = (told_by(changing)[0], max(c.at for c in changing)) if changing else ("", None)
        self._write(as_corrected(self._newest(), result, by, at))

    def keep_video(self, plain: Path) -> Path:
        """Keep a video with the session, which says so."""
        path = self._store.keep_video(self.session.id, plain)
        self._write(self._newest().model_copy(update={"video_kept": True}))
        return path

    def _newest(self) -> Session:
        """The session as it is now: what the person told of it meanwhile stays."""
        return self._store.session(self.session.id) or self.session

    def _write(self, session: Session) -> None:
        self.session = session
        self._store.write_session(session)


# --- where a review begins ------------------------------------------------------------------------


def review_of_session(store: Store, session: Session, exercise: Exercise, seen: Film | None = None) -> Review:
    """Review a kept session.

    Args:
        store: where it is kept.
        session: which.
        exercise: its movement, as it was for the person then.
        seen: the pictures that it was measured from, where they are still there; else those that were kept.

    Raises:
        ReviewError: nothing was measured in it, its poses were not kept, or it cannot be judged by this version.
        checker.store.StoreError: it cannot be read.
    """
    kept = store.assessment(session.assessment_id) if session.assessment_id is not None else None
    if kept is None:
        raise ReviewError(NO_RESULT)
    track = store.track(session.id)
    if track is None:
        raise ReviewError(NO_POSES)
    try:
        stored, dose = Assessment.model_validate_json(kept.text), _dose_of(kept)
    except ValidationError as error:
        raise ReviewError("The result was written by a newer BackCheck: use that one to review it.") from error
    video = store.video(session.id)
    known = _known_of(kept, stored, session)
    ground = Ground(exercise, track, dose, known)
    film = seen or (Film(video) if video is not None else None)
    review = Review(
        str(session.id), ground, stored, film, _Keeper(store, session, kept.id, known), _when(session, stored)
    )
    review.video_kept = video is not None
    return review


def _when(session: Session, stored: Assessment) -> When | None:
    """When a session was: the day that was told of its film; else as its film says; else when it was kept."""
    return None if session.hour_known and stored.recorded_at is not None else when_of(session)


def review_of_outcome(outcome: Outcome, clip: str) -> Review:
    """Review what was just measured, of which nothing is kept.

    Raises:
        ReviewError: its poses were not kept.
    """
    analysis, exercise = outcome.analysis, outcome.exercise
    if analysis.poses is None:
        raise ReviewError(NO_POSES)
    ground = Ground(exercise, analysis.poses, analysis.dose, analysis.known)
    return Review(clip, ground, analysis.assessment, film_of(outcome), when=outcome.when)


def film_of(outcome: Outcome) -> Film | None:
    """The clip of a job; None where no picture was kept."""
    video = outcome.analysis.assessment.video
    return None if outcome.source is None else Film(outcome.source, video.turned_deg, bool(video.mirrored))


def _dose_of(kept: KeptAssessment) -> Dose | None:
    asked = kept.in_force.asked
    return None if asked is None else Dose.model_validate(asked)


def _known_of(kept: KeptAssessment, stored: Assessment, session: Session) -> Circumstances:
    """What was known of a recording; of a result from before that was kept, what the result itself tells."""
    if kept.in_force.known is not None:
        return kept.in_force.known
    video = stored.video
    return Circumstances(
        model=stored.model,
        source=Source(turned_deg=video.turned_deg),
        mirrored=video.mirrored,
        pain_s=tuple(mark.t_s for mark in stored.pain),
        to_first_pain=TIMES if session.to_first_pain else 0,
        recorded_at=stored.recorded_at,
        analysed_at=stored.analysed_at,
    )


# --- its pictures ---------------------------------------------------------------------------------


def plain_name(outcome: Outcome) -> str:
    """Return the name of a job's clip with nothing drawn on it; another one once it was turned or swapped."""
    video = outcome.analysis.assessment.video
    return f"{PLAIN}{video.turned_deg}-{'mirrored' if video.mirrored else 'as-seen'}.mp4"


def write_plain(outcome: Outcome, folder: Path, progress: Callable[..., None]) -> Path:
    """Write a job's clip with nothing drawn on it; a piece of work for `checker.service.apart`.

    Raises:
        VideoError, ReportError: it cannot be read, or not be written.
    """
    progress(0.0, "Getting the video ready")
    assert outcome.source is not None
    target = folder / plain_name(outcome)
    write_plain_video(outcome.analysis.assessment, outcome.source, target)
    return target


def draw_apart(review: Review, times_s: list[float]) -> list[bytes]:
    """Draw what was measured at some moments, a JPEG each. The film may be from anybody: it is read in a process apart.

    Raises:
        VideoError: it cannot be read.
        checker.service.workers.WorkerDiedError: it took the process with it.
    """
    return apart(unseen, _drawn, review.result, review.exercise, times_s, review.film)


def _drawn(
    result: Analysis, exercise: Exercise, times_s: list[float], film: Film | None, progress: Callable[..., None]
) -> list[bytes]:
    if film is None:
        return draw_moments(result, exercise, times_s, None)
    return draw_moments(result, exercise, times_s, film.path, film.turn_deg, film.mirrored)


def labelled_set(store: Store, person_id: UUID, exercises: dict[str, Exercise]) -> list[Judgement]:
    """All judgements of a person's sessions; of movements that are gone, none.

    Raises:
        checker.store.StoreError: they cannot be read.
    """
    reviewed = {kept.session_id for kept in store.corrections_of(person_id)}
    history, out = store.history(person_id), list[Judgement]()
    for session in history.sessions:
        if session.id in reviewed and session.exercise in exercises:
            then = version_then(session, exercises[session.exercise], history, session.day)
            out += review_of_session(store, session, then).judgements()
    return out
