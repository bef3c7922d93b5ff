"""Frames with their times out of a video file, in constant memory.

A file is judged by its content, never by its name, and is read through a Python file object with
every other format and protocol switched off, so that nothing in it can make the library open a
second file or an address.
"""

from __future__ import annotations

import math
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

import av
import cv2
import numpy as np
import numpy.typing as npt
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.reformatter import Interpolation, VideoReformatter
from av.video.stream import VideoStream

from checker.assessment import Turn
from checker.video.interlaced import deinterlaced
from checker.video.kinds import EXPECTED
from checker.video.limits import DEFAULT_LIMITS, Limits
from checker.video.recorded import read_recorded_at
from checker.video.stream import (
    choose_stream,
    moving_streams,
    nominal_rate_hz,
    own_duration_s,
    promised_end_s,
    stated_duration_s,
)
from checker.video.tempo import FEWEST_HZ, Tempo, read_tempo

av.logging.set_level(None)  # nothing on the terminal: `VideoError` tells it in words

MAX_RATE_HZ: Final = 31.0
"""Frames above this rate are thinned out: 30 a second, with room for phones that run a little fast."""

_CONTAINER_OPTIONS: Final = {
    "format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg",
    "protocol_whitelist": "none",
}
_PICTURE_BRANDS: Final = frozenset({"heic", "heix", "heim", "heis", "mif1", "avif"})
_LEFT_OUT: Final = "The video is damaged: the frames that could not be read were left out."
_BREAKS_OFF: Final = "The video breaks off: only what could be read was used."
_JUMP_BACK_S: Final = 1.0
"""Times that go back by more than this begin again: two recordings were joined end to end."""
_JUMP_AHEAD_S: Final = 60.0
"""No time lies ahead of the one before by more than this, and more than a whole video may last: it is wrong, and one
wrong time must not end the video."""


