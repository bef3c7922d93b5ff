"""A video file in, an analysis out: reading, finding the pose and judging, in that order.

Frames are decoded on a second thread, so that the pose model, which is what takes the time, never
waits for them.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from checker.assessing import Circumstances, assess, must_be_measured
from checker.assessment import ModelInfo, Turn
from checker.dose import Dose
from checker.exercise import Exercise
from checker.judging.analysis import Analysis
from checker.judging.resemblance import other_movement
from checker.judging.source import Source
from checker.library import find_exercise, list_exercises, overrides_of, own_folder
from checker.pose.bundle import DEFAULT_MODEL, ModelFile, ensure_model
from checker.pose.models import open_estimator
from checker.track import PoseTrack, TrackRecorder
from checker.video.reader import Frame, VideoError, VideoReader, open_video

MAX_SIDE_PX: Final = 960
"""Frames are scaled down to this before inference: the model looks at 256 pixels of the person."""

_AHEAD: Final = 4
"""Frames decoded ahead: enough to hide the decoder, few enough to keep memory constant."""

OnShare = Callable[[float], None]
"""Called with the share that is done, 0 to 1."""


def analyze_video(
    path: Path | str,
    exercise: Exercise | str,
    model: str | ModelFile = DEFAULT_MODEL,
    progress: OnShare | None = None,
    pain_s: Sequence[float] = (),
    turn_deg: Turn = 0,
    mirrored: bool | None = None,
    dose: Dose | None = None,
    to_first_pain: int = 0,
    pain_before: int | None = None,
) -> Analysis:
    """Measure one video.

    Args:
        path: of the file; judged by its content, not its name.
        exercise: the movement that it shows, or its id: the user's own file is read before the shipped one.
        model: name of a pose model, or one that is at hand.
        progress: called with the share done, 0 to 1, after each frame; an exception raised in it
            ends the analysis and is passed on.
        pain_s: the times at which the person said that it hurt.
        turn_deg: how far the picture is turned clockwise, where it does not stand upright.
        mirrored: whether the picture is a mirror image; None where nobody said.
        dose: how much was asked for; the movement's first one unless given.
        to_first_pain: how many of the first repetitions to each side go to the first pain only.
        pain_before: pain before it, 0 to 10; None where it was not told.

    Returns:
        The assessment and what it was made from.

    Raises:
        VideoError: the file cannot be read as a video.
        ModelError: the pose model is not there and cannot be fetched.
        ExerciseError: there is no movement with this id, or its file is wrong.
        ValueError: nothing is measured in this movement.
    """
    path = Path(path)
    exercise = find_exercise(exercise, own_folder()) if isinstance(exercise, str) else exercise
    must_be_measured(exercise)
    recording = record_video(path, model, exercise.needs_outline, progress, turn_deg)
    analysis = judge_recording(exercise, recording, pain_s, mirrored, dose, to_first_pain, pain_before)
    if progress is not None:
        progress(1.0)
    return analysis


@dataclass(frozen=True, slots=True)
class Recording:
    """What the pose model saw of a video; it can be judged again and again.

    Attributes:
        track: the poses as the camera gave them.
        known: what the file and the model say of them besides.
    """

    track: PoseTrack
    known: Circumstances


def record_video(
    path: Path | str,
    model: str | ModelFile = DEFAULT_MODEL,
    outline: bool = True,
    progress: OnShare | None = None,
    turn_deg: Turn = 0,
) -> Recording:
    """Find the poses of one video; the arguments and errors are those of `analyze_video`.

    Args:
        path: of the file.
        model: name of a pose model, or one that is at hand.
        outline: whether the outline of the body is wanted too: `Exercise.needs_outline`.
        progress: called with the share done.
        turn_deg: how far the picture is turned clockwise.
    """
    path = Path(path)
    with open_video(path, max_side_px=MAX_SIDE_PX, turn_deg=turn_deg) as reader:
        model_file = model if isinstance(model, ModelFile) else ensure_model(model)
        expected = reader.info.frames_estimate or 0
        recorder = TrackRecorder()
        with open_estimator(model_file, outline=outline) as estimator:
            for frame in _decoded_ahead(reader):
                recorder.append(estimator.estimate(frame.rgb, frame.t_s))
                if progress is not None:
                    progress(min(len(recorder) / expected, 0.99) if expected else 0.0)
        if not len(recorder):
            raise VideoError(f"{path.name}: no picture could be read from it; expected a video of a movement.")
        known = Circumstances(
            model=ModelInfo(name=model_file.name, sha256=model_file.sha256),
            source=Source(turn_deg, reader.tempo.known),
            warnings=tuple(reader.notes),
            recorded_at=reader.info.recorded_at,
        )
        track = recorder.track(reader.info.width, reader.info.height)
        track = replace(track, model=model_file.sha256, times_known=reader.tempo.known)
        return Recording(track, known)


def judge_recording(
    exercise: Exercise,
    recording: Recording,
    pain_s: Sequence[float] = (),
    mirrored: bool | None = None,
    dose: Dose | None = None,
    to_first_pain: int = 0,
    pain_before: int | None = None,
) -> Analysis:
    """Judge the poses of a video, as `analyze_video` does."""
    known = replace(recording.known, pain_s=tuple(pain_s), mirrored=mirrored, to_first_pain=to_first_pain)
    known = replace(known, pain_before=pain_before, overrides=tuple(overrides_of(exercise)))
    known = replace(known, analysed_at=datetime.now(UTC).replace(microsecond=0))
    return _with_other_movement(exercise, assess(exercise, recording.track, dose, known))


def _with_other_movement(exercise: Exercise, analysis: Analysis) -> Analysis:
    """The analysis, with a word where what was done looks like another movement than the one that was chosen."""
    reason = other_movement(exercise, analysis, [e for e in list_exercises() if e.is_measured])
    return analysis if reason is None else replace(analysis, assessment=analysis.assessment.with_warning(reason))


def _decoded_ahead(reader: VideoReader) -> Iterator[Frame]:
    """The reader's frames, decoded on a thread of their own, a few ahead."""
    frames: queue.Queue[Frame | BaseException | None] = queue.Queue(_AHEAD)
    stop = threading.Event()

    def put(item: Frame | BaseException | None) -> None:
        while not stop.is_set():
            try:
                frames.put(item, timeout=0.1)
                return
            except queue.Full:
                continue

    def decode() -> None:
        try:
            for frame in reader:
                put(frame)
                if stop.is_set():
                    return
            put(None)
        except BaseException as error:  # noqa: BLE001  handed over to the reading thread, which raises it
            put(error)

    thread = threading.Thread(target=decode, name="decode", daemon=True)
    thread.start()
    try:
        while (item := frames.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stop.set()
        thread.join()
