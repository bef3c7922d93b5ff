"""The live socket on the real server: who is let in, what nonsense does, and how a lost page comes back."""

from __future__ import annotations

import contextlib
import functools
import http.client
import json
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import cv2
import numpy as np
import psutil
import pytest
import uvicorn
from conftest import SAMPLES, until
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from websockets import Subprotocol
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from checker.care.records import Person, Session
from checker.library import find_exercise
from checker.live.coach import LONGEST_S
from checker.pose.bundle import ensure_model
from checker.service.diary import Diary
from checker.service.door import SameOrigin
from checker.service.live.connection import MOST_ERRORS
from checker.service.live.protocol import HEADER, PAIN_HEADER, RECORDING_PATH, SESSION_HEADER, SUBPROTOCOL
from checker.service.live.registry import NOT_JUDGED, registry
from checker.service.live.route import MOST_MARKS
from checker.service.live.seat import GONE_AFTER_S, IDLE_AFTER_S, Seat, State
from checker.service.live.session import LOST_SIGHT, LiveSession
from checker.service.measuring import jobs
from checker.store import Store, open_store
from checker.ui.routes import ROUTES
from checker.video.reader import open_video

pytestmark = pytest.mark.clips

CLIP = SAMPLES / "seated_forward_lean__good__anna.mp4"
MOVEMENT = "seated_forward_lean"
ANSWER_S = 60.0
BACK_S = 20.0
"""Well within the half minute for which a place is kept, on a busy machine too."""
MEASURED_S = 240.0
"""A measurement stands behind everything else that the computer does."""
BEGAN_S = 5.0
"""Of the browser's clock, which does not begin with the session."""
WHO = Person(id=uuid4(), name="Anna", created_at=datetime(2026, 11, 20, 12, tzinfo=UTC))

Answer = dict[str, Any]


@functools.cache
def pictures() -> list[tuple[float, bytes]]:
    """The clip's frames with their times, as JPEGs."""
    with open_video(CLIP) as reader:
        return [(f.t_s, cv2.imencode(".jpg", cv2.cvtColor(f.rgb, cv2.COLOR_RGB2BGR))[1].tobytes()) for f in reader]


def frame(i: int) -> bytes:
    """The message with the clip's frame i; its id is i."""
    t_s, jpeg = pictures()[i]
    return HEADER.pack(i, 0, BEGAN_S + t_s) + jpeg


@dataclass
class Server:
    """The app's routes on a port of this computer."""

    host: str

    def open(self, token: str, origin: str | None = "same") -> ClientConnection:
        own = f"http://{self.host}" if origin == "same" else origin
        offered = [Subprotocol(SUBPROTOCOL), Subprotocol(token)] if token else None
        return connect(f"ws://{self.host}/live/ws", origin=own, subprotocols=offered)  # type: ignore[arg-type]

    def get(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> tuple[int, str]:
        """Status and kind of what lies at a path, which is sent as it stands."""
        connection = http.client.HTTPConnection(self.host, timeout=ANSWER_S)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status, answer.headers.get_content_type()

    def hand_in(self, token: str, body: bytes, pain: str | None = None, origin: str = "") -> int:
        """Status of what is answered to a recording of the browser's own."""
        told = {"Origin": origin or f"http://{self.host}", SESSION_HEADER: token}
        return self.get(RECORDING_PATH, "POST", body, **told | ({} if pain is None else {PAIN_HEADER: pain}))[0]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        app = SameOrigin(Starlette(routes=ROUTES))
        running = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2))
        thread = threading.Thread(target=running.run, args=([listening],))
        thread.start()
        until(lambda: running.started)
        yield Server(f"127.0.0.1:{listening.getsockname()[1]}")
        running.should_exit = True
        thread.join()
    registry().close()
    jobs().close()
    registry.cache_clear()
    jobs.cache_clear()


@pytest.fixture
def session() -> Iterator[LiveSession]:
    """A new session; the one of the test before is over."""
    session = registry().start("somebody", find_exercise(MOVEMENT), ensure_model())
    yield session
    registry().end(session.token)
    session.thread.shutdown(wait=True)  # when the process ends, a model can no longer be freed


