"""Compares every clip's assessment with its truth and prints the table of the README.

    python benchmarks/accuracy.py                 the table, in Markdown
    python benchmarks/accuracy.py --calibrate     the errors that `checker.signals.CATALOGUE` states
    python benchmarks/accuracy.py --margins       how far each fault's readings keep from its threshold
    python benchmarks/accuracy.py --only hinge    of the clips with this in their name
    python benchmarks/accuracy.py --altered       the same once more on altered copies of the clips

Runs on ../shared/clips, or on sample_videos where that is missing. Nothing is kept between runs.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from altered import ALTERATIONS, Alteration, analyze_altered, true_clip
from clips import Clip, find_clips

from checker.analyze import analyze_video
from checker.assessment import UNIT_LABELS, Assessment
from checker.exercise import Exercise
from checker.judging.holds import HOLD, time_within
from checker.library import find_exercise
from checker.pose.bundle import ModelFile, ensure_model
from checker.posture import BELLY
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
        unit: of both.
    """

    exercise: str
    measure: str
    person: str
    error: float
    uncertainty: float
    unit: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a fault's rule read on one clip: its worst value, and what was made of it.

    An acted fault that is not certain counts as missed; one that was not acted is neither right nor wrong.
    """

    exercise: str
    fault: str
    acted: bool
    status: str
    worst: float | None
    threshold: float
    error: float
    unit: str

    @property
    def flagged(self) -> bool:
        """Whether it was told for certain."""
        return self.status == "flagged"

    @property
    def unsure(self) -> bool:
        """Whether it was told as not certain."""
        return self.status == "unsure"


@dataclass(slots=True)
class Tally:
    """Everything that is counted over the clips.

    Attributes:
        errors: of the measures that have a value.
        silent: measures of well-filmed clips without a value, as "clip: measure".
        counted_right: whether a clip's repetitions and their sides are right.
        miscounted: the others, as "clip: what was found".
        boundaries_s: errors of the starts and ends of repetitions.
        holds_s: errors of the time held, of repetitions in good form.
        abstained: whether a clip from the wrong side is left unmeasured, with advice.
        readings: of every fault that was judged, and of acted ones that were not.
        misjudged: faults that are wrong, as "clip: fault, how".
        unsure: faults that were not acted and are not certain, as "clip: fault".
        floor: (frames with all needed joints, frames) of each clip of a movement on the floor.
    """

    errors: list[Error] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    counted_right: list[bool] = field(default_factory=list)
    miscounted: list[str] = field(default_factory=list)
    boundaries_s: list[float] = field(default_factory=list)
    holds_s: list[float] = field(default_factory=list)
    abstained: list[bool] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    misjudged: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)
    floor: list[tuple[float, int]] = field(default_factory=list)


def compare(clip: Clip, found: Assessment, tally: Tally) -> None:
    """Count what was right and wrong about one clip."""
    if clip.abstain:
        tally.abstained.append(not found.measured and not found.reps and bool(found.view.advice))
        return
    exercise = find_exercise(clip.exercise)
    if exercise.position in BELLY:
        tally.floor.append((found.coverage * found.video.frames, found.video.frames))
    _compare_repetitions(clip, exercise, found, tally)
    _compare_measures(clip, found, tally)
    _compare_faults(clip, found, tally)


def _compare_repetitions(clip: Clip, exercise: Exercise, found: Assessment, tally: Tally) -> None:
    right = [r["side"] for r in clip.reps] == [r.side for r in found.reps]
    tally.counted_right.append(right)
    if not right:
        sides = ", ".join(r.side for r in found.reps) or "none"
        tally.miscounted.append(f"{clip.path.name}: {sides} of {len(clip.reps)}")
        return
    for true, rep in zip(clip.reps, found.reps, strict=True):
        tally.boundaries_s += [abs(true["start_s"] - rep.start_s), abs(true["end_s"] - rep.end_s)]
    if exercise.first_dose is not None and exercise.first_dose.hold_s is not None and not clip.faults:
        held_s = _true_holds_s(clip)
        tally.holds_s += [rep.hold_s - true_s for rep, true_s in zip(found.reps, held_s, strict=True)]


def _true_holds_s(clip: Clip) -> list[float]:
    """How long each repetition was at nine tenths of its way or further, where the engine's clock runs too."""
    frames = clip.frames()
    t_s = np.array([f["t"] for f in frames])
    far = np.array([f["progress"] >= HOLD for f in frames])
    return [time_within(t_s, far, r["start_s"], r["end_s"]) for r in clip.reps]


