"""Files of poses: NumPy's npz, with units and the model's fingerprint, for who reads them without this program."""

from __future__ import annotations

import json
import lzma
import math
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, Literal

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


MOST_FRAMES: Final = 250_000
"""Two hours at 30 a second: twice the longest session."""

LONGEST_S: Final = 86_400.0
MOST_SIDE_PX: Final = 20_000
LARGEST: Final = 1e6
"""No place, length or grey level that a pose has, in whatever unit, is larger."""

MOST_ABOUT_BYTES: Final = 40_000
MOST_HEAD_BYTES: Final = 1_000


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

    What it says of their sizes is checked before any memory is taken for them.

    Raises:
        TrackError: the file is not there, or holds something else; one line that says what.
    """
    try:
        with zipfile.ZipFile(path) as stored:
            about = _about(stored, path)
            frames: int | None = None
            arrays: dict[str, Any] = {}
            for name, (dtype, shape) in shapes.items():
                arrays[name] = _array(stored, name, dtype, (frames, *shape), path)
                frames = len(arrays[name])
    except TrackError:
        raise
    except _UNREADABLE as error:
        raise TrackError(f"{path}: expected a file of poses that BackCheck has saved ({error})") from error
    return _checked(path, about, arrays)


_UNREADABLE: Final = (
    *(OSError, KeyError, EOFError, ValueError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, SyntaxError),
    *(NotImplementedError, RuntimeError, IndexError, struct.error),  # ways of packing that are not known, or a password
)
"""What the libraries raise over a file that is none of ours, or is damaged."""


def _about(stored: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    """What holds for all frames."""
    with stored.open("about.npy") as file:
        head = _head(file, path)
        if head.dtype.kind != "U" or head.shape != () or head.dtype.itemsize > MOST_ABOUT_BYTES:
            raise TrackError(f"{path}: expected a text about the poses, got {head.dtype} of shape {head.shape}")
        try:
            text = np.frombuffer(file.read(head.dtype.itemsize), head.dtype)[0]
            about = json.loads(str(text))
        except (ValueError, RecursionError) as error:
            raise TrackError(f"{path}: expected a text about the poses ({error})") from error
    if not isinstance(about, dict) or about.get("format") != TRACK_FORMAT:
        raise TrackError(f"{path}: expected poses in format {TRACK_FORMAT} with the size of their pictures")
    return about


def _array(
    stored: zipfile.ZipFile, name: str, dtype: type, shape: tuple[int | None, ...], path: Path
) -> npt.NDArray[Any]:
    """An array of that type and shape; `None` for a number of frames that is not known yet."""
    with stored.open(f"{name}.npy") as file:
        head = _head(file, path)
        frames = head.shape[0] if head.shape else 0
        expected = tuple(frames if size is None else size for size in shape)
        if head.dtype != dtype or head.shape != expected:
            raise TrackError(
                f"{path}: expected {name} as {np.dtype(dtype)} of shape {expected}, "
                f"got {head.dtype} of shape {head.shape}"
            )
        if not 0 <= frames <= MOST_FRAMES:
            raise TrackError(f"{path}: expected at most {MOST_FRAMES} frames, got {frames}")
        size = math.prod(expected) * head.dtype.itemsize
        data = file.read(size)
    if len(data) != size:
        raise TrackError(f"{path}: expected {size} bytes of {name}, got {len(data)}")
    order: Literal["C", "F"] = "F" if head.fortran_order else "C"
    return np.frombuffer(data, head.dtype).reshape(expected, order=order).copy()


@dataclass(frozen=True, slots=True)
class _Head:
    shape: tuple[int, ...]
    fortran_order: bool
    dtype: np.dtype[Any]


def _head(file: IO[bytes], path: Path) -> _Head:
    """What an array in the file says of itself."""
    try:
        version = np.lib.format.read_magic(file)
        if version != (1, 0):
            raise ValueError(f"its version is {version}")
        return _Head(*np.lib.format.read_array_header_1_0(file, MOST_HEAD_BYTES))
    except (ValueError, TypeError, RecursionError) as error:
        raise TrackError(f"{path}: expected arrays as NumPy writes them ({' '.join(str(error).split())})") from error


def _checked(path: Path, about: dict[str, Any], arrays: dict[str, Any]) -> dict[str, Any]:
    """What a file of poses holds, ready for a `PoseTrack`.

    Raises:
        TrackError: its numbers make no sense.
    """
    sizes = [about.get(name) for name in ("width", "height")]
    if not all(type(size) is int and 0 < size <= MOST_SIDE_PX for size in sizes):
        raise TrackError(
            f"{path}: expected poses in format {TRACK_FORMAT} with the size of their pictures, 1 to {MOST_SIDE_PX} px"
        )
    t_s = arrays["t_s"]
    if not (np.abs(t_s) <= LONGEST_S).all() or not (np.diff(t_s) > 0).all():
        raise TrackError(f"{path}: expected times that rise from frame to frame, within {LONGEST_S:.0f} s")
    for name, array in arrays.items():
        if array.dtype.kind == "f" and (np.abs(array) > LARGEST).any():  # NaN: it was not seen
            raise TrackError(f"{path}: expected {name} within {LARGEST:g}")
    of_all = {"model": str(about.get("model", "")), "times_known": about.get("times_known", True) is True}
    return {**arrays, "width": sizes[0], "height": sizes[1], **of_all}
