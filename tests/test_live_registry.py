"""Which live sessions there are, whose they are, and what becomes of one that nobody finished."""

from __future__ import annotations

import re
import shutil
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import until
from live_sessions import (
    BEND,
    CLIPS,
    DEADLINE_S,
    done,
    fed,
    hurt,
    on_thread,
    packed,
    sample,
    show,
)

from checker.library import find_exercise
from checker.pose.bundle import ensure_model
from checker.service.jobs import Jobs
from checker.service.live import registry as registry_module
from checker.service.live.protocol import CONCLUDED, NO_SUCH_SESSION, TAKEN_OVER
from checker.service.live.registry import MOST_SEATS, NOT_JUDGED, NotJudgedError, Registry, TooManySessionsError
from checker.service.live.seat import Seat, State
from checker.service.live.session import LiveSession

pytest_plugins = ["live_sessions"]
pytestmark = pytest.mark.clips


# --- the registry ---------------------------------------------------------------------------------


class Clock:
    """The registry's time: the real one, and what was skipped."""

    def __init__(self) -> None:
        self.skipped_s = 0.0

    def monotonic(self) -> float:
        return time.monotonic() + self.skipped_s


class Page:
    """A socket that remembers with which code it was closed."""

    code: int | None = None

    def end(self, code: int) -> None:
        self.code = code


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(registry_module, "time", SimpleNamespace(monotonic=clock.monotonic))
    return clock


@pytest.fixture
def registry(jobs: Jobs) -> Iterator[Registry]:
    registry = Registry(2, jobs)
    yield registry
    registry.close()


def start(registry: Registry, owner: str, keep_video: bool = False, frames: int = 0) -> LiveSession:
    """A session that has seen the first frames of a clip."""
    session = registry.start(owner, find_exercise(CLIPS[BEND]), ensure_model(), keep_video=keep_video)
    for t_s, picture in packed(sample(BEND))[:frames]:
        show(session, t_s, picture)
    return session


def seat_of(registry: Registry, session: LiveSession) -> Seat:
    seat = registry.find(session.token)
    assert seat is not None
    return seat


def test_as_many_sessions_as_the_computer_can_follow_and_one_for_each_person(registry: Registry, jobs: Jobs) -> None:
    first = start(registry, "anna", keep_video=True)
    [folder] = jobs.root.iterdir()
    assert folder.stat().st_mode & 0o077 == 0
    second = start(registry, "ben")
    for session in (first, second):
        registry.connect(session.token, Page())
        registry.follow(session.token)
    with pytest.raises(TooManySessionsError, match="2 at a time"):
        start(registry, "carla")
    assert first.token != second.token

    again = start(registry, "anna")  # gives up her own
    assert first.over
    assert len(registry) == 2
    assert registry.find(first.token) is None
    assert registry.find(again.token) is not None
    first.thread.shutdown(wait=True)
    assert not folder.exists()

    registry.end(second.token)
    registry.end(second.token)  # that it is gone already does no harm
    assert len(registry) == 1
    third = start(registry, "carla")
    registry.close()
    assert len(registry) == 0
    assert again._eyes is third._eyes is None


def test_a_session_that_is_finished_leaves_its_place_to_others(registry: Registry, jobs: Jobs) -> None:
    for owner in ("anna", "ben"):
        session = start(registry, owner)
        registry.connect(session.token, Page())
        on_thread(session, registry.conclude_here, session.token)
    assert start(registry, "carla")
    assert len(registry) == 3


@pytest.mark.parametrize(("goodbye", "grace_s"), [(False, 30.0), (True, 5.0)])
def test_a_lost_page_may_come_back_for_a_while(registry: Registry, clock: Clock, goodbye: bool, grace_s: float) -> None:
    session, page = start(registry, "anna"), Page()
    assert registry.connect(session.token, page) is session
    registry.disconnect(session.token, page, goodbye)
    clock.skipped_s += grace_s - 1
    registry.sweep()
    assert registry.connect(session.token, page) is session

    clock.skipped_s += 300  # connected: as long as it likes
    registry.sweep()
    registry.disconnect(session.token, page, goodbye)
    clock.skipped_s += grace_s + 1
    registry.sweep()
    assert session.over
    assert registry.connect(session.token, page) is None


def test_places_are_given_to_those_who_come_first(registry: Registry) -> None:
    tokens = [start(registry, owner).token for owner in ("anna", "ben", "carla")]
    for token in tokens:
        assert registry.connect(token, Page()) is not None  # a socket alone takes no place
    registry.follow(tokens[0])
    registry.follow(tokens[1])
    with pytest.raises(TooManySessionsError, match="follow 2 at a time"):
        registry.follow(tokens[2])
    registry.follow(tokens[0])  # who has one keeps it
    with pytest.raises(TooManySessionsError, match="follow 2 at a time"):
        start(registry, "dayo")


def test_sessions_that_nobody_uses_have_an_end(registry: Registry) -> None:
    for n in range(MOST_SEATS):
        start(registry, f"somebody {n}")
    with pytest.raises(TooManySessionsError, match="Too many camera pages"):
        start(registry, "one more")


