"""Files as phones, cameras, messengers and editors make them: which film, how long, how fast, which way up."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.stream import Disposition
from make_video import Film, every, marked_corner, write_films, write_sound, write_video, write_woven

from checker.assessment import TURNS
from checker.ui.choosing import SUFFIXES as OFFERED
from checker.video.kinds import SUFFIXES, WORDS
from checker.video.reader import Frame, VideoError, VideoReader, open_video
from checker.video.tempo import UNKNOWN, read_tempo

DEFAULT = Disposition.default
SMALL, LARGE = (64, 48), (128, 96)


def read(path: Path, **options: object) -> tuple[VideoReader, list[Frame]]:
    with open_video(path, **options) as reader:  # type: ignore[arg-type]
        return reader, list(reader)


def shade(frames: list[Frame]) -> int:
    """Which film it is: the red of its pictures."""
    return round(float(np.median(frames[0].rgb[..., 0])) / 40) * 40


# --- which film ---------------------------------------------------------------------------------

FILM = Film(LARGE, 50, 200, DEFAULT)


@pytest.mark.parametrize(
    ("others", "first"),
    [
        pytest.param([Film(SMALL, 1, 80, DEFAULT)], True, id="preview marked as default"),
        pytest.param([Film(SMALL, 50, 80)], True, id="small copy first"),
        pytest.param([Film(SMALL, 50, 80, DEFAULT)], True, id="two defaults, a small one first"),
        pytest.param([Film((256, 192), 50, 80)], False, id="a larger one that is not shown"),
        pytest.param([Film((256, 192), 2, 80, DEFAULT)], True, id="a large still, marked as default"),
        pytest.param([Film((256, 192), 50, 80, DEFAULT, "Depth Data")], True, id="depth"),
        pytest.param([Film((256, 192), 50, 80, DEFAULT, "Core Media Alpha")], False, id="alpha"),
        pytest.param([Film(SMALL, 1, 80), Film((256, 192), 50, 120, DEFAULT, "disparity")], True, id="two others"),
    ],
)
@pytest.mark.parametrize("kind", ["mp4", "mov"])
def test_the_film_that_players_show_is_read(tmp_path: Path, kind: str, others: list[Film], first: bool) -> None:
    films = [*others, FILM] if first else [FILM, *others]
    reader, frames = read(write_films(tmp_path / f"clip.{kind}", films))
    assert shade(frames) == 200
    assert len(frames) == 50
    assert (reader.info.width, reader.info.height) == LARGE
    assert reader.notes == []


def test_a_cover_is_never_the_film(tmp_path: Path) -> None:
    cover = Film((256, 192), 1, 80, Disposition.attached_pic, codec="mjpeg")
    path = write_films(tmp_path / "clip.mp4", [cover, FILM])
    with av.open(str(path)) as clip:
        assert any(s.disposition & Disposition.attached_pic for s in clip.streams.video)
    assert shade(read(path)[1]) == 200


def test_a_cover_alone_is_no_film(tmp_path: Path) -> None:
    path = write_films(tmp_path / "clip.mp4", [Film(LARGE, 1, 80, Disposition.attached_pic, codec="mjpeg")], sound_s=2)
    with pytest.raises(VideoError, match="has sound, but no picture"):
        read(path)


def test_of_two_alike_the_first_is_read(tmp_path: Path) -> None:
    assert shade(read(write_films(tmp_path / "clip.mp4", [FILM, Film(LARGE, 50, 80, DEFAULT)]))[1]) == 200


def test_a_depth_track_alone_is_read_after_all(tmp_path: Path) -> None:
    assert shade(read(write_films(tmp_path / "clip.mp4", [Film(LARGE, 50, 80, DEFAULT, "Depth Data")]))[1]) == 80


def test_of_several_programmes_the_largest_is_read(tmp_path: Path) -> None:
    films = [Film(SMALL, 50, 80), Film(LARGE, 50, 200), Film(SMALL, 50, 120)]
    reader, frames = read(write_films(tmp_path / "clip.ts", films, container="mpegts"))
    assert shade(frames) == 200
    assert len(frames) == 50
    assert reader.notes == []


# --- how long -----------------------------------------------------------------------------------


def renamed(path: Path, old: bytes, new: bytes) -> Path:
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new))
    return path


def cut(path: Path, keep: float) -> Path:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])
    return path


NOISY = Film(LARGE, 250, 200, DEFAULT)


@pytest.mark.parametrize("kind", ["mp4", "mov", "mkv", "mts"])
def test_sound_that_goes_on_is_no_alarm(tmp_path: Path, kind: str) -> None:
    container = "mpegts" if kind == "mts" else None
    reader, frames = read(write_films(tmp_path / f"clip.{kind}", [NOISY], sound_s=25.0, container=container))
    assert len(frames) == 250
    assert reader.notes == []
    if kind != "mts":  # where libav itself has to look for the end
        assert reader.info.duration_s == pytest.approx(10, abs=0.1)


def untagged(path: Path) -> Path:
    """A Matroska file that states its length only for all its streams together."""
    return renamed(path, b"DURATION", b"DURATOIN")


def test_without_a_length_of_its_own_sound_that_goes_on_is_no_alarm(tmp_path: Path) -> None:
    reader, frames = read(untagged(write_films(tmp_path / "clip.mkv", [NOISY], sound_s=25.0)))
    assert len(frames) == 250
    assert reader.notes == []


@pytest.mark.parametrize("tagged", [True, False])
def test_a_film_with_longer_sound_that_breaks_off_is_still_told(tmp_path: Path, tagged: bool) -> None:
    """The streams are written one after the other here, so that the cut takes the picture's end."""
    path = write_films(tmp_path / "clip.mkv", [NOISY], sound_s=12.0)
    reader, frames = read(cut(path if tagged else untagged(path), 0.5))
    assert len(frames) < 230
    assert reader.damaged is not None
    assert reader.damaged.startswith("The video breaks off at ")


