"""Videos that somebody asked to keep: files in a folder beside the database, one a session, one folder a person."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Final
from uuid import UUID

from checker.store.copying import whole
from checker.store.database import Place
from checker.store.errors import StoreError

ENDING: Final = re.compile(r"\.[a-z0-9]{1,5}")
"""Of a video's name."""


def videos_of(place: Place, person_id: UUID) -> Path:
    """Return the folder of a person's videos, which need not be there."""
    return place.beside("videos") / str(person_id)


def find_video(place: Place, person_id: UUID, session_id: UUID) -> Path | None:
    """Return the video of a session; None where none is kept."""
    return next(iter(sorted(videos_of(place, person_id).glob(f"{session_id}.*"))), None)


def all_videos(place: Place, person_id: UUID) -> list[Path]:
    """Return the videos of a person; what is still being written has a name that begins with a dot."""
    return sorted(p for p in videos_of(place, person_id).glob("*") if not p.name.startswith("."))


def keep_video(place: Place, person_id: UUID, session_id: UUID, source: Path) -> Path:
    """Copy a video to where it is kept, in place of the one that was kept of the session.

    Raises:
        StoreError: the name has no ending of a video.
        OSError: it cannot be copied.
    """
    ending = source.suffix.lower()
    if not ENDING.fullmatch(ending):
        raise StoreError(f"expected a video whose name ends like .mp4, got {source.name!r}")
    earlier = find_video(place, person_id, session_id)
    target = videos_of(place, person_id) / f"{session_id}{ending}"
    with whole(target) as draft:
        shutil.copyfile(source, draft)
    if earlier is not None and earlier != target:
        earlier.unlink(missing_ok=True)
    return target
