"""Numbers, sizes and lengths that come from a browser or a file, one beyond its bound at a time."""

from __future__ import annotations

import asyncio
import io
import json
import os
import re
import resource
import time
import zipfile
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest
from bend_file import BEND
from conftest import run_async
from make_video import every, write_video
from starlette.websockets import WebSocket

from checker.engine import Engine
from checker.library import ExerciseError, find_exercise, list_entries, read_exercise
from checker.library.files import MOST_FILE_BYTES, MOST_FILES
from checker.library.mistakes import MOST_TOLD
from checker.pose.bundle import ModelError, ModelFile
from checker.rules import LARGEST, LONGEST_LIST, LONGEST_S, LONGEST_TEXT
from checker.service.live import connection
from checker.service.live.connection import MOST_CHANGES, MOST_WAITING, PageConnection
from checker.service.live.protocol import (
    HEADER,
    MAX_CLOCK_S,
    MAX_LEFT_OUT,
    TOO_MANY_ERRORS,
    MessageError,
    read_frame,
    read_text,
)
from checker.service.live.session import SLOW_CAMERA, SLOW_COMPUTER, LiveSession, _Pipeline
from checker.track import PoseTrack, missing_pose
from checker.track_file import MOST_FRAMES, TrackError
from checker.video.reader import VideoError, open_video
from checker.video.stream import _clock_s
from checker.video.tempo import MOST_HZ, read_tempo

TOO_LONG = "a" * (LONGEST_TEXT + 1)
TOO_MANY = [2] * (LONGEST_LIST + 1)

# --- exercise files -----------------------------------------------------------------------------


def bend_with(tmp_path: Path, old: str, new: str) -> Path:
    assert old in BEND
    path = tmp_path / "bend.toml"
    path.write_text(BEND.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            'name = "A bend"',
            f'name = "{"a" * (LONGEST_TEXT + 1)}"',
            f"name: expected at most {LONGEST_TEXT} characters",
        ),
        ('"Stand still."', f'"{"a" * (LONGEST_TEXT + 1)}"', f"steps: expected at most {LONGEST_TEXT} characters"),
        (
            "phases = [2, 5]",
            f"phases = {[2] * (LONGEST_LIST + 1)}",
            f"phases: expected at most {LONGEST_LIST} in the list",
        ),
        ("repetitions = [2, 3]", "repetitions = [-2, 3]", r"repetitions\[1\]: expected 1 or more"),
        ("repetitions = [2, 3]", "repetitions = 1000000", f"repetitions: expected -{LARGEST:g} to {LARGEST:g}"),
        ("repetitions = [2, 3]", f"repetitions = {'9' * 4000}", "repetitions: expected"),
        ("repetitions = [2, 3]", "duration_s = 1e308", f"duration_s: expected -{LONGEST_S:g} to {LONGEST_S:g}"),
        ("repetitions = [2, 3]", "hold_s = [1e-300, 2]", "hold_s: expected 0, or a number of at least 1e-06"),
        ("repetitions = [2, 3]", "hold_s = [1, inf]", "hold_s.*: expected a number"),
    ],
)
def test_what_is_beyond_all_bounds_is_told_at_its_key(tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(ExerciseError, match=says) as refused:
        read_exercise(bend_with(tmp_path, old, new))
    assert len(str(refused.value)) < 1000


def test_what_is_just_within_them_is_taken(tmp_path: Path) -> None:
    longest = f'name = "{"a" * LONGEST_TEXT}"'
    assert len(read_exercise(bend_with(tmp_path, 'name = "A bend"', longest)).name) == LONGEST_TEXT
    dose = read_exercise(bend_with(tmp_path, "repetitions = [2, 3]", f"duration_s = {LONGEST_S:.0f}")).doses[0]
    assert dose.duration_target_s == LONGEST_S


def test_of_very_many_mistakes_the_first_are_told(tmp_path: Path) -> None:
    path = bend_with(tmp_path, 'name = "A bend"', "\n".join(f"wrong_{i} = 1" for i in range(2000)))
    with pytest.raises(ExerciseError, match="more than") as refused:
        read_exercise(path)
    assert len(str(refused.value).splitlines()) == MOST_TOLD + 1


@pytest.mark.parametrize(
    "added",
    [
        "x = [\n" + '"abcd",\n' * 6000 + "]\n",
        'x = """\n' + "abcdefg\n" * 7000 + '"""\n',
        ".".join(["a"] * 29_000) + " = 1\n",
        "[" + ".".join(["'a'"] * 12_000) + "]\n",
        f'x = "{"a" * 60_000}"\n',
        f"x = {'[' * 20_000}\n",
        "\n".join(f"x{i} = 1" for i in range(6000)) + "\n",
    ],
    ids=["long list", "long text", "deep key", "deep section", "long line", "deep list", "many keys"],
)
def test_no_file_takes_long_to_be_refused(tmp_path: Path, added: str) -> None:
    path = tmp_path / "bend.toml"
    path.write_text(added + BEND, encoding="utf-8")
    assert path.stat().st_size <= MOST_FILE_BYTES
    began_s = time.process_time()
    with pytest.raises(ExerciseError):
        read_exercise(path)
    assert time.process_time() - began_s < 3.0


def test_a_sentence_with_many_full_stops_is_no_deep_key(tmp_path: Path) -> None:
    assert (
        "a. b"
        in read_exercise(bend_with(tmp_path, '"Stand still."', f'"{"a. b " * 19}…......................."')).steps[0]
    )


def test_what_is_no_ordinary_file_of_a_fair_size_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "good.toml").write_text(BEND.replace('id = "bend"', 'id = "good"'), encoding="utf-8")
    os.mkfifo(own / "pipe.toml")
    (own / "folder.toml").mkdir()
    (own / "device.toml").symlink_to("/dev/zero")
    (own / "round.toml").symlink_to(own / "round.toml")
    (own / "large.toml").write_bytes(b"#" * (MOST_FILE_BYTES + 1))
    (own / "nowhere.toml").symlink_to(own / "none")
    (own / "linked.toml").symlink_to(own / "good.toml")
    entries, problems = list_entries(own, shipped=own)
    assert [entry.exercise.id for entry in entries] == ["good"]
    told = {re.search(r"(\w+)\.toml", problem)[1] for problem in problems}  # type: ignore[index]
    assert told == {"pipe", "folder", "device", "round", "large", "nowhere", "linked"}  # linked has another name
    assert len(problems) == len(told)


