"""Full disks, kills at the worst moment, clocks that are set: nothing half counts as whole, the next try works."""

from __future__ import annotations

import datetime
import os
import re
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import AsyncIterator
from pathlib import Path

import cv2
import numpy as np
import pytest
import streamlit as st
from bad_luck import fill, small_disk
from bend_file import BEND
from conftest import ROOT, run_async
from synthetic_analysis import make_exercise, side_bend_analysis, write_clip

from checker.library import ExerciseError, list_entries, read_exercise, save_numbers
from checker.report import REPORTS, ReportError, write_reports
from checker.report.annotated_video import write_annotated_video
from checker.report.stills import write_stills
from checker.service import keeping
from checker.service.jobs import FOLDER_PREFIX, Job, Jobs
from checker.service.live.recording import Recording
from checker.service.uploads import UploadRefusedError, Uploads
from checker.service.work import Outcome
from checker.ui import tryout
from checker.video.reader import open_video

KB = 1024
SIDE_BEND = make_exercise()
OF_NO_VIDEO = sorted(report.file_name for report in REPORTS if not report.is_video)
HIPS = "faults.hip_shift.conditions[1].threshold"


def names(folder: Path) -> list[str]:
    """What lies in a folder, but for locks."""
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".lock")


def job_with(folder: Path, size_bytes: int) -> tuple[Job, Outcome]:
    """A job whose video has so many bytes."""
    folder.mkdir()
    (folder / "annotated.mp4").write_bytes(bytes(size_bytes))
    (folder / "report.html").write_text("report", encoding="utf-8")
    return Job("id", "anna", folder), Outcome(SIDE_BEND, side_bend_analysis(), {}, {})


# --- a full disk ----------------------------------------------------------------------------------


def test_reports_on_a_full_disk_are_told_and_the_next_try_works(tmp_path: Path) -> None:
    analysis = side_bend_analysis()
    with small_disk(tmp_path / "disk", 400 * KB) as disk:
        filler = fill(disk)
        with pytest.raises(ReportError, match=r"No space left on device.*Choose another one"):
            write_reports(analysis, SIDE_BEND, None, disk / "out")
        assert names(disk / "out") == []
        filler.unlink()
        write_reports(analysis, SIDE_BEND, None, disk / "out")
        assert names(disk / "out") == OF_NO_VIDEO


def test_a_video_for_which_there_is_no_room_leaves_the_other_reports_whole(tmp_path: Path) -> None:
    analysis = side_bend_analysis(4.0)
    clip = write_clip(tmp_path / "clip.mp4", analysis)
    with small_disk(tmp_path / "disk", 2000 * KB) as disk:
        write_reports(analysis, SIDE_BEND, clip, disk / "out", video=False)
        filler = fill(disk, left_bytes=4 * KB)
        with pytest.raises(ReportError, match=r"annotated.mp4 cannot be written \(No space left on device\)"):
            write_annotated_video(analysis, SIDE_BEND, clip, disk / "out" / "annotated.mp4")
        assert names(disk / "out") == OF_NO_VIDEO
        filler.unlink()
        write_reports(analysis, SIDE_BEND, clip, disk / "out")
        assert "annotated.mp4" in names(disk / "out")
        filler = fill(disk)
        shown = analysis.assessment.to_show
        assert shown
        with pytest.raises(ReportError, match=r"still-.*No space left on device"):
            write_stills(disk / "out" / "annotated.mp4", shown, disk / "out")
        assert not list((disk / "out").glob("*still*"))


def test_keeping_on_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    job, outcome = job_with(tmp_path / "job", 300 * KB)
    with small_disk(tmp_path / "disk", 400 * KB) as disk:
        filler = fill(disk, left_bytes=100 * KB)
        with pytest.raises(OSError, match="No space left on device"):
            keeping.keep(job, outcome, disk)
        assert names(disk) == ["filler"]
        filler.unlink()
        assert names(keeping.keep(job, outcome, disk)) == ["annotated.mp4", "report.html"]