def _compare_measures(clip: Clip, found: Assessment, tally: Tally) -> None:
    measures = {(m.id, m.side): m for m in found.measures}
    for true in clip.measures:
        measure = measures.get((true["id"], true["side"]))
        if measure is None or measure.value is None or measure.uncertainty is None:
            tally.silent.append(f"{clip.path.name}: {true['id']} {true['side'] or ''}".strip())
            continue
        error = abs(measure.value) - true["rom"]
        tally.errors.append(Error(clip.exercise, measure.id, clip.person, error, measure.uncertainty, measure.unit))


def _compare_faults(clip: Clip, found: Assessment, tally: Tally) -> None:
    for fault in found.faults:
        acted = fault.id in clip.faults
        if fault.status == "not_measured" and not acted:  # an acted fault that was not judged is missed
            continue
        peak, limit = fault.peak, (fault.threshold, fault.error, fault.unit)
        reading = Reading(clip.exercise, fault.id, acted, fault.status, peak, *limit)
        tally.readings.append(reading)
        if reading.unsure and not acted:
            tally.unsure.append(f"{clip.path.name}: {fault.id}")
        elif acted != reading.flagged:
            how = "missed, not certain" if reading.unsure else "missed" if acted else "flagged without cause"
            tally.misjudged.append(f"{clip.path.name}: {fault.id} {how}")


# --- what is printed ----------------------------------------------------------------------------


def _share(right: list[bool]) -> str:
    return f"{sum(right)} of {len(right)}"


def name_of(exercise_id: str, measure_id: str) -> str:
    """A measure by the name of its signal, with its movement."""
    exercise = find_exercise(exercise_id)
    rule = next(m for m in exercise.measures if m.id == measure_id)
    return f"{CATALOGUE[rule.on].name if rule.on else rule.name}, {exercise.name.lower()}"


def print_table(tally: Tally) -> None:
    """The README's table: one line a measure, then repetitions, faults and abstentions."""
    print("| measure | n | mean error | bias | 90 % of errors within | truths inside the stated uncertainty |")
    print("|---|---|---|---|---|---|")
    groups: dict[tuple[str, str], list[Error]] = defaultdict(list)
    for e in tally.errors:
        groups[e.exercise, e.measure].append(e)
    for (exercise, measure), own in groups.items():
        print(_line(name_of(exercise, measure), own))
    degrees = [e for e in tally.errors if e.unit == "deg"]
    if degrees:
        print(_line("all angles", degrees))
    print()
    for line in _counts(tally):
        print(f"- {line}")


def _line(name: str, errors: list[Error]) -> str:
    e = np.array([x.error for x in errors])
    inside = [abs(x.error) <= x.uncertainty for x in errors]
    unit = UNIT_LABELS[errors[0].unit]
    digits = 1 if errors[0].unit in {"deg", "s", "1/min", "count"} else 2
    return (
        f"| {name} | {len(e)} | {np.abs(e).mean():.{digits}f}{unit} | {e.mean():+.{digits}f}{unit} "
        f"| {np.quantile(np.abs(e), 0.9):.{digits}f}{unit} | {_share(inside)} ({np.mean(inside):.0%}) |"
    )


def _counts(tally: Tally) -> list[str]:
    """What is counted rather than measured, in words."""
    acted = [r.flagged for r in tally.readings if r.acted]
    others = [not r.flagged for r in tally.readings if not r.acted and not r.unsure]
    unsure = [r.unsure for r in tally.readings]
    lines = [f"Repetitions and their sides: right on {_share(tally.counted_right)} clips."]
    if tally.boundaries_s:
        lines.append(f"Start and end of a repetition: mean error {np.mean(tally.boundaries_s):.2f} s.")
    if tally.holds_s:
        off = np.array(tally.holds_s)
        within = np.quantile(np.abs(off), 0.9)
        lines.append(f"Time held: bias {off.mean():+.2f} s, 90 % of errors within {within:.2f} s (n = {len(off)}).")
    lines += [
        f"Faults: {_share(acted)} acted ones flagged (sensitivity {_ratio(acted)}); "
        f"{_share(others)} others left alone (specificity {_ratio(others)}); "
        f"{_share(unsure)} not certain ({_percent(unsure)}).",
        f"Not measured on well-filmed clips: {len(tally.silent)}.",
        f"Filmed from the wrong side: {_share(tally.abstained)} left unmeasured, with advice how to turn.",
    ]
    if tally.floor:
        seen, frames = sum(s for s, _ in tally.floor), sum(n for _, n in tally.floor)
        lines.append(
            "Frames on the floor in which the person and all needed joints were found: "
            f"{seen / frames:.1%} of {frames}, on {len(tally.floor)} clips."
        )
    lines += [f"Miscounted: {s}" for s in tally.miscounted]
    lines += [f"Not certain: {s}" for s in tally.unsure]
    return [*lines, *(f"Not measured: {s}" for s in tally.silent), *(f"Misjudged: {s}" for s in tally.misjudged)]


def _percent(right: list[bool]) -> str:
    return f"{np.mean(right):.0%}" if right else "-"


