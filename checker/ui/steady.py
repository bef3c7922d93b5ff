"""How steady are your values? A test is done twice, with the camera put away in between."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

import streamlit as st

from checker.care.change_rules import load_change_rules
from checker.care.progress import Progress
from checker.care.steadiness import repeat_from, steadiness_words, waits_for_repeat
from checker.exercise import Exercise
from checker.service.weeks import Weeks
from checker.ui import places, repeating
from checker.ui.first_pain import COMFORTABLE, FIRST_PAIN
from checker.ui.plain import plain

LOOK_EVERY_S: Final = 15.0
"""How often the page looks whether it is time for the second measure."""


def show(weeks: Weeks) -> None:
    """Show what the pairs say, and the way to another one."""
    tests = [e for e in weeks.exercises.values() if e.kind == "self_test"]
    st.header("How steady are your values?", anchor=False)
    st.markdown(
        "Nobody measures the same twice. Measure a test two times on one day, and the difference shows how much of a "
        "change is chance:"
    )
    st.markdown(
        "1. Do the test.\n2. Stand up, walk about, and put the camera away.\n3. Test again after 5 to 10 minutes."
    )
    _begin(weeks, tests)
    lines = [line for e in tests if e.id in weeks.measured for line in _lines(weeks.progress(e.id))]
    st.markdown("\n".join(f"- {plain(line)}" for line in lines or [steadiness_words(None, "deg")]))


def _lines(found: Progress) -> list[str]:
    """What its pairs say of each side; nothing where there are none."""
    name = found.exercise.name
    return [
        f"{name}{f', {side.name.lower()}' if side.name else ''}: {words[:1].lower()}{words[1:]}"
        for side in found.sides
        if side.steady is not None
        for words in [steadiness_words(side.steady, side.series.followed.unit)]
    ]


@st.fragment(run_every=LOOK_EVERY_S)
def _begin(weeks: Weeks, tests: list[Exercise]) -> None:
    """Show the second measure where a first one waits for it, or else the choice of a first one."""
    rules, now = load_change_rules(), datetime.now(UTC)
    for exercise in tests:
        first = waits_for_repeat(weeks.history, exercise.id, now, rules)
        if first is None:
            continue
        ready = repeat_from(first, rules)
        clock = ready.astimezone(ZoneInfo(first.zone))
        if now < ready:
            st.info(
                f"{plain(exercise.name)}: measured once. From {clock:%H:%M} on, test again.", icon=":material/timer:"
            )
        elif st.button(f"Test again: {plain(exercise.name)}", type="primary", icon=":material/repeat:"):
            repeating.ask(first.id)
            _go(exercise, to_first_pain=first.to_first_pain)
        return
    chosen = st.selectbox(
        "Which test do you want to measure twice?", tests, format_func=lambda e: e.name, key="steady-test"
    )
    if chosen is not None and st.button("Measure it the first time", icon=":material/looks_one:", key="steady-first"):
        _go(chosen, to_first_pain=True)


def _go(exercise: Exercise, *, to_first_pain: bool) -> None:
    """Go to the camera with a movement; both measures of a pair are done in the same way."""
    how_far = FIRST_PAIN if to_first_pain else COMFORTABLE
    st.session_state.update({"exercise": exercise.id, "live_asked": exercise.id, f"how-far-{exercise.id}": how_far})
    st.switch_page(places.page("camera"), query_params={"movement": exercise.id})
