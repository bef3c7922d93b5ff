"""Slow clients and many at once: who keeps the server waiting is ended, and the others are served."""

from __future__ import annotations

import asyncio
import http.client
import logging
import socket
import ssl
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
import uvicorn
from certificate import make_certificate
from conftest import until
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from uvicorn.protocols.http.auto import AutoHTTPProtocol
from websockets.sync.client import connect

from checker.service.live import protocol
from checker.service.live.connection import MOST_WAITING, PageConnection
from checker.service.patience import Patience, raise_file_limit, watch

PATIENCE = Patience(look_every_s=0.1, stalled_s=0.3)
SOON_S = 3.0
LONG = 1_500_000
MANY = 200


class Watched(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
    """uvicorn's own, with little patience."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)


watch(Watched, PATIENCE)


@dataclass
class Server:
    """A server whose answers are slow, or long, or sockets.

    Attributes:
        port: where it listens.
        running: itself.
    """

    port: int
    running: uvicorn.Server

    def open(self, first: bytes = b"") -> socket.socket:
        link = socket.create_connection(("127.0.0.1", self.port), timeout=SOON_S)
        link.sendall(first)
        return link

    def serves(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SOON_S)
        connection.request("GET", "/quick")
        answer = connection.getresponse().read()
        connection.close()
        return answer == b"quick"


CODES: list[int] = []
"""With which the sockets at /deaf ended."""


async def quick(_: Request) -> Response:
    return PlainTextResponse("quick")


async def slow(_: Request) -> Response:
    await asyncio.sleep(5 * PATIENCE.look_every_s)
    return PlainTextResponse("slow")


async def long(_: Request) -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(100):
            await asyncio.sleep(0)
            yield bytes(LONG)

    return StreamingResponse(pieces())


async def sent(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def deaf(link: WebSocket) -> None:
    """Takes messages, and never gets to send an answer."""
    await link.accept()
    CODES.append(await PageConnection(link, "nobody's")._receive(None))  # type: ignore[arg-type]


async def answering(link: WebSocket) -> None:
    await link.accept()
    await PageConnection(link, "nobody's").run(None)  # type: ignore[arg-type]


async def telling(link: WebSocket) -> None:
    await link.accept()
    for _ in range(100):
        await link.send_bytes(bytes(LONG))


ROUTES = [
    Route("/quick", quick),
    Route("/slow", slow),
    Route("/long", long),
    Route("/sent", sent, methods=["POST"]),
    WebSocketRoute("/deaf", deaf),
    WebSocketRoute("/answering", answering),
    WebSocketRoute("/telling", telling),
]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@contextmanager
def serving(certificate: Path | None = None, key: Path | None = None) -> Iterator[Server]:
    """A server whose connections are watched; with a certificate, over TLS."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        app = Starlette(routes=ROUTES)
        config = uvicorn.Config(
            app,
            http=Watched,
            ws="websockets-sansio",
            log_level="error",
            timeout_graceful_shutdown=1,
            ssl_certfile=certificate,
            ssl_keyfile=key,
        )
        running = uvicorn.Server(config)
        thread = threading.Thread(target=running.run, args=([listening],))
        thread.start()
        until(lambda: running.started)
        yield Server(listening.getsockname()[1], running)
        running.should_exit = True
        thread.join()


def is_ended(link: socket.socket, within_s: float = SOON_S) -> bool:
    """Whether the server ends a connection in that time, whatever it sent before."""
    link.settimeout(within_s)
    try:
        while link.recv(65_536):
            continue
    except TimeoutError:
        return False
    except ConnectionError:
        return True
    return True


HANDSHAKE = (
    b"GET /telling HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
HEAD = b"GET /quick HTTP/1.1\r\nHost: localhost\r\n"


def test_who_sends_nothing_is_ended(server: Server) -> None:
    with server.open() as link:
        assert is_ended(link)


def test_who_sends_its_headers_byte_by_byte_is_ended(server: Server) -> None:
    with server.open(HEAD + b"X: ") as link:
        ended = threading.Event()
        watching = threading.Thread(target=lambda: is_ended(link) and ended.set())
        watching.start()
        with suppress(ConnectionError):
            while watching.is_alive():
                link.sendall(b"x")
                time.sleep(0.02)
        watching.join()
        assert ended.is_set()


def test_that_it_has_asked_before_does_not_help(server: Server) -> None:
    with server.open(HEAD + b"\r\n") as link:
        assert b"200 OK" in link.recv(1000)
        link.sendall(HEAD)
        assert is_ended(link)


def test_who_waits_for_an_answer_is_not_ended(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=SOON_S)
    for _ in range(2):
        connection.request("GET", "/slow")
        assert connection.getresponse().read() == b"slow"
    connection.close()


def test_who_sends_a_long_body_slowly_is_left_to_who_reads_it(server: Server) -> None:
    with server.open(b"POST /sent HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n") as link:
        for _ in range(10):
            link.sendall(b"x")
            time.sleep(PATIENCE.look_every_s / 2)
        assert link.recv(1000).endswith(b"10")


def test_who_takes_nothing_of_its_answer_is_ended(server: Server) -> None:
    with server.open(b"GET /long HTTP/1.1\r\nHost: localhost\r\n\r\n") as link:
        until(lambda: len(server.running.server_state.connections) == 1, SOON_S)
        until(lambda: not server.running.server_state.connections, SOON_S)
        assert is_ended(link)


def test_who_takes_its_answer_slowly_is_not_ended(server: Server) -> None:
    with server.open(b"GET /long HTTP/1.1\r\nHost: localhost\r\n\r\n") as link:
        for _ in range(20):
            time.sleep(PATIENCE.look_every_s / 2)
            assert link.recv(1_000_000)


def test_a_socket_on_which_nothing_happens_is_not_ended(server: Server) -> None:
    with connect(f"ws://127.0.0.1:{server.port}/answering") as link:
        time.sleep(5 * PATIENCE.look_every_s)
        link.send('{"type": "ping"}')
        assert link.recv(SOON_S) == '{"type":"pong"}'


def test_a_socket_that_takes_no_answer_is_ended(server: Server) -> None:
    with server.open(HANDSHAKE) as link:
        assert b"101 Switching Protocols" in link.recv(100)
        until(lambda: not server.running.server_state.connections, SOON_S)
        assert is_ended(link)


def test_more_answers_than_a_page_ever_waits_for_end_its_socket(server: Server) -> None:
    """`_send` is not running here: no answer is taken."""
    with connect(f"ws://127.0.0.1:{server.port}/deaf") as link:
        for _ in range(MOST_WAITING + 1):
            link.send('{"type": "ping"}')
        until(lambda: bool(CODES), SOON_S)
    assert CODES == [protocol.TOO_MANY_ERRORS]


def test_many_at_once_hold_up_nobody(server: Server) -> None:
    before_bytes = psutil.Process().memory_info().rss
    with ExitStack() as stack:
        links = [stack.enter_context(server.open(HEAD if i % 2 else b"")) for i in range(MANY)]
        took_s = []
        for _ in range(10):
            began_s = time.monotonic()
            assert server.serves()
            took_s.append(time.monotonic() - began_s)
        assert max(took_s) < 1.0
        assert psutil.Process().memory_info().rss - before_bytes < 50_000_000
        assert all(is_ended(link) for link in links)
    assert server.serves()


def test_over_tls_it_is_the_same_and_a_closed_connection_is_no_fault(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    certificate, key = make_certificate(tmp_path)
    context = ssl.create_default_context(cafile=str(certificate))
    with serving(certificate, key) as server:
        for first in (b"", HEAD, HEAD + b"\r\n", HEAD + b"Connection: close\r\n\r\n"):
            with context.wrap_socket(server.open(), server_hostname="localhost") as link:
                link.sendall(first)
                assert is_ended(link)
        time.sleep(3 * PATIENCE.look_every_s)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_the_limit_of_open_files_is_raised_as_far_as_it_may() -> None:
    resource = pytest.importorskip("resource", reason="NO SUCH LIMIT ON THIS SYSTEM")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
        raise_file_limit(300)
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (300, hard)
        raise_file_limit(200)
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (300, hard), "it is never lowered"
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_the_app_watches_its_connections() -> None:
    import checker.ui.app  # noqa: F401

    assert hasattr(AutoHTTPProtocol.connection_made, "__wrapped__")
