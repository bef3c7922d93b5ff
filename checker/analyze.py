"""A video file in, an analysis out: reading, finding the pose and judging, in that order.

Frames are decoded on a second thread, so that the pose model, which is what takes the time, never
waits for them.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from checker.assessment import ModelInfo, Turn
from checker.dose import Dose
from checker.engine import Engine
from checker.exercise import Exercise
from checker.judging.analysis import Analysis
from checker.judging.resemblance import other_movement
from checker.judging.source import Source
from checker.library import list_exercises
from checker.pose.bundle import DEFAULT_MODEL, ModelFile, ensure_model
from checker.pose.models import open_estimator
from checker.video.reader import Frame, VideoError, VideoReader, open_video

MAX_SIDE_PX: Final = 960
"""Frames are scaled down to this before inference: the model looks at 256 pixels of the person."""

_AHEAD: Final = 4
"""Frames decoded ahead: enough to hide the decoder, few enough to keep memory constant."""

OnShare = Callable[[float], None]
"""Called with the share that is done, 0 to 1."""


def analyze_video(
    path: Path,
    exercise: Exercise,
    model: str | ModelFile = DEFAULT_MODEL,
    progress: OnShare | None = None,
    pain_s: Sequence[float] = (),
    turn_deg: Turn = 0,
    mirrored: bool | None = None,
    dose: Dose | None = None,
) -> Analysis:
    """Measure one video.

    Args:
        path: of the file; judged by its content, not its name.
        exercise: the movement that it shows.
        model: name of a pose model, or one that is at hand.
        progress: called with the share done, 0 to 1, after each frame; an exception raised in it
            ends the analysis and is passed on.
        pain_s: the times at which the person said that it hurt.
        turn_deg: how far the picture is turned clockwise, where it does not stand upright.
        mirrored: whether the picture is a mirror image; None where nobody said.
        dose: how much of it is asked for; the movement's first one unless given.

    Returns:
        The assessment and what it was made from.

    Raises:
        VideoError: the file cannot be read as a video.
        ModelError: the pose model is not there and cannot be fetched.
    """
    with open_video(path, max_side_px=MAX_SIDE_PX, turn_deg=turn_deg) as reader:
        model_file = model if isinstance(model, ModelFile) else ensure_model(model)
        info = reader.info
        engine = Engine(exercise, info.width, info.height, mirrored, dose)
        engine.source = Source(turn_deg, reader.tempo.known)
        expected = info.frames_estimate or 0
        with open_estimator(model_file, outline=exercise.needs_outline) as estimator:
            done = 0
            for frame in _decoded_ahead(reader):
                engine.record(estimator.estimate(frame.rgb, frame.t_s))
                done += 1
                if progress is not None:
                    progress(min(done / expected, 0.99) if expected else 0.0)
        if done == 0:
            raise VideoError(f"{path.name}: no picture could be read from it; expected a video of a movement.")
    analysis = engine.finish(ModelInfo(name=model_file.name, sha256=model_file.sha256), reader.notes, pain_s)
    analysis = _with_other_movement(exercise, analysis)
    if progress is not None:
        progress(1.0)
    return analysis


def _with_other_movement(exercise: Exercise, analysis: Analysis) -> Analysis:
    """The analysis, with a word where what was done looks like another movement than the one that was chosen."""
    told = other_movement(exercise, analysis, [e for e in list_exercises() if e.is_measured])
    if told is None:
        return analysis
    assessment = analysis.assessment
    return replace(analysis, assessment=assessment.model_copy(update={"warnings": [*assessment.warnings, told]}))


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
