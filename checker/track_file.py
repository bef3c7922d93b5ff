"""Files of poses: NumPy's npz, with units and the model's fingerprint, for who reads them without this program."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

TRACK_FORMAT: Final = 1


TRACK_UNITS: Final = {
    "t_s": "s",
    "image": "px, x right, y down",
    "world": "m, x to the image's right, y down, z away from the camera, hip-centred",
    "visibility": "0 to 1",
    "outline": "px",
    "feet": "px",
    "people": "count",
    "brightness": "0 to 255",
    "camera": "a, b, x px, y px",
    "other": "x px, y px, length px, share",
    "body_brightness": "0 to 255",
    "clothes": "shares",
    "cut": "bool",
}
"""Told in every file of poses, for who reads it without this program."""


class TrackError(ValueError):
    """A file of poses is missing or holds something else; the message says what was expected."""


Shapes = Mapping[str, tuple[type, tuple[int, ...]]]
"""By the name of an array, its type and the shape of what it holds of one frame."""


def write(path: Path, arrays: Mapping[str, npt.NDArray[Any]], of_all: Mapping[str, Any]) -> None:
    """Write poses to a file.

    Args:
        path: to write to.
        arrays: by name, each with the frames on its first axis.
        of_all: what holds for all frames; plain values.

    Raises:
        OSError: the file cannot be written.
    """
    about = {"format": TRACK_FORMAT, "units": TRACK_UNITS, **of_all}
    with path.open("wb") as file:
        np.savez_compressed(file, about=np.array(json.dumps(about)), **arrays)  # type: ignore[arg-type]  # its stub


def read(path: Path, shapes: Shapes) -> dict[str, Any]:
    """What a file of poses holds: the arrays, and what holds for all frames, by name.

    Raises:
        TrackError: the file is not there, or holds something else; one line that says what.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            about = json.loads(str(stored["about"]))
            arrays: dict[str, Any] = {name: stored[name] for name in shapes}
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise TrackError(f"{path}: expected a file of poses that BackCheck has saved ({error})") from error
    return _checked(path, about, arrays, shapes)


def _checked(path: Path, about: Any, arrays: dict[str, Any], shapes: Shapes) -> dict[str, Any]:
    """What a file of poses holds, ready for a `PoseTrack`.

    Raises:
        TrackError: its format is another one, or an array has another shape or type.
    """
    known = isinstance(about, dict) and about.get("format") == TRACK_FORMAT
    sizes = [about.get(name) for name in ("width", "height")] if known else []
    if not known or not all(isinstance(size, int) and size > 0 for size in sizes):
        raise TrackError(f"{path}: expected poses in format {TRACK_FORMAT} with the size of their pictures")
    frames = len(np.atleast_1d(arrays["t_s"]))
    for name, (dtype, shape) in shapes.items():
        if arrays[name].dtype != dtype or arrays[name].shape != (frames, *shape):
            raise TrackError(
                f"{path}: expected {name} as {np.dtype(dtype)} of shape {(frames, *shape)}, "
                f"got {arrays[name].dtype} of shape {arrays[name].shape}"
            )
    t_s = arrays["t_s"]
    if not np.isfinite(t_s).all() or not (np.diff(t_s) > 0).all():
        raise TrackError(f"{path}: expected times that rise from frame to frame")
    of_all = {"model": str(about.get("model", "")), "times_known": about.get("times_known", True) is True}
    return {**arrays, "width": sizes[0], "height": sizes[1], **of_all}
