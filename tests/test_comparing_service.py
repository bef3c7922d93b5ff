"""Two kept sessions beside one another: found, preferred, opened as they were corrected, and nobody else's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from analytic_body import FRONT, body_track, repeated, times
from test_review import BEND, machine, rep

from checker.assessing import Circumstances, assess
from checker.assessment import ModelInfo
from checker.care.change_rules import load_change_rules
from checker.care.records import History, Person, Session
from checker.care.two_sessions import Unlike
from checker.comparing.stage import set_stage
from checker.dose import Dose
from checker.judging.analysis import Analysis
from checker.service.comparing import Beside, find_session, partners, usual
from checker.service.diary import Diary
from checker.service.files import offer, offer_all, owner_of_review, withdraw_of
from checker.service.reviewing import NO_POSES, review_of_session
from checker.store import Store, open_store
from checker.ui.comparing.stage import JOINTS, SHARES, Names, stage_data

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
WHO = Person(id=uuid4(), name="Anna", created_at=NOON)
OTHER = Person(id=uuid4(), name="Bert", created_at=NOON)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("BACKCHECK_PEOPLE", str(tmp_path))
    with open_store() as opened:
        opened.add_person(WHO)
        opened.add_person(OTHER)
        yield opened


def kept(store: Store, day: int, analysis: Analysis | None = None, hour: int = 0, who: Person = WHO) -> Session:
    at = NOON + timedelta(days=day, hours=hour)
    first = Session(id=uuid4(), person_id=who.id, at=at, exercise=BEND.id, how="upload", exercise_sha256=BEND.sha256)
    diary = Diary(store, first, BEND, "rules", lambda: at + timedelta(minutes=1))
    diary.end(analysis or machine())
    assert diary.problem == ""
    return diary.session


def of(store: Store) -> History:
    return store.history(WHO.id)


def test_the_last_session_that_is_alike_is_preferred(store: Store) -> None:
    first, alike, evening = (kept(store, day, hour=hour) for day, hour in ((0, 0), (2, 0), (3, 6)))
    now, later = kept(store, 5), kept(store, 7)
    found = partners(store, of(store), now)
    assert [p.session.id for p in found] == [s.id for s in (later, evening, alike, first)]
    assert [p.apart for p in found] == [(), (Unlike.TIME,), (), ()]
    best = usual(found, now)
    assert best is not None
    assert best.session.id == alike.id
    only_evening = [p for p in found if p.session.id == evening.id]
    assert usual(only_evening, now) == only_evening[0]
    assert usual(found[:1], now) == found[0], "the next one, where there is none before"
    assert usual([], now) is None


def test_what_was_asked_for_and_what_measured_are_looked_at(store: Store) -> None:
    dose = Dose.model_validate({"repetitions": (8, 10), "source": "a test", "status": "clinical judgement"})
    poses = machine().poses
    assert poses is not None
    more = kept(store, 0, assess(BEND, poses, dose))
    other = kept(store, 1, assess(BEND, poses, known=Circumstances(model=ModelInfo(name="x", sha256="b" * 64))))
    now = kept(store, 2)
    apart = {p.session.id: p.apart for p in partners(store, of(store), now)}
    assert apart == {more.id: (Unlike.DOSE,), other.id: (Unlike.MODEL,)}


def test_nobody_finds_the_session_of_somebody_else(store: Store) -> None:
    own, others = kept(store, 0), kept(store, 0, who=OTHER)
    assert find_session(of(store), str(own.id)) is not None
    for wrong in (str(others.id), "", "sides", "../../etc", str(uuid4())):
        assert find_session(of(store), wrong) is None
    assert partners(store, of(store), own) == []


def test_two_are_opened_in_order_of_time_and_their_difference_is_told(store: Store) -> None:
    then, now = kept(store, 0), kept(store, 3, further())
    beside = Beside(store, BEND, (now, then))
    assert (beside.then.id, beside.now.id, beside.is_one, beside.problems) == (then.id, now.id, False, [])
    assert beside.is_as_then
    left, right = beside.differences(of(store))
    assert (left.side, left.verdict) == ("left", "more")
    assert (right.side, right.verdict) == ("right", "chance")
    one, other = beside.takes("left")
    assert [t.rep.side for t in (*one, *other)] == ["left"] * 4


def further() -> Analysis:
    """To the left by 16 degrees more than `machine`, to the right as there."""
    t_s = times(20.0, fps=15.0)
    sizes = (38.0, -24.0, 44.0, -26.0)
    return assess(BEND, body_track(t_s, FRONT, lateral_deg=repeated(t_s, sizes, out_s=1.5, hold_s=0.6, back_s=1.5)))


def test_what_was_corrected_is_compared_as_corrected(store: Store) -> None:
    then, now = kept(store, 0), kept(store, 3)
    beside = Beside(store, BEND, (then, now))
    before = beside.differences(of(store))[0]
    assert before.delta == 0.0
    review_of_session(store, now, BEND).make("delete", "Pat", at_s=rep(2).peak_s)
    beside.refresh()
    after = beside.differences(of(store))[0]
    assert after.delta == pytest.approx(rep(0).rom.value - (rep(0).rom.value + rep(2).rom.value) / 2, abs=0.2)
    one, other = beside.takes("left")
    assert (len(one), len(other)) == (2, 1)
    assert of(store).sessions[-1].corrected_by == "Pat"


def test_the_sides_of_one_session(store: Store) -> None:
    session = kept(store, 0, further())
    beside = Beside(store, BEND, (session, session))
    assert beside.is_one
    assert beside.reviews[0] is beside.reviews[1]
    left, right = beside.takes(None)
    assert {t.rep.side for t in left} == {"left"}
    assert {t.rep.side for t in right} == {"right"}
    [found] = beside.differences(of(store))
    assert found.verdict == "less"


def test_without_poses_the_values_are_told_all_the_same(store: Store) -> None:
    then, now = kept(store, 0, replace(machine(), poses=None)), kept(store, 3)
    beside = Beside(store, BEND, (then, now))
    assert beside.problems == [NO_POSES]
    assert beside.takes("left")[0] == []
    assert beside.differences(of(store))[0].verdict == "chance"


# --- what goes to the browser -----------------------------------------------------------------------


def test_two_videos_are_offered_to_one_page_and_no_others_of_it(tmp_path: Path) -> None:
    offer("before", tmp_path / "a.mp4", "pat")
    offer("others", tmp_path / "o.mp4", "sam")
    found = offer_all({"one": tmp_path / "b.mp4", "two": tmp_path / "c.mp4"}, "pat")
    assert found == {"one": "/reviews/one/video", "two": "/reviews/two/video"}
    assert [owner_of_review(t) for t in ("before", "one", "two", "others")] == [None, "pat", "pat", "sam"]
    offer_all({}, "pat")
    assert [owner_of_review(t) for t in ("one", "two", "others")] == [None, None, "sam"]
    withdraw_of("sam")


def test_the_browser_gets_plain_values_in_which_nothing_is_made_up(store: Store) -> None:
    then, now = kept(store, 0), kept(store, 3, further())
    one, other = Beside(store, BEND, (then, now)).takes("left")
    stage = set_stage(one[0], other[0], "phase", "trunk_lateral_flexion", load_change_rules())
    names = Names(("3 Nov", "6 Nov"), ("<3>", "6"), ("", ""), ("Ghost of 3 Nov", "Dashed: 3 Nov"))
    data = stage_data(stage, names, (None, "/reviews/x/video"), "two")
    assert json.loads(json.dumps(data, allow_nan=False)) == data | {"jumps": [list(j) for j in data["jumps"]]}
    assert data["jumps"] == [("Start", 0.0), ("Furthest", 50.0), ("End", 100.0)]
    assert data["begin"] == 50.0
    first, second = data["panes"]
    assert (first["video"], second["video"]) == (None, "/reviews/x/video")
    assert first["ghosts"] is None
    assert len(second["ghosts"]) == len(second["bodies"]) == len(second["times"])
    frame, k = int(stage.frames[1][3]), JOINTS.index(11)
    x, y = stage.now.analysis.track.image[frame, 11] / [stage.now.analysis.track.width, stage.now.analysis.track.height]
    assert second["bodies"][3][3 * k : 3 * k + 2] == [round(x * SHARES), round(y * SHARES)]
    middle = len(data["values"][0]) // 2
    assert data["values"][1][middle] - data["values"][0][middle] == pytest.approx(38 - 20, abs=2.0)
    unseen = replace(stage, folded=replace(stage.folded, then=np.full_like(stage.folded.then, np.nan)))
    assert set(stage_data(unseen, names, (None, None), "two")["values"][0]) == {None}
