"""A page that was loaded anew: it knows nothing of who sat before it, and takes nobody for somebody safe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from seeded_people import Seeded
from test_one_run import opened

from checker.service.weeks import Weeks
from checker.ui.first_pain import COMFORTABLE, FIRST_PAIN


@pytest.fixture
def seeded(tmp_path: Path) -> Iterator[Seeded]:
    with Seeded(tmp_path) as seeded:
        yield seeded


@pytest.mark.parametrize(("path", "movement"), [("camera", "standing_side_bend"), ("timer", "bridge")])
def test_where_one_moves_it_asks_who_it_is_first(seeded: Seeded, path: str, movement: str) -> None:
    ben = seeded.somebody("Ben", told={"saddle": "yes"})
    seeded.somebody("Anna")
    at = opened(path, movement)
    assert [t.value for t in at.title] == ["Who is here?"]
    assert not [b for b in at.button if b.label == "Open the camera"]
    at.button(key=f"person-{ben}").click().run()
    assert not at.title, "he is to get help now: nothing else is on the page"
    at.button[-1].click().run()  # somebody else
    [look] = [b for b in at.button if b.label.startswith("Only look around")]
    look.click().run()
    assert [t.value for t in at.title] not in ([], ["Who is here?"]), "who only looks around has said so"


def test_an_upload_says_that_nobody_has_said_who_they_are(seeded: Seeded) -> None:
    seeded.somebody("Ben")
    assert "Nobody has said who they are: the result is not kept." not in [c.value for c in opened("review").caption]
    seeded.somebody("Anna")
    assert "Nobody has said who they are: the result is not kept." in [c.value for c in opened("review").caption]


def test_how_far_a_test_goes_is_what_the_plan_asks_for(seeded: Seeded) -> None:
    weeks = Weeks(seeded.somebody("Ben"))
    asked = {p.exercise: p.to_first_pain for p in weeks.decision.plan if p.is_test}
    assert asked["standing_side_bend"], "the plan of somebody in pain"
    [how_far] = [r for r in opened("camera", "standing_side_bend").radio if r.label == "How far?"]
    assert how_far.value == FIRST_PAIN
    [how_far] = [r for r in opened("review", "standing_side_bend").radio if r.label == "How far?"]
    assert how_far.value == COMFORTABLE, "a film may be anybody's, and of any day"
