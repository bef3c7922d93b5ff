"""The structure of the code: which room may use which, how large a file and a function may be, what is pure."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from conftest import ROOT

CHECKER = ROOT / "checker"

ROOMS: Final = (
    [
        "skeleton",
        "mirror",
        "track_file",
        "track",
        "posture",
        "visibility",
        "smoothing",
        "figure",
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
    ["assessing", "engine", "self_check"],
    ["words"],
    ["library"],
    ["picture"],
    ["overlay"],
    ["report"],
    ["analyze"],
    ["service"],
    ["ui"],
    ["cli"],
    ["__init__", "__main__"],
)
"""From the ground up: a module imports from its own row and from those above it in this list, never from below.

The order of CONTRIBUTING.md."""

PURE: Final = frozenset(
    ["signals", "setup", "judging", "live", "assessing", "engine", "self_check", "safety", "reasons"]
)
"""No pictures, no pose model, no page, no files, no clock."""

IMPURE: Final = frozenset(
    ["signals", "setup", "judging", "live", "assessing", "engine", "self_check", "safety", "reasons"]
)

LONGEST_FILE, LONGEST_FUNCTION = 500, 50

FILES = sorted(CHECKER.rglob("*.py"))


def module(path: Path) -> str:
    """A file's dotted name below `checker`."""
    parts = path.relative_to(CHECKER).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Everything that a file imports, inside functions too: dotted names, with the line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((name.name, node.lineno) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield from ((f"{node.module}.{name.name}", node.lineno) for name in node.names)


MODULES = {module(path) for path in FILES}


def own(name: str) -> str | None:
    """The module of ours that a dotted name lies in; None for others'."""
    if not name.startswith("checker."):
        return None
    parts = name.split(".")[1:]
    return next((".".join(parts[:n]) for n in range(len(parts), 0, -1) if ".".join(parts[:n]) in MODULES), None)


def arrows(path: Path) -> set[str]:
    """The modules of ours that a file imports from."""
    return {other for name, _ in imports(path) if (other := own(name)) is not None} - {module(path)}


ARROWS = {module(path): arrows(path) for path in FILES}


def floor(name: str) -> int:
    """The row of the list in which a module stands."""
    return next(i for i, row in enumerate(ROOMS) if name.split(".", maxsplit=1)[0] in row)


def test_every_module_stands_in_a_room() -> None:
    known = {name for row in ROOMS for name in row}
    assert {name.split(".")[0] for name in MODULES} <= known


@pytest.mark.parametrize("name", sorted(MODULES))
def test_no_arrow_runs_up(name: str) -> None:
    up = sorted(other for other in ARROWS[name] if floor(other) > floor(name))
    assert not up, f"{name} imports {', '.join(up)}, which stand above it"


def test_there_is_no_circle() -> None:
    left = {name: set(others) for name, others in ARROWS.items()}
    while free := {name for name, others in left.items() if not others & left.keys()}:
        left = {name: others for name, others in left.items() if name not in free}
    assert not left, f"these import each other in a circle: {', '.join(sorted(left))}"


@pytest.mark.parametrize("path", [p for p in FILES if module(p).split(".")[0] in PURE], ids=module)
def test_what_judges_is_pure(path: Path) -> None:
    used = {f"{name} (line {line})" for name, line in imports(path) if name.split(".")[0] in IMPURE}
    assert not used


def test_the_service_knows_no_page() -> None:
    for name in (n for n in MODULES if n.startswith("service")):
        path = next(p for p in FILES if module(p) == name)
        assert "streamlit" not in {n.split(".")[0] for n, _ in imports(path)}, name


@pytest.mark.parametrize("path", FILES, ids=module)
def test_files_and_functions_are_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_FILE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            assert lines <= LONGEST_FUNCTION, f"{node.name}: {lines} lines"
