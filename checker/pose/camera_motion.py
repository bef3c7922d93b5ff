"""How the camera itself moves, from the room behind the person.

A slipping phone, a hand that sways and a webcam that pans after its owner all move the whole picture,
the person with it. The room does not move by itself, so corners of the room are followed from one
reference picture on, and one similarity transform a frame tells how the picture has moved since.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from checker.pose.cuts import Picture, is_cut
from checker.skeleton import Array32, Rgb
from checker.track import STILL_CAMERA

WIDTH_PX: Final = 208
"""Pictures are made this wide before: corners are found to a twentieth of a pixel, so a movement by a
thousandth of the picture's width still shows, and a frame takes about a millisecond."""

CORNERS: Final = 120
LEAST_CORNERS: Final = 12
"""With fewer corners of the room in sight nobody can tell whether the camera moves: a bare wall."""

LEAST_SHARE: Final = 0.5
"""Share of the corners that must agree on one movement: the room is more than what moves in it."""

AGREE_PX: Final = 0.8
"""How closely, in pixels of the small picture."""

LEAST_SPREAD: Final = 0.3
"""Share of the picture's width over which they must lie: a room is wider than somebody who walks through it."""

CALM_PX: Final = 2.0
CALM_SHARE: Final = 0.25
"""Where so many of the corners have hardly moved since the last picture, they are the room, whatever else moves:
somebody who walks through carries corners too, and in a bare room most of them."""

NEW_REFERENCE: Final = 0.45
"""Share of the reference's corners still in sight below which another reference is taken."""

AS_BEFORE_PX: Final = 0.25
"""Where the room's picture has changed by no more than a shift by this would change it, since it was followed last,
nothing has moved, and it need not be followed again. What noise changes a noisy camera's picture by is more."""

AROUND_PERSON: Final = 0.12
"""How far around the outermost landmarks the picture is left out, as a share of the person's height:
hair, hands, feet, clothes and the shadow at the feet move with the person."""

Small = npt.NDArray[np.uint8]
Points = npt.NDArray[np.float32]
Transform = npt.NDArray[np.float64]
"""(3, 3): positions in one picture to positions in another, pixels."""


