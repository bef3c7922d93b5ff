"""Nothing leaves the machine, and nothing of a clip stays behind."""

from __future__ import annotations

import http.client
import ipaddress
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from app_server import free_port, running_app
from conftest import ROOT, SAMPLES, Run, until
from playwright.sync_api import Browser
from waiting import RESULT_MS, WAIT_MS
from websockets import Origin
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from benchmarks.fake_camera import ALLOWED
from checker.report import REPORTS

pytest_plugins = ["browser"]

CLIP = SAMPLES / "hip_hinge__rounded__anna.mp4"
MOVEMENT = "standing_hip_hinge"

SENDS = re.compile(r"\b(?:connect|send\w*|listen|accept\w*)\(.*AF_INET")
"""A socket may be made, as a library does to see whether there is IPv6; it may not be used."""

SHOWN = {".html", ".js", ".css", ".svg", ".py", ".j2"}
ELSEWHERE = re.compile(r"""(?:https?|wss?):\/\/([\w.-]+)|["'(=]\s*\/\/([\w-]+\.[\w.-]+)""")
NAMES_NOT_ADDRESSES = {"www.w3.org", "localhost", "127.0.0.1"}
"""Hosts that may be named: w3.org's are the names of file formats, which nothing loads."""


@pytest.mark.clips
def test_an_analysis_opens_no_connection(checker: Run, tmp_path: Path) -> None:
    if not shutil.which("strace"):
        pytest.skip("NO strace ON THIS MACHINE: that an analysis opens no connection was NOT tested")
    log = tmp_path / "calls"
    prefix = ("strace", "-f", "--seccomp-bpf", "-e", "trace=network", "-o", str(log))
    done = checker("analyze", CLIP, "--exercise", MOVEMENT, "--out", tmp_path / "out", prefix=prefix)
    if "PTRACE" in done.stderr or "ptrace" in done.stderr:
        pytest.skip("TRACING IS NOT PERMITTED HERE: that an analysis opens no connection was NOT tested")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "annotated.mp4").exists()
    calls = log.read_text(encoding="utf-8", errors="replace").splitlines()
    assert any("exited with 0" in c for c in calls), "strace saw nothing"
    assert [c for c in calls if SENDS.search(c)] == []


