"""Places that are not there or cannot be written, and low limits: one plain line, or it works."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from app_server import begin_app, free_port
from bad_luck import as_anybody
from conftest import ROOT, SAMPLES, Run

pytestmark = pytest.mark.clips

CLIP = SAMPLES / "side_bend__knee_bend__ben.mp4"
MOVEMENT = "standing_side_bend"
ANALYZE = ("analyze", CLIP, "--exercise", MOVEMENT, "--no-video")


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """What a command said, which was one plain line."""
    assert done.returncode in {1, 2}, done.stderr
    [line] = done.stderr.splitlines()
    assert "Traceback" not in line
    return line


@pytest.fixture
def read_only(tmp_path: Path) -> Path:
    folder = tmp_path / "read-only"
    folder.mkdir(mode=0o555)
    return folder


@pytest.fixture
def limited() -> tuple[str, ...]:
    if shutil.which("prlimit") is None:
        pytest.skip("NO prlimit ON THIS MACHINE: low limits were NOT tested")
    return ("prlimit",)


# --- folders --------------------------------------------------------------------------------------


def test_the_folder_one_is_in_cannot_be_written(checker: Run, read_only: Path) -> None:
    said = one_line(checker(*ANALYZE, cwd=read_only, prefix=as_anybody()))
    assert "cannot be written" in said, "it is told before anything is measured"
    assert "is read-only" in said
    assert "Choose another one" in said


def test_results_cannot_be_a_folder_in_a_file(checker: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "is a file" in one_line(checker(*ANALYZE, "--out", tmp_path / "file" / "out"))


def test_the_cache_cannot_be_written(checker: Run, read_only: Path) -> None:
    env = {"BACKCHECK_MODEL_DIR": str(read_only / "models")}
    said = one_line(checker("model", "lite", prefix=as_anybody(), env=env))
    assert "cannot be used (Permission denied)" in said
    assert "BACKCHECK_MODEL_DIR" in said


def test_own_movements_cannot_be_written(checker: Run, read_only: Path) -> None:
    env = {"BACKCHECK_EXERCISES": str(read_only)}
    done = checker("exercises", "list", prefix=as_anybody(), env=env)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_home_that_is_not_there_is_made_or_told(checker: Run, tmp_path: Path, read_only: Path) -> None:
    nowhere = {"HOME": str(tmp_path / "nowhere"), "XDG_DATA_HOME": "", "XDG_CACHE_HOME": ""}
    assert checker("exercises", "list", env=nowhere).returncode == 0
    assert checker("model", "--status", env=nowhere).returncode == 0
    assert not (tmp_path / "nowhere").exists(), "who only looks writes nothing"
    done = checker("model", "lite", prefix=as_anybody(), env={**nowhere, "HOME": str(read_only / "nowhere")})
    assert "cannot be used (Permission denied)" in one_line(done)


def test_without_an_environment_it_works() -> None:
    command = ["env", "-i", sys.executable, "-m", "checker", "exercises", "list"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_user_without_a_home_is_told() -> None:
    if sys.platform != "linux" or os.getuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("CANNOT BECOME A USER WHOM NOBODY KNOWS (needs root and setpriv): no home was NOT tested")
    somebody = (
        "setpriv",
        "--reuid=54321",
        "--clear-groups",
        "--inh-caps=+dac_override",
        "--ambient-caps=+dac_override",
    )
    command = [*somebody, "env", "-i", sys.executable, "-m", "checker", "exercises", "list"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert "in the environment variable HOME" in one_line(done)


def test_where_nothing_can_be_written_lists_are_read_and_the_app_says_why_it_does_not_start() -> None:
    if sys.platform != "linux" or subprocess.run(["unshare", "-m", "true"], check=False).returncode:
        pytest.skip("NO MOUNTS OF ITS OWN: a computer on which nothing can be written was NOT tested")
    program = """
        for place in $(awk '$2 !~ "^/(proc|sys|dev)" {print $2}' /proc/mounts); do
            mount -o remount,bind,ro "$place" 2>/dev/null
        done
        unset TMPDIR TEMP TMP
        "$0" -m checker exercises list || exit 10
        "$0" -m streamlit run app.py --server.headless=true --server.port="$1"
    """
    command = ["unshare", "-m", "sh", "-c", program, sys.executable, str(free_port())]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert done.returncode not in {0, 10}, done.stderr
    assert "standing_side_bend" in done.stdout
    assert "needs a folder for temporary files" in done.stderr
    assert "Traceback" not in done.stderr


# --- limits ---------------------------------------------------------------------------------------


def test_64_open_files_are_enough_for_a_video(checker: Run, limited: tuple[str, ...], tmp_path: Path) -> None:
    done = checker(*ANALYZE, "--out", tmp_path / "out", prefix=(*limited, "--nofile=64"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "report.html").exists()


@pytest.mark.parametrize("memory_bytes", [700_000_000, 1_500_000_000])
def test_too_little_memory_is_told_before_the_libraries_crash(
    checker: Run, limited: tuple[str, ...], tmp_path: Path, memory_bytes: int
) -> None:
    done = checker(*ANALYZE, "--out", tmp_path / "out", prefix=(*limited, f"--as={memory_bytes}"))
    assert "needs at least 2 GB of memory" in one_line(done)
    assert not (tmp_path / "out").exists()


def test_a_server_with_too_little_memory_does_not_start(limited: tuple[str, ...], tmp_path: Path) -> None:
    server, app = begin_app(tmp_path, free_port(), prefix=(*limited, "--as=1500000000"))
    assert server.wait(60) != 0
    said = app.log.read_text(encoding="utf-8")
    assert "needs at least 2 GB of memory, and this program may take only 1.4 GB" in said
    assert "Traceback" not in said
