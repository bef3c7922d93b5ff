"""Prints how live feedback performs on this machine, for one person at 640 x 480.

    python benchmarks/live.py                        three to four minutes
    python benchmarks/live.py --minutes 10           and whether the server's memory grows
    python benchmarks/live.py --only server,core     parts of it

server     time a frame against the pose model alone on the same pictures, with the same options
browser    headless Chromium on this machine before a camera that plays a film: overlay, latency,
           processor time, memory
reconnect  time to be back after the socket is closed
core       people that one core follows at the same time, at 15 pictures a second each

The film is the first, leftward repetition of a side bend whose knees bend, over and over: the start
posture is found, repetitions are counted, the fault is told, the angle is drawn, and the session
never ends, because the right side is never done. Latency runs from the browser's time of capture
until the overlay is drawn; the screen shows it with its next refresh.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import av
import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import mediapipe as mp
import psutil
from clips import ROOT
from fake_camera import ALLOWED, QUIET, RATE_HZ, REMEMBER_CAMERA, camera_flags, write_mjpeg
from mediapipe.tasks.python import vision
from mediapipe.tasks.python.core.base_options import BaseOptions
from playwright.sync_api import Locator, sync_playwright
from running_app import running

from checker.library import find_exercise
from checker.pose.bundle import ensure_model
from checker.service.live.connection import MOST_UNDER_WAY
from checker.service.live.protocol import FrameMessage, decode
from checker.service.live.session import LiveSession

SAMPLE: Final = ROOT / "sample_videos" / "side_bend__knee_bend__ben.mp4"
EXERCISE: Final = "standing_side_bend"
LEFT_ENDS_S: Final = 5.0
"""Of the sample, the left repetition: the person is upright again."""

PARTS: Final = ("server", "browser", "reconnect", "core")
SENT_HZ: Final = 15
QUALITY: Final = 72
"""Of the JPEGs that a camera page sends."""

ROUNDS: Final = 4
DROPS: Final = 7
STRETCH_S: Final = 5.0
CORE_S: Final = 14.0
WARM_S: Final = 3.0
TRIES: Final = 2
FAST_MS: Final = 250.0
HELD: Final = 0.97
"""The rate holds when this share of the pictures is answered."""

PROBE: Final = """root => {
    const session = root.backcheck, frame = session.frame;
    root.probed = [];
    session.frame = now => {
        frame.call(session, now);
        const at = performance.now(), { decode, pose, judge } = now.ms;
        root.probed.push([at, at - 1000 * now.capturedAt, decode + pose + judge, Number(now.landmarks !== null)]);
    };
}"""
"""Notes, for each answer that was drawn: when, its age, the server's time (ms), whether a person was in it."""

DROP: Final = """root => new Promise(done => {
    const session = root.backcheck, dropped = performance.now();
    session.reconnectedMs = undefined;
    session.link.socket.close();
    const look = () => {
        const back = session.reconnectedMs, drawn = root.probed.at(-1)[0];
        if (back && drawn > dropped + back + 10) done([back, drawn - dropped]);
        else setTimeout(look, 10);
    };
    setTimeout(look, 10);
})"""
"""Closes the socket; milliseconds until there is a new one, and until the next picture is drawn."""

Rows = dict[str, str]


# --- films --------------------------------------------------------------------------------------


def cut(source: Path, target: Path, end_s: float) -> None:
    """Copy a clip up to a time, without encoding it again."""
    with av.open(str(source)) as clip, av.open(str(target), "w") as out:
        video = clip.streams.video[0]
        assert video.time_base is not None
        stream = out.add_stream_from_template(video)
        for packet in clip.demux(video):
            if packet.dts is not None and packet.pts is not None and packet.pts * video.time_base < end_s:
                packet.stream = stream
                out.mux(packet)


def make_film(folder: Path) -> Path:
    """What the camera plays."""
    clip, film = folder / "left.mp4", folder / "camera.mjpeg"
    cut(SAMPLE, clip, LEFT_ENDS_S)
    write_mjpeg(clip, film)
    return film


def sent_pictures(film: Path) -> list[bytes]:
    """The film's pictures as a camera page would send them, `SENT_HZ` of them a second."""
    jpegs = []
    with av.open(str(film)) as pictures:
        for i, picture in enumerate(pictures.decode(video=0)):
            if i % (RATE_HZ // SENT_HZ) == 0:
                image = picture.to_ndarray(format="bgr24")
                jpegs.append(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes())
    return jpegs


# --- server -------------------------------------------------------------------------------------


def make_bare() -> Any:
    """The pose model alone, with the options that a session gives it."""
    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(ensure_model().path)),
        running_mode=vision.RunningMode.VIDEO,
        num_poses=1,
        output_segmentation_masks=find_exercise(EXERCISE).needs_outline,
    )
    return vision.PoseLandmarker.create_from_options(options)


