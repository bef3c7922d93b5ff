"""Turns away whoever reaches this server under a name that it does not have."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

from checker.service.door import refuse


class AllowedHosts:
    """Holds every route to `server.allowedHosts`: Streamlit itself asks it of its own socket alone.

    A page elsewhere could otherwise have its own name point at this computer, and read what is served here.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Before an app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] not in {"http", "websocket"} or is_host_allowed(Headers(scope=scope).get("host")):
            await self._app(scope, receive, send)
        else:
            await refuse(scope, receive, send, "This server has another name: see server.allowedHosts.")