class VideoError(ValueError):
    """A video cannot be read; one line with what was expected, what came and what to do."""


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """What is known of a video before it is read.

    Attributes:
        width, height: of the frames that come out (upright, scaled), pixels.
        fps: nominal frames per second of the file.
        duration_s: as the file states it, in seconds of the movement; None where it does not.
        frames_estimate: how many frames will come out; None where that cannot be told.
        recorded_at: when it was filmed, UTC; None where the file does not say.
    """

    width: int
    height: int
    fps: float
    duration_s: float | None
    frames_estimate: int | None
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture: seconds of the movement since the first frame, and (H, W, 3) uint8 RGB, C-contiguous."""

    t_s: float
    rgb: npt.NDArray[np.uint8]


@contextmanager
def open_video(
    path: Path, max_side_px: int = 1280, limits: Limits = DEFAULT_LIMITS, turn_deg: Turn = 0
) -> Iterator[VideoReader]:
    """Open a video file to iterate over its frames once.

    Args:
        path: of the file; its content decides what it is.
        max_side_px: larger frames are scaled down to this length of their longer side.
        limits: the largest video that is taken.
        turn_deg: how far the upright picture is turned clockwise besides, where the file's own mark is wrong.

    Raises:
        VideoError: when not a single frame can be read, or a limit is passed (that may also happen
            while iterating, when the file does not state its duration).
    """
    with _open_file(Path(path), limits) as file, _open_container(file, Path(path).name) as container:
        yield VideoReader(container, Path(path).name, max_side_px, limits, turn_deg)


class VideoReader:
    """Iterates over the frames of an open video; made by `open_video`.

    Attributes:
        info: size, rate and duration.
        tempo: how fast it was filmed against how fast it is stored; all times are those of the movement.
        damaged: after iterating, a sentence if part of the video could not be read, else None.
    """

    def __init__(self, container: InputContainer, name: str, max_side_px: int, limits: Limits, turn_deg: Turn) -> None:
        """Find the video stream and decode its first frame; see `open_video`."""
        self._container = container
        self._name = name
        self._limits = limits
        self._stream = _video_stream(container, name, limits)
        self.tempo = _tempo(container, self._stream, name, limits)
        self._sought = _sought(container, self._stream)
        self.damaged: str | None = None
        self._origin_s: float | None = None
        self._reach_s = 0.0
        self._frames = self._timed_frames()
        self._scaler, self._colourer = VideoReformatter(), VideoReformatter()
        first = next(self._frames, None)
        if first is not None:
            self._first = first
            self._shape = _Shape.of(first[1], self._stream, max_side_px, turn_deg)
        if first is None or self._picture(first[1]) is None:
            raise VideoError(f"{name} has no pictures that can be read: expected {EXPECTED}. {_RECORD_AGAIN}")
        self.info = self._facts()

    @property
    def notes(self) -> list[str]:
        """What is to be said of the video, each thing in a sentence; whole after iterating."""
        return [note for note in (self.damaged, self.tempo.note) if note is not None]

    def __iter__(self) -> Iterator[Frame]:
        """The frames, in order of strictly increasing time, at most about 30 a second."""
        frame: av.VideoFrame | None
        t_s, frame = self._first
        due_s = -math.inf
        last_s = 0.0
        while frame is not None:
            if not self._shape.suits(frame):
                self._damage(f"The picture changes shape at {t_s:.1f} s: only what comes before was read.")
                return
            # a quarter of the interval early is still in time, or jitter would cost frames
            if t_s >= due_s - 0.25 / MAX_RATE_HZ:
                due_s = max(due_s, t_s) + 1 / MAX_RATE_HZ
                rgb = self._picture(frame)
                if rgb is not None:
                    yield Frame(t_s, rgb)
            last_s = t_s + _shown_for_s(frame) * self.tempo.scale
            t_s, frame = next(self._frames, (t_s, None))
        self._check_end(last_s)

    def _picture(self, frame: av.VideoFrame) -> npt.NDArray[np.uint8] | None:
        """The upright picture; None, and a note, for one whose colours make no sense."""
        try:
            return self._shape.picture(frame, self._scaler, self._colourer)
        except (av.FFmpegError, OSError, ValueError, MemoryError):
            self._damage(_LEFT_OUT)
            return None

    def _facts(self) -> VideoFacts:
        fps = nominal_rate_hz(self._stream)
        stated_s = stated_duration_s(self._container, self._stream)
        duration_s = None if stated_s is None else stated_s * self.tempo.scale
        comes_hz = min(fps / self.tempo.scale, MAX_RATE_HZ)
        estimate = None if duration_s is None else max(1, round(duration_s * comes_hz))
        filmed_at = read_recorded_at(self._container.metadata)
        return VideoFacts(self._shape.width, self._shape.height, fps, duration_s, estimate, filmed_at)

    def _timed_frames(self) -> Iterator[tuple[float, av.VideoFrame]]:
        """Every sound frame with its time, those that do not come later than the last left out."""
        step_s = 1 / nominal_rate_hz(self._stream)
        furthest_s = max(self._limits.duration_s, _JUMP_AHEAD_S) / self.tempo.scale
        origin_s: float | None = None
        last_s = -step_s
        for frame in self._whole_frames():
            stamp_s = frame.time
            if origin_s is None:
                origin_s = self._origin_s = stamp_s or 0.0
            # some files leave out the time of some frames
            stored_s = max(last_s + step_s, 0.0) if stamp_s is None else stamp_s - origin_s
            if not last_s - _JUMP_BACK_S <= stored_s <= last_s + furthest_s:
                self._damage(
                    f"The file's times begin again at {last_s * self.tempo.scale:.1f} s: the rest was put after it."
                )
                stored_s = last_s + step_s
                origin_s = (stamp_s or 0.0) - stored_s
            t_s = round(stored_s * self.tempo.scale, 6)
            if stored_s <= last_s:
                continue
            if t_s > self._limits.duration_s:
                raise _too_long(self._name, None, self._limits)
            last_s = stored_s
            yield t_s, frame

    def _whole_frames(self) -> Iterator[av.VideoFrame]:
        """Every sound frame, deinterlaced."""
        try:
            yield from deinterlaced(self._decoded())
        except (av.FFmpegError, OSError):
            self._damage(_BREAKS_OFF)

    def _decoded(self) -> Iterator[av.VideoFrame]:
        """Every sound frame; damage is noted and passed over, as far as the file goes."""
        packets = self._container.demux(self._sought)
        while True:
            try:
                packet = next(packets, None)
            except (av.FFmpegError, OSError):
                self._damage(_BREAKS_OFF)
                return
            if packet is None:
                return
            self._reach_s = max(self._reach_s, _end_s(packet))
            if packet.stream.index != self._stream.index:
                continue
            if packet.has_sidedata("encryption_info"):
                raise _encrypted(self._name)
            try:
                frames = cast("list[av.VideoFrame]", packet.decode())
            except (av.FFmpegError, OSError):
                frames = []
                self._damage(_LEFT_OUT)
            for frame in frames:
                if frame.is_corrupt:
                    self._damage(_LEFT_OUT)
                else:
                    yield frame

    def _damage(self, sentence: str) -> None:
        self.damaged = self.damaged or sentence

    def _check_end(self, end_s: float) -> None:
        """A file cut short may simply end; tell it by the duration it states."""
        promised_s = promised_end_s(self._container, self._stream)
        if promised_s is None:
            return
        # some containers count the duration from zero, not from the first frame
        seen_s = end_s / self.tempo.scale + max(0.0, self._origin_s or 0.0)
        if own_duration_s(self._container, self._stream) is None:  # sound may go on after the picture's end
            seen_s = max(seen_s, self._reach_s)
        if promised_s - seen_s > max(1.0, 0.1 * promised_s):
            whole_s = promised_s * self.tempo.scale
            self.damaged = f"The video breaks off at {end_s:.1f} s of {whole_s:.1f} s: only that part was read."


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a stored frame becomes an upright one of at most the asked size.

    `scaled` is the size (width, height) before it is set upright; `stored` the size in the file.
    """

    stored: tuple[int, int]
    scaled: tuple[int, int]
    transpose: bool
    mirror_x: bool
    mirror_y: bool

    @classmethod
    def of(cls, frame: av.VideoFrame, stream: VideoStream, max_side_px: int, turn_deg: Turn) -> _Shape:
        """From the first frame: its size, the shape of its pixels, its display matrix, and what is asked besides."""
        width, height = float(frame.width), float(frame.height)
        pixel = float(stream.sample_aspect_ratio or 1)
        if 0.1 < pixel < 10:  # square pixels by shrinking the longer way: angles need them
            width, height = (width, height / pixel) if pixel > 1 else (width * pixel, height)
        scale = min(1.0, max_side_px / max(width, height))
        scaled = frame.width, frame.height
        if scale < 1 or (width, height) != scaled:  # even, as the half-size colour planes like it
            scaled = 2 * max(1, round(width * scale / 2)), 2 * max(1, round(height * scale / 2))
        # the matrix takes a stored (x, y) to (a x + c y, b x + d y) on the screen
        a, b, c, d = _display_matrix(frame)
        for _ in range(turn_deg // 90):  # a point at (x, y), y down, goes to (-y, x)
            a, b, c, d = -b, a, -d, c
        if abs(c) > abs(a):
            return cls((frame.width, frame.height), scaled, True, c < 0, b < 0)
        return cls((frame.width, frame.height), scaled, False, a < 0, d < 0)

    @property
    def width(self) -> int:
        """Of the upright picture, pixels."""
        return self.scaled[1] if self.transpose else self.scaled[0]

    @property
    def height(self) -> int:
        """Of the upright picture, pixels."""
        return self.scaled[0] if self.transpose else self.scaled[1]

    def suits(self, frame: av.VideoFrame) -> bool:
        """Whether a frame has the proportions of the first one; a change of scale alone is fine."""
        width, height = self.stored
        return abs(frame.width * height - frame.height * width) <= 0.02 * frame.width * height

    def picture(
        self, frame: av.VideoFrame, scaler: VideoReformatter, colourer: VideoReformatter
    ) -> npt.NDArray[np.uint8]:
        """The upright picture, (height, width, 3) uint8 RGB, C-contiguous."""
        width, height = self.scaled
        # scaling before turning into RGB takes a third of the time that both at once take
        bilinear = Interpolation.BILINEAR
        small = scaler.reformat(frame, width, height, interpolation=bilinear, threads=2)
        rgb = np.asarray(
            colourer.reformat(small, format="rgb24", interpolation=bilinear, threads=1).to_ndarray(), np.uint8
        )
        if self.transpose:
            rgb = np.asarray(cv2.transpose(rgb), np.uint8)
        if self.mirror_x or self.mirror_y:
            code = -1 if self.mirror_x and self.mirror_y else int(self.mirror_x)
            rgb = np.asarray(cv2.flip(rgb, code), np.uint8)
        return np.ascontiguousarray(rgb)


# --- opening ------------------------------------------------------------------------------------

_RECORD_AGAIN: Final = "Copy it again from the phone, or record it again."


def _open_file(path: Path, limits: Limits) -> BinaryIO:
    """The file, open; refuses what is no file of a fair size."""
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            kind = "a folder" if stat.S_ISDIR(mode) else "not an ordinary file"
            raise VideoError(f"{path} is {kind}: expected {EXPECTED}.")
        size = path.stat().st_size
        file = path.open("rb")
    except VideoError:
        raise
    except FileNotFoundError:
        raise VideoError(f"{path} does not exist: expected {EXPECTED}. Check its name and folder.") from None
    except PermissionError:
        raise VideoError(f"{path} may not be read: ask its owner for permission, or copy it.") from None
    except (OSError, ValueError) as error:  # ValueError: a name with a null character
        raise VideoError(f"{path} cannot be opened ({error}).") from error
    if size == 0 or size > limits.size_bytes:
        file.close()
        raise _wrong_size(path.name, size, limits)
    return file


def _wrong_size(name: str, size: int, limits: Limits) -> VideoError:
    if size == 0:
        return VideoError(f"{name} is empty (0 bytes): expected {EXPECTED}. {_RECORD_AGAIN}")
    return VideoError(
        f"{name} is too large: {_readable(size)}, expected at most {_readable(limits.size_bytes)}. "
        "Cut out the part that shows the movement."
    )


def _open_container(file: BinaryIO, name: str) -> InputContainer:
    """The container in an open file."""
    head = file.read(400)
    file.seek(0)
    try:
        container = av.open(file, "r", container_options=dict(_CONTAINER_OPTIONS), metadata_errors="replace")
    except (av.FFmpegError, OSError, MemoryError) as error:
        if _looks_like_video(head):
            raise VideoError(
                f"{name} is incomplete or damaged: it begins like a video, but its index is missing or "
                f"broken. {_RECORD_AGAIN}"
            ) from error
        raise VideoError(
            f"{name} is not a video that can be read: expected {EXPECTED}. "
            "If it plays elsewhere, save it there as mp4 (H.264)."
        ) from error
    brand = container.metadata.get("major_brand", "").strip()
    if brand in _PICTURE_BRANDS:
        container.close()
        raise VideoError(f"{name} is a picture ({brand}): expected {EXPECTED}.")
    return container


def _looks_like_video(head: bytes) -> bool:
    """Whether the first 400 bytes are those of a container that is read here."""
    is_mp4 = head[4:8] in {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"}
    # packets of a camcorder's stream begin with a G: every 188 bytes, or every 192 after four of time
    is_stream = head[0:377:188] == b"GGG" or head[4:389:192] == b"GGG"
    known = (b"\x1aE\xdf\xa3", b"\0\0\x01\xba")  # Matroska; MPEG on a disc
    return is_mp4 or is_stream or head.startswith(known) or (head[:4] == b"RIFF" and head[8:12] == b"AVI ")


def _video_stream(container: InputContainer, name: str, limits: Limits) -> VideoStream:
    """The stream to read, set up to decode on two threads."""
    moving = moving_streams(container)
    if not moving:
        came = "sound, but no picture" if container.streams.audio else "no picture"
        raise VideoError(f"{name} has {came} in it: expected {EXPECTED}.")
    stream = choose_stream(container, moving)
    codec = stream.codec_context
    if codec is None:
        raise VideoError(
            f"{name} is coded in a way that cannot be read: expected for instance H.264, HEVC, VP9 or AV1. "
            "Save it as mp4 (H.264)."
        )
    if "enc_key_id" in stream.metadata:  # Matroska tells it here, mp4 with each packet
        raise _encrypted(name)
    if codec.width * codec.height > limits.frame_px:
        raise VideoError(
            f"{name} is too large: {codec.width} x {codec.height} pixels, expected at most "
            f"{limits.frame_px / 1e6:.0f} megapixels. Save it smaller."
        )
    codec.thread_type = "AUTO"
    codec.thread_count = 2
    codec.options = {"max_pixels": str(limits.frame_px)}  # a frame may be larger than the file says
    return stream


def _encrypted(name: str) -> VideoError:
    return VideoError(f"{name} is encrypted (copy-protected): expected a video without protection.")


def _too_long(name: str, duration_s: float | None, limits: Limits) -> VideoError:
    came = "more than that came" if duration_s is None else f"it lasts {duration_s / 60:.1f}"
    return VideoError(
        f"{name} is too long: expected at most {limits.duration_s / 60:g} minutes, {came}. "
        "Cut out the part that shows the movement."
    )


def _tempo(container: InputContainer, stream: VideoStream, name: str, limits: Limits) -> Tempo:
    """The speed of the film; refuses one that is too long, or was filmed too slowly to follow a movement."""
    tempo = read_tempo(container.metadata, nominal_rate_hz(stream), stream.time_base)
    if tempo.is_time_lapse:
        raise VideoError(
            f"{name} is a time-lapse, filmed at {tempo.filmed_hz:g} pictures a second: expected at least "
            f"{FEWEST_HZ:g}. Film at normal speed."
        )
    duration_s = stated_duration_s(container, stream)
    if duration_s is not None and duration_s * tempo.scale > limits.duration_s:
        raise _too_long(name, duration_s * tempo.scale, limits)
    return tempo


def _sought(container: InputContainer, stream: VideoStream) -> list[Stream]:
    """The streams to read: sound too, where only that tells how far the file goes."""
    if own_duration_s(container, stream) is not None or promised_end_s(container, stream) is None:
        return [stream]
    return [stream, *container.streams.audio]


# --- what a packet or a frame says of itself ----------------------------------------------------


def _end_s(packet: Packet[Stream]) -> float:
    """When what is in a packet is over, seconds; 0 where that is not told."""
    if packet.pts is None or not packet.time_base:
        return 0.0
    return float((packet.pts + (packet.duration or 0)) * packet.time_base)


def _shown_for_s(frame: av.VideoFrame) -> float:
    return float(frame.duration * frame.time_base) if frame.duration and frame.time_base else 0.0


def _display_matrix(frame: av.VideoFrame) -> tuple[float, float, float, float]:
    """The turning part (a, b, c, d) of the container's display matrix."""
    try:
        m = np.frombuffer(cast(Any, frame.side_data)["DISPLAYMATRIX"], np.int32)
    except KeyError:
        return 1.0, 0.0, 0.0, 1.0
    except ValueError:  # PyAV stumbles over kinds of side data it has no name for; its angle still works
        turn = math.radians(frame.rotation)
        return math.cos(turn), -math.sin(turn), math.sin(turn), math.cos(turn)
    return float(m[0]), float(m[1]), float(m[3]), float(m[4])


def _readable(size_bytes: float) -> str:
    for unit in ("bytes", "KB", "MB"):
        if size_bytes < 1024:
            return f"{size_bytes:.3g} {unit}"
        size_bytes /= 1024
    return f"{size_bytes:.3g} GB"
