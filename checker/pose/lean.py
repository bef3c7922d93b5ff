"""Importing a library without the plotting library that it would bring along.

MediaPipe imports Matplotlib for a drawing function that nobody here calls. That takes a third of a second each time,
and leaves a cache of fonts in the user's folder.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Final

PLOTTING: Final = ("matplotlib", "matplotlib.pyplot")


@contextmanager
def without_plotting() -> Iterator[None]:
    """Whoever imports Matplotlib meanwhile gets an empty module; everybody later gets the real one."""
    if PLOTTING[0] in sys.modules:  # it is here already, and costs nothing more
        yield
        return
    sys.modules |= {name: ModuleType(name) for name in PLOTTING}
    try:
        yield
    finally:
        for name in PLOTTING:
            sys.modules.pop(name, None)
