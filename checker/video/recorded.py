"""When a video was filmed, by what its file says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

_KEYS: Final = ("com.apple.quicktime.creationdate", "creation_time", "date")
"""In order of trust: Apple's has the time zone of the camera."""

EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""No phone filmed before; cameras whose clock was never set say 1904 or 1970."""


def read_recorded_at(metadata: Mapping[str, str]) -> datetime | None:
    """The moment, UTC; None where the file does not say, or says one that cannot be.

    Args:
        metadata: of the container; the case of its keys does not matter.
    """
    told = {key.casefold(): value for key, value in metadata.items()}
    for key in _KEYS:
        try:
            moment = datetime.fromisoformat(told.get(key, "").strip())
        except ValueError:
            continue
        if moment.tzinfo is None:
            continue  # of an unknown place
        try:
            moment = moment.astimezone(UTC)
        except OverflowError:
            continue
        if moment >= EARLIEST:
            return moment.replace(microsecond=0)
    return None
