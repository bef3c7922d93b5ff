"""One connection of a camera page to its session: messages in, answers out in the same order."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any, Final

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from checker.pose.bundle import ModelError, kept_model
from checker.service.live import protocol
from checker.service.live.protocol import (
    FrameMessage,
    MessageError,
    Mirrored,
    Pain,
    Quality,
    ShapeError,
    Stopped,
    UnfitError,
    Wish,
)
from checker.service.live.registry import NotJudgedError, TooManySessionsError, registry
from checker.service.live.session import LiveSession
from checker.service.workers import WorkerDiedError

MOST_UNDER_WAY: Final = 2
"""Frames that are looked at or wait; a third one would only make the answers old, and is dropped."""

MOST_WAITING: Final = 2_000
"""Answers; while a picture takes as long as one may, a thirtieth of a second apart are a third of that. A browser for
which more wait does not listen."""

MOST_CHANGES: Final = 4
"""Of the model, under way at once."""

MOST_ERRORS: Final = 20
"""A browser that sends this much nonsense is none of ours."""

GOODBYES: Final = frozenset({1000, 1001})
UNEXPECTED: Final = "Something went wrong with this picture; the next one is looked at as usual."
NO_LITE: Final = "The quicker model is not on this computer, so the usual one goes on."

_log = logging.getLogger(__name__)

Answer = dict[str, Any]


class PageConnection:
    """Serves one socket; the session outlives it."""

    def __init__(self, socket: WebSocket, token: str) -> None:
        """For an accepted socket."""
        self._socket = socket
        self._token = token
        self._loop = asyncio.get_running_loop()
        self._answers: asyncio.Queue[asyncio.Future[str] | None] = asyncio.Queue()
        self._under_way = 0
        self._errors = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def end(self, code: int) -> None:
        """Close it, from any thread."""
        self._loop.call_soon_threadsafe(self._close_soon, code)

    async def run(self, session: LiveSession) -> None:
        """Serve until one side closes."""
        sending = asyncio.create_task(self._send())
        sending.add_done_callback(self._sent_all)
        code = protocol.TOO_MANY_ERRORS
        try:
            code = await self._receive(session)
        finally:
            registry().disconnect(self._token, self, goodbye=code in GOODBYES)
            self._answers.put_nowait(None)
            await sending

    async def _receive(self, session: LiveSession) -> int:
        """Take messages until the socket closes; its code."""
        while self._errors < MOST_ERRORS and self._answers.qsize() < MOST_WAITING:
            message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                return int(message.get("code") or 1006)
            data, text = message.get("bytes"), message.get("text")
            if len(data or text or "") > protocol.MAX_FRAME_BYTES:
                await self._socket.close(protocol.TOO_BIG)
                return protocol.TOO_BIG
            if data is not None:
                try:
                    registry().follow(self._token)
                except TooManySessionsError:
                    await self._socket.close(protocol.NO_ROOM)
                    return protocol.NO_ROOM
                self._frame(session, data)
            else:
                self._text(session, text or "")
        await self._socket.close(protocol.TOO_MANY_ERRORS)
        return protocol.TOO_MANY_ERRORS

    def _frame(self, session: LiveSession, data: bytes) -> None:
        try:
            frame = protocol.read_frame(data)
        except MessageError as error:
            self._tell(self._error(error))
            return
        if self._under_way >= MOST_UNDER_WAY:
            self._tell({"type": "dropped", "id": frame.id})
            return
        self._under_way += 1
        self._on_thread(session, lambda: self._look(session, frame), frame.id)

    def _text(self, session: LiveSession, text: str) -> None:
        try:
            wish = protocol.read_text(text)
        except MessageError as error:
            self._tell(self._error(error))
            return
        if isinstance(wish, Quality) and len(self._tasks) >= MOST_CHANGES:
            self._tell(self._error(UnfitError("expected one model after another")))
        elif isinstance(wish, Quality):
            task = asyncio.create_task(self._change_model(session, wish.model))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        elif isinstance(wish, Wish) and wish.type in {"ping", "recording"}:
            if wish.type == "recording" and session.has_frames:  # no pictures come meanwhile
                session.touch()
            self._tell({"type": "pong"})  # that we are here; a ping alone keeps no seat
        else:
            self._on_thread(session, lambda: self._grant(session, wish))

    def _grant(self, session: LiveSession, wish: Wish | Pain | Mirrored | Stopped) -> Answer:
        """What was pressed, or is remembered; on the session's thread."""
        if isinstance(wish, Pain):
            return session.mark_pain(wish.time)
        if isinstance(wish, Stopped):
            return session.tell_stop(wish.why)
        if isinstance(wish, Mirrored):
            return session.tell_mirrored(wish.mirrored)
        if wish.type in {"ask_hand", "leave_hand"}:
            return session.ask_hand() if wish.type == "ask_hand" else session.leave_hand()
        if wish.type == "restart":
            return session.restart()
        if wish.type == "as_seen":
            return session.go_on_as_seen()
        return session.go_on() if wish.type == "go_on" else self._conclude()

    def _look(self, session: LiveSession, frame: FrameMessage) -> Answer:
        """Look at a picture; where what looks has ended, so does the session, with what was seen until then."""
        try:
            return session.process(frame)
        except WorkerDiedError:
            _log.exception("a live session lost its pose model")
            return self._conclude()

    def _conclude(self) -> Answer:
        """Judge what was seen; on the session's thread."""
        try:
            registry().conclude_here(self._token)
        except NotJudgedError as error:
            return {"type": "not_judged", "text": str(error)}
        return {"type": "finished"}

    async def _change_model(self, session: LiveSession, name: str) -> None:
        """Go over to another model where it is on this computer: during a session nothing is fetched."""
        try:
            model = await asyncio.to_thread(kept_model, name)
        except ModelError:
            self._tell({"type": "model", "name": name, "ok": False, "text": NO_LITE})
        else:
            self._on_thread(session, lambda: session.use_model(model))

    # --- answers --------------------------------------------------------------------------------

    def _on_thread(self, session: LiveSession, work: Callable[[], Answer], frame_id: int | None = None) -> None:
        """Have it done on the session's thread, and its answer sent in turn."""
        try:
            done = self._loop.run_in_executor(session.thread, work)
        except RuntimeError:  # the thread is closed: the session has just ended
            self._under_way -= frame_id is not None
            self._tell(self._error("this session is over", frame_id))
            return

        async def answered() -> str:
            try:
                return _packed(await done)
            except MessageError as error:
                return _packed(self._error(error, frame_id))
            except Exception:  # noqa: BLE001  the page gets a sentence, the log gets the cause
                _log.exception("a message could not be answered")
                return _packed(self._error(UNEXPECTED, frame_id))
            finally:
                self._under_way -= frame_id is not None

        self._answers.put_nowait(asyncio.ensure_future(answered()))

    def _tell(self, answer: Answer) -> None:
        told: asyncio.Future[str] = self._loop.create_future()
        told.set_result(_packed(answer))
        self._answers.put_nowait(told)

    def _error(self, error: Exception | str, frame_id: int | None = None) -> Answer:
        self._errors += isinstance(error, MessageError) and not isinstance(error, UnfitError)  # the browser's own
        about = {} if frame_id is None else {"id": frame_id}
        kind = "unfit" if isinstance(error, ShapeError) else "error"
        return {"type": kind, "text": str(error), **about}

    async def _send(self) -> None:
        """Send every answer in the order of what was asked, until the socket closes."""
        while (answer := await self._answers.get()) is not None:
            text = await answer
            if self._socket.application_state is WebSocketState.CONNECTED:
                try:
                    await self._socket.send_text(text)
                except (WebSocketDisconnect, RuntimeError):  # it has just closed; `_receive` hears of it
                    continue

    def _sent_all(self, sending: asyncio.Task[None]) -> None:
        """Whoever gets no answers any more must not wait for them."""
        if not sending.cancelled() and sending.exception() is not None:
            _log.error("answers could not be sent", exc_info=sending.exception())
            self._close_soon(protocol.SERVER_FAULT)

    def _close_soon(self, code: int) -> None:
        async def close() -> None:
            if self._socket.application_state is WebSocketState.CONNECTED:
                await self._socket.close(code)

        task = asyncio.create_task(close())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _packed(answer: Answer) -> str:
    return json.dumps(answer, separators=(",", ":"), allow_nan=False)
