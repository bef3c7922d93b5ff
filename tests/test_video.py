"""Frames and times out of real files, ordinary and odd."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from make_video import (
    CODECS,
    encrypt_mkv,
    every,
    marked_corner,
    picture,
    write_sound,
    write_video,
)

from checker.video.reader import MAX_RATE_HZ, Frame, Limits, VideoError, VideoFacts, open_video

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


def read(path: Path, **options: object) -> tuple[VideoFacts, list[Frame], str | None]:
    with open_video(path, **options) as reader:  # type: ignore[arg-type]
        frames = list(reader)
        return reader.info, frames, reader.damaged


def refusal(path: Path, **options: object) -> str:
    """The one line with which a file is refused."""
    with pytest.raises(VideoError) as failure:
        read(path, **options)
    message = str(failure.value)
    assert "\n" not in message
    assert path.name in message
    return message


# --- what comes out -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", CODECS)
def test_each_container(tmp_path: Path, kind: str) -> None:
    info, frames, damaged = read(write_video(tmp_path / f"clip.{kind}", every(40, 25)))
    assert (info.width, info.height) == (64, 48)
    if kind != "mpg":  # states no length, and a second of it is too little to find one in
        assert info.duration_s == pytest.approx(1.0, abs=0.05)
        assert info.frames_estimate == pytest.approx(25, abs=2)
    assert [f.t_s for f in frames] == pytest.approx([i * 0.04 for i in range(25)])
    assert damaged is None
    for frame in frames:
        assert frame.rgb.shape == (48, 64, 3)
        assert frame.rgb.dtype == np.uint8
        assert frame.rgb.flags.c_contiguous
    assert np.abs(frames[12].rgb.astype(int) - picture(64, 48)).mean() < 6


def test_the_content_decides_not_the_name(tmp_path: Path) -> None:
    webm = write_video(tmp_path / "clip.webm", every(40, 5))
    assert len(read(webm.rename(tmp_path / "concat:file:x.mp4"))[1]) == 5


@pytest.mark.parametrize("kind", ["mp4", "mov", "webm", "mkv"])
@pytest.mark.parametrize(
    ("turned_deg", "mirrored", "corner"),
    [
        (0, False, "top left"),
        (90, False, "bottom left"),
        (180, False, "bottom right"),
        (270, False, "top right"),
        (0, True, "top right"),
        (90, True, "bottom right"),
    ],
)
def test_the_display_matrix_is_obeyed(tmp_path: Path, kind: str, turned_deg: int, mirrored: bool, corner: str) -> None:
    clip = write_video(tmp_path / f"clip.{kind}", every(40, 3), turned_deg=turned_deg, mirrored=mirrored)
    info, frames, _ = read(clip)
    assert (info.width, info.height) == ((48, 64) if turned_deg in {90, 270} else (64, 48))
    assert frames[0].rgb.shape == (info.height, info.width, 3)
    assert frames[0].rgb.flags.c_contiguous
    assert marked_corner(frames[0].rgb) == corner


@pytest.mark.parametrize("kind", ["mp4", "webm", "mkv"])
def test_a_variable_rate_keeps_its_times(tmp_path: Path, kind: str) -> None:
    times_ms = [0, 33, 66, 100, 400, 433, 2000]
    _, frames, _ = read(write_video(tmp_path / f"clip.{kind}", times_ms))
    assert [f.t_s for f in frames] == pytest.approx([t / 1000 for t in times_ms], abs=1e-6)


def test_time_counts_from_the_first_frame(tmp_path: Path) -> None:
    _, frames, damaged = read(write_video(tmp_path / "clip.mkv", [5000, 5040, 5080]))
    assert [f.t_s for f in frames] == pytest.approx([0, 0.04, 0.08])
    assert damaged is None


@pytest.mark.parametrize(("rate_hz", "comes_hz"), [(24, 24), (30, 30), (50, 25), (60, 30), (120, 30), (240, 30)])
def test_high_rates_are_thinned(tmp_path: Path, rate_hz: int, comes_hz: int) -> None:
    clip = write_video(tmp_path / "clip.mkv", every(1000 / rate_hz, 2 * rate_hz), rate_hz=rate_hz)
    info, frames, _ = read(clip)
    assert len(frames) == pytest.approx(2 * comes_hz, abs=4)
    steps = np.diff([f.t_s for f in frames])
    assert steps.max() <= 1.5 / comes_hz
    assert info.frames_estimate is not None
    assert len(frames) - 4 <= info.frames_estimate <= 1.3 * len(frames)


def test_thirty_a_second_with_jitter_loses_nothing(tmp_path: Path) -> None:
    jitter = random.Random(3)
    times_ms = [round(i * 1000 / 30 + jitter.uniform(-3, 3)) + 3 for i in range(90)]
    assert len(read(write_video(tmp_path / "clip.mkv", times_ms))[1]) == 90


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps_ms=st.lists(st.integers(1, 400), min_size=1, max_size=40))
def test_any_times_come_out_increasing_and_not_too_dense(tmp_path: Path, steps_ms: list[int]) -> None:
    times_ms = [0, *np.cumsum(steps_ms).tolist()]
    _, frames, _ = read(write_video(tmp_path / "clip.mkv", times_ms, codec="mpeg4"))
    t_s = np.array([f.t_s for f in frames])
    assert (np.diff(t_s) > 0).all()
    assert len(frames) <= t_s[-1] * MAX_RATE_HZ + 2
    assert set((t_s * 1000).round().astype(int)) <= set(times_ms)


@pytest.mark.parametrize(
    ("size", "turned_deg", "comes"),
    [
        ((3840, 2160), 0, (1280, 720)),
        ((3840, 2160), 90, (720, 1280)),
        ((1301, 733), 0, (1280, 722)),
        ((1280, 720), 0, (1280, 720)),
        ((65, 47), 0, (65, 47)),
    ],
)
def test_large_frames_are_scaled_and_small_ones_are_not(
    tmp_path: Path, size: tuple[int, int], turned_deg: int, comes: tuple[int, int]
) -> None:
    clip = write_video(tmp_path / "clip.mp4", every(40, 2), size, pixels="yuv444p", turned_deg=turned_deg)
    info, frames, _ = read(clip)
    assert (info.width, info.height) == comes
    assert frames[0].rgb.shape == (comes[1], comes[0], 3)
    assert marked_corner(frames[0].rgb) == ("bottom left" if turned_deg else "top left")


def test_the_size_can_be_asked_for(tmp_path: Path) -> None:
    clip = write_video(tmp_path / "clip.mp4", every(40, 2), (640, 480))
    info, _, _ = read(clip, max_side_px=320)
    assert (info.width, info.height) == (320, 240)


@pytest.mark.parametrize(("aspect", "comes"), [((2, 1), (64, 24)), ((1, 2), (32, 48))])
def test_pixels_come_out_square(tmp_path: Path, aspect: tuple[int, int], comes: tuple[int, int]) -> None:
    info, frames, _ = read(write_video(tmp_path / "clip.mp4", every(40, 2), pixel_aspect=aspect))
    assert (info.width, info.height) == comes
    assert marked_corner(frames[0].rgb) == "top left"


@pytest.mark.parametrize(
    ("codec", "pixels"),
    [
        ("libx264", "yuv420p10le"),
        ("libx264", "yuv422p"),
        ("libx265", "yuv420p10le"),
        ("prores_ks", "yuv422p10le"),
        ("mjpeg", "yuvj420p"),
        ("libvpx", "yuv420p"),
    ],
)
@pytest.mark.parametrize("max_side_px", [1280, 40])
def test_pixel_formats_keep_their_colours(tmp_path: Path, codec: str, pixels: str, max_side_px: int) -> None:
    quiet = {"x265-params": "log-level=none"} if codec == "libx265" else {}
    clip = write_video(tmp_path / "clip.mkv", every(40, 3), (66, 50), codec=codec, pixels=pixels, codec_options=quiet)
    _, frames, _ = read(clip, max_side_px=max_side_px)
    assert len(frames) == 3
    assert marked_corner(frames[0].rgb) == "top left"
    assert np.abs(frames[0].rgb[-4, -4].astype(int) - picture(4, 4)[-1, -1]).max() < 8


def test_frames_kept_are_not_overwritten_by_later_ones(tmp_path: Path) -> None:
    clip = write_video(tmp_path / "clip.mkv", every(40, 8), moving=True)
    with open_video(clip) as reader:
        copies = [(f, f.rgb.copy()) for f in reader]
    assert all((f.rgb == copy).all() for f, copy in copies)
    assert not (copies[0][1] == copies[1][1]).all()


@pytest.mark.clips
def test_memory_stays_flat(tmp_path: Path) -> None:
    """A long clip needs no more memory than a short one; what libav holds is counted too."""
    program = (
        "import sys, psutil\nfrom pathlib import Path\nfrom checker.video.reader import open_video\n"
        "me, early = psutil.Process(), 0\n"
        "with open_video(Path(sys.argv[1])) as reader:\n"
        "    for n, frame in enumerate(reader):\n"
        "        if n == 200: early = me.memory_info().rss\n"
        "print(n, me.memory_info().rss - early)\n"
    )
    clip = write_video(tmp_path / "clip.mp4", every(40, 5000), (160, 120))
    done = subprocess.run(
        [sys.executable, "-c", program, str(clip)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    last, grown = map(int, done.stdout.split())
    assert last == 4999
    assert grown < 8_000_000  # 5000 frames of 57 600 bytes are 288 MB
    assert done.stderr == ""


def test_python_keeps_no_frames(tmp_path: Path) -> None:
    clip = write_video(tmp_path / "clip.mp4", every(40, 600))
    with open_video(clip) as reader:
        frames = iter(reader)
        for _ in range(100):
            next(frames)
        tracemalloc.start()
        for _ in frames:
            pass
        kept, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert kept < 200_000


@pytest.mark.clips
def test_the_shared_clips() -> None:
    clips = sorted(SHARED.glob("real/*.mp4")) + sorted(SHARED.glob("clips/*good__anna.mp4"))[:3]
    if not clips:
        pytest.skip("THE CLIPS IN ../shared ARE MISSING: no recorded video was read")
    for clip in clips:
        info, frames, damaged = read(clip)
        assert damaged is None
        assert max(info.width, info.height) <= 1280
        assert len(frames) == pytest.approx(info.frames_estimate, abs=3)
        assert frames[-1].t_s == pytest.approx(info.duration_s, abs=0.1)


# --- what is refused ----------------------------------------------------------------------------


def plain(path: Path) -> Path:
    return write_video(path, every(40, 50), (128, 96), moving=True)


def cut(path: Path, keep: float) -> Path:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])
    return path


def replaced(path: Path, old: bytes, new: bytes) -> Path:
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new))
    return path


def no_frames(path: Path) -> Path:
    """An mp4 with a video track and not one picture in it."""
    write_video(path, every(40, 5), options={"movflags": "frag_keyframe+empty_moov"})
    data = path.read_bytes()
    path.write_bytes(data[: data.index(b"moof") - 4])
    return path


def encrypted(path: Path) -> Path:
    key = {"encryption_key": "0" * 31 + "1", "encryption_kid": "0" * 31 + "2"}
    return write_video(path, every(40, 5), options={"encryption_scheme": "cenc-aes-ctr", **key})


def text(content: str) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        path.write_text(content)
        return path

    return write


def folder(path: Path) -> Path:
    path.mkdir()
    return path


def gif(path: Path) -> Path:
    return write_video(path, every(40, 5), container="gif", codec="gif", pixels="rgb8")


def png(path: Path) -> Path:
    return write_video(path, [0], container="image2", codec="png", pixels="rgb24", options={"update": "1"})


@pytest.mark.parametrize(
    ("make", "words"),
    [
        pytest.param(lambda p: p, "does not exist", id="missing"),
        pytest.param(text(""), "is empty (0 bytes)", id="empty"),
        pytest.param(folder, "is a folder", id="folder"),
        pytest.param(text("hello"), "is not a video that can be read: expected an mp4", id="text"),
        pytest.param(gif, "is not a video that can be read", id="gif"),
        pytest.param(png, "is not a video that can be read", id="png"),
        pytest.param(lambda p: replaced(plain(p), b"ftypisom", b"ftypheic"), "is a picture (heic)", id="heic"),
        pytest.param(write_sound, "has sound, but no picture", id="audio only"),
        pytest.param(lambda p: cut(plain(p), 0.5), "its index is missing", id="truncated"),
        pytest.param(no_frames, "has no pictures", id="zero frames"),
        pytest.param(encrypted, "is encrypted", id="encrypted"),
        pytest.param(lambda p: replaced(plain(p), b"avc1", b"zzzz"), "cannot be read: expected for", id="codec"),
    ],
)
def test_refusals(tmp_path: Path, make: Callable[[Path], Path], words: str) -> None:
    assert words in refusal(make(tmp_path / "clip.mp4"))


def test_an_encrypted_mkv(tmp_path: Path) -> None:
    assert "is encrypted" in refusal(encrypt_mkv(write_video(tmp_path / "clip.mkv", every(40, 5))))


@pytest.mark.parametrize(
    "playlist",
    [
        "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{target}\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile '{target}'\n",
        '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>{target}</BaseURL></MPD>',
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n",
    ],
)
def test_a_playlist_opens_nothing(tmp_path: Path, playlist: str) -> None:
    target = write_video(tmp_path / "target.mp4", every(40, 5))
    path = tmp_path / "clip.mp4"
    path.write_text(playlist.format(target=target))
    assert "is not a video that can be read" in refusal(path)


def test_a_device_is_not_read() -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("no /dev/zero on this system")
    assert "is not an ordinary file" in refusal(Path("/dev/zero"))


def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = write_video(tmp_path / "clip.mp4", every(40, 2))
    if sys.platform == "win32":
        pytest.skip("Windows has no such permission bits")
    path.chmod(0)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)  # root may read everything: be nobody for a moment
    try:
        message = refusal(path)
    finally:
        os.seteuid(user)
    assert "may not be read" in message


def test_size_and_duration_limits(tmp_path: Path) -> None:
    path = write_video(tmp_path / "clip.mp4", every(40, 50))
    assert "too large" in refusal(path, limits=Limits(size_bytes=1000))
    assert "expected at most 0.01 minutes, it lasts 0.0" in refusal(path, limits=Limits(duration_s=0.6))
    assert "64 x 48 pixels" in refusal(path, limits=Limits(frame_px=1000))


def test_the_duration_is_watched_when_the_file_does_not_tell(tmp_path: Path) -> None:
    path = write_video(tmp_path / "clip.webm", every(40, 50), options={"live": "1"})
    limits = Limits(duration_s=1.2)
    with open_video(path, limits=limits) as reader:
        assert reader.info.duration_s is None
        assert reader.info.frames_estimate is None
        with pytest.raises(VideoError, match=r"too long: expected at most 0\.02 minutes, more than that came"):
            list(reader)


# --- damage -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "options"), [("mp4", {"movflags": "faststart"}), ("webm", {}), ("mkv", {})])
def test_a_file_that_breaks_off_keeps_its_first_part(tmp_path: Path, kind: str, options: dict[str, str]) -> None:
    path = write_video(tmp_path / f"clip.{kind}", every(40, 100), (128, 96), moving=True, options=options)
    _, frames, damaged = read(cut(path, 0.5))
    assert 30 < len(frames) < 70
    assert damaged is not None
    assert damaged.startswith("The video breaks off at ")


def test_damage_in_the_middle_leaves_the_rest(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = plain(tmp_path / "clip.mp4")
    data = bytearray(path.read_bytes())
    half = len(data) // 2
    data[half : half + 3000] = random.Random(1).randbytes(3000)
    path.write_bytes(data)
    capfd.readouterr()
    _, frames, damaged = read(path)
    assert capfd.readouterr() == ("", ""), "the library must not write to the terminal"
    assert damaged == "The video is damaged: the frames that could not be read were left out."
    assert 40 <= len(frames) < 50
    assert frames[-1].t_s == pytest.approx(1.96)


def resized(path: Path, sizes: list[tuple[int, int]]) -> Path:
    """Ten frames of each size, one after the other in one track, as browsers write them."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream("mjpeg", rate=25)
        stream.width, stream.height, stream.pix_fmt = *sizes[0], "yuvj420p"
        out.start_encoding()
        for part, (width, height) in enumerate(sizes):
            coder = av.CodecContext.create("mjpeg", "w")
            coder.width, coder.height, coder.pix_fmt, coder.framerate = width, height, "yuvj420p", 25
            for i in range(10):
                frame = av.VideoFrame.from_ndarray(picture(width, height), "rgb24")
                for packet in coder.encode(frame):
                    packet.stream = stream
                    packet.pts = packet.dts = part * 10 + i
                    packet.time_base = Fraction(1, 25)
                    out.mux(packet)
    return path


