"""Text from files as text, where Markdown is shown."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.ui.plain import JOINER, plain
from checker.ui.words import bullets, numbered


@pytest.mark.parametrize(
    "text",
    [
        "![x](http://elsewhere.example/a.png)",
        "[x](http://elsewhere.example)",
        "<img src=http://elsewhere.example/a.png>",
        "http://elsewhere.example",
        "www.elsewhere.example",
        "somebody@elsewhere.example",
        "**bold** _thin_ `code` ~~gone~~ # heading | table",
        ":material/home: :red[red] :smile: $x^2$",
        "&lt;b&gt; a \\ b",
    ],
)
def test_every_mark_is_taken_for_a_letter(text: str) -> None:
    shown = plain(text)
    assert re.sub(r"\\(.)", r"\1", shown).replace(JOINER, "") == text
    assert not re.search(r"[\\`*_\[\]<>$:!#|~&@{}]", re.sub(r"\\.", "", shown))
    assert not re.search(r"://|www\.|@\w", re.sub(r"\\(.)", r"\1", shown))


@given(st.text())
def test_what_is_read_is_the_text_in_one_line(text: str) -> None:
    shown = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", plain(text))
    assert shown.replace(JOINER, "") == " ".join(text.split()).replace(JOINER, "")


def test_usual_words_stay_as_they_are() -> None:
    text = "Keep your back long and flat, about 10 to 15 degrees; then (slowly) come back."
    assert plain(text) == text


def test_a_line_of_a_list_stays_one() -> None:
    text = "one\n- two\n\n# three"
    assert bullets([text]).count("\n") == 0
    assert numbered([text]).count("\n") == 0
