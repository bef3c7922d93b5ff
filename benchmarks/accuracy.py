"""Compares every clip's assessment with its truth and prints the table of the README.

    python benchmarks/accuracy.py                 the table, in Markdown
    python benchmarks/accuracy.py --calibrate     the errors that `checker.signals.CATALOGUE` states
    python benchmarks/accuracy.py --only hinge    of the clips with this in their name

Runs on ../shared/clips, or on sample_videos where that is missing. Nothing is kept between runs.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from clips import Clip, find_clips

from checker.analyze import analyze_video
from checker.assessment import Assessment
from checker.library import find_exercise
from checker.model import ensure_model
from checker.signals import CATALOGUE


@dataclass(frozen=True, slots=True)
class Error:
    """One measure of one clip against its truth.

    Attributes:
        exercise: id of the movement.
        measure: id of the measure.
        person: who moved.
        error: size of what was measured less the true range, in the measure's unit.
        uncertainty: half-width that was stated with it.
    """

    exercise: str
    measure: str
    person: str
    error: float
    uncertainty: float


@dataclass(slots=True)
class Tally:
    """Everything that is counted over the clips.

    Attributes:
        errors: of the measures that have a value.
        silent: measures of well-filmed clips without a value, as "clip: measure".
        counted_right: whether a clip's repetitions and their sides are right.
        boundaries_s: errors of the starts and ends of repetitions.
        abstained: whether a clip from the wrong side is left unmeasured, with advice.
        faults: judged faults, by (acted, flagged).
    """

    errors: list[Error] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    counted_right: list[bool] = field(default_factory=list)
    boundaries_s: list[float] = field(default_factory=list)
    abstained: list[bool] = field(default_factory=list)
    faults: dict[tuple[bool, bool], int] = field(default_factory=lambda: defaultdict(int))


def compare(clip: Clip, found: Assessment, tally: Tally) -> None:
    """Count what was right and wrong about one clip."""
    if clip.abstain:
        tally.abstained.append(not found.measured and not found.reps and bool(found.view.advice))
        return
    right = [r["side"] for r in clip.reps] == [r.side for r in found.reps]
    tally.counted_right.append(right)
    if right:
        for true, rep in zip(clip.reps, found.reps, strict=True):
            tally.boundaries_s += [abs(true["start_s"] - rep.start_s), abs(true["end_s"] - rep.end_s)]
    measures = {(m.id, m.side): m for m in found.measures}
    for true in clip.measures:
        measure = measures[true["id"], true["side"]]
        if measure.value is None or measure.uncertainty is None:
            tally.silent.append(f"{clip.path.name}: {measure.name} {measure.side or ''}".strip())
            continue
        error = abs(measure.value) - true["rom"]
        tally.errors.append(Error(clip.exercise, measure.id, clip.person, error, measure.uncertainty))
    for fault in found.faults:
        acted = fault.id in clip.faults
        if fault.status != "not_measured" or acted:  # an acted fault that was not judged is missed
            tally.faults[acted, fault.status == "flagged"] += 1


# --- what is printed ----------------------------------------------------------------------------


def _share(right: list[bool]) -> str:
    return f"{sum(right)} of {len(right)}"


def print_table(tally: Tally) -> None:
    """The README's table: one line a measure, then repetitions, faults and abstentions."""
    print("| measure | n | mean error | bias | 90 % of errors within | truths inside the stated uncertainty |")
    print("|---|---|---|---|---|---|")
    groups: dict[tuple[str, str], list[Error]] = defaultdict(list)
    for e in tally.errors:
        groups[e.exercise, e.measure].append(e)
    for (exercise, measure), own in groups.items():
        print(_line(f"{CATALOGUE[measure].name}, {find_exercise(exercise).name.lower()}", own))
    print(_line("all", tally.errors))
    print()
    for line in _counts(tally):
        print(f"- {line}")


def _line(name: str, errors: list[Error]) -> str:
    e = np.array([x.error for x in errors])
    inside = [abs(x.error) <= x.uncertainty for x in errors]
    return (
        f"| {name} | {len(e)} | {np.abs(e).mean():.1f}° | {e.mean():+.1f}° "
        f"| {np.quantile(np.abs(e), 0.9):.1f}° | {_share(inside)} ({np.mean(inside):.0%}) |"
    )


def _counts(tally: Tally) -> list[str]:
    """What is counted rather than measured, in words."""
    hits, missed = tally.faults[True, True], tally.faults[True, False]
    clear, false = tally.faults[False, False], tally.faults[False, True]
    lines = [
        f"Repetitions and their sides: right on {_share(tally.counted_right)} clips.",
        f"Start and end of a repetition: mean error {np.mean(tally.boundaries_s):.2f} s.",
        f"Faults: {hits} of {hits + missed} acted ones flagged (sensitivity {hits / max(hits + missed, 1):.2f}); "
        f"{clear} of {clear + false} others left alone (specificity {clear / max(clear + false, 1):.2f}).",
        f"Not measured on well-filmed clips: {len(tally.silent)}.",
        f"Filmed from the wrong side: {_share(tally.abstained)} left unmeasured, with advice how to turn.",
    ]
    return [*lines, *(f"Not measured: {s}" for s in tally.silent)]


def print_calibration(errors: list[Error]) -> None:
    """For each signal the half-width that holds 90 % of errors, pooled and without each person.

    The last column is the honest one: the share of a person's errors that lie within what the
    others alone give.
    """
    print("| signal | stated | pooled | without one person | errors inside, that person left out |")
    print("|---|---|---|---|---|")
    for measure in sorted({e.measure for e in errors}):
        own = [e for e in errors if e.measure == measure]
        size = np.abs([e.error for e in own])
        others, inside = [], []
        for person in sorted({e.person for e in own}):
            left_out = np.array([e.person == person for e in own])
            if left_out.all():
                continue
            width = float(np.quantile(size[~left_out], 0.9))
            others.append(f"{person} {width:.1f}")
            inside += list(size[left_out] <= width)
        pooled = np.quantile(size, 0.9)
        share = f"{np.mean(inside):.0%}" if inside else "-"
        print(f"| {measure} | {CATALOGUE[measure].error_90} | {pooled:.1f} | {', '.join(others)} | {share} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calibrate", action="store_true", help="print the signals' errors instead of the table")
    parser.add_argument("--only", default="", help="clips with this in their name")
    options = parser.parse_args()
    model = ensure_model()
    tally = Tally()
    clips = find_clips(options.only)
    for i, clip in enumerate(clips, 1):
        print(f"\r{i}/{len(clips)} {clip.path.name:<52}", end="", file=sys.stderr, flush=True)
        compare(clip, analyze_video(clip.path, find_exercise(clip.exercise), model).assessment, tally)
    print(file=sys.stderr)
    if options.calibrate:
        print_calibration(tally.errors)
    else:
        print_table(tally)


if __name__ == "__main__":
    main()
