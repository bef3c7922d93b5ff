"""Which kinds of video files are taken, in words and by their usual suffix.

A file is judged by its content (`checker.video.reader`); the suffixes only tell a file dialog what to offer.
"""

from __future__ import annotations

from typing import Final

WORDS: Final = "mp4, mov, webm, avi, mkv, 3gp, mpg or camcorder (mts)"
EXPECTED: Final = f"an {WORDS} video"
"""What a message about a file says was expected."""

SUFFIXES: Final = (
    *("mp4", "mov", "m4v", "webm", "avi", "mkv", "3gp", "3g2"),
    *("mts", "m2ts", "ts", "mpg", "mpeg", "mod", "tod", "vob"),
)
"""What phones, browsers and editors write, then what camcorders do."""
