"""What a camera page asks this server for: its socket, and a place for its recording."""

from __future__ import annotations

import asyncio
import secrets
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import Field, TypeAdapter, ValidationError
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from checker.live.coach import LONGEST_S
from checker.service.live import protocol
from checker.service.live.connection import PageConnection
from checker.service.live.protocol import RECORDING_PATH, SOCKET_PATH
from checker.service.live.registry import NotJudgedError, TooManySessionsError, registry
from checker.service.measuring import jobs

MOST_RECORDED_BYTES: Final = 500_000_000
MOST_MARKS: Final = 500

_MARKS: Final = TypeAdapter(Annotated[list[Annotated[float, Field(ge=0, le=LONGEST_S)]], Field(max_length=MOST_MARKS)])


async def _live(socket: WebSocket) -> None:
    """Let the page of a session in; the reason why not comes as the closing code."""
    await socket.accept()
    if not _same_origin(socket):
        await socket.close(protocol.ORIGIN_REFUSED)
        return
    token = socket.query_params.get("token", "")
    seat = registry().find(token)
    if seat is not None and seat.job_id is not None:  # it was judged meanwhile
        await socket.close(protocol.CONCLUDED)
        return
    served = PageConnection(socket, token)
    try:
        session = registry().connect(token, served)
    except TooManySessionsError:
        await socket.close(protocol.NO_ROOM)
        return
    if session is None:
        await socket.close(protocol.NO_SUCH_SESSION)
        return
    await served.run(session)


def _same_origin(asked: HTTPConnection) -> bool:
    """Whether the page that asks was served from the address it asks at."""
    origin = urlsplit(asked.headers.get("origin", ""))
    return bool(origin.netloc) and origin.netloc == asked.headers.get("host")


async def _recording(request: Request) -> Response:
    """A recording of the browser's own, where live feedback was too slow: measured like an upload.

    `pain` in the address: a JSON list of the times at which it hurt, seconds since the recording began.
    """
    token = request.query_params.get("token", "")
    seat = registry().find(token)
    if not _same_origin(request) or seat is None or seat.session.over:
        return _unknown()
    try:
        pain_s = _MARKS.validate_json(request.query_params.get("pain", "[]"))
    except ValidationError:
        return PlainTextResponse("The moments at which it hurt could not be understood.", status_code=400)
    arrived = jobs().root / f"arriving-{secrets.token_hex(16)}"
    size = 0
    try:
        with arrived.open("wb") as out:
            async for chunk in request.stream():
                size += len(chunk)
                seat.session.touch()
                if size > MOST_RECORDED_BYTES:
                    return PlainTextResponse("The recording is too long. Record a shorter one.", status_code=413)
                out.write(chunk)
        job_id = await asyncio.to_thread(registry().conclude_recording, token, arrived, pain_s)
    except NotJudgedError as error:
        return PlainTextResponse(str(error), status_code=500)
    finally:
        arrived.unlink(missing_ok=True)
    return PlainTextResponse("Thank you.") if job_id else _unknown()


def _unknown() -> Response:
    return PlainTextResponse("The server does not know this session any more.", status_code=404)


LIVE_ROUTES: Final = [
    WebSocketRoute(SOCKET_PATH, _live),
    Route(RECORDING_PATH, _recording, methods=["POST"]),
]
