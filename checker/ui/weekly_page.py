"""The weekly look: what is hard, the activities that matter most, how it is overall; and what has become of it."""

from __future__ import annotations

import html
from typing import Any, Final

import streamlit as st

from checker.care import facts, weekly
from checker.care.change_rules import load_change_rules
from checker.care.change_words import Verdict
from checker.care.weekly import Line
from checker.service.weeks import WeeklyTold, Weeks
from checker.ui import people, places
from checker.ui.pain import pain_scale
from checker.ui.plain import plain
from checker.ui.top import screen

ANSWERS: Final = "weekly"
"""Where the answers lie until the last one is given: nothing is kept of a look that was left halfway."""

STEPS: Final = ("hard", "matters", "overall")
LONGEST_NAME: Final = 100

VERDICTS: Final[dict[Verdict | None, tuple[str, str]]] = {
    "better": ("better", "Better"),
    "no_clear_change": ("same", "No clear change"),
    "worse": ("worse", "Worse"),
    None: ("unknown", "Not known yet"),
}
"""A class for its look, and its word."""


def show_card(weeks: Weeks) -> None:
    """Show on another page that it is time; nothing where it is not."""
    if not weekly.is_due(weeks.history, weeks.today, weeks.rules):
        return
    with st.container(border=True, key="weekly-card", horizontal=True, vertical_alignment="center"):
        st.markdown("**Once a week: how far have you come?** About three minutes.", width="stretch")
        if st.button("Look now", icon=":material/event_repeat:", key="weekly-begin"):
            st.switch_page(places.page("weekly"))
        if st.button("Tomorrow", type="tertiary", key="weekly-later"):
            weeks.note(weekly.PUT_OFF)
            st.rerun()


def page() -> None:
    """Ask step by step, or show what has become of it."""
    weeks = people.somebody("The weekly look compares what you say week by week, so it needs a name.")
    if weeks is None:
        return
    with screen("weekly", _step(weeks)):
        if weekly.due_on(weeks.history, weeks.rules) is None:
            st.title("The weekly look", anchor=False)
            st.markdown("It comes a week after you have begun.")
            _to_today()
        elif weeks.decision.questions_due:
            st.title("The weekly look", anchor=False)
            st.markdown("The safety questions come first today.")
            _to_today()
        elif _is_asked(weeks):
            _ask(weeks)
        else:
            _result(weeks)


def _is_asked(weeks: Weeks) -> bool:
    return ANSWERS in st.session_state or weekly.is_due(weeks.history, weeks.today, weeks.rules)


def _step(weeks: Weeks) -> str:
    """A name of what is asked; empty where nothing is."""
    return str(st.session_state.get(ANSWERS, {"step": 0})["step"]) if _is_asked(weeks) else ""


def _to_today() -> None:
    st.page_link(places.page("today"), label="On with today", icon=":material/arrow_forward:")


# --- asking ---------------------------------------------------------------------------------------


def _ask(weeks: Weeks) -> None:
    """Show one step; its answers are remembered until the last one."""
    told: dict[str, Any] = st.session_state.setdefault(ANSWERS, {"step": 0})
    step = told["step"]
    st.markdown(f"Step {step + 1} of {len(STEPS)}")
    answered = {"hard": _hard, "matters": _matters, "overall": _overall}[STEPS[step]](weeks, told)
    with st.container(horizontal=True, key="weekly-steps"):
        if step and st.button("Back", icon=":material/arrow_back:", key="weekly-back"):
            told.update(step=step - 1)
            st.rerun()
        last = step + 1 == len(STEPS)
        if not st.button("See what has become of it" if last else "Next", type="primary", key="weekly-next"):
            return
    if isinstance(answered, str):
        st.error(answered, icon=":material/edit:")
        return
    told.update(answered, step=step + 1)
    if last:
        _keep(weeks, told)
    st.rerun()


def _hard(weeks: Weeks, told: dict[str, Any]) -> dict[str, Any] | str:
    """Ask how hard each activity of the ladder is."""
    st.title("How hard is it, these days?", anchor=False)
    st.markdown("0: no difficulty. 10: impossible. Leave out what you did not try.")
    before = told.get("ladder", {})
    ladder = {
        rung.rung: rate(rung.name[:1].upper() + rung.name[1:], f"rung-{rung.rung}", before.get(rung.rung))
        for rung in weeks.rules.severity.rungs
    }
    if all(how is None for how in ladder.values()):
        return "Please rate at least one of them."
    return {"ladder": ladder}


