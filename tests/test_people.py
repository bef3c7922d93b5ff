"""Other people: found beside or before the person, told, and never measured in their place."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from analytic_body import FRONT, body_track, repeated, times
from test_camera_motion import engine_says

from checker.pose.mediapipe import Body
from checker.pose.others import stands_before, without_posters
from checker.pose.people import MAX_GROWTH, FollowedPerson, PeopleCount, body_size, covered, trunks_apart
from checker.skeleton import Array32, Landmark
from checker.track import NOBODY, PoseTrack

T_S = times(16.0, 15.0)
BENDS = repeated(T_S, [25.0, -22.0, 24.0])


def with_other(track: PoseTrack, from_s: float, to_s: float, covers: float, way_px: float = 0.0) -> PoseTrack:
    """Somebody else is seen for a while, covering a share of the person's box, walking along the picture."""
    there = (track.t_s >= from_s) & (track.t_s < to_s)
    other = np.tile(NOBODY, (len(track), 1))
    x = 100.0 + way_px * (track.t_s - from_s)
    other[there] = np.column_stack([x, np.full_like(x, 300.0), np.full_like(x, 95.0), np.full_like(x, covers)])[there]
    return replace(track, other=other, people=np.where(there, 2, 1).astype(np.int16))


def test_a_repetition_behind_somebody_is_not_measured_and_says_why() -> None:
    out = engine_says(with_other(body_track(T_S, FRONT, lateral_deg=BENDS), 7.2, 7.6, 0.6, 40.0))
    assert [r.side for r in out.reps] == ["left", "left"]
    assert [p.reason for p in out.partial_reps] == ["somebody stood before you"]
    assert any("Somebody stood before you" in w for w in out.warnings)
    assert any("second person" in w for w in out.warnings)


def test_somebody_beside_the_person_is_told_and_hides_nothing() -> None:
    out = engine_says(with_other(body_track(T_S, FRONT, lateral_deg=BENDS), 6.5, 8.5, 0.02, 40.0))
    assert len(out.reps) == 3
    assert any("second person" in w for w in out.warnings)


def test_a_poster_is_nobody() -> None:
    track = with_other(body_track(T_S, FRONT, lateral_deg=BENDS), 0.0, 16.0, 0.2)
    assert (without_posters(track).people == 1).all()
    out = engine_says(track)
    assert len(out.reps) == 3
    assert not any("second person" in w for w in out.warnings)
    passing = with_other(body_track(T_S, FRONT), 0.0, 16.0, 0.2, way_px=5.0)
    assert without_posters(passing) is passing


def test_what_is_covered_is_covered_a_little_before_and_after_too() -> None:
    hidden = stands_before(with_other(body_track(T_S, FRONT), 6.0, 7.0, 0.5))
    assert hidden[(T_S > 5.2) & (T_S < 7.8)].all()
    assert not hidden[(T_S < 4.8) | (T_S > 8.2)].any()


# --- counting people ---------------------------------------------------------------------------


def body(x: float, trunk: float = 100.0, seen: float = 1.0) -> Body:
    pixels = np.zeros((33, 2), np.float32)
    points = {
        Landmark.LEFT_SHOULDER: (0.3, 0.0),
        Landmark.RIGHT_SHOULDER: (-0.3, 0.0),
        Landmark.LEFT_HIP: (0.2, 1.0),
        Landmark.RIGHT_HIP: (-0.2, 1.0),
        Landmark.LEFT_KNEE: (0.2, 1.9),
        Landmark.RIGHT_KNEE: (-0.2, 1.9),
        Landmark.LEFT_ANKLE: (0.2, 2.7),
        Landmark.RIGHT_ANKLE: (-0.2, 2.7),
    }
    pixels[:] = (x, 100.0)
    for landmark, (u, v) in points.items():
        pixels[landmark] = (x + u * trunk, 100.0 + v * trunk)
    return Body(pixels, np.full(33, seen, np.float32), np.zeros((33, 3), np.float32), None)