def receive(link: ClientConnection) -> Answer:
    """The next answer."""
    return dict(json.loads(link.recv(ANSWER_S)))


def ask(link: ClientConnection, message: bytes | str | Answer) -> Answer:
    """The answer to one message."""
    link.send(json.dumps(message) if isinstance(message, dict) else message)
    return receive(link)


def closing_code(link: ClientConnection) -> int | None:
    """The code with which the server closes it, whatever it still says before."""
    try:
        while True:
            link.recv(ANSWER_S)
    except ConnectionClosed:
        return link.close_code


def seat_of(session: LiveSession) -> Seat:
    seat = registry().find(session.token)
    assert seat is not None
    return seat


def tear(link: ClientConnection) -> None:
    """End the connection below the socket, as a dead network does: no word of goodbye."""
    link.socket.shutdown(socket.SHUT_RDWR)


# --- who is let in ------------------------------------------------------------------------------


def test_a_page_of_this_server_gets_an_answer_to_its_frame(server: Server, session: LiveSession) -> None:
    with server.open(session.token) as link:
        answer = ask(link, frame(0))
    assert (answer["type"], answer["id"], answer["t"], answer["stage"]) == ("frame", 0, 0.0, "setup")
    assert len(answer["landmarks"]) == 33
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y, _ in answer["landmarks"][:25])
    assert {"decode", "pose", "judge"} == set(answer["ms"])


@pytest.mark.parametrize("token", ["", "unknown", "%00", "x" * 3000])
def test_an_unknown_session_is_refused(server: Server, session: LiveSession, token: str) -> None:
    with server.open(token) as link:
        assert closing_code(link) == 4404


def test_a_token_is_taken_from_no_address(server: Server, session: LiveSession) -> None:
    """Servers and browsers note addresses."""
    with connect(f"ws://{server.host}/live/ws?token={session.token}", origin=f"http://{server.host}") as link:  # type: ignore[arg-type]
        assert closing_code(link) == 4404


def test_a_session_that_has_ended_is_unknown(server: Server, session: LiveSession) -> None:
    registry().end(session.token)
    with server.open(session.token) as link:
        assert closing_code(link) == 4404


def test_a_second_page_takes_over_and_the_session_goes_on(server: Server, session: LiveSession) -> None:
    with server.open(session.token) as first:
        ask(first, frame(0))
        with server.open(session.token) as second:
            assert closing_code(first) == 4409
            answer = ask(second, frame(1))
            assert (answer["type"], answer["id"]) == ("frame", 1)
            assert answer["t"] > 0
            assert seat_of(session).connection is not None


# --- frames -------------------------------------------------------------------------------------


def test_surplus_frames_are_dropped_at_once_and_none_waits(server: Server, session: LiveSession) -> None:
    with server.open(session.token) as link:
        ask(link, frame(0))
        for i in range(1, 21):
            link.send(frame(i))
        answers = [receive(link) for _ in range(20)]
        assert [answer["id"] for answer in answers] == list(range(1, 21))
        looked_at = [answer["id"] for answer in answers if answer["type"] == "frame"]
        assert looked_at[:2] == [1, 2]
        assert {answer["type"] for answer in answers} == {"frame", "dropped"}
        assert len(looked_at) < 15
        assert ask(link, frame(30))["type"] == "frame"


def test_a_camera_that_was_turned_is_told_and_does_not_end_the_session(server: Server, session: LiveSession) -> None:
    upright = cv2.imdecode(np.frombuffer(pictures()[1][1], np.uint8), cv2.IMREAD_COLOR)
    turned = cv2.imencode(".jpg", cv2.rotate(upright, cv2.ROTATE_90_CLOCKWISE))[1].tobytes()
    with server.open(session.token) as link:
        ask(link, frame(0))
        for i in range(2 * MOST_ERRORS):
            answer = ask(link, HEADER.pack(i, 0, 6.0 + i / 100) + turned)
            assert (answer["type"], answer["id"]) == ("unfit", i)
            assert "shape" in answer["text"]
        assert ask(link, frame(40))["type"] == "frame"


