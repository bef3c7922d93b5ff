"""The overlay is checked on pixels whose place follows from the analytic poses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moving_figure import MEASURED, moving
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

from checker.assessment import ViewResult
from checker.exercise import Exercise
from checker.judging.analysis import Analysis, SignalTrace
from checker.overlay import SKY, WHITE, YELLOW, Overlay
from checker.overlay.angle import JOINTS, LEFT_IS, LINES, find_angle
from checker.overlay.back import find_back
from checker.overlay.brush import BLUE, INK, VERMILLION
from checker.overlay.clock import clock_time, find_clock
from checker.overlay.layout import find_layout
from checker.overlay.panels import LARGE, Box, Panels
from checker.overlay.words import count_words, value_words
from checker.posture import StartPosture
from checker.skeleton import Landmark
from checker.track import PoseTrack

GREEN = (10, 120, 30)
UNDER_PANEL = 0.2 * np.array(GREEN) + 0.8 * np.array(INK)
"""What a label leaves of the blank frame between its letters."""

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


def of_track(analysis: Analysis, track: PoseTrack) -> Analysis:
    """The same of other poses, judged from the first of them."""
    start = StartPosture(track.slice(slice(0, 1)), "standing")
    return replace(analysis, track=track, segments=[replace(analysis.segments[0], start=start)])


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


def test_what_is_not_certain_is_named_with_its_reason_and_not_its_cue() -> None:
    certain = ANALYSIS.assessment.flagged[0]
    unsure = certain.model_copy(update={"status": "unsure", "reason": "close to the limit"})
    found = replace(ANALYSIS, assessment=ANALYSIS.assessment.model_copy(update={"faults": [unsure]}))
    sure, maybe = draw(ANALYSIS, 6.0)[:40], draw(found, 6.0)[:40]
    assert changed(maybe).mean() == 1.0
    assert has_colour(sure, VERMILLION)
    assert not has_colour(maybe, VERMILLION), "a warning sign is for what is certain"
    assert has_colour(maybe, BLUE)
    other = certain.model_copy(update={"status": "unsure", "reason": "close to the limit", "cue": "Something else."})
    again = replace(ANALYSIS, assessment=ANALYSIS.assessment.model_copy(update={"faults": [other]}))
    assert (draw(again, 6.0)[:40] == maybe).all()
    assert not changed(draw(found, 5.3))[:40].any()


def has_colour(rgb: np.ndarray, colour: tuple[int, int, int]) -> bool:
    return bool((np.abs(rgb.astype(int) - colour).max(axis=2) < 40).any())


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
        analysis = of_track(analysis, replace(analysis.track, image=image, outline=analysis.track.outline[:, ::-1]))
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
    wild = replace(analysis.track, image=image)
    draw(replace(analysis, track=wild), 2.5)
    draw(of_track(analysis, wild), 2.5)


def test_all_missing_never_raises() -> None:
    analysis = hinge_analysis()
    track = analysis.track
    empty = {k: np.full_like(getattr(track, k), np.nan) for k in ("image", "world", "visibility", "outline")}
    draw(replace(analysis, track=replace(track, **empty)), 2.5)
    draw(of_track(analysis, replace(track, **empty)), 2.5)
    draw(replace(analysis, segments=[]), 2.5)


# --- every movement ----------------------------------------------------------------------------


@pytest.mark.parametrize("mirror", [False, True], ids=["to_the_right", "to_the_left"])
@pytest.mark.parametrize("exercise", MEASURED, ids=lambda e: e.id)
def test_every_movement_is_drawn(exercise: Exercise, mirror: bool) -> None:
    """Whichever way they face or lie: the figure, its words, and no panel over the face."""
    analysis = moving(exercise.id, mirror)
    size = analysis.track.width
    overlay = Overlay(analysis, exercise, size, size)
    inner = analysis.track.image[:, : Landmark.MOUTH_RIGHT + 1]
    for index in range(0, len(analysis.t_s), 7):
        rgb = overlay.draw(blank(size, size), index)
        assert changed(rgb).mean() > 0.005
        (left, top), (right, bottom) = np.floor(inner[index].min(axis=0)), np.ceil(inner[index].max(axis=0))
        face = rgb[int(top) : int(bottom) + 1, int(left) : int(right) + 1].astype(int)
        panel = np.abs(face - UNDER_PANEL).max(axis=2) < 4
        assert panel.mean() < 0.05, f"text on the face at {analysis.t_s[index]:.1f} s"


def starts_of(analysis: Analysis) -> np.ndarray:
    """(T, 33, 2) pixels of the start posture that each frame was judged from."""
    assert analysis.starts is not None
    return analysis.starts.image.astype(float)


WITH_AN_ARC = [e for e in MEASURED if (e.main_measure.on or next(iter(e.signals))) in {*JOINTS, *LINES}]


@pytest.mark.parametrize("mirror", [False, True])
@pytest.mark.parametrize("exercise", WITH_AN_ARC, ids=lambda e: e.id)
def test_the_arc_is_as_wide_as_the_number_says(exercise: Exercise, mirror: bool) -> None:
    analysis = moving(exercise.id, mirror)
    assert analysis.assessment.reps
    values = analysis.signals[analysis.drawn].values
    near = {"left_side": "LEFT", "right_side": "RIGHT"}.get(analysis.assessment.view.measured)
    starts = starts_of(analysis) if analysis.drawn in exercise.reported_as_change else None
    angle = find_angle(analysis.drawn, values, analysis.track.image.astype(float), near, starts)
    assert angle is not None
    for rep in analysis.assessment.reps:
        i = analysis.at(rep.peak_s)
        a, b = angle.reference[i] - angle.corner[i], angle.end[i] - angle.corner[i]
        arc = abs(np.rad2deg(np.arctan2(a[0] * b[1] - a[1] * b[0], a @ b)))
        assert arc == pytest.approx(abs(values[i]), abs=7), "the hip that is measured lies 0.05 T off the landmark"


def test_a_change_is_drawn_from_the_start_that_its_own_part_was_judged_from() -> None:
    analysis = hinge_analysis("trunk_flexion")
    t_s, lean = analysis.t_s, analysis.signals["trunk_flexion"].values
    half = analysis.at(2.5)
    leant = StartPosture(analysis.track.slice([analysis.at(1.8)]), "standing")
    first, second = analysis.segments[0], replace(analysis.segments[0], first=half, start=leant)
    parts = replace(analysis, segments=[replace(first, last=half), second])
    angle = find_angle("trunk_flexion", lean, parts.track.image.astype(float), "RIGHT", starts_of(parts))
    assert angle is not None
    way = angle.reference - angle.corner
    drawn_deg = np.degrees(np.arctan2(way[:, 0], -way[:, 1]))
    assert lean[analysis.at(1.8)] > 15
    truth_deg = np.where(np.arange(len(t_s)) < half, lean[0], lean[analysis.at(1.8)])
    np.testing.assert_allclose(drawn_deg, truth_deg, atol=0.5)


def test_a_back_is_dashed_where_it_was_in_the_start_that_was_judged() -> None:
    analysis = hinge_analysis("spine_flexion")
    points = analysis.track.image.astype(float)
    round_start = analysis.track.slice(slice(0, 1))
    round_start = replace(round_start, outline=2.0 * round_start.outline)
    rounder = replace(analysis.segments[0], start=StartPosture(round_start, "standing"))
    flat, curved = (find_back(a, points, 1.0) for a in (analysis, replace(analysis, segments=[rounder])))
    assert flat is not None
    assert curved is not None
    np.testing.assert_array_equal(flat.now, curved.now)
    i, middle = analysis.at(2.5), flat.now.shape[1] // 2
    assert np.linalg.norm(curved.rest[i] - flat.rest[i], axis=1)[middle] == pytest.approx(BACK_PX, abs=1.5)
    assert find_back(replace(analysis, segments=[]), points, 1.0) is None, "nobody started"


def test_the_limb_that_moves_is_the_one_that_is_drawn() -> None:
    one_leg = [e for e in MEASURED if moving(e.id).drawn in LEFT_IS]
    assert one_leg
    for exercise in one_leg:
        analysis = moving(exercise.id)
        values = analysis.signals[analysis.drawn].values
        angle = find_angle(analysis.drawn, values, analysis.track.image.astype(float), "RIGHT", starts_of(analysis))
        assert angle is not None
        for rep in analysis.assessment.reps:
            i = analysis.at(rep.peak_s)
            knee = analysis.track.image[i, Landmark[f"{rep.side.upper()}_KNEE"]]
            assert min(np.linalg.norm(angle.end[i] - knee), np.linalg.norm(angle.corner[i] - knee)) < 1


def test_an_angle_told_as_it_is_is_drawn_from_straight() -> None:
    analysis = moving("plank")
    points = analysis.track.image.astype(float)
    straight = np.zeros(len(points))
    angle = find_angle("body_line", straight, points, "RIGHT", starts=None)
    assert angle is not None
    i = len(points) // 2
    shoulder, hip, ankle = (points[i, Landmark[f"RIGHT_{n}"]] for n in ("SHOULDER", "HIP", "ANKLE"))
    ways = angle.reference[i] - angle.corner[i], hip - (ankle if np.allclose(angle.end[i], shoulder) else shoulder)
    assert ways[0] @ ways[1] == pytest.approx(np.linalg.norm(ways[0]) * np.linalg.norm(ways[1]), rel=1e-3)


def test_the_straighter_knee_is_drawn_at_that_knee() -> None:
    analysis = moving("seated_hamstring_stretch")
    values = analysis.signals["straight_knee"].values
    points = analysis.track.image.astype(float)
    angle = find_angle("straight_knee", values, points, "LEFT", starts=None)
    assert angle is not None
    ankles = points[0, [Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE]]
    hips = points[0, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]].mean(axis=0)
    far = ("LEFT", "RIGHT")[int(np.argmax(np.linalg.norm(ankles - hips, axis=1)))]
    assert np.allclose(angle.corner[0], points[0, Landmark[f"{far}_KNEE"]])


def test_a_back_on_hands_and_knees_is_drawn_on_top_with_its_start_dashed() -> None:
    for mirror in (False, True):
        analysis = moving("cat_cow", mirror)
        back = find_back(analysis, analysis.track.image.astype(float), 1.0)
        assert back is not None
        middle = analysis.track.image[:, [Landmark.LEFT_HIP, Landmark.LEFT_SHOULDER], 1].mean(axis=1)
        for rep, sign in zip(analysis.assessment.reps, (-1.0, 1.0), strict=True):
            i = analysis.at(rep.peak_s)
            now, rest = np.nanmean(back.now[i, 8:25, 1]), np.nanmean(back.rest[i, 8:25, 1])
            assert rest < middle[i], "above the trunk line"
            assert sign * (now - rest) > 4, "the cat's back is above its start, the cow's below"


# --- the clock ---------------------------------------------------------------------------------


def hold_target_s(exercise: Exercise) -> float | None:
    return exercise.first_dose.hold_target_s if exercise.first_dose else None


HELD = [e for e in MEASURED if hold_target_s(e) is not None]


@pytest.mark.parametrize("exercise", HELD, ids=lambda e: e.id)
def test_the_clock_runs_to_the_time_that_was_held(exercise: Exercise) -> None:
    analysis = moving(exercise.id)
    assert analysis.assessment.reps
    clock = find_clock(analysis, exercise)
    assert clock is not None
    assert clock.target_s == hold_target_s(exercise)
    for rep in analysis.assessment.reps:
        inside = clock.shown_s[(analysis.t_s >= rep.start_s) & (analysis.t_s <= rep.end_s)]
        assert inside[0] < 0.3
        assert (np.diff(inside) >= 0).all()
        assert inside[-1] == pytest.approx(rep.hold_s, abs=0.15)
        large, small = clock.words(analysis.at(rep.end_s))
        assert large.startswith("Held ")
        assert small == f"of {hold_target_s(exercise):.0f} s"


def test_a_pause_in_good_form_stops_the_clock_and_nothing_more() -> None:
    exercise = next(e for e in MEASURED if e.id == "plank")
    analysis = moving("plank")
    rep = analysis.assessment.reps[0]
    first_s, last_s = rep.start_s + 4.0, rep.start_s + 6.0
    held = analysis.held & ~((analysis.t_s >= first_s) & (analysis.t_s <= last_s))
    assert held.sum() < analysis.held.sum()
    broken = analysis.assessment.model_copy(update={"reps": [rep.model_copy(update={"hold_s": rep.hold_s - 2.0})]})
    clock = find_clock(replace(analysis, assessment=broken, held=held), exercise)
    assert clock is not None
    before, after = clock.shown_s[analysis.at(first_s)], clock.shown_s[analysis.at(last_s)]
    assert after == pytest.approx(before, abs=0.2)
    assert clock.shown_s[analysis.at(rep.end_s)] == pytest.approx(rep.hold_s - 2.0, abs=0.2)


def test_a_task_against_time_shows_the_time_since_its_first_repetition() -> None:
    exercise = next(e for e in MEASURED if e.repetition is not None and e.repetition.within_s is not None)
    analysis = moving(exercise.id)
    clock = find_clock(analysis, exercise)
    assert clock is not None
    assert clock.words(0) == ("Time 0 s", "of 30 s")
    begun_s = analysis.assessment.reps[0].start_s
    assert clock.words(analysis.at(begun_s + 5.05)) == ("Time 5 s", "of 30 s")


@pytest.mark.parametrize("exercise", [e for e in MEASURED if e.pace], ids=lambda e: e.id)
def test_a_paced_movement_shows_its_time(exercise: Exercise) -> None:
    clock = find_clock(moving(exercise.id), exercise)
    assert clock is not None
    assert exercise.pace is not None
    assert clock.target_s == exercise.pace.cycles * sum(s.seconds for s in exercise.pace.steps)
    assert clock.words(len(clock.shown_s) // 2)[0].startswith("Time ")


def test_no_clock_where_nothing_is_timed() -> None:
    assert find_clock(ANALYSIS, make_exercise()) is None


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.0, "0 s"), (9.99, "9 s"), (119.0, "119 s"), (120.0, "2:00"), (1205.0, "20:05")]
)
def test_clock_times_are_whole_seconds_gone_by(seconds: float, words: str) -> None:
    assert clock_time(seconds) == words


# --- words and their places --------------------------------------------------------------------


def test_values_are_told_by_side_and_as_far_as_they_went() -> None:
    def words(exercise_id: str, value: float) -> str:
        exercise = next(e for e in MEASURED if e.id == exercise_id)
        return value_words(moving(exercise_id), exercise, value)

    assert words("cat_cow", 38.2) == "38° cat"
    assert words("cat_cow", -22.4) == "22° cow"
    assert words("cat_cow", -0.3) == "0°"
    assert words("bridge", -57.0) == "57°", "the hips straighten: the bend falls"
    assert words("back_extension", 17.0) == "17°"
    assert words("standing_hip_hinge", 50.0) == "Trunk flexion 50°"
    assert words("standing_trunk_rotation", -31.0) == "31° right"
    assert words("breathing", -0.004) == "Shoulders rising 0 %"


def test_counts_name_the_sides_left_first() -> None:
    for exercise_id, words in {
        "cat_cow": "Cat 1  ·  Cow 1",
        "single_leg_stance": "Left 1  ·  Right 1",
        "plank": "",
    }.items():
        exercise = next(e for e in MEASURED if e.id == exercise_id)
        assert count_words(moving(exercise_id), exercise, 99.0) == words


def test_what_is_no_angle_gets_a_gauge() -> None:
    exercise = next(e for e in MEASURED if e.id == "breathing")
    analysis = moving("breathing")
    rise = 0.1 * np.sin(2 * np.pi * analysis.t_s / 9)
    trace = SignalTrace("shoulder_rise", "Shoulders rising", "T", rise)
    analysis = replace(analysis, signals={"shoulder_rise": trace})
    size = analysis.track.width
    overlay = Overlay(analysis, exercise, size, size)
    filled = []
    for index in (int(np.argmax(rise)), int(np.argmin(np.abs(rise))), int(np.argmin(rise))):
        corner = overlay.draw(blank(size, size), index)[-190:, -150:].astype(int)
        yellow = (np.abs(corner - YELLOW).max(axis=2) < 25).any(axis=1)
        filled.append((yellow.sum(), np.flatnonzero(yellow).mean()))
    (up, up_at), (none, _), (down, down_at) = filled
    assert min(up, down) > 50 > none
    assert up_at < down_at


@settings(max_examples=60, deadline=None)
@given(
    size=st.sampled_from([(480, 640), (640, 480), (1920, 1080)]),
    x=st.floats(-3000, 3000),
    y=st.floats(-3000, 3000),
    angle=st.floats(0, 6.3),
)
def test_labels_stay_inside_and_off_the_face_where_there_is_room(
    size: tuple[int, int], x: float, y: float, angle: float
) -> None:
    panels = Panels(*size)
    panel = panels.label("Trunk flexion 123°")
    face = Box(x - 20, y - 20, x + 20, y + 20)
    box = panels.beside(panel, np.array([x, y]), np.array([np.cos(angle), np.sin(angle)]), [face])
    assert box.left >= 0
    assert box.top >= 0
    assert box.right <= size[0]
    assert box.bottom <= size[1]
    if 200 < x < size[0] - 200 and 100 < y < size[1] - 100 and size[0] < 1000:
        assert box.overlap(face) == 0


@pytest.mark.parametrize("size", [(480, 640), (1920, 1080)])
def test_text_is_large_enough_to_read_and_the_clock_larger(size: tuple[int, int]) -> None:
    panels = Panels(*size)
    usual, large = panels.label("28° left")[0].shape[0], panels.label("Held 3 s", LARGE)[0].shape[0]
    assert usual >= min(size) / 24
    assert large > 1.5 * usual


@pytest.mark.parametrize(("face_y", "below"), [(60.0, True), (300.0, False), (600.0, False)])
def test_banners_leave_the_edge_where_the_face_is(face_y: float, below: bool) -> None:
    points = np.full((10, 33, 2), np.nan)
    points[:, : Landmark.MOUTH_RIGHT + 1] = [240.0, face_y]
    points[:, Landmark.NOSE, 1] += 20
    layout = find_layout(points, np.ones(10, bool), 480, 640)
    assert layout.banner_below == below
    points[:, :, 0] = 60.0
    assert find_layout(points, np.zeros(10, bool), 480, 640).words_right == (face_y == 600.0)


def test_a_banner_below_moves_the_words_up() -> None:
    image = ANALYSIS.track.image - np.float32([0, 130])
    image[:, Landmark.LEFT_EYE] += 15
    rgb = draw(replace(ANALYSIS, track=replace(ANALYSIS.track, image=image)), 6.0)
    assert changed(rgb)[-40:].mean() == 1.0
    assert changed(rgb)[:40, :60].any(), "the count"
