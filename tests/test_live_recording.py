"""The recording of a live session, its end, and that nothing of it is left behind."""

from __future__ import annotations

import threading
from pathlib import Path

import cv2
import numpy as np
import pytest
from conftest import until
from live_sessions import (
    BEND,
    CLIPS,
    DEADLINE_S,
    Run,
    begin,
    done,
    end,
    fed,
    jpeg,
    on_thread,
    packed,
    pictures,
    sample,
    show,
)

from checker.report import REPORTS
from checker.service.jobs import Job, Jobs
from checker.service.live import recording as recording_module
from checker.service.live.conclude import NOTHING_SEEN, conclude
from checker.service.live.protocol import MessageError
from checker.service.live.recording import Recording
from checker.service.live.session import LiveSession
from checker.video.reader import open_video

pytest_plugins = ["live_sessions"]
pytestmark = pytest.mark.clips


PICTURES = {".jpg", ".jpeg", ".png", ".mp4", ".mkv", ".webm"}


def concluded(session: LiveSession, jobs: Jobs) -> Job:
    """The job of a session's results, once it is done."""
    return done(on_thread(session, conclude, session, jobs))


# --- the recording --------------------------------------------------------------------------------


def test_no_picture_is_kept_unless_it_was_asked_for(bend: Run, tmp_path: Path) -> None:
    assert bend.finished.recording is None
    session = fed(tmp_path)
    finished = on_thread(session, session.finish)
    assert finished.recording is not None
    assert list(tmp_path.iterdir()) == [finished.recording]
    end(session)


def test_a_recording_has_the_frames_at_their_own_times(tmp_path: Path) -> None:
    frames = [frame for i, frame in enumerate(packed(sample(BEND))[:40]) if i % 7 != 3]
    session = begin(CLIPS[BEND], tmp_path)
    for t_s, picture in frames[:20]:
        show(session, t_s, picture)
    for t_s, picture in frames[20:]:  # from then on the page sends smaller ones
        half = cv2.resize(cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR_RGB), None, fx=0.5, fy=0.5)
        show(session, t_s, jpeg(np.asarray(half, np.uint8)))
    finished = on_thread(session, session.finish)
    with open_video(finished.recording) as reader:
        read = list(reader)
        assert reader.damaged is None
    assert [frame.t_s for frame in read] == pytest.approx([t_s for t_s, _ in frames], abs=0.001)
    originals = dict(pictures(sample(BEND)))
    for (t_s, _), frame in zip(frames, read, strict=True):
        assert frame.rgb.shape == originals[t_s].shape
        assert np.abs(frame.rgb.astype(float) - originals[t_s]).mean() < 4.0
    end(session)


def test_a_recording_that_is_full_is_told_and_the_rest_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording_module, "MAX_BYTES", 10 * len(packed(sample(BEND))[0][1]))
    session = fed(tmp_path, frames=30)
    finished = on_thread(session, session.finish)
    [warning] = [w for w in finished.analysis.assessment.warnings if "video ends" in w]
    assert "Everything was measured" in warning
    assert finished.analysis.assessment.video.frames == 30
    with open_video(finished.recording) as reader:
        assert 5 < len(list(reader)) < 15
    end(session)


def test_a_full_disk_stops_the_recording_and_nothing_else() -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("NO /dev/full ON THIS MACHINE: a full disk was NOT tested")
    rgb = np.random.default_rng(1).integers(0, 255, (480, 640, 3), np.uint8)
    recording = Recording(full, 640, 480)
    for i in range(10):
        recording.put(i / 10, jpeg(rgb))
    assert recording.full is not None
    assert "could not be stored" in recording.full
    recording.close()


def test_a_recording_that_cannot_be_begun_costs_nothing_else(tmp_path: Path) -> None:
    rgb = np.zeros((480, 640, 3), np.uint8)
    recording = Recording(tmp_path / "gone" / "recording.mkv", 640, 480)
    for i in range(3):
        recording.put(i / 10, jpeg(rgb))
    assert recording.full is not None
    assert "could not be stored" in recording.full
    recording.close()
    assert not recording.path.exists()


def test_a_session_whose_recording_cannot_be_begun_is_measured_and_told(jobs: Jobs, tmp_path: Path) -> None:
    session = fed(tmp_path / "gone")
    job = concluded(session, jobs)
    end(session)
    assert job.state == "done", job.message
    assert set(job.result.files) == {report.kind for report in REPORTS if not report.is_video}
    assessment = job.result.analysis.assessment
    assert assessment.video.frames == 20
    [warning] = [w for w in assessment.warnings if "could not be stored" in w]
    assert "Everything was measured" in warning


# --- the end --------------------------------------------------------------------------------------


def test_there_is_something_to_judge_from_the_first_picture_on() -> None:
    session = begin(CLIPS[BEND])
    assert not session.has_frames
    with pytest.raises(MessageError):
        show(session, 0.0, b"no picture")
    assert not session.has_frames
    show(session, *packed(sample(BEND))[0])
    assert session.has_frames
    end(session)


def test_a_session_without_a_picture_ends_in_a_clear_sentence(jobs: Jobs) -> None:
    session = begin(CLIPS[BEND])
    job = concluded(session, jobs)
    assert (job.state, job.message) == ("failed", NOTHING_SEEN)
    end(session)


def test_results_have_no_picture_where_none_was_kept(jobs: Jobs) -> None:
    session = fed()
    job = concluded(session, jobs)
    end(session)
    assert job.state == "done", job.message
    assert set(job.result.files) == {report.kind for report in REPORTS if not report.is_video}
    assert job.result.stills == {}
    assert all(path.stat().st_size for path in job.result.files.values())
    assert not [path for path in jobs.root.rglob("*") if path.suffix in PICTURES]
    assert "data:image/jpeg" not in job.result.files["html"].read_text(encoding="utf-8")


def test_results_do_not_wait_behind_the_videos_of_others(jobs: Jobs) -> None:
    released = threading.Event()
    video = jobs.start("ben", lambda folder, _: released.wait(DEADLINE_S))
    until(lambda: video.state == "running")
    session = fed(frames=3)
    assert concluded(session, jobs).state == "done"
    assert video.state == "running"
    released.set()
    end(session)


def test_results_have_the_video_where_it_was_kept(jobs: Jobs) -> None:
    folder = jobs.root / "live"
    folder.mkdir()
    session = fed(folder)
    job = concluded(session, jobs)
    end(session)
    assert job.state == "done", job.message
    assert job.result.files["video"] == job.folder / "annotated.mp4"
    with open_video(job.result.files["video"]) as reader:
        assert len(list(reader)) == 20
    assert not folder.exists()


def test_closing_frees_the_model_and_deletes_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "private"
    folder.mkdir()
    session = fed(folder, frames=3)
    assert session._eyes is not None
    assert any(folder.iterdir())
    end(session)
    assert session._eyes is None
    assert not folder.exists()