def test_two_recordings_joined_end_to_end_are_both_read(tmp_path: Path) -> None:
    whole = tmp_path / "clip.mts"
    for name in ("a.mts", "b.mts"):
        part = write_video(tmp_path / name, every(40, 100), LARGE, container="mpegts")
        with whole.open("ab") as out:
            out.write(part.read_bytes())
    reader, frames = read(whole)
    assert len(frames) == pytest.approx(200, abs=3)
    steps = np.diff([f.t_s for f in frames])
    assert (steps > 0).all()
    assert steps.max() < 0.2
    assert reader.damaged == "The file's times begin again at 4.0 s: the rest was put after it."


@pytest.mark.parametrize(
    ("kind", "first_ms"),
    [("mp4", 1400), ("mp4", 40_000), ("mkv", -400), ("mkv", 40_000), ("mts", -40), ("mts", 1400), ("3gp", 1400)],
)
def test_wherever_the_times_begin_they_count_from_the_first_picture(tmp_path: Path, kind: str, first_ms: int) -> None:
    clip = write_video(tmp_path / f"clip.{kind}", [first_ms + t for t in every(40, 50)])
    reader, frames = read(clip)
    assert [f.t_s for f in frames] == pytest.approx((np.arange(50) * 0.04).tolist(), abs=2e-3)
    assert reader.notes == []


def test_what_is_stored_before_time_zero_is_not_played_and_not_measured(tmp_path: Path) -> None:
    reader, frames = read(write_video(tmp_path / "clip.mp4", [t - 400 for t in every(40, 50)]))
    assert [f.t_s for f in frames] == pytest.approx((np.arange(40) * 0.04).tolist(), abs=2e-3)
    assert reader.notes == []


def edited(path: Path, media_ms: int, length_ms: int) -> Path:
    """Change an mp4's edit list, as phones do to trim a video without writing it anew."""
    data = bytearray(path.read_bytes())
    at = data.index(b"elst") + 8  # behind the name, version and flags
    assert int.from_bytes(data[at : at + 4], "big") == 1
    with av.open(str(path)) as clip:
        ticks_a_ms = float(1 / clip.streams.video[0].time_base) / 1000
    data[at + 4 : at + 8] = length_ms.to_bytes(4, "big")
    data[at + 8 : at + 12] = round(media_ms * ticks_a_ms).to_bytes(4, "big")
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(("from_ms", "length_ms"), [(0, 1000), (1000, 1000), (2000, 2000)])
def test_a_trimmed_video_is_read_as_it_plays(tmp_path: Path, from_ms: int, length_ms: int) -> None:
    clip = write_video(tmp_path / "clip.mp4", every(40, 100), codec_options={"bf": "0", "g": "1"})
    reader, frames = read(edited(clip, from_ms, length_ms))
    assert len(frames) == pytest.approx(length_ms / 40, abs=1)
    assert frames[0].t_s == 0
    assert reader.notes == []


# --- how fast -----------------------------------------------------------------------------------

