"""The store, on SQLite and on PostgreSQL: what goes in comes out, and nothing else goes in."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.event import listen
from sqlalchemy.exc import DBAPIError
from store_records import MODELS, MOMENT, any_of, kinds_of, of_person, person, same_tracks, session, track, uuid

from checker.care.records import CheckIn, Event, History, LadderAnswer, PainMark, Record, SafetyAnswer, Session, Value
from checker.store import InForce, Store, StoreError, open_store
from checker.store.database import reading, writing
from checker.store.kinds import KINDS
from checker.store.rows import keep_session

pytest_plugins = ["postgres_server"]

RESULT = '{"movement":  "Side bend", "ä": 1.50, "null": null}\n'
IN_FORCE = InForce(at=MOMENT, exercise="standing_side_bend", exercise_sha256="0f" * 32, dose={"sets": 2})


def note(**more: Any) -> Event:
    given = {"id": uuid(7), "person_id": uuid(1), "at": MOMENT, "kind": "note", "who": "person", **more}
    return Event.model_validate(given)


# --- records ------------------------------------------------------------------------------------


def test_every_kind_of_a_history_is_kept() -> None:
    wanted = {name: field.annotation for name, field in History.model_fields.items() if name != "person"}
    assert {kind.table.name: tuple[kind.record, ...] for kind in KINDS} == wanted


@pytest.mark.parametrize("full", [True, False], ids=["every field set", "any"])
def test_every_kind_comes_back_as_it_was(store: Store, full: bool) -> None:
    few = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), database=None)

    @few
    @given(data=st.data())
    def comes_back(data: st.DataObject) -> None:
        ann = person().model_copy(update={"id": uuid4()})
        store.add_person(ann)
        made = {model: data.draw(any_of(model, full)).model_copy(update={"id": uuid4()}) for model in MODELS}
        made = {m: of_person(r, ann.id, made[Session].id) for m, r in made.items()}
        write(store, *made.values())
        kept = store.history(ann.id)
        assert kept.person == ann
        for kind in KINDS:
            [record] = kinds_of(kept)[kind.table.name]
            assert record == made[kind.record]
            assert type(record) is kind.record

    comes_back()


def write(store: Store, *records: Record) -> None:
    for record in records:
        if isinstance(record, Session):
            store.write_session(record)
        else:
            store.add(record)


def test_a_history_is_in_order_of_time_and_then_of_arrival(store: Store) -> None:
    store.add_person(person())
    late, early = note(id=uuid(1), at=MOMENT + timedelta(hours=1)), note(id=uuid(9))
    store.add(late, early, note(id=uuid(2)), note(id=uuid(8)))
    assert [event.id.int for event in store.history(uuid(1)).events] == [9, 2, 8, 1]
    for n in (3, 2, 1, 3):  # the one that came first is written once more
        store.write_session(session(n).model_copy(update={"at": MOMENT}))
    assert [s.id for s in store.history(uuid(1)).sessions] == [session(n).id for n in (3, 2, 1)]


def test_a_long_history_is_one_query_a_kind_and_there_at_once(store: Store) -> None:
    store.add_person(person())
    value = Value(value=31.2, unit="degrees", uncertainty=3.1, n=10)
    measures = {f"{name}/{side}": value for name in "abcd" for side in ("left", "right")}
    repetitions = {name: [31.2] * 10 for name in measures}
    with writing(store._engine) as connection:
        for n in range(200):
            keep_session(connection, session(n, measures=measures, per_repetition=repetitions))
    queries: list[str] = []
    listen(store._engine, "before_cursor_execute", lambda _c, _cursor, statement, *_: queries.append(statement))
    started = time.perf_counter()
    assert len(store.history(uuid(1)).sessions) == 200
    assert time.perf_counter() - started < 1.0
    assert len([query for query in queries if query.startswith("SELECT")]) == 1 + len(KINDS)


def test_a_history_has_nothing_of_another_person(store: Store) -> None:
    store.add_person(person(1))
    store.add_person(person(2))
    store.add(note())
    store.write_session(session(1, of=2))
    assert not any(kinds_of(store.history(uuid(2)))["events"])
    assert [s.id for s in store.history(uuid(2)).sessions] == [session(1, of=2).id]
    assert store.history(uuid(1)).sessions == ()


def test_the_same_record_again_is_no_matter_and_another_one_is_refused(store: Store) -> None:
    store.add_person(person())
    store.add(note(data={"a": [1, 2.5]}))
    store.add(note(data={"a": [1, 2.5]}))
    with pytest.raises(StoreError, match="another Event has the id") as refused:
        store.add(note(id=uuid(10)), note(data={"a": [1, 2]}))
    assert "\n" not in str(refused.value)
    assert store.history(uuid(1)).events == (note(data={"a": [1, 2.5]}),), "all of them or none"


def test_a_session_is_written_as_it_goes(store: Store) -> None:
    store.add_person(person())
    begun = session(1)
    store.write_session(begun)
    ended = session(1, ended_at=MOMENT + timedelta(minutes=3), measured=True, faults=frozenset({"b", "a"}))
    store.write_session(ended)
    assert store.history(uuid(1)).sessions == (ended,)
    with pytest.raises(StoreError, match="write_session"):
        store.add(begun)
    store.add_person(person(2))
    with pytest.raises(StoreError, match="another person's"):
        store.write_session(begun.model_copy(update={"person_id": uuid(2)}))
    assert store.history(uuid(1)).sessions == (ended,)


def test_nothing_is_kept_of_nobody(store: Store) -> None:
    with pytest.raises(StoreError, match="does not have the person") as refused:
        store.add(note())
    assert "\n" not in str(refused.value)
    store.add_person(person())
    with pytest.raises(StoreError, match="does not have the person or the session"):
        store.add(PainMark(id=uuid(3), person_id=uuid(1), at=MOMENT, session_id=uuid(4), t_s=1.0))
    for ask in (store.history, store.delete_person):
        with pytest.raises(StoreError, match="has no person with the id"):
            ask(uuid(5))


@pytest.mark.parametrize(
    "broken",
    [
        CheckIn(id=uuid(1), person_id=uuid(1), at=MOMENT, kind="daily").model_copy(update={"pain": 11}),
        note().model_copy(update={"data": {"a": float("nan")}}),
        note().model_copy(update={"reason": "\ud800"}),
        note(kind="no\0te"),
        LadderAnswer(id=uuid(1), person_id=uuid(1), at=MOMENT, rung=1, difficulty=None).model_copy(
            update={"rung": "one"}
        ),
    ],
    ids=["past its limits", "not a number", "no text", "a letter of code 0", "another type"],
)
def test_what_would_not_come_back_is_not_kept(store: Store, broken: Record) -> None:
    store.add_person(person())
    with pytest.raises(StoreError, match=r"^expected") as refused:
        store.add(broken)
    assert "\n" not in str(refused.value)
    assert not any(kinds_of(store.history(uuid(1))).values())


def test_columns_have_what_the_record_says(store: Store) -> None:
    store.add_person(person())
    at = MOMENT + timedelta(microseconds=1)
    store.add(
        SafetyAnswer(
            id=uuid(3),
            person_id=uuid(1),
            at=at,
            question="fever",
            answer="unsure",
            because="weekly",
            text_id="fever.en",
        )
    )
    with reading(store._engine) as connection:
        row = connection.execute(text("SELECT question, answer, at FROM answers")).one()
    assert row[:2] == ("fever", "unsure")
    assert str(row[2]).startswith("2026-11-20 08:30:00.000001"), "UTC"


# --- people -------------------------------------------------------------------------------------


def test_people_are_listed_and_changed(store: Store) -> None:
    store.add_person(person(2, "Ben"))
    store.add_person(person(1, "Ann"))
    assert [p.name for p in store.people()] == ["Ann", "Ben"]
    renamed = person(2, "Ben Other")
    store.change_person(renamed)
    assert store.people()[1] == store.history(uuid(2)).person == renamed
    with pytest.raises(StoreError, match="another Person has the id"):
        store.add_person(person(1, "Somebody else"))
    with pytest.raises(StoreError, match="has no person"):
        store.change_person(person(3))


def test_a_person_is_deleted_with_everything_and_nobody_else(store: Store, tmp_path: Path) -> None:
    fill(store, tmp_path, 1)
    fill(store, tmp_path, 2)
    kept = store.history(uuid(2))
    assert store.delete_person(uuid(1)) == []
    assert [p.id for p in store.people()] == [uuid(2)]
    assert store.history(uuid(2)) == kept
    assert store.assessment(uuid(150)) is None
    assert store.track(session(1).id) is None
    assert store.assessment(uuid(250)) is not None
    assert store.video(session(1, of=2).id) is not None
    assert not list(tmp_path.rglob(f"*{session(1).id}*")), "the video"
    with reading(store._engine) as connection:
        for kind in (*KINDS, None):
            name = kind.table.name if kind else "tracks"
            left = connection.execute(
                text(f"SELECT count(*) FROM {name} WHERE person_id = :id"), {"id": ident(store, 1)}
            )
            assert left.scalar() == 0, name


def ident(store: Store, n: int) -> Any:
    return uuid(n) if store.place.file is None else uuid(n).hex


def fill(store: Store, tmp_path: Path, n: int) -> None:
    """A person with a record, a session, a result, poses and a video."""
    store.add_person(person(n, f"Person {n}"))
    store.write_session(session(1, of=n))
    store.add(
        note(id=uuid(100 * n), person_id=uuid(n)),
        PainMark(id=uuid(100 * n), person_id=uuid(n), at=MOMENT, session_id=session(1, of=n).id, t_s=1.0),
    )
    store.keep_assessment(uuid(100 * n + 50), session(1, of=n).id, RESULT, IN_FORCE)
    store.keep_track(session(1, of=n).id, track())
    (tmp_path / "clip.mp4").write_bytes(b"film of %d" % n)
    store.keep_video(session(1, of=n).id, tmp_path / "clip.mp4")


def test_events_stay_whoever_asks(store: Store) -> None:
    store.add_person(person())
    store.add(note())
    for statement in ("UPDATE events SET kind = 'x'", "DELETE FROM events"):
        with pytest.raises(DBAPIError, match="an event"), writing(store._engine) as connection:
            connection.execute(text(statement))
    assert store.history(uuid(1)).events == (note(),)


# --- what is large ------------------------------------------------------------------------------


def test_a_result_is_kept_letter_by_letter_and_never_changes(store: Store, tmp_path: Path) -> None:
    fill(store, tmp_path, 1)
    kept = store.assessment(uuid(150))
    assert kept is not None
    assert (kept.text, kept.in_force, kept.person_id) == (RESULT, IN_FORCE, uuid(1))
    store.keep_assessment(uuid(150), session(1).id, RESULT, IN_FORCE)
    for other in (RESULT + " ", "{", "\ud800"):
        with pytest.raises(StoreError, match=r"another result has the id|expected the JSON"):
            store.keep_assessment(uuid(150), session(1).id, other, IN_FORCE)
    with pytest.raises(StoreError, match="no session with the id"):
        store.keep_assessment(uuid(151), uuid(1), RESULT, IN_FORCE)
    assert store.assessment(uuid(151)) is None


def test_poses_can_be_judged_again(store: Store, tmp_path: Path) -> None:
    fill(store, tmp_path, 1)
    assert same_tracks(store.track(session(1).id), track())
    store.keep_track(session(1).id, track().slice(slice(0, 3)))
    assert same_tracks(store.track(session(1).id), track().slice(slice(0, 3)))
    assert store.track(uuid(4)) is None
    with pytest.raises(StoreError, match="no session with the id"):
        store.keep_track(uuid(4), track())


def test_a_video_is_kept_where_it_was_asked_for(store: Store, tmp_path: Path) -> None:
    fill(store, tmp_path, 1)
    kept = store.video(session(1).id)
    assert kept is not None
    assert kept.read_bytes() == b"film of 1"
    (tmp_path / "other.WEBM").write_bytes(b"another")
    again = store.keep_video(session(1).id, tmp_path / "other.WEBM")
    assert (store.video(session(1).id), again.read_bytes()) == (again, b"another")
    assert not kept.exists()
    (tmp_path / "film").touch()
    for wrong in ("film", "not there.mp4"):
        with pytest.raises(StoreError, match=r"expected a video|cannot be used"):
            store.keep_video(session(1).id, tmp_path / wrong)


# --- carried out and in -------------------------------------------------------------------------


def test_a_person_goes_out_and_comes_in_without_loss(store: Store, tmp_path: Path) -> None:
    fill(store, tmp_path, 1)
    with open_store(f"sqlite:///{tmp_path}/other/backcheck.db") as other:
        for n, kind in enumerate(KINDS):
            write(
                store, of_person(example(kind.record).model_copy(update={"id": uuid(70 + n)}), uuid(1), session(1).id)
            )
        store.export_person(uuid(1), tmp_path / "ann.zip")
        for _ in range(2):
            assert other.import_person(tmp_path / "ann.zip") == person(1, "Person 1")
            assert other.history(uuid(1)) == store.history(uuid(1))
            assert other.assessment(uuid(150)) == store.assessment(uuid(150))
            assert same_tracks(other.track(session(1).id), track())
        video = other.video(session(1).id)
        assert video is not None
        assert video.read_bytes() == b"film of 1"
        other.export_person(uuid(1), tmp_path / "again.zip")
    before = store.history(uuid(1))
    store.delete_person(uuid(1))
    store.import_person(tmp_path / "again.zip")
    assert store.history(uuid(1)) == before


def example(model: type[Record]) -> Record:
    """A record with every field set."""
    found: list[Record] = []

    @settings(max_examples=1, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(any_of(model, full=True))
    def draw(record: Record) -> None:
        found.append(record)

    draw()
    return found[0]


def test_postgresql_has_its_own_backups(store: Store, tmp_path: Path) -> None:
    if store.place.file is None:
        for ask in (store.backup, store.restore):
            with pytest.raises(StoreError, match="pg_dump"):
                ask(tmp_path / "backup.db")
        assert not (tmp_path / "backup.db").exists()
        assert store.people() == ()


# --- together -----------------------------------------------------------------------------------


def test_threads_write_at_once(store: Store) -> None:
    store.add_person(person())
    problems: list[Exception] = []

    def work(n: int) -> None:
        try:
            for i in range(10):
                store.add(note(id=uuid4(), data={"n": n, "i": i}))
                store.write_session(session(n, shares={"i": i}))
                store.keep_assessment(uuid4(), session(n).id, RESULT, IN_FORCE)  # reads, and then writes
                store.history(uuid(1))
        except Exception as problem:  # noqa: BLE001
            problems.append(problem)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    kept = store.history(uuid(1))
    assert len(kept.events) == 60
    assert [s.shares for s in kept.sessions] == [{"i": 9.0}] * 6