def test_a_file_named_by_bytes_that_are_no_text_is_told_in_text(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"b\xffnd.toml")).write_text(BEND, encoding="utf-8")
    entries, problems = list_entries(tmp_path, shipped=tmp_path)
    assert entries == []
    assert problems[0].encode("utf-8")


def test_a_folder_of_very_many_files_is_refused_at_once(tmp_path: Path) -> None:
    for i in range(MOST_FILES + 1):
        (tmp_path / f"x{i}.toml").touch()
    with pytest.raises(ExerciseError, match=f"at most {MOST_FILES} exercise files"):
        list_entries(tmp_path, shipped=tmp_path)


def test_a_very_long_name_is_not_told_whole(tmp_path: Path) -> None:
    with pytest.raises(ExerciseError, match="no exercise") as refused:
        find_exercise("x" * 100_000)
    assert len(str(refused.value)) < 3000


# --- messages -----------------------------------------------------------------------------------


@pytest.mark.parametrize("capture_s", [-1e-9, 1.001 * MAX_CLOCK_S, 1e308, float("inf"), float("nan")])
def test_a_time_that_no_clock_has_is_refused(capture_s: float) -> None:
    with pytest.raises(MessageError, match="a time in seconds"):
        read_frame(HEADER.pack(1, 0, capture_s) + b"jpeg")
    with pytest.raises(MessageError):
        read_text(json.dumps({"type": "pain", "time": capture_s}))


def test_a_time_that_a_clock_has_is_taken() -> None:
    assert read_frame(HEADER.pack(1, 0, MAX_CLOCK_S) + b"jpeg").capture_s == MAX_CLOCK_S


