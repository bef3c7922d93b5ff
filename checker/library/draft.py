"""A movement that is being begun: which choices there are, and its answers as the sections of an exercise file.

The command line and the page ask for the same things; here stands what both need.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel

from checker.fault_rules import FAULT_CLASSES, SideDifferenceFault
from checker.rules import FaultCondition
from checker.signals import CATALOGUE
from checker.words.rules import FAULT_WORDS, UNIT_WORDS

Answers = dict[str, Any]
"""What was answered, with the keys of an exercise file."""

CLINICAL: Final = "clinical judgement"
ID: Final = r"[a-z][a-z0-9_]*"
LONGEST_NAME: Final = 40
"""Letters of an id that is made from a name."""

STARTING: Final = "Starting value"

KINDS: Final = {
    "self_test": "a self-test: measured, to see what the back does today",
    "exercise": "an exercise: measured and coached",
    "guided": "guided: picture, words and timer; nothing is measured",
    "avoid": "something to avoid while it hurts",
}
VIEWS: Final = {"side": "the person from the side", "front": "the person from the front"}
MEASURED: Final = frozenset({"self_test", "exercise"})


def id_of(name: str) -> str:
    """Return an id made from a name: "Wall slide" -> "wall_slide"; empty where it has no letter to begin with."""
    text = re.sub(r"[^a-z0-9]+", "_", name.casefold().replace("ß", "ss")).strip("_")
    return re.sub(r"^[^a-z]+", "", text)[:LONGEST_NAME].rstrip("_")


# --- what there is to choose ------------------------------------------------------------------------


def fitting(view: str) -> list[str]:
    """Return the ids of the signals that are seen from a side."""
    return [s.id for s in CATALOGUE.values() if s.view in {view, "any"}]


def measurable(view: str) -> list[str]:
    """Return those of them that can be reported: their error is known."""
    return [i for i in fitting(view) if CATALOGUE[i].errors.error_90 is not None]


def unit_words(signal: str) -> str:
    """Return the unit of a signal in words: "degrees"."""
    return UNIT_WORDS.get(CATALOGUE[signal].unit, "a ratio")


def ways(signal: str) -> dict[str, str]:
    """Return which way a movement may go on a signal: "rise", "fall" or "signed", each in words."""
    words = CATALOGUE[signal].words
    both = "both, one after the other, and each is counted apart"
    return {"rise": words.rises, "fall": words.falls, "signed": both}


_NAMES: Final = {rule: name for name, rule in FAULT_CLASSES.items()}


def rules_to_ask(*, counted: bool, signed: bool) -> dict[str, str]:
    """Return the rules of faults that fit a movement, each in words; what else there is says exercises/README.md.

    Args:
        counted: whether it is a way out and back, not a posture that is kept.
        signed: whether it has two sides.
    """
    return {
        _NAMES[rule]: words.asked
        for rule, words in FAULT_WORDS.items()
        if words.asked and (counted or not rule.of_repetition) and (signed or rule is not SideDifferenceFault)
    }


def limit_of(rule: str) -> type[BaseModel]:
    """Return the section that has the threshold of a rule: the rule itself, or its condition."""
    of = FAULT_CLASSES[rule]
    return FaultCondition if "conditions" in of.model_fields else of


def names_signal(rule: str) -> bool:
    """Return whether a rule looks at a signal that is to be named."""
    return "signal" in limit_of(rule).model_fields


def threshold_question(rule: str, signal: str | None) -> str:
    """Return how the threshold of a rule is asked for, with the unit of its signal."""
    question = FAULT_WORDS[FAULT_CLASSES[rule]].question
    return question if signal is None else f"{question}, {unit_words(signal)}"


def least_threshold(rule: str) -> float | None:
    """Return what a threshold must lie above; None where it may be anything."""
    metadata = limit_of(rule).model_fields["threshold"].metadata
    return next((float(m.gt) for m in metadata if hasattr(m, "gt")), None)


# --- the sections -----------------------------------------------------------------------------------


def sourced(section: Answers, source: str) -> Answers:
    """Return a section with where its numbers come from."""
    return section | {"source": source, "status": CLINICAL}


def repetition(signal: str, way: str, least: float | None, source: str, **more: Any) -> Answers:
    """Return what counts: a way out on a signal and back.

    Args:
        signal: id.
        way: of `ways`.
        least: the smallest movement that counts; None where it was not given yet.
        source: of that number.
        **more: further keys of the section.
    """
    rule: Answers = {"signal": signal, "sides": "signed" if way == "signed" else "both"}
    if way == "fall":
        rule["direction"] = "fall"
    return sourced(rule | _given("min_excursion", least) | more, source)


def hold(least_s: float | None, source: str) -> tuple[Answers, Answers]:
    """Return a posture that is kept, and the time that it was held as what is measured.

    Args:
        least_s: from how many seconds on a hold counts; None where it was not given yet.
        source: of that number.
    """
    held = {"id": "hold_time", "name": "Time held", "of": "hold_time"}
    return sourced(_given("min_duration_s", least_s), source), sourced(held, source)


def _given(key: str, value: float | None) -> Answers:
    return {} if value is None else {key: value}


def fault(told: Mapping[str, Any], signal: str | None, threshold: float | None, source: str) -> Answers:
    """Return one fault.

    Args:
        told: its id, name, cue, rule, and what else stands at the top of it.
        signal: that its rule looks at; None where that is the counted one.
        threshold: its number; None where none was given yet.
        source: of that number.
    """
    limit: Answers = ({} if signal is None else {"signal": signal}) | _given("threshold", threshold)
    of = limit_of(str(told["rule"]))
    if "direction" in of.model_fields and threshold is not None and threshold < 0:
        limit["direction"] = "below"
    limit = sourced(limit, source)
    return {**told, "conditions": [limit]} if of is FaultCondition else {**told, **limit}
