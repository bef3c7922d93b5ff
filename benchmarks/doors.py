"""The doors of the program, each as it stands: bytes go in, and are taken or refused in words; nothing else may be."""

from __future__ import annotations

import asyncio
import itertools
import math
import re
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from mutations import PAIR
from pydantic import ValidationError
from python_multipart.exceptions import FormParserError
from starlette.requests import Request

from checker.library import ExerciseError, changeable_numbers, read_exercise
from checker.live.coach import LONGEST_S
from checker.picture import picture
from checker.service.live import protocol
from checker.service.live.capture_clock import AGREE, CaptureClock
from checker.service.live.protocol import MessageError, UnfitError
from checker.service.live.route import _MARKS
from checker.service.uploads import UploadRefusedError
from checker.track import PoseTrack
from checker.track_file import TrackError
from checker.ui.uploads import _Form, _FormError
from checker.video.reader import VideoError, open_video
from checker.words.rules import dose_words

MOST_SAID: Final = 20_000
"""A refusal is to be read by somebody."""

PICTURE_S: Final = 0.05


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a door did with an input.

    Attributes:
        taken: whether it let it in.
        said: why it did not.
        trace: of what it should never have raised; "" where it did not.
    """

    taken: bool
    said: str = ""
    trace: str = ""


def video(data: bytes, folder: Path) -> None:
    """A video, or a recording: every frame of it is read."""
    path = folder / "video"
    path.write_bytes(data)
    with open_video(path, max_side_px=320) as reader:
        last_s = -1.0
        for frame in reader:
            assert math.isfinite(frame.t_s), frame.t_s
            assert frame.t_s > last_s, f"the times do not rise: {last_s} and {frame.t_s}"
            assert frame.rgb.shape == (reader.info.height, reader.info.width, 3)
            last_s = frame.t_s
        assert last_s <= 15 * 60.0
        assert all("\n" not in note for note in reader.notes)


def exercise(data: bytes, folder: Path) -> None:
    """An exercise file; what is taken must also be shown: numbers, words, drawing."""
    named = re.match(rb'\s*id *= *"(\w+)"', data)
    path = folder / f"{named[1].decode() if named else 'x'}.toml"
    path.write_bytes(data)
    try:
        movement = read_exercise(path)
    finally:
        path.unlink()
    changeable_numbers(movement)
    picture(movement)
    for dose in [None, *movement.doses]:
        movement.for_dose(dose)
        assert math.isfinite(movement.goal_s(dose) or 0.0)
        if dose is not None:
            assert len(dose_words(dose)) < MOST_SAID


def message(data: bytes, folder: Path) -> None:
    """What comes over the socket: the first byte tells a frame (F), a text (T), pain in an address (P)."""
    kind, rest = data[:1], data[1:]
    if kind == b"F":
        frame = protocol.read_frame(rest)
        assert protocol.decode(frame.jpeg).dtype == np.uint8
    elif kind == b"T":
        protocol.read_text(rest.decode("utf-8", errors="replace"))
    else:
        try:
            pain_s = _MARKS.validate_json(rest)
        except ValidationError as error:
            raise MessageError("the answer is one sentence") from error
        assert all(0 <= t_s <= LONGEST_S for t_s in pain_s)


def clock(data: bytes, folder: Path) -> None:
    """The times of pictures; after whatever came, honest pictures are soon taken again."""
    pairs = list(PAIR.iter_unpack(data[: len(data) // PAIR.size * PAIR.size]))
    clock = CaptureClock(LONGEST_S)
    now_s = 0.0
    for told_s, arrives_s in pairs:
        if not math.isfinite(arrives_s) or arrives_s < now_s or arrives_s > LONGEST_S / 2:
            continue  # the server's own clock is monotonic
        now_s = arrives_s
        _offer(clock, told_s, now_s)
    honest_s = max((told_s for told_s, _ in pairs if 0 <= told_s < 1e6), default=0.0)
    taken = [_offer(clock, honest_s + i * PICTURE_S, now_s + i * PICTURE_S) for i in range(1, 3 * AGREE)]
    assert clock.last_s > LONGEST_S - 60.0 or all(taken[AGREE - 1 :]), taken


def _offer(clock: CaptureClock, told_s: float, now_s: float) -> bool:
    """Whether a picture is taken; its header is read first, as the server does."""
    before_s = clock.last_s
    try:
        frame = protocol.read_frame(protocol.HEADER.pack(1, 0, told_s) + b"jpeg")
        t_s = clock.look(frame.capture_s, now_s)
    except MessageError:
        return False
    assert before_s < t_s <= LONGEST_S
    clock.take(frame.capture_s, t_s, now_s)
    return True


def upload(data: bytes, folder: Path) -> None:
    """A form with one file, in pieces; the first line is its media type."""
    head, _, body = data.partition(b"\n")
    pieces = [body[i : i + 1000] for i in range(0, len(body), 1000)]
    rest = iter([*({"type": "http.request", "body": p, "more_body": True} for p in pieces), {"type": "http.request"}])

    async def receive() -> Any:
        return next(rest, {"type": "http.disconnect"})

    async def read() -> None:
        scope = {"type": "http", "method": "PUT", "headers": [(b"content-type", head)]}
        form = _Form(Request(scope, receive), 100_000)
        size = 0
        async for found in form.chunks():
            size += len(found)
        assert size <= 100_000
        assert len(form.name) + len(form.media_type) < MOST_SAID

    asyncio.run(read())


def poses(data: bytes, folder: Path) -> None:
    """A file of poses."""
    path = folder / "poses.npz"
    path.write_bytes(data)
    PoseTrack.load(path)


DOORS: Final[dict[str, tuple[Callable[[bytes, Path], None], tuple[type[Exception], ...]]]] = {
    "videos": (video, (VideoError,)),
    "recordings": (video, (VideoError,)),
    "exercises": (exercise, (ExerciseError,)),
    "messages": (message, (MessageError,)),
    "clocks": (clock, (UnfitError,)),
    "uploads": (upload, (UploadRefusedError, _FormError, FormParserError)),
    "poses": (poses, (TrackError,)),
}
"""By kind: the door, and how it refuses."""


def knock(kind: str, data: bytes, folder: Path) -> Verdict:
    """What the door of a kind does with an input."""
    door, refusals = DOORS[kind]
    try:
        door(data, folder)
    except refusals as error:
        said = str(error)
        too_much = "" if len(said) <= MOST_SAID else f"the refusal has {len(said)} characters: {said[:300]}"
        return Verdict(False, said[:MOST_SAID], too_much)
    except Exception:  # noqa: BLE001  this is what is looked for
        return Verdict(False, "", traceback.format_exc()[-4000:])
    return Verdict(True)


def serve(desk: Any) -> None:
    """Knock for as long as somebody asks; in a process of its own, with the limits that the program sets there."""
    with tempfile.TemporaryDirectory() as folder:
        for _ in itertools.count():
            kind, data = desk.receive()
            desk.send(knock(kind, data, Path(folder)))
