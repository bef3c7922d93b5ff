"""Pain from 0 to 10 on a page: the question, and the advice of `checker.safety`."""

from __future__ import annotations

import html

import streamlit as st

from checker.safety import PainAdvice


def pain_scale(question: str, key: str, *, stays: bool = False) -> int | None:
    """Ask for a pain from 0 to 10; return None until it is answered.

    Args:
        question: what is asked.
        key: of the widget.
        stays: whether the answer is still there when somebody comes back to the page.
    """
    st.markdown(f"**{question}**")
    with st.container(key=f"pain-{key}"):
        answer: int | None = st.segmented_control(
            question, range(11), format_func=str, key=f"answer-{key}", label_visibility="collapsed", width="stretch",
            persist_state="session" if stays else None,
        )  # fmt: skip
        st.html('<p class="bc-ends"><span>0: no pain</span><span>10: the worst you can imagine</span></p>')
    return answer


def show_advice(advice: PainAdvice | None) -> None:
    """Show the advice; nothing where there is none."""
    if advice is None:
        return
    lines = "".join(f"<p>{html.escape(line)}</p>" for line in advice.lines)
    kind = "bc-callout" if advice.stop else "bc-calm"
    st.html(f'<div class="{kind}" role="status"><h2>{html.escape(advice.heading)}</h2>{lines}</div>')
