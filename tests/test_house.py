"""The structure of the code: which room may use which, how large a file and a function may be, what is pure."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from conftest import ROOT

CHECKER = ROOT / "checker"

ROOMS: Final = (
    [
        "version",
        "skeleton",
        "mirror",
        "track_file",
        "track",
        "posture",
        "visibility",
        "smoothing",
        "figure",
        "result_part",
        "hand_measure",
        "assessment",
        "reasons",
        "safety",
        "folders",
    ],
    ["video"],
    ["pose"],
    ["signals"],
    ["rules", "fault_rules", "dose", "exercise"],
    ["setup"],
    ["judging"],
    ["live"],
    ["assessing", "engine", "self_check", "guessing"],
    ["words"],
    ["library"],
    ["care"],
    ["review"],
    ["comparing"],
    ["picture"],
    ["overlay"],
    ["fhir"],
    ["report"],
    ["store"],
    ["analyze"],
    ["service"],
    ["ui"],
    ["cli"],
    ["__init__", "__main__"],
)
"""From the ground up: a module imports from its own row and from those above it in this list, never from below.

The order of CONTRIBUTING.md."""

PURE: Final = frozenset(
    [
        "signals",
        "setup",
        "judging",
        "live",
        "assessing",
        "engine",
        "self_check",
        "guessing",
        "care",
        "review",
        "comparing",
        "safety",
        "reasons",
    ]
)
"""No pictures, no pose model, no page, no files, no clock."""

OUTSIDE: Final = frozenset(
    ["cv2", "mediapipe", "streamlit", "av", "requests", "time", "socket", "subprocess", "sqlalchemy", "random"]
)
"""What reaches out of a room: pictures, the pose model, pages, the network, a database, the clock, chance."""

CLOCKS: Final = frozenset(["now", "today", "utcnow"])
"""Of `datetime`, whose dates are plain values otherwise."""

LONGEST_FILE, LONGEST_FUNCTION = 500, 50

FILES = sorted(CHECKER.rglob("*.py"))


def module(path: Path) -> str:
    """A file's dotted name below `checker`."""
    parts = path.relative_to(CHECKER).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Everything that a file imports, inside functions too: dotted names, with the line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((name.name, node.lineno) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield from ((f"{node.module}.{name.name}", node.lineno) for name in node.names)


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


MODULES = {module(path) for path in FILES}


def own(name: str) -> str | None:
    """The module of ours that a dotted name lies in; None for others'."""
    if not name.startswith("checker."):
        return None
    parts = name.split(".")[1:]
    return next((".".join(parts[:n]) for n in range(len(parts), 0, -1) if ".".join(parts[:n]) in MODULES), None)


def arrows(path: Path) -> set[str]:
    """The modules of ours that a file imports from."""
    return {other for name, _ in imports(parsed(path)) if (other := own(name)) is not None} - {module(path)}


@cache
def all_arrows() -> dict[str, set[str]]:
    """The arrows of every module."""
    return {module(path): arrows(path) for path in FILES}


def floor(name: str) -> int:
    """The row of the list in which a module stands."""
    return next(i for i, row in enumerate(ROOMS) if name.split(".", maxsplit=1)[0] in row)


def test_every_module_stands_in_a_room() -> None:
    known = {name for row in ROOMS for name in row}
    assert {name.split(".")[0] for name in MODULES} <= known


def test_no_arrow_runs_up() -> None:
    every = [(name, other) for name, others in all_arrows().items() for other in others]
    up = [f"{name} imports {other}" for name, other in every if floor(other) > floor(name)]
    assert up == [], "what is imported stands above"


def test_there_is_no_circle() -> None:
    left = {name: set(others) for name, others in all_arrows().items()}
    while free := {name for name, others in left.items() if not others & left.keys()}:
        left = {name: others for name, others in left.items() if name not in free}
    assert not left, f"these import each other in a circle: {', '.join(sorted(left))}"


def reaches_out(tree: ast.Module) -> set[str]:
    """Where a file reaches out of its room."""
    found = {name for name, _ in imports(tree) if name.split(".")[0] in OUTSIDE}
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return found | {call.attr for call in calls if isinstance(call, ast.Attribute) and call.attr in CLOCKS}


def test_what_judges_is_pure() -> None:
    pure = [path for path in FILES if module(path).split(".")[0] in PURE]
    assert {module(path).split(".")[0] for path in pure} == PURE
    assert {module(path): found for path in pure if (found := reaches_out(parsed(path)))} == {}


@pytest.mark.parametrize(
    "line", ["import cv2", "from streamlit import cache_data", "def f():\n import time", "x = datetime.now(UTC)"]
)
def test_what_is_not_pure_is_found(line: str) -> None:
    assert len(reaches_out(ast.parse(line))) == 1


def test_the_service_knows_no_page() -> None:
    for name in (n for n in MODULES if n.startswith("service")):
        path = next(p for p in FILES if module(p) == name)
        assert "streamlit" not in {n.split(".")[0] for n, _ in imports(parsed(path))}, name


def test_files_and_functions_are_short() -> None:
    lengths = {module(path): len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}
    long = {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE}
    for path in FILES:
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                long |= {f"{module(path)}.{node.name}": lines} if lines > LONGEST_FUNCTION else {}
    assert long == {}