def test_a_change_of_scale_is_evened_out(tmp_path: Path) -> None:
    _, frames, damaged = read(resized(tmp_path / "clip.mkv", [(64, 48), (128, 96), (32, 24)]))
    assert damaged is None
    assert {f.rgb.shape for f in frames} == {(48, 64, 3)}
    assert [marked_corner(f.rgb) for f in frames] == ["top left"] * 30


def test_a_change_of_shape_ends_the_reading(tmp_path: Path) -> None:
    _, frames, damaged = read(resized(tmp_path / "clip.mkv", [(64, 48), (48, 64)]))
    assert len(frames) == 10
    assert damaged == "The picture changes shape at 0.4 s: only what comes before was read."


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    made = tmp_path_factory.mktemp("samples")
    return [write_video(made / f"clip.{kind}", every(40, 12), moving=True).read_bytes() for kind in CODECS]


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "clip.mp4"
    shutil.rmtree(tmp_path)


def assert_read_or_refused(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    try:
        _, frames, _ = read(path)
    except VideoError as error:
        told = str(error)
    else:
        told = ""
        t_s = [f.t_s for f in frames]
        assert t_s == sorted(set(t_s))
    assert "\n" not in told


FUZZ = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@settings(FUZZ, max_examples=150)
@given(
    data=st.binary(max_size=400),
    head=st.sampled_from([b"", b"\0\0\0\x18ftypisom", b"\x1aE\xdf\xa3", b"RIFF"]),
)
def test_arbitrary_bytes(scratch: Path, data: bytes, head: bytes) -> None:
    assert_read_or_refused(scratch, head + data)


@settings(FUZZ, max_examples=400)
@given(
    which=st.integers(0, len(CODECS) - 1),
    keep=st.floats(0, 1),
    wounds=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=24)), max_size=6),
)
def test_cut_and_wounded_files(
    samples: list[bytes], scratch: Path, which: int, keep: float, wounds: list[tuple[float, bytes]]
) -> None:
    data = bytearray(samples[which])
    for where, wound in wounds:
        at = int(where * len(data))
        data[at : at + len(wound)] = wound
    assert_read_or_refused(scratch, bytes(data[: int(keep * len(data)) if keep < 0.7 else None]))


@settings(FUZZ, max_examples=400)
@given(
    which=st.integers(0, len(CODECS) - 1),
    back=st.booleans(),
    where=st.floats(0, 1),
    wound=st.binary(min_size=1, max_size=8),
)
def test_wounded_indexes(
    samples: list[bytes], scratch: Path, which: int, back: bool, where: float, wound: bytes
) -> None:
    """The head and the tail hold the tables; there a few bytes do the most harm."""
    data = bytearray(samples[which])
    span = min(1200, len(data))
    at = int(where * span) + (len(data) - span if back else 0)
    data[at : at + len(wound)] = wound
    assert_read_or_refused(scratch, bytes(data))
