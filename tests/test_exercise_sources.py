"""What a movement's file says of the five source texts stands there: each claim names a text and a line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from conftest import SHARED

from checker.library import EXERCISES_DIR

FILES: Final = sorted(EXERCISES_DIR.glob("*.toml"))
TEXTS: Final = SHARED / "sources"

NAMED: Final = re.compile(r"source texts?\b", re.IGNORECASE)
CLAIM: Final = re.compile(r"source text (\d{3}), line (\d+)((?:(?!source text)[^;)])*)", re.IGNORECASE)
"""A claim reaches to the next semicolon, bracket or claim: numbers and 'quoted words' in it must stand in that line."""

NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")
QUOTED: Final = re.compile(r"(?<!\w)'([^']+)'(?!\w)")

Lines = dict[tuple[str, int], str]
Section = dict[str, Any]


def sections(value: object) -> Iterator[Section]:
    """Every section of a file, the file itself among them."""
    if isinstance(value, dict):
        yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in inner:
        yield from sections(part)


def read(path: Path) -> list[Section]:
    return list(sections(tomllib.loads(path.read_text(encoding="utf-8"))))


def wrong_claims(source: str, lines: Lines) -> list[str]:
    """Why what a source line says of the five texts does not hold; empty where it does.

    Args:
        source: as it stands in the file.
        lines: of the texts, by text ("002") and number from 1.
    """
    claims = CLAIM.findall(source)
    out = [] if len(claims) == len(NAMED.findall(source)) else ["expected the text and the line of each claim"]
    for text, number, what in claims:
        line = lines.get((text, int(number)), "").strip()
        out += [] if line else [f"text {text} has no words in line {number}"]
        strange = [n for n in NUMBER.findall(what) if n not in NUMBER.findall(line)]
        strange += [repr(w) for w in QUOTED.findall(what) if w not in line]
        out += [f"{s} is not in text {text}, line {number}" for s in strange]
    return out


def claims_no_own_number(section: Section) -> bool:
    """Whether a number's source claims the five texts, but no number or quoted words of the section."""
    own = NUMBER.findall(" ".join(str(v) for k, v in section.items() if k != "source"))
    return any(
        not QUOTED.search(what) and not set(NUMBER.findall(what)) & set(own)
        for _, _, what in CLAIM.findall(section["source"])
    )


@pytest.fixture(scope="module")
def lines() -> Lines:
    """The lines of the five texts."""
    if not TEXTS.is_dir():
        pytest.skip("../shared/sources IS MISSING: what the movements say of the source texts was NOT tested")
    return {
        (path.name[:3], number): line
        for path in sorted(TEXTS.glob("*.txt"))
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1)
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_claims_a_source_text_stands_there(path: Path, lines: Lines) -> None:
    for section in read(path):
        for source in [section.get("source", ""), *section.get("sources", [])]:
            assert wrong_claims(source, lines) == [], source


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_number_names_text_and_line_or_no_text_at_all(path: Path) -> None:
    for section in read(path):
        if NAMED.search(source := section.get("source", "")):
            assert len(CLAIM.findall(source)) == len(NAMED.findall(source)), source
            assert not claims_no_own_number(section), source
            assert section["status"] == "clinical judgement", "a clinic's page is no publication"


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        ("the source texts of the exercises", "expected the text and the line"),
        ("Starting value: within the source texts' 10 to 60 seconds", "expected the text and the line"),
        ("source text 002, line 2: held 5 seconds", "5 is not in text 002, line 2"),
        ("source text 002, line 3: held 2 seconds", "no words in line 3"),
        ("source text 009, line 1", "text 009 has no words"),
        ("source text 002, line 2: for 'an hour'", "'an hour' is not in"),
        ("source text 002, line 2: 2 to 3 seconds; 8 times: usual", ""),
        ("Named in source text 002, line 1, and in source text 002, line 2: 'a few minutes'", ""),
        ("usual physiotherapy dose, to be confirmed: 10 to 60 seconds", ""),
    ],
)
def test_a_false_claim_is_found(source: str, wrong: str) -> None:
    texts = {("002", 1): "Stretch.", ("002", 2): "Hold for 2-3 seconds, then rest for a few minutes.", ("002", 3): " "}
    found = wrong_claims(source, texts)
    assert wrong in "; ".join(found) if wrong else found == []


def test_a_number_that_its_claim_does_not_speak_of_is_found() -> None:
    assert claims_no_own_number({"hold_s": 5, "source": "source text 002, line 2: 2 to 3 seconds"})
    assert claims_no_own_number({"hold_s": 5, "source": "source text 002, line 2"})
    assert not claims_no_own_number({"hold_s": 2, "source": "source text 002, line 2: 2 to 3 seconds"})
