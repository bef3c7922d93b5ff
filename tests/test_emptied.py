"""A number that was typed once can be emptied again: an empty field says none, and not 0."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

RUN_S = 60.0


def form() -> None:
    import streamlit as st

    from checker.ui.new_movement.fields import Fields, told

    Fields({}).number("target-rise", "Target")
    Fields({}).number("sets", "Sets", default=1, whole=True)
    st.text(f"{told().get('target-rise')} {told().get('sets')}")


def test_a_number_of_a_new_movement_can_be_emptied() -> None:
    page = AppTest.from_function(form, default_timeout=RUN_S).run()
    assert page.text[0].value == "None 1"
    page.number_input[0].set_value(40.0).run()
    assert page.text[0].value == "40.0 1"
    page.number_input[0].set_value(None)
    page.number_input[1].set_value(None).run()
    assert page.text[0].value == "None None"


def about() -> None:
    import streamlit as st

    from checker.service import everybody
    from checker.ui.data_page import _number

    (person,) = everybody.people()
    st.text(str(_number("year", person, 1980, "Year of birth", 1900, 2026)))


def test_a_year_of_birth_that_was_told_can_be_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from checker.service import everybody
    from checker.service import weeks as service

    monkeypatch.setenv("BACKCHECK_PEOPLE", str(tmp_path))
    service.store.cache_clear()
    everybody.add_person("Anna")
    page = AppTest.from_function(about, default_timeout=RUN_S).run()
    assert page.text[0].value == "1980"
    page.number_input[0].set_value(None).run()
    assert page.text[0].value == "None"
    service.store().close()
    service.store.cache_clear()
