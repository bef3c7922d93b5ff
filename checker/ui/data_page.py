"""The page "Your data": what is kept and where, and everything that one can do with it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import streamlit as st
from pydantic import ValidationError

from checker.care.records import Floor, Person, Profile
from checker.fhir import FhirError
from checker.service import everybody
from checker.service.everybody import LONGEST_NAME
from checker.service.weeks import Weeks
from checker.store import StoreError
from checker.ui import people, uploads
from checker.ui.clinic import here
from checker.ui.plain import plain
from checker.ui.today.beginning import CONDITIONS, FLOOR
from checker.ui.top import screen
from checker.words.countries import COUNTRIES
from checker.words.values import counted

ELSEWHERE: Final = "Another country"
FLOORS: Final[dict[Floor, str]] = {answer: words for words, answer in FLOOR.items()}
TOLD: Final = "data-told"
"""What was done just now, for after the rerun."""

FILE: Final = "data-file"
"""The zip that was made, until the page is left."""

RECORDS: Final = "data-records"
"""The same of the bundle of FHIR."""


def page() -> None:
    """Show what is kept of whoever was chosen; without anybody, the way to bring a file in."""
    told = st.session_state.pop(TOLD, None)
    if told is not None:
        st.success(plain(told), icon=":material/check:")
    weeks = people.somebody("Without a name nothing of you is kept, so there is nothing to show here.")
    if weeks is None:  # who is asked for stands in a screen of its own
        if not here.is_patient():
            _bring(expanded=True)
        return
    with screen("data"):
        people.show_name(weeks.person.name)
        st.title("Your data", anchor=False)
        _what(weeks)
        _about(weeks)
        _profile(weeks)
        _take(weeks)
        if not here.is_patient():  # they bring in another's
            _bring()
        if not here.is_clinic():
            _backup()
        _delete(weeks)


def _what(weeks: Weeks) -> None:
    """Say what is kept and where, in plain words."""
    of = weeks.history
    counts = [
        counted(len(of.sessions), "session"),
        counted(len(of.check_ins), "answer") + " on how it is",
        counted(len(of.answers) + len(of.ladder) + len(of.activities), "other answer"),
    ]
    st.markdown(
        f"Kept of you: your name and what you say of yourself, {', '.join(counts)}, the plan of each day, and with "
        "each session what was measured, with those before the camera the positions of your joints, too. A video only "
        "where you asked for it."
    )
    if here.is_clinic():
        st.markdown("**It all lies on your clinic's computer and is sent nowhere else.** Who looks at it is noted.")
        return
    st.markdown(
        "**It all lies on this computer and is sent nowhere.** It is not encrypted: whoever can use this computer "
        "under your account can read it. A disk that is encrypted protects it."
    )
    st.markdown(f"The folder: {plain(everybody.kept_in())}")


# --- about the person -----------------------------------------------------------------------------


def _about(weeks: Weeks) -> None:
    person = weeks.person
    st.header("About you", anchor=False)
    codes: list[str | None] = [None, *COUNTRIES]
    with st.form("about", border=False):
        name = st.text_input("Name or nickname", value=person.name, max_chars=LONGEST_NAME)
        year = _number("year", person, person.born_year, "Year of birth", 1900, date.today().year)
        country = st.selectbox(
            "Country, for the emergency number",
            codes,
            index=codes.index(person.country) if person.country in codes else 0,
            format_func=lambda code: COUNTRIES.get(code or "", ELSEWHERE),
        )
        height_cm = None if person.height_m is None else round(person.height_m * 100)
        height = _number("height", person, height_cm, "Height in cm", 50, 260)
        if st.form_submit_button("Keep this"):
            height_m = None if height is None else height / 100
            _change(weeks, name=" ".join(name.split()), born_year=year, country=country, height_m=height_m)


def _number(what: str, person: Person, now: int | None, label: str, least: int, most: int) -> int | None:
    """Ask for a whole number that may be left empty, also where there is one now."""
    key = f"about-{what}-{person.id}"
    st.session_state.setdefault(key, now)  # as the field's own value it would come back whenever it is emptied
    return st.number_input(label, min_value=least, max_value=most, value=None, step=1, format="%d", key=key)


def _change(weeks: Weeks, **changed: Any) -> None:
    try:
        if not here.is_clinic() and changed["name"].casefold() != weeks.person.name.casefold():
            everybody.check_name(changed["name"])
        weeks.change_person(**changed)
    except ValidationError as error:
        what = ".".join(map(str, error.errors()[0]["loc"])).replace("_", " ")
        st.error(f"Please look at this again: {plain(what)}.", icon=":material/error:")
    except (ValueError, StoreError) as error:
        st.error(plain(str(error)), icon=":material/error:")
    else:
        st.session_state[TOLD] = "Kept."
        st.rerun()


def _profile(weeks: Weeks) -> None:
    """Ask anew what a plan must know."""
    now = weeks.history.profile or Profile.model_construct(conditions=frozenset(), equipment=frozenset(), floor="yes")
    st.header("What your plan must know", anchor=False)
    with st.form("profile", border=False):
        has = st.pills(
            "Do you have any of this? If not, leave it empty.",
            tuple(CONDITIONS),
            format_func=lambda c: CONDITIONS[c].capitalize(),
            selection_mode="multi",
            default=sorted(now.conditions, key=list(CONDITIONS).index),
        )
        floor = st.segmented_control(
            "Can you get down to the floor and up again?", tuple(FLOOR), default=FLOORS[now.floor], required=True
        )
        if st.form_submit_button("Keep this for my plan"):
            try:
                kept = FLOOR[floor or FLOORS[now.floor]]
                weeks.tell_profile(floor=kept, conditions=frozenset(has), equipment=now.equipment)
            except StoreError as error:
                st.error(plain(str(error)), icon=":material/error:")
                return
            st.session_state[TOLD] = "Kept: your plan goes by it from now on."
            st.rerun()


# --- taking it away, bringing it in ---------------------------------------------------------------


def _take(weeks: Weeks) -> None:
    """Make one file of everything, and give it."""
    st.header("Take it with you", anchor=False)
    st.markdown("One file with everything, to keep or to bring to another computer. It is not encrypted either.")
    made = st.session_state.get(FILE)
    if made is not None and made[0] == str(weeks.person.id):
        name = "".join(c if c.isalnum() else "-" for c in weeks.person.name)
        st.download_button(
            f"Save the file ({len(made[1]) / 1e6:.1f} MB)", made[1], f"backcheck-{name}-{weeks.today}.zip",
            "application/zip", icon=":material/download:", type="primary", on_click=_forget_file,
        )  # fmt: skip
    elif st.button("Make the file", icon=":material/folder_zip:", key="export"):
        try:
            with TemporaryDirectory() as folder, st.spinner("Making the file"):
                target = Path(folder) / "person.zip"
                here.note("exported", "everything, in one file", weeks.person.id)
                weeks.export(target)
                st.session_state[FILE] = (str(weeks.person.id), target.read_bytes())
        except (StoreError, OSError) as error:
            st.error(plain(str(error)), icon=":material/error:")
            return
        st.rerun()

    _take_records(weeks)


def _take_records(weeks: Weeks) -> None:
    """Make the records as a bundle of FHIR, and give it."""
    st.markdown("Or your answers and numbers alone, for the records of a clinic (FHIR R4). Not encrypted, either.")
    made = st.session_state.get(RECORDS)
    if made is not None and made[0] == str(weeks.person.id):
        st.download_button(
            f"Save the records ({len(made[1]) / 1e6:.1f} MB)", made[1], f"backcheck-{weeks.today}-fhir.json",
            "application/fhir+json", icon=":material/download:", on_click=_forget_file,
        )  # fmt: skip
    elif st.button("Make the records", icon=":material/clinical_notes:", key="fhir"):
        try:
            with TemporaryDirectory() as folder, st.spinner("Making the file"):
                here.note("exported", "the records (FHIR)", weeks.person.id)
                target = Path(folder) / "fhir.json"
                weeks.write_fhir(target)
                st.session_state[RECORDS] = (str(weeks.person.id), target.read_bytes())
        except (StoreError, FhirError, OSError) as error:
            st.error(plain(str(error)), icon=":material/error:")
            return
        st.rerun()


def _forget_file() -> None:
    st.session_state.pop(FILE, None)
    st.session_state.pop(RECORDS, None)


def _bring(*, expanded: bool = False) -> None:
    """Bring in a file that was made here or on another computer."""
    with st.expander("Bring a file in", expanded=expanded):
        given = st.file_uploader("A file that BackCheck made (.zip)", type="zip", key="import")
        if given is None or not st.button("Bring it in", icon=":material/upload:", key="import-go"):
            return
        try:
            with TemporaryDirectory() as folder:
                source = Path(folder) / "person.zip"
                uploads.take(given, source)
                person = everybody.bring_in(source, given.name)
                here.note("changed", "a file was brought in", person.id)
        except (StoreError, OSError) as error:
            st.error(plain(str(error)), icon=":material/error:")
            return
    st.session_state[TOLD] = f"{person.name} is here now, with everything of the file."
    st.rerun()


def _backup() -> None:
    st.header("A backup of everybody", anchor=False)
    st.markdown("In a terminal, also while this page is open; videos are a folder of their own beside it:")
    st.code("backcheck backup my-backup.db", language=None)


def _delete(weeks: Weeks) -> None:
    """Delete for good, once the name was typed."""
    person = weeks.person
    st.header("Delete everything of you", anchor=False)
    st.markdown(
        "Answers, results and videos go for good, and nobody can bring them back. Files that you saved and backups "
        "stay: delete those yourself."
    )
    with st.form("delete", border=False):
        typed = st.text_input("Type your name to confirm", max_chars=LONGEST_NAME, autocomplete="off")
        if not st.form_submit_button("Delete for good", icon=":material/delete_forever:"):
            return
        if " ".join(typed.split()) != person.name:
            st.error(f"To delete, type the name as it is here: {plain(person.name)}.", icon=":material/error:")
            return
        try:
            here.note("deleted", "everything", person.id)
            left = weeks.delete()
        except StoreError as error:
            st.error(plain(str(error)), icon=":material/error:")
            return
    here.end_logins_of(person.id)
    people.leave()
    rest = f" Look at these files, which may still hold something: {', '.join(map(str, left))}" if left else ""
    st.session_state[TOLD] = f"{person.name} was deleted.{rest}"
    st.rerun()
