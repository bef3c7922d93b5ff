"""Work off the script thread: one pool for the process, one private folder a job.

Streamlit runs a page's script again at every click, so what takes seconds must not live in it. A
job is known by an id that cannot be guessed and belongs to an owner (a browser session); nobody
reaches another's job or its files. When an owner leaves and does not come back within a grace
time, the jobs are cancelled and their folders deleted.
"""

from __future__ import annotations

import atexit
import logging
import os
import secrets
import shutil
import stat
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, Protocol

from filelock import FileLock, Timeout

from checker.service.leaving import Leaving

State = Literal["queued", "running", "done", "failed", "cancelled"]

FOLDER_PREFIX: Final = "backcheck-app-"
UNLOCKED_S: Final = 60.0
"""A folder without its lock is no longer one that is just being made."""

UNEXPECTED: Final = (
    "Something went wrong while measuring this video. Please try once more; if it happens again, try another recording."
)

_log = logging.getLogger(__name__)


class OnStage(Protocol):
    """How work tells how far it is; raises `JobCancelledError` when it should stop."""

    def __call__(self, fraction: float, stage: str | None = None) -> None:
        """`fraction` of the whole, 0 to 1; `stage` what it is doing now, in words."""


Work = Callable[[Path, OnStage], Any]


class JobCancelledError(Exception):
    """Raised inside a job's progress call when the job is no longer wanted."""


