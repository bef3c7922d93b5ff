"""Corrections in the store: written once, never changed, and gone only with their session."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from store_records import MOMENT, person, session, uuid

from checker.judging.source import Circumstances
from checker.review.by_hand import HandAngle, HandGrid, HandLine, HandTime
from checker.review.corrections import Correction, Delete, JointSet, Undo
from checker.store import InForce, Store, StoreError, open_store
from checker.store.database import reading, writing

pytest_plugins = ["postgres_server"]

RESULT = '{"movement":  "Side bend", "ä": 1.50}\n'
IN_FORCE = InForce(
    at=MOMENT, exercise="standing_side_bend", known=Circumstances(ready=(12,), restarts=(3,), mirrored=True)
)
GONE = Delete(id=uuid(60), who="Pat", at=MOMENT, at_s=4.25, note="änd\n", blind=True, seconds=3.5)
SET = JointSet(id=uuid(61), who="Pat", at=MOMENT, t_s=4.2, joint="left_hip", x_px=1.5, y_px=2.5)
BACK = Undo(id=uuid(62), who="Pat", at=MOMENT, of=GONE.id)
BY_HAND: tuple[Correction, ...] = (
    HandAngle(
        id=uuid(63), who="Pat", at=MOMENT, t_s=4.2, points=((100.5, 0.1), (0, 0.1), (0, 80.1)), of="left_knee",
        value=90.0, uncertainty=2.589, note="änd\n",
    ),
    HandLine(
        id=uuid(64), who="Pat", at=MOMENT, t_s=4.2, points=((0, 0), (30, 40)), value=50.0, uncertainty=2.828,
        torso_px=100.0, known_cm=25.0,
    ),
    HandLine(
        id=uuid(65), who="Pat", at=MOMENT, t_s=4.2, points=((0, 0), (60, 80)), value=100.0, uncertainty=2.828,
        plane_of=uuid(64),
    ),
    HandTime(
        id=uuid(66), who="Pat", at=MOMENT, t_s=4.2, until_s=5.2, pictures_s=(0.04, 0.05), value=1.0, uncertainty=0.045
    ),
    HandGrid(id=uuid(67), who="Pat", at=MOMENT, t_s=4.2, origin=(12.5, 8.0), spacing_px=40.0),
)  # fmt: skip
"""What was measured by hand, of every kind; it is kept beside corrections, and as they are."""


@pytest.fixture(autouse=True)
def two_people(store: Store) -> None:
    """With a session and a result each."""
    for n in (1, 2):
        store.add_person(person(n))
        store.write_session(session(1, of=n))
        store.keep_assessment(uuid(n + 50), session(1, of=n).id, RESULT, IN_FORCE)


def keep(store: Store, *made: Correction, of: int = 1) -> None:
    store.keep_corrections(session(1, of=of).id, uuid(of + 50), *made)


def kept(store: Store, of: int = 1) -> list[Correction]:
    return [k.correction for k in store.corrections(session(1, of=of).id)]


def test_they_come_back_in_the_order_in_which_they_were_made(store: Store) -> None:
    keep(store, GONE, SET, *BY_HAND)
    keep(store, BACK)
    keep(store, GONE)
    assert kept(store) == [GONE, SET, *BY_HAND, BACK]
    assert [k.correction for k in store.corrections_of(uuid(1))] == [GONE, SET, *BY_HAND, BACK]
    assert kept(store, 2) == []
    assert {(k.person_id, k.session_id, k.assessment_id) for k in store.corrections(session(1).id)} == {
        (uuid(1), session(1).id, uuid(51))
    }
    found = store.assessment(uuid(51))
    assert found is not None
    assert (found.text, found.in_force) == (RESULT, IN_FORCE), "the machine's own stays letter by letter"


def test_only_of_a_result_of_that_session_and_never_another_under_its_id(store: Store) -> None:
    with pytest.raises(StoreError, match="has no result"):
        store.keep_corrections(session(1).id, uuid(52), GONE)
    with pytest.raises(StoreError, match="no session with the id"):
        store.keep_corrections(uuid(9), uuid(51), GONE)
    keep(store, GONE)
    with pytest.raises(StoreError, match="another correction has the id") as refused:
        keep(store, SET, GONE.model_copy(update={"at_s": 1.0}))
    assert "\n" not in str(refused.value)
    assert kept(store) == [GONE], "all of them or none"


@pytest.mark.parametrize("statement", ["UPDATE corrections SET who = 'x'", "DELETE FROM corrections"])
def test_they_stay_whoever_asks(store: Store, statement: str) -> None:
    keep(store, GONE, *BY_HAND)
    with pytest.raises(DBAPIError, match="a correction"), writing(store._engine) as connection:
        connection.execute(text(statement))
    assert kept(store) == [GONE, *BY_HAND]


@pytest.mark.parametrize("how", ["session", "person"])
def test_they_go_with_their_session_and_with_their_person(store: Store, how: str) -> None:
    keep(store, GONE, *BY_HAND)
    keep(store, GONE.model_copy(update={"id": uuid(70)}), of=2)
    if how == "session":
        store.delete_session(session(1).id)
    else:
        store.delete_person(uuid(1))
    with reading(store._engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM corrections")).scalar() == 1
    assert len(kept(store, 2)) == 1


def test_they_go_out_and_come_in_with_the_person(store: Store, tmp_path: Path) -> None:
    keep(store, GONE, BACK, *BY_HAND)
    store.export_person(uuid(1), tmp_path / "ann.zip")
    with open_store(f"sqlite:///{tmp_path}/other/backcheck.db") as other:
        for _ in range(2):
            other.import_person(tmp_path / "ann.zip")
            assert other.corrections(session(1).id) == store.corrections(session(1).id)
    store.delete_person(uuid(1))
    store.import_person(tmp_path / "ann.zip")
    assert kept(store) == [GONE, BACK, *BY_HAND]


def test_a_session_that_was_corrected_elsewhere_comes_in_and_one_that_was_not_changes_nothing(
    store: Store, tmp_path: Path
) -> None:
    before = session(1)
    store.export_person(uuid(1), tmp_path / "before.zip")
    corrected = before.model_copy(update={"corrected_by": "Pat", "corrected_at": before.at, "measures": {}})
    store.write_session(corrected)
    keep(store, GONE)
    store.export_person(uuid(1), tmp_path / "after.zip")
    store.import_person(tmp_path / "before.zip")  # the patient's own, a week later
    assert corrected in store.history(uuid(1)).sessions
    with open_store(f"sqlite:///{tmp_path}/other/backcheck.db") as other:
        other.import_person(tmp_path / "before.zip")
        other.import_person(tmp_path / "after.zip")
        assert other.history(uuid(1)) == store.history(uuid(1))
        assert other.corrections(before.id) == store.corrections(before.id)


@pytest.mark.parametrize("what", ["another's", "of no session", "of no result"])
def test_a_file_with_corrections_of_something_else_is_refused(store: Store, tmp_path: Path, what: str) -> None:
    keep(store, GONE)
    store.export_person(uuid(1), tmp_path / "ann.zip")
    with zipfile.ZipFile(tmp_path / "ann.zip") as package:
        files = {name: package.read(name) for name in package.namelist()}
    contents = json.loads(files["backcheck.json"])
    field = {"another's": "person_id", "of no session": "session_id", "of no result": "assessment_id"}[what]
    contents["corrections"][0][field] = str(uuid(99))
    files["backcheck.json"] = json.dumps(contents).encode()
    with zipfile.ZipFile(tmp_path / "wrong.zip", "w") as package:
        for name, data in files.items():
            package.writestr(name, data)
    store.delete_person(uuid(1))
    with pytest.raises(StoreError):
        store.import_person(tmp_path / "wrong.zip")
    assert [p.id for p in store.people()] == [uuid(2)]


def test_a_file_whose_value_is_not_that_of_its_points_is_refused(store: Store, tmp_path: Path) -> None:
    keep(store, *BY_HAND)
    store.export_person(uuid(1), tmp_path / "ann.zip")
    with zipfile.ZipFile(tmp_path / "ann.zip") as package:
        files = {name: package.read(name) for name in package.namelist()}
    files["backcheck.json"] = files["backcheck.json"].replace(b'"value":90.0', b'"value":80.0')
    with zipfile.ZipFile(tmp_path / "wrong.zip", "w") as package:
        for name, data in files.items():
            package.writestr(name, data)
    store.delete_person(uuid(1))
    with pytest.raises(StoreError, match=r"expected the value of its points, 90\.00 .*, got 80\.00"):
        store.import_person(tmp_path / "wrong.zip")
    assert [p.id for p in store.people()] == [uuid(2)]


def test_a_backup_has_them(store: Store, tmp_path: Path) -> None:
    if store.place.file is None:
        return
    keep(store, GONE)
    store.backup(tmp_path / "backup.db")
    with open_store(f"sqlite:///{tmp_path}/backup.db") as copied:
        assert kept(copied) == [GONE]
