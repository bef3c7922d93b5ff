"""What pain allows: before a movement, while moving, after it and the next day (`pain.toml`).

Where one goes easy, where one stops and which rise stops are the numbers of `checker.safety`. Calm movement is never
refused because of pain.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from checker.care.question_rules import Portion
from checker.care.records import Settled
from checker.care.rules import Rules
from checker.exercise import CALM_STOP_RULES, Exercise, Load
from checker.safety import GO_EASY_AT, STOP_AT, STOP_RISE, STOP_RULES

Verdict = Literal["full", "reduced", "no"]


@dataclass(frozen=True, slots=True)
class Allowance:
    """What pain allows of one movement now.

    Attributes:
        verdict: as planned, less than that, or not now.
        portion: how much of the dose.
        to_first_pain: whether only the range before pain is moved in.
        ask_safety: whether the safety questions are asked first.
        text: for the person.
        rule: its id.
    """

    verdict: Verdict
    portion: Portion
    to_first_pain: bool
    ask_safety: bool
    text: str
    rule: str


def allowed(exercise: Exercise, pain: int | None, rules: Rules) -> Allowance:
    """What pain allows of a movement.

    Args:
        exercise: of which only `load` is looked at.
        pain: now, 0 to 10; None: not told, then it is as planned, and the page asks before it begins.
        rules: with the table.
    """
    return allowed_load(exercise.load, pain, rules)


def allowed_load(load: Load, pain: int | None, rules: Rules) -> Allowance:
    """The same by the kind of movement alone.

    Raises:
        ValueError: a pain outside 0 to 10.
    """
    if pain is not None and not 0 <= pain <= 10:
        raise ValueError(f"pain: expected 0 to 10, got {pain}")
    table, texts = rules.pain.table, rules.pain.texts
    row = table.row(load)
    band = "easy" if pain is None or pain < GO_EASY_AT else "middle" if pain < STOP_AT else "high"
    portion: Portion = {"easy": row.easy, "middle": row.middle, "high": row.high}[band]
    verdict: Verdict = "full" if portion == "full" else "no" if portion == "none" else "reduced"
    text = texts.calm_high if portion == "full" and band == "high" else getattr(texts, portion)
    ask = pain is not None and pain >= table.ask_from
    return Allowance(
        verdict,
        portion,
        to_first_pain=portion == "lower_end",
        ask_safety=ask,
        text=str(text).format(pain=pain),
        rule=f"pain/{load}/{band}",
    )


@dataclass(frozen=True, slots=True)
class Stop:
    """Why to stop while moving, or None of it; `smaller`: go on, and make the next one smaller."""

    stop: bool
    smaller: bool
    text: str
    rule: str


def while_moving(
    load: Load,
    before: int | None,
    now: int | None,
    rules: Rules,
    *,
    leg: bool = False,
    dizzy: bool = False,
    breath_held: bool = False,
) -> Stop | None:
    """Whether to stop, or to make the next one smaller; None: go on.

    Args:
        load: of the movement: a calm one is stopped by a rise, not by the pain that was there already.
        before: pain at the beginning, None: not told.
        now: pain now, None: not told.
        rules: with the texts.
        leg: new leg pain, tingling, numbness or weakness.
        dizzy: the person is dizzy.
        breath_held: the person holds the breath.
    """
    moving, amber = rules.pain.moving, rules.pain.amber
    if leg:
        return Stop(stop=True, smaller=False, text=moving.leg, rule="pain/moving/leg")
    if dizzy:
        return Stop(stop=True, smaller=False, text=moving.dizzy, rule="pain/moving/dizzy")
    rise = None if now is None or before is None else now - before
    at_limit = now is not None and now >= STOP_AT and load != "calm"
    if at_limit or (rise is not None and rise >= STOP_RISE):
        text = CALM_STOP_RULES[0] if load == "calm" else STOP_RULES[0]
        return Stop(stop=True, smaller=False, text=text, rule="pain/moving/stop")
    if breath_held:
        return Stop(stop=True, smaller=False, text=moving.breath_held, rule="pain/moving/breath")
    if rise is not None and rise >= amber.rise:
        return Stop(stop=False, smaller=True, text=amber.text.format(rise=rise), rule="pain/moving/amber")
    return None


def settled_text(settled: Settled, rules: Rules) -> str:
    """What is said the next day of how a session settled."""
    return rules.pain.settle[settled].text
