"""Live, frame by frame, the same is found as afterwards."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from analytic_body import (
    FACING_LEFT,
    repeated,
)
from engine_tracks import (
    EACH,
    FIRST_S,
    LEAN,
    RANGE_DEG,
    SIDE_BEND,
    SIZES,
    good,
    live,
    well_done,
)


@EACH
def test_the_live_count_agrees_with_the_last_word(exercise_id: str) -> None:
    feedback = live(exercise_id, well_done(exercise_id))
    final = [r.side for r in good(exercise_id).assessment.reps]
    assert feedback[-1].repetitions == {side: final.count(side) for side in feedback[-1].repetitions}
    assert sum(feedback[-1].repetitions.values()) == len(final)
    totals = [sum(f.repetitions.values()) for f in feedback]
    assert totals == sorted(totals)


@EACH
def test_live_it_is_ready_once_the_person_was_still(exercise_id: str) -> None:
    feedback = live(exercise_id, well_done(exercise_id))
    ready_s = next(f.t_s for f in feedback if f.ready)
    assert 0.6 <= ready_s <= 1.2
    waiting = {f.hint for f in feedback if not f.ready}
    assert waiting == {"Sit still for a moment." if exercise_id == LEAN else "Stand still for a moment."}
    assert {f.hint for f in feedback if f.ready} == {None}
    assert all(np.isnan(f.excursion) for f in feedback if not f.ready)


def test_live_the_excursion_follows_the_movement() -> None:
    track = well_done(SIDE_BEND)
    x = repeated(track.t_s, SIZES[SIDE_BEND])
    shown = np.array([f.excursion for f in live(SIDE_BEND, track)])
    assert np.nanmax(np.abs(shown - x)) < 8.0  # it lags a little behind a quick movement
    held = np.abs(track.t_s - (FIRST_S + 1.9)) < 0.1
    np.testing.assert_allclose(shown[held], x[held], atol=RANGE_DEG)


def test_live_never_looks_ahead() -> None:
    track = well_done(SIDE_BEND)
    whole, part = live(SIDE_BEND, track), live(SIDE_BEND, track.slice(slice(0, 120)))
    assert [repr(f) for f in whole[:120]] == [repr(f) for f in part]


def test_live_from_the_wrong_side_says_how_to_turn_and_counts_nothing() -> None:
    feedback = live(SIDE_BEND, well_done(SIDE_BEND, camera=FACING_LEFT))
    assert not any(f.ready for f in feedback)
    assert feedback[-1].hint == "Turn to your left by about 90 degrees, so that you face the camera."
    assert sum(feedback[-1].repetitions.values()) == 0


def test_live_a_second_person_is_told() -> None:
    track = well_done(SIDE_BEND)
    feedback = live(SIDE_BEND, replace(track, people=np.full(len(track), 2, np.int16)))
    assert {f.hint for f in feedback} == {"Only one person should be in the picture."}
