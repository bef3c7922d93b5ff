"""Prints how the app's walls hold on this machine: what others do, what breaks, and what it costs.

    python benchmarks/walls.py                        about ten minutes
    python benchmarks/walls.py --only pages,abort     parts of it

live     time until a picture of a live session is answered, alone, and while others: open sockets of a foreign
         origin 300 times a second, hand in 16 videos at once, have a video measured
pages    memory that a camera page costs that was opened and is not used
abort    a live session whose process is aborted: how it ends, and how soon the next one is answered
files    memory of the server after 100 videos against after 10
upload   memory of the server while a video of 600 MB is handed in
page     a video through the page against the same one at the command line
crowd    200 connections that send no request, or its headers byte by byte: a live session and a quick request beside
         them, memory, and how many are still there after half a minute

`python benchmarks/live.py --minutes 30 --only browser` watches one live session for half an hour.

Every part runs the real server; a browser opens the pages. Times are given as ratios where they are compared.
"""

from __future__ import annotations

import argparse
import http.client
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import av
import psutil
from clips import ROOT
from playwright.sync_api import Page
from running_app import MOVEMENT, SAMPLE, Live, Server, browser, join, jpegs, open_session, p95_ms, running

from checker.library import find_exercise
from checker.service.jobs import Jobs
from checker.service.measuring import measure
from checker.service.workers import workers
from checker.video.reader import open_video

LIVE_S: Final = 20.0
FLOOD_HZ: Final = 300
UPLOADS: Final = 16
CROWD: Final = 200
CROWD_S: Final = 30.0
UPLOAD_BYTES: Final = 50_000_000
LARGE_BYTES: Final = 600_000_000
PIECE_BYTES: Final = 1_000_000
PAGES: Final = 20
VIDEOS: Final = 100


# --- what others do ----------------------------------------------------------------------------------


def flood(port: int, stop: Any) -> None:
    """Handshakes of a page of a foreign origin, as fast as is asked for."""
    handshake = (
        f"GET /_stcore/stream HTTP/1.1\r\nHost: localhost:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        "Origin: http://elsewhere.example\r\n\r\n"
    )
    while not stop.is_set():
        began_s = time.monotonic()
        try:
            with socket.create_connection(("127.0.0.1", port), 5) as link:
                link.sendall(handshake.encode())
                link.recv(100)
        except OSError:
            time.sleep(0.01)
        time.sleep(max(0.0, 1 / FLOOD_HZ - (time.monotonic() - began_s)))


# --- the parts ---------------------------------------------------------------------------------------


def measure_live() -> None:
    """Print how long a picture takes alone, and beside what others do."""
    with running() as server, browser(server) as open_page:
        live, alone_ms = _alone(server, open_page, "live ")
        stop = multiprocessing.Event()
        flooding = multiprocessing.Process(target=flood, args=(server.port, stop))
        flooding.start()
        live.go_on(LIVE_S)
        stop.set()
        flooding.join()
        _print_beside("foreign sockets, 300 a second", live.took_s, alone_ms)
        live.took_s.clear()
        with _uploading(server, open_page):
            live.go_on(LIVE_S)
        _print_beside(f"{UPLOADS} uploads", live.took_s, alone_ms)
        live.took_s.clear()
        review = open_page("review")
        _start_measuring(review, _long_video(server.folder, 60.0))
        live.go_on(LIVE_S)
        _print_beside("a video is measured", live.took_s, alone_ms)


def _alone(server: Server, open_page: Any, part: str) -> tuple[Live, float]:
    """A live session that nobody disturbs, and the 95th percentile of its answers, milliseconds."""
    page, token = open_session(open_page)
    live = join(server, token, jpegs())
    page.close()
    live.go_on(LIVE_S)
    alone_ms = p95_ms(live.took_s)
    print(f"{part}  alone: p95 {alone_ms:.0f} ms, longest {1000 * max(live.took_s):.0f} ms")
    live.took_s.clear()
    return live, alone_ms


def _print_beside(what: str, took_s: list[float], alone_ms: float) -> None:
    ratio = p95_ms(took_s) / alone_ms
    print(f"live   {what}: p95 {p95_ms(took_s):.0f} ms, {ratio:.1f} x alone; longest {1000 * max(took_s):.0f} ms")


def _start_measuring(page: Page, video: Path) -> None:
    choice = page.get_by_role("combobox", name="Movement")
    choice.fill("Standing side bend")
    page.get_by_role("option", name="Standing side bend").first.click()
    page.get_by_alt_text("Standing side bend: start and end position").wait_for()
    page.locator("input[type=file]").set_input_files(video)
    page.get_by_role("button", name="Measure this video").click(timeout=120_000)


