"""What runs off the page stands on its own feet: no page, no Streamlit; and one place where outcomes are finished."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from synthetic_analysis import make_exercise, side_bend_analysis

from checker.report import REPORTS
from checker.service.jobs import JobCancelledError
from checker.service.measuring import GRACE_S
from checker.service.work import Outcome, write_outcome

ROOT = Path(__file__).resolve().parent.parent
IMPORT_ALL = """
import importlib, pkgutil, sys
import checker.service
for module in pkgutil.walk_packages(checker.service.__path__, "checker.service."):
    importlib.import_module(module.name)
print(*sorted(name for name in sys.modules if name.split(".")[0] == "streamlit" or name.startswith("checker.ui")))
"""


def test_the_service_loads_without_streamlit_and_without_a_page() -> None:
    done = subprocess.run([sys.executable, "-c", IMPORT_ALL], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr


def test_who_is_away_has_left_for_the_jobs_when_the_page_says_so() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["server"]["disconnectedSessionTTL"] == GRACE_S


def outcome() -> Outcome:
    return Outcome(make_exercise(), side_bend_analysis(), {}, {})


def test_finished_files_are_in_their_folder_and_nothing_else(tmp_path: Path) -> None:
    told: list[tuple[float, str | None]] = []
    done = write_outcome(outcome(), tmp_path, lambda fraction, stage=None: told.append((fraction, stage)), 0.5)
    assert set(done.files) == {"json", *(report.kind for report in REPORTS if not report.is_video)}
    assert set(tmp_path.iterdir()) == set(done.files.values())
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions)
    assert 0.5 <= fractions[0] < fractions[-1] <= 1.0
    assert {stage for _, stage in told} == {"Writing the report"}


def test_what_is_stopped_leaves_what_was_there(tmp_path: Path) -> None:
    before = write_outcome(outcome(), tmp_path, lambda *_: None)
    written = {path: path.read_bytes() for path in tmp_path.iterdir()}

    def stop(fraction: float, stage: str | None = None) -> None:
        if fraction > 0.5:
            raise JobCancelledError

    with pytest.raises(JobCancelledError):
        write_outcome(before, tmp_path, stop)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == written
