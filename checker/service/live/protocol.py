"""What goes over the socket, checked at the door.

A frame is a binary message: a header of 16 bytes, little-endian (uint32 id, uint32 pictures of the
camera left out since the last frame, float64 seconds of the browser's capture clock), then a JPEG.
Everything else is a small JSON text. Answers are JSON.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal

import cv2
import numpy as np
from PIL import Image, UnidentifiedImageError
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from checker.care.records import StopReason
from checker.skeleton import Rgb

SOCKET_PATH: Final = "/live/ws"
RECORDING_PATH: Final = "/live/recording"
"""Where the server takes a session's socket, and a recording of the browser's own."""

SUBPROTOCOL: Final = "backcheck"
"""What a page offers with its socket, and after it the session's token; `browser/link.js` does so."""

SESSION_HEADER: Final = "X-BackCheck-Session"
PAIN_HEADER: Final = "X-BackCheck-Pain"
"""What a recording brings: the session's token, and a JSON list of the times at which it hurt, seconds since it began.

Neither token nor times stand in an address: servers and browsers note addresses. `browser/record.js` sends them.
"""

HEADER: Final = struct.Struct("<IId")
MAX_FRAME_BYTES: Final = 1_000_000
MAX_TEXT_BYTES: Final = 4_000
MAX_LEFT_OUT: Final = 1_000_000
MAX_CLOCK_S: Final = 1e10
"""Of a browser's clock; three hundred years."""

MIN_SIDE_PX: Final = 64
MAX_SIDE_PX: Final = 1920

NO_SUCH_SESSION: Final = 4404
TAKEN_OVER: Final = 4409
CONCLUDED: Final = 4410
NO_ROOM: Final = 4429
TOO_MANY_ERRORS: Final = 1008
TOO_BIG: Final = 1009
SERVER_FAULT: Final = 4500
"""Codes with which the server closes a socket; `browser/link.js` knows what they mean. A fault has not the usual 1011:
uvicorn closes with that where its pings were not answered, and from there a page comes back."""


class MessageError(ValueError):
    """A message from the browser that makes no sense; one line with what was expected and what came."""


class UnfitError(MessageError):
    """A sound message at the wrong moment, such as a picture of a camera that was turned; the next one may fit."""


class ShapeError(UnfitError):
    """A frame of another shape than the first one; its text is meant for the person."""


@dataclass(frozen=True, slots=True)
class FrameMessage:
    """One picture of the camera, still packed.

    Attributes:
        id: a running number of the browser's, given back with the answer.
        capture_s: when it was taken, seconds of the browser's own clock.
        jpeg: the picture.
        left_out: pictures that the camera gave since the last frame and that were not sent.
    """

    id: int
    capture_s: float
    jpeg: bytes
    left_out: int = 0


class _Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Wish(_Message):
    """Something that the person pressed, or a sign of life: of the page, or of its recording that goes on."""

    type: Literal["restart", "as_seen", "go_on", "finish", "ping", "recording", "ask_hand", "leave_hand"]


class Pain(_Message):
    """It hurt at a time of the browser's capture clock, seconds; sent again until it is answered."""

    type: Literal["pain"]
    time: Annotated[float, Field(ge=0, le=MAX_CLOCK_S, allow_inf_nan=False)]


class Quality(_Message):
    """Another pose model is wanted, because this computer is slow."""

    type: Literal["quality"]
    model: Literal["full", "lite"]


class Mirrored(_Message):
    """Whether the camera's picture is a mirror image, as the browser remembers of this camera."""

    type: Literal["mirrored"]
    mirrored: bool


class Stopped(_Message):
    """A stop rule was told by one press; sent again until it is answered."""

    type: Literal["stopped"]
    why: StopReason


Text = Wish | Pain | Quality | Mirrored | Stopped

_TEXTS: Final[TypeAdapter[Text]] = TypeAdapter(Annotated[Text, Field(discriminator="type")])


def token_of(offered: Sequence[str]) -> str:
    """The session's token among what a page offers with its socket; empty where there is none."""
    return offered[1] if len(offered) == 2 and offered[0] == SUBPROTOCOL else ""


def read_frame(data: bytes) -> FrameMessage:
    """A binary message.

    Raises:
        MessageError: it is no frame.
    """
    if len(data) <= HEADER.size:
        raise MessageError(f"expected a frame: {HEADER.size} bytes and a JPEG; got {len(data)} bytes")
    number, left_out, capture_s = HEADER.unpack_from(data)
    if left_out > MAX_LEFT_OUT or not 0 <= capture_s <= MAX_CLOCK_S:  # also not a number
        raise MessageError("expected a frame's header: its id, the pictures left out and a time in seconds")
    return FrameMessage(number, capture_s, data[HEADER.size :], left_out)


def read_text(text: str) -> Text:
    """A text message.

    Raises:
        MessageError: it is none that is known.
    """
    if len(text) > MAX_TEXT_BYTES:
        raise MessageError(f"expected at most {MAX_TEXT_BYTES} characters, got {len(text)}")
    try:
        return _TEXTS.validate_json(text)
    except ValidationError as error:
        raise MessageError(
            'expected {"type": "pain" | "restart" | "as_seen" | "go_on" | "finish" | "ping" | "recording" | '
            '"ask_hand" | "leave_hand" | "mirrored" | "quality" | "stopped", ...}'
        ) from error


def size_of(jpeg: bytes) -> tuple[int, int]:
    """Width and height of a JPEG, pixels, as its head says; it is not unpacked.

    Raises:
        MessageError: it is no JPEG, or of a size that no camera page sends.
    """
    try:
        with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as head:
            width, height = head.size
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise MessageError("expected a JPEG picture, got something else") from error
    if not (min(width, height) >= MIN_SIDE_PX and max(width, height) <= MAX_SIDE_PX):
        raise MessageError(f"expected a picture of {MIN_SIDE_PX} to {MAX_SIDE_PX} pixels, got {width} x {height}")
    return width, height


def decode(jpeg: bytes) -> Rgb:
    """A JPEG as (H, W, 3) uint8 RGB; in the process of its session alone: see `eyes`.

    Raises:
        MessageError: it is no JPEG, of a size that no camera page sends, or damaged.
    """
    width, height = size_of(jpeg)
    rgb = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR_RGB)
    if rgb is None or rgb.shape[:2] != (height, width):
        raise MessageError("expected a JPEG picture, got one that is damaged")
    return np.asarray(rgb, np.uint8)