@dataclass
class Uploader:
    """Hands in files in the name of a page."""

    port: int
    session_id: str
    headers: dict[str, str]

    def put(self, size: int) -> None:
        """Hand in a file of so many bytes, piece by piece."""
        head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n'
        end = b"\r\n--x--\r\n"
        connection = http.client.HTTPConnection("localhost", self.port, timeout=60)
        connection.putrequest("PUT", f"/_stcore/upload_file/{self.session_id}/{uuid.uuid4()}")
        for name, value in {**self.headers, "Content-Type": "multipart/form-data; boundary=x"}.items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(head) + size + len(end)))
        connection.endheaders(head)
        piece = bytes(PIECE_BYTES)
        for sent in range(0, size, PIECE_BYTES):
            connection.send(piece[: size - sent])
        connection.send(end)
        status = connection.getresponse().status
        connection.close()
        if status not in {204, 410}:  # 410: what the same page handed in before gives way
            raise SystemExit(f"expected an upload to be taken, got HTTP {status}")


def uploader(server: Server, page: Page) -> Uploader:
    """What a page uploads with."""
    with page.expect_request("**/_stcore/upload_file/**") as sent:
        page.locator("input[type=file]").set_input_files(SAMPLE)
    first = sent.value
    headers = {k: v for k, v in first.all_headers().items() if k in {"cookie", "x-xsrftoken", "origin"}}
    return Uploader(server.port, first.url.split("/upload_file/")[1].split("/")[0], headers)


@contextmanager
def _uploading(server: Server, open_page: Any) -> Iterator[None]:
    """Videos arrive from as many connections at once, again and again."""
    page = open_page("review")
    hands_in = uploader(server, page)
    stop = multiprocessing.Event()
    sending = [multiprocessing.Process(target=_upload_again, args=(hands_in, stop)) for _ in range(UPLOADS)]
    for process in sending:
        process.start()
    yield
    stop.set()
    for process in sending:
        process.join()
    page.close()


def _upload_again(hands_in: Uploader, stop: Any) -> None:
    os.nice(10)  # it would run on another computer
    while not stop.is_set():
        hands_in.put(UPLOAD_BYTES)


def _long_video(folder: Path, seconds: float) -> Path:
    """The sample over and over, encoded once more."""
    target = folder / "long.mp4"
    with open_video(SAMPLE) as video:
        frames = [frame.rgb for frame in video]
    with av.open(str(target), "w") as out:
        stream = out.add_stream("libx264", rate=30)
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        for i in range(round(30 * seconds)):
            back_and_forth = i % (2 * len(frames) - 2)
            rgb = frames[min(back_and_forth, 2 * len(frames) - 2 - back_and_forth)]
            out.mux(stream.encode(av.VideoFrame.from_ndarray(rgb, format="rgb24")))
        out.mux(stream.encode(None))
    return target


def measure_pages() -> None:
    """Print what a camera page costs that was opened and is not used."""
    with running() as server, browser(server) as open_page:
        for _ in range(2):
            open_session(open_page)
        time.sleep(3)
        before = server.bytes_used
        for _ in range(PAGES):
            open_session(open_page)
        time.sleep(3)
        each = (server.bytes_used - before) / PAGES
        print(f"pages  {PAGES} camera pages opened and not used: {each / 1e6:.1f} MB each")


def measure_abort() -> None:
    """Print what an abort of a session's process does, and how soon the next session is answered."""
    pictures = jpegs()
    with running() as server, browser(server) as open_page, ExitStack() as stack:
        sessions = []
        for _ in range(2):
            _, token = open_session(open_page)
            sessions.append(join(server, token, pictures))
            stack.callback(sessions[-1].link.close)
        busiest = max(server.workers, key=lambda w: w.cpu_times().user)
        busiest.send_signal(signal.SIGABRT)
        for live in sessions:
            live.go_on(3.0)
        over = sum(live.ended is not None for live in sessions)
        print(f"abort  of {len(sessions)} live sessions {over} ended, with what was seen until then")
        for live in sessions:
            live.link.close()
        _, token = open_session(open_page)
        began_s = time.monotonic()
        join(server, token, pictures)
        print(f"abort  the next session had its first ten answers after {time.monotonic() - began_s:.1f} s")


