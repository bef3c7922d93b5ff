"""What a server leaves behind that was killed, or that a power cut has ended: nothing, soon after the next start."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import psutil
import pytest
from app_server import begin_app, free_port, running_app, wait_until_up
from conftest import until

from checker.service.jobs import FOLDER_PREFIX, UNLOCKED_S, Jobs

GONE_S = 10.0
VIDEO = b"a patient's video" * 1000

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="NOT TRIED ON WINDOWS: no such signal there")


def folders_in(place: Path) -> list[Path]:
    return sorted(place.glob(f"{FOLDER_PREFIX}*"))


@pytest.mark.clips
def test_after_a_kill_the_next_server_deletes_what_was_there_and_no_process_is_left(tmp_path: Path) -> None:
    server, app = begin_app(tmp_path, free_port())
    wait_until_up(app, server)
    [folder] = folders_in(tmp_path)
    (folder / "somebody").mkdir()
    (folder / "somebody" / "recording.mp4").write_bytes(VIDEO)
    workers = psutil.Process(server.pid).children(recursive=True)
    assert workers
    server.send_signal(signal.SIGKILL)
    server.wait(30)
    psutil.wait_procs(workers, GONE_S)
    assert not [w for w in workers if w.is_running() and w.status() != psutil.STATUS_ZOMBIE]
    assert folder.exists(), "otherwise there is nothing to tidy up"
    with running_app(tmp_path, free_port()):
        until(lambda: not folder.exists(), GONE_S)
        assert len(folders_in(tmp_path)) == 1, "its own"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["server.log"]


def test_what_another_server_is_using_stays(tmp_path: Path) -> None:
    first = Jobs(workers=1, parent=tmp_path)
    (first.root / "video").write_bytes(VIDEO)
    second = Jobs(workers=1, parent=tmp_path)
    second.sweep(tmp_path)
    assert (first.root / "video").read_bytes() == VIDEO
    first.close()
    second.close()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_just_being_made_stays_and_an_old_one_goes(tmp_path: Path) -> None:
    new, old = tmp_path / f"{FOLDER_PREFIX}new", tmp_path / f"{FOLDER_PREFIX}old"
    for folder in (new, old):
        folder.mkdir()
        (folder / "video").write_bytes(VIDEO)
    long_ago_s = time.time() - UNLOCKED_S - 1.0
    os.utime(old, (long_ago_s, long_ago_s))
    Jobs.sweep(tmp_path)
    assert new.exists()
    assert not old.exists()


def test_what_only_looks_like_a_folder_of_ours_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "video").write_bytes(VIDEO)
    link = tmp_path / f"{FOLDER_PREFIX}link"
    link.symlink_to(elsewhere)
    (tmp_path / f"{FOLDER_PREFIX}file").write_bytes(VIDEO)
    long_ago_s = time.time() - UNLOCKED_S - 1.0
    os.utime(elsewhere, (long_ago_s, long_ago_s))
    Jobs.sweep(tmp_path)
    assert (elsewhere / "video").exists()
    assert (tmp_path / f"{FOLDER_PREFIX}file").exists()
