"""The day's plan: one movement at a time with its drawing and one button, what is done, and the other ways."""

from __future__ import annotations

import html
from collections.abc import Iterator

import streamlit as st

from checker.care.adherence_words import amount_words
from checker.care.decision import Decision, Planned
from checker.care.records import Session
from checker.care.remembered import remembered
from checker.care.stops import calms_while_dizzy
from checker.exercise import Exercise
from checker.safety import phase_label
from checker.service.weeks import Weeks
from checker.ui import learn_page, places, stopping
from checker.ui.first_pain import FIRST_PAIN
from checker.ui.for_patient import mine
from checker.ui.plain import plain
from checker.ui.shelf import drawing
from checker.ui.today import emergency
from checker.ui.tryout import let_go_of_live
from checker.words.values import beyond, listed, size

MINUTES = 3
"""What a movement takes with its setting up, where its dose is not told in time (chosen)."""


def show(weeks: Weeks) -> None:
    """Show what is next, and all else below it."""
    decision = weeks.decision
    if decision.blocks == "exercises":
        emergency.show_paused(weeks)
    if stopping.stands(weeks, heading="h1"):
        _other_ways(weeks, decision, is_dizzy=True)
        return
    if decision.flare is not None:
        st.html(f'<div class="bc-calm" role="status"><p>{html.escape(weeks.rules.flare.texts.comfort)}</p></div>')
    done = weeks.done_today()
    left = [p for p in decision.plan if p.exercise not in done and p.exercise in weeks.exercises]
    if left:
        _next(weeks, left[0])
    else:
        _nothing_left(bool(done))
    _later(weeks, left[1:])
    _done(weeks, done)
    mine.show_all(weeks)
    _why(weeks, decision)
    _other_ways(weeks, decision)


def _next(weeks: Weeks, item: Planned) -> None:
    exercise = weeks.exercises[item.exercise]
    with st.container(border=True, key="next", gap="small"):
        picture, words = st.columns([2, 3], gap="medium", vertical_alignment="center")
        with picture:
            st.html(drawing(exercise))
        with words:
            st.html(
                f'<h1 class="bc-next">{html.escape(exercise.name)}</h1>'
                f'<p class="bc-lead">{html.escape(" · ".join(_facts(item, exercise)))}</p>'
            )
            last = last_time(weeks.last_session(exercise.id, to_first_pain=item.is_test), exercise)
            if last:
                st.markdown(plain(last))
            for note in (n for n in item.notes if n != weeks.rules.flare.texts.comfort):  # it stands at the top
                st.markdown(f":material/info: {plain(note)}")
            mine.show_of_movement(weeks, exercise)
            if st.button("Begin", type="primary", width="stretch", key="begin", icon=":material/play_arrow:"):
                start(weeks, exercise, item)


def start(weeks: Weeks, exercise: Exercise, item: Planned | None) -> None:
    """Go to where the movement is done: before the camera where it is measured, else with the timer."""
    if item is not None and item.to_first_pain:
        st.session_state[f"how-far-{exercise.id}"] = FIRST_PAIN
    if exercise.is_measured:
        let_go_of_live()
        st.session_state.update(exercise=exercise.id, live_asked=exercise.id, begin_now=exercise.id)
        st.switch_page(places.page("camera"), query_params={"movement": exercise.id})
    st.switch_page(places.page("timer"), query_params={"movement": exercise.id})


def goes_furthest(weeks: Weeks | None, exercise: Exercise) -> bool:
    """Whether "as far as you want" comes after the first pain; today's plan may leave it out."""
    item = None if weeks is None else weeks.decision.planned(exercise.id)
    return item is None or item.furthest


def _facts(item: Planned, exercise: Exercise) -> Iterator[str]:
    yield amount_words(item.amount, item.most, has_sides=len(exercise.sides) > 1)
    yield f"about {minutes(item)} min"
    if item.to_first_pain:
        yield "to the first pain"
    if item.is_new:
        yield "new today"


def minutes(item: Planned) -> int:
    """About how long a movement takes."""
    amount = item.amount
    if amount.duration_s is not None:
        return max(1, round(amount.duration_s * amount.sets / 60))
    return MINUTES


