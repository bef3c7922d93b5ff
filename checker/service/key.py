"""A link that opens the server for one browser, once: for whoever comes from another computer."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Final

from starlette.datastructures import Headers, QueryParams
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from checker.service.door import refuse

COOKIE: Final = "__Host-backcheck"
"""The beginning makes browsers keep it to this server, and to TLS."""

OPEN_PATH: Final = "/open"
MOST_BROWSERS: Final = 20
"""Let in at a time; the one that came first gives way."""

MOST_FORM_BYTES: Final = 1000

CLOSED: Final = "This BackCheck is opened by a link that its terminal shows. Ask for a new one: each opens it once."

PAGE: Final = """<!doctype html><html lang="en"><meta charset="utf-8"><title>BackCheck</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<body style="font: 1.2rem system-ui, sans-serif; margin: 3rem; max-width: 34rem">
<h1>BackCheck</h1><p>This link opens BackCheck in this browser. It works once.</p>
<form method="post" action="{action}"><input type="hidden" name="key" value="{key}">
<button style="font: inherit; padding: .7rem 1.4rem">Open BackCheck</button></form></body></html>"""
"""It is opened by a button and not at once: a messenger that looks at a link would use it up."""


class Keys:
    """The link that is open, and the browsers that were let in. Safe to use from any thread.

    Args:
        announce: called with each new key, for whoever sits at the server.
    """

    def __init__(self, announce: Callable[[str], None]) -> None:
        """Make the first key; see the class."""
        self._announce = announce
        self._lock = threading.Lock()
        self._browsers: OrderedDict[str, None] = OrderedDict()  # fingerprints of what they carry
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
            self._browsers[_fingerprint(carried)] = None
            if len(self._browsers) > MOST_BROWSERS:
                self._browsers.popitem(last=False)
        self.begin()
        return carried

    def knows(self, carried: str) -> bool:
        """Whether what a browser carries was given to one."""
        with self._lock:
            return _fingerprint(carried) in self._browsers


def _fingerprint(carried: str) -> str:
    return hashlib.sha256(carried.encode()).hexdigest()


class KeyDoor:
    """Lets in who carries what `Keys` has given, and turns everybody else away."""

    def __init__(self, app: ASGIApp, keys: Keys) -> None:
        """Before an app."""
        self._app, self._keys = app, keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, open by a key, or refuse."""
        if scope["type"] == "lifespan" or self._keys.knows(_carried(scope)):
            await self._app(scope, receive, send)
            return
        if scope["type"] == "http":
            if scope["method"] == "POST" and scope["path"] == OPEN_PATH:
                await (await self._open(Request(scope, receive)))(scope, receive, send)
                return
            key = QueryParams(scope["query_string"]).get("key", "")
            if scope["method"] == "GET" and self._keys.fits(key):
                await HTMLResponse(PAGE.format(action=OPEN_PATH, key=key))(scope, receive, send)
                return
        await refuse(scope, receive, send, CLOSED)

    async def _open(self, request: Request) -> Response:
        """Let the browser in whose form has the key."""
        body = b""
        try:
            async for chunk in request.stream():
                body += chunk
                if len(body) > MOST_FORM_BYTES:
                    break
        except ClientDisconnect:
            return Response(status_code=499)
        carried = self._keys.redeem(QueryParams(body[:MOST_FORM_BYTES].decode("latin-1")).get("key", ""))
        if carried is None:
            return HTMLResponse(CLOSED, status_code=403)
        answer = RedirectResponse("/", status_code=303)
        answer.set_cookie(COOKIE, carried, path="/", secure=True, httponly=True, samesite="lax")
        return answer


def _carried(scope: Scope) -> str:
    cookies: SimpleCookie = SimpleCookie()
    cookies.load(Headers(scope=scope).get("cookie", ""))
    return cookies[COOKIE].value if COOKIE in cookies else ""
