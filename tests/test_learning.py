"""The pages to learn from: valid, plain, in words of our own, with sources and links that exist."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

import pytest
from conftest import SHARED
from test_exercise_sources import NAMED, wrong_claims

from checker.library import list_exercises
from checker.picture import picture, tower
from checker.words.learning import (
    FIRST_PAGE,
    LEARN_DIR,
    LearnError,
    LearnPage,
    learn_page,
    learn_pages,
    learn_pages_for,
    read_learn_page,
)

PAGES: Final = learn_pages()
IDS: Final = [page.id for page in PAGES]
HIGHEST_GRADE: Final = 8.0
LONGEST_SENTENCE: Final = 28
"""Words; one long sentence would be lost in the grade of a page."""

WORDS_A_MINUTE: Final = 200
"""Plain text, by somebody who has other things on the mind; the usual figure for prose is about 240."""

BANNED: Final = re.compile(
    r"\b(?:un)?safe(?:ly|ty|r)?\b|\bclear(?:ed|ance)\b|\bheal(?:ed|ing|s)?\b|\brestrict\w*|\brelaps\w*|\bdiagnos\w*"
    r"|\bmust not\b|\bwrong posture\b|\bbad posture\b|\bjenga\b|\bdanger\w*",
    re.IGNORECASE,
)
RUN: Final = 8
"""Words in a row that would be somebody else's sentence."""


def spoken(text: str) -> list[str]:
    """The words of a text, small, without marks."""
    return re.findall(r"[a-z0-9]+(?:'[a-z]+)?", text.lower().replace("’", "'"))


def runs(text: str, length: int = RUN) -> set[tuple[str, ...]]:
    words = spoken(text)
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


def syllables(word: str) -> int:
    """How many syllables an English word has, about: groups of vowels, without a silent e."""
    word = word.lower().removesuffix("'s")
    groups = len(re.findall(r"[aeiouy]+", word))
    silent = re.search(r"[^aeiouyl]e$|[^aeiouytd]ed$|[^aeiouysxz]es$", word) is not None
    return max(1, groups - silent + word.endswith(("io", "ios")))


def sentences(text: str) -> list[str]:
    return [s for s in re.split(r"[.!?]\s|\n", text + "\n") if spoken(s)]


def grade(text: str) -> float:
    """The Flesch-Kincaid grade: 0.39 words a sentence + 11.8 syllables a word - 15.59 (Kincaid et al., 1975)."""
    words = spoken(text)
    return 0.39 * len(words) / len(sentences(text)) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def prose(page: LearnPage) -> str:
    """What is read in sentences; headings would make it look easier than it is."""
    return "\n".join(line for p in page.sections for line in (*p.text, *p.steps, *p.points))


# --- every page -----------------------------------------------------------------------------------


def test_when_to_see_somebody_comes_first() -> None:
    assert IDS[0] == FIRST_PAGE
    assert 12 <= len(PAGES) <= 16
    assert len(set(IDS)) == len(IDS)


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_links_lead_somewhere_and_to_one_thing_only(page: LearnPage) -> None:
    movements = {exercise.id for exercise in list_exercises()}
    assert not movements & set(IDS), "an id means a page or a movement"
    assert set(page.see) <= movements | set(IDS) - {page.id}


def test_every_page_is_led_to_by_another() -> None:
    linked = {other for page in PAGES for other in page.see}
    assert set(IDS) - linked == set()


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_it_is_plain_and_short(page: LearnPage, record_property: pytest.RecordProperty) -> None:
    words, level = len(spoken(page.words)), grade(prose(page))
    record_property("grade", level)
    print(f"{page.id}: grade {level:.1f}, {words} words")
    assert level <= HIGHEST_GRADE
    assert [s for s in sentences(prose(page)) if len(spoken(s)) > LONGEST_SENTENCE] == []
    assert words <= WORDS_A_MINUTE * page.minutes
    assert words > WORDS_A_MINUTE * (page.minutes - 1)
    assert len(page.summary) <= 100


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_it_informs_and_judges_nobody(page: LearnPage) -> None:
    assert BANNED.findall(page.words) == []
    captions = [p.drawing.name for p in page.sections if p.drawing] + [
        p.drawing.picture.caption or "" for p in page.sections if p.drawing
    ]
    assert BANNED.findall("\n".join(captions)) == []


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_no_run_of_words_is_a_source_texts(page: LearnPage) -> None:
    theirs = {run for path in texts() for run in runs(path.read_text(encoding="utf-8"))}
    copied = runs(page.words + "\n" + "\n".join(page.sources)) & theirs
    assert copied == set()


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_its_sources_stand_there(page: LearnPage) -> None:
    lines = {
        (path.name[:3], number): line
        for path in texts()
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1)
    }
    for source in page.sources:
        assert wrong_claims(source, lines) == [], source
    if page.id != "lying_and_getting_up":
        assert any(NAMED.search(source) for source in page.sources)


def texts() -> list[Path]:
    """The five source texts."""
    found = sorted((SHARED / "sources").glob("*.txt"))
    if not found:
        pytest.skip("../shared/sources IS MISSING: the pages were NOT compared with the source texts")
    return found


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_belts_and_machines_are_recommended_nowhere(page: LearnPage) -> None:
    """WHO 2023: belts, traction, ultrasound and TENS are no routine for low back pain; one page says so."""
    named = re.findall(r"\b(?:belts?|braces?|TENS|ultrasound|lasers?|traction|shock ?wave|needl\w+)\b", page.words)
    assert not named or page.id == "tablets_and_belts"