def test_a_connected_page_is_told_when_its_session_ends(registry: Registry, clock: Clock) -> None:
    session, page = start(registry, "anna"), Page()
    registry.connect(session.token, page)
    clock.skipped_s += 3600
    registry.sweep()
    assert page.code == NO_SUCH_SESSION


def test_a_second_socket_takes_over_and_the_first_ones_end_changes_nothing(registry: Registry, clock: Clock) -> None:
    session, first, second = start(registry, "anna"), Page(), Page()
    registry.connect(session.token, first)
    registry.connect(session.token, second)
    assert first.code == TAKEN_OVER
    assert second.code is None
    registry.disconnect(session.token, first, goodbye=True)
    clock.skipped_s += 60
    registry.sweep()
    assert not session.over


def test_a_session_nobody_came_to_lives_for_half_a_minute(registry: Registry, clock: Clock) -> None:
    session = start(registry, "anna")
    clock.skipped_s += 29
    registry.sweep()
    assert not session.over
    clock.skipped_s += 2
    registry.sweep()
    assert session.over


def test_a_session_in_which_nothing_arrives_is_over(registry: Registry, clock: Clock) -> None:
    idle = start(registry, "anna")
    registry.connect(idle.token, Page())
    clock.skipped_s += 590
    registry.sweep()
    assert len(registry) == 1
    clock.skipped_s += 11
    registry.sweep()
    assert len(registry) == 0
    assert idle.over


def test_a_finished_session_is_there_as_long_as_its_results(registry: Registry, jobs: Jobs, clock: Clock) -> None:
    session = start(registry, "anna", keep_video=True, frames=3)
    job_id = registry.conclude(session.token)
    assert job_id is not None
    clock.skipped_s += 3600
    registry.sweep()
    assert seat_of(registry, session).job_id == job_id
    jobs.discard(job_id)
    registry.sweep()
    assert len(registry) == 0
    session.thread.shutdown(wait=True)
    assert not list(jobs.root.glob("live-*"))


# --- judging what nobody finished -----------------------------------------------------------------


def test_a_session_is_judged_once_however_often_it_is_asked_for(registry: Registry, jobs: Jobs) -> None:
    session = start(registry, "anna", frames=20)
    job_id = registry.conclude(session.token)
    assert job_id is not None
    assert session.over
    assert registry.conclude(session.token) == job_id
    assert on_thread(session, registry.conclude_here, session.token) == job_id
    job = done(jobs.get(job_id))
    assert (job.state, job.owner) == ("done", "anna")
    assert job.result.analysis.assessment.video.frames == 20


def test_there_is_nothing_to_judge_in_a_session_without_pictures_or_none_at_all(registry: Registry, jobs: Jobs) -> None:
    session = start(registry, "anna")
    assert registry.conclude(session.token) is None
    assert not session.over
    assert registry.conclude("unknown") is None
    assert registry.conclude_here("unknown") is None
    assert list(jobs.root.iterdir()) == []


def test_what_cannot_be_judged_is_told_in_a_sentence(registry: Registry, jobs: Jobs) -> None:
    session = start(registry, "anna", frames=3)
    shutil.rmtree(jobs.root)  # the results have no place any more
    for _ in range(2):
        with pytest.raises(NotJudgedError, match=re.escape(NOT_JUDGED)):
            registry.conclude(session.token)
    assert seat_of(registry, session).job_id is None


def test_what_somebody_lost_is_judged_and_waits_for_them(registry: Registry, jobs: Jobs, clock: Clock) -> None:
    session, page = start(registry, "anna", keep_video=True, frames=20), Page()
    registry.connect(session.token, page)
    registry.disconnect(session.token, page, goodbye=False)
    clock.skipped_s += 29
    registry.sweep()
    assert not session.over
    clock.skipped_s += 2
    registry.sweep()
    seat = seat_of(registry, session)
    until(lambda: seat.job_id is not None)
    job = done(jobs.get(seat.job_id))
    assert (job.state, job.owner) == ("done", "anna")
    assert job.result.analysis.assessment.video.frames == 20
    assert "video" in job.result.files

    clock.skipped_s += 3600
    registry.sweep()
    assert registry.conclude(session.token) == job.id, "who comes back finds it"
    for owner in ("ben", "carla"):  # its place is free
        registry.connect(start(registry, owner).token, Page())
    jobs.discard(job.id)
    registry.sweep()
    assert registry.find(session.token) is None


def test_a_session_that_fell_asleep_is_judged_and_its_page_told(registry: Registry, jobs: Jobs, clock: Clock) -> None:
    session, page = start(registry, "anna", frames=3), Page()
    registry.connect(session.token, page)
    clock.skipped_s += 601
    registry.sweep()
    until(lambda: page.code is not None)
    assert page.code == CONCLUDED
    assert done(jobs.get(seat_of(registry, session).job_id)).state == "done"


