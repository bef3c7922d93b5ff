"""The pictures of a session as a video, kept only where the person asked for it.

The camera page's JPEGs go into the file as they came, each at its own time: nothing is encoded
while somebody moves.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Final

import av

MAX_BYTES: Final = 500_000_000
"""About an hour; a session that is longer goes on without being recorded further."""

TICKS_A_SECOND: Final = 90_000


class Recording:
    """A video file that grows; used on one thread.

    Attributes:
        path: of the file.
        full: a sentence once no more is recorded, else None.
    """

    def __init__(self, path: Path, width: int, height: int) -> None:
        """Begin a file for frames of that size, pixels."""
        self.path = path
        self.full: str | None = None
        self._bytes = 0
        self._out = av.open(str(path), "w", format="matroska")  # the file itself is made with the first picture
        self._stream = self._out.add_stream("mjpeg", rate=30)
        self._stream.width, self._stream.height, self._stream.pix_fmt = width, height, "yuvj420p"
        self._stream.time_base = Fraction(1, TICKS_A_SECOND)

    def put(self, t_s: float, jpeg: bytes) -> None:
        """Add the next frame, of that size."""
        if self.full is not None:
            return
        if self._bytes + len(jpeg) > MAX_BYTES:
            self._end(t_s, "it was as large as one may be")
            return
        packet = av.Packet(jpeg)
        packet.stream = self._stream
        packet.time_base = Fraction(1, TICKS_A_SECOND)
        packet.pts = packet.dts = round(t_s * TICKS_A_SECOND)
        packet.is_keyframe = True
        try:
            self._out.mux(packet)
        except OSError as error:  # a full disk stops the recording, not the session
            self._end(t_s, f"it could not be stored ({error.strerror})")
        self._bytes += len(jpeg)

    def close(self) -> None:
        """Finish the file, as far as it could be stored."""
        try:
            self._out.close()
        except OSError as error:
            self.full = self.full or f"The end of the video could not be stored ({error.strerror})."

    def _end(self, t_s: float, why: str) -> None:
        self.full = f"The video ends at {t_s:.0f} s: {why}. Everything was measured."
