"""One person doing one movement before the camera, from the first frame to the last."""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from checker.assessment import ModelInfo
from checker.care.records import StopReason
from checker.care.rules import load_rules
from checker.care.stops import stop_text
from checker.dose import Dose
from checker.engine import Engine
from checker.exercise import Exercise
from checker.judging.analysis import Analysis
from checker.library import overrides_of
from checker.live.coach import LONGEST_S, Coach
from checker.live.feedback import Feedback, Verdict
from checker.live.guidance import Guidance
from checker.live.to_first_pain import ToFirstPain
from checker.pose.bundle import ModelFile
from checker.service.diary import Diary
from checker.service.live.answer import AnswerWriter
from checker.service.live.asking import HandAsking
from checker.service.live.capture_clock import CaptureClock
from checker.service.live.eyes import Eyes, Picture, Size
from checker.service.live.protocol import FrameMessage, ShapeError, UnfitError, size_of
from checker.service.live.recording import Recording
from checker.service.workers import WorkerDiedError
from checker.track import Pose, PoseTrack

SLACK_S: Final = 60.0
"""The coach ends a session; a clock that jumps this far beyond is wrong."""

MARKED_LATER_S: Final = 120.0
"""Pain may be marked while the connection is lost, and is told when it has come back; or before the first picture."""

KEEPS_UP: Final = 0.8
"""A computer that looks at this share of its camera's pictures is not what makes them few; `browser/rate.js`
asks the same."""

QUICKEST_HZ: Final = 240.0
"""No camera gives more pictures a second, so no more can be left out."""

SLOW_COMPUTER: Final = (
    "This computer was too slow to look at more: close other programs, or film yourself and use “Upload and review”."
)
SLOW_CAMERA: Final = "The camera gave no more: more light often helps."

LOST_SIGHT: Final = "The part of BackCheck that looks at the pictures stopped, and the session with it."

MOST_MARKS: Final = 500
"""Nobody marks pain more often; what a session remembers has an end."""

SAME_SHAPE: Final = 0.02
"""Frames of another size are taken where width to height differs by less than this share."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What is left of a session when it is over.

    Attributes:
        analysis: the final word on everything that was seen; None where nothing was.
        recording: the video, where it was asked for.
        stopped: why it ended before it was finished; None where it did not.
    """

    analysis: Analysis | None
    recording: Path | None
    stopped: str | None = None


