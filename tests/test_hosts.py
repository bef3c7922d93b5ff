"""The app on its real server answers under its own names alone, on every one of its routes."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator

import pytest
from app_server import App, free_port, running_app
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from checker.ui.routes import PLOTLY_URL

pytestmark = pytest.mark.clips

ANSWER_S = 10.0
MODULE = "/live/js/link.js"
SERVED = ["/", "/_stcore/health", MODULE, PLOTLY_URL]
OWN = ["localhost", "LOCALHOST", "localhost.", "127.0.0.1", "[::1]"]
FOREIGN = [
    "elsewhere.example",
    "localhost.elsewhere.example",
    "elsewhere.localhost",
    "localhost@elsewhere.example",
    "elsewhere.example/localhost",
    "127.0.0.1.elsewhere.example",
    "0.0.0.0",
    "",
]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running_app(tmp_path_factory.mktemp("hosts"), free_port()) as running:
        yield running


def port(app: App) -> int:
    return int(app.url.rpartition(":")[2])


def status(app: App, path: str, host: str | None, method: str = "GET") -> int:
    """What is answered to somebody who reaches the app under that name; None: who tells no name."""
    connection = http.client.HTTPConnection("localhost", port(app), timeout=ANSWER_S)
    connection.putrequest(method, path, skip_host=True)
    if host is not None:
        connection.putheader("Host", f"{host}:{port(app)}")
        connection.putheader("Origin", f"http://{host}:{port(app)}")
    connection.endheaders()
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def open_socket(app: App, path: str, host: str) -> ClientConnection:
    """A socket as a page gets it that has this name lead to this computer."""
    address = f"{host}:{port(app)}"
    way = socket.create_connection(("localhost", port(app)), ANSWER_S)
    return connect(f"ws://{address}{path}", sock=way, origin=f"http://{address}")  # type: ignore[arg-type]


@pytest.mark.parametrize("host", OWN)
@pytest.mark.parametrize("path", SERVED)
def test_it_answers_under_its_own_names(app: App, path: str, host: str) -> None:
    assert status(app, path, host) == 200


@pytest.mark.parametrize("host", FOREIGN)
def test_it_answers_under_no_other_name(app: App, host: str) -> None:
    assert status(app, MODULE, host) == 403


def test_it_does_not_answer_who_tells_no_name(app: App) -> None:
    assert status(app, MODULE, None) in {400, 403}  # the server itself may refuse that already


@pytest.mark.parametrize("path", [*SERVED, "/results/0/annotated.mp4", "/nothing"])
def test_no_route_is_left_out(app: App, path: str) -> None:
    assert status(app, path, "elsewhere.example") == 403


def test_no_recording_is_taken_under_another_name(app: App) -> None:
    assert status(app, "/live/recording", "elsewhere.example", "POST") == 403
    assert status(app, "/live/recording", "localhost", "POST") == 404


@pytest.mark.parametrize("path", ["/live/ws", "/_stcore/stream"])
def test_no_socket_is_opened_under_another_name(app: App, path: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        open_socket(app, path, "elsewhere.example")
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_the_live_socket_is_opened_under_its_own_names(app: App, host: str) -> None:
    with open_socket(app, "/live/ws", host) as link:
        with pytest.raises(ConnectionClosed):
            link.recv(ANSWER_S)
        assert link.close_code == 4404
