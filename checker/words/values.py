"""How values are written on the pages, in the report and on the command line.

A value has as many digits as its uncertainty allows; a length of the body is a share of the person's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from checker.assessment import UNIT_LABELS, Assessment, DoseRef, Measure, PainFreeRange, PainMark, Quantity
from checker.rules import MeasureRule
from checker.signals import CATALOGUE
from checker.video.limits import DEFAULT_LIMITS

COARSE_DEG: Final = 2.0
"""From this uncertainty on, decimals of a degree would promise what was not measured."""

LONG_S: Final = 10.0
"""From here on tenths of a second say nothing about a hold."""

BODY_LENGTHS: Final = {"T": "your torso length", "leg": "your leg length"}
"""Units that are the person's own: a value is written as a share of them."""

LOOK: Final = "look at the video"
"""What to do about a fault that is not certain, where there is a video."""

ESTIMATE: Final = "an estimate: its error was not checked against truth"
"""Stands with a measure whose signal was never compared with truth."""

TURNED: Final = "The picture was mirrored. Here it is the right way round, and left and right are your own."
SWAP_OFFER: Final = "If left and right are the wrong way round, the picture was mirrored: swap them."
"""Stand with the sides of a picture that was mirrored, and of one of which this is not known."""


def scale_of(unit: str) -> tuple[float, str]:
    """Return the factor of a value as it is written, and the unit behind it."""
    return (100.0, " %") if unit in BODY_LENGTHS else (1.0, UNIT_LABELS.get(unit, f" {unit}"))


def number(value: float, unit: str, uncertainty: float | None = None) -> str:
    """Return a value with its unit: "28°" or "15 %"; a true minus sign, and never "-0"."""
    return f"{_digits(value, unit, uncertainty)}{scale_of(unit)[1]}"


def size(value: float, unit: str) -> str | None:
    """Return how large a finding was, "16°", "5 % of your torso length"; None where a number would say nothing."""
    if unit in BODY_LENGTHS:
        return f"{number(value, unit)} of {BODY_LENGTHS[unit]}"
    return number(value, unit, COARSE_DEG) if unit in {"deg", "deg/s", "s"} else None


def plus_minus(measured: Quantity | Measure) -> str:
    """Return the uncertainty of a measured value: "±3°"; empty where there is none."""
    if not measured.uncertainty or measured.unit == "count":
        return ""
    text = number(measured.uncertainty, measured.unit, measured.uncertainty)
    return f"±{text.removesuffix(UNIT_LABELS['1/min'])}"


def target_words(measured: Measure) -> str:
    """Return what a side is to get to: "target 40°"; empty where no target was set."""
    return "" if measured.target is None else f"target {number(measured.target, measured.unit)}"


def quantity(measured: Quantity | Measure) -> str:
    """Return a measured value with its unit, to the digits that its uncertainty leaves."""
    if measured.value is None:
        return "–"
    return number(measured.value, measured.unit, measured.uncertainty)


def beyond(text: str, above: bool) -> str:
    """Return a value as it is written; `above`: it is known only that the truth lies beyond: "more than 28°"."""
    return f"more than {text}" if above else text


def first_pain(found: PainFreeRange) -> str:
    """Return how far a side goes before pain: "18°", "more than 28°" where nothing was felt; a dash for none."""
    return "–" if found.first is None else beyond(quantity(found.first), found.censored == "above")


def against_limit(read: str, limit: str, error: str) -> str:
    """Return a reading beside its limit: "read 21° ±3°, the limit is 20°"; `error` may be empty."""
    return f"read {read}{f' ±{error}' if error else ''}, the limit is {limit}"


def held(hold_s: float, target_s: float | None) -> str:
    """Return a time held, against the time asked for: "24 s of 20 s"."""
    of = f" of {number(target_s, 's')}" if target_s is not None else ""
    return f"{number(hold_s, 's', 0.1)}{of}"


def asked_words(dose: DoseRef) -> str:
    """Return what was asked for: "3 times 30 s", "8 to 10 times", "5 minutes (phase 2)"."""
    parts = []
    if dose.repetitions is not None and (dose.repetitions, dose.most, dose.hold_s is None) != (1, 1, False):
        upper = f" to {dose.most}" if dose.most not in {None, dose.repetitions} else ""
        parts.append(f"{dose.repetitions}{upper} time{'' if (dose.most or dose.repetitions) == 1 else 's'}")
    if dose.hold_s is not None:
        parts.append(number(dose.hold_s, "s"))
    if dose.duration_s is not None:
        parts.append(duration(dose.duration_s))
    phases = f" (phase{'s' if len(dose.phases) > 1 else ''} {listed(map(str, dose.phases))})" if dose.phases else ""
    return f"{' '.join(parts)}{phases}"