class LiveSession:
    """A session; its thread is the only one on which the pose model and the engine are used.

    `process`, `mark_pain`, `tell_stop`, `go_on`, `go_on_as_seen`, `restart`, `tell_mirrored`, `ask_hand`, `leave_hand`,
    `use_model` and `finish` are called on `thread`.

    Attributes:
        token: by which the page finds it; cannot be guessed.
        dose: how much of it was chosen; None: the movement's first one.
        to_first_pain: how many of the first repetitions to each side go to the first pain only; 0: none.
        owner: the browser session whose it is.
        pain_before: pain before it, 0 to 10; None where it was not told.
        stopped_for: the stop rule that was told by one press; None where none was.
        thread: takes one thing after another.
        mirrored: whether the camera's picture is a mirror image; None where nobody said or showed it.
        began_s, last_used_s: monotonic times at which it began, and at which something was last asked of it.
    """

    def __init__(
        self,
        owner: str,
        exercise: Exercise,
        model: ModelFile,
        dose: Dose | None = None,
        folder: Path | None = None,
        to_first_pain: int = 0,
        furthest: bool = True,
    ) -> None:
        """Begin; the pose model is loaded when the first picture comes.

        Args:
            owner: whose it is.
            exercise: the movement.
            model: the pose model.
            dose: how much of it; the movement's first one unless given.
            folder: private to this session, where the video is kept; None: no picture is stored.
            to_first_pain: how many of the first repetitions to each side go to the first pain only; then the dose
                is that of this test.
            furthest: whether one more follows then, as far as they want.

        Raises:
            ValueError: the movement has no range before pain.
        """
        protocol = ToFirstPain(exercise, to_first_pain, furthest) if to_first_pain else None
        self.token = secrets.token_urlsafe(24)
        self.owner = owner
        self.exercise = exercise
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="live")
        self.dose = protocol.dose if protocol is not None else dose
        self.to_first_pain = to_first_pain
        self.diary: Diary | None = None
        self.pain_before: int | None = None
        self.stopped_for: StopReason | None = None
        self._opened_at = datetime.now(UTC).replace(microsecond=0)
        self._over = False
        self.mirrored: bool | None = None
        self.began_s = self.last_used_s = time.monotonic()
        self._model = model
        self._protocol = protocol
        self._coach = Coach(exercise, dose, self._settle, protocol)
        self._folder = folder
        self._eyes: Eyes | None = None
        self._clock = CaptureClock(LONGEST_S + SLACK_S)
        self._pain_captures_s: set[float] = set()
        self._pipeline: _Pipeline | None = None
        self._warnings: list[str] = []
        self._asking: HandAsking | None = None  # also when it is over
        self._stopped: str | None = None

    # --- on the session's thread ----------------------------------------------------------------

    def process(self, message: FrameMessage) -> dict[str, Any]:
        """Look at a frame, and say what the page shows.

        Raises:
            MessageError: no picture.
            ShapeError: one of another shape.
            UnfitError: one that is not later than the last.
            WorkerDiedError: the pose model ended over it.
        """
        self._must_run()
        arrived_s = time.monotonic()
        size = size_of(message.jpeg)
        t_s = self._clock.look(message.capture_s, arrived_s)
        picture = Picture(message.jpeg, t_s, self._size(size), keep=self._folder is not None)
        try:
            seen = self._open_eyes().look(picture)
        except WorkerDiedError:
            self._stopped = LOST_SIGHT
            self._warnings.append(f"{LOST_SIGHT} What was seen until {max(self._clock.last_s, 0.0):.0f} s was judged.")
            raise
        self.touch()  # a picture that was one
        since_s = t_s - self._clock.last_s
        self._clock.take(message.capture_s, t_s, arrived_s)
        began_s = time.perf_counter()
        pipeline = self._pipeline_for(size, t_s)
        if pipeline.recording is not None and seen.jpeg is not None:
            pipeline.recording.put(t_s, seen.jpeg)
        feedback, guidance = self._lead(seen.pose, pipeline)
        pipeline.count_pictures(message.left_out, since_s)
        if self.diary is not None:
            self.diary.went_on(feedback.repetitions, feedback.hold_s)
        answer = pipeline.writer.write(pipeline.engine.own(seen.pose), pipeline.engine.start, feedback, guidance)
        took = {"decode": seen.decode_s, "pose": seen.pose_s, "judge": time.perf_counter() - began_s}
        milliseconds = {name: round(1000 * s, 1) for name, s in took.items()}
        answer |= {"hand": self._is_asking, "mirrored": self.mirrored}
        return answer | {"id": message.id, "pain": len(self._coach.pain_s), "ms": milliseconds}

    def mark_pain(self, capture_s: float) -> dict[str, Any]:
        """It hurt at a time of the browser's clock; told twice, it is still one mark."""
        if self._clock.begun and capture_s not in self._pain_captures_s:
            self._must_run()
            t_s = self._clock.since_start_s(capture_s)
            latest_s = self._clock.last_s + MARKED_LATER_S
            if len(self._pain_captures_s) >= MOST_MARKS:
                raise UnfitError(f"expected at most {MOST_MARKS} marks of pain")
            if not -MARKED_LATER_S <= t_s <= latest_s:
                raise UnfitError(f"expected a moment before {latest_s:.0f} s, got {t_s:.0f} s")
            self._pain_captures_s.add(capture_s)
            self.leave_hand()
            self._coach.mark_pain(t_s)
        return {"type": "pain", "time": capture_s, "n": len(self._coach.pain_s)}

    def tell_stop(self, why: StopReason) -> dict[str, Any]:
        """A stop rule was told by one press: it is kept at once, whatever becomes of the session; told twice, once."""
        self._must_run()
        if self.stopped_for is None:
            self.stopped_for, self._stopped = why, stop_text(why, load_rules())
            if self.diary is not None:
                self.diary.stopped(why)
        return {"type": "stopped", "why": self.stopped_for}

    def go_on(self) -> dict[str, Any]:
        """They do not want to stop."""
        self._must_run()
        self._coach.go_on()
        return {"type": "going_on"}

    def go_on_as_seen(self) -> dict[str, Any]:
        """They cannot step back: what is seen is measured, and the rest is not judged."""
        self._must_run()
        if self._pipeline is not None:
            self._pipeline.engine.go_on_as_seen()
        return {"type": "as_seen"}

    def restart(self) -> dict[str, Any]:
        """Look for the start posture again; what was counted stays."""
        self._must_run()
        if self._pipeline is not None:
            self._pipeline.engine.restart()
        return {"type": "restart"}

    def tell_mirrored(self, mirrored: bool) -> dict[str, Any]:
        """Whether the camera's picture is a mirror image; it is taken only before the first picture."""
        if self._pipeline is None:
            self.mirrored = mirrored
        return {"type": "mirrored", "mirrored": self.mirrored}

    def ask_hand(self) -> dict[str, Any]:
        """Nobody has said that yet: ask for the left hand, once, before the first picture, where there are sides."""
        if self._pipeline is None and self.mirrored is None and "left" in self.exercise.sides:
            self._asking = HandAsking()
        return {"type": "hand", "asked": self._is_asking}

    def leave_hand(self) -> dict[str, Any]:
        """They do not want to show it, or it hurts."""
        if self._asking is not None and self._is_asking:
            self._asking.question.leave()
            self._answered(None)
        return {"type": "hand", "asked": False}

    def use_model(self, model: ModelFile) -> dict[str, Any]:
        """Go on with another pose model."""
        self._must_run()
        if model.name != self._model.name:
            if self._eyes is not None:
                self._eyes.use(model)
            self._model = model
            self._warnings.append(
                f"From {max(self._clock.last_s, 0.0):.0f} s on a quicker, less exact model measured, because this "
                "computer was slow: the ± of each value is that of the usual model."
            )
        return {"type": "model", "name": model.name, "ok": True}

    def finish(self) -> Finished:
        """Judge the whole, free the model and end; the thread is still there for `close`."""
        self._must_run()
        self.stop()
        self._unload()
        pipeline = self._pipeline
        if pipeline is None:
            return Finished(None, None, self._stopped)
        if pipeline.recording is not None:
            pipeline.recording.close()
            self._warnings += [pipeline.recording.full] if pipeline.recording.full else []
        if pipeline.smaller_from_s is not None:
            self._warnings.append(
                f"From {pipeline.smaller_from_s:.0f} s on smaller pictures were measured, because this computer was "
                "slow: the ± of each value is that of the usual size."
            )
        info = ModelInfo(name=self._model.name, sha256=self._model.sha256)
        analysis = pipeline.engine.finish(
            info,
            self._warnings,
            self._coach.pain_s,
            pipeline.why_slow,
            recorded_at=self._opened_at,
            analysed_at=datetime.now(UTC).replace(microsecond=0),
            led_on=self._protocol.led_on_s if self._protocol is not None else None,
            pain_before=self.pain_before,
            overrides=overrides_of(self.exercise),
        )
        kept = pipeline.recording is not None and pipeline.recording.path.is_file()
        return Finished(analysis, pipeline.recording.path if pipeline.recording and kept else None, self._stopped)

    # --- on any thread --------------------------------------------------------------------------

    @property
    def why_stopped(self) -> str | None:
        """Why it ended before it was finished, in words; None where it did not."""
        return self._stopped

    @property
    def over(self) -> bool:
        """Whether it was finished, stopped or closed."""
        return self._over

    @property
    def track(self) -> PoseTrack | None:
        """The poses so far, as the camera gave them; None before the first."""
        return self._pipeline.engine.track if self._pipeline is not None else None

    @property
    def has_frames(self) -> bool:
        """Whether there is anything to judge."""
        return self._pipeline is not None

    def touch(self) -> None:
        """Somebody is there."""
        self.last_used_s = time.monotonic()

    def stop(self) -> None:
        """Take nothing else any more."""
        self._over = True

    def close(self) -> None:
        """End it, whatever it is doing: the model is freed and the folder deleted when that is done."""
        self.stop()
        self.thread.submit(self._clear)
        self.thread.shutdown(wait=False)

    # --- upkeep ---------------------------------------------------------------------------------

    @property
    def _is_asking(self) -> bool:
        return self._asking is not None and self._asking.question.is_open

    def _lead(self, pose: Pose, pipeline: _Pipeline) -> tuple[Feedback, Guidance]:
        """Lead on; before that, ask for the left hand where that is wanted."""
        if self._asking is not None and self._is_asking:
            asked = self._asking.feed(pose)
            if asked is not None:
                pipeline.engine.record(pose)
                return asked
            self._answered(self._asking.question.mirrored)
        feedback = pipeline.follow(pose, is_over=self._coach.is_done)
        return feedback, self._coach.feed(feedback)

    def _answered(self, mirrored: bool | None) -> None:
        """The question is over: from here on it counts, and a hand that was lifted is no movement."""
        self.mirrored = mirrored
        if self._pipeline is not None:
            self._pipeline.begin(mirrored)

    def _must_run(self) -> None:
        if self._over:
            raise UnfitError("this session is over")

    def _settle(self) -> Verdict:
        """What the result would say of all that was seen so far."""
        return self._pipeline.engine.settle() if self._pipeline is not None else Verdict({}, False, None)

    def _open_eyes(self) -> Eyes:
        """What looks at the pictures; loaded when there is the first one."""
        if self._eyes is None:
            self._eyes = Eyes(self._model, self.exercise.needs_outline)
        return self._eyes

    def _unload(self) -> None:
        if self._eyes is not None:
            self._eyes.close()
            self._eyes = None

    def _clear(self) -> None:
        try:
            self._unload()
            if self._pipeline is not None and self._pipeline.recording is not None:
                self._pipeline.recording.close()
        finally:
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)

    def _size(self, size: Size) -> Size:
        """To which size a picture is brought: the first one's, whose shape holds for the session.

        Raises:
            ShapeError: it has another shape.
        """
        if self._pipeline is None:
            return size
        if abs(size[0] / size[1] / self._pipeline.shape - 1) > SAME_SHAPE:
            raise ShapeError(
                "The picture has another shape than at the start: turn the camera back the way it was, or finish."
            )
        return self._pipeline.size

    def _pipeline_for(self, size: Size, t_s: float) -> _Pipeline:
        """The engine for pictures of the first one's size."""
        if self._pipeline is None:
            width, height = size
            path = self._folder / "recording.mkv" if self._folder is not None else None

            def make_engine(mirrored: bool | None) -> Engine:
                name, firsts = self._model.name, self.to_first_pain
                return Engine(self.exercise, width, height, mirrored, self.dose, name, firsts)

            self._pipeline = _Pipeline(self.exercise, make_engine, size, path, self.mirrored)
        self._pipeline.note_size(size, t_s)
        return self._pipeline