def time_bare(bare: Any, images: list[Any], from_s: float) -> list[float]:
    """Milliseconds for each picture, which is unpacked already."""
    taken = []
    for i, image in enumerate(images):
        began = time.perf_counter()
        bare.detect_for_video(image, round(1000 * (from_s + i / SENT_HZ)))
        taken.append(1000 * (time.perf_counter() - began))
    return taken


def time_answers(session: LiveSession, jpegs: list[bytes], from_s: float) -> list[dict[str, float]]:
    """Milliseconds for each picture by step, as its answer tells them; and for writing the answer."""
    taken = []
    for i, jpeg in enumerate(jpegs):
        answer = session.thread.submit(session.process, FrameMessage(i, from_s + i / SENT_HZ, jpeg)).result()
        began = time.perf_counter()
        json.dumps(answer, separators=(",", ":"), allow_nan=False)
        taken.append(answer["ms"] | {"json": 1000 * (time.perf_counter() - began)})
    return taken


def measure_server(jpegs: list[bytes]) -> Rows:
    """In turn, so that a busy moment of the machine touches both."""
    images = [mp.Image(image_format=mp.ImageFormat.SRGB, data=decode(jpeg)) for jpeg in jpegs]
    session = LiveSession("benchmark", find_exercise(EXERCISE), ensure_model())
    alone: list[float] = []
    answers: list[dict[str, float]] = []
    with make_bare() as bare:
        time_answers(session, jpegs, 0.0)  # both find the person first
        time_bare(bare, images, 0.0)
        for k in range(1, ROUNDS + 1):
            from_s = k * len(jpegs) / SENT_HZ
            answers += time_answers(session, jpegs, from_s)
            alone += time_bare(bare, images, from_s)
    session.close()
    session.thread.shutdown(wait=True)
    steps = {name: float(np.median([a[name] for a in answers])) for name in answers[0]}
    whole = float(np.median([a["decode"] + a["pose"] + a["judge"] for a in answers]))
    least = float(np.median(alone))
    return {
        "pose model alone, a frame": f"{least:.1f} ms",
        "server, a frame (decode, pose, judge)": f"{whole:.1f} ms",
        "of it": ", ".join(f"{name} {ms:.1f} ms" for name, ms in steps.items() if name != "json"),
        "writing the answer as JSON, besides": f"{steps['json']:.2f} ms",
        "server to pose model alone": f"{whole / least:.2f}",
    }


# --- browser ------------------------------------------------------------------------------------


@dataclass
class Load:
    """A program's processes, and what they have taken since `begin`."""

    main: psutil.Process
    _began: dict[int, float] = field(default_factory=dict)
    _began_s: float = 0.0

    def _seconds(self) -> dict[int, float]:
        taken = {}
        for process in [self.main, *self.main.children(recursive=True)]:
            try:
                times = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            taken[process.pid] = float(times.user + times.system)
        return taken

    def begin(self) -> None:
        """Count from now."""
        self._began, self._began_s = self._seconds(), time.monotonic()

    @property
    def percent_of_a_core(self) -> float:
        """Since `begin`."""
        taken = sum(s - self._began.get(pid, 0.0) for pid, s in self._seconds().items())
        return 100 * taken / (time.monotonic() - self._began_s)

    @property
    def resident_mb(self) -> tuple[float, float]:
        """Memory now, of the program itself, and of the processes that it has begun."""
        begun = sum(p.memory_info().rss for p in self.main.children(recursive=True))
        return self.main.memory_info().rss / 1e6, begun / 1e6


