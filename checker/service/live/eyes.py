"""What looks at the pictures of a live session: the pose model, in a process of its own.

What a browser sends is unpacked there and nowhere else: where that goes wrong, the session's process ends, and the
server goes on.
"""

from __future__ import annotations

import queue
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from checker.pose.estimator import ModelFile
from checker.service.live.protocol import MessageError, decode
from checker.service.workers import HUNG, Worker, WorkerDiedError, workers
from checker.track import Pose

if TYPE_CHECKING:
    from checker.pose.following import PoseEstimator
    from checker.service.worker_process import Desk

LOOK_S: Final = 20.0
"""A picture takes a twentieth of a second, the first one a second: what takes this long hangs."""

JPEG_QUALITY: Final = 80

Size = tuple[int, int]
"""Width and height, pixels."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture to look at.

    Attributes:
        jpeg: as it came, of a size that was read from its head.
        t_s: seconds since the first one.
        size: to which it is brought before it is looked at: to the pose model, a person who shrinks has jumped.
        keep: whether it is wanted in that size.
    """

    jpeg: bytes
    t_s: float
    size: Size
    keep: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen in a picture.

    Attributes:
        pose: of the person.
        jpeg: the picture in the size that was asked for, where it is kept.
        decode_s, pose_s: how long it took.
    """

    pose: Pose
    jpeg: bytes | None
    decode_s: float
    pose_s: float


class Eyes:
    """A process with the pose model; used on one thread, but for `close`."""

    def __init__(self, model: ModelFile, outline: bool) -> None:
        """Load the model.

        Args:
            model: which.
            outline: whether the outline of the body is wanted too.

        Raises:
            WorkerDiedError: the process could not be begun.
        """
        self._worker: Worker = workers().take()
        try:
            self._worker.begin(look_on, model, outline)
        except WorkerDiedError:
            self.close()
            raise

    def look(self, picture: Picture) -> Seen:
        """Look at the next picture.

        Raises:
            MessageError: it is none.
            WorkerDiedError: the process ended over it, or came no further.
        """
        self._worker.send(picture)
        try:
            seen = self._worker.receive(LOOK_S)
        except queue.Empty:
            self.close()
            raise WorkerDiedError(HUNG) from None
        if isinstance(seen, MessageError):
            raise seen
        assert isinstance(seen, Seen)
        return seen

    def use(self, model: ModelFile) -> None:
        """Go on with another model; the next picture is looked at by it.

        Raises:
            WorkerDiedError: the process has ended.
        """
        self._worker.send(model)

    def close(self) -> None:
        """End the process."""
        self._worker.end()


# --- in the process ---------------------------------------------------------------------------------


def look_on(desk: Desk, model: ModelFile, outline: bool) -> None:
    """Look at one picture after another, until the server wants no more."""
    from checker.pose.models import open_estimator

    estimator = open_estimator(model, outline=outline)
    while True:
        wanted = desk.receive()
        if isinstance(wanted, ModelFile):
            estimator.close()
            estimator = open_estimator(wanted, outline=outline)
            continue
        try:
            desk.send(_seen(estimator, wanted))
        except MessageError as error:
            desk.send(error)


def _seen(estimator: PoseEstimator, picture: Picture) -> Seen:
    began_s = time.perf_counter()
    rgb = decode(picture.jpeg)
    jpeg = picture.jpeg
    if rgb.shape[1::-1] != picture.size:
        rgb = np.asarray(cv2.resize(rgb, picture.size), np.uint8)
        if picture.keep:
            bgr = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR)
            jpeg = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1].tobytes()
    decoded_s = time.perf_counter()
    pose = estimator.estimate(rgb, picture.t_s)
    looked_s = time.perf_counter()
    return Seen(pose, jpeg if picture.keep else None, decoded_s - began_s, looked_s - decoded_s)