# --- nonsense -----------------------------------------------------------------------------------


@dataclass
class Patient:
    """A page that opens its socket again whenever it was closed on it.

    Attributes:
        errors: answers of type error, by socket.
    """

    server: Server
    token: str
    opened: contextlib.ExitStack
    link: ClientConnection | None = None
    errors: list[int] = field(default_factory=list)

    def say(self, nonsense: bytes | str) -> None:
        """Send it; what comes must be an error, or the close that follows many of them."""
        if self.link is None:
            self.link = self.opened.enter_context(self.server.open(self.token))
            self.errors.append(0)
        try:
            answer = ask(self.link, nonsense)
        except ConnectionClosed:
            answer = {}
        if not answer:
            assert self.link.close_code == 1008
            assert MOST_ERRORS - 1 <= self.errors[-1] <= MOST_ERRORS
            self.link = None
            return
        assert answer["type"] == "error", answer
        assert answer["text"].startswith("expected")
        self.errors[-1] += 1


TYPES = ["pain", "restart", "go_on", "finish", "ping", "quality"]
header = st.builds(HEADER.pack, st.integers(0, 2**32 - 1), st.just(0), st.floats(0, 1e6))
anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
no_time = st.floats(max_value=-0.001) | st.sampled_from([float("nan"), float("inf"), None, "soon", [1.0], "9" * 400])
nearly = st.fixed_dictionaries(
    {"type": st.sampled_from(TYPES)}, optional={"model": anything, "time": no_time, "when": anything}
).filter(lambda m: (len(m) > 1 or m["type"] in {"pain", "quality"}) and m.get("model") not in ("full", "lite"))
nonsense = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200),
    st.builds(lambda head, body: head + body, header, st.binary(min_size=1, max_size=200)),
    st.builds(lambda head, n: head + pictures()[0][1][:n], header, st.integers(1, 5000)),
    st.builds(json.dumps, anything),
    st.builds(json.dumps, nearly),
    st.just("x" * 5000),
)


