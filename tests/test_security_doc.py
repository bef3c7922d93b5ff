"""SECURITY.md is true: every test and file that it names exists, and its walk-through leaves out no requirement."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
from conftest import ROOT

PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
CODE = re.findall(r"`([^`\n]+)`", PAGE)
TESTS = sorted({text for text in CODE if "::" in text})
FILES = sorted({text for text in CODE if re.fullmatch(r"[\w./-]+\.(py|md|toml|txt)", text)} | {".ci/run"})

LEVEL_2 = """
1.1.1-1.1.7 1.2.1-1.2.4 1.4.1 1.4.4-1.4.5 1.5.1-1.5.4 1.6.1-1.6.4 1.7.1-1.7.2 1.8.1-1.8.2 1.9.1-1.9.2 1.10.1
1.11.1-1.11.2 1.12.2 1.14.1-1.14.6
2.1.1-2.1.12 2.2.1-2.2.3 2.3.1-2.3.3 2.4.1-2.4.5 2.5.1-2.5.7 2.6.1-2.6.3 2.7.1-2.7.6 2.8.1-2.8.7 2.9.1-2.9.3
2.10.1-2.10.4
3.1.1 3.2.1-3.2.4 3.3.1-3.3.4 3.4.1-3.4.5 3.5.1-3.5.3 3.7.1
4.1.1-4.1.3 4.1.5 4.2.1-4.2.2 4.3.1-4.3.3
5.1.1-5.1.5 5.2.1-5.2.8 5.3.1-5.3.10 5.4.1-5.4.3 5.5.1-5.5.4
6.1.1-6.1.3 6.2.1-6.2.6 6.3.1-6.3.2 6.4.1-6.4.2
7.1.1-7.1.4 7.2.1-7.2.2 7.3.1 7.3.3-7.3.4 7.4.1-7.4.3
8.1.1-8.1.4 8.2.1-8.2.3 8.3.1-8.3.8
9.1.1-9.1.3 9.2.1-9.2.4
10.2.1-10.2.2 10.3.1-10.3.3
11.1.1-11.1.8
12.1.1-12.1.3 12.2.1 12.3.1-12.3.6 12.4.1-12.4.2 12.5.1-12.5.2 12.6.1
13.1.1 13.1.3-13.1.5 13.2.1-13.2.3 13.2.5-13.2.6 13.3.1-13.3.2 13.4.1-13.4.2
14.1.1-14.1.4 14.2.1-14.2.6 14.3.2-14.3.3 14.4.1-14.4.7 14.5.1-14.5.4
"""
"""Requirements of OWASP ASVS 4.0.3 for levels 1 and 2."""


def numbers(text: str) -> Iterator[str]:
    """Single requirements, of a list with ranges."""
    for first, last in re.findall(r"(\d+\.\d+\.\d+)(?:-(\d+\.\d+\.\d+))?", text):
        section, begin = first.rsplit(".", 1)
        end = last.rsplit(".", 1)[1] if last else begin
        assert not last or last.rsplit(".", 1)[0] == section, text
        yield from (f"{section}.{i}" for i in range(int(begin), int(end) + 1))


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_there(name: str) -> None:
    assert (ROOT / name).is_file()


@pytest.mark.parametrize("name", TESTS)
def test_every_test_is_there(name: str) -> None:
    path, *inner = name.split("::")
    body: list[ast.stmt] = ast.parse((ROOT / path).read_text(encoding="utf-8")).body
    for part in inner:
        found = [n for n in body if isinstance(n, ast.FunctionDef | ast.ClassDef) and n.name == part]
        assert len(found) == 1, f"{part} is not in {path}"
        body = found[0].body
    assert inner[-1].startswith("test_")


def test_the_parts_of_the_benchmark_are_there() -> None:
    told = (ROOT / "benchmarks" / "walls.py").read_text(encoding="utf-8")
    parts = set(re.findall(r"`benchmarks/walls.py`, part `(\w+)`", PAGE))
    assert parts
    assert {part for part in parts if f"def measure_{part}(" not in told} == set()


def test_a_promise_has_something_that_shows_it() -> None:
    promised = PAGE.partition("## What is promised")[2].partition("## What is not promised")[0]
    rows = [line.strip("|").split(" | ") for line in promised.splitlines() if re.match(r"\| (?!promise )", line)]
    assert len(rows) > 30
    assert [row[0] for row in rows if "::" not in row[1] and "`benchmarks/" not in row[1]] == []


def test_the_walk_through_leaves_out_no_requirement() -> None:
    rows = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if re.match(r"\| \d", line)]
    told = [number for row in rows for number in numbers(row[0])]
    assert sorted(told) == sorted(numbers(LEVEL_2))
    assert len(told) == len(set(told)) > 250
    assert {row[1] for row in rows} == {"met", "partly", "not met", "n/a"}
    assert all(len(row) == 3 and row[2].strip() for row in rows)
