"""Which of a file's streams is the film, and what the file says of it: its length and its rate."""

from __future__ import annotations

import re
from typing import Final

import av
from av.container import InputContainer
from av.stream import Disposition, Stream
from av.video.stream import VideoStream

_DEFAULT_RATE_HZ: Final = 30.0
_STILLS: Final = Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.still_image
"""A song's cover and the pictures along a player's time line are no film."""

_AUXILIARY: Final = re.compile(r"\b(depth|disparity|alpha|matte|gain ?map|thumbnails?|preview)\b", re.IGNORECASE)
"""What phones call the streams that belong to the film and are not shown: how far things are, what is clear."""

_PREVIEW_SHARE: Final = 0.1
"""A stream shorter than this share of the longest one is a picture of it or its beginning, not the film."""

_GUESSED_LENGTH: Final = frozenset({"mpegts", "mpeg"})
"""Containers without a stated length: libav measures it in what is there, so it cannot tell what is missing."""


def moving_streams(container: InputContainer) -> list[VideoStream]:
    """The streams of moving pictures, in the file's order."""
    return [s for s in container.streams.video if not s.disposition & _STILLS]


def choose_stream(container: InputContainer, streams: list[VideoStream]) -> VideoStream:
    """The stream that a player shows.

    Never a preview or an auxiliary one while there is another; then one that is marked as the
    default; of several of those (a file of two cameras, of several sizes) the one with the most
    pixels in all, since the others are smaller copies or insets; then the first.

    Args:
        container: what the streams are in.
        streams: at least one.
    """
    length_s = {s.index: own_duration_s(container, s) for s in streams}
    longest_s = max((t for t in length_s.values() if t is not None), default=0.0)

    def rank(stream: VideoStream) -> tuple[bool, bool, float]:
        own_s = length_s[stream.index]
        is_preview = stream.frames == 1 or (own_s is not None and own_s < _PREVIEW_SHARE * longest_s)
        shown = not is_preview and not _is_auxiliary(stream)
        codec = stream.codec_context
        pixels = codec.width * codec.height if codec is not None else 0
        frames = stream.frames or (own_s or longest_s or 1.0) * nominal_rate_hz(stream)
        return shown, bool(stream.disposition & Disposition.default), pixels * frames

    return max(streams, key=rank)


def _is_auxiliary(stream: VideoStream) -> bool:
    named = " ".join(v for k, v in stream.metadata.items() if k.casefold() in {"handler_name", "title"})
    return bool(stream.disposition & Disposition.dependent or _AUXILIARY.search(named))


def own_duration_s(container: InputContainer, stream: Stream) -> float | None:
    """How long a stream lasts, as the file states it for this stream alone; None where it does not.

    The container's length is the stream's only where there is no other stream: sound may go on.
    """
    for key, value in stream.metadata.items():  # Matroska states it in a tag, perhaps with a language
        if key.casefold().partition("-")[0] == "duration" and (tagged_s := _clock_s(value)):
            return tagged_s
    if stream.duration is not None and stream.duration > 0 and stream.time_base and _states_own(container):
        return float(stream.duration * stream.time_base)
    alone = len(container.streams.video) + len(container.streams.audio) == 1
    return _container_duration_s(container) if alone else None


def stated_duration_s(container: InputContainer, stream: Stream) -> float | None:
    """The stream's own length, or the container's, which sound may have stretched."""
    return own_duration_s(container, stream) or _container_duration_s(container)


def promised_end_s(container: InputContainer, stream: Stream) -> float | None:
    """The length against which it shows that a file breaks off; None where nothing states one."""
    if container.format.name in _GUESSED_LENGTH:
        return None
    return stated_duration_s(container, stream)


def _states_own(container: InputContainer) -> bool:
    """Whether the lengths of single streams come from the file: elsewhere libav fills in the container's."""
    return container.format.name.startswith(("mov,", "avi"))


def _container_duration_s(container: InputContainer) -> float | None:
    if container.duration is not None and container.duration > 0:
        return container.duration / av.time_base
    return None


def _clock_s(text: str) -> float | None:
    """Seconds out of "00:00:09.557000000"; None for anything else."""
    found = re.fullmatch(r"(\d{1,6}):(\d\d):(\d\d(?:\.\d{1,20})?)", text.strip())
    return 3600 * int(found[1]) + 60 * int(found[2]) + float(found[3]) if found else None


def nominal_rate_hz(stream: VideoStream) -> float:
    """Frames per second as stated; 30 where that is missing or absurd (browsers write 1000)."""
    for rate in (stream.average_rate, stream.guessed_rate):
        if rate and 0.5 <= rate <= 480:
            return float(rate)
    return _DEFAULT_RATE_HZ
