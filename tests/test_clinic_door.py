"""The door of a clinic, and what it knows of Streamlit: nothing without a login, and nothing of another's."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from conftest import run_async
from sqlalchemy import text
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.web.server.starlette.starlette_auth_routes import _set_auth_cookie
from test_clinic import IDLE_S, ISSUER, Clock

from checker.service import key as key_module
from checker.service import weeks as service
from checker.service.clinic import door as door_module
from checker.service.clinic.belongings import Owner
from checker.service.clinic.desk import Desk, NotLetInError
from checker.service.clinic.door import LOGIN_HEADER, SESSION_PATH, SIGN_IN_PATH, BehindProxy, ClinicDoor
from checker.service.clinic.logins import Login, Logins
from checker.service.clinic.settings import (
    ClinicSettings,
)
from checker.service.key import COOKIE, GOING_AWAY
from checker.service.live.protocol import SOCKET_PATH
from checker.store.database import writing
from checker.ui.clinic.within import StreamlitWithin

# --- the desk and the door --------------------------------------------------------------------------


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk with a store of its own and a clock that stands."""
    monkeypatch.setenv("BACKCHECK_PEOPLE", str(tmp_path))
    service.store.cache_clear()
    settings = ClinicSettings.model_validate(
        {
            "address": "https://clinic.example",
            "issuer": ISSUER,
            "client_id": "b",
            "behind_proxy": True,
            "roles": {"claim": "roles"},
        }
    )
    yield Desk(settings, Logins(IDLE_S, Clock()))
    service.store().close()
    service.store.cache_clear()


def claims(subject: str, *roles: str, issuer: str = ISSUER) -> dict[str, Any]:
    return {"iss": issuer, "sub": subject, "name": subject.title(), "roles": list(roles)}


def test_the_desk_lets_nobody_in_who_is_not_of_the_clinic(desk: Desk) -> None:
    wrong = [
        claims("carl"),
        claims("anna", "patient", issuer="https://elsewhere.example"),
        claims("", "patient"),
        {**claims("anna", "patient"), "sub": 5},
        {"roles": ["physio"]},
    ]
    for told in wrong:
        with pytest.raises(NotLetInError):
            desk.let_in(told)
    assert service.store().accounts() == ()


class Pages:
    """An app behind a door, of which "/anna" is what bears the name "anna's".

    Attributes:
        reached: the paths that came through.
        handles: the logins that its sockets were told.
        codes: with which its sockets ended.
    """

    login_path, callback_path = "/auth/login", "/oauth2callback"

    def __init__(self) -> None:
        self.reached: list[str] = []
        self.handles: list[list[str]] = []
        self.codes: list[int] = []
        self.claims: Mapping[str, Any] | None = None

    def way_to_provider(self) -> str:
        return "/auth/login?provider=token"

    def claims_of(self, set_cookies: Sequence[str]) -> Mapping[str, Any] | None:
        return self.claims if set_cookies == ["identity=signed", "other=kept"] else None

    def is_identity(self, set_cookie: str) -> bool:
        return set_cookie.startswith("identity")

    async def owned_by(self, scope: Scope) -> set[str] | None:
        return {"anna's"} if scope["path"].startswith("/anna") else None

    def is_active(self, scope: Scope, message: Message) -> bool:
        return message.get("text") == "press"

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.reached.append(scope["path"])
        if scope["type"] == "websocket":
            self.handles.append([v.decode() for k, v in scope["headers"] if k.decode() == LOGIN_HEADER])
            while (message := await receive())["type"] != "websocket.disconnect":
                pass
            self.codes.append(message["code"])
            return
        cookies = [(b"set-cookie", b"identity=signed"), (b"set-cookie", b"other=kept")]
        await send({"type": "http.response.start", "status": 200, "headers": cookies})
        await send({"type": "http.response.body", "body": b"within"})