@pytest.mark.parametrize("why", ["a goodbye", "its owner left", "nothing was seen"])
def test_what_nobody_lost_is_discarded(registry: Registry, jobs: Jobs, clock: Clock, why: str) -> None:
    session, page = start(registry, "anna", frames=0 if why == "nothing was seen" else 3), Page()
    registry.connect(session.token, page)
    if why == "its owner left":
        registry.release("anna")
    registry.disconnect(session.token, page, goodbye=why == "a goodbye")
    clock.skipped_s += 31
    registry.sweep()
    assert registry.find(session.token) is None
    session.thread.shutdown(wait=True)
    assert session.over
    assert list(jobs.root.iterdir()) == []


def test_a_lost_session_that_cannot_be_judged_is_discarded(registry: Registry, jobs: Jobs, clock: Clock) -> None:
    session, page = start(registry, "anna", frames=3), Page()
    registry.connect(session.token, page)
    shutil.rmtree(jobs.root)
    clock.skipped_s += 601
    registry.sweep()
    until(lambda: page.code is not None)
    assert page.code == NO_SUCH_SESSION
    assert registry.find(session.token) is None


def test_a_session_is_swept_while_it_is_judged_without_harm(registry: Registry, jobs: Jobs, clock: Clock) -> None:
    session = start(registry, "anna", frames=3)
    registry.connect(session.token, Page())
    busy = threading.Event()
    session.thread.submit(busy.wait, DEADLINE_S)  # with a frame, say
    clock.skipped_s += 601
    registry.sweep()
    registry.sweep()
    with jobs._lock:  # judging gets as far as its results
        busy.set()
        until(lambda: session.over)
        registry.sweep()
    seat = seat_of(registry, session)
    until(lambda: seat.job_id is not None)
    assert done(jobs.get(seat.job_id)).state == "done"
    assert len(list(jobs.root.iterdir())) == 1


@pytest.mark.parametrize("first", ["finish", "recording"])
def test_a_recording_and_a_finish_at_the_same_moment_are_one_result(
    registry: Registry, jobs: Jobs, tmp_path: Path, first: str
) -> None:
    session = start(registry, "anna", frames=3)
    registry.connect(session.token, Page())
    recording = tmp_path / "recorded.webm"
    shutil.copy(sample(BEND), recording)
    busy = threading.Event()
    session.thread.submit(busy.wait, DEADLINE_S)  # both wait for the session's thread
    asked = {
        "finish": lambda: registry.conclude(session.token),
        "recording": lambda: registry.conclude_recording(session.token, recording, [1.5]),
    }
    with ThreadPoolExecutor(2) as pages:
        told = {}
        for waiting, name in enumerate(sorted(asked, key=lambda name: name != first), 1):
            told[name] = pages.submit(asked[name])
            until(lambda n=waiting: session.thread._work_queue.qsize() == n)
        busy.set()
    job_id = seat_of(registry, session).job_id
    assert (told["finish"].result(), told["recording"].result()) == (job_id, job_id if first == "recording" else None)
    assert recording.exists() == (first == "finish")
    assert len(list(jobs.root.iterdir())) == 1
    assert session.over
    jobs.discard(str(job_id))


def test_no_recording_is_taken_for_a_session_that_has_ended(registry: Registry, tmp_path: Path) -> None:
    session = start(registry, "anna")
    registry.end(session.token)
    assert registry.conclude_recording(session.token, tmp_path / "recorded.webm", []) is None


def test_a_recording_that_cannot_be_moved_is_told_and_may_be_sent_again(
    registry: Registry, jobs: Jobs, tmp_path: Path
) -> None:
    session, page = start(registry, "anna"), Page()
    registry.connect(session.token, page)
    recording = tmp_path / "recorded.webm"
    with pytest.raises(NotJudgedError, match=re.escape(NOT_JUDGED)):
        registry.conclude_recording(session.token, recording, [])
    assert (seat_of(registry, session).state, session.over) == (State.CONNECTED, False)
    recording.write_bytes(b"no video")
    assert done(jobs.get(registry.conclude_recording(session.token, recording, []))).state == "failed"


def test_who_came_back_after_a_goodbye_and_falls_asleep_is_judged(registry: Registry, clock: Clock) -> None:
    session, first, second = start(registry, "anna", frames=3), Page(), Page()
    registry.connect(session.token, first)
    registry.disconnect(session.token, first, goodbye=True)  # the page is loaded again
    registry.connect(session.token, second)
    clock.skipped_s += 601
    registry.sweep()
    assert registry.find(session.token) is not None


def test_an_owner_who_came_back_is_here_again(registry: Registry, clock: Clock) -> None:
    session, page = start(registry, "anna", frames=3), Page()
    registry.connect(session.token, page)
    registry.release("anna")  # Streamlit's own socket was lost for a moment
    registry.hold("anna")
    registry.disconnect(session.token, page, goodbye=False)
    clock.skipped_s += 31
    registry.sweep()
    assert registry.find(session.token) is not None


def test_a_mark_that_is_told_again_after_the_finish_is_still_answered() -> None:
    session = fed(frames=3)
    first = hurt(session, 1.0)  # its answer is lost with the connection
    on_thread(session, session.finish)
    assert hurt(session, 1.0) == first
    session.close()
