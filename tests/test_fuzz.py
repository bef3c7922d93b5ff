"""Inputs that took something down once, and fresh ones: every door takes them or refuses them in words."""

from __future__ import annotations

import gzip
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "benchmarks"))

from doors import DOORS, Verdict, knock
from fuzz import Tally, Visitor, originals, run, spoilt, table

CORPUS = Path(__file__).resolve().parent / "corpus"
FOUND = sorted(path for kind in DOORS for path in (CORPUS / kind).glob("*"))
FRESH = {
    **{"videos": 200, "recordings": 60, "exercises": 120, "messages": 300},
    **{"clocks": 500, "uploads": 200, "poses": 100},
}
MOST_S = 3.0
"""What a door may take for one, on a busy machine."""


@pytest.fixture(scope="module")
def visitor() -> Iterator[Visitor]:
    """A process as the program uses it; what takes it down takes no test down."""
    visitor = Visitor()
    yield visitor
    visitor.close()


def read(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_what_took_something_down_once_does_so_no_more(visitor: Visitor, path: Path) -> None:
    visitor.knock("clocks", originals("clocks")[0])  # the process is there
    began_s = time.monotonic()
    verdict = visitor.knock(path.parent.name, read(path))
    assert isinstance(verdict, Verdict), verdict
    assert verdict.trace == ""
    assert time.monotonic() - began_s < MOST_S


@pytest.mark.parametrize("kind", list(DOORS))
def test_sound_inputs_are_taken(visitor: Visitor, kind: str) -> None:
    for data in originals(kind):
        assert visitor.knock(kind, data) == Verdict(True)


@pytest.mark.parametrize("kind", list(DOORS))
def test_spoilt_inputs_take_nothing_down(visitor: Visitor, kind: str) -> None:
    tally = run(kind, FRESH[kind], 12, float("inf"), visitor)
    assert tally.faults == []
    assert tally.tried == tally.refused + tally.taken == FRESH[kind]
    assert tally.taken > 0  # not everything ends at the first door
    assert tally.refused > 0 or kind == "clocks"


def test_the_corpus_is_small() -> None:
    assert sum(path.stat().st_size for path in CORPUS.rglob("*") if path.is_file()) < 200_000


# --- the visitor itself --------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_inputs() -> None:
    for kind in DOORS:
        assert [spoilt(kind, 1, i) for i in range(5)] == [spoilt(kind, 1, i) for i in range(5)]
        assert [spoilt(kind, 1, i) for i in range(5)] != [spoilt(kind, 2, i) for i in range(5)]


def test_what_takes_something_down_is_counted_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[Verdict | str] = [
        "hang",
        "crash",
        Verdict(False, "", "Traceback"),
        Verdict(False, "no"),
        Verdict(True),
    ]
    monkeypatch.setattr(Visitor, "knock", lambda self, kind, data: answers.pop(0))
    tally = run("clocks", 5, 1, float("inf"), Visitor(), tmp_path / "found")
    assert (tally.hangs, tally.crashes, tally.tracebacks, tally.refused, tally.taken) == (1, 1, 1, 1, 1)
    assert {path.name for path in (tmp_path / "found").iterdir()} == {"clocks-1-0", "clocks-1-1", "clocks-1-2"}
    assert table({"clocks": tally}).splitlines()[1].split()[:7] == ["clocks", "5", "1", "1", "1", "1", "1"]


def test_a_fault_of_a_door_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(data: bytes, folder: Path) -> None:
        int(data)

    monkeypatch.setitem(DOORS, "clocks", (careless, (KeyError,)))
    assert "ValueError" in knock("clocks", b"x", tmp_path).trace
    assert knock("clocks", b"1", tmp_path) == Verdict(True)
    assert Tally().faults == []
