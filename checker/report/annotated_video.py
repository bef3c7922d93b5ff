"""`annotated.mp4`: the clip again with the overlay on it, as every browser plays it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import cv2
import numpy as np
from av.container import OutputContainer
from av.video.stream import VideoStream

from checker.assessment import Assessment
from checker.exercise import Exercise
from checker.judging.analysis import Analysis
from checker.overlay import Overlay, Rgb
from checker.report.atomic import replacing
from checker.report.turned import as_shown
from checker.video.reader import open_video

MAX_SIDE_PX: Final = 960  # as large as what was measured on; larger costs time and shows no more
TICKS_A_SECOND: Final = 90_000  # fine enough that every camera's timestamps come through exactly
KEY_FRAME_EVERY: Final = 30  # a click on the curve seeks: at most a second has to be decoded
_WAITING: Final = 8  # frames between drawing and encoding: bounds the memory

_BT601: Final = 6  # the matrix that cv2's RGB2YUV uses; untagged, players take another for large frames
_TV_RANGE: Final = 1
_TICK: Final = Fraction(1, TICKS_A_SECOND)
_LONGEST_GAP_S: Final = 0.1  # a frame further from every row was not analysed, and stays undrawn


def write_annotated_video(
    analysis: Analysis,
    exercise: Exercise,
    source: Path,
    target: Path,
    progress: Callable[[float], None] | None = None,
) -> None:
    """Draw the analysis into its clip and write it as H.264, each frame at its own time.

    Args:
        analysis: what was found in `source`.
        exercise: the movement that was judged.
        source: the clip; frames and rows of the analysis are matched by their times.
        target: the file to write; there whole, or not at all.
        progress: called with the share done, 0 to 1.

    Raises:
        checker.report.atomic.ReportError: when the file cannot be written.
        checker.video.reader.VideoError: when the clip cannot be read any more.
    """
    end_s = max(float(analysis.t_s[-1]), 1e-6) if len(analysis.t_s) else 1.0

    def overlay(width: int, height: int) -> Callable[[float, Rgb], Rgb]:
        drawing = Overlay(analysis, exercise, width, height)

        def draw(time_s: float, rgb: Rgb) -> Rgb:
            index = nearest_row(analysis, time_s)
            if progress is not None:
                progress(min(1.0, time_s / end_s))
            return rgb if index is None else drawing.draw(rgb, index)

        return draw

    _write(analysis.assessment, source, target, overlay)


def write_plain_video(assessment: Assessment, source: Path, target: Path) -> None:
    """Write a clip as H.264 as it was looked at, upright and the right way round, with nothing drawn on it.

    Args:
        assessment: what was found in `source`.
        source: the clip.
        target: the file to write; there whole, or not at all.

    Raises:
        checker.report.atomic.ReportError: when the file cannot be written.
        checker.video.reader.VideoError: when the clip cannot be read any more.
    """
    _write(assessment, source, target, lambda _width, _height: lambda _time_s, rgb: rgb)


def _write(
    assessment: Assessment, source: Path, target: Path, drawing: Callable[[int, int], Callable[[float, Rgb], Rgb]]
) -> None:
    """Write a clip with a drawing on it that is made for the size of its frames."""
    turned_deg = assessment.video.turned_deg
    with replacing(target) as draft, open_video(source, max_side_px=MAX_SIDE_PX, turn_deg=turned_deg) as video:
        width, height = video.info.width & ~1, video.info.height & ~1  # 4:2:0 halves both sides
        draw = drawing(video.info.width, video.info.height)
        with _Encoder(draft, width, height) as encoder:
            for frame in video:
                encoder.put(frame.t_s, draw(frame.t_s, as_shown(frame.rgb, assessment))[:height, :width])


def nearest_row(analysis: Analysis, time_s: float) -> int | None:
    """Return the row of the analysis that belongs to a frame, or None when none lies near."""
    if not len(analysis.t_s):
        return None
    after = int(np.searchsorted(analysis.t_s, time_s))
    around = [i for i in (after - 1, after) if 0 <= i < len(analysis.t_s)]
    best = min(around, key=lambda i: abs(float(analysis.t_s[i]) - time_s))
    return best if abs(float(analysis.t_s[best]) - time_s) < _LONGEST_GAP_S else None


class _Encoder:
    """Encodes H.264 on its own thread: PyAV releases the interpreter lock while it encodes."""

    def __init__(self, path: Path, width: int, height: int) -> None:
        self._out = av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"})
        self._stream = _h264_stream(self._out, width, height)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="encode")
        self._pending: deque[Future[None]] = deque()
        self._last_pts = 0

    def __enter__(self) -> _Encoder:
        return self

    def put(self, time_s: float, rgb: Rgb) -> None:
        """Queue a frame of even size; raises what an earlier one raised."""
        if len(self._pending) >= _WAITING:
            self._pending.popleft().result()
        self._pending.append(self._pool.submit(self._encode, time_s, rgb))

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                for frame in self._pending:
                    frame.result()
                self._pool.submit(self._flush).result()
        finally:
            self._pool.shutdown(cancel_futures=True)
            self._out.close()

    def _encode(self, time_s: float, rgb: Rgb) -> None:
        planes = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2YUV_I420), np.uint8)
        frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
        frame.pts, frame.time_base = round(time_s * TICKS_A_SECOND), _TICK
        # Only the last frame's duration is ever used: the others last until the next one.
        frame.duration, self._last_pts = frame.pts - self._last_pts, frame.pts
        self._out.mux(self._stream.encode(frame))

    def _flush(self) -> None:
        self._out.mux(self._stream.encode())


def _h264_stream(out: OutputContainer, width: int, height: int) -> VideoStream:
    """Return a stream that browsers play, seek in, and show in the right colours."""
    stream = out.add_stream("libx264", rate=30)
    stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
    context = stream.codec_context
    context.time_base = _TICK
    context.thread_count = 2
    context.gop_size = KEY_FRAME_EVERY
    context.color_range, context.colorspace = _TV_RANGE, _BT601
    stream.options = {"preset": "veryfast", "crf": "23", "bf": "0"}
    return stream
