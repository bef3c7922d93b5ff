"""The overlay is checked on pixels whose place follows from the analytic poses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_analysis import (
    BACK_PX,
    HEIGHT,
    HIP,
    TORSO_PX,
    WIDTH,
    hinge_analysis,
    hinge_exercise,
    make_exercise,
    side_bend_analysis,
)

from checker.assessment import Analysis, SignalTrace, ViewResult
from checker.overlay import SKY, WHITE, YELLOW, Overlay
from checker.skeleton import Landmark

GREEN = (10, 120, 30)
ANALYSIS = side_bend_analysis()


def blank(width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    return np.full((height, width, 3), GREEN, np.uint8)


def draw(analysis: Analysis, time_s: float, scale: int = 1) -> np.ndarray:
    sided = analysis.assessment.exercise.id == "standing_side_bend"
    exercise = make_exercise() if sided else hinge_exercise()
    overlay = Overlay(analysis, exercise, WIDTH * scale, HEIGHT * scale)
    return overlay.draw(blank(WIDTH * scale, HEIGHT * scale), analysis.at(time_s))


def has_colour_near(rgb: np.ndarray, point: np.ndarray, colour: tuple[int, int, int], within: int = 3) -> bool:
    x, y = np.round(point).astype(int)
    patch = rgb[y - within : y + within + 1, x - within : x + within + 1].astype(int)
    return bool((np.abs(patch - colour).max(axis=2) < 25).any())


def on_trunk(lean_deg: float, share: float) -> np.ndarray:
    """A point of the hip-shoulder line that leans to the right of the picture."""
    lean = np.deg2rad(lean_deg)
    return HIP + share * TORSO_PX * np.array([np.sin(lean), -np.cos(lean)])


def changed(rgb: np.ndarray) -> np.ndarray:
    return (rgb != GREEN).any(axis=2)


def test_draws_in_place_and_returns_the_same_array() -> None:
    rgb = blank()
    assert Overlay(ANALYSIS, make_exercise(), WIDTH, HEIGHT).draw(rgb, 5) is rgb
    assert changed(rgb).any()


@pytest.mark.parametrize("scale", [1, 2])
def test_side_bend_has_trunk_line_vertical_and_arc(scale: int) -> None:
    rgb = draw(ANALYSIS, 2.5, scale)
    assert has_colour_near(rgb, scale * on_trunk(28, 0.8), YELLOW)
    assert has_colour_near(rgb, scale * on_trunk(14, 0.5), YELLOW, 3 * scale), "the arc's middle"
    column = rgb[scale * 205 : scale * 345, scale * 240].astype(int)
    dashes = (np.abs(column - WHITE).max(axis=1) < 25).mean()
    assert 0.2 < dashes < 0.9, "the vertical is dashed"


def test_arc_is_absent_where_the_value_is_nan() -> None:
    values = ANALYSIS.signals["trunk_lateral_flexion"].values.copy()
    values[ANALYSIS.at(2.5)] = np.nan
    gone = {"trunk_lateral_flexion": SignalTrace("trunk_lateral_flexion", "Side bend", "deg", values)}
    rgb = draw(replace(ANALYSIS, signals=ANALYSIS.signals | gone), 2.5)
    assert not has_colour_near(rgb, on_trunk(28, 0.8), YELLOW)
    assert has_colour_near(rgb, np.array([240 + 27, 350.0]), SKY), "the skeleton is still there"


def test_no_angle_is_drawn_from_the_wrong_view() -> None:
    view = ANALYSIS.assessment.view.model_copy(update={"ok": False})
    wrong = ANALYSIS.assessment.model_copy(update={"view": view})
    rgb = draw(replace(ANALYSIS, assessment=wrong), 2.5)
    assert not has_colour_near(rgb, on_trunk(28, 0.8), YELLOW)


def test_nobody_seen_leaves_the_count_only() -> None:
    rgb = draw(ANALYSIS, 4.25)
    rows = np.flatnonzero(changed(rgb).any(axis=1))
    assert rows.min() > HEIGHT - 60


def test_fault_is_named_exactly_while_it_lasts() -> None:
    for time_s, named in ((5.3, False), (5.5, True), (6.5, True), (6.7, False)):
        banner = changed(draw(ANALYSIS, time_s))[:40]
        assert banner.mean() == (1.0 if named else 0.0), f"at {time_s} s"


def test_two_faults_at_once_stand_below_each_other() -> None:
    first = ANALYSIS.assessment.flagged[0]
    second = first.model_copy(update={"id": "other", "name": "Another one", "severity": "info"})
    both = ANALYSIS.assessment.model_copy(update={"faults": [first, second]})
    one = changed(draw(ANALYSIS, 6.0))
    two = changed(draw(replace(ANALYSIS, assessment=both), 6.0))
    full_rows = [int(rows.all(axis=1).sum()) for rows in (one, two)]
    assert full_rows[1] == 2 * full_rows[0] > 0


def test_long_cue_is_wrapped_inside_the_frame() -> None:
    fault = ANALYSIS.assessment.flagged[0].model_copy(update={"cue": "Keep your knees straight. " * 8})
    long = ANALYSIS.assessment.model_copy(update={"faults": [fault]})
    rows = changed(draw(replace(ANALYSIS, assessment=long), 6.0)).all(axis=1).sum()
    assert 100 < rows < HEIGHT / 2


def test_count_follows_the_finished_repetitions() -> None:
    texts = {}
    for time_s in (0.5, 3.9, 4.05, 7.4, 7.6, 15.0):
        corner = draw(ANALYSIS, time_s)[HEIGHT - 45 :, :200]
        texts[time_s] = corner.tobytes()
    assert texts[0.5] == texts[3.9] != texts[4.05] == texts[7.4] != texts[7.6] != texts[15.0]


@pytest.mark.parametrize("toes", ["right", "left"])
def test_back_is_drawn_on_the_side_away_from_the_toes(toes: str) -> None:
    analysis = hinge_analysis()
    mirror = toes == "left"
    if mirror:
        image = analysis.track.image.copy()
        image[..., 0] = WIDTH - image[..., 0]
        track = replace(analysis.track, image=image, outline=analysis.track.outline[:, ::-1].copy())
        analysis = replace(analysis, track=track)
    rgb = draw(analysis, 2.5)
    lean = np.deg2rad(60)
    behind = BACK_PX * np.array([-np.cos(lean), -np.sin(lean)])
    for share in (0.2, 0.5, 0.9):
        bend = np.cos(np.pi * (share - 0.5) / 2)
        point = on_trunk(60, share) + bend * behind
        belly = on_trunk(60, share) - 25 / BACK_PX * behind
        if mirror:
            point, belly = ([WIDTH, 0] - p * [1, -1] for p in (point, belly))
        assert has_colour_near(rgb, point, SKY)
        assert not has_colour_near(rgb, belly, SKY)


def test_outline_taken_for_other_signals_is_not_shown_as_the_back() -> None:
    analysis = hinge_analysis()
    others = {i: s for i, s in analysis.signals.items() if i != "spine_flexion"}
    middle = on_trunk(60, 0.5) + BACK_PX * np.array([-0.5, -np.sqrt(0.75)])
    assert has_colour_near(draw(analysis, 2.5), middle, SKY)
    assert not has_colour_near(draw(replace(analysis, signals=others), 2.5), middle, SKY)


def test_hip_flexion_is_drawn_against_the_thigh_carried_on() -> None:
    rgb = draw(hinge_analysis("hip_flexion"), 2.5)
    assert has_colour_near(rgb, on_trunk(60, 0.6), YELLOW)
    assert has_colour_near(rgb, HIP + 52.5 * np.array([np.sin(np.pi / 6), -np.cos(np.pi / 6)]), YELLOW, 5)


@pytest.mark.parametrize("drawn", ["trunk_flexion", "spine_flexion", "trunk_rotation", "no_such_signal"])
def test_every_kind_of_angle_is_drawn(drawn: str) -> None:
    analysis = hinge_analysis(drawn)
    if drawn == "trunk_rotation":
        trace = SignalTrace(drawn, "Rotation", "deg", np.full(len(analysis.t_s), 30.0))
        analysis = replace(analysis, signals=analysis.signals | {drawn: trace})
    assert changed(draw(analysis, 2.5)).any()


def test_rotation_dial_turns_the_way_the_person_does() -> None:
    """From above with the camera below, a person facing it turns to their left counter-clockwise."""
    sides = {}
    for value in (40.0, -40.0):
        trace = SignalTrace("trunk_rotation", "Rotation", "deg", np.full(len(ANALYSIS.t_s), value))
        analysis = replace(ANALYSIS, drawn="trunk_rotation", signals={"trunk_rotation": trace})
        dial = draw(analysis, 0.2)[HEIGHT - 125 :, WIDTH - 130 :].astype(int)
        yellow = np.abs(dial - YELLOW).max(axis=2) < 25
        y, x = np.nonzero(yellow)
        sides[value] = np.polyfit(x, y, 1)[0]
    assert sides[40.0] < -0.2 < 0.2 < sides[-40.0]


def test_near_side_is_brighter_and_low_visibility_fainter() -> None:
    def white(measured: str, visibility: float = 0.95) -> int:
        view = ViewResult(expected="side", measured=measured, yaw_deg=0, ok=True)
        assessment = ANALYSIS.assessment.model_copy(update={"view": view})
        seen = np.full_like(ANALYSIS.track.visibility, visibility)
        track = replace(ANALYSIS.track, visibility=seen)
        rgb = draw(replace(ANALYSIS, assessment=assessment, track=track), 0.5)
        left_leg = rgb[400:540, 262:300]
        return int((left_leg > 240).all(axis=2).sum())

    assert white("left_side") > 200
    assert white("right_side") < 20
    assert white("front", visibility=0.2) < 20


@settings(max_examples=40, deadline=None)
@given(
    joint=st.sampled_from(list(Landmark)),
    x=st.one_of(st.just(float("nan")), st.floats(-1e5, 1e5, width=32)),
    y=st.floats(-1e5, 1e5, width=32),
    drawn=st.sampled_from(["hip_flexion", "trunk_flexion", "spine_flexion"]),
)
def test_wild_and_missing_landmarks_never_raise(joint: Landmark, x: float, y: float, drawn: str) -> None:
    analysis = hinge_analysis(drawn)
    image = analysis.track.image.copy()
    image[:, joint] = (x, y)
    draw(replace(analysis, track=replace(analysis.track, image=image)), 2.5)


def test_all_missing_never_raises() -> None:
    analysis = hinge_analysis()
    track = analysis.track
    empty = {k: np.full_like(getattr(track, k), np.nan) for k in ("image", "world", "visibility", "outline")}
    draw(replace(analysis, track=replace(track, **empty)), 2.5)
