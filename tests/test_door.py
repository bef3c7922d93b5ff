"""The door of the app's real server: which pages are let in, what is closed, and what every answer says."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import suppress

import pytest
from app_server import App, free_port, running_app
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from checker.service.door import HEADERS
from checker.ui.app import CLOSED
from checker.ui.routes import PLOTLY_URL

pytestmark = pytest.mark.clips

ANSWER_S = 30.0
SOCKETS = ["/_stcore/stream", "/live/ws"]
SERVED = ["/", "/_stcore/health", "/live/js/link.js", PLOTLY_URL]
FOREIGN = [
    "http://elsewhere.example",
    "https://{host}",
    "http://localhost:1",
    "http://127.0.0.1:{port}",  # the same server, but under another name
    "http://somebody@{host}",
    "http://{host}.elsewhere.example",
    "http://{host}/",
    "{host}",
    "null",
    "file://",
    "",
    "http://[",
]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running_app(tmp_path_factory.mktemp("door"), free_port()) as running:
        yield running


def own(app: App) -> str:
    return app.url.removeprefix("http://")


def as_from(app: App, origin: str) -> str:
    return origin.format(host=own(app), port=own(app).rpartition(":")[2])


def ask(app: App, path: str, method: str = "GET", origin: str | None = None) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("localhost", int(own(app).rpartition(":")[2]), timeout=ANSWER_S)
    connection.request(method, path, headers={} if origin is None else {"Origin": origin})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


# --- other pages --------------------------------------------------------------------------------


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_page_of_another_origin_gets_nothing(app: App, origin: str) -> None:
    assert {ask(app, path, origin=as_from(app, origin)).status for path in SERVED} == {403}
    assert ask(app, "/live/recording", "POST", as_from(app, origin)).status == 403


@pytest.mark.parametrize("origin", [*FOREIGN, None])
@pytest.mark.parametrize("path", SOCKETS)
def test_a_page_of_another_origin_or_of_none_opens_no_socket(app: App, path: str, origin: str | None) -> None:
    address = app.url.replace("http", "ws") + path
    with pytest.raises(InvalidStatus) as refused:
        connect(address, origin=None if origin is None else as_from(app, origin))  # type: ignore[arg-type]
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "NONSENSE"])
@pytest.mark.parametrize("path", ["/", "/_stcore/upload_file/a/b", "/live/recording"])
def test_what_may_change_something_must_say_where_it_comes_from(app: App, path: str, method: str) -> None:
    assert ask(app, path, method).status in {400, 403}


def test_its_own_pages_are_let_in(app: App) -> None:
    assert {ask(app, path, origin=app.url).status for path in SERVED} == {200}
    assert ask(app, "/live/recording", "POST", app.url).status == 404  # of the route itself
    with connect(app.url.replace("http", "ws") + SOCKETS[0], origin=app.url):  # type: ignore[arg-type]
        pass


def test_a_message_larger_than_any_is_not_taken_into_memory(app: App) -> None:
    address = app.url.replace("http", "ws") + "/_stcore/stream"
    with connect(address, origin=app.url) as page:  # type: ignore[arg-type]
        with suppress(ConnectionClosed):
            page.send(bytes(42_000_000))
        with pytest.raises(ConnectionClosed) as closed:
            page.recv(timeout=ANSWER_S)
    code = None if closed.value.rcvd is None else closed.value.rcvd.code
    assert code in {1009, None}  # it may be gone before all was sent; a message that was taken ends otherwise


# --- every answer -------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*SERVED, "/nothing", "/results/0/annotated.mp4", *CLOSED])
@pytest.mark.parametrize("origin", [None, "http://elsewhere.example"])
def test_every_answer_keeps_the_page_to_this_server(app: App, path: str, origin: str | None) -> None:
    answer = ask(app, path, origin=origin)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    policy = dict(part.partition(" ")[::2] for part in answer.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy["script-src"]
    assert not any("://" in sources or "*" in sources for sources in policy.values())
    assert "Access-Control-Allow-Origin" not in answer.headers or origin is None


@pytest.mark.parametrize("path", [*CLOSED, "/_stcore/agent/mcp", "/auth/login", "/oauth2callback?code=1"])
def test_what_nobody_needs_is_closed(app: App, path: str) -> None:
    assert ask(app, path).status == 404


def test_no_page_elsewhere_may_send_messages_to_this_one(app: App) -> None:
    connection = http.client.HTTPConnection("localhost", int(own(app).rpartition(":")[2]), timeout=ANSWER_S)
    connection.request("GET", "/_stcore/host-config")
    assert b'"allowedOrigins":[]' in connection.getresponse().read()
    connection.close()