class Doorway:
    """A door before pages, and what it answers."""

    def __init__(self, desk: Desk) -> None:
        self.pages = Pages()
        self.door = ClinicDoor(self.pages.app, desk, self.pages)

    def ask(
        self, path: str, carried: str = "", method: str = "GET", accept: str = "*/*", query: bytes = b""
    ) -> tuple[int, dict[str, str]]:
        """The status, and the headers in one."""
        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        headers = [(b"cookie", f"{COOKIE}={carried}".encode()), (b"accept", accept.encode())]
        scope: Scope = {
            "type": "http", "method": method, "path": path, "headers": headers, "query_string": query, "client": None,
        }  # fmt: skip
        run_async(self.door(scope, receive, send))
        found: dict[str, str] = {}
        for name, value in sent[0]["headers"]:
            found[name.decode()] = "\n".join(filter(None, [found.get(name.decode()), value.decode()]))
        return sent[0]["status"], found


def test_nothing_is_reached_without_a_login(desk: Desk) -> None:
    way = Doorway(desk)
    for path in ("/", "/anna/file.zip", "/media/x.png", "/_stcore/health", SESSION_PATH, "/leave", "/static/app.js"):
        for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"):
            for accept in ("*/*", "text/html"):
                assert way.ask(path, "made up", method, accept)[0] == 403
    assert way.pages.reached == []
    assert way.ask(SIGN_IN_PATH)[0] == 303
    assert way.ask("/auth/login")[0] == 200
    assert way.pages.reached == ["/auth/login"]


def test_a_login_of_ours_takes_the_place_of_the_signed_cookie(desk: Desk) -> None:
    way = Doorway(desk)
    assert way.ask("/oauth2callback")[0] == 403, "nobody has signed in"
    way.pages.claims = claims("carl")
    status, headers = way.ask("/oauth2callback")
    assert (status, "set-cookie" in headers) == (403, False), "the clinic does not know them"
    way.pages.claims = claims("anna", "patient")
    status, headers = way.ask("/oauth2callback")
    assert (status, headers["location"]) == (303, "/")
    kept, mine = headers["set-cookie"].splitlines()
    assert kept == "other=kept"
    assert "identity" not in headers["set-cookie"]
    carried = mine.removeprefix(f"{COOKIE}=").partition(";")[0]
    assert {"Secure", "HttpOnly", "SameSite=lax", "Path=/"} <= set(mine.split("; "))
    assert way.ask("/", carried)[0] == 200
    way.ask("/oauth2callback", carried)
    assert way.ask("/", carried)[0] == 403, "signing in again ends the login that this browser had"


def test_what_is_anothers_is_refused_and_written_down(desk: Desk) -> None:
    way = Doorway(desk)
    (anna, login), (ben, _) = (desk.let_in(claims(name, "patient")) for name in ("anna", "ben"))
    assert way.ask("/anna/file.zip", anna)[0] == 404, "it is nobody's yet"
    desk.belongings.give("anna's", Owner(login.account.id, login.account.person_id))
    assert way.ask("/anna/file.zip", anna)[0] == 200
    assert way.ask("/anna/picture.png", anna)[0] == 200
    for method in ("GET", "HEAD", "PUT", "DELETE"):
        assert way.ask("/anna/file.zip", ben, method)[0] == 404
    assert way.ask("/anna/file.zip", anna)[0] == 200, "once is enough to be noted"
    told = [(t.who, t.entry.action, t.entry.what, t.of) for t in reversed(service.store().audit())]
    assert told[:4] == [
        ("Anna", "signed in", "", "Anna"),
        ("Ben", "signed in", "", "Ben"),
        ("Anna", "refused", "something of another: /anna", ""),
        ("Anna", "fetched", "a file: /anna/file.zip", "Anna"),
    ]
    assert told[4:] == [("Ben", "refused", "something of another: /anna", "")] * 4