def test_an_upload_on_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    async def video() -> AsyncIterator[bytes]:
        for _ in range(300):
            yield bytes(KB)

    with small_disk(tmp_path / "disk", 400 * KB) as disk:
        waiting = Uploads(disk, left_free_bytes=-(10**9))  # as if it had filled up just after one had looked
        filler = fill(disk, left_bytes=100 * KB)
        with pytest.raises(UploadRefusedError, match=r"could not be stored .No space left on device") as refused:
            run_async(waiting.receive("anna", "key", video()))
        assert refused.value.status == 507
        assert names(disk) == ["filler"]
        filler.unlink()
        run_async(waiting.receive("anna", "key", video()))
        assert waiting.take("key", tmp_path / "video")
        assert (tmp_path / "video").stat().st_size == 300 * KB


def test_an_upload_that_cannot_be_moved_is_not_left_lying_about(tmp_path: Path) -> None:
    async def video() -> AsyncIterator[bytes]:
        yield bytes(KB)

    (tmp_path / "uploads").mkdir()
    waiting = Uploads(tmp_path / "uploads", left_free_bytes=0)
    run_async(waiting.receive("anna", "key", video()))
    with pytest.raises(OSError, match="not there"):
        waiting.take("key", tmp_path / "not there" / "video")
    assert names(tmp_path / "uploads") == []


def test_a_recording_ends_where_the_disk_is_full_and_plays_until_there(tmp_path: Path) -> None:
    rgb = np.random.default_rng(1).integers(0, 255, (480, 640, 3), np.uint8)
    jpeg = cv2.imencode(".jpg", rgb)[1].tobytes()
    with small_disk(tmp_path / "disk", 10 * len(jpeg)) as disk:
        recording = Recording(disk / "recording.mkv", 640, 480)
        for i in range(40):
            recording.put(i / 10, jpeg)
        recording.close()
        assert recording.full is not None
        assert re.search(
            r"The video ends at \d s: it could not be stored \(.*\)\. Everything was measured", recording.full
        )
        with open_video(recording.path) as video:
            assert len(list(video)) >= 5


def test_numbers_on_a_full_disk_stay_as_they_were(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 200 * KB) as disk:
        file = disk / "bend.toml"
        file.write_text(BEND, encoding="utf-8")
        filler = fill(disk)
        with pytest.raises(ExerciseError, match=r"bend.toml: cannot be written .No space left on device"):
            save_numbers(file, {HIPS: 0.2}, disk, "Dr Who")
        assert file.read_text(encoding="utf-8") == BEND
        assert names(disk) == ["bend.toml", "filler"]
        filler.unlink()
        assert save_numbers(file, {HIPS: 0.2}, disk, "Dr Who") == file


def test_where_no_work_can_be_begun_the_page_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with small_disk(tmp_path / "disk", 400 * KB, files=4) as disk:
        full = Jobs(workers=1, parent=disk)
        monkeypatch.setattr(tryout, "jobs", lambda: full)
        (full.root / "the last one").touch()
        assert not tryout.begin("anna", lambda folder, progress: None)
        assert "could not be stored on this computer (No space left on device)" in st.session_state["message"]
        (full.root / "the last one").unlink()
        assert tryout.begin("anna", lambda folder, progress: None)
        full.close()


# --- a kill ---------------------------------------------------------------------------------------

KILLED = "import os, signal, pathlib\ndef kill(*_): os.kill(os.getpid(), signal.SIGKILL)\n"


