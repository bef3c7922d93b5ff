"""A link that opens the server for one browser, once and for half a day: for whoever comes from another computer."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import math
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from starlette.datastructures import QueryParams
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from checker.service.door import refuse

COOKIE: Final = "__Host-backcheck"
"""The beginning makes browsers keep it to this server, and to TLS."""

OPEN_PATH: Final = "/open"
LEAVE_PATH: Final = "/leave"
MOST_BROWSERS: Final = 20
"""Let in at a time; the one that came first gives way."""

LASTS_S: Final = 12 * 3600.0
"""A browser that was let in needs a new link after that (OWASP ASVS 4.0.3, 3.3.2), or once it was closed."""

LOOK_EVERY_S: Final = 2.0
"""How soon the open sockets of a browser end that has left, or for which the time is over."""

GOING_AWAY: Final = 1001
"""What an app hears of such a socket: nobody comes back to it."""

MOST_FORM_BYTES: Final = 1000
FORM_S: Final = 10.0
"""A key is sent in one piece; for more nobody waits who is not let in yet."""

CLOSED: Final = "This BackCheck is opened by a link that its terminal shows. Ask for a new one: each opens it once."
LEFT: Final = "This browser has left BackCheck. A new link opens it again."

PAGE: Final = """<!doctype html><html lang="en"><meta charset="utf-8"><title>BackCheck</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<body style="font: 1.2rem system-ui, sans-serif; margin: 3rem; max-width: 34rem">
<h1>BackCheck</h1><p>{text}</p>
<form method="post" action="{action}"><input type="hidden" name="key" value="{key}">
<button style="font: inherit; padding: .7rem 1.4rem">{button}</button></form></body></html>"""
"""It is done by a button and not at once: a messenger that looks at a link would use it up, and a link on a page
elsewhere would send somebody out."""

NOT_KEPT: Final = {"Cache-Control": "no-store"}


class Keys:
    """The link that is open, and the browsers that were let in. Safe to use from any thread.

    Args:
        announce: called with each new key, for whoever sits at the server.
        now_s: monotonic time, seconds.
    """

    def __init__(self, announce: Callable[[str], None], now_s: Callable[[], float] = time.monotonic) -> None:
        """Nothing opens yet; see the class."""
        self._announce, self._now_s = announce, now_s
        self._lock = threading.Lock()
        self._browsers: OrderedDict[str, float] = OrderedDict()  # fingerprints of what they carry, and until when
        self._key = ""

    def begin(self) -> None:
        """Announce a new key."""
        with self._lock:
            self._key = secrets.token_urlsafe(32)
            key = self._key
        self._announce(key)

    def fits(self, key: str) -> bool:
        """Whether a key opens."""
        with self._lock:
            return bool(self._key) and hmac.compare_digest(key.encode(), self._key.encode())

    def redeem(self, key: str) -> str | None:
        """Let a browser in: what it carries from now on; None where the key does not fit. A new key is announced."""
        with self._lock:
            if not self._key or not hmac.compare_digest(key.encode(), self._key.encode()):
                return None
            self._key = ""
            carried = secrets.token_urlsafe(32)
            self._browsers[_fingerprint(carried)] = self._now_s() + LASTS_S
            if len(self._browsers) > MOST_BROWSERS:
                self._browsers.popitem(last=False)
        self.begin()
        return carried

    def knows(self, carried: str) -> bool:
        """Whether what a browser carries was given to one, not too long ago."""
        with self._lock:
            return self._now_s() < self._browsers.get(_fingerprint(carried), -math.inf)

    def leave(self, carried: str) -> None:
        """Let a browser in no more."""
        with self._lock:
            self._browsers.pop(_fingerprint(carried), None)


def _fingerprint(carried: str) -> str:
    return hashlib.sha256(carried.encode()).hexdigest()


class KeyDoor:
    """Lets in who carries what `Keys` has given, and turns everybody else away."""

    def __init__(self, app: ASGIApp, keys: Keys) -> None:
        """Before an app."""
        self._app, self._keys = app, keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, open by a key, or refuse."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        carried = HTTPConnection(scope).cookies.get(COOKIE, "")
        if not self._keys.knows(carried):
            await self._answer_stranger(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._app(scope, self._while_known(carried, receive), send)
        elif scope["path"] == LEAVE_PATH:
            await self._answer_who_leaves(scope["method"], carried)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _answer_stranger(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            if scope["method"] == "POST" and scope["path"] == OPEN_PATH:
                answer = await self._open(Request(scope, receive))
                if answer is not None:
                    await answer(scope, receive, send)
                    return
            key = QueryParams(scope["query_string"]).get("key", "")
            if scope["method"] == "GET" and self._keys.fits(key):
                text = "This link opens BackCheck in this browser. It works once."
                await _page(text, OPEN_PATH, "Open BackCheck", key)(scope, receive, send)
                return
        await refuse(scope, receive, send, CLOSED)

    def _answer_who_leaves(self, method: str, carried: str) -> Response:
        if method != "POST":
            return _page("It takes a new link to come back.", LEAVE_PATH, "Leave BackCheck")
        self._keys.leave(carried)
        answer = HTMLResponse(LEFT, headers=NOT_KEPT)
        answer.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
        return answer

    def _while_known(self, carried: str, receive: Receive) -> Receive:
        """The messages of a socket until its browser leaves, or its time is over: then the socket is."""

        async def receive_while_known() -> Message:
            while self._keys.knows(carried):
                with suppress(TimeoutError):
                    return await asyncio.wait_for(receive(), LOOK_EVERY_S)
            return {"type": "websocket.disconnect", "code": GOING_AWAY}

        return receive_while_known

    async def _open(self, request: Request) -> Response | None:
        """Let the browser in whose form has the key; None where it has none that fits."""
        body = b""
        try:
            async with asyncio.timeout(FORM_S):
                async for chunk in request.stream():
                    body += chunk
                    if len(body) > MOST_FORM_BYTES:
                        break
        except (ClientDisconnect, TimeoutError):
            return None
        carried = self._keys.redeem(QueryParams(body[:MOST_FORM_BYTES].decode("latin-1")).get("key", ""))
        if carried is None:
            return None
        answer = RedirectResponse("/", status_code=303)
        answer.set_cookie(COOKIE, carried, path="/", secure=True, httponly=True, samesite="lax")
        return answer


def _page(text: str, action: str, button: str, key: str = "") -> Response:
    """A page with one button."""
    return HTMLResponse(PAGE.format(text=text, action=action, button=button, key=key), headers=NOT_KEPT)