@contextmanager
def camera_session(url: str, film: Path) -> Iterator[tuple[Locator, Load, str]]:
    """A session that is under way: its element in the page, the browser's processes and version."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        sys.exit("no Chromium on this machine: use --only server,core")
    with sync_playwright() as playwright:
        flags = [*QUIET, ALLOWED, *camera_flags(film)]
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(f"{url}/camera?movement={EXERCISE}")
        page.evaluate(REMEMBER_CAMERA, "no")  # else the left hand is asked for
        page.get_by_role("button", name="Open the camera").click()
        root = page.locator('.bcl:not([data-stage="waiting"])')
        root.wait_for(timeout=60_000)
        root.evaluate("root => root.backcheck.speed.decide('live')")  # it is live that is measured, however slow
        page.locator('.bcl[data-stage="moving"]').wait_for(timeout=60_000)
        root.evaluate(PROBE)
        page.wait_for_timeout(3000)
        yield root, Load(main_process(film)), browser.version
        browser.close()


def main_process(film: Path) -> psutil.Process:
    """Of the browser whose camera plays this film."""
    for process in psutil.Process().children(recursive=True):
        line = process.cmdline()
        if any(str(film) in word for word in line) and not any(word.startswith("--type=") for word in line):
            return process
    sys.exit("the browser's process was not found")


def note_memory(root: Locator, server: Load, minutes: float) -> dict[float, tuple[float, float]]:
    """Watch a session for so long: the memory of the server and of its processes, MB, by minutes since it began."""
    noted = {0.0: server.resident_mb}
    marks = [m for m in (1.0, *np.arange(10.0, minutes, 10.0)) if m < minutes] + [minutes]
    began = time.monotonic()
    for mark in marks:
        while (left := 60 * mark - (time.monotonic() - began)) > 0:
            root.page.wait_for_timeout(1000 * min(1.0, left))
            if root.get_attribute("data-stage") != "moving":
                sys.exit(f"the session is at {root.get_attribute('data-stage')}: expected it to go on")
        noted[mark] = server.resident_mb
        if minutes > 1:
            print(f"after {mark:g} min: {told_memory(noted[mark])}", flush=True)
    return noted


def told_memory(mb: tuple[float, float]) -> str:
    """The server's own memory, and that of its processes."""
    return f"{mb[0]:.0f} + {mb[1]:.0f} MB"


def measure_browser(root: Locator, server: Load, browser: Load, minutes: float) -> Rows:
    """Watch a session for so long."""
    root.evaluate("root => { root.probed.length = 0; }")
    server.begin()
    browser.begin()
    memory = note_memory(root, server, minutes)
    load = server.percent_of_a_core, browser.percent_of_a_core
    at, age, took, found = np.array(root.evaluate("root => root.probed"), float).T
    seconds = (at[-1] - at[0]) / 1000
    stretches = np.histogram((at - at[0]) / 1000, np.arange(0.0, seconds, STRETCH_S))[0] / STRETCH_S
    size = root.evaluate("({backcheck: {frames}}) => [frames.canvas.width, frames.canvas.height]")
    rows = {
        "overlay": f"{(len(at) - 1) / seconds:.1f} a second over {seconds:.0f} s",
        f"overlay, slowest {STRETCH_S:.0f} s": f"{stretches.min():.1f} a second" if len(stretches) else "–",
        "pictures in which the person was found": f"{100 * found.mean():.1f} %",
        "pictures sent at": f"{size[0]} x {size[1]}",
        "capture to overlay, p50": f"{np.nanmedian(age):.0f} ms",
        "capture to overlay, p95": f"{np.nanpercentile(age, 95):.0f} ms",
        "server, a frame, beside the browser, p50 / p95": f"{np.median(took):.0f} / {np.percentile(took, 95):.0f} ms",
        "server's processor time": f"{load[0]:.0f} % of a core",
        "browser's processor time": f"{load[1]:.0f} % of a core",
    }
    rows |= {f"memory of the server + its processes after {m:g} min": told_memory(mb) for m, mb in memory.items()}
    if minutes > 1:
        rows[f"{minutes:g} min to 1 min, all of it"] = f"{sum(memory[minutes]) / sum(memory[1.0]):.2f}"
    return rows


def measure_reconnecting(root: Locator) -> Rows:
    """Close the socket again and again."""
    times = []
    for _ in range(DROPS):
        times.append(root.evaluate(DROP))
        root.page.wait_for_timeout(1500)
    connected, drawn = np.median(np.array(times, float), axis=0)
    return {
        f"connected again, median of {DROPS}": f"{connected:.0f} ms",
        f"overlay there again, median of {DROPS}": f"{drawn:.0f} ms",
    }


def in_the_browser(parts: set[str], film: Path, minutes: float) -> Rows:
    """The parts that need a browser, in one session."""
    rows: Rows = {}
    with running() as app, camera_session(app.url, film) as (root, browser, version):
        server = Load(psutil.Process(app.process.pid))
        print(f"Chromium {version}", flush=True)
        if "browser" in parts:
            rows |= measure_browser(root, server, browser, minutes)
        if "reconnect" in parts:
            rows |= measure_reconnecting(root)
    return rows


# --- core ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Crowd:
    """How people were followed at the same time.

    Attributes:
        p95_ms: from when a picture is there until its answer is written.
        share: of the pictures, those that were answered.
        cpu_ms: processor time a picture.
    """

    p95_ms: float
    share: float
    cpu_ms: float

    @property
    def holds(self) -> bool:
        """Whether everybody was followed well."""
        return self.share >= HELD and self.p95_ms < FAST_MS


