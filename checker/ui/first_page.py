"""Streamlit's own page as it leaves this server: with the look of the app in it, before anything of the app is there.

So the first thing that is painted has its final look and place. Streamlit's files stay as they are.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

STATIC: Final = Path(st.__file__).parent / "static"
STREAMLITS: Final = (STATIC / "index.html").read_bytes()
"""The page that Streamlit answers with at every address that is no file."""

LOOK: Final = Path(__file__).with_name("page.css")
LOOK_URL: Final = f"/look/page-{hashlib.sha256(LOOK.read_bytes()).hexdigest()[:16]}.css"
"""Another one when the file has changed, so that a browser may keep what it has."""

SOON: Final = (
    *("BidiComponent", "Button", "ButtonGroup", "Checkbox", "FileUploader", "Html", "Multiselect", "NumberInput"),
    *("PageLink", "Radio", "Selectbox", "TextInput"),
)
"""Parts of Streamlit with which pages begin. It would ask for each when it is shown, and show a grey box until then."""

ASKS_ANEW: Final = frozenset({b"accept-encoding", b"if-none-match", b"if-modified-since"})
"""What may make an answer another one than the whole page in plain."""


def own_scripts() -> list[str]:
    """Return the scripts that stand in Streamlit's page itself."""
    return re.findall(r"<script>(.*?)</script>", STREAMLITS.decode(), re.DOTALL)


def with_look(page: bytes) -> bytes:
    """Return Streamlit's page with the look of the app, and with what the app will ask for next.

    The look stands in the body: so a rule of it comes after those of Streamlit, which puts its styles into the head.
    """
    soon = "".join(f'<link rel="modulepreload" crossorigin href="./static/js/{name}">' for name in modules(SOON))
    icons = next((STATIC / "static" / "media").glob("MaterialSymbols-Rounded.*.woff2"), None)
    if icons is not None:
        soon += f'<link rel="preload" href="./static/media/{icons.name}" as="font" type="font/woff2" crossorigin>'
    look = f'<link rel="stylesheet" href="{LOOK_URL}">'
    return page.replace(b"</head>", f"{soon}</head>".encode(), 1).replace(b"<body>", f"<body>{look}".encode(), 1)


def modules(parts: Iterable[str]) -> list[str]:
    """Return the files of parts of Streamlit with all that they import, but for what its page names already."""
    folder = STATIC / "static" / "js"
    found = dict.fromkeys(path.name for part in parts for path in folder.glob(f"{part}.*.js"))
    left = list(found)
    while left:
        text = (folder / left.pop()).read_text(encoding="utf-8")
        new = [name for name in re.findall(r'(?:from|import)"\./([\w.-]+\.js)"', text) if name not in found]
        found |= dict.fromkeys(new)
        left += new
    return [name for name in found if name.encode() not in STREAMLITS]


class FirstPage:
    """Sends `with_look(STREAMLITS)` where Streamlit sends its own page; every other answer passes as it is."""

    def __init__(self, app: ASGIApp) -> None:
        """Before an app."""
        self._app = app
        self._page = with_look(STREAMLITS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; where somebody opens a page, its answer with the look."""
        if not _opens_a_page(scope):
            await self._app(scope, receive, send)
            return
        held: list[Message] = []

        async def send_with_look(message: Message) -> None:
            if held or _may_be_the_page(message):
                held.append(message)
            else:
                await send(message)
            if held and message["type"] == "http.response.body" and not message.get("more_body", False):
                for one in self._looking(held):
                    await send(one)

        headers = [(name, value) for name, value in scope["headers"] if name not in ASKS_ANEW]
        await self._app({**scope, "headers": headers}, receive, send_with_look)

    def _looking(self, held: list[Message]) -> list[Message]:
        """An answer as it is sent on: with the look, if it is Streamlit's page."""
        start, *bodies = held
        if b"".join(body.get("body", b"") for body in bodies) != STREAMLITS:
            return held
        headers = MutableHeaders(scope=start)
        headers["content-length"] = str(len(self._page))
        for name in ("etag", "last-modified"):  # they are of Streamlit's file, which stays when the look changes
            del headers[name]
        return [start, {"type": "http.response.body", "body": self._page}]


def _opens_a_page(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    return "text/html" in Headers(scope=scope).get("accept", "")


def _may_be_the_page(message: Message) -> bool:
    if message["type"] != "http.response.start" or message["status"] != 200:
        return False
    return Headers(raw=message["headers"]).get("content-length") == str(len(STREAMLITS))


async def _look(_: Request) -> Response:
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return FileResponse(LOOK, media_type="text/css", headers=headers)


LOOK_ROUTE: Final = Route(LOOK_URL, _look)