def duration(*ends_s: float) -> str:
    """Return a time to do something for, or a range of it: "90 seconds", "5 to 10 minutes"; minutes from two on."""
    if min(ends_s) < 120 or any(s % 60 for s in ends_s):
        return f"{' to '.join(f'{s:g}' for s in ends_s)} seconds"
    return f"{' to '.join(f'{s / 60:g}' for s in ends_s)} minutes"


LONGEST_VIDEO: Final = f"{duration(DEFAULT_LIMITS.duration_s)} and {DEFAULT_LIMITS.size_bytes // 1024**3} GB"
"""The longest and the largest video that is taken."""


def is_estimate(rule: MeasureRule) -> bool:
    """Return whether the error of a measure is not known from truth: then `ESTIMATE` stands with it."""
    return rule.on is not None and not CATALOGUE[rule.on].errors.checked


def mirror_words(assessment: Assessment) -> str | None:
    """Return the note about left and right, which a mirror image swaps; None where none is needed."""
    mirrored = assessment.video.mirrored
    if mirrored is None:
        return SWAP_OFFER if assessment.tells_sides else None
    return TURNED if mirrored else None


def side_label(side: str | None) -> str:
    """Return a side as a heading: "Left", "Cat"; empty where there are none."""
    return "" if side in {None, "both"} else str(side).replace("_", " ").capitalize()


def side_class(side: str | None, sides: list[str | None]) -> str:
    """Return a side's colour: "one" or "other", left being one; empty where there are no sides."""
    named = sorted((s for s in sides if s is not None), key=lambda s: s == "right")
    return ("one", "other")[named.index(side)] if side in named else ""


def pain_words(mark: PainMark) -> str:
    """Return a moment of pain: "at 12.3 s, left, 23° out"."""
    where = [f"at {seconds(mark.t_s)}"]
    where += [side_label(mark.side).lower()] if side_label(mark.side) else []
    where += (
        [f"{number(round(mark.excursion) if mark.unit == 'deg' else mark.excursion, mark.unit)} out"]
        if mark.excursion is not None
        else []
    )
    return ", ".join(where)


def seconds(time_s: float) -> str:
    """Return a moment of the clip: "6.0 s" or "1:05.2"."""
    tenths = round(time_s * 10)
    if tenths < 600:
        return f"{tenths / 10:.1f} s"
    return f"{tenths // 600}:{tenths % 600 / 10:04.1f}"


def span(start_s: float, end_s: float) -> str:
    """Return a stretch of the clip: "5.4–6.6 s"."""
    return f"{seconds(start_s).removesuffix(' s')}–{seconds(end_s)}"


def _digits(value: float, unit: str, uncertainty: float | None) -> str:
    if unit in {"deg", "deg/s"}:
        whole = uncertainty is not None and uncertainty >= COARSE_DEG
        text = f"{value:.0f}" if whole else f"{value:.1f}"
    elif unit in BODY_LENGTHS:
        share = scale_of(unit)[0] * value
        text = f"{share:.1f}" if uncertainty is None else f"{share:.0f}"
    elif unit == "count":
        text = f"{value:.0f}"
    elif unit == "s":
        text = f"{value:.0f}" if uncertainty is not None and abs(value) >= LONG_S else f"{value:.1f}"
    elif unit == "1/min":
        text = f"{value:.1f}"
    else:
        text = f"{value:.2f}"
    if "." in text and uncertainty is None:  # a threshold of 15.0 is one of 15
        text = text.rstrip("0").rstrip(".")
    return (text if float(text) else text.lstrip("-")).replace("-", "−")


# --- words around them --------------------------------------------------------------------------


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: "1 repetition", "3 repetitions"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def listed(parts: Iterable[str]) -> str:
    """Return parts as a list in a sentence: "a, b and c"."""
    parts = list(parts)
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def sentence(text: str) -> str:
    """Return a text with a capital and a full stop."""
    return text[:1].upper() + text[1:] + ("" if not text or text.endswith((".", "!", "?")) else ".")