def test_no_nonsense_ends_a_session(server: Server, session: LiveSession) -> None:
    with contextlib.ExitStack() as opened:
        page = Patient(server, session.token, opened)

        @settings(max_examples=300, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(nonsense)
        def every(message: bytes | str) -> None:
            page.say(message)

        every()
        assert len(page.errors) > 5
    with server.open(session.token) as link:
        assert ask(link, frame(0))["type"] == "frame"


@pytest.mark.parametrize("message", [bytes(1_000_001), "x" * 1_000_001])
def test_a_message_that_is_too_big_closes_the_socket(
    server: Server, session: LiveSession, message: bytes | str
) -> None:
    with server.open(session.token) as link:
        link.send(message)
        assert closing_code(link) == 1009
    with server.open(session.token) as link:
        assert ask(link, {"type": "ping"}) == {"type": "pong"}


# --- coming back, and the end -------------------------------------------------------------------


def test_a_torn_connection_comes_back_with_its_counts_and_ends_in_one_result(
    server: Server, session: LiveSession
) -> None:
    i = 0
    with server.open(session.token) as link:
        assert ask(link, {"type": "pain", "time": 4.0}) == {"type": "pain", "time": 4.0, "n": 0}
        before: Answer = {"counts": {}}
        while not any(before["counts"].values()):
            before = ask(link, frame(i))
            i += 1
        pain = {"type": "pain", "time": BEGAN_S + 2.0}
        assert ask(link, pain) == {**pain, "n": 1}
        link.send(frame(i))
        tear(link)  # with a frame under way

    torn_s = time.monotonic()
    with server.open(session.token) as link:
        after = ask(link, frame(i + 1))
        assert time.monotonic() - torn_s < BACK_S
        assert after["counts"] == before["counts"]
        assert (after["ready"], after["pain"]) == (True, 1)
        assert ask(link, pain) == {**pain, "n": 1}, "a page that heard no answer tells it again"
        link.send(json.dumps({"type": "finish"}))
        tear(link)  # before the answer came

    with server.open(session.token) as link:
        assert ask(link, {"type": "finish"}) == {"type": "finished"}
        job_id = seat_of(session).job_id
        assert ask(link, {"type": "finish"}) == {"type": "finished"}
        assert ask(link, frame(i + 2))["type"] == "error"
        assert ask(link, {"type": "ping"}) == {"type": "pong"}
    assert seat_of(session).job_id == job_id
    assert len(list(jobs().root.iterdir())) == 1
    job = jobs().get(job_id)
    assert job is not None
    until(lambda: job.finished)
    assert job.state == "done", job.message
    assert len(job.result.analysis.assessment.reps) == 1
    assert [mark.t_s for mark in job.result.analysis.assessment.pain] == [2.0]
    jobs().discard(job.id)


@pytest.mark.parametrize(("how", "goodbye"), [(tear, False), (ClientConnection.close, True)])
def test_a_goodbye_is_told_from_a_dead_network(
    server: Server, session: LiveSession, how: Callable[[ClientConnection], None], goodbye: bool
) -> None:
    with server.open(session.token) as link:
        ask(link, {"type": "ping"})
        how(link)
    until(lambda: seat_of(session).state is not State.CONNECTED)
    assert seat_of(session).state is (State.LEFT if goodbye else State.LOST)
    assert not session.over


def test_beginning_anew_going_on_and_the_usual_model_are_granted(server: Server, session: LiveSession) -> None:
    with server.open(session.token) as link:
        ask(link, frame(0))
        assert ask(link, {"type": "restart"}) == {"type": "restart"}
        assert ask(link, {"type": "go_on"}) == {"type": "going_on"}
        granted = ask(link, {"type": "quality", "model": "full"})
        assert (granted["type"], granted["ok"]) == ("model", True)


@pytest.mark.parametrize("time_s", [-1.0, float("nan"), float("inf"), "soon", None])
def test_pain_at_no_time_is_refused(server: Server, session: LiveSession, time_s: Any) -> None:
    with server.open(session.token) as link:
        ask(link, frame(0))
        answer = ask(link, {"type": "pain", "time": time_s})
        assert (answer["type"], answer["text"].partition(" ")[0]) == ("error", "expected")
        assert ask(link, frame(1))["pain"] == 0


def test_pain_hours_later_is_refused_and_does_not_end_the_session(server: Server, session: LiveSession) -> None:
    with server.open(session.token) as link:
        ask(link, frame(0))
        for i in range(2 * MOST_ERRORS):
            answer = ask(link, {"type": "pain", "time": 1e6 + i})
            assert (answer["type"], "expected a moment before" in answer["text"]) == ("error", True)
        assert ask(link, frame(1))["pain"] == 0


def test_a_session_that_cannot_be_judged_says_so(server: Server, session: LiveSession) -> None:
    root = jobs().root
    with server.open(session.token) as link:
        ask(link, frame(0))
        aside = root.rename(root.with_name("aside"))  # the results have no place
        try:
            for _ in range(2):
                assert ask(link, {"type": "finish"}) == {"type": "not_judged", "text": NOT_JUDGED}
        finally:
            aside.rename(root)
        assert ask(link, {"type": "ping"}) == {"type": "pong"}
    assert seat_of(session).job_id is None


def test_a_page_that_fell_asleep_is_told_that_its_session_was_judged(server: Server, session: LiveSession) -> None:
    with server.open(session.token) as link:
        ask(link, frame(0))
        session.last_used_s -= IDLE_AFTER_S + 1.0
        registry().sweep()
        assert closing_code(link) == 4410
    job_id = seat_of(session).job_id
    with server.open(session.token) as link:  # told once more, should the first time have been missed
        assert closing_code(link) == 4410
    job = jobs().get(job_id)
    assert job is not None
    until(lambda: job.finished)
    assert job.state == "done", job.message
    jobs().discard(job.id)
    registry().sweep()
    with server.open(session.token) as link:
        assert closing_code(link) == 4404


def test_while_the_browser_records_somebody_is_there(server: Server, session: LiveSession) -> None:
    """Ten minutes without a picture are not the end of a session that is recorded."""
    with server.open(session.token) as link:
        assert ask(link, {"type": "recording"}) == {"type": "pong"}
        begun_s = session.last_used_s
        assert ask(link, {"type": "recording"}) == {"type": "pong"}
        assert session.last_used_s == begun_s, "before the first picture there is nothing to keep"
        ask(link, frame(0))
        session.last_used_s -= IDLE_AFTER_S + 1.0
        assert ask(link, {"type": "recording"}) == {"type": "pong"}
        registry().sweep()
        assert seat_of(session).state is State.CONNECTED
    assert server.hand_in(session.token, b"no video") == 200
    jobs().discard(seat_of(session).job_id or "")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path / 'people.db'}") as opened:
        opened.add_person(WHO)
        yield opened