ANDROID = "com.android.capture.fps"
KEEP = {"movflags": "use_metadata_tags"}


def filmed(path: Path, stored_hz: float, frames: int, metadata: dict[str, str]) -> Path:
    times = every(1000 / stored_hz, frames)
    return write_video(path, times, rate_hz=round(stored_hz), metadata=metadata, options=KEEP)


@pytest.mark.parametrize("kind", ["mp4", "mov"])
@pytest.mark.parametrize(("filmed_hz", "stored_hz", "times"), [(120, 30, 4), (240, 30, 8), (120, 60, 2), (120, 4, 4)])
def test_slow_motion_is_scaled_to_the_speed_of_the_movement(
    tmp_path: Path, kind: str, filmed_hz: int, stored_hz: int, times: int
) -> None:
    clip = filmed(tmp_path / f"clip.{kind}", stored_hz, 8 * stored_hz, {ANDROID: f"{filmed_hz:.6f}"})
    reader, frames = read(clip)
    assert reader.tempo.scale == 1 / times
    assert frames[-1].t_s == pytest.approx(8 / times, abs=0.3 / times)
    assert reader.info.duration_s == pytest.approx(8 / times, abs=0.3 / times)
    assert reader.info.frames_estimate == pytest.approx(len(frames), abs=0.15 * len(frames))
    assert np.diff([f.t_s for f in frames]).min() > 0.7 / 31
    assert f"shown {times} times slower" in reader.notes[0]
    assert "scaled" in reader.notes[0]


@pytest.mark.parametrize(
    ("filmed_hz", "stored_hz"), [(120, 120), (240, 240), (30, 30), (60, 60), (60, 30), (30, 24), (30, 15)]
)
def test_what_was_not_slowed_stays_as_it_is(tmp_path: Path, filmed_hz: int, stored_hz: int) -> None:
    reader, frames = read(filmed(tmp_path / "clip.mp4", stored_hz, 2 * stored_hz, {ANDROID: str(filmed_hz)}))
    assert reader.notes == []
    assert frames[-1].t_s == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize("told", ["", "fast", "nan", "-120", "0", "inf"])
def test_a_capture_rate_that_makes_no_sense_is_none(told: str) -> None:
    assert read_tempo({ANDROID: told}, 30, Fraction(1, 600)).note is None


def test_the_case_of_a_key_does_not_matter() -> None:
    """Matroska writes every key in capitals."""
    assert read_tempo({ANDROID.upper(): "120.0"}, 29.97, Fraction(1, 1000)).scale == 0.25


def test_a_factor_that_is_no_whole_number_is_not_guessed() -> None:
    assert read_tempo({ANDROID: "120"}, 47, Fraction(1, 600)) == UNKNOWN


def test_an_iphones_slow_motion_is_told_as_unknown() -> None:
    apple = {"com.apple.quicktime.make": "Apple", "com.apple.quicktime.full-frame-rate-playback-intent": "0"}
    assert read_tempo(apple, 30.0, Fraction(1, 2400)) == UNKNOWN
    assert read_tempo(apple, 29.99, Fraction(1, 600)).known
    assert read_tempo(apple, 59.96, Fraction(1, 600)).known
    assert read_tempo(apple, 240.0, Fraction(1, 2400)).known
    assert read_tempo({}, 30.0, Fraction(1, 2400)).known


def test_a_time_lapse_is_refused(tmp_path: Path) -> None:
    clip = filmed(tmp_path / "clip.mp4", 30, 60, {ANDROID: "2.0"})
    with pytest.raises(
        VideoError, match=r"clip\.mp4 is a time-lapse, filmed at 2 pictures a second: expected at least"
    ):
        read(clip)


def test_slow_motion_cut_short_is_told_in_the_movements_time(tmp_path: Path) -> None:
    options = {**KEEP, "movflags": "use_metadata_tags+faststart"}
    clip = write_video(
        tmp_path / "c.mp4",
        every(1000 / 30, 300),
        LARGE,
        rate_hz=30,
        moving=True,
        metadata={ANDROID: "120"},
        options=options,
    )
    reader, frames = read(cut(clip, 0.5))
    assert (
        reader.damaged == f"The video breaks off at {frames[-1].t_s + 1 / 120:.1f} s of 2.5 s: only that part was read."
    )


# --- which way up -------------------------------------------------------------------------------

CORNERS = ["top left", "top right", "bottom right", "bottom left"]


