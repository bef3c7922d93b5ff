"""What was measured by hand, as a result tells it: with torso lengths, centimetres, the machine's own angle. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

import numpy as np

from checker.hand_measure import HandMeasure
from checker.judging.analysis import Analysis
from checker.review.by_hand import (
    JOINTS,
    SEGMENTS,
    ByHand,
    HandAngle,
    HandGrid,
    HandLine,
    HandTime,
    places,
    read_angle,
)
from checker.review.corrections import Correction
from checker.review.made import CorrectionError
from checker.review.plane import Read, in_cm
from checker.words.by_hand import hand_name

_ALIKE: Final = ("t_s", "note", "who", "at")
"""What every record has and every result tells."""


def hand_results(made: Sequence[Correction], machine: Analysis) -> list[tuple[UUID, HandMeasure]]:
    """What was measured by hand, in order of time, each with the id of its record.

    Args:
        made: the corrections in force; others are left out.
        machine: the recording without any of them, by whose points the machine's angle is told.
    """
    own: list[ByHand] = [c for c in made if isinstance(c, ByHand)]
    known = {c.id: c for c in own if isinstance(c, HandLine) and c.known_cm is not None}
    return [(c.id, _result(c, known, machine)) for c in sorted(own, key=lambda c: c.t_s)]


def with_by_hand(result: Analysis, made: Sequence[Correction], machine: Analysis) -> Analysis:
    """A result with what was measured by hand beside its numbers, of which none changes."""
    by_hand = [found for _, found in hand_results(made, machine)]
    return replace(result, assessment=result.assessment.model_copy(update={"by_hand": by_hand}))


def machine_deg(made: HandAngle, machine: Analysis) -> float | None:
    """The angle of the same joints by the machine's own points, degrees: in the same picture and the same plane.

    None where the reviewer named no joints, or the machine did not see them.
    """
    if made.of is None or not len(machine.t_s):
        return None
    ends = (JOINTS if made.to is None else SEGMENTS)[made.of]
    frame = machine.at(made.t_s)
    points = np.array([machine.track.point(*landmarks)[frame] for landmarks in ends])
    if not np.isfinite(points).all():
        return None
    try:
        return round(read_angle([(float(x), float(y)) for x, y in points], made.to).value, 1)
    except CorrectionError:
        return None


def torso_px(analysis: Analysis, time_s: float) -> float | None:
    """The length of the person's torso in the start posture that a moment is judged from, pixels.

    None where the moment lies in no stretch that is measured, or the torso was not seen.
    """
    frame = analysis.at(time_s)
    starts = [s.start for s in analysis.segments if s.first <= frame < s.last and s.start is not None]
    found = starts[0].torso_px if starts else float("nan")
    return round(found, 1) if np.isfinite(found) and found > 0 else None


def _result(made: ByHand, known: dict[UUID, HandLine], machine: Analysis) -> HandMeasure:
    told: dict[str, Any] = {"points": list(places(made)), **{name: getattr(made, name) for name in _ALIKE}}
    if isinstance(made, HandGrid):
        return HandMeasure(kind="grid", name=hand_name("grid"), value=made.spacing_px, unit="px", **told)
    told |= {"value": made.value, "uncertainty": made.uncertainty}
    if isinstance(made, HandTime):
        return HandMeasure(kind="time", name=hand_name("time"), unit="s", until_s=made.until_s, **told)
    if isinstance(made, HandAngle):
        told |= {"name": hand_name("angle", made.of, made.to), "machine": machine_deg(made, machine)}
        return HandMeasure(kind="angle", unit="deg", **told)
    told["torso_lengths"] = None if made.torso_px is None else round(made.value / made.torso_px, 4)
    told["cm"], told["cm_uncertainty"] = _cm(made, known)
    return HandMeasure(kind="line", name=hand_name("line"), unit="px", **told)


def _cm(line: HandLine, known: dict[UUID, HandLine]) -> tuple[float | None, float | None]:
    """A line in centimetres, and the uncertainty of that; nothing once the line of known length was taken back."""
    if line.known_cm is not None:
        return line.known_cm, None
    other = known.get(line.plane_of) if line.plane_of is not None else None
    if other is None or other.known_cm is None:
        return None, None
    found = in_cm(Read(line.value, line.uncertainty), Read(other.value, other.uncertainty), other.known_cm)
    return round(found.value, 2), round(found.uncertainty, 2)