def test_what_a_crashed_browser_lost_is_written_down_and_leaves_no_files(
    server: Server, session: LiveSession, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = Session(id=uuid4(), person_id=WHO.id, at=WHO.created_at, exercise=MOVEMENT, how="live")
    session.diary = Diary(store, begun, session.exercise, "sha256:0", lambda: datetime.now(UTC))
    monkeypatch.setattr(jobs(), "grace_s", 0.1)
    with server.open(session.token) as link:
        for i in range(5):
            ask(link, frame(i))
        tear(link)
        registry().release(session.owner)  # its other connection went with it
        jobs().release(session.owner)
    until(lambda: seat_of(session).state is State.LOST)
    time.sleep(0.3)  # what was the browser's has been discarded
    seat = seat_of(session)
    session.last_used_s -= GONE_AFTER_S + 1.0
    seat._since_s = session.last_used_s
    registry().sweep()
    until(lambda: seat.job_id is not None)
    until(lambda: jobs().get(seat.job_id) is None and not list(jobs().root.iterdir()))
    (written,) = store.history(WHO.id).sessions
    assert written.ended_at is not None
    assert written.assessment_id is not None
    registry().sweep()
    assert registry().find(session.token) is None


def test_a_recording_of_the_browsers_own_is_taken_once_and_only_from_its_page(
    server: Server, session: LiveSession
) -> None:
    token, body = session.token, CLIP.read_bytes()
    assert server.hand_in(token, body, origin="http://elsewhere.example") == 403
    assert server.hand_in("unknown", body) == 404
    assert server.get(RECORDING_PATH, **{SESSION_HEADER: token})[0] == 405
    assert server.get(f"{RECORDING_PATH}?token={token}", "POST", body, Origin=f"http://{server.host}")[0] == 404
    assert seat_of(session).job_id is None
    assert server.hand_in(token, body) == 200
    job = jobs().get(seat_of(session).job_id)
    assert job is not None
    assert (job.folder / "recording.webm").read_bytes() == body
    assert server.hand_in(token, body) == 404
    jobs().discard(job.id)
    until(lambda: not job.folder.exists())
    assert not list(jobs().root.glob("arriving-*"))


def test_the_marks_of_a_recording_are_in_its_results(server: Server, session: LiveSession) -> None:
    assert server.hand_in(session.token, CLIP.read_bytes(), "[2.5, 0, 1.25]") == 200
    job = jobs().get(seat_of(session).job_id)
    assert job is not None
    try:
        until(lambda: job.finished, MEASURED_S)
        assert job.state == "done", job.message
        assert [mark.t_s for mark in job.result.analysis.assessment.pain] == [0.0, 1.25, 2.5]
        assert "Marked while moving" in job.result.files["html"].read_text(encoding="utf-8")
    finally:
        jobs().discard(job.id)


@pytest.mark.parametrize(
    "pain",
    [
        *["", "soon", "3", "{}", "null", "[-1]", "[NaN]", "[Infinity]", "[null]", "[[1]]", f"[{LONGEST_S + 1}]"],
        pytest.param(json.dumps([1.0] * (MOST_MARKS + 1)), id="too many"),
    ],
)
def test_marks_that_make_no_sense_are_refused_with_their_recording(
    server: Server, session: LiveSession, pain: str
) -> None:
    assert server.hand_in(session.token, CLIP.read_bytes(), pain) == 400
    assert (seat_of(session).job_id, session.over) == (None, False)
    assert list(jobs().root.iterdir()) == []


def test_as_many_marks_as_there_may_be_are_taken(server: Server, session: LiveSession) -> None:
    pain = json.dumps([LONGEST_S - 1 / 3] * MOST_MARKS)  # as long as a browser writes them
    assert server.hand_in(session.token, b"no video", pain) == 200
    job = jobs().get(seat_of(session).job_id)
    assert job is not None
    try:
        until(lambda: job.finished, MEASURED_S)
    finally:
        jobs().discard(job.id)


# --- modules ------------------------------------------------------------------------------------


def test_the_pages_modules_are_served_and_nothing_else_of_their_folder(server: Server) -> None:
    assert server.get("/live/js/main.js") == (200, "text/javascript")
    for name in [
        "../__init__.py",
        "../browser/main.js",
        "..%2Fbrowser%2Fmain.js",
        "__init__.py",
        "camera.html",
        "camera.css",
        "camera.html.js",
        "nothing.js",
        ".js",
        "",
    ]:
        assert server.get(f"/live/js/{name}")[0] == 404, name


# --- what looks at the pictures -------------------------------------------------------------------


def kill_eyes(session: LiveSession) -> None:
    """End the process that looks at the pictures of a session, as a library that aborts does."""
    eyes = session._eyes
    assert eyes is not None
    psutil.Process(eyes._worker.pid).send_signal(signal.SIGABRT)
    until(lambda: not eyes._worker.alive)


@pytest.mark.clips
def test_an_abort_ends_one_session_with_what_was_seen(server: Server, session: LiveSession) -> None:
    other = registry().start("somebody else", find_exercise(MOVEMENT), ensure_model())
    with server.open(session.token) as link, server.open(other.token) as others:
        for i in range(5):
            ask(link, frame(i))
            ask(others, frame(i))
        kill_eyes(session)
        assert ask(link, frame(5))["type"] == "finished"
        assert ask(others, frame(5))["type"] == "frame"
    job = jobs().get(seat_of(session).job_id)
    assert job is not None
    until(lambda: job.finished)
    assert job.state == "done", job.message
    assert any(LOST_SIGHT in warning for warning in job.result.analysis.assessment.warnings)
    registry().end(other.token)
    other.thread.shutdown(wait=True)


@pytest.mark.clips
def test_an_abort_over_the_first_picture_is_told(server: Server, session: LiveSession) -> None:
    on_its_thread = session.thread.submit(session._open_eyes)
    on_its_thread.result(60)
    kill_eyes(session)
    with server.open(session.token) as link:
        assert ask(link, frame(0))["type"] == "finished"
    job = jobs().get(seat_of(session).job_id)
    assert job is not None
    until(lambda: job.finished)
    assert (job.state, job.message) == ("failed", LOST_SIGHT)
    registry().end(session.token)
    again = registry().start("somebody", find_exercise(MOVEMENT), ensure_model())
    with server.open(again.token) as link:
        assert ask(link, frame(0))["type"] == "frame"
    registry().end(again.token)
    again.thread.shutdown(wait=True)


def test_a_socket_alone_keeps_no_place_and_loads_nothing(server: Server, session: LiveSession) -> None:
    with server.open(session.token) as link:
        assert ask(link, {"type": "ping"})["type"] == "pong"
        used_s = session.last_used_s
        assert ask(link, {"type": "ping"})["type"] == "pong"
        assert session._eyes is None
        assert session.last_used_s == used_s
        assert not seat_of(session).is_taken
        ask(link, frame(0))
        assert seat_of(session).is_taken
        assert session.last_used_s > used_s
