"""The posed figure: its joints are where its angles say, it stands on the floor, it films as a person does."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from checker.figure import Stance, blend, bodies, body, camera_for, mirrored, recording
from checker.posture import Position, StartPosture
from checker.signals import CATALOGUE
from checker.signals.front import HIPS_FOLLOW
from checker.skeleton import Array, Landmark

SITTING = Stance(hips=90, knees=90)
ON_BACK = Stance(trunk=-90, hips=47, knees=97)
ON_FRONT = Stance(trunk=90)
ON_KNEES = Stance(trunk=78, hips=78, knees=90, arms=78)


def angle(points: Array, a: str, b: str, c: str) -> float:
    """The angle at b, degrees."""
    p, q, r = (points[Landmark[n]] for n in (a, b, c))
    cosine = np.dot(p - q, r - q) / np.linalg.norm(p - q) / np.linalg.norm(r - q)
    return float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))


def middle(points: Array, part: str) -> Array:
    return (points[Landmark[f"LEFT_{part}"]] + points[Landmark[f"RIGHT_{part}"]]) / 2


def reads(signal: str, start: Stance, end: Stance, position: Position, mirror: bool = False) -> float:
    """What a signal says at the end, in the view that it belongs to."""
    view = "front" if CATALOGUE[signal].view == "front" else "side"
    track = recording([start, end], np.array([0.0, 0.1]), camera_for(view, start, mirror))
    posture = StartPosture(track.slice(slice(0, 1)), position)
    return float(CATALOGUE[signal].compute(track, posture)[1])


# --- the body ----------------------------------------------------------------------------------


def test_standing_is_upright_with_the_left_to_the_left_and_the_face_forward() -> None:
    points = body(Stance())
    assert middle(points, "SHOULDER")[1] > middle(points, "HIP")[1] > middle(points, "KNEE")[1]
    assert points[Landmark.LEFT_SHOULDER, 0] > 0 > points[Landmark.RIGHT_SHOULDER, 0]
    assert points[Landmark.NOSE, 2] > middle(points, "EAR")[2]
    assert middle(points, "FOOT_INDEX")[2] > middle(points, "HEEL")[2]


def test_each_joint_has_its_own_angle() -> None:
    points = body(Stance(trunk=-90, hips=(20, 60), knees=(30, 100), arms=(40, 90), elbows=(10, 70)))
    for side, knee, elbow in (("LEFT", 30, 10), ("RIGHT", 100, 70)):
        assert angle(points, f"{side}_HIP", f"{side}_KNEE", f"{side}_ANKLE") == pytest.approx(180 - knee)
        assert angle(points, f"{side}_SHOULDER", f"{side}_ELBOW", f"{side}_WRIST") == pytest.approx(180 - elbow)
    for side, hip, arm in (("LEFT", 20, 40), ("RIGHT", 60, 90)):
        assert angle(points, f"{side}_SHOULDER", f"{side}_HIP", f"{side}_KNEE") == pytest.approx(180 - hip, abs=1.5)
        assert angle(points, f"{side}_HIP", f"{side}_SHOULDER", f"{side}_ELBOW") == pytest.approx(arm, abs=4)


@pytest.mark.parametrize(
    "stance", [Stance(), SITTING, ON_BACK, ON_FRONT, ON_KNEES, Stance(trunk=120, hips=100, arms=90)]
)
def test_everything_lies_above_the_floor_and_something_on_it(stance: Stance) -> None:
    heights = body(stance)[:, 1]
    assert 0.0 < heights.min() <= 0.1  # flesh lies between a landmark and the floor


def test_belly_up_belly_down() -> None:
    assert body(ON_BACK)[Landmark.NOSE, 1] > middle(body(ON_BACK), "EAR")[1]
    assert body(ON_FRONT)[Landmark.NOSE, 1] < middle(body(ON_FRONT), "EAR")[1]


def test_feet_keep_flat_where_they_can_and_hang_loose_where_not() -> None:
    squat = body(Stance(trunk=40, hips=100, knees=85))
    assert middle(squat, "HEEL")[1] == pytest.approx(middle(squat, "FOOT_INDEX")[1])
    bridge = body(ON_BACK)
    assert middle(bridge, "HEEL")[1] == pytest.approx(middle(bridge, "FOOT_INDEX")[1])
    lying = body(Stance(trunk=-90))
    assert middle(lying, "FOOT_INDEX")[1] > middle(lying, "HEEL")[1] + 0.05
    assert middle(body(Stance(ankles=-40)), "HEEL")[1] > middle(body(Stance(ankles=-40)), "FOOT_INDEX")[1] + 0.05


@pytest.mark.parametrize(
    ("start", "end", "part"),
    [
        (Stance(), Stance(trunk=60, hips=110, knees=90), "HEEL"),
        (SITTING, Stance(), "HEEL"),
        (ON_BACK, Stance(trunk=-90, hips=(120, 47), knees=(130, 97)), "SHOULDER"),
        (ON_KNEES, Stance(trunk=95, hips=145, knees=150, arms=170), "KNEE"),
    ],
)
def test_what_carries_the_body_keeps_its_place(start: Stance, end: Stance, part: str) -> None:
    way = bodies([start, blend(start, end, 0.5), end])
    places = np.array([middle(points, part)[[0, 2]] for points in way])
    assert np.ptp(places, axis=0).max() < 0.03


def test_the_standing_leg_stays_when_the_other_is_lifted() -> None:
    way = bodies([Stance(), Stance(hips=(60, 0), knees=(90, 0))])
    np.testing.assert_allclose(way[0, Landmark.RIGHT_ANKLE], way[1, Landmark.RIGHT_ANKLE], atol=0.002)
    assert way[1, Landmark.LEFT_ANKLE, 1] > way[0, Landmark.LEFT_ANKLE, 1] + 0.1


# --- stances -----------------------------------------------------------------------------------


def test_blending_is_a_straight_line_that_goes_on_behind_its_ends() -> None:
    start, end = Stance(trunk=10, hips=(0, 20), rounding=4), Stance(trunk=50, hips=40, rounding=-10, arms_crossed=True)
    half = blend(start, end, 0.5)
    assert (half.trunk, half.hips, half.rounding, half.arms_crossed) == (30, (20, 30), -3, False)
    assert blend(start, end, -1.0).rounding == 18
    np.testing.assert_allclose(body(blend(start, end, 0.0)), body(start), atol=1e-9)
    np.testing.assert_allclose(body(blend(start, end, 1.0)), body(end), atol=1e-9)


def test_the_mirror_image_is_the_same_to_the_other_side() -> None:
    stance = Stance(lean=20, turn=15, hips=(10, 50), knees=(0, 80), arms=(90, 0), arms_out=(0, 30), knees_aside=10)
    other = mirrored(stance)
    assert (other.lean, other.turn, other.hips, other.knees_aside) == (-20, -15, (50, 10), -10)
    assert mirrored(other) == stance
    swapped = body(other)[[Landmark.RIGHT_KNEE, Landmark.RIGHT_WRIST]] * np.array([-1, 1, 1])
    np.testing.assert_allclose(swapped, body(stance)[[Landmark.LEFT_KNEE, Landmark.LEFT_WRIST]], atol=1e-9)


def test_a_stance_refuses_what_it_does_not_know() -> None:
    with pytest.raises(ValidationError, match="kness"):
        Stance.model_validate({"kness": 10})
    with pytest.raises(ValidationError):
        Stance.model_validate({"trunk": 400})


# --- filmed ------------------------------------------------------------------------------------

SIGNALS = [
    ("trunk_flexion", Stance(), Stance(trunk=37, hips=37), "standing", 37),
    ("hip_flexion", SITTING, Stance(trunk=25, hips=115, knees=90), "seated", 115),
    ("hip_flexion", ON_BACK, Stance(trunk=-112, hips=5, knees=100), "lying_on_back", 5),
    ("knee_flexion", Stance(), Stance(trunk=30, hips=80, knees=70), "standing", 70),
    ("spine_flexion", Stance(), Stance(trunk=30, hips=30, rounding=25), "standing", 25),
    ("spine_flexion", ON_KNEES, ON_KNEES.model_copy(update={"rounding": -30}), "hands_and_knees", -30),
    ("spine_flexion", ON_BACK, ON_BACK.model_copy(update={"rounding": 15}), "lying_on_back", 15),
    ("leg_flexion", ON_BACK, Stance(trunk=-90, hips=(110, 47), knees=97), "lying_on_back", 63),
    ("leg_flexion", ON_BACK, Stance(trunk=-90, hips=(47, 110), knees=97), "lying_on_back", -63),
    ("leg_extension", ON_KNEES, Stance(trunk=78, hips=(0, 78), knees=(0, 90), arms=78), "hands_and_knees", 78),
    ("opposite_arm_raise", ON_KNEES, ON_KNEES.model_copy(update={"arms": (78, 170)}), "hands_and_knees", 92),
    ("neck_flexion", Stance(), Stance(neck=25), "standing", 25),
]


@pytest.mark.parametrize("mirror", [False, True], ids=["one way", "the other way"])
@pytest.mark.parametrize(("signal", "start", "end", "position", "truth"), SIGNALS)
def test_from_the_side_the_signals_read_the_angles_whichever_way_it_faces(
    signal: str, start: Stance, end: Stance, position: Position, truth: float, mirror: bool
) -> None:
    got = reads(signal, start, end, position, mirror)
    if signal in {"neck_flexion", "trunk_flexion"}:  # what the model's landmarks add is the same in both
        got -= reads(signal, start, start, position, mirror)
    assert got == pytest.approx(truth, abs=2.0)


@pytest.mark.parametrize(
    ("signal", "end", "truth", "within"),
    [
        ("trunk_lateral_flexion", Stance(lean=22), 22 * HIPS_FOLLOW, 0.5),
        ("trunk_lateral_flexion", Stance(lean=-22), -22 * HIPS_FOLLOW, 0.5),
        ("trunk_rotation", Stance(turn=35, arms_crossed=True), 35, 5),
        ("shoulder_rise", Stance(shrug=0.1, arms_crossed=True), 0.1, 0.005),
        ("ankle_lift", Stance(hips=(60, 0), knees=(90, 0), arms_crossed=True), 0.542, 0.01),
    ],
)
def test_from_the_front_too(signal: str, end: Stance, truth: float, within: float) -> None:
    assert reads(signal, Stance(arms_crossed=True), end, "standing") == pytest.approx(truth, abs=within)


def test_from_the_feet_the_knees_fall_to_their_own_side() -> None:
    left = reads("knee_fall", ON_BACK, ON_BACK.model_copy(update={"knees_aside": 50}), "lying_on_back")
    right = reads("knee_fall", ON_BACK, ON_BACK.model_copy(update={"knees_aside": -50}), "lying_on_back")
    assert 25 < left < 50  # the raised camera sees the knees lie further up the picture than they stand
    assert right == pytest.approx(-left)


def test_the_recording_keeps_to_the_conventions() -> None:
    stances = [Stance(), Stance(trunk=50, hips=90, knees=40)]
    track = recording(stances, np.array([0.0, 0.5]), camera_for("side", stances[0]))
    assert (track.image >= 0).all()
    assert (track.image <= track.width).all()
    hips = track.world_point(Landmark.LEFT_HIP, Landmark.RIGHT_HIP)
    np.testing.assert_allclose(hips, 0.0, atol=1e-6)
    assert track.image[0, Landmark.NOSE, 0] > track.image[0, Landmark.LEFT_EAR, 0], "facing the picture's right"
    assert track.world[0, Landmark.LEFT_HIP, 2] > track.world[0, Landmark.RIGHT_HIP, 2], "the left side is farther"
    assert track.world[0, Landmark.NOSE, 1] < 0, "y down"
    assert StartPosture(track.slice(slice(0, 1)), "standing").facing == 1.0