class _Pipeline:
    """What a pose goes through, for frames of the first one's size."""

    def __init__(
        self,
        exercise: Exercise,
        make_engine: Callable[[bool | None], Engine],
        size: Size,
        path: Path | None,
        mirrored: bool | None,
    ) -> None:
        width, height = size
        self.shape = width / height
        self._make_engine, self.size = make_engine, size
        self.engine = make_engine(mirrored)
        self.writer = AnswerWriter(exercise, width, height)
        self.recording = Recording(path, width, height) if path is not None else None
        self.smaller_from_s: float | None = None
        self._looked_at = self._left_out = 0
        self._last: Feedback | None = None

    def follow(self, pose: Pose, is_over: bool) -> Feedback:
        """What is said of a pose; once it is over, nothing more counts, so that the result is what was told."""
        if not is_over or self._last is None:
            self._last = self.engine.feed(pose)
            return self._last
        return replace(self._last, t_s=pose.t_s, faults=[], refused=None)

    def count_pictures(self, left_out: int, since_s: float) -> None:
        """One was looked at; so many of the camera's were left out since the one before, seconds ago."""
        self._looked_at += 1
        self._left_out += min(left_out, round(QUICKEST_HZ * since_s))

    @property
    def why_slow(self) -> str:
        """What it was that pictures were few, where they were."""
        keeps_up = self._looked_at >= KEEPS_UP * (self._looked_at + self._left_out)
        return SLOW_CAMERA if keeps_up else SLOW_COMPUTER

    def begin(self, mirrored: bool | None) -> None:
        """Forget what was seen."""
        self.engine = self._make_engine(mirrored)
        self._last = None

    def note_size(self, size: Size, t_s: float) -> None:
        """Remember from when on smaller pictures came."""
        if size != self.size and self.smaller_from_s is None:
            self.smaller_from_s = t_s
