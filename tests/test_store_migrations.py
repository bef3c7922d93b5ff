"""The schema: an old database is brought up with its data, what is migrated is what the code has, all or nothing."""

from __future__ import annotations

import ast
import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text
from store_records import MOMENT, person, session, uuid

from checker.care.records import Event
from checker.review.by_hand import HandGrid
from checker.review.corrections import Delete
from checker.store import InForce, Store, StoreError, open_store, upgrading
from checker.store.database import find_place, open_engine, reading, writing
from checker.store.tables import metadata
from checker.store.upgrading import HEAD, MIGRATIONS, known_revisions, run_migrations, upgrade_copies

FIRST = "0001"


pytest_plugins = ["postgres_server"]


def test_the_newest_schema_is_the_one_of_the_code() -> None:
    script = ScriptDirectory(str(MIGRATIONS))
    assert script.get_heads() == [HEAD]
    assert known_revisions()[0] == FIRST
    assert known_revisions()[-1] == HEAD


def test_migrations_take_nothing_from_the_code_of_today() -> None:
    for path in (MIGRATIONS / "versions").glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
        names += [a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names]
        assert not [name for name in names if name.startswith("checker")], path


def test_what_is_migrated_is_what_the_code_has(url: str) -> None:
    with open_store(url) as store, reading(store._engine) as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []
        kinds = inspect(connection)
        for table in metadata.sorted_tables:  # not compared by alembic: what a deletion takes along
            found = {tuple(k["constrained_columns"]): k["options"] for k in kinds.get_foreign_keys(table.name)}
            wanted = {tuple(k.column_keys): {"ondelete": "CASCADE"} for k in table.foreign_key_constraints}
            assert found == wanted, table.name


def test_the_first_schema_is_brought_up_with_its_data(url: str) -> None:
    place = find_place(url)
    engine = open_engine(place)
    with writing(engine) as connection:
        run_migrations(connection, FIRST)
        for statement in rows_of_the_first_schema(connection.dialect.name):
            connection.execute(text(statement))
    engine.dispose()
    with open_store(url) as store:
        history = store.history(uuid(1))
        assert history.person == person()
        assert history.sessions == (session(1),)
        assert [event.reason for event in history.events] == ["said"]
        store.add(Event(id=uuid(8), person_id=uuid(1), at=MOMENT, kind="note", who="rule"))
        assert len(store.history(uuid(1)).events) == 2
        made = Delete(id=uuid(9), who="Pat", at=MOMENT, at_s=1.0)
        store.keep_assessment(uuid(10), uuid(1001), "{}", InForce(at=MOMENT, exercise="standing_side_bend"))
        grid = HandGrid(id=uuid(11), who="Pat", at=MOMENT, t_s=1.0, origin=(1.0, 2.0), spacing_px=40.0)
        store.keep_corrections(uuid(1001), uuid(10), made, grid)
        assert [kept.correction for kept in store.corrections(uuid(1001))] == [made, grid]


def rows_of_the_first_schema(dialect: str) -> list[str]:
    """Rows as the first version wrote them, which stay so whatever the code writes now."""
    one, two, three = (uuid(n).hex if dialect == "sqlite" else str(uuid(n)) for n in (1, 1001, 7))
    dashed = [str(uuid(n)) for n in (1, 1001, 7)]
    ann = (
        f'{{"id":"{dashed[0]}","name":"Ann Other","created_at":"2026-11-20T08:30:01Z","born_year":1970,"country":"AT"}}'
    )
    bend = (
        f'{{"id":"{dashed[1]}","person_id":"{dashed[0]}","at":"2026-11-20T08:31:00Z","zone":"UTC",'
        '"exercise":"standing_side_bend","how":"live"}'
    )
    said = (
        f'{{"id":"{dashed[2]}","person_id":"{dashed[0]}","at":"2026-11-20T08:30:00Z","zone":"UTC","kind":"note",'
        '"who":"person","reason":"said"}'
    )
    at = "2026-11-20 08:30:00.000000"
    quoted = [document.replace(":", "\\:") for document in (ann, bend, said)]
    moment = at.replace(":", "\\:")
    return [
        f"INSERT INTO people (id, created_at, name, document) VALUES ('{one}', '{moment}', 'Ann Other', '{quoted[0]}')",
        "INSERT INTO sessions (id, person_id, at, zone, exercise, how, document) "
        f"VALUES ('{two}', '{one}', '{moment}', 'UTC', 'standing_side_bend', 'live', '{quoted[1]}')",
        "INSERT INTO events (id, person_id, at, zone, kind, who, document) "
        f"VALUES ('{three}', '{one}', '{moment}', 'UTC', 'note', 'person', '{quoted[2]}')",
    ]


