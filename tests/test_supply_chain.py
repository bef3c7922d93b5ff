"""What is installed: only what is pinned, from files whose fingerprints are known, with licences that were read."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import distributions, packages_distributions
from pathlib import Path

import pytest
from conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "requirements.txt").read_text(encoding="utf-8")
BROUGHT_BY_PYTHON = {"pip", "setuptools"}
"""A new virtual environment has them already."""


def normal(name: str) -> str:
    """A package's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def entries() -> dict[tuple[str, str], list[str]]:
    """Fingerprints by name and version, of the lock."""
    found: dict[tuple[str, str], list[str]] = {}
    for entry in re.split(r"\n(?=\w)", re.sub(r"^#.*\n", "", LOCK, flags=re.M)):
        head = re.match(r"([\w.-]+)==([\w.]+)( ; [^\\]+)? \\\n", entry)
        assert head is not None, entry
        found[normal(head[1]), head[2]] = re.findall(r"--hash=sha256:([0-9a-f]{64})\b", entry)
    return found


def pinned(pins: list[str]) -> set[tuple[str, str]]:
    return {(normal(name), version) for name, version in (pin.split("==") for pin in pins)}


# --- the lock -----------------------------------------------------------------------------------


def test_the_lock_has_every_pin_of_the_package() -> None:
    wanted = pinned([*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]])
    again = "make requirements.txt anew: see CONTRIBUTING.md"
    assert wanted <= entries().keys(), again
    of_them = {name for name, _ in wanted}
    assert {key for key in entries() if key[0] in of_them} == wanted, again


def test_every_package_of_the_lock_has_its_fingerprints() -> None:
    bare = [name for (name, _), fingerprints in entries().items() if not fingerprints]
    assert bare == []
    assert LOCK.count("--hash=") == sum(map(len, entries().values())), "a fingerprint of another kind"
    assert "://" not in LOCK, "a file from a place of its own"


def test_what_is_installed_is_what_the_lock_says() -> None:
    installed = {(normal(d.name), d.version) for d in distributions() if d.name}
    strangers = {key for key in installed - entries().keys() if key[0] not in BROUGHT_BY_PYTHON | {"backcheck"}}
    assert strangers == set()


# --- what the code imports ----------------------------------------------------------------------


def imports(folder: Path) -> Iterator[tuple[str, str]]:
    """The top of every import of a folder's code, with its file."""
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
            yield from ((name.partition(".")[0], str(path.relative_to(ROOT))) for name in names)


@pytest.mark.parametrize(
    ("folder", "groups"), [("checker", ("run",)), ("tests", ("run", "dev")), ("docs", ("run", "dev"))]
)
def test_whatever_is_imported_is_pinned_by_name(folder: str, groups: tuple[str, ...]) -> None:
    pins = [*PROJECT["dependencies"], *(PROJECT["optional-dependencies"]["dev"] if "dev" in groups else [])]
    named = {name for name, _ in pinned(pins)}
    of = packages_distributions()
    foreign = {
        f"{file}: {top}"
        for top, file in imports(ROOT / folder)
        if top not in sys.stdlib_module_names and top in of and not {normal(n) for n in of[top]} & named
    }
    assert foreign == set(), "these come along with other packages by chance; pin them in pyproject.toml"
