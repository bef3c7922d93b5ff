"""How large a video may be; without the libraries that read one, so that it can be told before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest video that is taken: seconds, bytes, pixels a frame."""

    duration_s: float = 15 * 60.0
    size_bytes: int = 2 * 1024**3
    frame_px: int = 8192 * 4320


DEFAULT_LIMITS: Final = Limits()