# --- a schema to come ---------------------------------------------------------------------------

NEXT = """
from alembic import op
import sqlalchemy as sa
revision, down_revision, branch_labels, depends_on = "9998", "{head}", None, None
def upgrade():
    op.add_column("people", sa.Column("more", sa.Text(), nullable=True))
    op.execute("UPDATE people SET more = name")
    {then}
"""


@pytest.fixture
def to_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Makes the program one with one more migration, which does this at its end."""

    def make(then: str) -> None:
        shutil.copytree(MIGRATIONS, tmp_path / "100%" / "migrations", dirs_exist_ok=True)
        (tmp_path / "100%" / "migrations" / "versions" / "9998_next.py").write_text(NEXT.format(head=HEAD, then=then))
        monkeypatch.setattr(upgrading, "MIGRATIONS", tmp_path / "100%" / "migrations")
        monkeypatch.setattr(upgrading, "HEAD", "9998")

    return make


def columns(store: Store) -> set[str]:
    with reading(store._engine) as connection:
        return {column["name"] for column in inspect(connection).get_columns("people")}


def test_an_upgrade_keeps_a_copy_of_what_was_there(url: str, to_come: Callable[[str], None]) -> None:
    with open_store(url) as store:
        store.add_person(person())
        assert "more" not in columns(store)
    to_come("")
    for _ in range(2):
        with open_store(url) as store:
            assert "more" in columns(store)
            assert store.people() == (person(),)
    file = store.place.file
    if file is None:
        return
    [copy] = upgrade_copies(file)
    with closing(sqlite3.connect(copy)) as kept:
        assert kept.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD,)
        assert kept.execute("SELECT name FROM people").fetchall() == [("Ann Other",)]


def test_an_upgrade_that_breaks_off_changes_nothing(
    url: str, to_come: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(url) as store:
        store.add_person(person())
    with monkeypatch.context() as wrong:
        wrong.setattr(upgrading, "MIGRATIONS", MIGRATIONS)
        wrong.setattr(upgrading, "HEAD", HEAD)
        to_come('op.execute("INSERT INTO nowhere VALUES (1)")')
        with pytest.raises(StoreError) as refused:
            open_store(url)
        assert len(str(refused.value).splitlines()) == 1
    monkeypatch.setattr(upgrading, "MIGRATIONS", MIGRATIONS)
    monkeypatch.setattr(upgrading, "HEAD", HEAD)
    with open_store(url) as store:
        assert "more" not in columns(store)
        assert store.people() == (person(),)


def test_a_newer_database_is_refused_in_one_line(url: str) -> None:
    with open_store(url) as store, writing(store._engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=rf"newer BackCheck \(schema 9999; this one knows {HEAD}\)") as refused:
        open_store(url)
    assert len(str(refused.value).splitlines()) == 1


def test_many_open_a_new_database_at_once(url: str) -> None:
    problems: list[Exception] = []

    def work() -> None:
        try:
            open_store(url).close()
        except Exception as problem:  # noqa: BLE001
            problems.append(problem)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    engine = create_engine(find_place(url).url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 1
    engine.dispose()