class _Finds:
    """Gives the bodies that a test put down; stands in for a picture with those people in it."""

    def __init__(self, bodies: list[Body]) -> None:
        self.bodies = bodies

    def find(self, rgb: object, t_s: float = 0.0) -> list[Body]:
        return self.bodies

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    ("others", "people"),
    [
        ([], 1),
        ([body(203.0, 101.0)], 1),  # the same person, found twice
        ([body(260.0)], 2),
        ([body(205.0, 140.0)], 2),  # close, but nearer to the camera
        ([body(500.0, seen=0.2)], 1),  # hardly seen: a coat on a hook
        ([body(500.0), body(60.0)], 3),
    ],
)
def test_people_are_counted(others: list[Body], people: int) -> None:
    person = body(200.0)
    count = PeopleCount(lambda: _Finds([person, *others]))  # type: ignore[arg-type,return-value]
    try:
        rgb = np.zeros((8, 8, 3), np.uint8)
        counts = [count.look(rgb, i / 10, person.pixels) for i in range(12)]
    finally:
        count.close()
    assert counts[0].people == 1
    assert counts[-1].people == people
    assert np.isfinite(counts[-1].other).all() == (people > 1)


def test_somebody_who_lies_and_is_found_once_more_the_wrong_way_round_is_one() -> None:
    lying, turned = body(200.0), body(200.0)
    lying.pixels[:] = lying.pixels[:, ::-1]
    turned.pixels[:] = turned.pixels[:, ::-1]
    turned.pixels[:, 0] = 2 * lying.pixels[:, 0].mean() - turned.pixels[:, 0]
    count = PeopleCount(lambda: _Finds([lying, turned]))  # type: ignore[arg-type,return-value]
    try:
        counts = [count.look(np.zeros((8, 8, 3), np.uint8), i / 10, lying.pixels) for i in range(12)]
    finally:
        count.close()
    assert counts[-1].people == 1


def test_the_share_that_is_covered_and_how_far_apart() -> None:
    person = body(200.0).pixels
    assert covered(person, person) == pytest.approx(1.0)
    assert covered(person, body(600.0).pixels) == 0.0
    assert 0.2 < covered(person, body(235.0).pixels) < 0.8
    assert trunks_apart(person, body(250.0).pixels) == pytest.approx(0.5)


# --- whom the model follows --------------------------------------------------------------------


def strays(finds: list[tuple[float, Array32]]) -> list[bool]:
    """Whether each find is taken for somebody else."""
    person = FollowedPerson()
    return [person.has_strayed(t_s, pixels) for t_s, pixels in finds]


def test_somebody_who_steps_before_the_person_is_larger_at_once() -> None:
    person, nearer = body(200.0).pixels, body(210.0, 100.0 * MAX_GROWTH * 1.1).pixels
    steps = [(i / 15, person) for i in range(30)] + [(2.0 + i / 15, nearer) for i in range(10)]
    assert strays(steps) == [False] * 30 + [True] * 10


def test_the_first_finds_may_be_wrong_and_a_jump_is_somebody_else() -> None:
    person = body(200.0).pixels
    half = body(200.0, 60.0).pixels
    assert not any(strays([(0.0, half), (0.1, half), (0.2, person), (0.3, person)]))
    jumped = strays([(i / 15, person) for i in range(30)] + [(2.0, body(500.0).pixels), (2.1, person)])
    assert jumped[-2:] == [True, False]


def test_after_two_seconds_unseen_whoever_is_found_is_the_person() -> None:
    person, other = body(200.0).pixels, body(500.0).pixels
    out = strays([(i / 15, person) for i in range(30)] + [(2.0 + i / 15, other) for i in range(40)])
    assert out[30]
    assert not out[-1]


def test_a_body_is_as_large_whichever_limb_points_at_the_camera() -> None:
    standing = body(200.0).pixels
    bent = standing.copy()
    bent[[Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER], 1] += 40.0  # leaning towards the camera
    assert body_size(bent) > 0.85 * body_size(standing)
