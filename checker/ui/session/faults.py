"""The faults: what the machine says of each, and what the reviewer does."""

from __future__ import annotations

from typing import Final

import streamlit as st

from checker.assessment import FaultResult
from checker.report.stills import worst_moment_s
from checker.review.corrections import ConfirmFault, DismissFault
from checker.review.words import STATUS_WORDS, now_and_then
from checker.service.reviewing import Review
from checker.ui.plain import plain
from checker.ui.session import acting, film

LIST_PX: Final = 300


def show(review: Review) -> None:
    """Show every fault, those that were seen first; what a reviewer says of one leaves it in its place."""
    order, machine = list(STATUS_WORDS), {f.id: f for f in review.stored.faults}

    def place(fault: FaultResult) -> int:
        told = verdict_on(review, fault.id) is not None
        return order.index(machine.get(fault.id, fault).status if told else fault.status)

    found = sorted(review.result.assessment.faults, key=place)
    if not found:
        st.markdown("This movement has no faults that are looked for.")
    with st.container(height=LIST_PX, border=False, key="rv-faults"):
        for fault in found:
            _fault(review, fault, machine.get(fault.id))


def _fault(review: Review, fault: FaultResult, machine: FaultResult | None) -> None:
    verdict = verdict_on(review, fault.id)
    with st.container(border=True, key=f"rv-fault-{fault.id}", gap="small"):
        st.markdown(f"**{plain(fault.name)}** · {plain(now_and_then(fault, machine, verdict))}")
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
            moments = [worst_moment_s(f) for f in (fault, machine) if f is not None]
            moment = next((m for m in moments if m is not None), None)
            if moment is not None:
                st.button("Show", key=f"rv-see-{fault.id}", type="tertiary", on_click=film.seek, args=(moment,))


def verdict_on(review: Review, fault: str) -> bool | None:
    """Return what reviewers say of a fault; None where nobody said anything."""
    told = [c for c in review.in_force if isinstance(c, ConfirmFault | DismissFault) and c.fault == fault]
    return isinstance(told[-1], ConfirmFault) if told else None