class Line:
    """A socket's other end, within this process: what the browser sends, and what it is told."""

    def __init__(self, texts: list[str]) -> None:
        self._texts = iter(texts)
        self._connected = False
        self.told: list[dict[str, Any]] = []

    async def receive(self) -> dict[str, Any]:
        await asyncio.sleep(0)
        if not self._connected:
            self._connected = True
            return {"type": "websocket.connect"}
        text = next(self._texts, None)
        if text is None:
            return {"type": "websocket.disconnect", "code": 1000}
        return {"type": "websocket.receive", "text": text}

    async def send(self, message: Any) -> None:
        self.told.append(message)

    @property
    def answers(self) -> list[dict[str, Any]]:
        return [json.loads(m["text"]) for m in self.told if m["type"] == "websocket.send"]

    @property
    def codes(self) -> list[int]:
        return [m["code"] for m in self.told if m["type"] == "websocket.close"]


def talk(texts: list[str], let_go: Event) -> Line:
    """All that a page is told that sends these while its session's thread is kept until it is let go."""
    session = LiveSession("owner", find_exercise("squat"), ModelFile("none", Path("none"), "", "cache"))
    line = Line(texts)

    async def serve() -> None:
        scope = {"type": "websocket", "headers": [], "path": "/"}
        socket = WebSocket(scope, line.receive, line.send)  # type: ignore[arg-type]
        await socket.accept()
        serving = asyncio.create_task(PageConnection(socket, "no such token").run(session))
        await asyncio.wait([serving], timeout=1.0)
        let_go.set()
        await serving

    session.thread.submit(let_go.wait, 60.0)
    try:
        run_async(serve())
    finally:
        let_go.set()
        session.close()
    return line


def test_one_absurd_number_of_pictures_left_out_does_not_make_the_computer_slow() -> None:
    exercise = find_exercise("squat")
    pipeline = _Pipeline(exercise, lambda mirrored: Engine(exercise, 640, 480, mirrored), (640, 480), None, None)
    pipeline.count_pictures(MAX_LEFT_OUT, 0.05)
    for _ in range(100):
        pipeline.count_pictures(0, 0.05)
    assert pipeline.why_slow == SLOW_CAMERA
    for _ in range(100):
        pipeline.count_pictures(2, 0.1)
    assert pipeline.why_slow == SLOW_COMPUTER


RESTART, PING, LITE = ('{"type": "restart"}', '{"type": "ping"}', '{"type": "quality", "model": "lite"}')


def test_a_page_that_asks_and_asks_while_nothing_is_answered_is_left() -> None:
    line = talk([RESTART, *[PING] * (2 * MOST_WAITING)], Event())
    assert line.codes == [TOO_MANY_ERRORS]
    assert len(line.answers) <= MOST_WAITING


def test_a_page_that_is_answered_may_ask_as_often_as_it_likes() -> None:
    let_go = Event()
    let_go.set()
    line = talk([RESTART, *[PING] * (2 * MOST_WAITING)], let_go)
    assert line.codes == []
    assert len(line.answers) == 2 * MOST_WAITING + 1


def test_models_are_not_fetched_by_the_dozen(monkeypatch: pytest.MonkeyPatch) -> None:
    let_go = Event()
    asked = []

    def fetch(name: str) -> ModelFile:
        asked.append(name)
        let_go.wait(60.0)
        raise ModelError("it cannot be fetched")

    monkeypatch.setattr(connection, "kept_model", fetch)
    line = talk([LITE] * 50 + [RESTART], let_go)
    assert 1 <= len(asked) <= MOST_CHANGES
    refused = [answer for answer in line.answers if answer["type"] == "error"]
    assert len(refused) == 50 - MOST_CHANGES
    assert line.codes == []


# --- videos -------------------------------------------------------------------------------------


@pytest.mark.parametrize("leap_s", [1000.0, 10_000.0, 1e6])
def test_times_that_leap_further_than_a_video_may_last_do_not_end_it(tmp_path: Path, leap_s: float) -> None:
    after = [round(1000 * leap_s) + t for t in every(40, 3)]
    path = write_video(tmp_path / "leap.mkv", [*every(40, 3), *after], options={"live": "1"})  # it states no length
    with open_video(path) as reader:
        times_s = [frame.t_s for frame in reader]
        damaged = reader.damaged
    assert times_s == pytest.approx([0, 0.04, 0.08, 0.12, 0.16, 0.20], abs=0.01)
    assert damaged is not None
    assert "begin again at 0.1 s" in damaged