def measure_files() -> None:
    """Print what the server's memory is after many videos."""
    with tempfile.TemporaryDirectory() as folder:
        clip = _long_video(Path(folder), 2.0)
        jobs = Jobs(workers=1, parent=Path(folder))
        exercise = find_exercise(MOVEMENT)
        own = psutil.Process()
        after = {}
        for n in range(1, VIDEOS + 1):
            job = jobs.start("somebody", lambda folder, progress: measure(clip, exercise, folder, progress))
            while not job.finished:
                time.sleep(0.05)
            if job.state != "done":
                raise SystemExit(f"a video could not be measured: {job.message}")
            jobs.discard(job.id)
            del job
            after[n] = own.memory_info().rss
        workers().close()
        jobs.close()
    print(
        f"files  memory after {VIDEOS} videos {after[VIDEOS] / 1e6:.0f} MB, after 10 {after[10] / 1e6:.0f} MB: "
        f"{after[VIDEOS] / after[10]:.2f} x"
    )


def measure_upload() -> None:
    """Print what a large upload costs the server in memory."""
    with running() as server, browser(server) as open_page:
        page = open_page("review")
        hands_in = uploader(server, page)
        hands_in.put(PIECE_BYTES)
        before = most = server.bytes_used
        sending = threading.Thread(target=hands_in.put, args=(LARGE_BYTES,))
        sending.start()
        while sending.is_alive():
            most = max(most, server.bytes_used)
            time.sleep(0.02)
        print(f"upload {LARGE_BYTES / 1e6:.0f} MB: memory +{(most - before) / 1e6:.0f} MB at the most")


def measure_page() -> None:
    """Print how long a video takes through the page, against the command line."""
    with running() as server, browser(server) as open_page:
        video = _long_video(server.folder, 60.0)
        began_s = time.monotonic()
        command = [sys.executable, "-m", "checker", "analyze", str(video), "--exercise", MOVEMENT]
        subprocess.run([*command, "--out", str(server.folder / "out")], cwd=ROOT, check=True, capture_output=True)
        line_s = time.monotonic() - began_s
        page = open_page("review")
        page.locator("input[type=file]").wait_for(state="attached")
        _start_measuring(page, video)
        began_s = time.monotonic()
        page.get_by_text("Take it with you").wait_for(timeout=600_000)
        page_s = time.monotonic() - began_s
        print(f"page   60 s of video: command line {line_s:.1f} s, page {page_s:.1f} s: {page_s / line_s:.2f} x")


def measure_crowd() -> None:
    """Print what many connections cost that keep the server waiting, and when they are ended."""
    with running() as server, browser(server) as open_page:
        live, alone_ms = _alone(server, open_page, "crowd")
        before = server.bytes_used
        with ExitStack() as stack:
            links = [stack.enter_context(socket.create_connection(("127.0.0.1", server.port))) for _ in range(CROWD)]
            stop = threading.Event()
            dripping = threading.Thread(target=_drip, args=(links[::2], stop))
            dripping.start()
            live.go_on(CROWD_S / 2)
            began_s = time.monotonic()
            urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=60).close()
            quick_ms, more = 1000 * (time.monotonic() - began_s), server.bytes_used - before
            live.go_on(CROWD_S / 2)
            stop.set()
            dripping.join()
            left = sum(not _is_ended(link) for link in links)
        _print_beside(f"{CROWD} connections that send no request", live.took_s, alone_ms)
        print(
            f"crowd  a quick request {quick_ms:.0f} ms, memory +{more / 1e6:.0f} MB; {left} there after {CROWD_S:.0f} s"
        )


def _drip(links: list[socket.socket], stop: threading.Event) -> None:
    """Send the headers of a request byte by byte, for ever."""
    for link in links:
        link.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ")
    while not stop.wait(1.0):
        for link in links:
            with suppress(OSError):  # it was ended
                link.sendall(b"x")


def _is_ended(link: socket.socket) -> bool:
    link.settimeout(0.01)
    try:
        return not link.recv(1)
    except TimeoutError:
        return False
    except OSError:
        return True


PARTS: Final = {
    "live": measure_live,
    "pages": measure_pages,
    "abort": measure_abort,
    "files": measure_files,
    "upload": measure_upload,
    "page": measure_page,
    "crowd": measure_crowd,
}


def main() -> None:
    """Print the parts that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default=",".join(PARTS), help=f"some of {','.join(PARTS)}")
    for name in parser.parse_args().only.split(","):
        PARTS[name]()


if __name__ == "__main__":
    main()
