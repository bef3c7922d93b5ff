"""What a result says of how it came about: without it no two sessions can be compared honestly."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from analytic_body import FRONT, body_track, repeated, times

from checker import __version__
from checker.assessing import Circumstances, assess
from checker.assessment import Assessment
from checker.library import find_exercise

SIDE_BEND = find_exercise("standing_side_bend")
FILMED, JUDGED = datetime(2026, 3, 4, 12, tzinfo=UTC), datetime(2026, 3, 4, 13, tzinfo=UTC)


def assessed(pain_s: tuple[float, ...] = (), leaning: float = 4.0) -> Assessment:
    t_s = times(24.0, fps=20.0)
    bends = repeated(t_s, (20.0, -24.0, 22.0, -26.0), first_s=2.5, every_s=5.0)
    known = Circumstances(recorded_at=FILMED, analysed_at=JUDGED, pain_s=pain_s)
    return assess(SIDE_BEND, body_track(t_s, FRONT, lateral_deg=leaning + bends), known=known).assessment


def test_it_says_when_by_which_program_and_by_which_rules() -> None:
    found = assessed()
    assert found.app is not None
    assert found.app.version == __version__
    assert (found.recorded_at, found.analysed_at) == (FILMED, JUDGED)
    assert found.exercise.sha256 == SIDE_BEND.sha256


def test_it_says_how_the_camera_stood() -> None:
    setup = assessed().setup
    assert setup is not None
    assert (setup.width, setup.height) == (FRONT.width, FRONT.height)
    assert setup.fps == pytest.approx(20.0, abs=0.1)
    assert setup.person_size is not None
    assert 0.1 < setup.person_size < 0.5


def test_a_measure_says_from_where_to_where_it_went() -> None:
    found = assessed()
    left, right = (next(m for m in found.measures if m.side == side) for side in ("left", "right"))
    for measure, end in ((left, 4 + 21), (right, 4 - 25)):
        assert (measure.kind, measure.checked) == ("excursion", True)
        assert measure.start == pytest.approx(4.0, abs=1.5)
        assert measure.end == pytest.approx(end, abs=2.5)
        assert measure.spread == pytest.approx(2.0, abs=1.0)
    assert found.start_posture["trunk_lateral_flexion"] == pytest.approx(4.0, abs=1.5)


def test_a_mark_of_pain_is_told_as_the_way_that_a_hand_comes_late() -> None:
    """On the way out: pain began somewhere between where it was 0.8 s before and where it is."""
    (mark,) = assessed(pain_s=(3.6,)).pain
    assert mark.excursion is not None
    assert mark.excursion_from is not None
    assert mark.excursion_from < mark.excursion - 5.0


def test_the_fingerprint_is_of_what_is_measured_and_not_of_words() -> None:
    again = find_exercise("standing_side_bend")
    assert again.sha256 == SIDE_BEND.sha256
    assert again.model_copy(update={"why": "Another reason."}).sha256 == SIDE_BEND.sha256
    faults = [f.model_copy(update={"cue": "Said otherwise."}) for f in again.faults]
    assert again.model_copy(update={"faults": faults}).sha256 == SIDE_BEND.sha256
    assert again.repetition is not None
    other = again.repetition.model_copy(update={"min_excursion": 9.0})
    assert again.model_copy(update={"repetition": other}).sha256 != SIDE_BEND.sha256
    fewer = again.model_copy(update={"faults": again.faults[1:]})
    assert fewer.sha256 != SIDE_BEND.sha256
