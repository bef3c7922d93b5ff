"""The dose of a movement: the page asks for the phase where doses differ."""

from __future__ import annotations

import streamlit as st

from checker.dose import Dose
from checker.exercise import Exercise
from checker.safety import phase_label


def choose_dose(exercise: Exercise) -> Dose | None:
    """Ask for the phase where doses differ, and return its dose; None where the movement has none."""
    doses = exercise.doses
    if len(doses) < 2:
        return doses[0] if doses else None
    return st.selectbox(
        "Your phase",
        doses,
        format_func=lambda d: "; ".join(phase_label(p) for p in d.phases or exercise.phases),
        key=f"dose-{exercise.id}",
    )