@pytest.mark.parametrize("turn_deg", TURNS)
@pytest.mark.parametrize("marked_deg", [0, 90, 180, 270])
def test_a_picture_is_turned_on_top_of_its_mark(tmp_path: Path, marked_deg: int, turn_deg: int) -> None:
    clip = write_video(tmp_path / "clip.mp4", every(40, 3), turned_deg=marked_deg)
    reader, frames = read(clip, turn_deg=turn_deg)
    quarters = turn_deg // 90 - marked_deg // 90  # the mark counts the other way round
    assert marked_corner(frames[0].rgb) == CORNERS[quarters % 4]
    assert (reader.info.width, reader.info.height) == ((64, 48) if quarters % 2 == 0 else (48, 64))


def test_a_mirrored_picture_is_turned_clockwise_too(tmp_path: Path) -> None:
    clip = write_video(tmp_path / "clip.mp4", every(40, 3), mirrored=True)
    assert marked_corner(read(clip, turn_deg=90)[1][0].rgb) == "bottom right"


# --- how the picture is stored ------------------------------------------------------------------


def combed(rgb: np.ndarray) -> float:
    """How much neighbouring rows differ."""
    return float(np.abs(np.diff(rgb[..., 1].astype(int), axis=0)).mean())


def test_woven_pictures_are_made_whole(tmp_path: Path) -> None:
    clip = write_woven(tmp_path / "clip.mts")
    with av.open(str(clip)) as raw:
        stored = [frame.to_ndarray(format="rgb24") for frame in raw.decode(video=0)]
    reader, frames = read(clip)
    assert reader.notes == []
    assert [f.t_s for f in frames] == pytest.approx((np.arange(25) * 0.04).tolist(), abs=1e-5)
    assert combed(stored[12]) > 10
    assert combed(frames[12].rgb) < 0.3 * combed(stored[12])


@pytest.mark.parametrize("size", [(854, 480), (426, 240), (462, 832), (176, 144), (128, 96)])
@pytest.mark.parametrize("kind", ["mp4", "3gp", "mts"])
def test_odd_and_tiny_sizes(tmp_path: Path, kind: str, size: tuple[int, int]) -> None:
    reader, frames = read(write_video(tmp_path / f"clip.{kind}", every(40, 30), size))
    assert (reader.info.width, reader.info.height) == size
    assert marked_corner(frames[0].rgb) == "top left"


# --- what a dialog offers -----------------------------------------------------------------------


def test_every_kind_that_is_named_is_offered_and_read(tmp_path: Path) -> None:
    assert OFFERED is SUFFIXES
    for kind in WORDS.replace(" or ", ", ").replace("camcorder (", "").replace(")", "").split(", "):
        assert kind in SUFFIXES
        assert len(read(write_video(tmp_path / f"clip.{kind}", every(40, 5)))[1]) == 5


@pytest.mark.parametrize("container", ["asf", "flv"])
def test_what_is_not_taken_is_refused_with_the_way_out(tmp_path: Path, container: str) -> None:
    codec = {"asf": "wmv2", "flv": "flv1"}[container]
    clip = write_video(tmp_path / "clip.mp4", every(40, 5), container=container, codec=codec)
    with pytest.raises(VideoError, match=r"expected an mp4, .* save it there as mp4 \(H\.264\)\.") as failure:
        read(clip)
    assert "\n" not in str(failure.value)


@pytest.mark.parametrize("kind", ["mts", "mpg"])
@pytest.mark.parametrize("keep", [0.5, 0.9])
def test_a_camcorders_file_that_was_cut_keeps_what_is_there(tmp_path: Path, kind: str, keep: float) -> None:
    path = cut(write_video(tmp_path / f"clip.{kind}", every(40, 100), LARGE, moving=True), keep)
    _, frames = read(path)
    assert len(frames) == pytest.approx(100 * keep, abs=12)  # not all of them are of the same size


@pytest.mark.parametrize("kind", ["mts", "mpg"])
def test_a_camcorders_file_of_which_next_to_nothing_is_left_is_refused(tmp_path: Path, kind: str) -> None:
    path = cut(write_video(tmp_path / f"clip.{kind}", every(40, 100), LARGE, moving=True), 0.001)
    with pytest.raises(VideoError, match=rf"^clip\.{kind} (is incomplete or damaged|has no picture)"):
        read(path)


def test_sound_in_a_camcorders_container_is_no_picture(tmp_path: Path) -> None:
    with pytest.raises(VideoError, match="has sound, but no picture"):
        read(write_sound(tmp_path / "clip.mts"))
