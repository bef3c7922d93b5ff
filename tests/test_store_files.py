"""The files of the store: where they lie, what is left in them, how they are copied, damaged, and brought in."""

from __future__ import annotations

import json
import sqlite3
import stat
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from bad_luck import as_anybody, fill, small_disk
from conftest import ROOT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_records import MOMENT, person, session, track, uuid

from checker.care.records import Event
from checker.folders import kept_people
from checker.service import everybody, weeks
from checker.store import InForce, Store, StoreError, database, open_store, restore_store
from checker.store.database import URL_SETTING, find_place
from checker.store.package import FORMAT, RECORDS

SECRET = "Wilhelmina Unverkennbar"
IN_FORCE = InForce(at=MOMENT, exercise="standing_side_bend")


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("BACKCHECK_PEOPLE", str(tmp_path / "people"))
    monkeypatch.delenv(URL_SETTING, raising=False)
    return f"sqlite:///{tmp_path}/people/backcheck.db"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A store with two people, of whom the first has something in every place."""
    with open_store(url) as opened:
        opened.add_person(person(1, SECRET))
        opened.add_person(person(2, "Ben"))
        opened.write_session(session(1))
        opened.write_session(session(1, of=2))
        opened.add(*(note(n, f"{SECRET} says {n}") for n in range(300)))
        opened.keep_assessment(uuid(50), session(1).id, json.dumps({"of": SECRET}), IN_FORCE)
        opened.keep_track(session(1).id, track())
        yield opened


def note(n: int, reason: str, of: int = 1) -> Event:
    return Event(id=uuid(5000 + n), person_id=uuid(of), at=MOMENT, kind="note", who="person", reason=reason)


def one_line(call: Callable[[], object]) -> str:
    with pytest.raises(StoreError) as refused:
        call()
    said = str(refused.value)
    assert len(said.splitlines()) == 1
    return said


# --- where it lies ------------------------------------------------------------------------------


def test_it_lies_in_the_users_folder_for_its_owner_alone(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "people" / "backcheck.db"
    assert kept_people() == file.parent
    assert find_place(None).file == file
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    for path in file.parent.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    (tmp_path / "clip.mp4").write_bytes(b"film")
    kept = store.keep_video(session(1).id, tmp_path / "clip.mp4")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700


def test_another_database_is_named_by_its_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(URL_SETTING, f"sqlite:///{tmp_path}/else where/mine.db")
    with open_store() as store:
        assert store.place.file == tmp_path / "else where" / "mine.db"
        assert store.place.file.exists()
    assert (
        find_place("postgresql://me:secret@somewhere/backcheck").name
        == "postgresql+psycopg://me:***@somewhere/backcheck"
    )


@pytest.mark.parametrize(
    "wrong", ["mysql://me:secret@somewhere/x", "backcheck.db", "sqlite://", "sqlite:///:memory:", "://"]
)
def test_another_kind_of_database_is_refused(wrong: str) -> None:
    said = one_line(lambda: open_store(wrong))
    assert said.startswith("expected the URL of a database")
    assert "secret" not in said


def test_a_server_that_is_not_there_is_told_without_the_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("psycopg")
    monkeypatch.setenv("BACKCHECK_PEOPLE", str(tmp_path))
    said = one_line(lambda: open_store(f"postgresql://me:secret@/backcheck?host={tmp_path}"))
    assert "cannot be used" in said
    assert "secret" not in said


def test_the_settings_of_a_connection_hold(store: Store) -> None:
    with closing(store._engine.raw_connection()) as connection:
        cursor = connection.cursor()
        found = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "foreign_keys", "synchronous", "secure_delete", "busy_timeout")
        }
    assert found == {
        "journal_mode": "wal", "foreign_keys": 1, "synchronous": 2, "secure_delete": 1, "busy_timeout": 10_000,
    }  # fmt: skip


# --- deleted for good ---------------------------------------------------------------------------


def traces(folder: Path) -> list[Path]:
    """Files in which the person can be found: by name, or by an id as SQLite or a file name has it."""
    letters = [SECRET.encode(), SECRET.encode("utf-16-le"), uuid(1).hex.encode(), str(uuid(1)).encode()]
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [f for f in files if str(uuid(1)) in str(f) or any(word in f.read_bytes() for word in letters)]


def test_nothing_of_a_deleted_person_is_left_in_any_file(store: Store, tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_bytes(SECRET.encode())
    store.keep_video(session(1).id, tmp_path / "clip.mp4")
    (tmp_path / "people" / "backcheck.db.before-0001-x").write_bytes(SECRET.encode())
    store.add(*(note(n, f"Ben says {n}", of=2) for n in range(300, 600)))
    with closing(sqlite3.connect(tmp_path / "people" / "backcheck.db")) as other:
        other.execute("PRAGMA wal_checkpoint")
    store.change_person(person(1, SECRET + " II"))
    names = {path.name for path in traces(tmp_path / "people")}
    wanted = {"backcheck.db", "backcheck.db-wal", "backcheck.db.before-0001-x", f"{session(1).id}.mp4"}
    assert wanted <= names, "the test can see them"
    size = (tmp_path / "people" / "backcheck.db").stat().st_size
    store.delete_person(uuid(1))
    assert traces(tmp_path / "people") == []
    assert len(store.history(uuid(2)).events) == 300
    store.close()
    assert (tmp_path / "people" / "backcheck.db").stat().st_size < size, "no page of before is left"
    assert traces(tmp_path / "people") == []


def test_a_deletion_that_broke_off_is_ended_at_the_next_start(
    store: Store, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "clip.mp4").write_bytes(b"film")
    store.keep_video(session(1).id, tmp_path / "clip.mp4")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("checker.store.deleting._delete_files", killed)
    with pytest.raises(KeyboardInterrupt):
        store.delete_person(uuid(1))
    monkeypatch.undo()
    monkeypatch.setenv("BACKCHECK_PEOPLE", str(tmp_path / "people"))
    store.close()
    assert traces(tmp_path / "people") != []
    with open_store(url) as again:
        assert traces(tmp_path / "people") == []
        assert [p.name for p in again.people()] == ["Ben"]


def test_traces_that_another_program_holds_are_told_and_wiped_later(
    store: Store, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_S", 0.1)
    with closing(sqlite3.connect(tmp_path / "people" / "backcheck.db", isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM people").fetchone()
        with closing(store._engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA busy_timeout = 100")
        said = one_line(lambda: store.delete_person(uuid(1)))
        assert "The person is deleted" in said
        assert "next started" in said
        assert [p.name for p in store.people()] == ["Ben"]
    store.close()
    with open_store(url):
        assert traces(tmp_path / "people") == []


# --- backup and restore -------------------------------------------------------------------------


def test_a_backup_is_whole_and_brings_everything_back(store: Store, url: str, tmp_path: Path) -> None:
    before = store.history(uuid(1))
    backup = tmp_path / "backups" / "monday.db"
    store.backup(backup)
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert "is there already" in one_line(lambda: store.backup(backup))
    assert restore_store(backup, f"sqlite:///{tmp_path}/fresh/backcheck.db") is None, "there was nothing"
    with open_store(f"sqlite:///{tmp_path}/fresh/backcheck.db") as fresh:
        assert fresh.history(uuid(1)) == before
    store.add(note(999, "after the backup"))
    store.delete_person(uuid(2))
    after = store.history(uuid(1))
    store.close()
    aside = restore_store(backup, url)
    assert aside is not None
    with open_store(url) as restored:
        assert restored.history(uuid(1)) == before
        assert [p.name for p in restored.people()] == [SECRET, "Ben"]
        kept = restored.assessment(uuid(50))
        assert kept is not None
        assert json.loads(kept.text) == {"of": SECRET}
        assert restored.track(session(1).id) is not None
        back = restored.restore(aside)  # and what was there before is whole, too
        assert restored.history(uuid(1)) == after
        assert restored.delete_person(uuid(1)) == [aside, back]


def test_a_backup_is_of_one_moment_while_others_write(store: Store, tmp_path: Path) -> None:
    done = threading.Event()

    def writes() -> None:
        n = 0
        while not done.is_set():
            store.add(note(10_000 + 2 * n, "one"), note(10_001 + 2 * n, "two"))
            n += 1

    writer = threading.Thread(target=writes)
    writer.start()
    try:
        for n in range(3):
            store.backup(tmp_path / f"{n}.db")
    finally:
        done.set()
        writer.join()
    for n in range(3):
        with closing(sqlite3.connect(tmp_path / f"{n}.db")) as copy:
            assert copy.execute("SELECT count(*) FROM events").fetchone()[0] % 2 == 0
            assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_what_is_no_backup_changes_nothing(store: Store, url: str, tmp_path: Path) -> None:
    store.backup(tmp_path / "good.db")
    file = tmp_path / "people" / "backcheck.db"
    text, other, newer, torn = (tmp_path / name for name in ("text", "other.db", "newer.db", "torn.db"))
    text.write_text("not a database, and long enough to look at" * 100)
    with closing(sqlite3.connect(other)) as strange:
        strange.execute("CREATE TABLE films (name TEXT)")
    newer.write_bytes((tmp_path / "good.db").read_bytes())
    with closing(sqlite3.connect(newer, isolation_level=None)) as changed:
        changed.execute("UPDATE alembic_version SET version_num = '9999'")
    torn.write_bytes((tmp_path / "good.db").read_bytes()[:-40_000])
    before = store.history(uuid(1))
    in_use = one_line(lambda: restore_store(tmp_path / "good.db", url))
    assert "is open in another program" in in_use
    store.close()
    for path, words in {
        tmp_path / "nowhere": "there is none",
        text: "is damaged",
        other: "is no backup of BackCheck",
        newer: "newer BackCheck",
        torn: "is damaged",
        file: "the database itself",
    }.items():
        assert words in one_line(lambda path=path: restore_store(path, url)), path
    with open_store(url) as again:
        assert again.history(uuid(1)) == before
    assert not list(file.parent.glob("*.replaced-*"))


# --- damage -------------------------------------------------------------------------------------


@pytest.mark.parametrize("damage", ["torn", "overwritten", "no database"])
def test_a_damaged_file_is_told_kept_and_replaced(store: Store, url: str, tmp_path: Path, damage: str) -> None:
    store.backup(tmp_path / "good.db")
    before = store.history(uuid(1))
    store.close()
    file = tmp_path / "people" / "backcheck.db"
    whole = file.read_bytes()
    broken = {
        "torn": whole[: len(whole) // 2],
        "overwritten": whole[:20_000] + b"\xff" * 30_000 + whole[50_000:],
        "no database": b"\0nothing" * 10_000,
    }[damage]
    file.write_bytes(broken)
    said = one_line(lambda: open_store(url))
    assert "is damaged" in said
    assert "backcheck restore FILE" in said
    assert file.read_bytes() == broken, "nothing was changed"
    aside = restore_store(tmp_path / "good.db", url)
    assert aside is not None
    assert aside.read_bytes() == broken, "never deleted"
    with open_store(url) as restored:
        assert restored.history(uuid(1)) == before


def test_a_damaged_file_that_is_open_somewhere_is_not_replaced(store: Store, url: str, tmp_path: Path) -> None:
    store.backup(tmp_path / "good.db")
    store.close()
    file = tmp_path / "people" / "backcheck.db"
    with closing(sqlite3.connect(file)) as other:
        other.execute("SELECT count(*) FROM people").fetchone()
        with file.open("rb+") as raw:
            raw.seek(20_000)
            raw.write(b"\xff" * 30_000)
        assert "is open in another program" in one_line(lambda: restore_store(tmp_path / "good.db", url))
        assert not list(file.parent.glob("*.replaced-*"))
    assert restore_store(tmp_path / "good.db", url) is not None


def test_a_row_that_belongs_to_nobody_is_damage(store: Store, url: str, tmp_path: Path) -> None:
    store.close()
    with closing(sqlite3.connect(tmp_path / "people" / "backcheck.db", isolation_level=None)) as other:
        other.execute("DELETE FROM people WHERE name = 'Ben'")  # without foreign keys, as by default
    assert "1 rows belong to nobody" in one_line(lambda: open_store(url))


def test_a_database_of_another_program_is_left_alone(url: str, tmp_path: Path) -> None:
    file = tmp_path / "people" / "backcheck.db"
    file.parent.mkdir()
    with closing(sqlite3.connect(file)) as strange:
        strange.execute("CREATE TABLE films (name TEXT)")
    assert "another program" in one_line(lambda: open_store(url))
    with closing(sqlite3.connect(file)) as strange:
        assert strange.execute("SELECT name FROM sqlite_master").fetchall() == [("films",)]


# --- bad luck -----------------------------------------------------------------------------------


def test_another_program_that_writes_for_long_is_told(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_AT_CONNECT", (*database._AT_CONNECT, "PRAGMA busy_timeout = 100"))
    with open_store(url) as store, closing(sqlite3.connect(tmp_path / "people" / "backcheck.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "is being written by another program" in one_line(lambda: store.add_person(person()))
        other.rollback()
        store.add_person(person())


def test_a_full_disk_is_told_and_what_was_kept_stays(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 3_000_000) as disk, open_store(f"sqlite:///{disk}/backcheck.db") as store:
        store.add_person(person())
        fill(disk, 20_000)

        def write() -> None:
            for n in range(1000):
                store.add(note(n, "x" * 1000))

        assert "disk is full" in one_line(write)
        kept = len(store.history(uuid(1)).events)
        assert "disk is full" in one_line(lambda: store.backup(disk / "backup.db"))
        assert not list(disk.glob("*backup*"))
        (disk / "filler").unlink()
        store.check()
        store.add(note(5000, "there is room again"))
        assert len(store.history(uuid(1)).events) == kept + 1


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "read-only"
    folder.mkdir()
    with open_store(f"sqlite:///{folder}/backcheck.db"):
        pass
    folder.chmod(0o555)
    code = (
        "import sys, checker.store as s\n"
        "for url in sys.argv[1:]:\n try: s.open_store(url)\n except s.StoreError as e: print(e)"
    )
    urls = [f"sqlite:///{folder}/backcheck.db", f"sqlite:///{folder}/in/backcheck.db"]
    command = [*as_anybody(), sys.executable, "-c", code, *urls]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    for line in done.stdout.splitlines():
        assert "cannot be used (" in line
        assert "expected a file in a folder that you may write to" in line
    assert len(done.stdout.splitlines()) == 2


# --- what is brought in is looked through at the door -------------------------------------------


@pytest.fixture
def package(store: Store, tmp_path: Path) -> dict[str, bytes]:
    """The files of a good package by name."""
    (tmp_path / "clip.mp4").write_bytes(b"film")
    store.keep_video(session(1).id, tmp_path / "clip.mp4")
    store.export_person(uuid(1), tmp_path / "good.zip")
    with zipfile.ZipFile(tmp_path / "good.zip") as stored:
        return {name: stored.read(name) for name in stored.namelist()}


def packed(files: dict[str, bytes], path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as stored:
        for name, data in files.items():
            stored.writestr(name, data, zipfile.ZIP_DEFLATED if name.endswith(".json") else zipfile.ZIP_STORED)
    return path


def changed(files: dict[str, bytes], change: Callable[[dict[str, Any]], object]) -> dict[str, bytes]:
    """The files with something else in the records."""
    records = json.loads(files[RECORDS])
    change(records)
    return {**files, RECORDS: json.dumps(records).encode()}


def with_second_video(records: dict[str, Any]) -> None:
    another = {**records["history"]["sessions"][0], "id": str(session(2).id)}
    records["history"]["sessions"].append(another)
    records["videos"].append(another["id"])


TRACK = f"tracks/{session(1).id}.npz"
RESULT = f"results/{uuid(50)}.json"
VIDEO = f"videos/{session(1).id}.mp4"

HOSTILE: dict[str, tuple[Callable[[dict[str, bytes]], dict[str, bytes]], str]] = {
    "a path that climbs": (lambda f: {**f, "../../evil.json": b"{}"}, "a file named '../../evil.json'"),
    "an absolute path": (lambda f: {**f, "/etc/cron.d/x": b"{}"}, "a file named"),
    "no records": (lambda f: {n: d for n, d in f.items() if n != RECORDS}, "expected backcheck.json"),
    "no JSON": (lambda f: {**f, RECORDS: b"{"}, "Invalid JSON"),
    "a deep JSON": (lambda f: {**f, RECORDS: b"[" * 100_000}, "Invalid JSON"),
    "a newer format": (lambda f: changed(f, lambda r: r.update(format=FORMAT + 1)), "reads format 1"),
    "a key too many": (lambda f: changed(f, lambda r: r["history"].update(more=1)), "history.more"),
    "a record past its limits": (
        lambda f: changed(f, lambda r: r["history"]["events"][0].update(kind="")),
        "history.events.0.kind",
    ),
    "a record of somebody else": (
        lambda f: changed(f, lambda r: r["history"]["events"][0].update(person_id=str(uuid(2)))),
        "another person's",
    ),
    "a session that is not in it": (lambda f: changed(f, lambda r: r["history"].update(sessions=[])), "not in it"),
    "one id for two records": (
        lambda f: changed(f, lambda r: r["history"]["events"][0].update(id=r["history"]["events"][1]["id"])),
        "another Event has the id",
    ),
    "poses that are none": (lambda f: {**f, TRACK: b"no poses"}, "expected a file of poses"),
    "a result that is no JSON": (lambda f: {**f, RESULT: b"no"}, "expected the JSON"),
    "a result that is no text": (lambda f: {**f, RESULT: b"\xff"}, "is no text"),
    "a file that is not told of": (lambda f: {**f, f"videos/{uuid(77)}.mp4": b""}, "list of files"),
    "a file that is missing": (lambda f: {n: d for n, d in f.items() if n != VIDEO}, "list of files"),
    "records that swell": (lambda f: {**f, RECORDS: b" " * (130 * 1024**2)}, "is larger than 128 MB"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_package_changes_nothing(package: dict[str, bytes], tmp_path: Path, name: str) -> None:
    change, words = HOSTILE[name]
    path = packed(change(package), tmp_path / "hostile.zip")
    with open_store(f"sqlite:///{tmp_path}/new/backcheck.db") as new:
        said = one_line(lambda: new.import_person(path))
        assert words in said
        assert new.people() == ()
    left = {p.name for p in (tmp_path / "new").rglob("*") if p.is_file()}
    assert left <= {"backcheck.db", "backcheck.db-wal", "backcheck.db-shm", "backcheck-opening.lock"}
    assert not (tmp_path / "evil.json").exists()


def test_files_that_swell_or_lie_over_one_another_are_refused(package: dict[str, bytes], tmp_path: Path) -> None:
    path = tmp_path / "swell.zip"
    with zipfile.ZipFile(path, "w") as stored:
        for name, data in package.items():
            stored.writestr(name, bytes(10**6) if name == VIDEO else data, zipfile.ZIP_DEFLATED)
    with open_store(f"sqlite:///{tmp_path}/new/backcheck.db") as new:
        assert "is packed twice" in one_line(lambda: new.import_person(path))
        packed(package, path)
        with zipfile.ZipFile(path, "a") as stored, pytest.warns(UserWarning, match="Duplicate"):
            stored.writestr(VIDEO, b"again")
        assert "no file twice" in one_line(lambda: new.import_person(path))


def test_files_that_lie_over_one_another_are_refused(package: dict[str, bytes], tmp_path: Path) -> None:
    path, second = tmp_path / "over.zip", session(2).id

    with zipfile.ZipFile(path, "w") as stored:
        for name, data in changed(package, with_second_video).items():
            stored.writestr(name, data, zipfile.ZIP_DEFLATED if name.endswith(".json") else zipfile.ZIP_STORED)
        inner = f"videos/{second}.mp4"
        stored.writestr(inner, b"film" * 100_000)
        outer = stored.getinfo(TRACK)
        outer.file_size = outer.compress_size = stored.getinfo(inner).header_offset + 400_000 - outer.header_offset
    with open_store(f"sqlite:///{tmp_path}/new/backcheck.db") as new:
        assert "larger unpacked than it may be" in one_line(lambda: new.import_person(path))
        assert new.people() == ()


def test_a_video_that_is_damaged_leaves_none(package: dict[str, bytes], tmp_path: Path) -> None:
    second = f"videos/{session(2).id}.mp4"

    path = packed({**changed(package, with_second_video), second: b"another film"}, tmp_path / "damaged.zip")
    whole = path.read_bytes()
    with open_store(f"sqlite:///{tmp_path}/new/backcheck.db") as new:
        path.write_bytes(whole.replace(b"another film", b"another FILM"))
        assert "Bad CRC-32" in one_line(lambda: new.import_person(path))
        assert new.people() == ()
        assert not [p for p in (tmp_path / "new").rglob("*") if p.suffix == ".mp4"]
        path.write_bytes(whole)
        new.import_person(path)
        assert len([p for p in (tmp_path / "new").rglob("*") if p.suffix == ".mp4"]) == 2


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(data=st.data())
def test_a_damaged_package_is_one_line_or_all_of_it(
    package: dict[str, bytes], tmp_path: Path, data: st.DataObject
) -> None:
    whole = (tmp_path / "good.zip").read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    with open_store(f"sqlite:///{tmp_path}/damaged/backcheck.db") as new:
        for somebody in new.people():
            new.delete_person(somebody.id)
        broken = whole[:at] if data.draw(st.booleans()) else whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :]
        (tmp_path / "damaged.zip").write_bytes(broken)
        said = None
        try:
            new.import_person(tmp_path / "damaged.zip")
        except StoreError as error:
            said = str(error)
        if said is None:
            assert len(new.history(uuid(1)).events) == 300
        else:
            assert len(said.splitlines()) == 1
            assert new.people() == ()


def test_what_is_here_and_not_the_same_is_not_written_over(store: Store, tmp_path: Path, url: str) -> None:
    ended = session(2, ended_at=MOMENT, measured=True)
    with open_store(f"sqlite:///{tmp_path}/new/backcheck.db") as new:
        store.write_session(session(2))
        store.export_person(uuid(1), tmp_path / "under way.zip")
        store.write_session(ended)
        store.export_person(uuid(1), tmp_path / "ended.zip")
        store.write_session(ended.model_copy(update={"measured": False}))
        store.export_person(uuid(1), tmp_path / "other.zip")
        for name in ("under way", "ended", "under way"):
            new.import_person(tmp_path / f"{name}.zip")
        assert new.history(uuid(1)).sessions[-1] == ended
        assert "is here already and is not the same" in one_line(lambda: new.import_person(tmp_path / "other.zip"))
        new.keep_track(session(1).id, track().slice(slice(0, 5)))
        assert "poses" in one_line(lambda: new.import_person(tmp_path / "ended.zip"))
        assert new.history(uuid(1)).sessions[-1] == ended


def test_an_exported_file_is_for_its_owner_alone_and_never_written_over(store: Store, tmp_path: Path) -> None:
    store.export_person(uuid(1), tmp_path / "ann.zip")
    assert stat.S_IMODE((tmp_path / "ann.zip").stat().st_mode) == 0o600
    assert "is there already" in one_line(lambda: store.export_person(uuid(1), tmp_path / "ann.zip"))
    one_line(lambda: store.export_person(uuid(3), tmp_path / "nobody.zip"))
    assert not (tmp_path / "nobody.zip").exists()
    (tmp_path / "file").touch()
    assert "cannot be used" in one_line(lambda: store.export_person(uuid(1), tmp_path / "file" / "ann.zip"))


def test_what_is_brought_in_is_told_in_the_words_of_whoever_chose_the_file(
    package: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKCHECK_PEOPLE", str(tmp_path / "people"))
    weeks.store.cache_clear()
    path = packed(package, tmp_path / "person.zip")
    was = everybody.bring_in(path, "Anna's.zip")
    weeks.store().change_person(was.model_copy(update={"name": "Fay Two"}))
    assert everybody.bring_in(path, "Anna's.zip").name == "Fay Two", "as they are kept now"
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(StoreError) as damaged:
        everybody.bring_in(path, "Anna's.zip")
    assert str(damaged.value) == (
        "Anna's.zip is damaged, or is not a file that BackCheck made. Nothing was brought in."
    )
    newer = changed(package, lambda r: r.update(format=2))
    with pytest.raises(StoreError, match=r"^Anna's.zip is of a newer BackCheck: use that one\."):
        everybody.bring_in(packed(newer, path), "Anna's.zip")
    weeks.store().close()
    weeks.store.cache_clear()