def _matters(weeks: Weeks, told: dict[str, Any]) -> dict[str, Any] | str:
    """Ask how hard the activities are that matter most: those of last week, or chosen now."""
    most = weeks.rules.severity.activities.most
    st.title("What matters most to you?", anchor=False)
    names = weekly.activities_now(weeks.history, weeks.rules)
    if not names or told.get("anew"):
        names = _choose(weeks, told, most)
    elif st.button("Choose other ones", type="tertiary", key="weekly-anew"):
        told["anew"] = True
        st.rerun()
    if not names:
        return "Please choose at least one activity, or type one."
    st.markdown("How hard are they now? 0: no difficulty. 10: impossible.")
    rungs = {r.name: r.rung for r in weeks.rules.severity.rungs}
    before = told.get("activities", {})
    rated = {}
    for name in names:
        known = before.get(name, told["ladder"].get(rungs.get(name)))
        rated[name] = rate(name[:1].upper() + name[1:], f"activity-{name}", known)
    left = [name for name, how in rated.items() if how is None]
    return f"Please rate this one too: {plain(left[0])}." if left else {"activities": rated}


def _choose(weeks: Weeks, told: dict[str, Any], most: int) -> list[str]:
    """Choose up to three from the ladder, or in one's own words."""
    names = [rung.name for rung in weeks.rules.severity.rungs]
    chosen = st.pills(
        f"Choose up to {most} that you miss most.",
        names,
        format_func=lambda name: name[:1].upper() + name[1:],
        selection_mode="multi",
        default=[n for n in told.get("activities", ()) if n in names],
        key="weekly-chosen",
    )
    typed = next((n for n in told.get("activities", ()) if n not in names), "")
    own = st.text_input("Something else, in your words", typed, max_chars=LONGEST_NAME, key="weekly-own")
    own = " ".join(own.split())
    wanted = list(dict.fromkeys([*chosen, *([own] if own else [])]))
    if len(wanted) > most:
        st.info(f"The first {most} are taken.", icon=":material/info:")
    return wanted[:most]


def _overall(weeks: Weeks, told: dict[str, Any]) -> dict[str, Any] | str:
    """Ask how it is against the beginning; and the pain, where nobody has told it today."""
    st.title("And overall?", anchor=False)
    steps = list(weekly.STEPS)
    known = told.get("overall")
    overall = st.radio(
        "Against the time when you began, your back is",
        steps,
        index=steps.index(known) if known is not None else None,
        format_func=weekly.STEPS.__getitem__,
        key="weekly-overall",
    )
    pain = None
    if facts.pain_now(weeks.history, weeks.today) is None:
        pain = pain_scale("How much does it hurt now?", "weekly")
        if pain is None:
            return "Please also say how much it hurts."
    return "Please choose one of the seven." if overall is None else {"overall": overall, "pain": pain}


def _keep(weeks: Weeks, told: dict[str, Any]) -> None:
    weeks.keep_weekly(WeeklyTold(told["ladder"], told["activities"], told["overall"], told["pain"]))
    del st.session_state[ANSWERS]


def rate(question: str, key: str, known: int | None = None) -> int | None:
    """Ask for a difficulty from 0 to 10; None until it is answered."""
    with st.container(key=f"rate-{key}"):
        answer: int | None = st.segmented_control(
            plain(question), range(11), format_func=str, default=known, key=f"rated-{key}", width="stretch"
        )
    return answer


# --- what has become of it ------------------------------------------------------------------------


def _result(weeks: Weeks) -> None:
    st.title("How far you have come", anchor=False)
    tests = [weeks.progress(i) for i in weeks.measured if weeks.exercises[i].kind == "self_test"]
    lines = weekly.result(weeks.history, weeks.today, weeks.rules, load_change_rules(), tests)
    st.html(f'<div class="bc-lines-of-week">{"".join(_line(line) for line in lines)}</div>')
    last, due = weekly.last_done(weeks.history), weekly.due_on(weeks.history, weeks.rules)
    if last == weeks.today:
        planned = [p for p in weeks.decision.plan if p.is_test]
        if planned:
            st.markdown("The tests are on today's plan: they show how far you move before pain begins.")
    if due is not None:
        st.caption(f"The next look is on {due.day} {due:%B}.")
    with st.container(horizontal=True):
        if st.button("On with today", type="primary", icon=":material/arrow_forward:", key="weekly-on"):
            st.switch_page(places.page("today"))
        st.page_link(places.page("progress"), label="My progress", icon=":material/show_chart:")


def _line(line: Line) -> str:
    look, word = VERDICTS[line.verdict]
    return (
        f'<section data-verdict="{look}"><h2>{html.escape(line.what)}</h2><b>{word}</b>'
        f'<p>{html.escape(line.sentence)}</p><p class="bc-note">{html.escape(line.rule)}</p></section>'
    )