@dataclass
class Job:
    """One piece of work, as a page may look at it at any time.

    Attributes:
        id: cannot be guessed.
        folder: private to this job (mode 700), deleted with it.
        fraction: done so far, 0 to 1.
        stage: what it is doing now, in words.
        result: what the work returned, once `state` is "done".
        message: one clear line, once `state` is "failed".
    """

    id: str
    owner: str
    folder: Path
    quick: bool = False
    state: State = "queued"
    fraction: float = 0.0
    stage: str = ""
    started_s: float | None = None
    result: Any = None
    message: str | None = None
    _stop: threading.Event = field(default_factory=threading.Event, repr=False)
    _future: Future[None] | None = field(default=None, repr=False)
    _over: bool = field(default=False, repr=False)

    @property
    def finished(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in {"done", "failed", "cancelled"}

    @property
    def seconds_left(self) -> float | None:
        """An estimate from the pace so far; None while it is too early to tell."""
        if self.state != "running" or self.started_s is None or self.fraction < 0.03:
            return None
        elapsed_s = time.monotonic() - self.started_s
        return elapsed_s * (1 - self.fraction) / self.fraction

    def _progress(self, fraction: float, stage: str | None = None) -> None:
        if self._stop.is_set():
            raise JobCancelledError
        if stage is not None:
            self.stage = stage
        self.fraction = max(self.fraction, min(fraction, 1.0))


class Jobs:
    """The pool, the jobs in it, and who owns them. Safe to use from any thread.

    Args:
        workers: jobs that run at once; the others wait in line.
        expected: errors whose text is meant for the user.
        grace_s: how long an owner may be away (a closed lid, a dropped connection).
        parent: where the private folder is made; the system's place for temporary files if None.
    """

    def __init__(
        self,
        workers: int,
        expected: tuple[type[Exception], ...] = (),
        grace_s: float = 30.0,
        parent: Path | None = None,
    ) -> None:
        """Make the pool and its private folder, and sweep what a crash left behind."""
        self.grace_s = grace_s
        self._expected = expected
        self.sweep(parent)
        self.root = Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX, dir=parent))  # mode 700
        self._alive = _lock_of(self.root)
        self._alive.acquire()
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="measure")
        self._quick = ThreadPoolExecutor(1, thread_name_prefix="write")
        self._jobs: dict[str, Job] = {}  # in order of arrival
        self._leaving = Leaving(self._discard_all, lambda: self.grace_s)
        self._lock = threading.RLock()
        atexit.register(self.close)

    def start(self, owner: str, work: Work, fill: Callable[[Path], None] | None = None, quick: bool = False) -> Job:
        """Put work in line.

        Args:
            owner: whose it is.
            work: `work(folder, progress)` runs on a thread of the pool; its value is the result.
            fill: puts what the work needs into the folder, at once.
            quick: it takes little, and waits only for others like it.

        Raises:
            OSError: the folder cannot be made; also whatever `fill` raises.
        """
        job_id = secrets.token_hex(24)  # hex: it also names widgets, which forbid a double underscore
        folder = self.root / job_id
        folder.mkdir(mode=0o700)
        try:
            if fill:
                fill(folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        job = Job(job_id, owner, folder, quick)
        with self._lock:
            self._jobs[job_id] = job
            job._future = (self._quick if quick else self._pool).submit(self._run, job, work)
        return job

    def again(self, job: Job, work: Work, *, quick: bool = True) -> None:
        """Have more done to a job that is done: its result stays until the new one takes its place.

        Args:
            job: which.
            work: what is done.
            quick: whether somebody waits for it; else it stands in line with the videos.

        Work that is stopped, or fails, leaves it as it was: `state` is "done", and `message` tells of a failure.
        """
        with self._lock:
            job._stop, job._over = threading.Event(), False
            job.state, job.fraction, job.stage, job.message, job.quick = "queued", 0.0, "", None, quick
            job._future = (self._quick if quick else self._pool).submit(self._run, job, work)

    def stop(self, job: Job) -> None:
        """Stop what `again` began."""
        with self._lock:
            job._stop.set()
            if job._future is not None and job._future.cancel():
                job.state, job._over = "done", True

    def get(self, job_id: str | None) -> Job | None:
        """The job with this id, or None when there is none (any more)."""
        with self._lock:
            return self._jobs.get(job_id) if job_id else None

    def ahead(self, job: Job) -> int:
        """How many jobs must finish or be under way before this one starts."""
        with self._lock:
            unfinished = [j.id for j in self._jobs.values() if not j.finished and j.quick == job.quick]
        return unfinished.index(job.id) if job.id in unfinished else 0

    def discard(self, job_id: str) -> None:
        """Stop a job if it runs, and delete its folder."""
        with self._lock:
            job = self._jobs.pop(job_id, None)
            if job is None:
                return
            job._stop.set()
            idle = job._over or job._future is None or job._future.cancel()
        if idle:  # otherwise it runs, and deletes its folder itself when it notices
            job.state = job.state if job.finished else "cancelled"
            shutil.rmtree(job.folder, ignore_errors=True)

    @staticmethod
    def sweep(parent: Path | None = None) -> None:
        """Delete what servers that are no longer there have left behind: killed ones, or before a power cut.

        Args:
            parent: where to look; the system's place for temporary files if None.
        """
        for folder in Path(parent or tempfile.gettempdir()).glob(f"{FOLDER_PREFIX}*"):
            if _is_left_behind(folder):
                shutil.rmtree(folder, ignore_errors=True)
                Path(_lock_of(folder).lock_file).unlink(missing_ok=True)

    def hold(self, owner: str) -> None:
        """The owner is here (again): keep what is theirs."""
        self._leaving.hold(owner)

    def release(self, owner: str) -> None:
        """The owner has left: discard what is theirs, unless `hold` comes within the grace time."""
        self._leaving.release(owner)

    def close(self) -> None:
        """Stop everything and delete every folder."""
        with self._lock:
            ids = list(self._jobs)
        for job_id in ids:
            self.discard(job_id)
        for pool in (self._pool, self._quick):
            pool.shutdown(wait=True, cancel_futures=True)
        shutil.rmtree(self.root, ignore_errors=True)
        self._alive.release()
        Path(self._alive.lock_file).unlink(missing_ok=True)
        atexit.unregister(self.close)

    def _discard_all(self, owner: str) -> None:
        with self._lock:
            ids = [j.id for j in self._jobs.values() if j.owner == owner]
        for job_id in ids:
            self.discard(job_id)

    def _run(self, job: Job, work: Work) -> None:
        job.started_s = time.monotonic()
        job.state = "running"
        try:
            result = work(job.folder, job._progress)
            job._progress(1.0)
        except JobCancelledError:
            job.state = "done" if job.result is not None else "cancelled"
        except self._expected as error:
            job.message = str(error)
            job.state = "done" if job.result is not None else "failed"
        except Exception:  # noqa: BLE001  the user gets a sentence, the log gets the cause
            _log.exception("a job failed")
            job.message = UNEXPECTED
            job.state = "done" if job.result is not None else "failed"
        else:
            job.result = result
            job.state = "done"
        with self._lock:
            job._over = True
            unwanted = job._stop.is_set() and self._jobs.get(job.id) is not job
        if unwanted:
            shutil.rmtree(job.folder, ignore_errors=True)


def _lock_of(folder: Path) -> FileLock:
    """What is locked beside a server's folder for as long as the server's process is there."""
    return FileLock(folder.with_name(f".{folder.name}.lock"), timeout=0, mode=0o600)


def _is_left_behind(folder: Path) -> bool:
    """Whether a folder is one of a server of this user that is no longer there."""
    try:
        about = folder.lstat()
        if not stat.S_ISDIR(about.st_mode) or (hasattr(os, "getuid") and about.st_uid != os.getuid()):
            return False
        if not Path(_lock_of(folder).lock_file).exists():
            return time.time() - about.st_mtime > UNLOCKED_S
        with _lock_of(folder):
            return True
    except Timeout:  # somebody has it
        return False
    except OSError:  # gone in the meantime
        return False
