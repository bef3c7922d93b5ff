"""The faults: what the machine says of each, and what the reviewer does."""

from __future__ import annotations

from typing import Final

import streamlit as st

from checker.assessment import FaultResult
from checker.report.stills import worst_moment_s
from checker.review.corrections import ConfirmFault, DismissFault
from checker.review.words import STATUS_WORDS
from checker.service.reviewing import Review
from checker.ui.plain import plain
from checker.ui.session import acting, film
from checker.words.values import COARSE_DEG, against_limit, number

LIST_PX: Final = 300


def show(review: Review) -> None:
    """Show every fault, those that were seen first."""
    order = list(STATUS_WORDS)
    found = sorted(review.stored.faults, key=lambda f: order.index(f.status))
    if not found:
        st.markdown("This movement has no faults that are looked for.")
    with st.container(height=LIST_PX, border=False, key="rv-faults"):
        for fault in found:
            _fault(review, fault)


def _fault(review: Review, fault: FaultResult) -> None:
    verdict = verdict_on(review, fault.id)
    with st.container(border=True, key=f"rv-fault-{fault.id}", gap="small"):
        st.markdown(f"**{plain(fault.name)}** · the machine: {plain(_machine(fault))}")
        with st.container(horizontal=True, vertical_alignment="center"):
            for kind, words, holds in (("confirm_fault", "There", True), ("dismiss_fault", "Not there", False)):
                st.button(
                    words,
                    key=f"rv-{kind}-{fault.id}",
                    type="primary" if verdict is holds else "secondary",
                    on_click=acting.make,
                    args=(review, kind),
                    kwargs={"fault": fault.id},
                )
            moment = worst_moment_s(fault)
            if moment is not None:
                st.button("Show", key=f"rv-see-{fault.id}", type="tertiary", on_click=film.seek, args=(moment,))


def verdict_on(review: Review, fault: str) -> bool | None:
    """Return what reviewers say of a fault; None where nobody said anything."""
    told = [c for c in review.in_force if isinstance(c, ConfirmFault | DismissFault) and c.fault == fault]
    return isinstance(told[-1], ConfirmFault) if told else None


def _machine(fault: FaultResult) -> str:
    words = STATUS_WORDS[fault.status]
    if fault.peak is None:
        return words
    read, limit = (number(v, fault.unit, COARSE_DEG) for v in (fault.peak, fault.threshold))
    error = number(fault.error, fault.unit, COARSE_DEG) if fault.error else ""
    return f"{words} ({against_limit(read, limit, error)})"
