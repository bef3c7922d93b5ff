"""What a result remarks on besides its numbers: what happened in a clip that was not measured, and when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from checker.judging.bouts import Movement
from checker.judging.segments import Part
from checker.posture import HIPS
from checker.skeleton import Array, Mask, PoseTrack

MOST_MOVING: Final = 0.8
"""Share of a clip in which the camera may be moved: beyond, what is left says nothing of the whole (chosen)."""

AWAY_S: Final = 3.0
"""Somebody who walks off at the end is away for less; longer, something may have been done there (chosen)."""


def why_camera(moves: Mask) -> str | None:
    """Why nothing can be measured while the camera hardly ever rests; (T,) whether it moves."""
    if len(moves) == 0 or moves.mean() <= MOST_MOVING:
        return None
    return (
        "The camera moves nearly all the time. Prop it up, so that nobody has to hold it; and if it follows you "
        "(auto-framing, Center Stage), switch that off."
    )


def camera_moved(t_s: Array, moves: Mask) -> list[str]:
    """A warning about the times at which the camera moved."""
    told = f"The camera moved from {_times(t_s, moves)}: what was done then is not measured. Prop it up well."
    return [told] if moves.any() else []


def cuts(t_s: Array, cut: Mask) -> list[str]:
    """A warning about the times at which the film was cut; (T,) whether another take begins."""
    times = ", ".join(f"{t:.0f} s" for t in t_s[cut])
    told = (
        f"The picture changes at once at {times}: the film was cut there, or the camera was moved. Each part is "
        "measured from a start of its own."
    )
    return [told] if times else []


def left_out(track: PoseTrack, parts: Sequence[Part]) -> list[str]:
    """Warnings about parts in which somebody was seen and nothing was measured, with the reason of each."""
    out = []
    for part in parts:
        t_s = track.t_s[part.frames]
        seen = np.isfinite(track.point(*HIPS)[part.frames, 0])
        if part.why is not None and _lasts_s(t_s, seen) > AWAY_S:
            out.append(f"From {t_s[0]:.0f} to {t_s[-1]:.0f} s nothing was measured. {part.why}")
    return out


def covered(t_s: Array, behind: Mask) -> list[str]:
    """A warning about the times at which somebody else was before the person."""
    told = (
        f"Somebody stood before you, or close to you, from {_times(t_s, behind)}: what was done then is not measured."
    )
    return [told] if behind.any() else []


def elsewhere(t_s: Array, away: Mask) -> list[str]:
    """A warning about the times at which the person was out of their place; (T,) whether they were."""
    if _lasts_s(t_s, away) <= AWAY_S:
        return []
    return [
        f"You were not in your place from {_times(t_s, away)}: what was done then is not measured. Stay in one place."
    ]


def absent(t_s: Array, absences: Sequence[tuple[int, int]]) -> list[str]:
    """A warning about the times at which nobody was there; absences as `segments.find_absences` gives them."""
    ends = [f" to {t_s[back]:.0f} s" if back < len(t_s) else " s on" for _, back in absences]
    times = [f"{t_s[gone]:.0f}{end}" for (gone, _), end in zip(absences, ends, strict=True)]
    return [f"Nobody was seen from {', '.join(times)}: nothing was measured then."] if times else []


def cut_off(movements: Sequence[Movement], what: str) -> list[str]:
    """A remark on repetitions of which the first or the last bit was not seen."""
    times = [f"{m.peak_s:.0f} s" for m in movements if m.cut_off]
    told = f"The {what} at {', '.join(times)} is cut off: it was counted as far as it was seen."
    return [told] if times else []


def _lasts_s(t_s: Array, mask: Mask) -> float:
    """For how long a mask is set, seconds."""
    return float(np.sum(np.diff(t_s)[mask[1:] & mask[:-1]]))


def _times(t_s: Array, mask: Mask) -> str:
    """The stretches of a mask: "2 to 4, 7 to 9 s"."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(int)))
    return ", ".join(f"{t_s[a]:.0f} to {t_s[b - 1]:.0f}" for a, b in zip(edges[::2], edges[1::2], strict=True)) + " s"