def last_time(session: Session | None, exercise: Exercise) -> str:
    """What it was, as "Last time: left 24°, right more than 28°"; empty where there was none."""
    if session is None or not exercise.measures:
        return ""
    found = [(side, value) for side in exercise.sides if (value := remembered(session, exercise, side)) is not None]
    shown = [
        f"{side.replace('_', ' ') + ' ' if side else ''}"
        f"{beyond(size(value.value, value.unit) or '', value.censored == 'above')}"
        for side, value in found
    ]
    return f"Last time: {', '.join(shown)}" if shown else ""


def _nothing_left(any_done: bool) -> None:
    title = "That is all for today" if any_done else "Nothing is planned today"
    text = "Come back tomorrow. Move about in between, and rest when you like."
    st.html(f'<div class="bc-calm" role="status"><h1 class="bc-next">{title}</h1><p>{text}</p></div>')


def _later(weeks: Weeks, items: list[Planned]) -> None:
    if not items:
        return
    names = [plain(weeks.exercises[p.exercise].name) for p in items]
    st.markdown(f"**Then:** {listed(names)}")


def _done(weeks: Weeks, done: dict[str, list[Session]]) -> None:
    names = [plain(weeks.exercises[i].name) for i in done if i in weeks.exercises]
    if names:
        st.markdown(f":material/check: **Done today:** {listed(names)}")


def _why(weeks: Weeks, decision: Decision) -> None:
    with st.expander(_phase_words(decision)):
        st.markdown(plain(decision.reason))
        for phase, texts in _to_come(decision).items():
            beside = "" if phase == decision.visible else f" in phase {phase_label(phase)}"
            st.markdown(f"**Still to come{beside}**\n\n" + "\n".join(f"- {plain(text)}" for text in texts))
        if decision.left_out:
            lines = _left_out(weeks, decision)
            st.markdown("**Left out for now**\n\n" + "\n".join(f"- {plain(line)}" for line in lines))
    for advice in decision.advice:
        if decision.blocks == "exercises" and advice.level == "clinician" and advice.rule.startswith("safety/"):
            continue  # it stands at the top
        if advice.rule == "advice/weekly_due":
            continue  # its card stands at the top, with the way there
        icon = ":material/sentiment_satisfied:" if advice.level == "good" else ":material/info:"
        st.markdown(f"{icon} {plain(advice.text)}")


def _to_come(decision: Decision) -> dict[int, list[str]]:
    """What is still to come in each phase that is under way, the visible one first."""
    out: dict[int, list[str]] = {}
    for unmet in decision.unmet:
        out.setdefault(unmet.phase, []).append(unmet.text[:1].upper() + unmet.text[1:])
    return out


def _left_out(weeks: Weeks, decision: Decision) -> list[str]:
    """What is left out, a line for each reason: "Squat and Plank: Only a few movements are new at a time."."""
    names: dict[str, list[str]] = {}
    for left in decision.left_out:
        exercise = weeks.exercises.get(left.exercise)
        names.setdefault(left.reason, []).append(exercise.name if exercise is not None else left.exercise)
    return [f"{listed(of)}: {reason}" for reason, of in names.items()]


def _phase_words(decision: Decision) -> str:
    if decision.state == "FLARE":
        return "A flare-up: less for now"
    if decision.visible is None:
        return "Why this"
    return f"Phase {phase_label(decision.visible)}"


def _other_ways(weeks: Weeks, decision: Decision, *, is_dizzy: bool = False) -> None:
    calm = [weeks.exercises[i] for i in decision.at_hand if i in weeks.exercises]
    calm = [e for e in calm if calms_while_dizzy(e)] if is_dizzy else calm
    with st.container(horizontal=True, key="other-ways"):
        if decision.state != "FLARE" and st.button("It has flared up", icon=":material/local_fire_department:"):
            weeks.note("flare_began")
            st.rerun()
        for exercise in calm[:3]:
            places.link("timer", exercise.id, plain(exercise.name), ":material/self_improvement:")
        st.page_link(places.page("movements"), label="Something else", icon=":material/apps:")
    learn_page.show_links("flare" if decision.state == "FLARE" else f"phase_{decision.visible or 1}")
