"""In which order a reviewer looks: the worst first."""

from __future__ import annotations

from checker.assessment import Assessment, Repetition


def worst_first(result: Assessment) -> list[Repetition]:
    """The repetitions: most faults of form first, then those that fall shortest of the best of their side."""
    of_form = {fault.id for fault in result.faults if fault.severity == "fault"}
    best: dict[str, float] = {}
    for rep in result.reps:
        best[rep.side] = max(best.get(rep.side, 0.0), rep.rom.value)

    def badness(rep: Repetition) -> tuple[int, float, int]:
        whole = best[rep.side]
        return -sum(fault in of_form for fault in rep.faults), rep.rom.value / whole if whole > 0 else 1.0, rep.index

    return sorted(result.reps, key=badness)
