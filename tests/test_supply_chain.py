"""What is installed: only what is pinned, from files whose fingerprints are known, with licences that were read."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import distribution, distributions, packages_distributions
from pathlib import Path
from types import ModuleType
from typing import Any

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


# --- licences -----------------------------------------------------------------------------------

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the wheels for Linux were looked at")


@pytest.fixture(scope="module")
def licences() -> ModuleType:
    """The command that writes the page of licences."""
    spec = importlib.util.spec_from_file_location("licences", ROOT / "docs" / "licences.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_of_licences_is_as_it_is_made(licences: ModuleType) -> None:
    page = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    assert page == licences.page_text(), "run `python docs/licences.py` and commit what it writes"
    for name, version in entries():
        assert re.search(rf"^\| {name} \| .*{re.escape(version)}.* \|", page, re.M), name


def test_a_package_of_unknown_licence_is_told(licences: ModuleType) -> None:
    with pytest.raises(ValueError, match='expected "no-such-package" to be installed'):
        licences.licence("no-such-package")


def natives(package: str) -> list[Path]:
    files = distribution(package).files or []
    return [Path(str(f.locate())) for f in files if re.search(r"\.so(\.\w+)*$", f.name)]


@LINUX
def test_the_video_wheel_has_the_encoders_that_the_page_tells_of() -> None:
    names = " ".join(path.name for path in natives("av"))
    assert {"libx264", "libx265"} == set(re.findall(r"libx26[45]", names))
    (codecs,) = [path for path in natives("av") if path.name.startswith("libavcodec")]
    needed = codecs.read_bytes()
    assert b"libx264-" in needed
    assert b"libx265-" in needed
    licence, configuration = told_by(codecs)
    assert licence == "LGPL version 3 or later"
    assert "--enable-libx264 --enable-libx265" in configuration
    assert "--enable-version3" in configuration
    assert "--enable-gpl" not in configuration
    texts = [f for f in distribution("av").files or [] if ".dist-info/" in str(f) and f.name.isupper()]
    assert not [f for f in texts if "GNU GENERAL PUBLIC" in f.read_text(encoding="utf-8").upper()]


@LINUX
@pytest.mark.parametrize("package", ["opencv-python", "opencv-contrib-python"])
def test_the_other_video_libraries_have_no_such_encoder(package: str) -> None:
    names = " ".join(path.name for path in natives(package))
    assert "libx26" not in names
    assert "libssl" in names, "the page speaks of it"
    (codecs,) = [path for path in natives(package) if path.name.startswith("libavcodec")]
    licence, configuration = told_by(codecs)
    assert licence == "LGPL version 2.1 or later"
    assert "libx26" not in configuration


def told_by(codecs: Path) -> tuple[str, str]:
    """What FFmpeg's library of codecs says of its licence, and how it was configured."""
    code = f"""
import ctypes, sys
library = ctypes.CDLL({str(codecs)!r})
for name in ("avcodec_license", "avcodec_configuration"):
    function = getattr(library, name)
    function.restype = ctypes.c_char_p
    print(function().decode())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    licence, configuration = done.stdout.splitlines()
    return licence, configuration


# --- the bill of materials ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def bill() -> dict[str, Any]:
    """The bill as its command writes it."""
    command = [sys.executable, str(ROOT / "docs" / "sbom.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    made: dict[str, Any] = json.loads(done.stdout)
    return made


@pytest.mark.clips
def test_the_bill_is_as_cyclonedx_asks_for(bill: dict[str, Any]) -> None:
    from cyclonedx.schema import SchemaVersion  # here: they take seconds to load
    from cyclonedx.validation.json import JsonStrictValidator

    validator = JsonStrictValidator(SchemaVersion.V1_6)
    assert validator.validate_str(json.dumps(bill)) is None
    assert validator.validate_str(json.dumps({**bill, "components": "none"})) is not None, "it would notice"


@pytest.mark.clips
def test_the_bill_names_every_package_and_each_with_a_licence(bill: dict[str, Any]) -> None:
    listed = {(normal(c["name"]), c["version"]): c for c in bill["components"]}
    wanted = pinned([*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]])
    assert wanted <= listed.keys()
    here = {(normal(d.name), d.version) for d in distributions()}
    assert {key for key in entries() if key in here} <= listed.keys()
    assert bill["metadata"]["component"]["name"] == "backcheck"
    assert [name for (name, _), c in listed.items() if not c.get("licenses")] == []


@LINUX
@pytest.mark.clips
def test_the_bill_names_the_native_libraries(bill: dict[str, Any]) -> None:
    (av,) = [c for c in bill["components"] if c["name"] == "av"]
    inside = {c["name"]: c["hashes"][0]["content"] for c in av["components"]}
    assert any("libx264" in name for name in inside)
    (folder,) = {path.parent for path in natives("av") if path.parent.name == "av.libs"}
    assert {f"av.libs/{path.name}" for path in folder.iterdir()} <= inside.keys()
    assert all(re.fullmatch("[0-9a-f]{64}", fingerprint) for fingerprint in inside.values())
