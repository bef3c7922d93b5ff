"""A link that opens the server for one browser, once; and a server that refuses to be open without it."""

from __future__ import annotations

import asyncio
import http.client
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from app_server import App, begin_app, free_port
from conftest import Run, run_async, until
from shared_app import newest_key, shared_app
from starlette.types import Message, Receive, Scope, Send

from checker.service import key as key_module
from checker.service.key import COOKIE, GOING_AWAY, LASTS_S, MOST_BROWSERS, KeyDoor, Keys
from checker.ui.reach import is_this_computer

ANSWER_S = 30.0


# --- keys ---------------------------------------------------------------------------------------


def test_a_key_opens_once_and_the_next_one_is_told() -> None:
    told: list[str] = []
    keys = Keys(told.append)
    assert not keys.fits("")
    assert keys.redeem("") is None
    keys.begin()
    [first] = told
    assert keys.fits(first)
    carried = keys.redeem(first)
    assert carried is not None
    assert keys.knows(carried)
    assert not keys.knows(first)
    assert not keys.fits(first)
    assert keys.redeem(first) is None
    assert len(told) == len(set(told)) == 2
    second = keys.redeem(told[1])
    assert second not in {None, carried}
    assert keys.knows(carried)


def test_browsers_that_were_let_in_have_an_end() -> None:
    told: list[str] = []
    keys = Keys(told.append)
    keys.begin()
    carried = [keys.redeem(told[-1]) or "" for _ in range(MOST_BROWSERS + 1)]
    assert [keys.knows(c) for c in carried] == [False, *[True] * MOST_BROWSERS]


def test_a_browser_stays_in_for_half_a_day_unless_it_leaves() -> None:
    told: list[str] = []
    now_s = 0.0
    keys = Keys(told.append, lambda: now_s)
    keys.begin()
    stays, leaves = (keys.redeem(told[-1]) or "" for _ in range(2))
    keys.leave(leaves)
    keys.leave("one that never came")
    assert (keys.knows(stays), keys.knows(leaves)) == (True, False)
    now_s = LASTS_S - 1.0
    late = keys.redeem(told[-1]) or ""
    assert keys.knows(stays)
    now_s = LASTS_S
    assert (keys.knows(stays), keys.knows(late)) == (False, True)


class Doorway:
    """A door whose time is in our hand, before an app that tells when its socket has ended.

    Attributes:
        codes: with which its sockets ended.
    """

    def __init__(self) -> None:
        told: list[str] = []
        self.now_s, self.codes = 0.0, list[int]()
        self.keys = Keys(told.append, lambda: self.now_s)
        self.keys.begin()
        self.carried = self.keys.redeem(told[0]) or ""
        self.door = KeyDoor(self.app, self.keys)

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        while (message := await receive())["type"] != "websocket.disconnect":
            pass
        self.codes.append(message["code"])


@pytest.mark.parametrize("leaves", [True, False])
def test_open_sockets_end_when_their_browser_leaves_or_its_time_is_over(
    leaves: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_module, "LOOK_EVERY_S", 0.01)
    way = Doorway()

    async def come_and_go() -> None:
        messages: asyncio.Queue[Message] = asyncio.Queue()
        cookie = (b"cookie", f"{COOKIE}={way.carried}".encode())
        scope = {"type": "websocket", "path": "/live/ws", "headers": [cookie], "client": None}
        link = asyncio.create_task(way.door(scope, messages.get, nothing))
        messages.put_nowait({"type": "websocket.receive", "text": "hello"})
        await asyncio.sleep(0.1)
        assert not link.done()
        if leaves:
            way.keys.leave(way.carried)
        else:
            way.now_s = LASTS_S
        await asyncio.wait_for(link, ANSWER_S)

    run_async(come_and_go())
    assert way.codes == [GOING_AWAY]


async def nothing(_: Message) -> None:
    """Sends nothing."""


def test_a_form_of_which_nothing_more_comes_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_module, "FORM_S", 0.05)
    sent: list[Message] = []

    async def begin_a_form() -> None:
        pieces: asyncio.Queue[Message] = asyncio.Queue()
        pieces.put_nowait({"type": "http.request", "body": b"key=", "more_body": True})

        async def send(message: Message) -> None:
            sent.append(message)

        scope: Scope = {
            "type": "http",
            "method": "POST",
            "path": "/open",
            "headers": [],
            "query_string": b"",
            "client": None,
        }
        await asyncio.wait_for(Doorway().door(scope, pieces.get, send), ANSWER_S)

    run_async(begin_a_form())
    assert sent[0]["status"] == 403


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("[::1]", True),
        ("unix:///run/backcheck.sock", True),
        (None, False),
        ("", False),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.7", False),
        ("backcheck.example", False),
        ("localhost.example", False),
    ],
)
def test_what_only_this_computer_reaches(address: str | None, expected: bool) -> None:
    assert is_this_computer(address) is expected


# --- the server ---------------------------------------------------------------------------------


