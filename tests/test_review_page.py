"""What the page of a review says and takes, run without a browser; and where one that is added is proposed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from seeded_people import Seeded
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash
from test_review import BEND, machine, rep, track, with_
from test_review import made as by_pat

from checker.care.change_words import listed_when
from checker.care.records import Session
from checker.review.corrections import ConfirmFault, JointSet
from checker.review.room import LEAST_S, room_for
from checker.review.words import behind_words, now_and_then
from checker.service import weeks as service
from checker.service.reviewing import review_of_session
from checker.service.weeks import Weeks
from checker.skeleton import Landmark
from checker.ui import people
from checker.ui.app import PAGES
from checker.ui.session import drafting
from checker.ui.session.opening import GONE
from checker.ui.session.repetitions import NOT_MOVED

RUN_S = 60.0


@pytest.fixture
def seeded(tmp_path: Path) -> Iterator[Seeded]:
    with Seeded(tmp_path) as seeded:
        yield seeded


def measured(seeded: Seeded, name: str = "Ann") -> tuple[UUID, Session]:
    """Somebody of whom a session without a video is kept."""
    person = seeded.somebody(name)
    weeks = Weeks(person)
    weeks.begin(BEND, "upload").end(machine())
    return person, Weeks(person).history.sessions[-1]


def opened(session: Session | str, reviewer: str = "Pat") -> AppTest:
    """The page, as after F5: only the address is known, and the reviewer's name."""
    at = AppTest.from_file(str(PAGES), default_timeout=RUN_S)
    at.query_params["session"] = str(getattr(session, "id", session))
    at.session_state[people.REVIEWER] = reviewer
    at._page_hash = calc_hash("session")
    at.run()
    assert not at.exception
    return at


def corrections(session: Session) -> list[str]:
    return [kept.correction.kind for kept in service.store().corrections(session.id)]


def captions(at: AppTest) -> list[str]:
    return [read(caption.value) for caption in at.caption]


def read(markdown: str) -> str:
    """As it is shown, but for bold letters."""
    return markdown.replace("\\", "")


# --- whose it is ----------------------------------------------------------------------------------


def test_after_a_reload_who_it_is_is_asked_and_nothing_is_called_gone(seeded: Seeded) -> None:
    ann, session = measured(seeded)
    seeded.somebody("Ben")
    at = opened(session)
    assert [title.value for title in at.title] == ["Who is here?"]
    assert not at.error
    at.button(key=f"person-{ann}").click().run()
    assert [title.value for title in at.title] == [BEND.name]
    assert f"Ann · {listed_when(session)}" in captions(at)


def test_what_is_not_there_is_gone_once_somebody_is_chosen(seeded: Seeded) -> None:
    measured(seeded)
    assert [error.value for error in opened("00000000-0000-0000-0000-000000000000").error] == [GONE]


# --- faults ---------------------------------------------------------------------------------------


def leaning(moment_s: float, by_px: float) -> list[dict[str, Any]]:
    """Both shoulders, set by hand further out than they are."""
    frame = machine().at(moment_s)
    out = []
    for joint in ("left_shoulder", "right_shoulder"):
        x, y = track().image[frame, Landmark[joint.upper()]]
        out.append({"t_s": moment_s, "joint": joint, "x_px": float(x) + by_px, "y_px": float(y)})
    return out


def test_what_follows_for_a_fault_stands_beside_the_machines(seeded: Seeded) -> None:
    _, session = measured(seeded)
    review = review_of_session(service.store(), session, BEND)
    review.make_all([("joint", told) for told in leaning(rep(2).peak_s, 70.0)], "Pat")
    changed = [f.name for f, g in zip(review.result.assessment.faults, review.stored.faults, strict=True) if f != g]
    assert changed
    shown = [text for m in opened(session).markdown if "the machine:" in (text := read(m.value))]
    assert any("· now: " in text for text in shown)
    assert {text.split("**")[1] for text in shown if "· now: " in text} <= set(changed)
    assert any("· now: " not in text for text in shown), "the same is not told twice"


