"""Where a repetition or hold that is to be added is proposed: around a moment, where none is yet."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Final

LEAST_S: Final = 0.5
"""Between two, less than this is no room for another (ours)."""

SHARE: Final = 0.2
"""Where there is none yet, one is proposed as long as this share of the recording (ours)."""


def room_for(at_s: float, taken: Sequence[tuple[float, float]], end_s: float) -> tuple[float, float, float]:
    """Return when one is proposed to begin, to be furthest and to end, seconds.

    It is as long as those that are there usually are, or as the room between them; where there is no room at all, it
    lies over others.

    Args:
        at_s: the moment around which it is.
        taken: when those that are there begin and end.
        end_s: when the recording ends.
    """
    length_s = min(median(end - start for start, end in taken) if taken else SHARE * end_s, end_s)
    edges = [(0.0, 0.0), *sorted(taken), (end_s, end_s)]
    gaps = [(before[1], after[0]) for before, after in pairwise(edges) if after[0] - before[1] >= LEAST_S]
    low_s, high_s = min(gaps, key=lambda g: max(g[0] - at_s, at_s - g[1], 0.0), default=(0.0, end_s))
    length_s = min(length_s, high_s - low_s)
    start_s = min(max(at_s - length_s / 2, low_s), high_s - length_s)
    furthest_s = at_s if start_s < at_s < start_s + length_s else start_s + length_s / 2
    return round(start_s, 2), round(furthest_s, 2), round(start_s + length_s, 2)
