"""What every page shares: its frame, and the pages that there are."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

from checker.ui import (
    data_page,
    desk_page,
    guided_page,
    learn_page,
    library_page,
    movement_page,
    people,
    places,
    progress_page,
    review,
    tray_page,
    weekly_page,
)
from checker.ui.clinic import audit_page, here
from checker.ui.comparing import page as compare_page
from checker.ui.days import page as days_page
from checker.ui.for_patient import page as patient_page
from checker.ui.live import page as camera_page
from checker.ui.new_movement import page as new_page
from checker.ui.session import page as session_page
from checker.ui.today import emergency
from checker.ui.today import page as today_page
from checker.ui.top import screen

HERE: Final = Path(__file__).parent

here.claim()  # before anything of it is on the page
st.set_page_config(page_title="BackCheck", page_icon=HERE / "icon.svg", layout="wide")
pages: Final[dict[places.Place, st.Page]] = {
    "today": st.Page(today_page.page, title="Today", default=True),
    "movements": st.Page(library_page.page, title="Movements", url_path="movements"),
    "camera": st.Page(camera_page.page, title="Camera", url_path="camera"),
    "progress": st.Page(progress_page.page, title="My progress", url_path="progress"),
    "review": st.Page(review.page, title="Upload and review", url_path="review"),
    "learn": st.Page(learn_page.page, title="Learn", url_path="learn"),
    "movement": st.Page(movement_page.page, title="Movement", url_path="movement", visibility="hidden"),
    "timer": st.Page(guided_page.page, title="With a timer", url_path="timer", visibility="hidden"),
    "weekly": st.Page(weekly_page.page, title="The weekly look", url_path="weekly", visibility="hidden"),
    "compare": st.Page(compare_page.page, title="Compare", url_path="compare", visibility="hidden"),
    "data": st.Page(data_page.page, title="Your data", url_path="data"),
}
if here.may_review():
    pages["session"] = st.Page(session_page.page, title="Review a session", url_path="session", visibility="hidden")
    pages["desk"] = st.Page(desk_page.page, title="Desk", url_path="desk", visibility="hidden")
    pages["tray"] = st.Page(tray_page.page, title="Several videos", url_path="tray", visibility="hidden")
    pages["days"] = st.Page(days_page.page, title="Planned and done", url_path="days", visibility="hidden")
    pages["new"] = st.Page(new_page.page, title="New movement", url_path="new", visibility="hidden")
    seen: Final = "visible" if here.is_physio() else "hidden"
    pages["patient"] = st.Page(patient_page.page, title="For this patient", url_path="patient", visibility=seen)
if here.is_physio():
    pages["audit"] = st.Page(audit_page.page, title="Who looked", url_path="audit")
places.fill(pages)
chosen = st.navigation(list(pages.values()), position="top")
with people.one_run() as weeks:
    if here.is_clinic():
        looked = f"{chosen.title} {places.asked_for()}".strip()
        here.look_at(looked, None if weeks is None else weeks.person.id, busy=chosen is pages["timer"])
    # one patient's question hides no other, but nothing of themselves before a patient who is to see somebody now
    reviewing = here.may_review() and any(chosen is pages.get(place) for place in places.OF_PHYSIO)
    if weeks is not None and not reviewing and weeks.decision.blocks == "everything":  # nothing else matters now
        with screen("help"):
            emergency.show(weeks)
            people.show_name(weeks.person.name)  # somebody else on this computer has nothing to do with it
    elif any(chosen is pages[place] for place in places.TO_MOVE) and people.nobody_said():
        people.ask()  # what was told of somebody's safety is asked of nobody else
    else:
        chosen.run()
        if weeks is not None and chosen is pages["today"]:
            progress_page.prepare(weeks)
