"""CONTRIBUTING.md is true: the files that it names are there, its lists are as short as they say, its names exist."""

from __future__ import annotations

import ast
import re

import pytest
from conftest import ROOT
from test_house import ROOMS

import checker

GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")

BARS = {
    "A new kind of measure": 3,
    "A fault rule": 3,
    "A report format": 2,
    "Storing sessions": 3,
    "A second pose model": 3,
}

ROOTS = ("checker/", "tests/", "docs/", "exercises/", "benchmarks/", ".ci/")
AT_THE_TOP = re.compile(r"[\w.-]+\.(md|toml|txt|cff|py)")


def sections() -> dict[str, str]:
    """The text of each way to add something, by its heading."""
    lists, _ = GUIDE.split("## Judging kept poses again", maxsplit=1)
    _, *rest = re.split(r"^### (.+)$", lists, flags=re.M)
    return dict(zip(rest[::2], rest[1::2], strict=True))


def entries(text: str) -> list[str]:
    """The entries of the list of files, without what stands besides."""
    return re.findall(r"^- (.+(?:\n  .+)*)", text.split("\nBesides:", maxsplit=1)[0], re.M)


def named_paths() -> set[str]:
    """Every path that the guide names."""
    names = set(re.findall(r"`([^`\s]+)`", GUIDE))
    return {n for n in names if n.startswith(ROOTS) or (AT_THE_TOP.fullmatch(n) and "/" not in n)}


def test_every_path_is_there() -> None:
    missing, rooms_to_come = [], set(re.findall(r"`(checker/\w+)/<\w+>\.py` \(a new room\)", GUIDE))
    assert len(named_paths()) > 30
    for name in named_paths():
        parent = name.split("<", maxsplit=1)[0].rsplit("/", 1)[0]
        path = ROOT / (parent if "<" in name else name)
        if not path.exists() and parent not in rooms_to_come:
            missing.append(name)
    assert missing == []


def test_a_room_to_come_has_not_come_yet() -> None:
    for room in re.findall(r"`(checker/\w+)/<\w+>\.py` \(a new room\)", GUIDE):
        assert not (ROOT / room).exists(), f"{room} is there: take '(a new room)' out of CONTRIBUTING.md"


@pytest.mark.parametrize("heading", sections())
def test_a_list_is_as_short_as_it_says(heading: str) -> None:
    said = re.search(r"At most (\d) files?\.", sections()[heading])
    assert said is not None
    assert 1 <= len(entries(sections()[heading])) <= int(said[1])


@pytest.mark.parametrize(("heading", "most"), BARS.items())
def test_a_change_touches_no_more_files_than_its_bar(heading: str, most: int) -> None:
    found = entries(sections()[heading])
    assert len(found) <= most
    code = [re.match(r"`([^`]+)`", entry) for entry in found]
    assert all(path is not None and path[1].startswith("checker/") for path in code)


def test_the_names_in_a_list_stand_in_its_file() -> None:
    """A name in code letters is found in the files of its entry, where these are there already."""
    for heading, text in sections().items():
        for entry in entries(text):
            paths, names = [], []
            for word in re.findall(r"`([^`]+)`", entry):
                (paths if "/" in word else names).append(word)
            if "<" in paths[0]:  # a file to come
                continue
            there = [ROOT / p for p in paths if (ROOT / p).is_file()]
            source = "".join(path.read_text(encoding="utf-8") for path in there)
            plain = [n for n in names if re.fullmatch(r"\w+", n)]
            absent = [n for n in plain if not re.search(rf"\b{n}\b", source)]
            assert absent == [], f"{heading}: {', '.join(absent)} is not in {', '.join(paths)}"


def test_every_room_of_the_house_is_told_in_its_order() -> None:
    table = GUIDE.split("| row | what it does |")[1].split("\n\n")[0]
    rows = [re.findall(r"`(\w+)/?`", line.split("|")[1]) for line in table.splitlines()[2:]]
    assert rows == [list(row) for row in ROOMS]


def test_the_commands_are_those_of_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in ("python run.py", "python run.py test"):
        assert f"    {command}\n" in readme
        assert re.search(rf"^    {command} +#", GUIDE, re.M)


def test_the_documents_are_linked_from_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    notebook = "docs/from_video_to_report.ipynb"
    for path in ("CONTRIBUTING.md", "CHANGELOG.md", "CITATION.cff", "docs/results.md", notebook):
        assert f"]({path})" in readme
        assert (ROOT / path).is_file()


def test_the_example_uses_public_names_as_they_are() -> None:
    example = re.search(r"```python\n(.*?)```", GUIDE, re.S)
    assert example is not None
    imported = [node for node in ast.walk(ast.parse(example[1])) if isinstance(node, ast.ImportFrom)]
    ours = {name.name for node in imported if node.module == "checker" for name in node.names}
    assert {"PoseTrack", "assess", "record_video"} <= ours <= set(checker.__all__)
