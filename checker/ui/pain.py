"""Pain from 0 to 10 before and after a movement, and what is said about it.

Information, not a judgement of the person: the rules are the stop rules that every movement states.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Final

import streamlit as st

STOP_AT: Final = 6
STOP_RISE: Final = 3
"""Pain at which one stops, and by how much it may not rise: see `checker.safety.STOP_RULES`."""

GO_EASY_AT: Final = 4

CLINICIAN: Final = (
    "Ask a clinician when you notice new leg pain, tingling, numbness or weakness, or when the pain "
    "does not ease within 72 hours, comes back often, or followed a fall."
)


@dataclass(frozen=True, slots=True)
class Said:
    """What the page answers: a heading, sentences, and whether to stop."""

    heading: str
    lines: list[str]
    stop: bool


def pain_scale(question: str, key: str) -> int | None:
    """Ask for a pain from 0 to 10; None until it is answered."""
    st.markdown(f"**{question}**")
    with st.container(key=f"pain-{key}"):
        answer: int | None = st.segmented_control(
            question, range(11), format_func=str, key=f"answer-{key}", label_visibility="collapsed", width="stretch"
        )
        st.html('<p class="bc-ends"><span>0: no pain</span><span>10: the worst you can imagine</span></p>')
    return answer


def say(said: Said | None) -> None:
    """Show an answer; nothing where there is none."""
    if said is None:
        return
    lines = "".join(f"<p>{html.escape(line)}</p>" for line in said.lines)
    kind = "bc-callout" if said.stop else "bc-calm"
    st.html(f'<div class="{kind}" role="status"><h3>{html.escape(said.heading)}</h3>{lines}</div>')


def before_words(before: int) -> Said | None:
    """What to say before one begins; None where nothing needs to be said."""
    if before >= STOP_AT:
        return Said(f"Pain {before} of 10: leave it for now", ["Rest in a comfortable position.", CLINICIAN], True)
    if before >= GO_EASY_AT:
        return Said(f"Pain {before} of 10: go easy", ["Make it smaller or shorter than usual."], False)
    return None


def after_words(before: int | None, after: int) -> Said:
    """What to say at the end."""
    rise = 0 if before is None else after - before
    heading = f"Pain {after} after" if before is None else f"Pain {before} before, {after} after"
    if after >= STOP_AT or rise >= STOP_RISE:
        why = f"Pain rose by {rise}." if rise >= STOP_RISE else f"Pain is at {after} of 10."
        return Said(
            heading, [f"{why} Stop here for today.", "Next time, do less, or something gentler.", CLINICIAN], True
        )
    if rise > 0:
        line = "A little more than before. It should settle within a day; do a bit less next time."
    elif rise < 0:
        line = f"{-rise} less than before. Good to know."
    else:
        line = "The same as before." if before is not None else "Thank you."
    return Said(heading, [line], False)