def test_the_signs_that_need_help_now_all_stand_on_the_first_page() -> None:
    page = PAGES[0]
    now, today = page.sections[0], page.sections[1]
    signs = ["pass water", "bowel", "between your legs", "sex", "both legs", "foot drops", "chest", "accident"]
    for sign in signs:
        assert any(sign in point.lower() for point in now.points), sign
    assert now.text[0].startswith("Stop"), "the first line says what to do"
    assert any("fever" in point for point in today.points)


# --- finding them ---------------------------------------------------------------------------------


def test_a_page_is_found_by_its_id() -> None:
    page = learn_page("first_minutes")
    assert page is not None
    assert page.title == "The first minutes"
    assert learn_page("no_such_page") is None
    assert learn_page("../exercises/bridge") is None


def test_pages_are_found_where_they_help() -> None:
    assert {"first_minutes", "how_much_rest"} <= {page.id for page in learn_pages_for("flare")}
    assert "lifting_and_bending" in [page.id for page in learn_pages_for("safe_lifting")]
    assert learn_pages_for("nowhere") == ()


@pytest.mark.parametrize("rung", range(1, 10))
def test_every_rung_of_the_ladder_has_a_page(rung: int) -> None:
    assert learn_pages_for(f"rung_{rung}")


# --- wrong files ----------------------------------------------------------------------------------

GOOD: Final = (LEARN_DIR / "heat_and_ice.toml").read_text(encoding="utf-8")


def mistake(tmp_path: Path, text: str, name: str = "heat_and_ice") -> str:
    path = tmp_path / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LearnError) as error:
        read_learn_page(path)
    return str(error.value).removeprefix(f"{path}: ")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('topic = "ease"', 'topic = "easing"', "topic: Input should be 'first', 'spasm', 'day' or 'ease'"),
        ('id = "heat_and_ice"', 'id = "ice"', 'id: expected "heat_and_ice", as the file is named, got "ice"'),
        ("minutes = 1", "minutes = 9", "minutes: Input should be less than or equal to 2"),
        ("order = 1", "", "order: Field required"),
        ("order = 1", "order = 1\ncolour = 3", "colour: Extra inputs are not permitted"),
        ('"ice_heat", ', '"massage", ', "see: expected each only once"),
        ('"flare"', '"flares"', "where.1: String should match pattern"),
        ("[sections.drawing]", '[sections.drawing]\nview = "above"', "sections.2.drawing.view: Input should be"),
        ("[[sections]]", "[[sections]", "cannot be read as a page:"),
    ],
)
def test_a_wrong_file_is_one_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in GOOD
    line = mistake(tmp_path, GOOD.replace(old, new, 1))
    assert line.startswith(told)
    assert "\n" not in line


def test_a_heading_needs_something_under_it(tmp_path: Path) -> None:
    line = mistake(tmp_path, GOOD + '\n[[sections]]\nheading = "Nothing"\n')
    assert line == "sections.5: expected text, steps or points under the heading"


def test_a_file_that_is_no_text_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "page.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(LearnError, match=r"page\.toml: cannot be read as a page"):
        read_learn_page(path)


def test_two_pages_in_one_place_are_told(tmp_path: Path) -> None:
    for name in ("heat_and_ice", "zz"):
        (tmp_path / f"{name}.toml").write_text(GOOD.replace('id = "heat_and_ice"', f'id = "{name}"'), encoding="utf-8")
    with pytest.raises(LearnError, match=r'zz.toml: order: expected a place of its own, got 1 as "heat_and_ice" has'):
        learn_pages(tmp_path)


def test_a_folder_without_pages_is_told(tmp_path: Path) -> None:
    with pytest.raises(LearnError, match="expected pages"):
        learn_pages(tmp_path)


# --- the helpers of this file ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "count"),
    list({"spasm": 1, "one": 1, "moved": 1, "knees": 1, "breathes": 1, "table": 2, "wanted": 2, "doctor": 2}.items())
    + list({"muscle": 2, "easy": 2, "physio": 3, "pillow": 2, "boxes": 2, "emergency": 4}.items()),
)
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


def test_the_grade_rises_with_longer_words_and_sentences() -> None:
    texts = [
        "Stop. Sit down. Rest.",
        "Stop what you are doing and sit down on a chair for a while.",
        "Cease immediately whatever physical activity occasioned the involuntary muscular contraction.",
    ]
    assert all(grade(a) < grade(b) for a, b in pairwise(texts))
    assert grade("The cat sat on the mat.") == pytest.approx(0.39 * 6 + 11.8 - 15.59)


def test_a_copied_run_would_be_found() -> None:
    theirs = "Rest, but not too much: Give your muscles a break, but avoid lying down."
    assert runs("He said: give your muscles a break but AVOID lying down now") & runs(theirs)
    assert not runs("Give your muscles a break, and then move") & runs(theirs)


# --- the drawings ---------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_its_drawings_can_be_drawn_and_say_what_they_show(page: LearnPage) -> None:
    for part in page.sections:
        if part.drawing is not None:
            label = ElementTree.fromstring(picture(part.drawing)).attrib["aria-label"]
            assert label.startswith(f"{part.drawing.name}: ")


def test_the_tower_misses_blocks_on_the_right_alone() -> None:
    root = ElementTree.fromstring(tower())
    blocks = [r.attrib for r in root.iter("{http://www.w3.org/2000/svg}rect") if r.attrib["height"] == "18"]
    assert len(blocks) == 2 * (4 * 3 + 4)
    assert sum("stroke-dasharray" in b for b in blocks[: len(blocks) // 2]) == 0
    assert sum("stroke-dasharray" in b for b in blocks[len(blocks) // 2 :]) == 5
    assert "pen" in root.attrib["aria-label"]
