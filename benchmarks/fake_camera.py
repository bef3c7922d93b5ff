"""A clip as the camera of a browser under test plays it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import cv2
import numpy as np

from checker.video.reader import open_video

RATE_HZ: Final = 30
"""Chromium plays a film of its fake camera at this rate, whatever the film was made at, and for ever."""

QUALITY: Final = 85

QUIET: Final = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""Flags of a Chromium that shows nothing and asks nobody."""

ALLOWED: Final = "--use-fake-ui-for-media-stream"
"""Flag of one that allows the camera unasked."""

REMEMBER_CAMERA: Final = """
  async (answer) => {
    const stream = await navigator.mediaDevices.getUserMedia({ video: true });
    const [track] = stream.getVideoTracks();
    localStorage.setItem(`backcheck-mirrored camera ${track.label}`, answer);
    track.stop();
  }
"""
"""Run in a page before a session: whether its camera mirrors, "yes" or "no", as if it had been shown before."""


def camera_flags(film: Path) -> list[str]:
    """Flags of a Chromium whose camera plays a film."""
    return ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}"]


def write_mjpeg(
    clip: Path, target: Path, lead_s: float = 2.0, width: int = 640, height: int = 480, keep: float = 1.0
) -> None:
    """Write a clip as a film for `--use-file-for-fake-video-capture`.

    Args:
        clip: the clip; its frames are repeated or left out by their times.
        target: the .mjpeg file.
        lead_s: for so long its first frame is held: whoever is led stands still first.
        width: of the film, pixels; the clip is fitted in, on grey.
        height: of the film, pixels.
        keep: share of the clip's height that the camera sees, from the top: without the legs of whoever stands.
    """
    written = 0
    with target.open("wb") as out, open_video(clip, max_side_px=max(width, height)) as video:
        before = b""
        for frame in video:
            due = round((lead_s + frame.t_s) * RATE_HZ)
            now = _jpeg(frame.rgb[: round(keep * frame.rgb.shape[0])], width, height)
            out.write((before or now) * (due - written))
            written, before = due, now
        out.write(before)


def _jpeg(rgb: np.ndarray, width: int, height: int) -> bytes:
    """The picture in the middle of a frame of that size."""
    scale = min(width / rgb.shape[1], height / rgb.shape[0])
    small = cv2.resize(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    canvas = np.full((height, width, 3), 128, np.uint8)
    top, left = (height - small.shape[0]) // 2, (width - small.shape[1]) // 2
    canvas[top : top + small.shape[0], left : left + small.shape[1]] = small
    return cv2.imencode(".jpg", canvas, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes()