@pytest.mark.clips
def test_without_a_certificate_it_does_not_start_for_others(tmp_path: Path) -> None:
    server, app = begin_app(tmp_path, free_port(), "--server.address=0.0.0.0")
    assert server.wait(60) == 1
    printed = app.log.read_text(encoding="utf-8")
    assert "BackCheck is for this computer alone, and was asked to listen at 0.0.0.0." in printed
    assert "--server.sslCertFile" in printed
    assert "Traceback" not in printed
    assert "external IP" not in printed, "nobody was asked which address this computer has"


@pytest.mark.clips
def test_the_command_line_says_so_too(checker: Run) -> None:
    done = checker("app", "--address", "192.168.1.7", "--server.headless=true")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "asked to listen at 192.168.1.7" in done.stderr


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with shared_app(tmp_path_factory.mktemp("shared")) as running:
        yield running


def ask(
    app: App, path: str, method: str = "GET", body: str = "", cookie: str = "", origin: bool = True
) -> tuple[int, str, str]:
    """Status, text and cookie of an answer."""
    host = app.url.removeprefix("http://")
    context = ssl.create_default_context(cafile=str(app.folders / "certificate.pem"))
    connection = http.client.HTTPSConnection(host, timeout=ANSWER_S, context=context)
    headers = {"Origin": f"https://{host}"} if origin else {}
    connection.request(method, path, body, headers | ({"Cookie": cookie} if cookie else {}))
    answer = connection.getresponse()
    text = answer.read().decode("utf-8", errors="replace")
    connection.close()
    return answer.status, text, answer.headers.get("Set-Cookie", "")


@pytest.mark.clips
def test_others_get_in_by_a_link_that_works_once(shared: App) -> None:
    for path in ("/", "/_stcore/health", "/live/js/link.js", "/?key=guessed"):
        status, text, _ = ask(shared, path)
        assert status == 403
        assert "opened by a link" in text
    key = newest_key(shared)
    status, page, cookie = ask(shared, f"/?key={key}")
    assert (status, cookie) == (200, ""), "a messenger that looks at the link does not use it up"
    assert key in page
    assert ask(shared, "/open", "POST", f"key={key}", origin=False)[0] == 403
    status, _, cookie = ask(shared, "/open", "POST", f"key={key}")
    assert status == 303
    assert cookie.startswith(f"{COOKIE}=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= {part.strip() for part in cookie.split(";")}
    carried = cookie.partition(";")[0]
    assert ask(shared, "/", cookie=carried)[0] == 200
    assert ask(shared, "/_stcore/health", cookie=carried)[0] == 200
    assert ask(shared, "/", cookie=f"{COOKIE}=guessed")[0] == 403
    assert ask(shared, "/open", "POST", f"key={key}")[0] == 403, "once"
    until(lambda: newest_key(shared) != key)


def let_in(app: App) -> str:
    """What a browser carries that was just let in."""
    key = newest_key(app)
    cookie = ask(app, "/open", "POST", f"key={key}")[2]
    until(lambda: newest_key(app) != key)
    return cookie.partition(";")[0]


@pytest.mark.clips
@pytest.mark.parametrize("other", ["a,b=1", 'a={"b": [1, 2]}', "a b=1", "=1", "expires=1", "\xe9=\xff", "a" * 3000])
def test_cookies_of_others_shut_nobody_out_and_are_no_fault(shared: App, other: str) -> None:
    assert ask(shared, "/_stcore/health", cookie=other)[0] == 403
    assert ask(shared, "/_stcore/health", cookie=f"{other}; {let_in(shared)}")[0] == 200
    assert "Traceback" not in shared.log.read_text(encoding="utf-8")


@pytest.mark.clips
def test_who_leaves_is_out(shared: App) -> None:
    carried, other = let_in(shared), let_in(shared)
    assert ask(shared, "/leave")[0] == 403
    status, page, _ = ask(shared, "/leave", cookie=carried, origin=False)
    assert status == 200
    assert "Leave BackCheck" in page
    assert ask(shared, "/leave", "POST", cookie=carried, origin=False)[0] == 403, "a page elsewhere sends nobody out"
    assert ask(shared, "/_stcore/health", cookie=carried)[0] == 200
    status, page, cookie = ask(shared, "/leave", "POST", cookie=carried)
    assert status == 200
    assert "has left" in page
    assert cookie.startswith(f'{COOKIE}=""')
    assert "Max-Age=0" in cookie
    assert ask(shared, "/_stcore/health", cookie=carried)[0] == 403
    assert ask(shared, "/_stcore/health", cookie=other)[0] == 200


@pytest.mark.clips
def test_what_is_refused_is_told_once_and_without_what_it_brought(shared: App) -> None:
    for n in range(5):
        assert ask(shared, f"/secret-path-{n}?key=secret-key-{n}")[0] == 403
    lines = [line for line in shared.log.read_text(encoding="utf-8").splitlines() if " refused 127.0.0.1: " in line]
    assert sum("opened by a link" in line for line in lines) == 1
    assert "secret" not in shared.log.read_text(encoding="utf-8")
