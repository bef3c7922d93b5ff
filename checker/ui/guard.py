"""What may be done now, by open safety questions and by the pain that was told. Pages where one moves ask here."""

from __future__ import annotations

from typing import Final

import streamlit as st

from checker.care.pain import allowed
from checker.care.rules import load_rules
from checker.exercise import Exercise
from checker.safety import PainAdvice
from checker.service.diary import Diary
from checker.service.weeks import Weeks
from checker.ui import places
from checker.ui.pain import pain_scale, show_advice
from checker.ui.plain import plain
from checker.ui.today import emergency

NOT_FOR_YOU: Final = ("precaution/", "physio/")
"""Rules that keep somebody from a movement; where another one leaves it out of the plan, it may still be done."""


def lets_do(weeks: Weeks | None, exercise: Exercise) -> bool:
    """Whether safety lets somebody do a movement today; else the page says why not.

    Without a name nothing is known of the person: the page's own cautions hold.
    """
    if weeks is None:
        return True
    decision = weeks.decision
    if decision.questions_due:
        st.info("The safety questions come first today.", icon=":material/health_and_safety:")
        st.page_link(places.page("today"), label="Answer them", icon=":material/arrow_forward:")
        return exercise.load == "calm"
    if decision.blocks == "exercises" and exercise.load != "calm":
        emergency.show_paused(weeks)
        return False
    left_out = weeks.left_out(exercise.id)
    if left_out is not None and left_out.rule.startswith(NOT_FOR_YOU):
        st.warning(f"This one is not for you just now. {plain(left_out.reason)}", icon=":material/block:")
        return False
    for precaution in weeks.precautions(exercise):
        st.info(plain(precaution.text), icon=":material/info:")
    return True


def ask_pain(weeks: Weeks | None, exercise: Exercise, key: str) -> tuple[int | None, bool]:
    """Ask how much it hurts, where nobody has told today; return it, and whether it lets the movement be done."""
    told = pain_told(weeks)
    pain = told if told is not None else pain_scale("How much does it hurt now?", key)
    advice = advice_before(exercise, pain)
    show_advice(advice)
    return pain, advice is None or not advice.stop


def pain_told(weeks: Weeks | None) -> int | None:
    """The pain that was told last today; None where none was."""
    if weeks is None:
        return None
    told = [c.pain for c in weeks.history.check_ins if c.day == weeks.today and c.pain is not None]
    return told[-1] if told else None


def keep_pain(weeks: Weeks, before: int | None, diary: Diary) -> None:
    """Keep the pain that was told before a session, where it was told on its page and not kept before."""
    if before is not None and pain_told(weeks) is None:
        weeks.check_in("before", pain=before, session_id=diary.session.id)


def advice_before(exercise: Exercise, pain: int | None) -> PainAdvice | None:
    """What pain allows of a movement, as the page says it; None where nothing needs to be said."""
    if pain is None:
        return None
    found = allowed(exercise, pain, load_rules())
    if found.verdict == "full" and not found.rule.endswith("/high"):  # as planned
        return None
    heading = {"full": "go gently", "reduced": "go easy", "no": "leave it for now"}[found.verdict]
    return PainAdvice(f"Pain {pain} of 10: {heading}", (found.text,), stop=found.verdict == "no")