def test_the_trace_would_show_a_connection(tmp_path: Path) -> None:
    """The test above is worth something: the same trace sees a program that does connect."""
    if not shutil.which("strace"):
        pytest.skip("NO strace ON THIS MACHINE: the trace itself was NOT tested")
    log = tmp_path / "calls"
    program = "import socket; socket.socket().connect_ex(('127.0.0.1', 9))"
    command = ["strace", "-f", "--seccomp-bpf", "-e", "trace=network", "-o", str(log), "python3", "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if "ptrace" in done.stderr.lower():
        pytest.skip("TRACING IS NOT PERMITTED HERE: the trace itself was NOT tested")
    assert SENDS.search(log.read_text(encoding="utf-8"))


AWAY = re.compile(r'\b(?:connect|sendto|sendmsg|sendmmsg)\(.*?(?:inet_addr|inet_pton)\((?:AF_INET6, )?"([^"]+)"')
"""A call that names an address to send to."""


@pytest.mark.clips
def test_the_app_asks_nobody_whatever_arrives(tmp_path: Path) -> None:
    """From its start to its end, with pages of other origins, broken requests and a live socket in between."""
    if not shutil.which("strace"):
        pytest.skip("NO strace ON THIS MACHINE: that the app opens no connection was NOT tested")
    log = tmp_path / "calls"
    tracing = ("strace", "-f", "--seccomp-bpf", "-e", "trace=network", "-o", str(log))
    folders = tmp_path / "server"
    folders.mkdir()
    with running_app(folders, free_port(), prefix=tracing) as app:
        host = app.url.removeprefix("http://")
        for origin in (app.url, "http://elsewhere.example", "http://192.0.2.1:80", "null", ""):
            for path in (
                "/",
                "/_stcore/health",
                "/_stcore/host-config",
                "/_stcore/metrics",
                "/movement/_stcore/health",
            ):
                connection = http.client.HTTPConnection(host, timeout=60)
                connection.request("GET", path, headers={"Origin": origin})
                connection.getresponse().read()
                connection.close()
            for path in ("/_stcore/stream", "/live/ws"):
                try:
                    with connect(f"ws://{host}{path}", origin=Origin(origin)):
                        pass
                except InvalidStatus:
                    continue
    assert_nobody_was_asked(log)


def assert_nobody_was_asked(log: Path) -> None:
    """The server was traced, and named no address but this computer's own."""
    calls = log.read_text(encoding="utf-8", errors="replace").splitlines()
    assert any("accept" in call for call in calls), "strace saw nothing"
    asked = {found[1] for call in calls if (found := AWAY.search(call))}
    assert {ip for ip in asked if not ipaddress.ip_address(ip).is_loopback} == set()


@pytest.mark.browser
def test_the_app_asks_nobody_while_its_pages_are_used(launch: Callable[..., Browser], tmp_path: Path) -> None:
    """Every page is drawn, a video is handed in and measured, somebody stands before the camera."""
    if not shutil.which("strace"):
        pytest.skip("NO strace ON THIS MACHINE: that the used app opens no connection was NOT tested")
    log = tmp_path / "calls"
    tracing = ("strace", "-f", "--seccomp-bpf", "-e", "trace=network", "-o", str(log))
    folders = tmp_path / "server"
    folders.mkdir()
    browser = launch(ALLOWED, "--use-fake-device-for-media-stream")
    with running_app(folders, free_port(), prefix=tracing) as app:
        page = browser.new_context().new_page()
        page.set_default_timeout(WAIT_MS)
        for place in ("", "movement?movement=knee_to_chest", "timer?movement=knee_to_chest", "review"):
            page.goto(f"{app.url}/{place}")
            page.get_by_role("heading", level=1).wait_for()
        choice = page.get_by_role("combobox", name="Movement")
        choice.fill("Knee to chest")
        page.get_by_role("option", name="Knee to chest").first.click()
        page.locator("input[type=file]").set_input_files(SAMPLES / "knee_to_chest__good__ben.mp4")
        page.get_by_role("button", name="Measure this video").click()
        page.get_by_text("Take it with you").wait_for(timeout=RESULT_MS)
        page.goto(f"{app.url}/camera?movement=knee_to_chest")
        page.get_by_role("button", name="Open the camera").click()
        answered = "root => root.backcheck?.rate?.total ?? 0"
        camera = page.locator('.bcl:not([data-stage="waiting"])').first
        until(lambda: camera.evaluate(answered) > 5)
        browser.close()
    assert_nobody_was_asked(log)


def test_the_trace_would_show_whom_it_asks(tmp_path: Path) -> None:
    if not shutil.which("strace"):
        pytest.skip("NO strace ON THIS MACHINE: the trace itself was NOT tested")
    log = tmp_path / "calls"
    program = "import socket; socket.socket(type=socket.SOCK_DGRAM).connect(('192.0.2.1', 9))"
    subprocess.run(["strace", "-f", "-e", "trace=network", "-o", str(log), "python3", "-c", program], check=False)
    assert {found[1] for line in log.read_text(encoding="utf-8").splitlines() if (found := AWAY.search(line))} == {
        "192.0.2.1"
    }


LOOPBACK_UP = """
import fcntl, socket, struct
SIOCSIFFLAGS, IFF_UP, IFF_RUNNING = 0x8914, 0x1, 0x40
fcntl.ioctl(socket.socket(), SIOCSIFFLAGS, struct.pack("16sh", b"lo", IFF_UP | IFF_RUNNING))
"""


def without_network() -> tuple[str, ...]:
    """What a command is begun with so that it has no network at all."""
    alone = ("unshare", "--map-root-user", "--net")
    if not shutil.which("unshare") or subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        pytest.skip("unshare IS NOT PERMITTED HERE: nothing was tested without a network")
    return alone


@pytest.mark.browser
def test_live_feedback_needs_no_network_but_this_computers_own() -> None:
    alone = without_network()
    one = "tests/test_browser_live.py::test_three_marks_of_pain_offer_to_end_kindly"
    commands = [[sys.executable, "-c", LOOPBACK_UP], [sys.executable, "-m", "pytest", one]]
    script = " && ".join(map(shlex.join, commands))
    done = subprocess.run(
        [*alone, "sh", "-c", script], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=300, check=False
    )
    assert "1 passed" in done.stdout, done.stdout + done.stderr


@pytest.mark.clips
def test_an_analysis_needs_no_network_and_leaves_nothing_behind(checker: Run, tmp_path: Path) -> None:
    alone = without_network()
    before = set(ROOT.rglob("*"))
    done = checker("analyze", CLIP, "--exercise", MOVEMENT, "--out", tmp_path / "out", prefix=alone)
    assert done.returncode == 0, done.stderr
    assert "2 repetitions" in done.stdout
    assert {p.name for p in (tmp_path / "out").iterdir()} == {report.file_name for report in REPORTS}
    assert list((tmp_path / "temporary").iterdir()) == []
    added = {p for p in set(ROOT.rglob("*")) - before if p.suffix in {".mp4", ".json", ".csv", ".jpg", ".png"}}
    assert not {p for p in added if not {".git", ".venv", ".hypothesis", ".pytest_cache"} & set(p.parts)}


def test_streamlit_sends_no_statistics_and_listens_here_alone() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["browser"]["gatherUsageStats"] is False
    assert config["server"]["address"] == "localhost"


@pytest.mark.parametrize("folder", ["ui", "report"])
def test_no_page_names_another_host(folder: str) -> None:
    files = [p for p in (ROOT / "checker" / folder).rglob("*") if p.suffix in SHOWN]
    assert files
    found = []
    for path in [*files, ROOT / "app.py"]:
        for match in ELSEWHERE.finditer(path.read_text(encoding="utf-8")):
            host = (match[1] or match[2]).rstrip(".")  # the end of a sentence
            if host not in NAMES_NOT_ADDRESSES:
                found.append(f"{path.relative_to(ROOT)}: {match[0]}")
    assert found == []


@pytest.mark.clips
def test_the_report_loads_nothing(checker: Run, tmp_path: Path) -> None:
    done = checker("analyze", CLIP, "--exercise", MOVEMENT, "--out", tmp_path / "out", "--no-video")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "<img" in page or "<svg" in page
    sources = re.findall(r"""(?:src|href|poster)\s*=\s*["']([^"']*)""", page)
    assert [s for s in sources if not s.startswith(("data:", "#"))] == []
    assert re.findall(r"url\((?!['\"]?(?:data:|#))[^)]*\)|@import", page) == []
    # nor says where on this computer the clip lay
    assert str(SAMPLES) not in page
