"""A frame in, a `Pose` out: landmarks in pixels, the same person throughout, the body's outline.

The outline is read from the segmentation mask, which itself is not kept. The landmarker is not
thread-safe: one `PoseEstimator` is made, used and closed on one thread.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from checker.pose.bundle import ModelFile
from checker.pose.camera_motion import CameraMotion
from checker.pose.clothes import clothes_and_grey
from checker.pose.landmarker import Body, Frame, Landmarker, Mask
from checker.pose.people import Census, trunk_centre_and_length
from checker.skeleton import (
    N_OUTLINE,
    OUTLINE_STATIONS,
    Array,
    Array32,
    Landmark,
    Pose,
    missing_pose,
)

MAX_JUMP_T: Final = 1.2
"""A person does not move their trunk further than this between two frames of a self-test; a find
that did is somebody else."""

MAX_GROWTH: Final = 1.28
"""Nor does their body grow in the picture by more than this within `LATELY_S`: the model has gone over to somebody
who stands before them, or mixes the two. Standing up before the camera stays below (1.22)."""

LATELY_S: Final = 0.35

TRUST_AFTER_S: Final = 1.0
"""Somebody followed for less long is not yet known: the model's first finds are at times of half a body."""

FORGET_AFTER_S: Final = 2.0
"""After this long unseen, whoever is found next is taken for the person."""

REACH_T: Final = 0.95
"""How far from the hip-shoulder line the outline is looked for, in trunk lengths."""

INSIDE: Final = 0.5
"""Mask value above which a pixel belongs to the person."""

_OUTLINE_STEPS: Final = 96


class PoseEstimator:
    """Finds the person in one frame after another. Use as a context manager."""

    def __init__(self, model: ModelFile, outline: bool) -> None:
        """Load the model.

        Args:
            model: from `checker.pose.bundle.ensure_model`.
            outline: whether to read the outline of the body too (about a tenth more work a frame).
        """
        self._outline = outline
        self._landmarker = Landmarker(model, "video", people=1, masks=outline)
        self._census = Census(lambda: Landmarker(model, "image", people=2, masks=False))
        self._camera = CameraMotion()
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="camera")
        self._pixels: Array32 | None = None  # of the frame before
        self.forget()

    def __enter__(self) -> PoseEstimator:
        """Ready to use."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the landmarkers: the library does not do it by itself without complaint."""
        self.close()

    def close(self) -> None:
        """Free the model."""
        self._beside.shutdown()
        self._landmarker.close()
        self._census.close()

    def estimate(self, rgb: Frame, t_s: float) -> Pose:
        """The pose in one frame.

        Args:
            rgb: (H, W, 3) uint8, of any size.
            t_s: presentation time in seconds, larger than at the call before.

        Returns:
            All NaN where the person was not found.
        """
        found, camera = self._find(rgb, t_s)
        brightness = float(rgb[::16, ::16].mean())
        cut = self._camera.cut
        if cut:
            self.forget()
        if not found:
            return missing_pose(t_s, brightness, camera, cut)
        body = found[0]
        strayed = self.has_strayed(t_s, body.pixels)
        count = self._census.look(rgb, t_s, body.pixels, at_once=strayed)
        if strayed:
            return missing_pose(t_s, brightness, camera, cut)
        outline = np.full((2, N_OUTLINE), np.nan, np.float32)
        feet = np.full(2, np.nan, np.float32)
        if body.mask is not None:
            outline, feet = body_outline(body.mask, body.pixels), lowest_under_ankles(body.mask, body.pixels)
        clothes, grey = clothes_and_grey(rgb, body.pixels)
        return Pose(
            t_s=t_s,
            image=body.pixels,
            world=body.world,
            visibility=body.visibility,
            outline=outline,
            feet=feet,
            people=count.people,
            brightness=brightness,
            camera=camera,
            other=count.other,
            body_brightness=grey,
            clothes=clothes,
            cut=cut,
        )

    def _find(self, rgb: Frame, t_s: float) -> tuple[list[Body], Array32]:
        """The bodies in the frame, and how the camera has moved.

        The room is followed on a thread of its own while the model looks, around the person of the frame before,
        who has hardly moved; where there was none, after it, around the one who is there now.
        """
        if self._pixels is None:
            found = self._landmarker.find(rgb, t_s)
            camera = self._camera.feed(rgb, found[0].pixels if found else None)
        else:
            moved = self._beside.submit(self._camera.feed, rgb, self._pixels)
            found = self._landmarker.find(rgb, t_s)
            camera = moved.result()
        self._pixels = found[0].pixels if found else None
        return found, camera

    def forget(self) -> None:
        """Take whoever is found next for the person."""
        self._trunks: deque[tuple[float, Array]] = deque()  # place and size of the last moments
        self._since_s = 0.0

    def has_strayed(self, t_s: float, pixels: Array32) -> bool:
        """Whether the find is not the person who was followed, by its place and its size."""
        now = np.array([*trunk_centre_and_length(pixels), body_size(pixels)])
        while len(self._trunks) > 1 and t_s - self._trunks[1][0] > LATELY_S:
            self._trunks.popleft()
        if self._trunks and t_s - self._trunks[-1][0] <= FORGET_AFTER_S:
            x, y, length, _ = self._trunks[-1][1]
            jump = float(np.hypot(now[0] - x, now[1] - y)) / max(length, 1.0)
            growth = max(now[3] / max(was[3], 1.0) for _, was in self._trunks)
            if jump <= MAX_JUMP_T and growth <= MAX_GROWTH:
                self._trunks.append((t_s, now))
                return False
            if self._trunks[-1][0] - self._since_s >= TRUST_AFTER_S:
                return True
        self._since_s = t_s
        self._trunks.clear()
        self._trunks.append((t_s, now))
        return False