def _ratio(right: list[bool]) -> str:
    return f"{np.mean(right):.2f}" if right else "-"


def print_calibration(tally: Tally) -> None:
    """For each signal the half-width that holds 90 % of errors, pooled and without each person.

    The last column is the honest one: the share of a person's errors that lie within what the
    others alone give.
    """
    print("| signal | stated | pooled | without one person | errors inside, that person left out |")
    print("|---|---|---|---|---|")
    by_signal: dict[str, list[Error]] = defaultdict(list)
    for e in tally.errors:
        rule = next(m for m in find_exercise(e.exercise).measures if m.id == e.measure)
        if rule.on is not None:
            by_signal[rule.on].append(e)
    for signal, own in sorted(by_signal.items()):
        size = np.abs([e.error for e in own])
        others, inside = [], []
        for person in sorted({e.person for e in own}):
            left_out = np.array([e.person == person for e in own])
            if left_out.all():
                continue
            width = float(np.quantile(size[~left_out], 0.9))
            others.append(f"{person} {width:.1f}")
            inside += list(size[left_out] <= width)
        share = f"{np.mean(inside):.0%}" if inside else "-"
        pooled = np.quantile(size, 0.9)
        print(f"| {signal} | {CATALOGUE[signal].errors.error_90} | {pooled:.1f} | {', '.join(others)} | {share} |")


def print_margins(tally: Tally) -> None:
    """For each fault the worst values that its rule read, and how many were not certain, acted and elsewhere."""
    print("| fault | threshold | read where it was acted | not certain | read elsewhere | not certain |")
    print("|---|---|---|---|---|---|")
    groups: dict[tuple[str, str], list[Reading]] = defaultdict(list)
    for r in tally.readings:
        groups[r.exercise, r.fault].append(r)
    for (exercise, fault), own in groups.items():
        threshold = f"{own[0].threshold:g} ± {_errors(own)}{UNIT_LABELS.get(own[0].unit, f' {own[0].unit}')}"
        acted, elsewhere = ([r for r in own if r.acted == which] for which in (True, False))
        read = " | ".join(f"{_span(part)} | {_share([r.unsure for r in part])}" for part in (acted, elsewhere))
        print(f"| {find_exercise(exercise).name}: {fault} | {threshold} | {read} |")
    unsure = [r.unsure for r in tally.readings]
    print(f"\nNot certain: {_share(unsure)} ({_percent(unsure)}). Sensitivity and specificity as in the table:")
    print("\n".join(f"- {line}" for line in _counts(tally) if line.startswith(("Faults", "Misjudged"))))


def _errors(readings: list[Reading]) -> str:
    """The error that a fault was read with, from the least to the most where it differs."""
    least, most = (f(r.error for r in readings) for f in (min, max))
    return f"{least:g}" if least == most else f"{least:g} to {most:g}"


def _span(readings: list[Reading]) -> str:
    """From the least to the most of what was read."""
    values = [r.worst for r in readings if r.worst is not None]
    digits = 1 if readings and readings[0].unit in {"deg", "deg/s"} else 2
    return f"{min(values):.{digits}f} to {max(values):.{digits}f} (n = {len(values)})" if values else "-"


# --- running ------------------------------------------------------------------------------------


def run(clips: list[Clip], model: ModelFile, alteration: Alteration | None) -> Tally:
    """Analyse every clip, as it is or altered."""
    tally = Tally()
    for i, clip in enumerate(clips, 1):
        print(f"\r{i}/{len(clips)} {clip.path.name:<52}", end="", file=sys.stderr, flush=True)
        if alteration is None:
            compare(clip, analyze_video(clip.path, find_exercise(clip.exercise), model).assessment, tally)
        else:
            compare(true_clip(clip, alteration), analyze_altered(clip, model, alteration).assessment, tally)
    print(file=sys.stderr)
    return tally


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--calibrate", action="store_true", help="print the signals' errors instead of the table")
    what.add_argument("--margins", action="store_true", help="print the faults' readings instead of the table")
    parser.add_argument("--altered", action="store_true", help="also on altered copies of every clip")
    parser.add_argument("--only", default="", help="clips with this in their name")
    options = parser.parse_args()
    show: Callable[[Tally], None] = print_table
    if options.calibrate or options.margins:
        show = print_calibration if options.calibrate else print_margins
    model, clips = ensure_model(), find_clips(options.only)
    if not clips:
        parser.error(f"--only {options.only}: expected a part of a clip's name; no clip's name has this in it")
    for alteration in (None, *ALTERATIONS) if options.altered else (None,):
        if options.altered:
            print(f"\n## {alteration.name.capitalize() if alteration else 'As filmed'}\n")
        show(run(clips, model, alteration))


if __name__ == "__main__":
    main()
