"""The door of the server: what is let in before anything else sees it, and what every answer says to the browser.

Nothing here knows Streamlit; `checker.ui.app` puts these before it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Iterable
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from checker.service.refusals import REFUSALS, host_of

SAFE: Final = frozenset({"GET", "HEAD"})
"""Methods that change nothing."""

FOREIGN: Final = "This page was not served from here: open BackCheck itself."
CLOSED: Final = "There is nothing here."

POLICY: Final = (
    "default-src 'self'",
    "script-src 'self' blob:{scripts}",  # no script that stands in a page but Streamlit's own, and no eval
    "style-src 'self' 'unsafe-inline'",  # Streamlit writes its styles into the page
    "img-src 'self' data: blob:",
    "media-src 'self' data: blob:",
    "font-src 'self' data:",
    "worker-src 'self' blob:",
    "frame-ancestors 'none'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
)
"""The Content-Security-Policy: whatever gets into a page, the browser runs no script of it and asks nobody but this
server."""

HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), display-capture=(), usb=(), payment=()",
}
"""What every answer says; OWASP ASVS 4.0.3, sections 14.4 and 14.5."""


class SameOrigin:
    """Turns away what pages of other origins ask: any other port of this computer is another origin.

    A browser says with every socket, and with every request that may change something, which page asks. Where it
    says so, it must be one that was served from the very address it asks at; where nobody says so, nothing may be
    changed and no socket opened.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Before an app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "lifespan" or _is_own(scope):
            await self._app(scope, receive, send)
        else:
            await refuse(scope, receive, send, FOREIGN)


def _is_own(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    origins = headers.getlist("origin")
    if not origins:
        return scope["type"] == "http" and scope["method"] in SAFE
    return len(origins) == 1 and same_origin(origins[0], headers.get("host"), is_secure(scope))


def same_origin(origin: str, host: str | None, secure: bool) -> bool:
    """Whether a page was served from the address that it asks at.

    Args:
        origin: as its browser says.
        host: that it asked for, with the port where it is not the usual one.
        secure: whether the connection is.
    """
    return bool(host) and origin == f"{'https' if secure else 'http'}://{host}"


def is_secure(scope: Scope) -> bool:
    """Whether a request came through TLS."""
    return scope.get("scheme") in {"https", "wss"}


class ClosedPaths:
    """Answers for paths that nobody needs here, so that what lies behind them is not reached."""

    def __init__(self, app: ASGIApp, closed: Collection[str]) -> None:
        """Before an app; `closed` are parts of paths."""
        self._app = app
        self._closed = tuple(closed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it."""
        if scope["type"] in {"http", "websocket"} and any(path in scope["path"] for path in self._closed):
            await refuse(scope, receive, send, CLOSED, 404)
        else:
            await self._app(scope, receive, send)


class SafeHeaders:
    """Puts `HEADERS` and `POLICY` into every answer."""

    def __init__(self, app: ASGIApp, scripts: Iterable[str] = ()) -> None:
        """Before an app; `scripts` are the texts of the scripts that stand in its pages themselves."""
        self._app = app
        hashes = "".join(f" 'sha256-{_sha256(script)}'" for script in scripts)
        self._headers = {**HEADERS, "Content-Security-Policy": "; ".join(POLICY).format(scripts=hashes)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer with the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _sha256(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


async def refuse(scope: Scope, receive: Receive, send: Send, why: str, status: int = 403) -> None:
    """Turn a request away with a sentence, which the log has too; a socket is never opened."""
    REFUSALS.note(why, host_of(scope))
    if scope["type"] == "http":
        await PlainTextResponse(why, status_code=status)(scope, receive, send)
    else:
        await receive()
        await send({"type": "websocket.close", "code": 1008})
