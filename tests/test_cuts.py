"""A film that was cut, a camera that was knocked over, and somebody else who comes later."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from analytic_body import FACING_RIGHT, FRONT, body_track, noisy, poses_of, repeated, times
from conftest import assessed, find_clip
from make_video import write_joined

from checker.analyze import analyze_video
from checker.assessment import Assessment, ModelInfo
from checker.engine import Engine
from checker.library import find_exercise
from checker.pose.camera_motion import CameraMotion
from checker.pose.clothes import OTHER, are_other, clothes_and_grey, worn
from checker.reasons import SOMEBODY_ELSE
from checker.skeleton import N_LANDMARKS, Array, Landmark
from checker.track import UNKNOWN_CLOTHES, PoseTrack, concatenated

Picture = npt.NDArray[np.uint8]
SIZE = (480, 360)
SIDE_BEND = "standing_side_bend"
FPS = 15.0
HALF_S = 11.0
BLUE = np.array([0.2, 0.3, 0.3, 0.3], np.float32)
RED = np.array([0.5, 0.2, 0.3, 0.3], np.float32)


# --- the room -----------------------------------------------------------------------------------


def room(seed: int) -> Picture:
    """A room full of things."""
    rng = np.random.default_rng(seed)
    picture = np.full((SIZE[1], SIZE[0], 3), 150, np.uint8)
    for _ in range(40):
        x, y = (int(rng.integers(0, side)) for side in SIZE)
        colour = tuple(int(c) for c in rng.integers(20, 250, 3))
        corner = (x + int(rng.integers(15, 90)), y + int(rng.integers(15, 90)))
        cv2.rectangle(picture, (x, y), corner, colour, -1)
    return picture


def seen_from(picture: Picture, right_px: float, down_px: float, roll_deg: float = 0.0) -> Picture:
    turn = cv2.getRotationMatrix2D((SIZE[0] / 2, SIZE[1] / 2), roll_deg, 1.0)
    turn[:, 2] += (right_px, down_px)
    return np.asarray(cv2.warpAffine(picture, turn, SIZE, borderMode=cv2.BORDER_REFLECT), np.uint8)


def cuts(film: list[Picture]) -> list[int]:
    """Which pictures begin another take."""
    camera = CameraMotion()
    out = []
    for i, picture in enumerate(film):
        camera.feed(picture, None)
        if camera.cut:
            out.append(i)
    return out


@pytest.mark.parametrize("seed", range(6))
def test_another_room_is_a_cut_and_only_its_first_picture(seed: int) -> None:
    here, there = room(seed), room(seed + 100)
    assert cuts([here] * 4 + [there] * 4 + [here] * 2) == [4, 8]


@pytest.mark.parametrize("across", [True, False])
def test_bars_beside_the_picture_hide_no_cut(across: bool) -> None:
    def barred(picture: Picture) -> Picture:
        out = picture.copy()
        bars = out if across else out.transpose(1, 0, 2)
        bars[:, :90] = bars[:, -90:] = 0
        return out

    here, there = barred(room(7)), barred(room(8))
    assert cuts([here] * 3 + [there] * 3) == [3]


def test_the_first_picture_is_none() -> None:
    assert cuts([room(1)]) == []


def test_a_camera_that_sways_slips_or_turns_is_none() -> None:
    here, rng = room(2), np.random.default_rng(0)
    sways = [seen_from(here, *rng.normal(0, 4, 2), rng.normal(0, 0.6)) for _ in range(30)]
    slips = [seen_from(here, 0, -8.0 * i, 1.5 * i) for i in range(12)]
    assert cuts(sways) == cuts(slips) == []


def test_a_camera_that_is_knocked_over_at_once_is_one() -> None:
    here = room(3)
    assert cuts([here] * 3 + [seen_from(here, 160, -90, 30)] * 3) == [3]


def test_light_that_changes_at_once_is_none() -> None:
    here = room(4)
    dark = (here * 0.35).astype(np.uint8)
    assert cuts([here, here, dark, dark, here]) == []


def test_in_front_of_a_bare_wall_nobody_can_tell() -> None:
    rng = np.random.default_rng(5)
    walls = [np.clip(rng.normal(level, 6, (SIZE[1], SIZE[0], 3)), 0, 255).astype(np.uint8) for level in (90, 95, 92)]
    assert cuts([*walls, room(6), *walls]) == []


# --- the clothes --------------------------------------------------------------------------------


def dressed(trunk: tuple[int, int, int], legs: tuple[int, int, int], share: float = 1.0) -> Array:
    """What is seen of somebody in those colours; `share` of the usual light."""
    picture = np.full((300, 200, 3), 128, np.uint8)
    picture[100:170] = np.multiply(trunk, share).astype(np.uint8)
    picture[170:] = np.multiply(legs, share).astype(np.uint8)
    pixels = np.full((N_LANDMARKS, 2), np.nan, np.float32)
    for name, point in {"SHOULDER": (40, 95), "HIP": (30, 170), "KNEE": (30, 240)}.items():
        pixels[Landmark[f"RIGHT_{name}"]] = (100 - point[0], point[1])
        pixels[Landmark[f"LEFT_{name}"]] = (100 + point[0], point[1])
    colours, grey = clothes_and_grey(picture, pixels)
    assert grey == pytest.approx(np.mean(np.multiply(trunk, share)), abs=8)
    return colours.astype(np.float64)


def test_other_colours_are_other_clothes_and_other_light_is_not() -> None:
    me = dressed((40, 60, 160), (60, 60, 60))
    assert not are_other(me, dressed((40, 60, 160), (60, 60, 60), share=0.5))
    assert are_other(me, dressed((160, 50, 50), (60, 60, 60)))
    assert are_other(me, dressed((40, 60, 160), (170, 120, 40)))


def test_what_is_not_seen_is_no_other_clothes() -> None:
    unknown = UNKNOWN_CLOTHES.astype(np.float64)
    me = dressed((40, 60, 160), (60, 60, 60))
    assert not are_other(me, unknown)
    assert not are_other(unknown, unknown)
    outside = np.full((N_LANDMARKS, 2), -50, np.float32)
    colours, grey = clothes_and_grey(np.zeros((20, 20, 3), np.uint8), outside)
    assert np.isnan(colours).all()
    assert np.isnan(grey)


def test_what_somebody_wears_is_the_median_of_what_was_seen() -> None:
    track = body_track(times(3.0, FPS), FRONT)
    assert np.isnan(worn(track)).all()
    seen = np.tile(BLUE, (len(track), 1))
    seen[::3] = np.nan
    seen[1] = RED
    np.testing.assert_allclose(worn(replace(track, clothes=seen)), BLUE, atol=1e-6)


# --- what is made of them -----------------------------------------------------------------------


def bends(sizes: tuple[float, ...], clothes: Array, first_s: float = 0.0, seed: int = 1) -> PoseTrack:
    t_s = times(HALF_S, FPS)
    track = noisy(body_track(t_s, FRONT, lateral_deg=repeated(t_s, sizes)), 0.4, seed=seed)
    return replace(track, t_s=t_s + first_s, clothes=np.tile(clothes.astype(np.float32), (len(t_s), 1)))


def joined(*takes: PoseTrack) -> PoseTrack:
    """Takes one after another, with a cut before each but the first."""
    track = concatenated(replace(take, t_s=take.t_s + i * HALF_S) for i, take in enumerate(takes))
    cut = np.zeros(len(track), bool)
    cut[np.cumsum([len(take) for take in takes])[:-1]] = True
    return replace(track, cut=cut)


def judged(track: PoseTrack, live: bool = False) -> tuple[Assessment, dict[str, int]]:
    engine = Engine(find_exercise(SIDE_BEND), track.width, track.height)
    counts: dict[str, int] = {}
    for pose in poses_of(track):
        if live:
            counts = engine.feed(pose).repetitions
        else:
            engine.record(pose)
    return engine.finish(ModelInfo(name="pose_landmarker_full", sha256="0" * 64)).assessment, counts


def leaning(track: PoseTrack, deg: float) -> PoseTrack:
    """The same from a camera that hangs by so much to one side: everything in the picture is turned."""
    c, s = np.cos(np.radians(deg)), np.sin(np.radians(deg))
    middle = np.array([track.width / 2, track.height / 2], np.float32)
    turn = np.array([[c, s], [-s, c]], np.float32)
    return replace(track, image=((track.image - middle) @ turn + middle).astype(np.float32))


@pytest.mark.parametrize("live", [False, True])
def test_after_a_cut_one_begins_from_ones_own_start(live: bool) -> None:
    track = joined(bends((20.0, -30.0), BLUE), leaning(bends((20.0, -30.0), BLUE, seed=2), 5.0))
    found, counts = judged(track, live)
    assert [r.side for r in found.reps] == ["left", "right"] * 2
    assert [r.rom.value for r in found.reps] == pytest.approx([20.0, 30.0] * 2, abs=2.5)
    assert any("changes at once at 11 s" in w for w in found.warnings)
    assert counts == ({"left": 2, "right": 2} if live else {})


@pytest.mark.parametrize("live", [False, True])
def test_somebody_else_is_left_out_and_told(live: bool) -> None:
    track = joined(bends((20.0, -30.0), BLUE), bends((35.0, -12.0), RED, seed=2))
    found, _ = judged(replace(track), live)
    assert [r.side for r in found.reps] == ["left", "right"]
    assert f"From 11 to 22 s nothing was measured. {SOMEBODY_ELSE}" in found.warnings


def test_somebody_else_who_comes_to_the_same_place_after_an_absence_is_left_out_too() -> None:
    mine, theirs = bends((20.0, -30.0), BLUE), bends((35.0, -12.0), RED, first_s=HALF_S + 4.0, seed=2)
    found, _ = judged(concatenated([mine, theirs]))
    assert [r.side for r in found.reps] == ["left", "right"]
    assert any(SOMEBODY_ELSE.text in w for w in found.warnings)
    mine_too = replace(theirs, clothes=np.tile(BLUE + OTHER / 2, (len(theirs), 1)))
    assert len(judged(concatenated([mine, mine_too]))[0].reps) == 4


def test_a_take_from_another_side_is_left_out_and_told() -> None:
    t_s = times(HALF_S, FPS)
    aside = replace(noisy(body_track(t_s, FACING_RIGHT), 0.4, seed=3), clothes=np.tile(BLUE, (len(t_s), 1)))
    found, _ = judged(joined(bends((20.0, -30.0), BLUE), aside))
    assert [r.side for r in found.reps] == ["left", "right"]
    assert any(
        w.startswith("From 11 to 22 s nothing was measured. Filmed from the wrong side.") for w in found.warnings
    )


def test_a_movement_over_a_cut_is_none() -> None:
    whole = bends((30.0,), BLUE)
    at = int(np.nanargmax(np.abs(np.diff(whole.point(Landmark.NOSE)[:, 0])))) + 1  # on the way out
    cut = np.zeros(len(whole), bool)
    cut[at] = True
    found, _ = judged(replace(whole, cut=cut))
    assert len(found.reps) < 2
    assert all(r.start_s > whole.t_s[at] - 0.05 or r.end_s < whole.t_s[at] for r in found.reps)


# --- films --------------------------------------------------------------------------------------


@pytest.mark.clips
def test_two_people_joined_into_one_film(tmp_path: Path) -> None:
    films = [find_clip("side_bend__good__anna"), find_clip("side_bend__restricted_left__carla")]
    alone = assessed(films[0], SIDE_BEND)
    found = analyze_video(write_joined(tmp_path / "joined.mp4", films), find_exercise(SIDE_BEND)).assessment
    assert [r.side for r in found.reps] == [r.side for r in alone.reps]
    for one, other in zip(found.measured, alone.measured, strict=True):
        assert one.value == pytest.approx(other.value, abs=1.5), one.id
    assert found.flagged == alone.flagged == []
    assert any(SOMEBODY_ELSE.text in w for w in found.warnings)
    assert any("changes at once" in w for w in found.warnings)
