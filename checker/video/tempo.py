"""How fast a video was filmed against how fast it is stored: slow motion, and time-lapse.

Phones write how many pictures a second their camera took. A file that is stored slower than that
shows everything slowed down; its times are scaled back, or told as unknown where the factor is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

SLOW_MOTION_HZ: Final = 90.0
"""Slow motion is filmed at 120 pictures a second or more. At 60 a phone may store 30 because the light is
dim, in real time, so lower capture rates say nothing."""

PLAYED_HZ: Final = (20.0, 62.0)
"""Rates at which phones store what they slow down. A lower one means that pictures were left out since."""

USUAL_HZ: Final = 30.0
"""The rate at which phones store slow motion."""

OFF: Final = 0.06
"""A factor is a whole number; measured rates stray from it by less than this share (29.97, dropped frames)."""

FEWEST_HZ: Final = 8.0
"""Below this many pictures a second a movement is not followed (judgement)."""

MOST_HZ: Final = 10_000.0
"""What says that it was filmed quicker is wrong: no phone does."""

_CAPTURE_KEY: Final = "com.android.capture.fps"
_MAKE_KEY: Final = "com.apple.quicktime.make"
_APPLE_TICK: Final = Fraction(1, 600)
_EXACT_HZ: Final = 0.02
"""An iPhone's ordinary video has ticks of 1/600 s and a rate that varies a little. Its slow motion, once it
is rendered to be passed on, has exactly 30 pictures a second and finer ticks (1/1200 or 1/2400), and nothing
else tells it: the key `full-frame-rate-playback-intent` is 0 in both (reported of an iPhone 15)."""


@dataclass(frozen=True, slots=True)
class Tempo:
    """The speed of a video.

    Attributes:
        scale: seconds in the world for each second in the file; 0.25 for a quarter of the speed.
        known: False when the video is, or may be, slowed down by a factor that nothing tells.
        note: what to say about it; None where there is nothing to say.
        filmed_hz: pictures a second that the camera took, where the file tells; None otherwise.
    """

    scale: float = 1.0
    known: bool = True
    note: str | None = None
    filmed_hz: float | None = None

    @property
    def is_time_lapse(self) -> bool:
        """Whether the camera took too few pictures to follow a movement."""
        return self.scale > 1 and self.filmed_hz is not None and self.filmed_hz < FEWEST_HZ


UNKNOWN: Final = Tempo(
    known=False,
    note="This may be slow motion, and the file does not say how slow: times, holds and speeds are not measured. "
    "The times on this page are those of the file. For them, film at normal speed.",
)


def read_tempo(metadata: Mapping[str, str], stored_hz: float, tick_s: Fraction | None) -> Tempo:
    """The speed from what a file says of itself.

    Args:
        metadata: of the container; the case of its keys does not matter.
        stored_hz: pictures a second in the file, on average.
        tick_s: the unit of its times.
    """
    told = {key.casefold(): value for key, value in metadata.items()}
    filmed_hz = _rate(told.get(_CAPTURE_KEY))
    if filmed_hz is not None:
        return _from_capture(filmed_hz, stored_hz)
    from_apple = told.get(_MAKE_KEY, "").strip().casefold() == "apple"
    if from_apple and tick_s in {_APPLE_TICK / 2, _APPLE_TICK / 4} and abs(stored_hz - USUAL_HZ) < _EXACT_HZ:
        return UNKNOWN
    return Tempo()


def _from_capture(filmed_hz: float, stored_hz: float) -> Tempo:
    if filmed_hz < FEWEST_HZ and stored_hz >= 2 * filmed_hz:
        return Tempo(stored_hz / filmed_hz, filmed_hz=filmed_hz)
    if filmed_hz < SLOW_MOTION_HZ or stored_hz > PLAYED_HZ[1]:
        return Tempo(filmed_hz=filmed_hz)
    played_hz = stored_hz if stored_hz >= PLAYED_HZ[0] else USUAL_HZ
    times = round(filmed_hz / played_hz)
    if times < 2 or abs(filmed_hz / played_hz / times - 1) > OFF:
        return UNKNOWN
    note = (
        f"This is slow motion: filmed at {filmed_hz:.0f} pictures a second and shown {times} times slower. "
        "All times were scaled to those of the movement."
    )
    return Tempo(1 / times, True, note, filmed_hz)


def _rate(text: str | None) -> float | None:
    """A positive number out of a file's words, or None."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if 0 < value <= MOST_HZ else None