def test_a_verdict_stands_beside_the_machines_without_its_numbers() -> None:
    fault = next(f for f in machine().assessment.faults if f.status == "clear" and f.peak is not None)
    after = next(f for f in with_(ConfirmFault(fault=fault.id, **by_pat())).faults if f.id == fault.id)
    assert now_and_then(after, fault, verdict=True).startswith("now: seen · the machine: not there (read ")
    assert now_and_then(fault, fault, verdict=False).startswith("the machine: not there (read ")
    assert now_and_then(fault, None, verdict=None).endswith(" · the machine: could not be judged")


# --- why a number ---------------------------------------------------------------------------------


def test_a_number_says_which_of_its_joints_were_set_by_hand() -> None:
    moment = rep(2).peak_s
    made = [JointSet.model_validate({**told, **by_pat(n)}) for n, told in enumerate(leaning(moment, 10.0), 1)]
    left, right = (next(m for m in machine().assessment.measures if m.side == side) for side in ("left", "right"))
    told = behind_words(left, BEND, machine(), made)
    assert told == [
        f"Set by hand in these repetitions: the left shoulder at {moment:.2f} s and the right shoulder at "
        f"{moment:.2f} s.",
        "How exactly a joint was set by hand is not in the ±.",
    ]
    assert behind_words(right, BEND, machine(), made) == [], "nothing of it moved"
    knee = made[0].model_copy(update={"joint": "left_wrist"})
    assert behind_words(left, BEND, machine(), [knee]) == [], "it is not read from a wrist"
    at_rest = [joint.model_copy(update={"t_s": 0.8}) for joint in made[:1]]
    assert behind_words(left, BEND, machine(), at_rest)[0].startswith("Set by hand in the start posture: ")


# --- repetitions ----------------------------------------------------------------------------------


def test_what_was_not_moved_is_no_correction(seeded: Seeded) -> None:
    _, session = measured(seeded)
    at = opened(session)
    at.button(key="rv-rep-2").click().run()
    next(b for b in at.button if b.label == "Move it").click().run()
    assert NOT_MOVED in [read(error.value) for error in at.error]
    assert corrections(session) == []
    at.number_input(key="rv-end").set_value(rep(1).end_s - 0.5).run()
    next(b for b in at.button if b.label == "Move it").click().run()
    assert corrections(session) == ["bounds"]


def test_one_that_is_added_is_proposed_where_the_video_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, Any] = {}
    monkeypatch.setattr(drafting, "st", SimpleNamespace(session_state=state))
    drafting.begin_new(machine())
    assert drafting.is_asking()
    drafting.begin_at(machine(), {"time_s": 5.6})
    assert drafting.bounds() == {"start": 5.1, "furthest": 5.6, "end": 6.0}
    drafting.begin_at(machine(), {"time_s": 19.0})
    assert drafting.bounds() == {"start": 5.1, "furthest": 5.6, "end": 6.0}, "it was asked for once"


def test_it_is_as_long_as_the_others_and_lies_beside_them() -> None:
    taken = [(4.0, 6.0), (6.2, 8.2)]
    assert room_for(12.0, taken, 20.0) == (11.0, 12.0, 13.0)
    assert room_for(8.4, taken, 20.0) == (8.2, 8.4, 10.2)
    assert room_for(6.1, taken, 20.0) == (2.0, 3.0, 4.0), "between the two there is no room"
    assert room_for(10.0, [], 20.0) == (8.0, 10.0, 12.0)
    assert room_for(1.0, [(0.0, 2.0)], 2.0) == (0.0, 1.0, 2.0), "where there is none at all, over another"


@given(
    at_s=st.floats(0.0, 30.0),
    ends=st.lists(st.floats(0.0, 30.0), max_size=8, unique=True),
)
def test_it_overlaps_none_where_there_is_room(at_s: float, ends: list[float]) -> None:
    edges = sorted(ends)
    taken = list(zip(edges[::2], edges[1::2], strict=False))
    start_s, furthest_s, end_s = room_for(at_s, taken, 30.0)
    assert -0.01 <= start_s <= furthest_s <= end_s <= 30.01
    gaps = np.diff([0.0, *(edge for pair in taken for edge in pair), 30.0])[::2]
    if gaps.max() >= LEAST_S:
        assert all(end_s <= a + 0.011 or start_s >= b - 0.011 for a, b in taken)
