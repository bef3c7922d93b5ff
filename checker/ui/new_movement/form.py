"""The form of a new movement: what it is, how much of it, what counts, what is flagged, for whom it is different."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from checker.library.draft import (
    KINDS,
    MEASURED,
    VIEWS,
    fitting,
    least_threshold,
    measurable,
    names_signal,
    rules_to_ask,
    threshold_question,
    unit_words,
    ways,
)
from checker.safety import PHASES, phase_label
from checker.service.new_movement import JOINTS, Draft, joints_of
from checker.signals import CATALOGUE
from checker.ui.new_movement.fields import PREFIX, Fields, rows
from checker.ui.words import POSITIONS
from checker.words.loads import ACTIONS, CONDITIONS, DIRECTIONS, LOADS

STILL: Final = {"standing": "Stand", "seated": "Sit", "kneeling": "Kneel"}
"""How one keeps still in a position; else one stays."""

CAMERA: Final = {
    "side": "Turn one side to the camera. It should see you from head to feet.",
    "front": "Face the camera. It should see you from head to feet.",
}
LABELS: Final = {
    "trunk": "Trunk, forward",
    "lean": "Side bend, to the left",
    "turn": "Turn, to the left",
    "rounding": "Rounding of the back",
    "neck": "Chin to chest",
    "knees_aside": "Knees to the left",
    "hips": "Hip, bent",
    "knees": "Knee, bent",
    "arms": "Arm, forward and up",
    "arms_out": "Arm, sideways",
    "elbows": "Elbow, bent",
}


def prepare() -> None:
    """Have the sentences that nearly every movement has typed in, as long as nobody has typed others."""
    position, view = (st.session_state.get(f"{PREFIX}{name}") for name in ("position", "view"))
    still = f"{STILL.get(position or 'standing', 'Stay')} still for a moment in the start position."
    for name, usual in (("steps", still), ("camera", CAMERA[view or "side"])):
        key, kept = f"{PREFIX}{name}", f"{PREFIX}{name}-usual"
        if st.session_state.get(key, "") in {"", st.session_state.get(kept)}:
            st.session_state[key] = usual
        st.session_state[kept] = usual


def show(fields: Fields, values: dict[str, Any], draft: Draft) -> None:
    """Show all of it; the parts that go with what was chosen above them."""
    measured = (values.get("kind") or "exercise") in MEASURED
    _what(fields, measured=measured)
    _words(fields, measured=measured)
    _how_much(fields)
    if measured:
        _counting(fields, values)
        _faults(fields, values)
    _precautions(fields)
    _drawing(fields, values, draft)


def _what(fields: Fields, *, measured: bool) -> None:
    st.header("What it is", anchor=False)
    fields.text("name", "Name, as the patient reads it", ("name",), placeholder="e.g. Wall slide")
    kinds = {key: words[:1].upper() + words[1:] for key, words in KINDS.items() if key != "avoid"}
    fields.one("kind", "What is it?", kinds, ("kind",), default="exercise")
    fields.one("position", "How does one start?", POSITIONS, ("position",), default="standing")
    if measured:
        views = {key: words[:1].upper() + words[1:] for key, words in VIEWS.items()}
        fields.one("view", "What does the camera see?", views, ("view",), default="side")
    fields.some("phases", "In which phases of the programme?", {n: phase_label(n) for n in PHASES}, ("phases",))
    loads = {key: words[:1].upper() + words[1:] for key, words in LOADS.items()}
    fields.one("load", "How much does it ask of the back?", loads, ("load",), default="load")
    ways_of_back = {key: words[:1].upper() + words[1:] for key, words in DIRECTIONS.items()}
    fields.one("direction", "Where does it bend the low back to?", ways_of_back, ("direction",), default="none")


def _words(fields: Fields, *, measured: bool) -> None:
    st.header("What the patient reads", anchor=False)
    fields.text("summary", "The movement in one sentence", ("summary",))
    fields.text("why", "What it is good for, in one sentence", ("why",))
    fields.lines("steps", "How is it done? One sentence a line; nothing counts before the keeping still", ("steps",))
    if measured:
        fields.lines("camera", "How is it filmed? One sentence a line", ("camera",), height=80)
    fields.lines("cautions", "When to go easy? One sentence a line", ("cautions",), height=80)
    fields.text(
        "source", "Where does it come from? Title, year, page; or your own practice", ("sources", 0),
        ("doses", 0, "source"),
    )  # fmt: skip


def _how_much(fields: Fields) -> None:
    st.header("How much", anchor=False)
    fields.tell(("doses", 0), ("doses",))
    with st.container(key="new-grid-dose"):
        for key, label in (("repetitions", "Times"), ("hold_s", "Held, seconds"), ("duration_s", "In all, seconds")):
            whole = key == "repetitions"
            at = ("doses", 0, key)
            fields.number(f"{key}-from", f"{label}: from", at, (*at, 0), step=1, whole=whole)
            fields.number(f"{key}-to", f"{label}: up to", (*at, 1), step=1, whole=whole)
        fields.number("sets", "Sets", ("doses", 0, "sets"), default=1, step=1, whole=True)
        fields.number("times_a_day", "Times a day", ("doses", 0, "times_a_day"), default=1, step=1, whole=True)


# --- what counts, and what is measured --------------------------------------------------------------


def _signals(ids: list[str]) -> dict[str, str]:
    """Signals by their plain words: "The bend of the knees (degrees)"."""
    told = {i: CATALOGUE[i].words.what for i in ids}
    return {i: f"{what[:1].upper()}{what[1:]} ({unit_words(i)})" for i, what in told.items()}


def _counting(fields: Fields, values: dict[str, Any]) -> None:
    st.header("What counts", anchor=False)
    view, signal = values.get("view") or "side", values.get("signal")
    counted = fields.tick(
        "counted", "It is a movement out and back, and its repetitions are counted", default=True,
        help="Without the tick it is a posture that is kept, and the time is counted.",
    )  # fmt: skip
    fields.tell(("repetition",), ("hold",))
    if counted:
        signals = _signals(fitting(view))
        signal = fields.one("signal", "What is it counted on?", signals, ("repetition", "signal"))
        _way(fields, values, signal)
    else:
        fields.number("held_s", "From how many seconds on does a hold count?", ("hold", "min_duration_s"), default=3.0)
    st.header("What is measured", anchor=False)
    reported = measurable(view)
    default = [signal] if signal in reported and counted else []
    if default and not values.get("measured"):
        st.session_state[f"{PREFIX}measured"] = default
    fields.some("measured", "Reported with its ±", _signals(reported), ("measures",), default=default)
    _targets(fields, values, counted=counted)


def _way(fields: Fields, values: dict[str, Any], signal: str | None) -> None:
    """Ask which way it goes, and from how far on it counts."""
    if signal is None:
        return
    told = {key: words[:1].upper() + words[1:] for key, words in ways(signal).items()}
    way = fields.one("way", "Which way does it go?", told, ("repetition", "direction"), default="rise")
    if way == "signed" and not CATALOGUE[signal].sided:
        for which in ("rise", "fall"):
            label = f"What is it called when {ways(signal)[which]}? e.g. left"
            fields.text(f"name-of-{which}", label, ("repetition", "names", int(which == "fall")))
    unit = unit_words(signal)
    step = 1.0 if CATALOGUE[signal].unit == "deg" else 0.01
    fields.number("least", f"Smallest movement that counts, {unit} from the start", ("repetition", "min_excursion"),
                  step=step)  # fmt: skip
    fields.text("least-source", "Where does that number come from?", ("repetition", "source"),
                placeholder="Starting value")  # fmt: skip
    if (values.get("position") or "standing") == "standing":
        fields.tick("feet", "A foot leaves its place in it")


def _targets(fields: Fields, values: dict[str, Any], *, counted: bool) -> None:
    """Ask for a target of the main measure: of each side, where there are two."""
    signed = counted and values.get("way") == "signed"
    sides = {"rise": "left", "fall": "right"} if signed else {"rise": ""}
    for which, side in sides.items():
        own = values.get(f"name-of-{which}") or side
        at = [("measures", n, "target", "by_side", own or "both") for n in range(3)]
        label = f"Target{f', {own}' if own else ''}, if there is one for everybody"
        fields.number(f"target-{which}", label, *at)


# --- faults, and for whom it is different -----------------------------------------------------------


def _faults(fields: Fields, values: dict[str, Any]) -> None:
    st.header("What is flagged", anchor=False)
    view, counted = values.get("view") or "side", bool(values.get("counted", True))
    rules = rules_to_ask(counted=counted, signed=counted and values.get("way") == "signed")
    told = {key: words[:1].upper() + words[1:] for key, words in rules.items()}

    def show_one(place: int, number: int) -> None:
        at, own = ("faults", place), f"faults-{number}"
        fields.text(f"{own}-name", "What is seen, in two or three words", (*at, "name"), (*at, "id"),
                    placeholder="e.g. Knees bending")  # fmt: skip
        fields.text(f"{own}-cue", "The cue: what to do, in one short, kind sentence", (*at, "cue"))
        rule = fields.one(f"{own}-rule", "What is wrong?", told, (*at, "rule"), default="past")
        if rule is None:
            return
        signal = None
        if names_signal(rule):
            keys = (*at, "signal"), (*at, "conditions", 0, "signal")
            signal = fields.one(f"{own}-signal", "What is looked at?", _signals(fitting(view)), *keys)
        above = least_threshold(rule)
        label = threshold_question(rule, signal) + (f" (above {above:g})" if above else "")
        step = 1.0 if signal is None or CATALOGUE[signal].unit == "deg" else 0.01
        fields.number(f"{own}-threshold", label, (*at, "threshold"), (*at, "conditions", 0, "threshold"), step=step)
        fields.text(f"{own}-source", "Where does that number come from?", (*at, "source"),
                    (*at, "conditions", 0, "source"), placeholder="Starting value")  # fmt: skip

    rows("faults", "Add something to look out for", show_one)


def _precautions(fields: Fields) -> None:
    st.header("For whom it is different", anchor=False)
    who = {key: words[:1].upper() + words[1:] for key, words in CONDITIONS.items()}
    how = {str(key): words[:1].upper() + words[1:] for key, words in ACTIONS.items()}

    def show_one(place: int, number: int) -> None:
        at, own = ("precautions", place), f"precautions-{number}"
        fields.one(f"{own}-condition", "With what?", who, (*at, "condition"))
        fields.one(f"{own}-action", "What then?", how, (*at, "action"), default="leave_out")
        fields.text(f"{own}-text", "One short sentence to the patient: what to do", (*at, "text"))

    rows("precautions", "Add a precaution", show_one)


# --- the drawing ------------------------------------------------------------------------------------


def _drawing(fields: Fields, values: dict[str, Any], draft: Draft) -> None:
    """Ask for the joint angles of the figure, where the drawing that was made from the rest is not right."""
    st.header("The drawing", anchor=False)
    st.caption("It is made from the start position and what is counted. The figure also tries the movement out.")
    if not values.get("drawn") and draft.picture is not None:
        for name, value in joints_of(draft.picture).items():  # so that adjusting begins with what is drawn
            st.session_state[f"{PREFIX}{name}"] = float(value)
    if not fields.tick("drawn", "Adjust the joints by hand"):
        return
    for which, title in (("start", "At the start, degrees"), ("end", "Furthest out, degrees")):
        st.subheader(title, anchor=False)
        with st.container(key=f"new-grid-{which}"):
            for joint in JOINTS:
                at = ("picture", which, joint)
                for name in [n for n in (f"{which}-{joint}", f"{which}-{joint}-left", f"{which}-{joint}-right")
                             if f"{PREFIX}{n}" in st.session_state]:  # fmt: skip
                    side = name.removeprefix(f"{which}-{joint}").lstrip("-")
                    keys = at, (*at, "tuple[constrained-float, constrained-float]"), (*at, int(side == "right"))
                    fields.number(name, f"{LABELS[joint]}{f', {side}' if side else ''}", *keys, step=5.0)