_LIMBS: Final = (
    *((hip, hip + 2) for hip in (Landmark.LEFT_HIP, Landmark.RIGHT_HIP)),
    *((knee, knee + 2) for knee in (Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE)),
)


def body_size(pixels: Array32) -> float:
    """How large a body is in the picture, pixels: trunk, thighs and shanks together, whichever point at the camera."""
    lengths = [trunk_centre_and_length(pixels)[2], *(np.linalg.norm(pixels[a] - pixels[b]) for a, b in _LIMBS)]
    return float(np.linalg.norm(lengths))


def body_outline(mask: Mask, pixels: Array32) -> Array32:
    """How far the body reaches to either side of the hip-shoulder line.

    Args:
        mask: (H, W) in [0, 1], 1 on the person.
        pixels: (33, 2) landmarks.

    Returns:
        (2, N_OUTLINE) pixels at `OUTLINE_STATIONS`: clockwise of the direction hip to shoulder (in
        the image), then counter-clockwise. NaN where the line itself lies outside the person, or
        no edge comes within `REACH_T`.
    """
    shoulder = pixels[[Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]].mean(axis=0)
    hip = pixels[[Landmark.LEFT_HIP, Landmark.RIGHT_HIP]].mean(axis=0)
    trunk = shoulder - hip
    length = float(np.linalg.norm(trunk))
    if not np.isfinite(length) or length < 8.0:
        return np.full((2, N_OUTLINE), np.nan, np.float32)
    across = np.array([-trunk[1], trunk[0]], np.float32) / length
    steps_px = np.linspace(0.0, REACH_T * length, _OUTLINE_STEPS, dtype=np.float32)
    centres = hip + trunk * OUTLINE_STATIONS[:, None].astype(np.float32)
    sides = np.stack([across, -across])
    points = centres[None, :, None] + sides[:, None, None] * steps_px[None, None, :, None]
    points = points.reshape(2 * N_OUTLINE, _OUTLINE_STEPS, 2).astype(np.float32)
    across_px, down_px = np.ascontiguousarray(points[..., 0]), np.ascontiguousarray(points[..., 1])
    values = cv2.remap(np.ascontiguousarray(mask), across_px, down_px, cv2.INTER_LINEAR, borderValue=0.0)
    return _first_edge(np.asarray(values, np.float32), steps_px).reshape(2, N_OUTLINE)


def _first_edge(values: npt.NDArray[np.float32], steps_px: Array32) -> Array32:
    """(R,) distance, between samples, at which each ray (R, S) of mask values first leaves the body."""
    outside = values <= INSIDE
    k = np.argmax(outside, axis=1)
    rays = np.arange(len(values))
    before, after = values[rays, np.maximum(k - 1, 0)], values[rays, k]
    share = (before - INSIDE) / np.maximum(before - after, 1e-6)
    edge = steps_px[np.maximum(k - 1, 0)] + share * (steps_px[1] - steps_px[0])
    return np.where((k > 0) & outside.any(axis=1), edge, np.nan).astype(np.float32)


def lowest_under_ankles(mask: Mask, pixels: Array32) -> Array32:
    """(2,) y in pixels of the lowest point of the body under the left and the right ankle.

    Looked for within 6 % of a trunk length to either side of the ankle. NaN where there is none.
    """
    reach = max(2, round(0.06 * trunk_centre_and_length(pixels)[2]))
    height, width = mask.shape
    out = np.full(2, np.nan, np.float32)
    for i, ankle in enumerate((Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE)):
        x, y = pixels[ankle]
        left, right = max(0, int(x) - reach), min(width, int(x) + reach + 1)
        top = min(max(0, int(y) - reach), height)
        rows = np.flatnonzero((mask[top:, left:right] > INSIDE).any(axis=1))
        if len(rows):
            out[i] = top + rows[-1]
    return out