def killed(program: str, *arguments: Path) -> None:
    """Run a program that kills itself at the worst moment."""
    if sys.platform == "win32":
        pytest.skip("NOT TRIED ON WINDOWS: no such signal there")
    done = subprocess.run(
        [sys.executable, "-c", KILLED + textwrap.dedent(program), *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


def test_a_kill_while_results_are_kept_leaves_nothing_for_long(tmp_path: Path) -> None:
    job, outcome = job_with(tmp_path / "job", 100 * KB)
    kept = tmp_path / "kept"
    program = """
        import sys
        from types import SimpleNamespace
        from checker.service import keeping
        os.fsync = kill  # all is copied, and none of it has its name
        folder, parent = map(pathlib.Path, sys.argv[1:])
        outcome = SimpleNamespace(exercise=SimpleNamespace(id="bend"))
        keeping.keep(SimpleNamespace(folder=folder), outcome, parent)
    """
    killed(program, job.folder, kept)
    [half] = names(kept)
    assert half.startswith("."), "it is not taken for results"
    assert half.endswith(keeping.HALF)
    target = keeping.keep(job, outcome, kept)
    assert names(kept) == [target.name]


def test_a_kill_while_a_report_is_written_leaves_the_one_before(tmp_path: Path) -> None:
    report = tmp_path / "assessment.json"
    report.write_text("the one before", encoding="utf-8")
    program = """
        import sys
        from checker.report.atomic import replacing
        pathlib.Path.replace = kill
        with replacing(pathlib.Path(sys.argv[1])) as draft:
            draft.write_text("the new one")
    """
    killed(program, report)
    assert report.read_text(encoding="utf-8") == "the one before"
    write_reports(side_bend_analysis(), SIDE_BEND, None, tmp_path)
    assert report.read_text(encoding="utf-8").startswith("{")


def test_a_kill_while_numbers_are_saved_leaves_them_as_they_were(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    file = own / "bend.toml"
    file.write_text(BEND, encoding="utf-8")
    program = f"""
        import sys
        from checker.library import save_numbers
        pathlib.Path.replace = kill
        file = pathlib.Path(sys.argv[1])
        save_numbers(file, {{{HIPS!r}: 0.2}}, file.parent, "Dr Who")
    """
    killed(program, file)
    assert file.read_text(encoding="utf-8") == BEND
    entries, problems = list_entries(own)
    assert ([entry.path for entry in entries if entry.own], problems) == ([file], [])
    assert save_numbers(file, {HIPS: 0.2}, own, "Dr Who") == file
    assert read_exercise(file)


# --- clocks ---------------------------------------------------------------------------------------


def test_two_that_are_kept_in_one_second_or_after_a_clock_was_set_back_are_both_there(tmp_path: Path) -> None:
    job, outcome = job_with(tmp_path / "job", KB)
    kept = [keeping.keep(job, outcome, tmp_path / "kept") for _ in range(3)]
    now = datetime.datetime.now()
    for later_s in range(5):  # as if the clock had been set back: the names are taken
        stamp = (now + datetime.timedelta(seconds=later_s)).strftime("%Y-%m-%d %H.%M.%S")
        (tmp_path / "kept" / f"{stamp} {SIDE_BEND.id}").mkdir(exist_ok=True)
    kept.append(keeping.keep(job, outcome, tmp_path / "kept"))
    assert len(set(kept)) == 4
    assert kept[-1].name.endswith(")")
    assert all(names(folder) == ["annotated.mp4", "report.html"] for folder in kept)


@pytest.mark.parametrize("years", [-30, 30])
def test_a_folder_in_use_stays_whatever_the_clock_says(tmp_path: Path, years: int) -> None:
    server = Jobs(workers=1, parent=tmp_path)
    then_s = time.time() + years * 365 * 86_400
    os.utime(server.root, (then_s, then_s))
    Jobs.sweep(tmp_path)
    assert server.root.exists()
    server.close()


def test_what_a_dead_server_left_goes_whatever_the_clock_says(tmp_path: Path) -> None:
    for years in (-30, 30):
        folder = tmp_path / f"{FOLDER_PREFIX}{years}"
        folder.mkdir()
        (tmp_path / f".{folder.name}.lock").touch()
        then_s = time.time() + years * 365 * 86_400
        os.utime(folder, (then_s, then_s))
    Jobs.sweep(tmp_path)
    assert names(tmp_path) == []


WALL_CLOCK = re.compile(r"\btime\.time\(|\bdatetime\.now\(|\bdate\.today\(|utcnow\(|\bDate\.now\(|new Date\(")


def test_the_wall_clock_gives_names_and_dates_alone() -> None:
    asking = [
        path.relative_to(ROOT / "checker").as_posix()
        for kind in ("*.py", "*.js")
        for path in sorted((ROOT / "checker").rglob(kind))
        if WALL_CLOCK.search(path.read_text(encoding="utf-8"))
    ]
    assert asking == [
        "analyze.py",  # when a video was judged
        "library/numbers.py",  # the day on which a number was set
        "service/clinic/desk.py",  # when somebody signed in, or looked at something
        "service/jobs.py",  # the age of a folder without a lock
        "service/keeping.py",  # the name of what is kept
        "service/live/session.py",  # when a session began, and was judged
        "service/refusals.py",  # when somebody was refused
        "service/reviewing.py",  # when something was corrected
        "service/weeks.py",  # the day of a person's weeks
        "store/backups.py",  # the name of what was put aside
        "store/upgrading.py",  # the name of a copy
        "ui/data_page.py",  # the latest year of birth
        "ui/steady.py",  # whether it is time for the second measure
    ]