def test_nobody_fills_the_disk_with_what_is_written_down(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door_module, "MOST_REFUSED", 3)
    way = Doorway(desk)
    carried, _ = desk.let_in(claims("ben", "patient"))
    for i in range(10):
        assert way.ask(f"/anna/{i}.zip", carried)[0] == 404
    assert [t.entry.action for t in service.store().audit()].count("refused") == 3


def test_who_leaves_is_out_and_the_browser_forgets(desk: Desk) -> None:
    way = Doorway(desk)
    carried, _ = desk.let_in(claims("anna", "patient"))
    assert way.ask("/leave", carried)[0] == 200
    assert way.ask("/", carried)[0] == 200, "a link alone sends nobody out"
    status, headers = way.ask("/leave", carried, "POST")
    assert (status, headers["clear-site-data"]) == (200, '"storage"')
    assert way.ask("/", carried)[0] == 403
    assert service.store().audit()[0].entry.action == "signed out"


@pytest.mark.parametrize("ends", ["leaves", "idle", "never"])
def test_a_socket_ends_with_its_login_and_what_is_pressed_keeps_it(
    ends: str, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door_module, "LOOK_EVERY_S", 0.01)
    way = Doorway(desk)
    clock = Clock()
    desk.logins = Logins(IDLE_S, clock)
    carried, login = desk.let_in(claims("anna", "patient"))

    async def come_and_go() -> None:
        messages: asyncio.Queue[Message] = asyncio.Queue()
        headers = [(b"cookie", f"{COOKIE}={carried}".encode())]
        headers += [(LOGIN_HEADER.encode(), b"somebody else's"), (LOGIN_HEADER.encode(), b"another's")]
        scope: Scope = {"type": "websocket", "path": "/stream", "headers": headers, "client": None}
        link = asyncio.create_task(way.door(scope, messages.get, nothing))
        clock.now_s = IDLE_S - 1
        messages.put_nowait({"type": "websocket.receive", "text": "press" if ends == "never" else "by itself"})
        await asyncio.sleep(0.1)
        assert not link.done()
        clock.now_s = IDLE_S + 1
        if ends == "leaves":
            desk.leave(carried)
        await asyncio.sleep(0.1)
        if ends == "never":
            assert not link.done()
            messages.put_nowait({"type": "websocket.disconnect", "code": 1000})
        await asyncio.wait_for(link, 30.0)

    run_async(come_and_go())
    assert way.pages.codes == [1000 if ends == "never" else GOING_AWAY]
    assert way.pages.handles == [[login.handle]], "what came from outside under this name is thrown away"
    assert key_module.LOOK_EVERY_S <= 2.0


async def nothing(_: Message) -> None:
    """Sends nothing."""


def test_asking_whether_a_login_lasts_does_not_keep_it(desk: Desk) -> None:
    clock = Clock()
    desk.logins = Logins(IDLE_S, clock)
    way = Doorway(desk)
    carried, _ = desk.let_in(claims("anna", "patient"))
    clock.now_s = IDLE_S - 1
    assert way.ask(SESSION_PATH, carried)[0] == 200
    assert way.ask(SESSION_PATH, carried, query=b"busy")[0] == 200, "somebody moves before the page"
    clock.now_s = IDLE_S + 1
    assert way.ask(SESSION_PATH, carried)[0] == 200
    clock.now_s = 2 * IDLE_S
    assert way.ask(SESSION_PATH, carried, query=b"busy")[0] == 403
    assert way.pages.reached == []


def test_what_cannot_be_written_down_is_not_shown(desk: Desk) -> None:
    way = Doorway(desk)
    carried, login = desk.let_in(claims("anna", "patient"))
    desk.belongings.give("anna's", Owner(login.account.id, login.account.person_id))
    with writing(service.store()._engine) as connection:
        connection.execute(text("ALTER TABLE audit RENAME TO audit_away"))
    assert way.ask("/anna/file.zip", carried)[0] == 404
    assert way.pages.reached == []


