"""`backcheck people`, `backup` and `restore`, and what is left of a session after kills."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import ROOT, Run
from store_records import person, session, track, uuid

from checker.cli.commands import main
from checker.store import open_store

pytestmark = pytest.mark.clips


@dataclass(frozen=True)
class Done:
    """What a command said."""

    returncode: int
    stdout: str
    stderr: str


Command = Callable[..., Done]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs a command on a store of its own, in this process: a new one takes a second."""
    monkeypatch.setenv("BACKCHECK_PEOPLE", str(tmp_path / "people"))
    monkeypatch.setenv("BACKCHECK_DATABASE", "")

    def command(*arguments: str | Path) -> Done:
        monkeypatch.setattr(sys, "argv", ["backcheck", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Done(int(ended.value.code or 0), said.out, said.err)

    return command


@pytest.fixture
def filled(tmp_path: Path) -> str:
    """The URL of a store with Ann, two Bens, and a session with poses."""
    url = f"sqlite:///{tmp_path}/people/backcheck.db"
    with open_store(url) as store:
        for n, name in enumerate(("Ann [bold]", "Ben", "Ben"), start=1):
            store.add_person(person(n, name))
        store.write_session(session(1))
        store.keep_track(session(1).id, track())
    return url


def refused(done: Done, words: str) -> None:
    assert done.returncode in {1, 2}
    [line] = done.stderr.splitlines()
    assert words in line
    assert done.stdout == ""


def test_nobody_is_kept_yet(run: Command, tmp_path: Path) -> None:
    for command in (["list"], ["export", "Ann", tmp_path / "a.zip"], ["delete", "Ann"]):
        refused(run("people", *command), "Nobody is kept here yet")
    refused(run("backup", tmp_path / "b.db"), "Nobody is kept here yet")
    assert not (tmp_path / "people").exists(), "who only looks writes nothing"


def test_a_person_is_carried_from_one_store_to_another(run: Command, filled: str, tmp_path: Path) -> None:
    listed = run("people", "list").stdout.splitlines()
    assert listed[0] == f"{uuid(1)}  2026-11-20  Ann [bold]"
    assert len(listed) == 3
    refused(run("people", "export", "Ben", tmp_path / "ben.zip"), '2 people here have the name "Ben"')
    refused(run("people", "export", "Carl", tmp_path / "carl.zip"), 'nobody here has the name or the id "Carl"')
    done = run("people", "export", "Ann [bold]", tmp_path / "ann.zip")
    assert "not encrypted" in done.stdout
    refused(run("people", "export", str(uuid(1)), tmp_path / "ann.zip"), "is there already")
    with open_store(filled) as store:
        before = store.history(uuid(1))
    refused(run("people", "delete", "Ann [bold]"), "Nothing was deleted")
    assert "Deleted: everything of Ann [bold]." in run("people", "delete", "Ann [bold]", "--yes").stdout
    assert len(run("people", "list").stdout.splitlines()) == 2
    assert "Brought in: everything of Ann [bold]." in run("people", "import", tmp_path / "ann.zip").stdout
    with open_store(filled) as store:
        assert store.history(uuid(1)) == before
        assert store.track(session(1).id) is not None
    with zipfile.ZipFile(tmp_path / "ann.zip") as package:
        assert json.loads(package.read("backcheck.json"))["history"]["person"]["name"] == "Ann [bold]"
    (tmp_path / "no.zip").write_text("nothing")
    refused(run("people", "import", tmp_path / "no.zip"), "is damaged, or is not a file that BackCheck made")


def test_the_records_of_a_person_go_out_and_in_as_fhir(run: Command, filled: str, tmp_path: Path) -> None:
    bundle = tmp_path / "ann.json"
    assert "not encrypted" in run("people", "fhir", "Ann [bold]", bundle).stdout
    refused(run("people", "fhir", "Ann [bold]", bundle), "is there already")
    refused(run("people", "fhir", "Carl", tmp_path / "carl.json"), 'nobody here has the name or the id "Carl"')
    refused(run("people", "fhir", "Ben", tmp_path / "ben.json"), '2 people here have the name "Ben"')
    with open_store(filled) as store:
        before = store.history(uuid(1))
    assert "Brought in" in run("people", "import", bundle).stdout, "once more changes nothing"
    run("people", "delete", "Ann [bold]", "--yes")
    assert "Brought in: everything of Ann [bold]." in run("people", "import", bundle).stdout
    with open_store(filled) as store:
        assert store.history(uuid(1)) == before
    (tmp_path / "no.json").write_text("{}")
    refused(run("people", "import", tmp_path / "no.json"), "expected a Bundle of FHIR R4 as JSON. Nothing was brought")


def test_a_backup_is_brought_back(run: Command, filled: str, tmp_path: Path) -> None:
    backup = tmp_path / "monday.db"
    done = run("backup", backup)
    assert done.returncode == 0, done.stderr
    assert "looked through" in done.stdout
    refused(run("backup", backup), "is there already")
    assert run("people", "delete", str(uuid(2)), "--yes").returncode == 0
    file = tmp_path / "people" / "backcheck.db"
    broken = b"damaged" * 1000
    file.write_bytes(broken)
    refused(run("people", "list"), "backcheck restore FILE")
    refused(run("restore", tmp_path / "tuesday.db"), "there is none")
    with open_store(f"sqlite:///{tmp_path}/else/backcheck.db"):
        done = run("restore", backup)
    assert done.returncode == 0, done.stderr
    assert "Restored: 3 people." in done.stdout
    [aside] = re.findall(r"What was there before is now (.+)", done.stdout)
    assert Path(aside).read_bytes() == broken
    assert len(run("people", "list").stdout.splitlines()) == 3
    done = run("people", "delete", str(uuid(1)), "--yes")
    assert f"This file may still hold them: {aside}" in done.stderr
    with open_store(filled):
        refused(run("restore", backup), "is open in another program")


def test_the_program_knows_the_commands(checker: Run, filled: str, tmp_path: Path) -> None:
    done = checker("people", "list", env={"BACKCHECK_PEOPLE": str(tmp_path / "people"), "BACKCHECK_DATABASE": ""})
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 3), done.stderr


def test_help_does_not_wait_for_the_database() -> None:
    code = "import sys, checker.cli.commands; print('sqlalchemy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_session_survives_kills() -> None:
    command = [sys.executable, ROOT / "benchmarks" / "kills.py", "--kills", "3"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    lost = re.search(r"something was missing 0 times; at most the last ([\d.]+) s", done.stdout)
    assert lost is not None
    assert float(lost[1]) < 1.0
