"""A picture in, a `Pose` out: landmarks in pixels, the same person throughout, the body's outline.

The outline is read from the segmentation mask, which itself is not kept. No pose model is thread-safe: one
`PoseEstimator` is made, used and closed on one thread.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Literal

import numpy as np

from checker.pose.camera_motion import CameraMotion
from checker.pose.clothes import clothes_and_grey
from checker.pose.estimator import Body, BodyFinder
from checker.pose.outline import body_outline, lowest_under_ankles
from checker.pose.people import FollowedPerson, PeopleCount
from checker.skeleton import N_OUTLINE, Array32, Rgb
from checker.track import Pose, missing_pose

MakeFinder = Callable[[Literal["film", "single"], bool], BodyFinder]
"""Makes a finder: of the followed person in a film, or of everybody in single pictures; with masks or without."""


class PoseEstimator:
    """Finds the person in one picture after another, as an `Estimator`. Use as a context manager."""

    def __init__(self, make_finder: MakeFinder, name: str, fingerprint: str, outline: bool) -> None:
        """Load the model; `checker.pose.models.open_estimator` knows which.

        Args:
            make_finder: of the model.
            name: of the model.
            fingerprint: sha256 of its file.
            outline: whether to read the outline of the body too (about a tenth more work a frame).
        """
        self.name, self.fingerprint = name, fingerprint
        self._finder = make_finder("film", outline)
        self._people = PeopleCount(lambda: make_finder("single", False))
        self._person = FollowedPerson()
        self._camera = CameraMotion()
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="camera")
        self._pixels: Array32 | None = None  # of the frame before

    def __enter__(self) -> PoseEstimator:
        """Ready to use."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Free the model."""
        self.close()

    def close(self) -> None:
        """Free the model."""
        self._beside.shutdown()
        self._finder.close()
        self._people.close()

    def estimate(self, rgb: Rgb, t_s: float) -> Pose:
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
            self._person.forget()
        if not found:
            return missing_pose(t_s, brightness, camera, cut)
        body = found[0]
        strayed = self._person.has_strayed(t_s, body.pixels)
        count = self._people.look(rgb, t_s, body.pixels, at_once=strayed)
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

    def _find(self, rgb: Rgb, t_s: float) -> tuple[list[Body], Array32]:
        """The bodies in the frame, and how the camera has moved.

        The room is followed on a thread of its own while the model looks, around the person of the frame before,
        who has hardly moved; where there was none, after it, around the one who is there now.
        """
        if self._pixels is None:
            found = self._finder.find(rgb, t_s)
            camera = self._camera.feed(rgb, found[0].pixels if found else None)
        else:
            moved = self._beside.submit(self._camera.feed, rgb, self._pixels)
            found = self._finder.find(rgb, t_s)
            camera = moved.result()
        self._pixels = found[0].pixels if found else None
        return found, camera
