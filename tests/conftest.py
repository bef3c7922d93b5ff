"""What several test files need: where things are, the samples with their truth, and loud skips."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import pytest
from _pytest.terminal import TerminalReporter
from filelock import FileLock
from recordings import analysis_of

from checker.assessment import Assessment, Turn

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
SAMPLES = ROOT / "sample_videos"

T = TypeVar("T")
Run = Callable[..., subprocess.CompletedProcess[str]]


LONGEST = (
    "test_browser_pace.py",
    "test_score.py",
    "test_browser_ten_minutes.py",
    "test_browser.py",
    "test_browser_live.py",
    "test_home.py",
    "test_browser_every_page.py",
    "test_browser_mirrored.py",
    "test_browser_clinic.py",
    "test_browser_left_hand.py",
    "test_browser_session.py",
    "test_cli.py",
    "test_browser_layout.py",
    "test_browser_my_upload.py",
    "test_browser_files.py",
    "test_browser_camera.py",
    "test_browser_progress.py",
    "test_browser_questions.py",
    "test_privacy.py",
    "test_browser_first_pain.py",
    "test_live_session.py",
    "test_browser_desk.py",
    "test_browser_six_weeks.py",
    "test_browser_lost.py",
    "test_browser_library.py",
    "test_browser_learn.py",
    "test_mirrored.py",
    "test_browser_weeks.py",
    "test_live_route.py",
    "test_browser_new_movement.py",
    "test_run.py",
    "test_browser_shared.py",
    "test_browser_days.py",
    "test_cases.py",
    "test_browser_hostile.py",
    "test_browser_stops.py",
    "test_live_final.py",
    "test_live_answer.py",
    "test_report.py",
    "test_browser_for_patient.py",
    "test_overlay.py",
    "test_browser_compare.py",
    "test_video.py",
    "test_live.py",
    "test_unsure.py",
    "test_package.py",
    "test_live_registry.py",
    "test_live_recording.py",
    "test_key.py",
    "test_engine.py",
    "test_workers.py",
)
"""Files are handed out to the workers whole, and these first: begun last, one would keep all waiting. Those in which
somebody stands before the camera lie apart: they wait for one another (`camera_page.a_place_before_the_camera`).

It takes `--no-loadscope-reorder` (pyproject.toml): the files with the most tests would come first."""


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One worker a core; one more where there are browsers: who stands before the camera mostly waits for the film."""
    cores = os.cpu_count() or 1
    return cores if "not browser" in config.option.markexpr else cores + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first."""
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Name every test that did not run: a pass without it says less than it seems to."""
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        terminalreporter.section("WARNING: NOT RUN", yellow=True)
    for report in skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        terminalreporter.write_line(f"{report.nodeid}: {str(reason).removeprefix('Skipped: ')}", yellow=True)


def until(condition: Callable[[], bool], within_s: float = 240.0) -> None:
    """Wait for something that happens on another thread."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)


def run_async(work: Coroutine[Any, Any, T]) -> T:
    """What a coroutine gives. On a thread of its own: in that of a test there may be the loop of a browser."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


@pytest.fixture(scope="session")
def manifest() -> dict[str, dict[str, Any]]:
    """The truth of each shipped sample by its name without suffix; see sample_videos/README.md."""
    entries = json.loads((SAMPLES / "manifest.json").read_text(encoding="utf-8"))
    return {Path(entry["clip"]).stem: entry for entry in entries}


def find_clip(name: str) -> Path:
    """A clip whose name has this in it, a shipped one if there is one."""
    for folder in (SAMPLES, SHARED / "clips"):
        found = sorted(folder.glob(f"*{name}*.mp4"))
        if found:
            return found[0]
    pytest.skip(f"NO CLIP {name} in sample_videos or ../shared/clips: this test did NOT run")


def find_case(name: str) -> Path:
    """A file that was wrong once, by its name; see ../shared/cases/README.md."""
    path = SHARED / "cases" / name
    if not path.exists():
        pytest.skip(f"NO CASE {name} in ../shared/cases: this test did NOT run")
    return path


def assessed(path: Path, exercise_id: str, turn_deg: Turn = 0) -> Assessment:
    """The assessment of a clip. The same clip is judged once a run, however many files and tests want it."""
    key = hashlib.sha256(path.read_bytes() + f"{exercise_id} {turn_deg}".encode()).hexdigest()
    kept = _Measured.folder / f"{key}.json"
    with FileLock(f"{kept}.lock"):
        if not kept.exists():
            kept.write_text(analysis_of(path, exercise_id, turn_deg).assessment.to_json(), encoding="utf-8")
    return Assessment.model_validate_json(kept.read_text(encoding="utf-8"))


class _Measured:
    """Where the workers of this run share what they measured."""

    folder: ClassVar[Path]


@pytest.fixture(scope="session", autouse=True)
def _nobodys_data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or writes what the user of this computer keeps about people."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BACKCHECK_PEOPLE", str(tmp_path_factory.mktemp("people")))
        yield


@pytest.fixture(scope="session", autouse=True)
def _shared(tmp_path_factory: pytest.TempPathFactory) -> None:
    own = tmp_path_factory.getbasetemp()
    _Measured.folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "measured"
    _Measured.folder.mkdir(exist_ok=True)


@pytest.fixture
def checker(tmp_path: Path) -> Run:
    """Runs `python -m checker ...` as a user would, with a temporary folder of its own."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()

    def run(
        *arguments: str | Path, cwd: Path = ROOT, prefix: tuple[str, ...] = (), env: Mapping[str, str] = {}
    ) -> subprocess.CompletedProcess[str]:
        places = {**dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary)), "PYTHONPATH": str(ROOT), "COLUMNS": "100"}
        return subprocess.run(
            [*prefix, sys.executable, "-m", "checker", *map(str, arguments)],
            cwd=cwd,
            env={**os.environ, **places, **env},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )

    return run