def follow(people: int, jpegs: list[bytes]) -> Crowd:
    """Sessions in this process, fed as a server feeds them: a picture that finds two waiting is left out."""
    exercise, model = find_exercise(EXERCISE), ensure_model()
    sessions = [LiveSession("benchmark", exercise, model) for _ in range(people)]
    waiting: list[list[Future[None]]] = [[] for _ in sessions]
    answered: list[float] = []
    offered = 0

    def work(session: LiveSession, message: FrameMessage, due: float, counts: bool) -> None:
        json.dumps(session.process(message), separators=(",", ":"), allow_nan=False)
        if counts:
            answered.append(1000 * (time.perf_counter() - due))

    for session in sessions:  # the models are loaded
        session.thread.submit(session.process, FrameMessage(0, 0.0, jpegs[0])).result()
    began, cpu_s = time.perf_counter() + 0.1, 0.0
    for i in range(round((WARM_S + CORE_S) * SENT_HZ)):
        counts = i >= WARM_S * SENT_HZ
        cpu_s = cpu_s if counts else _processor_s()
        for k, session in enumerate(sessions):
            due = began + (i + k / people) / SENT_HZ
            time.sleep(max(0.0, due - time.perf_counter()))
            offered += counts
            waiting[k] = [w for w in waiting[k] if not w.done()]
            if len(waiting[k]) < MOST_UNDER_WAY:
                message = FrameMessage(i, (i + 1) / SENT_HZ, jpegs[i % len(jpegs)])
                waiting[k].append(session.thread.submit(work, session, message, due, counts))
    cpu_s = _processor_s() - cpu_s
    for session in sessions:
        session.close()
        session.thread.shutdown(wait=True)
    return Crowd(float(np.percentile(answered, 95)), len(answered) / offered, 1000 * cpu_s / len(answered))


def _processor_s() -> float:
    """Processor time of this process and of those that look at its sessions' pictures."""
    own = psutil.Process()
    return sum(sum(p.cpu_times()[:2]) for p in [own, *own.children(recursive=True)])


def on_one_core(core: int, work: Callable[..., Crowd], *given: Any) -> Crowd:
    """Do it in a process of its own, all of whose threads are on one core from its first moment."""
    every = os.sched_getaffinity(0)
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        os.sched_setaffinity(0, {core})
        try:
            future = process.submit(work, *given)
        finally:
            os.sched_setaffinity(0, every)
        return future.result()


def measure_core(jpegs: list[bytes]) -> Rows:
    """One more person each time, until one core is not enough."""
    if not hasattr(os, "sched_setaffinity"):
        return {"people that one core follows": "not measured: needs Linux"}
    idle = psutil.cpu_percent(interval=1.0, percpu=True)
    core = min(os.sched_getaffinity(0), key=lambda i: idle[i])
    rows: Rows = {}
    people = 0
    while True:
        tried: list[Crowd] = []
        while len(tried) < TRIES and not any(c.holds for c in tried):
            tried.append(on_one_core(core, follow, people + 1, jpegs))
        best = max(tried, key=lambda c: (c.holds, c.share))
        rows[f"{people + 1} on one core, {SENT_HZ} pictures a second each"] = (
            f"p95 {best.p95_ms:.0f} ms, {100 * best.share:.1f} % answered, {best.cpu_ms:.1f} ms of processor a picture"
        )
        if not best.holds:
            return {f"people that one core follows (p95 below {FAST_MS:.0f} ms)": str(people)} | rows
        people += 1


# --- all ----------------------------------------------------------------------------------------


def load_now() -> str:
    """The machine's load average over the last minute."""
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def parts_named(text: str) -> set[str]:
    """The parts in a list with commas.

    Raises:
        argparse.ArgumentTypeError: one that there is not.
    """
    named = set(text.split(","))
    if not named <= set(PARTS):
        raise argparse.ArgumentTypeError(f"expected some of {','.join(PARTS)}, got {text}")
    return named


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=1.0, help="how long the browser is watched")
    parser.add_argument("--only", type=parts_named, default=set(PARTS), help=f"some of {','.join(PARTS)}")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        film = make_film(folder)
        jpegs = sent_pictures(film)
        print(f"{SAMPLE.name} as {EXERCISE}; {os.cpu_count()} cores, load {load_now()} at the start", flush=True)
        rows: Rows = {}
        if "server" in options.only:
            rows |= measure_server(jpegs)
        if options.only & {"browser", "reconnect"}:
            rows |= in_the_browser(options.only, film, options.minutes)
        if "core" in options.only:
            rows |= measure_core(jpegs)
    print(f"load {load_now()} at the end\n\n| what | figure |\n|---|---|")
    for what, figure in rows.items():
        print(f"| {what} | {figure} |")


if __name__ == "__main__":
    main()
