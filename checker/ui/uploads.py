"""Uploads go to disk as they arrive: Streamlit itself would hold each in memory, twice while it comes.

Its widget stays as it is. What it hears of an upload is a token, in place of the file; `take` finds the file by it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import streamlit as st
from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.runtime import Runtime, get_instance
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadedFileRec
from streamlit.web.server.server_util import is_xsrf_enabled
from streamlit.web.server.starlette.starlette_app_utils import validate_xsrf_token
from streamlit.web.server.starlette.starlette_server_config import XSRF_COOKIE_NAME

from checker.service.uploads import UploadRefusedError, patient, uploads

PATH: Final = "/_stcore/upload_file/"
MIB: Final = 1024**2
FRAMING_BYTES: Final = MIB
"""A form is a little larger than the file in it."""

MOST_NAME: Final = 255
MOST_DIGITS: Final = 20

EXPECTED: Final = "Expected a form with one file."
TOKEN: Final = b"on disk"


def take(upload: UploadedFile, target: Path) -> None:
    """Move what was handed in to where it is needed.

    Raises:
        FileNotFoundError: it is no longer here.
        OSError: it cannot be moved.
    """
    if not uploads().take(upload.file_id, target):
        raise FileNotFoundError("expected the file that was handed in; it is no longer here, so choose it once more")


class StreamedUploads:
    """Takes uploads in Streamlit's place."""

    def __init__(self, app: ASGIApp) -> None:
        """Before an app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take an upload, or pass a request on."""
        if scope["type"] != "http" or PATH not in scope["path"]:
            await self._app(scope, receive, send)
            return
        session_id, _, file_id = scope["path"].partition(PATH)[2].partition("/")
        request = Request(scope, receive)
        if scope["method"] == "DELETE" and _is_of_a_page(request):
            uploads().discard(session_id, file_id)
        if scope["method"] != "PUT":
            await self._app(scope, receive, send)
            return
        await (await _answer(request, session_id, file_id))(scope, receive, send)


def _is_of_a_page(request: Request) -> bool:
    """Whether it carries the token that Streamlit gave to the browser."""
    return not is_xsrf_enabled() or validate_xsrf_token(
        request.headers.get("X-Xsrftoken"), request.cookies.get(XSRF_COOKIE_NAME)
    )


async def _answer(request: Request, session_id: str, file_id: str) -> Response:
    """Take a file, and say how that went."""
    runtime = get_instance()
    if not _is_of_a_page(request):
        return PlainTextResponse("This page was not served from here.", status_code=403)
    if not runtime.is_active_session(session_id):
        return PlainTextResponse("The page is no longer known: reload it.", status_code=400)
    most_bytes = st.get_option("server.maxUploadSize") * MIB
    told = request.headers.get("content-length", "0")
    if not told.isdecimal() or len(told) > MOST_DIGITS or int(told) > most_bytes + FRAMING_BYTES:
        return PlainTextResponse(f"At most {most_bytes // MIB} MB are taken.", status_code=413)
    try:
        form = _Form(request, most_bytes)
        await uploads().receive(session_id, file_id, form.chunks())
    except (UploadRefusedError, _FormError, FormParserError) as error:
        return PlainTextResponse(str(error), status_code=getattr(error, "status", 400))
    except ClientDisconnect:
        return Response(status_code=499)  # nobody reads it
    _tell(runtime, session_id, UploadedFileRec(file_id, form.name[:MOST_NAME], form.media_type, TOKEN))
    return Response(status_code=204)


def _tell(runtime: Runtime, session_id: str, record: UploadedFileRec) -> None:
    """Tell Streamlit's widget that the file is here; if its page has gone meanwhile, it is not."""
    if runtime.is_active_session(session_id):
        runtime.uploaded_file_mgr.add_file(session_id, record)  # type: ignore[attr-defined]  # its own has it
    else:
        uploads().discard(session_id, record.file_id)


class _FormError(Exception):
    """The form is none, or holds other than one file."""


class _Form:
    """The one file of a form, as it arrives.

    Attributes:
        name: of the file, as the browser says.
        media_type: the same.
    """

    def __init__(self, request: Request, most_bytes: int) -> None:
        kind, options = parse_options_header(request.headers.get("content-type"))
        if kind != b"multipart/form-data" or not options.get(b"boundary"):
            raise _FormError(EXPECTED)
        self.name = self.media_type = ""
        self._stream = request.stream()
        self._most_bytes = most_bytes
        self._found: list[bytes] = []  # bytes of the file in the piece that is being read
        self._header = [bytearray(), bytearray()]  # name and value of the line that is being read
        self._headers: list[tuple[bytes, bytes]] = []
        self._files = 0
        self._in_file = self._ended = False
        self._parser = MultipartParser(
            options[b"boundary"],
            {
                "on_part_begin": self._headers.clear,
                "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
                "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
                "on_header_end": self._header_end,
                "on_headers_finished": self._headers_end,
                "on_part_data": lambda data, start, end: self._found.append(data[start:end]) if self._in_file else None,
                "on_end": self._end,
            },
        )

    async def chunks(self) -> AsyncIterator[bytes]:
        """The bytes of the file.

        Raises:
            _FormError: there was no file, or more than one, or its end is missing.
            UploadRefusedError: it is too large, or comes too slowly.
        """
        size = came_bytes = 0
        async for piece in patient(aiter(self._stream)):
            came_bytes += len(piece)
            try:
                self._parser.write(piece)
            except FormParserError as error:
                raise _FormError(EXPECTED) from error
            found = b"".join(self._found)
            self._found.clear()
            size += len(found)
            if size > self._most_bytes or came_bytes > self._most_bytes + FRAMING_BYTES:
                raise UploadRefusedError(f"At most {self._most_bytes // MIB} MB are taken.", 413)
            yield found
        if not self._ended or self._files != 1:
            raise _FormError(EXPECTED)

    def _header_end(self) -> None:
        name, value = (bytes(part) for part in self._header)
        self._headers.append((name.lower(), value))
        for part in self._header:
            part.clear()

    def _headers_end(self) -> None:
        headers = Headers(raw=self._headers)
        _, options = parse_options_header(headers.get("content-disposition"))
        self._in_file = b"filename" in options
        if self._in_file:
            self._files += 1
            self.name = options[b"filename"].decode("utf-8", errors="replace")
            self.media_type = headers.get("content-type", "application/octet-stream")

    def _end(self) -> None:
        self._ended = True
