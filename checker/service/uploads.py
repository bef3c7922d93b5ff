"""Files that browsers hand in: on disk from the first byte on, bounded for all together, gone with their owner.

An upload waits here until a job takes it. Nothing of it is held in memory but the piece that is just arriving.
"""

from __future__ import annotations

import asyncio
import functools
import secrets
import shutil
import threading
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from checker.service.leaving import Leaving
from checker.service.measuring import jobs

GIB: Final = 1024**3
MOST_BYTES: Final = 12 * GIB
"""Of all uploads that wait or arrive: six of the largest."""

LEFT_FREE_BYTES: Final = 1 * GIB
"""So much of the disk stays free for everything else."""

MOST_OF_ONE: Final = 24
"""As many as may be handed in together; what was chosen before them and not taken back gives way."""

MOST_ARRIVING: Final = 32
BLOCK_BYTES: Final = 1024**2
PAUSE_S: Final = 60.0
"""Of whom nothing comes for so long, the connection is lost."""

LEAST_BYTES_A_S: Final = 10_000
"""Of whom less comes, that is waited for `PAUSE_S`: the largest file would take days, and holds a place."""


class UploadRefusedError(Exception):
    """A file is not taken; the text is meant for the user.

    Attributes:
        status: of the HTTP answer.
    """

    def __init__(self, message: str, status: int) -> None:
        """With the text and the status."""
        super().__init__(message)
        self.status = status


@dataclass
class _Upload:
    owner: str
    path: Path
    size: int = 0
    whole: bool = False
    gone: bool = False


class Uploads:
    """Safe to use from any thread.

    Args:
        folder: where they lie.
        most_bytes: of all of them.
        left_free_bytes: of the disk.
    """

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES, left_free_bytes: int = LEFT_FREE_BYTES) -> None:
        """Start empty; see the class."""
        self._folder = folder
        self._most_bytes, self._left_free_bytes = most_bytes, left_free_bytes
        self._uploads: dict[str, _Upload] = {}
        self._leaving = Leaving(self.discard_all, lambda: jobs().grace_s)
        self._lock = threading.Lock()

    async def receive(self, owner: str, key: str, chunks: AsyncIterator[bytes]) -> None:
        """Take a file as it arrives.

        Args:
            owner: whose it is.
            key: by which it is asked for; cannot be guessed.
            chunks: its bytes.

        Raises:
            UploadRefusedError: there is no room for it, nothing more of it comes, or there is one with that key; that
                one stays as it is.
        """
        upload = self._begin(owner, key)
        try:
            with upload.path.open("wb") as out:
                block = bytearray()
                async for chunk in chunks:
                    block += chunk
                    if len(block) >= BLOCK_BYTES:
                        await asyncio.to_thread(self._write, upload, out.write, bytes(block))
                        block.clear()
                await asyncio.to_thread(self._write, upload, out.write, bytes(block))
        except BaseException as error:
            self._forget(key, upload)
            if isinstance(error, OSError):
                raise UploadRefusedError(f"The file could not be stored ({error.strerror}).", 507) from error
            raise
        with self._lock:
            upload.whole = True

    def take(self, key: str, target: Path) -> bool:
        """Move a file to where it is needed. False where it is not here, or has not come whole.

        Raises:
            OSError: it cannot be moved.
        """
        with self._lock:
            upload = self._uploads.get(key)
            if upload is None or not upload.whole:
                return False
            del self._uploads[key]
        try:
            shutil.move(upload.path, target)
        except OSError:
            upload.path.unlink(missing_ok=True)  # nobody else knows of it any more
            raise
        return True

    def discard(self, owner: str, key: str) -> None:
        """Delete a file of an owner, also while it arrives."""
        with self._lock:
            upload = self._uploads.get(key)
        if upload is not None and upload.owner == owner:
            self._forget(key, upload)

    def hold(self, owner: str) -> None:
        """The owner is here (again)."""
        self._leaving.hold(owner)

    def release(self, owner: str) -> None:
        """The owner has left: what is theirs is deleted, unless they come back within the grace time of jobs."""
        self._leaving.release(owner)

    def discard_all(self, owner: str) -> None:
        """Delete every file of an owner."""
        with self._lock:
            own = [(key, upload) for key, upload in self._uploads.items() if upload.owner == owner]
        for key, upload in own:
            self._forget(key, upload)

    def _forget(self, key: str, upload: _Upload) -> None:
        """Delete this upload; another one may have its key by now, and stays."""
        with self._lock:
            if self._uploads.get(key) is upload:
                del self._uploads[key]
        upload.gone = True
        upload.path.unlink(missing_ok=True)

    def _begin(self, owner: str, key: str) -> _Upload:
        with self._lock:
            if key in self._uploads:
                raise UploadRefusedError("This file is handed in already.", 409)
            arriving = sum(not upload.whole for upload in self._uploads.values())
            own = [(k, upload) for k, upload in self._uploads.items() if upload.owner == owner]
            if arriving >= MOST_ARRIVING:
                raise UploadRefusedError("Too many files are being handed in at once. Try again in a minute.", 503)
            upload = _Upload(owner, self._folder / f"arriving-{secrets.token_hex(16)}")
            self._uploads[key] = upload
        for earlier in own[: max(0, len(own) - MOST_OF_ONE + 1)]:
            self._forget(*earlier)
        return upload

    def _write(self, upload: _Upload, write: Callable[[bytes], object], block: bytes) -> None:
        with self._lock:
            upload.size += len(block)
            waiting = sum(u.size for u in self._uploads.values())
        if upload.gone:
            raise UploadRefusedError("This file is not wanted any more.", 410)
        if waiting > self._most_bytes:
            raise UploadRefusedError("Too many videos wait to be measured. Try again when some of them are done.", 507)
        if shutil.disk_usage(self._folder).free - len(block) < self._left_free_bytes:
            raise UploadRefusedError("The disk of this computer is nearly full. Make room, and try again.", 507)
        write(block)


@functools.cache
def uploads() -> Uploads:
    """Those of this server."""
    return Uploads(jobs().root)


async def patient(chunks: AsyncIterator[bytes], pause_s: float = PAUSE_S) -> AsyncIterator[bytes]:
    """The same chunks, as long as they go on coming, and not too slowly.

    Raises:
        UploadRefusedError: none came for so long, or too little in that time.
    """
    waited_s, came_bytes = 0.0, 0
    while True:
        began_s = time.monotonic()
        try:
            chunk = await asyncio.wait_for(anext(chunks), pause_s)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise UploadRefusedError("Nothing more of the file has come.", 408) from None
        waited_s += time.monotonic() - began_s
        came_bytes += len(chunk)
        if waited_s >= pause_s:
            if came_bytes < waited_s * LEAST_BYTES_A_S:
                raise UploadRefusedError("The file comes too slowly.", 408)
            waited_s, came_bytes = 0.0, 0
        yield chunk