# --- what Streamlit says ----------------------------------------------------------------------------


@pytest.mark.parametrize("groups", [1, 1000])
def test_who_has_signed_in_is_read_from_streamlits_own_answer_whatever_its_size(desk: Desk, groups: int) -> None:
    said = {**claims("anna", "patient"), "groups": [secrets.token_hex(8) for _ in range(groups)], "is_logged_in": True}

    async def answer() -> list[str]:
        response = Response()
        await _set_auth_cookie(response, said, {"id_token": "x" * 3000, "access_token": "y"})
        return response.headers.getlist("set-cookie")

    cookies = run_async(answer())
    within = StreamlitWithin(desk)
    assert (len(cookies) > 2) == (groups > 1), "a large one is cut into several"
    assert within.claims_of(cookies) == said
    assert all(within.is_identity(cookie) for cookie in cookies)
    assert within.claims_of([]) is None
    forged = [cookie.replace("=", "=x", 1) for cookie in cookies]
    assert within.claims_of(forged) is None
    assert not within.is_identity(f"{COOKIE}=x")
    assert not within.is_identity("_streamlit_xsrf=x")


def test_what_a_page_sends_by_itself_is_nothing_done(desk: Desk) -> None:
    pressed, by_itself, beating = BackMsg(), BackMsg(), BackMsg()
    pressed.rerun_script.query_string = ""
    by_itself.rerun_script.is_auto_rerun = True
    beating.app_heartbeat = True
    within, page, live = StreamlitWithin(desk), {"path": "/_stcore/stream"}, {"path": SOCKET_PATH}
    for message, done in ((pressed, True), (by_itself, False), (beating, False)):
        assert within.is_active(page, {"type": "websocket.receive", "bytes": message.SerializeToString()}) is done
    assert not within.is_active(page, {"type": "websocket.receive", "bytes": b"\xff\xff"})
    assert not within.is_active(page, {"type": "websocket.disconnect", "code": 1000})
    assert within.is_active(live, {"type": "websocket.receive", "bytes": b"picture"})
    assert within.is_active(live, {"type": "websocket.receive", "text": '{"type":"restart"}'})
    assert not within.is_active(live, {"type": "websocket.receive", "text": '{"type":"ping"}'})


def test_each_thing_is_asked_for_by_the_name_of_its_owner(desk: Desk) -> None:
    within = StreamlitWithin(desk)

    def names(path: str, **headers: str) -> Any:
        told = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
        return run_async(within.owned_by({"type": "http", "path": path, "headers": told}))

    assert names("/media/x.zip") == {"/media/x.zip"}
    assert names("/_stcore/upload_file/session/file") == {"session"}
    assert names("/x/_stcore/upload_file/session/file") == {"session"}
    assert names("/results/unknown/annotated.mp4") == ()
    assert names("/live/recording") == ()
    assert names("/live/ws") == ()
    assert names("/_stcore/stream", sec_websocket_protocol="streamlit, xsrf, unknown") is None
    desk.belongings.give("known", Owner(uuid4(), None))
    assert names("/_stcore/stream", sec_websocket_protocol="streamlit, xsrf, known") == {"known"}
    for path in ("/", "/data", "/static/media/font.woff2", "/_stcore/health", "/live/js/main.js"):
        assert names(path) is None


def test_behind_a_proxy_every_request_counts_as_tls() -> None:
    seen: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope.get("scheme", ""))

    for kind, scheme in (("http", "http"), ("websocket", "ws"), ("lifespan", "")):
        run_async(BehindProxy(app)({"type": kind, "scheme": scheme}, nothing, nothing))  # type: ignore[arg-type]
    assert seen == ["https", "wss", ""]


def test_a_login_names_no_more_than_its_account(desk: Desk) -> None:
    carried, login = desk.let_in(claims("anna", "patient"))
    assert isinstance(login, Login)
    assert carried not in repr(login)
