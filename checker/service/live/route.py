"""What a camera page asks this server for: its socket, and a place for its recording."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Final

from pydantic import Field, TypeAdapter, ValidationError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from checker.live.coach import LONGEST_S
from checker.service.live import protocol
from checker.service.live.connection import PageConnection
from checker.service.live.protocol import RECORDING_PATH, SOCKET_PATH
from checker.service.live.registry import NotJudgedError, registry
from checker.service.live.session import MOST_MARKS
from checker.service.measuring import jobs
from checker.service.uploads import UploadRefusedError, patient, uploads

MOST_RECORDED_BYTES: Final = 500_000_000
LONGEST_ARRIVAL_S: Final = 600.0

_ARRIVING: Final[set[str]] = set()
"""Tokens of the sessions whose recordings are arriving: one at a time."""

_MARKS: Final = TypeAdapter(Annotated[list[Annotated[float, Field(ge=0, le=LONGEST_S)]], Field(max_length=MOST_MARKS)])


async def _live(socket: WebSocket) -> None:
    """Let the page of a session in; the reason why not comes as the closing code."""
    offered = socket.scope["subprotocols"]
    await socket.accept(subprotocol=protocol.SUBPROTOCOL if protocol.SUBPROTOCOL in offered else None)
    token = protocol.token_of(offered)
    seat = registry().find(token)
    if seat is not None and seat.job_id is not None:  # it was judged meanwhile
        await socket.close(protocol.CONCLUDED)
        return
    served = PageConnection(socket, token)
    session = registry().connect(token, served)
    if session is None:
        await socket.close(protocol.NO_SUCH_SESSION)
        return
    await served.run(session)


async def _recording(request: Request) -> Response:
    """A recording of the browser's own, where live feedback was too slow: measured like an upload."""
    token = request.headers.get(protocol.SESSION_HEADER, "")
    seat = registry().find(token)
    if seat is None or seat.session.over:
        return _unknown()
    try:
        pain_s = _MARKS.validate_json(request.headers.get(protocol.PAIN_HEADER, "[]"))
    except ValidationError:
        return PlainTextResponse("The moments at which it hurt could not be understood.", status_code=400)
    if token in _ARRIVING:
        return PlainTextResponse("This recording is arriving already.", status_code=409)
    _ARRIVING.add(token)
    arrived = jobs().root / f"arriving-{secrets.token_hex(16)}"
    try:
        async with asyncio.timeout(LONGEST_ARRIVAL_S):
            await uploads().receive(token, token, patient(_bounded(request.stream(), seat.session.touch)))
        await asyncio.to_thread(uploads().take, token, arrived)
        job_id = await asyncio.to_thread(registry().conclude_recording, token, arrived, pain_s)
    except UploadRefusedError as error:
        return PlainTextResponse(str(error), status_code=error.status)
    except TimeoutError:
        return PlainTextResponse("The recording took too long to arrive.", status_code=408)
    except ClientDisconnect:
        return Response(status_code=499)  # the tab was closed: nobody reads it
    except NotJudgedError as error:
        return PlainTextResponse(str(error), status_code=500)
    finally:
        _ARRIVING.discard(token)
        uploads().discard(token, token)
        arrived.unlink(missing_ok=True)
    return PlainTextResponse("Thank you.") if job_id else _unknown()


async def _bounded(chunks: AsyncIterator[bytes], touch: Callable[[], None]) -> AsyncIterator[bytes]:
    """The same chunks, as long as they are not too many; while they come, somebody is there."""
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > MOST_RECORDED_BYTES:
            raise UploadRefusedError("The recording is too long. Record a shorter one.", 413)
        touch()
        yield chunk


def _unknown() -> Response:
    return PlainTextResponse("The server does not know this session any more.", status_code=404)


LIVE_ROUTES: Final = [
    WebSocketRoute(SOCKET_PATH, _live),
    Route(RECORDING_PATH, _recording, methods=["POST"]),
]
