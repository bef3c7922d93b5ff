"""Work in processes of their own: what a file does there ends there, and the next piece of work is done."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from conftest import ROOT, until

from checker.service import apart as apart_module
from checker.service.apart import NO_MEMORY, UnexpectedError, apart
from checker.service.jobs import JobCancelledError, Jobs, OnStage
from checker.service.worker_process import MOST_FILE_BYTES, MOST_FILES
from checker.service.workers import DIED, HUNG, Worker, WorkerDiedError, Workers, workers
from checker.video.reader import VideoError

pytestmark = [
    pytest.mark.clips,
    pytest.mark.skipif(sys.platform == "win32", reason="NOT TRIED ON WINDOWS: limits and signals differ there"),
]


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    workers().close()
    workers.cache_clear()


def nothing(fraction: float, stage: str | None = None) -> None:
    """Nobody looks how far it is."""


# --- pieces of work; the other process finds them here ------------------------------------------------


def told_twice(words: str, progress: OnStage) -> str:
    progress(0.25, "begun")
    progress(0.75, "nearly")
    return words * 2


def abort(progress: OnStage) -> None:
    os.abort()


def break_memory(progress: OnStage) -> None:
    ctypes.string_at(0)


def die_of_the_disk(progress: OnStage) -> None:
    os._exit(3)


def take_all_memory(progress: OnStage) -> int:
    return len(bytearray(64 * 1024**3))


def say(kind: str, progress: OnStage) -> None:
    raise VideoError("this is no video") if kind == "expected" else KeyError("a fault of our own")


def sleep(progress: OnStage) -> None:
    time.sleep(600)


def limits(progress: OnStage) -> dict[str, int]:
    names = ("RLIMIT_CORE", "RLIMIT_NOFILE", "RLIMIT_FSIZE", "RLIMIT_AS")
    return {name: resource.getrlimit(getattr(resource, name))[0] for name in names}


def about(progress: OnStage) -> tuple[int, int]:
    return os.getpid(), os.nice(0)


def print_something(progress: OnStage) -> str:
    print("a library prints what it likes")
    os.write(1, b"also in its own way")
    return "arrived"


# --- what is done -------------------------------------------------------------------------------------


def test_the_work_is_done_elsewhere_and_tells_how_far_it_is() -> None:
    told: list[tuple[float, str | None]] = []
    assert apart(lambda fraction, stage=None: told.append((fraction, stage)), told_twice, "ab") == "abab"
    assert [stage for _, stage in told if stage] == ["begun", "nearly"]
    pid, niceness = apart(nothing, about)
    assert pid != os.getpid()
    assert niceness > os.nice(0)  # somebody before the camera goes first


def test_each_piece_of_work_has_a_process_of_its_own() -> None:
    assert apart(nothing, about)[0] != apart(nothing, about)[0]


def test_what_a_library_prints_disturbs_nothing() -> None:
    assert apart(nothing, print_something) == "arrived"


def test_errors_for_people_come_back_and_others_do_not_end_the_server() -> None:
    with pytest.raises(VideoError, match="this is no video"):
        apart(nothing, say, "expected")
    with pytest.raises(UnexpectedError):
        apart(nothing, say, "ours")


@pytest.mark.parametrize("crash", [abort, break_memory, die_of_the_disk])
def test_a_crash_is_one_sentence_and_the_next_work_is_done(crash: Callable[[OnStage], None]) -> None:
    with pytest.raises(WorkerDiedError) as told:
        apart(nothing, crash)
    assert str(told.value) == DIED
    assert apart(nothing, told_twice, "x") == "xx"


def test_a_crash_ends_one_job_with_its_sentence(tmp_path: Path) -> None:
    jobs = Jobs(workers=1, expected=(WorkerDiedError,), parent=tmp_path)
    job = jobs.start("anna", lambda folder, progress: apart(progress, abort))
    next_one = jobs.start("ben", lambda folder, progress: apart(progress, told_twice, "x"))
    until(lambda: job.finished and next_one.finished)
    assert (job.state, job.message) == ("failed", DIED)
    assert (next_one.state, next_one.result) == ("done", "xx")
    jobs.close()


@pytest.mark.skipif(sys.platform != "linux", reason="LINUX ALONE BOUNDS THE ADDRESS SPACE")
def test_too_much_memory_is_one_sentence() -> None:
    with pytest.raises(VideoError) as told:
        apart(nothing, take_all_memory)
    assert str(told.value) == NO_MEMORY


def test_what_it_may_take_is_bounded() -> None:
    found = apart(nothing, limits)
    assert found["RLIMIT_CORE"] == 0  # a core file would have the pictures in it
    assert found["RLIMIT_NOFILE"] <= MOST_FILES
    assert 0 < found["RLIMIT_FSIZE"] <= MOST_FILE_BYTES
    assert sys.platform != "linux" or 0 < found["RLIMIT_AS"] < 64 * 1024**3


def test_one_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart_module, "SILENT_S", 0.5)
    with pytest.raises(WorkerDiedError) as told:
        apart(nothing, sleep)
    assert str(told.value) == HUNG


def test_cancelling_ends_the_process_at_once() -> None:
    pids = set()

    def cancel(fraction: float, stage: str | None = None) -> None:
        pids.update(c.pid for c in psutil.Process().children() if "checker.service.worker_process" in c.cmdline())
        raise JobCancelledError

    with pytest.raises(JobCancelledError):
        apart(cancel, sleep)
    assert pids
    assert not {pid for pid in pids if psutil.pid_exists(pid)} - {_ready_pid()}


def _ready_pid() -> int | None:
    ready = workers()._ready
    return None if ready is None else ready.pid


# --- the processes themselves -------------------------------------------------------------------------


def test_one_is_kept_ready_and_handed_out() -> None:
    pool = Workers()
    pool.prepare()
    ready = pool._ready
    assert ready is not None
    with pool.take() as worker:
        assert worker is ready
    pool.close()
    assert not ready.alive


def test_where_the_system_begins_none_it_is_a_sentence_and_what_is_ready_is_handed_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pool = Workers()
    pool.prepare()
    ready = pool._ready
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pool.take() as worker:
        assert worker is ready
    with pytest.raises(WorkerDiedError, match="No further process could be begun"):
        pool.take()
    pool.close()


def test_one_that_died_while_it_waited_is_not_handed_out() -> None:
    pool = Workers()
    pool.prepare()
    dead = pool._ready
    assert dead is not None
    psutil.Process(dead.pid).kill()
    until(lambda: not dead.alive)
    with pool.take() as worker:
        assert worker is not dead
        assert worker.alive
    pool.close()


def test_one_that_cannot_load_its_work_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(ROOT)])  # it is a function of this file, which lies elsewhere
    with Worker() as worker:
        worker.begin(sleep)
        with pytest.raises(WorkerDiedError):
            worker.receive(60.0)


def test_one_that_cannot_load_at_all_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "cv2.py").write_text("raise ImportError('as after a broken update')", encoding="utf-8")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    with Worker() as worker, pytest.raises(WorkerDiedError):
        worker.begin(sleep)


SERVER = """
import sys
from checker.service.workers import Worker
import test_workers
worker = Worker()
worker.begin(test_workers.doze)
print(worker.pid, flush=True)
sys.stdin.read()
"""


def doze(desk: object) -> None:
    time.sleep(600)


def test_none_outlives_its_server() -> None:
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
    )
    assert server.stdout is not None
    pid = int(server.stdout.readline())
    assert psutil.pid_exists(pid)
    server.kill()
    server.communicate()
    until(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
