"""Writes small videos for tests, ordinary and odd ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.stream import Disposition

_MS = Fraction(1, 1000)
NO_MARKS = Disposition(0)
MARK = np.array([220, 30, 30])
GROUND = np.array([30, 60, 200])

CODECS = {
    "mp4": "libx264",
    "mov": "libx264",
    "webm": "libvpx-vp9",
    "avi": "mpeg4",
    "mkv": "libx264",
    "3gp": "mpeg4",
    "mts": "libx264",
    "mpg": "mpeg2video",
}
"""What each container usually holds."""


def picture(width: int, height: int) -> npt.NDArray[np.uint8]:
    """Blue, with a red mark that fills the top left quarter: its corner tells how a frame is turned."""
    rgb = np.empty((height, width, 3), np.uint8)
    rgb[:] = GROUND
    rgb[: height // 2, : width // 2] = MARK
    return rgb


def marked_corner(rgb: npt.NDArray[np.uint8]) -> str:
    """Where the red mark is: "top left", "top right", ..."""
    height, width = rgb.shape[:2]
    for name, (y, x) in {
        "top left": (1, 1),
        "top right": (1, 3),
        "bottom left": (3, 1),
        "bottom right": (3, 3),
    }.items():
        seen = rgb[height * y // 4, width * x // 4].astype(int)
        if np.abs(seen - MARK).max() < 40:
            return name
    return "nowhere"


def write_video(
    path: Path,
    times_ms: Sequence[int],
    size: tuple[int, int] = (64, 48),
    *,
    container: str | None = None,
    codec: str | None = None,
    pixels: str = "yuv420p",
    turned_deg: int = 0,
    mirrored: bool = False,
    pixel_aspect: tuple[int, int] = (1, 1),
    moving: bool = False,
    rate_hz: int = 25,
    options: dict[str, str] | None = None,
    codec_options: dict[str, str] | None = None,
    metadata: dict[str, str] | None = None,
) -> Path:
    """Write one frame at each time.

    Args:
        path: of the file; its suffix names the container unless `container` does.
        times_ms: presentation times, milliseconds.
        size: of the stored frames, width and height, pixels.
        container: libav's name of the format.
        codec: of the pictures.
        pixels: libav's name of the pixel format.
        turned_deg: display rotation, counter-clockwise.
        mirrored: display matrix with a horizontal flip.
        pixel_aspect: width to height of one pixel.
        moving: noise in each frame instead of a still picture, so that each takes many bytes.
        rate_hz: stated frames per second; the times say what it really is.
        options: of the container.
        codec_options: of the codec.
        metadata: of the file, as phones write it.
    """
    noise = np.random.default_rng(5)
    with av.open(str(path), "w", format=container, options=options or {}) as out:
        stream = out.add_stream(codec or CODECS[path.suffix[1:]], rate=rate_hz, options=codec_options or {})
        stream.width, stream.height = size
        stream.pix_fmt = pixels
        stream.codec_context.time_base = stream.time_base = _MS
        if stream.codec_context.name == "mpeg2video":  # knows certain rates and no others
            stream.codec_context.time_base = Fraction(1, rate_hz)
        out.metadata.update(metadata or {})
        if pixel_aspect != (1, 1):
            stream.codec_context.sample_aspect_ratio = Fraction(*pixel_aspect)
        if turned_deg or mirrored:
            stream.set_display_rotation(turned_deg, hflip=mirrored)
        for time_ms in times_ms:
            rgb = picture(*size)
            if moving:
                rgb = noise.integers(0, 255, rgb.shape, np.uint8)
            frame = av.VideoFrame.from_ndarray(rgb, "rgb24")
            frame.pts, frame.time_base = time_ms, _MS
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


@dataclass(frozen=True)
class Film:
    """One of several streams of moving pictures in a file; `red` by its shade tells which one it is.

    `name` is its handler's, as phones name what a stream is for.
    """

    size: tuple[int, int]
    frames: int
    red: int
    marks: Disposition = NO_MARKS
    name: str = ""
    codec: str = "libx264"


def write_films(path: Path, films: Sequence[Film], sound_s: float = 0.0, container: str | None = None) -> Path:
    """Write several streams of 25 pictures a second, and perhaps sound, into one file."""
    with av.open(str(path), "w", format=container) as out:
        streams = []
        for film in films:
            stream = out.add_stream(film.codec, rate=25)
            stream.width, stream.height = film.size
            stream.pix_fmt = "yuvj420p" if film.codec == "mjpeg" else "yuv420p"
            stream.disposition = film.marks
            if film.name:
                stream.metadata["handler_name"] = film.name
            streams.append(stream)
        sound = out.add_stream("aac", rate=16_000, layout="mono") if sound_s else None
        if sound is not None:
            _mux_silence(out, sound, sound_s)
        for stream, film in zip(streams, films, strict=True):
            for i in range(film.frames):
                rgb = np.full((film.size[1], film.size[0], 3), (film.red, 40, 40), np.uint8)
                frame = av.VideoFrame.from_ndarray(rgb, "rgb24")
                frame.pts, frame.time_base = i, Fraction(1, 25)
                out.mux(stream.encode(frame))
            out.mux(stream.encode(None))
    return path


def write_joined(path: Path, films: Sequence[Path], rate_hz: int = 15) -> Path:
    """Write films one after another as one, in the size of the first."""
    with av.open(str(films[0])) as first:
        size = (first.streams.video[0].width, first.streams.video[0].height)
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=rate_hz, options={"crf": "20"})
        stream.pix_fmt = "yuv420p"
        stream.width, stream.height = size
        for film in films:
            with av.open(str(film)) as source:
                for frame in source.decode(video=0):
                    rgb = frame.reformat(*size, format="rgb24").to_ndarray()
                    out.mux(stream.encode(av.VideoFrame.from_ndarray(rgb, "rgb24")))
        out.mux(stream.encode(None))
    return path


def write_woven(path: Path, frames: int = 25) -> Path:
    """An interlaced file: a white bar that moves from one half of each picture to the other."""
    with av.open(str(path), "w", format="mpegts") as out:
        stream = out.add_stream("libx264", rate=25, options={"x264-params": "tff=1"})
        stream.width, stream.height, stream.pix_fmt = 128, 96, "yuv420p"
        for i in range(frames):
            rgb = np.zeros((96, 128, 3), np.uint8)
            rgb[0::2, 8 + 3 * i : 28 + 3 * i] = 255
            rgb[1::2, 12 + 3 * i : 32 + 3 * i] = 255
            frame = av.VideoFrame.from_ndarray(rgb, "rgb24")
            frame.pts, frame.time_base = i, Fraction(1, 25)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def write_sound(path: Path, seconds: float = 1.0) -> Path:
    """Write a file with a sound track and no picture."""
    with av.open(str(path), "w") as out:
        _mux_silence(out, out.add_stream("aac", rate=16_000, layout="mono"), seconds)
    return path


def _mux_silence(out: OutputContainer, stream: AudioStream, seconds: float) -> None:
    for start in range(0, int(seconds * 16_000), 1024):
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        frame.sample_rate, frame.pts = 16_000, start
        out.mux(stream.encode(frame))
    out.mux(stream.encode(None))


def every(step_ms: float, count: int) -> list[int]:
    """`count` times, `step_ms` apart."""
    return [round(i * step_ms) for i in range(count)]


def encrypt_mkv(path: Path) -> Path:
    """Mark the first track of a Matroska file as encrypted (AES, with a key id), in place."""
    key_id = bytes(range(16))
    scheme = _element("5035", _element("47e1", b"\x05") + _element("47e2", key_id))
    encoding = _element("6240", _element("5032", b"\x01") + _element("5033", b"\x01") + scheme)
    added = _element("6d80", encoding)
    data = path.read_bytes()
    tracks = data.rindex(bytes.fromhex("1654ae6b")) + 4  # the table of contents names it before
    start, tracks_size = _size_at(data, tracks)
    end = start + tracks_size
    entry = start + 6 if data[start] == 0xBF else start  # leave out a checksum, it would be wrong
    inside, entry_size = _size_at(data, entry + 1)
    track = _element("ae", data[inside : inside + entry_size] + added)
    after = data[inside + entry_size : end]
    path.write_bytes(data[: tracks - 4] + _element("1654ae6b", track + after) + data[end:])
    return path


def _element(identifier: str, content: bytes) -> bytes:
    """An EBML element; its size takes eight bytes."""
    return bytes.fromhex(identifier) + (len(content) | 1 << 56).to_bytes(8, "big") + content


def _size_at(data: bytes, at: int) -> tuple[int, int]:
    """Where an EBML element's content begins, and its size, from where its size is written."""
    length = 9 - data[at].bit_length()
    size = int.from_bytes(data[at : at + length], "big") & ~(1 << 7 * length)
    return at + length, size