def test_a_film_that_goes_on_too_long_still_is_too_long(tmp_path: Path) -> None:
    path = write_video(tmp_path / "long.mkv", every(30_000, 40), options={"live": "1"})
    with pytest.raises(VideoError, match="too long"), open_video(path) as reader:
        list(reader)


@pytest.mark.parametrize("told", ["1e300", f"{2 * MOST_HZ}", "inf", "nan", "-1", "9" * 5000])
def test_a_capture_rate_that_no_camera_has_says_nothing(told: str) -> None:
    tempo = read_tempo({"com.android.capture.fps": told}, 30.0, None)
    assert (tempo.scale, tempo.filmed_hz) == (1.0, None)


@pytest.mark.parametrize("told", ["9" * 400 + ":00:00", "9" * 5000 + ":00:00", "00:00:00." + "9" * 5000, "1:2:3"])
def test_a_length_in_words_that_no_video_has_says_nothing(told: str) -> None:
    assert _clock_s(told) is None
    assert _clock_s("01:00:02.500000000") == 3602.5


# --- poses --------------------------------------------------------------------------------------


def poses_with(path: Path, changes: dict[str, bytes]) -> Path:
    """A file of poses in which some arrays are these bytes."""
    PoseTrack.stack([missing_pose(i / 30) for i in range(5)], 640, 480).save(path)
    with zipfile.ZipFile(path) as stored:
        parts = {name: stored.read(name) for name in stored.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in parts.items():
            out.writestr(name, changes.get(name.removesuffix(".npy"), data))
    return path


def head(shape: tuple[int, ...], kind: str = "<f8") -> bytes:
    out = io.BytesIO()
    np.lib.format.write_array_header_1_0(out, {"descr": kind, "fortran_order": False, "shape": shape})
    return out.getvalue()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"t_s": head((10**12,))}, f"at most {MOST_FRAMES} frames"),
        ({"t_s": head((MOST_FRAMES,)) + bytes(800)}, "bytes of t_s, got 800"),
        ({"t_s": head((MOST_FRAMES + 1,)) + bytes(8 * MOST_FRAMES + 8)}, f"at most {MOST_FRAMES} frames"),
        ({"image": head((10**6, 33, 2), "<f4") + bytes(10**8)}, "expected image as float32"),
        ({"about": head((), "<U100000000") + bytes(4 * 10**8)}, "expected a text about the poses"),
        ({"about": head((), "<U9000") + ("[" * 9000).encode("utf-32-le")}, "expected a text about the poses"),
        ({"about": b"\x93NUMPY\x01\x00\xff\xff" + b"(" * 65535}, "expected arrays as NumPy writes them"),
        ({"brightness": head((5,), "<f4") + np.full(5, np.inf, np.float32).tobytes()}, "expected brightness within"),
        ({"t_s": head((5,)) + np.array([0, 1, 2, 3, 1e300]).tobytes()}, "expected times that rise"),
    ],
)
def test_sizes_are_checked_before_memory_is_taken(tmp_path: Path, changes: dict[str, bytes], says: str) -> None:
    path = poses_with(tmp_path / "poses.npz", changes)
    del changes
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(TrackError, match=says) as refused:
        PoseTrack.load(path)
    assert len(str(refused.value).splitlines()) == 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kB


@pytest.mark.parametrize("side_px", [0, -1, 10**9, 2.5, True, "640", None])
def test_a_picture_of_no_size_is_refused(tmp_path: Path, side_px: object) -> None:
    text = json.dumps({"format": 1, "width": side_px, "height": 480})
    about = head((), f"<U{len(text)}") + text.encode("utf-32-le")
    with pytest.raises(TrackError, match="size of their pictures"):
        PoseTrack.load(poses_with(tmp_path / "poses.npz", {"about": about}))
