"""The first day: what is hard, since when, and what a plan must know. One screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, get_args

import streamlit as st

from checker.care.records import Condition, Floor
from checker.service.weeks import Weeks
from checker.ui.pain import pain_scale
from checker.words import loads


@dataclass(frozen=True, slots=True)
class Since:
    """When it began, as it is told.

    Attributes:
        from_days, to_days: ago, at the least and at the most; None: there is no most.
        words: in a sentence: "it began this week".
    """

    from_days: int
    to_days: int | None
    words: str

    @property
    def middle_days(self) -> int:
        """What is counted with; where there is no most, twice the least."""
        return (self.from_days + (3 * self.from_days if self.to_days is None else self.to_days)) // 2


SINCE: Final[dict[str, Since | None]] = {
    "Today or yesterday": Since(0, 1, "today or yesterday"),
    "This week": Since(2, 6, "this week"),
    "This month": Since(7, 30, "this month"),
    "Longer": Since(31, None, "more than a month ago"),
    "It does not hurt": None,
}
"""When it began; None: nothing has begun."""

FLOOR: Final[dict[str, Floor]] = {"Yes": "yes", "With help": "with_help", "No": "no"}
OWN_WORDS: Final[dict[Condition, str]] = {
    "hip_replacement_left": "a new left hip",
    "hip_replacement_right": "a new right hip",
    "pregnancy": "pregnant",
}
CONDITIONS: Final[dict[Condition, str]] = {c: OWN_WORDS.get(c) or loads.CONDITIONS[c] for c in get_args(Condition)}


def show(weeks: Weeks) -> None:
    """Ask, and begin."""
    st.title("Where you are today", anchor=False)
    rungs = weeks.rules.severity.rungs
    hard = st.pills(
        "What is hard just now? Choose all that fit.",
        [r.rung for r in rungs],
        format_func=lambda rung: next(r.short for r in rungs if r.rung == rung).capitalize(),
        selection_mode="multi",
        key="begin-hard",
    )
    since = st.segmented_control("Since when?", tuple(SINCE), key="begin-since")
    floor = st.segmented_control("Can you get down to the floor and up again?", tuple(FLOOR), key="begin-floor")
    has = st.pills(
        "Do you have any of this? If not, leave it empty.",
        tuple(CONDITIONS),
        format_func=lambda c: CONDITIONS[c].capitalize(),
        selection_mode="multi",
        key="begin-conditions",
        default=_known(weeks),
    )
    pain = pain_scale("How much does it hurt now, at rest?", "begin")
    missing = [what for what, told in (("since when", since), ("the floor", floor), ("the pain", pain)) if told is None]
    if st.button("That is all", type="primary", width="stretch", key="begin-done"):
        if missing or since is None or floor is None:
            st.error(f"Please also answer: {', '.join(missing)}.", icon=":material/edit:")
            return
        _keep(weeks, set(hard), since, FLOOR[floor], frozenset(has), pain)
        st.rerun()


def _known(weeks: Weeks) -> list[Condition]:
    """What the safety questions have told already."""
    said = {q.id: q.condition for q in weeks.rules.safety.questions if q.condition is not None}
    yes = {a.question for a in weeks.history.answers if a.answer == "yes"}
    return [condition for question, condition in said.items() if question in yes and condition is not None]


def _keep(weeks: Weeks, hard: set[int], since: str, floor: Floor, has: frozenset[Condition], pain: Any) -> None:
    began = SINCE[since]
    if began is not None:
        weeks.tell_episode(
            onset=weeks.today - timedelta(days=began.middle_days),
            onset_from=None if began.to_days is None else weeks.today - timedelta(days=began.to_days),
            onset_to=weeks.today - timedelta(days=began.from_days),
            onset_told=began.words,
        )
    weeks.tell_profile(floor=floor, conditions=has)
    weeks.choose_hard(hard)
    weeks.check_in("daily", pain=pain)
