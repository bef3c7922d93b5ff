"""Disks that are full and folders that cannot be written, as this computer lets us have them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(place: Path, size_bytes: int, files: int = 1000) -> Iterator[Path]:
    """A disk of its own at a place, with room for so much and so many; skipped where nobody lets us have one."""
    if sys.platform != "linux" or os.getuid() != 0 or shutil.which("mount") is None:
        pytest.skip("NO DISK OF ITS OWN (needs root on Linux): a full disk was NOT tested")
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size_bytes},nr_inodes={files}", "tmpfs", str(place)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("NO DISK OF ITS OWN (mount is not permitted): a full disk was NOT tested")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(disk: Path, left_bytes: int = 0) -> Path:
    """Fill a disk but for so much; the file that does it."""
    filler = disk / "filler"
    room = shutil.disk_usage(disk).free - left_bytes
    filler.write_bytes(bytes(max(0, room)))
    return filler


def as_anybody() -> tuple[str, ...]:
    """A command before another one, under which permissions count: root may write everywhere."""
    if sys.platform == "win32":
        pytest.skip("NOT TRIED ON WINDOWS: its permissions are others")
    if os.getuid() != 0:
        return ()
    if shutil.which("setpriv") is None:
        pytest.skip("ROOT MAY WRITE EVERYWHERE, and there is no setpriv: a read-only folder was NOT tested")
    return ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
