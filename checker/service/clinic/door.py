"""The door of a clinic: nothing behind it is reached without a login, and of others' things nothing at all.

Streamlit does the login with the OpenID provider, behind two paths that are open. Its answer to the last step holds who
has signed in. The door takes that answer, and gives the browser a login of ours in its place: one that can be ended at
any time, by the server or by the clock, which a signed cookie cannot.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import PurePosixPath
from typing import Any, Final, Protocol

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from checker.service.clinic.desk import Desk, NotLetInError
from checker.service.clinic.logins import Login
from checker.service.door import SAFE, refuse
from checker.service.files import REVIEWS_PATH
from checker.service.key import COOKIE, GOING_AWAY, LEAVE_PATH, LOOK_EVERY_S, NOT_KEPT
from checker.store import StoreError

SIGN_IN_PATH: Final = "/sign-in"
SESSION_PATH: Final = "/session"
"""Tells a page whether its login still lasts; asking is not doing something."""

BUSY: Final = b"busy"
"""What a page adds where somebody moves before it and presses nothing."""

QUIET: Final = frozenset({SESSION_PATH, "/_stcore/health", "/_stcore/host-config"})
"""What a page asks by itself, also when nobody sits before it."""

LOGIN_HEADER: Final = "x-backcheck-login"
"""Names the login to the pages; what comes from outside under this name is thrown away."""

NOT_SIGNED_IN: Final = "Nobody is signed in: open BackCheck and sign in first."
NOT_YOURS: Final = "This is not yours, or no longer here."
TOO_OFTEN: Final = "You could not be signed in. Please try again."

PICTURES: Final = frozenset({".png", ".jpg", ".jpeg", ".svg", ".gif", ".webp", ".ico"})
"""Files of pages; that others are fetched is written down."""

PAGE: Final = """<!doctype html><html lang="en"><meta charset="utf-8"><title>BackCheck</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<body style="font: 1.2rem system-ui, sans-serif; margin: 3rem auto; padding: 0 1rem; max-width: 34rem">
<main><h1>BackCheck</h1><p>{text}</p>{way}</main></body></html>"""

BUTTON: Final = (
    "display: inline-block; font: inherit; padding: .7rem 1.4rem; border: 0; border-radius: .5rem; "
    "background: #0b5c6b; color: #ffffff; text-decoration: none"
)
WAY_IN: Final = f'<p><a href="{SIGN_IN_PATH}" style="{BUTTON}">Sign in</a></p>'
WAY_OUT: Final = f'<form method="post" action="{LEAVE_PATH}"><button style="{BUTTON}">Sign out</button></form>'

DEEP: Final = ("/_stcore/", "/live/")
"""Paths of which two parts say what is asked for; of others one does."""

MOST_REFUSED: Final = 100
"""Times that a login is refused one kind of thing are written down: nobody can fill the disk."""

Owned = Collection[str]


class Within(Protocol):
    """What the door must know of the pages behind it."""

    login_path: str
    callback_path: str

    def way_to_provider(self) -> str:
        """Where a login begins."""

    def claims_of(self, set_cookies: Sequence[str]) -> Mapping[str, Any] | None:
        """Who has signed in, by what the answer to the last step would have a browser keep; None: nobody."""

    def is_identity(self, set_cookie: str) -> bool:
        """Whether it would have a browser keep who has signed in."""

    async def owned_by(self, scope: Scope) -> Owned | None:
        """Names of which one must be the asker's; None where what is asked for is nobody's in particular."""

    def is_active(self, scope: Scope, message: Message) -> bool:
        """Whether somebody has done something, by a message of a socket."""


class ClinicDoor:
    """Lets in who is signed in, and to what is theirs."""

    def __init__(self, app: ASGIApp, desk: Desk, within: Within) -> None:
        """Before an app."""
        self._app, self._desk, self._within = app, desk, within

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, lead through a login, or refuse."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        carried = HTTPConnection(scope).cookies.get(COOKIE, "")
        is_http, path = scope["type"] == "http", scope["path"]
        if is_http and path == self._within.callback_path:
            await (await self._come_back(scope, receive, carried))(scope, receive, send)
        elif is_http and path == self._within.login_path:
            await self._app(scope, receive, send)
        elif is_http and path == SIGN_IN_PATH:
            await RedirectResponse(self._within.way_to_provider(), 303, NOT_KEPT)(scope, receive, send)
        else:
            is_busy = path == SESSION_PATH and scope.get("query_string") == BUSY
            login = self._desk.logins.find(carried, active=is_http and (path not in QUIET or is_busy))
            if login is None:
                await self._answer_stranger(scope, receive, send)
            else:
                await self._serve(scope, receive, send, login, carried)

    async def _answer_stranger(self, scope: Scope, receive: Receive, send: Send) -> None:
        wants_page = scope["type"] == "http" and "text/html" in Headers(scope=scope).get("accept", "")
        if wants_page and scope["method"] in SAFE and scope["path"] != SESSION_PATH:
            await _page("Sign in to go on.", WAY_IN, 403)(scope, receive, send)
        else:
            await refuse(scope, receive, send, NOT_SIGNED_IN)

    async def _serve(self, scope: Scope, receive: Receive, send: Send, login: Login, carried: str) -> None:
        """Serve somebody who is signed in."""
        owned = await self._within.owned_by(scope)
        if owned is not None and not await self._is_theirs(scope, owned, login):
            await refuse(scope, receive, send, NOT_YOURS, 404)
        elif scope["type"] == "websocket":
            headers = MutableHeaders(scope=scope)
            headers[LOGIN_HEADER] = login.handle  # in place of all that came under this name
            await self._app(scope, self._while_known(scope, carried, receive), send)
        elif scope["path"] == SESSION_PATH:
            await PlainTextResponse(login.handle, headers=NOT_KEPT)(scope, receive, send)
        elif scope["path"] == LEAVE_PATH:
            await (await self._leave(scope["method"], carried))(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _is_theirs(self, scope: Scope, owned: Owned, login: Login) -> bool:
        """Whether something is theirs; where it is not, or is taken away, that is written down first."""
        owner = self._desk.owner(owned, login)
        path = scope["path"]
        note = self._desk.note_some
        try:
            if owner is None:
                kind = "/".join(path.split("/")[: 3 if path.startswith(DEEP) else 2])
                what = f"something of another: {kind}"
                await asyncio.to_thread(note, login, "refused", what, None, most=MOST_REFUSED)
                return False
            if scope["type"] == "http" and scope["method"] == "GET" and _is_file(path):
                await asyncio.to_thread(note, login, "fetched", f"a file: {path}", owner.person_id)
        except StoreError:
            return False  # what cannot be written down is not done
        return True

    def _while_known(self, scope: Scope, carried: str, receive: Receive) -> Receive:
        """The messages of a socket until its login is over: then the socket is."""

        async def receive_while_known() -> Message:
            while self._desk.logins.find(carried) is not None:
                with suppress(TimeoutError):
                    message = await asyncio.wait_for(receive(), LOOK_EVERY_S)
                    if self._within.is_active(scope, message):
                        self._desk.logins.find(carried, active=True)
                    return message
            return {"type": "websocket.disconnect", "code": GOING_AWAY}

        return receive_while_known

    async def _come_back(self, scope: Scope, receive: Receive, carried: str) -> Response:
        """Let Streamlit end the login, and make one of ours of it."""
        told: list[Message] = []

        async def hold(message: Message) -> None:
            told.append(message)

        await self._app(scope, receive, hold)
        cookies = Headers(raw=told[0]["headers"]).getlist("set-cookie") if told else []
        claims = self._within.claims_of(cookies)
        if claims is None:
            return _page(TOO_OFTEN, WAY_IN, 403)
        try:
            mine, _ = await asyncio.to_thread(self._desk.let_in, claims)
            await asyncio.to_thread(self._desk.leave, carried)  # whoever was signed in here before
        except (NotLetInError, StoreError) as error:
            return _page(str(error), WAY_IN, 403)
        answer = RedirectResponse("/", 303, NOT_KEPT)
        for cookie in cookies:
            if not self._within.is_identity(cookie):
                answer.headers.append("set-cookie", cookie)
        answer.set_cookie(COOKIE, mine, path="/", secure=True, httponly=True, samesite="lax")
        return answer

    async def _leave(self, method: str, carried: str) -> Response:
        if method != "POST":
            return _page("Nothing of you stays on this screen.", WAY_OUT)
        with suppress(StoreError):  # out is out, also where it cannot be written down
            await asyncio.to_thread(self._desk.leave, carried)
        answer = _page("You are signed out.", WAY_IN)
        answer.headers["Clear-Site-Data"] = '"storage"'  # what this browser remembers of whoever it was
        answer.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
        return answer


def _is_file(path: str) -> bool:
    """Whether it is a file, and no picture of a page."""
    if path.startswith(REVIEWS_PATH):
        return True
    return PurePosixPath(path).suffix.lower() not in {"", *PICTURES}


class BehindProxy:
    """Takes every request for one that came through TLS: the proxy before it does that."""

    def __init__(self, app: ASGIApp) -> None:
        """Before an app that nobody but the proxy reaches."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        safe = {"http": "https", "websocket": "wss"}.get(scope["type"])
        await self._app({**scope, "scheme": safe} if safe else scope, receive, send)


def _page(text: str, way: str, status: int = 200) -> Response:
    """A page of one sentence; the text is ours, or of our own errors."""
    return HTMLResponse(PAGE.format(text=text, way=way), status, NOT_KEPT)