class CameraMotion:
    """Follows the camera from picture to picture; all must have one size."""

    def __init__(self) -> None:
        """Begin with the first picture as the reference."""
        self._reference: Small | None = None
        self._corners: Points = np.empty((0, 2), np.float32)
        self._to_first: Transform = np.eye(3)  # from the reference to the first picture
        self._last: Transform = np.eye(3)  # from the reference to the last picture
        self._before: Picture | None = None  # the last picture that was looked at
        self._told: Array32 = _unknown()  # of that one
        self._contrast = 0.0  # of that one: grey levels by which a shift by a pixel changes it on the average
        self.cut = False  # whether the picture that was fed last shows another room, or the room from elsewhere

    def feed(self, rgb: Rgb, person: Array32 | None) -> Array32:
        """How to take this picture's positions back to the first picture.

        Args:
            rgb: (H, W, 3) uint8.
            person: (33, 2) pixels, None where nobody was found.

        Returns:
            (4,) float32 a, b, x, y: a point (u, v) lies at (a u - b v + x, b u + a v + y) in the first
            picture, pixels. All NaN where too little of the room can be followed.
        """
        scale = WIDTH_PX / rgb.shape[1]
        small = _small(rgb)
        room = _room(small.shape, None if person is None else person * scale)
        self.cut = False
        if not (np.isfinite(self._told).all() and self._is_as_before(small, room)):
            before, self._before = self._before, Picture(small, room)
            self._told = self._look(self._before, before, scale)
            self._contrast = _contrast(small, room)
        return self._told

    def _is_as_before(self, small: Small, room: Small) -> bool:
        """Whether the room looks as it did when it was looked at last."""
        if self._before is None:
            return False
        both = cv2.bitwise_and(room, self._before.room)
        return bool(cv2.mean(cv2.absdiff(small, self._before.grey), both)[0] < AS_BEFORE_PX * self._contrast)

    def _look(self, now: Picture, before: Picture | None, scale: float) -> Array32:
        """Follow the room into this picture."""
        small, room = now.grey, now.room
        if self._reference is None:
            self._begin(small, room, np.eye(3))
            return STILL_CAMERA.copy() if len(self._corners) >= LEAST_CORNERS else _unknown()
        moved, share = self._follow(small, room)
        if moved is None:
            self.cut = before is not None and is_cut(before, now)
            self._begin(small, room, self._to_first @ np.linalg.inv(self._last))
            return _unknown()
        self._last = moved
        back = self._to_first @ np.linalg.inv(moved)
        if share < NEW_REFERENCE:
            self._begin(small, room, back)
        return np.array([back[0, 0], back[1, 0], back[0, 2] / scale, back[1, 2] / scale], np.float32)

    def _begin(self, small: Small, room: Small, to_first: Transform) -> None:
        """Take a picture as the reference."""
        found = cv2.goodFeaturesToTrack(small, CORNERS, 0.005, 6, mask=room)
        self._corners = np.empty((0, 2), np.float32) if found is None else found.reshape(-1, 2).astype(np.float32)
        self._reference, self._to_first, self._last = small, to_first, np.eye(3)

    def _follow(self, small: Small, room: Small) -> tuple[Transform | None, float]:
        """From the reference to this picture, and the share of its corners that are still in sight."""
        if self._reference is None or len(self._corners) < LEAST_CORNERS:
            return None, 0.0
        guess = (self._corners @ self._last[:2, :2].T + self._last[:2, 2]).astype(np.float32)
        now, found, _ = cv2.calcOpticalFlowPyrLK(
            self._reference,
            small,
            self._corners[:, None],
            guess[:, None].copy(),
            winSize=(15, 15),
            maxLevel=2,
            flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
        )
        now = np.asarray(now, np.float32).reshape(-1, 2)
        seen = (found.ravel() > 0) & _inside(now, room)
        if seen.sum() < LEAST_CORNERS:
            return None, 0.0
        before = self._corners @ self._last[:2, :2].T + self._last[:2, 2]
        calm = seen & (np.linalg.norm(now - before, axis=1) <= CALM_PX)
        if calm.sum() >= max(LEAST_CORNERS, CALM_SHARE * seen.sum()):
            seen = calm
        matrix, agreeing = cv2.estimateAffinePartial2D(
            self._corners[seen], now[seen], method=cv2.RANSAC, ransacReprojThreshold=AGREE_PX
        )
        if matrix is None or agreeing.sum() < max(LEAST_CORNERS, LEAST_SHARE * seen.sum()):
            return None, 0.0
        across = self._corners[seen][agreeing.ravel() > 0, 0]
        if np.ptp(np.quantile(across, (0.1, 0.9))) < LEAST_SPREAD * WIDTH_PX:
            return None, 0.0
        return np.vstack([matrix, [0.0, 0.0, 1.0]]), float(agreeing.sum()) / len(self._corners)


def _small(rgb: Rgb) -> Small:
    """The green of the picture, made small: a tenth of the work of grey, and the room's corners show in it as well."""
    height = max(16, round(rgb.shape[0] * WIDTH_PX / rgb.shape[1]))
    step = max(1, rgb.shape[1] // (2 * WIDTH_PX))
    green = np.ascontiguousarray(rgb[::step, ::step, 1])
    return np.asarray(cv2.resize(green, (WIDTH_PX, height), interpolation=cv2.INTER_AREA))


def _contrast(small: Small, room: Small) -> float:
    """Grey levels by which the room's picture changes from pixel to pixel, across or down, whichever is less."""
    along = [cv2.absdiff(small[1:], small[:-1]), cv2.absdiff(small[:, 1:], small[:, :-1])]
    return min(cv2.mean(along[0], room[1:])[0], cv2.mean(along[1], room[:, 1:])[0])


def _room(shape: tuple[int, ...], person: Array32 | None) -> Small:
    """255 where the room is seen, 0 on and around the person."""
    room = np.full(shape[:2], 255, np.uint8)
    if person is None or not np.isfinite(person).all():
        return room
    hull = cv2.convexHull(person.astype(np.int32))
    around = max(2, round(AROUND_PERSON * float(np.ptp(person, axis=0).max())))
    cv2.fillConvexPoly(room, hull, 0)
    cv2.polylines(room, [hull], True, 0, thickness=2 * around)
    return room


def _inside(points: Points, room: Small) -> npt.NDArray[np.bool_]:
    """Which points lie in the room."""
    height, width = room.shape
    x, y = np.round(points[:, 0]), np.round(points[:, 1])
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    column, row = np.clip(x, 0, width - 1).astype(int), np.clip(y, 0, height - 1).astype(int)
    return np.asarray(inside & (room[row, column] > 0))


def _unknown() -> Array32:
    return np.full(4, np.nan, np.float32)
