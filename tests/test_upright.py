"""Whether a picture that is turned is told from a person who bends, sits or lies."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from analytic_body import FACING_RIGHT, FRONT, body_track, both, lost, noisy, posed_track, poses_of, repeated, times
from conftest import SHARED
from moving_figure import filmed

from checker.assessment import TURNS, Assessment, ModelInfo, Turn
from checker.engine import Engine
from checker.exercise import Exercise
from checker.judging.source import Source
from checker.library import EXERCISES_DIR, find_exercise, read_exercise
from checker.posture import Position
from checker.reasons import PICTURE_TURNED
from checker.setup.upright import GROUNDED, turn_needed
from checker.track import NOBODY, STILL_CAMERA, UNKNOWN_CLOTHES, PoseTrack

MEASURED = [e.id for path in sorted(EXERCISES_DIR.glob("*.toml")) if (e := read_exercise(path)).is_measured]
UPRIGHT = [name for name in MEASURED if find_exercise(name).position in GROUNDED]
FLOOR = [name for name in MEASURED if name not in UPRIGHT]
UNDO: dict[Turn, Turn] = {0: 0, 90: 270, 180: 180, 270: 90}
MODEL = ModelInfo(name="none", sha256="0" * 64)


def turned(track: PoseTrack, turn_deg: Turn) -> PoseTrack:
    """The same person in a picture that was turned clockwise."""
    image, size = track.image, (track.width, track.height)
    for _ in range(turn_deg // 90):
        image = np.stack([size[1] - image[..., 1], image[..., 0]], axis=-1)
        size = size[1], size[0]
    return replace(track, image=image, width=size[0], height=size[1])


def judged(
    exercise: Exercise, track: PoseTrack, source: Source | None = None, mirrored: bool | None = None
) -> Assessment:
    engine = Engine(exercise, track.width, track.height, mirrored)
    engine.source = source or Source()
    for pose in poses_of(track):
        engine.record(pose)
    return engine.finish(MODEL).assessment


@pytest.mark.parametrize("name", MEASURED)
def test_an_upright_picture_is_never_turned(name: str) -> None:
    exercise, track = filmed(name)
    assert turn_needed(exercise.position, track) == 0
    assert turn_needed(exercise.position, noisy(track, 4.0)) == 0


@pytest.mark.parametrize("name", UPRIGHT)
@pytest.mark.parametrize("turn_deg", TURNS)
def test_whoever_stands_or_sits_shows_how_the_picture_is_turned(name: str, turn_deg: Turn) -> None:
    exercise, track = filmed(name)
    needed = turn_needed(exercise.position, turned(track, turn_deg))
    assert needed == UNDO[turn_deg]
    assert turn_needed(exercise.position, turned(turned(track, turn_deg), needed)) == 0


@pytest.mark.parametrize("name", FLOOR)
@pytest.mark.parametrize("turn_deg", TURNS)
def test_whoever_lies_is_never_taken_for_a_picture_on_its_side(name: str, turn_deg: Turn) -> None:
    exercise, track = filmed(name)
    assert turn_needed(exercise.position, turned(track, turn_deg)) in {0, 180}
    assert turn_needed(exercise.position, track) == 0


def test_hands_and_knees_above_the_trunk_are_a_picture_upside_down() -> None:
    exercise, track = filmed("cat_cow")
    assert turn_needed(exercise.position, turned(track, 180)) == 180


@pytest.mark.parametrize("position", ["standing", "seated", "kneeling"])
def test_on_hands_and_knees_nobody_stands_on_their_side(position: Position) -> None:
    """Another movement than the one that was chosen is another fault, told elsewhere."""
    _, track = filmed("cat_cow")
    assert turn_needed(position, track) == 0


T_S = times(20.0)


def test_a_long_deep_bend_is_no_picture_upside_down() -> None:
    bend = np.where((T_S > 1) & (T_S < 19.5), 150.0, 0.0)
    for camera in (FRONT, FACING_RIGHT):
        assert turn_needed("standing", body_track(T_S, camera, trunk_flexion_deg=bend)) == 0


def test_a_bend_to_the_level_all_the_time_is_no_picture_on_its_side() -> None:
    assert turn_needed("standing", body_track(T_S, FACING_RIGHT, trunk_flexion_deg=90.0)) == 0
    assert (
        turn_needed("seated", body_track(T_S, FACING_RIGHT, trunk_flexion_deg=90.0, thigh_deg=-90.0, knee_deg=90.0))
        == 0
    )


def test_legs_in_the_air_are_no_picture_upside_down() -> None:
    legs_up = posed_track(T_S, FACING_RIGHT, trunk=-90.0, **both(hip=90.0))
    assert turn_needed("standing", legs_up) == 0


@pytest.mark.parametrize("turn_deg", TURNS)
def test_bending_half_of_the_time_hides_nothing(turn_deg: Turn) -> None:
    track = body_track(T_S, FACING_RIGHT, trunk_flexion_deg=repeated(T_S, [80.0] * 4))
    assert turn_needed("standing", turned(track, turn_deg)) == UNDO[turn_deg]


def test_nobody_in_the_picture_tells_nothing() -> None:
    assert turn_needed("standing", lost(body_track(T_S))) == 0
    assert turn_needed("standing", body_track(T_S).slice(slice(0, 0))) == 0


def test_a_person_who_is_lost_now_and_then_still_tells() -> None:
    track = turned(lost(body_track(T_S), 4.0, 9.0), 180)
    assert turn_needed("standing", track) == 180


# --- what is said -------------------------------------------------------------------------------


@pytest.mark.parametrize("turn_deg", TURNS)
def test_nothing_is_measured_in_a_turned_picture_and_it_is_said_why(turn_deg: Turn) -> None:
    exercise, track = filmed("standing_side_bend")
    upright, assessment = judged(exercise, track), judged(exercise, turned(track, turn_deg))
    assert upright.measured
    assert upright.video.needs_turn_deg == 0
    assert assessment.measured == []
    assert assessment.reps == []
    assert assessment.video.needs_turn_deg == UNDO[turn_deg]
    why = PICTURE_TURNED[UNDO[turn_deg]]
    assert {(m.reason, m.reason_code) for m in assessment.measures} == {(why.text, why.code)}
    assert (why.text, why.code) in zip(assessment.warnings, assessment.warning_codes, strict=True)
    assert assessment.view.advice is None, "nobody is told to turn in a picture that must be turned"


def test_the_words() -> None:
    assert PICTURE_TURNED[180].text == "The picture is upside down. Turn it by half (180 degrees), and measure again."
    for turn_deg in (90, 270):
        assert PICTURE_TURNED[turn_deg].text.startswith("The picture lies on its side. If you were upright, turn it ")
        assert f"({turn_deg} degrees)" in PICTURE_TURNED[turn_deg].text


def test_how_far_it_was_turned_stands_in_the_result() -> None:
    exercise, track = filmed("standing_side_bend")
    assert judged(exercise, track, Source(turned_deg=90)).video.turned_deg == 90


@pytest.mark.parametrize("turn_deg", TURNS)
def test_a_mirrored_picture_is_turned_as_it_is_and_not_as_it_would_be_before_the_mirror(turn_deg: Turn) -> None:
    exercise, track = filmed("standing_side_bend")
    picture = turned(track.mirrored(), turn_deg)
    assert judged(exercise, picture, mirrored=True).video.needs_turn_deg == UNDO[turn_deg]
    assert judged(exercise, picture).video.needs_turn_deg == UNDO[turn_deg]


def test_turned_and_mirrored_it_is_the_person_as_they_were() -> None:
    exercise, track = filmed("standing_side_bend")
    there = judged(exercise, track)
    found = judged(exercise, track.mirrored(), Source(turned_deg=270), mirrored=True)
    assert (found.video.turned_deg, found.video.needs_turn_deg, found.video.mirrored) == (270, 0, True)
    assert [r.side for r in found.reps] == [r.side for r in there.reps]


def test_real_people_are_upright() -> None:
    folder = SHARED / "real" / "tracks"
    if not (folder / "expected.json").exists():
        pytest.skip("THE TRACKS IN ../shared/real ARE MISSING: no real person was looked at")
    for name, entry in json.loads((folder / "expected.json").read_text(encoding="utf-8")).items():
        held = np.load(folder / f"{name}.npz")
        later = {"camera": STILL_CAMERA, "other": NOBODY, "body_brightness": np.float32(np.nan)}  # not recorded yet
        later |= {"clothes": UNKNOWN_CLOTHES, "cut": np.False_}
        whole = {k: np.stack([value] * len(held["t_s"])) for k, value in later.items()}
        track = PoseTrack(**whole | {k: held[k] if held[k].ndim else int(held[k]) for k in held})
        position = find_exercise(entry["exercise"]).position
        assert turn_needed(position, track) == 0, name
        if position in GROUNDED:
            for turn_deg in TURNS:
                assert turn_needed(position, turned(track, turn_deg)) == UNDO[turn_deg], name


# --- times that are not known -------------------------------------------------------------------

TIMED = {"s", "1/min", "deg/s"}


@pytest.mark.parametrize("name", ["wall_sit", "seated_forward_lean", "sit_to_stand", "single_leg_stance"])
def test_without_known_times_nothing_timed_is_told(name: str) -> None:
    exercise, track = filmed(name)
    known, unknown = judged(exercise, track), judged(exercise, track, Source(times_known=False))
    assert known.reps
    for m in unknown.measures:
        if m.unit in TIMED or (m.unit == "count" and exercise.repetition and exercise.repetition.within_s):
            assert m.status == "not_measured"
            assert m.value is None
        else:
            assert m == next(k for k in known.measures if (k.id, k.side) == (m.id, m.side))
    for f in unknown.faults:
        assert f.unit not in TIMED or f.status == "not_measured"
    assert all(r.rom.unit not in TIMED for r in unknown.reps)
