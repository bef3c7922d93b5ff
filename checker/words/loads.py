"""How much a movement asks of the back, where it bends it to, and for whom it is different, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, get_args

from checker.exercise import Action, Condition, Direction, Load, Precaution
from checker.safety import GO_EASY_AT, STOP_AT

LOADS: Final[Mapping[str, str]] = {
    "calm": "calm: it calms, and is fine with any pain",
    "gentle": f"gentle: from pain {GO_EASY_AT} on less of it, from {STOP_AT} on not today",
    "load": f"load: it works the back; from pain {GO_EASY_AT} on half of it, from {STOP_AT} on not today",
}

DIRECTIONS: Final[Mapping[str, str]] = {
    "flexion": "forward",
    "extension": "back",
    "rotation": "round, in a turn",
    "side": "to the side",
    "none": "nowhere: the low back keeps its shape",
}
"""Where it bends the low back to."""

assert (set(LOADS), set(DIRECTIONS)) == (set(get_args(Load)), set(get_args(Direction)))

CONDITIONS: Final[Mapping[str, str]] = {
    "osteoporosis": "osteoporosis",
    "hip_replacement": "a new hip",
    "knee_disease": "a knee disease",
    "knee_replacement": "a new knee",
    "high_blood_pressure": "high blood pressure",
    "spinal_stenosis": "spinal stenosis",
    "spondylolisthesis": "a slipped vertebra",
    "pregnancy": "a pregnancy",
    "anticoagulants": "blood thinners",
    "recent_surgery": "an operation lately",
    "balance_or_falls": "falls, or poor balance",
    "wrist_pain": "wrist pain",
    "shoulder_pain": "shoulder pain",
    "dizziness": "dizziness",
    "poor_skin_sensation": "skin that feels little",
    "bending_forward_hurts": "pain that comes from bending forward",
    "bending_back_hurts": "pain that comes from bending back",
    "leg_pain_moves_down": "pain that moves down the leg",
}
"""What a precaution is for, behind "with"."""

assert set(CONDITIONS) == set(get_args(Condition))

ACTIONS: Final[dict[Action, str]] = {
    "leave_out": "not this one",
    "smaller": "smaller",
    "ask_first": "ask first",
    "have_company": "not alone",
}


def load_words(load: Load) -> str:
    """Return how much it asks of the back, as a sentence."""
    words = LOADS[load]
    return f"{words[0].upper()}{words[1:]}."


def direction_words(direction: Direction) -> str:
    """Return where it bends the low back to, as a sentence; empty where it bends it nowhere."""
    return "" if direction == "none" else f"Bends the low back {DIRECTIONS[direction].partition(':')[0]}."


def precaution_words(precaution: Precaution) -> str:
    """Return what is different for whom: "With osteoporosis (smaller):" and its text."""
    return f"With {CONDITIONS[precaution.condition]} ({ACTIONS[precaution.action]}): {precaution.text}"
