"""The package: built, installed where nothing else of BackCheck is, and used as its user would use it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
from app_server import free_port
from conftest import ROOT, SAMPLES
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

import checker
from checker.pose.bundle import DEFAULT_MODEL, model_path
from checker.report import REPORTS

CLIP = SAMPLES / "knee_to_chest__good__ben.mp4"
MOVEMENT = "knee_to_chest"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
START_S = 60.0

ANOTHER_APPS_SETTINGS = """
[browser]
gatherUsageStats = true
[server]
address = "0.0.0.0"
[theme]
primaryColor = "#ff0000"
"""


# --- what the package is made of ----------------------------------------------------------------


def test_the_package_and_the_tests_need_exact_versions() -> None:
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["dev"]]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", name) for name in wanted), "an exact version each"
    assert set(PROJECT["build-system"]["requires"]) <= set(wanted), "the test below builds with it, without a network"


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, checker; print(*sys.modules); checker.find_exercise; print('cv2' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded, of_the_library = done.stdout.splitlines()
    assert not {"numpy", "cv2", "mediapipe", "scipy", "pydantic", "streamlit"} & set(loaded.split())
    assert of_the_library == "False", "the movements can be looked up without the libraries for video"


def test_every_public_name_is_there_and_explained() -> None:
    for name in checker.__all__:
        assert getattr(checker, name).__doc__, name
        assert name == "__version__" or re.search(rf"\b{name}\b", str(checker.__doc__)), f"{name} is not explained"
    assert set(checker.__all__) <= set(dir(checker))
    assert callable(checker.assess), "a module of this name would take its place"
    with pytest.raises(AttributeError, match="expected one of Analysis"):
        checker.analyse_video  # noqa: B018


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    _pip("wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(folder), str(ROOT))
    (built,) = folder.iterdir()
    assert built.name == f"backcheck-{checker.__version__}-py3-none-any.whl"
    return built


def _pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_wheel_has_every_file_and_no_other(wheel: Path) -> None:
    files = {path.relative_to(ROOT).as_posix(): path for path in (ROOT / "checker").rglob("*") if path.is_file()}
    files = {name: path for name, path in files.items() if "__pycache__" not in name}
    tops = [ROOT / "app.py", ROOT / ".streamlit" / "config.toml", *(ROOT / "exercises").iterdir()]
    tops += [path for path in SAMPLES.iterdir() if not path.name.endswith(".truth.json.gz")]
    files |= {f"checker/_shipped/{path.relative_to(ROOT).as_posix()}": path for path in tops}
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        assert names == set(files)
        assert [name for name, path in files.items() if archive.read(name) != path.read_bytes()] == []
    for kind in ("py.typed", ".toml", ".mp4", ".js", ".css", ".html", ".svg", ".npz"):
        assert any(name.endswith(kind) for name in names), f"no {kind}: this test looked in the wrong place"


# --- installed ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Installed:
    """The package in an environment of its own, and a user with an empty home.

    Attributes:
        commands: the folder of the environment's programs.
        code: the folder of the installed packages.
        home: of the user.
        cwd: the user's folder of videos.
    """

    commands: Path
    code: Path
    home: Path
    cwd: Path

    @property
    def environment(self) -> dict[str, str]:
        """That of the user: nothing leads to the checkout, and only the pose model is there already."""
        ours = ("PYTHON", "BACKCHECK_", "XDG_", "STREAMLIT_")
        kept = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
        places = dict.fromkeys(("HOME", "USERPROFILE", "LOCALAPPDATA", "APPDATA"), str(self.home))
        return kept | places | {"BACKCHECK_MODEL_DIR": str(model_path(DEFAULT_MODEL).parent), "COLUMNS": "200"}

    def run(self, program: str, *arguments: str) -> str:
        """What a program of the environment prints; it must succeed."""
        done = subprocess.run(
            [self.commands / program, *arguments],
            cwd=self.cwd,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    """An empty environment with the package, and the packages that it needs from the one of the tests."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=os.name == "posix")
    commands = folder / ("Scripts" if os.name == "nt" else "bin")
    (code,) = folder.rglob("site-packages")
    others = [path for path in sys.path if path.rstrip("/\\").endswith("site-packages")]
    (code / "others.pth").write_text("\n".join(others), encoding="utf-8")
    _pip("--python", str(commands / "python"), "install", "--no-deps", "--no-index", str(wheel))
    _set_writable(code, False)
    yield commands, code
    _set_writable(code, True)


def _set_writable(folder: Path, writable: bool) -> None:
    """Let a folder be written in, or not; the administrator may all the same, whom the next fixture watches."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(path.stat().st_mode | 0o200 if writable else path.stat().st_mode & ~0o222)


@pytest.fixture
def installed(environment: tuple[Path, Path], tmp_path: Path) -> Iterator[Installed]:
    """The package for one test, during which nothing may be written beside the code."""
    commands, code = environment
    before = _tree(code)
    (tmp_path / "home").mkdir()
    (tmp_path / "videos").mkdir()
    shutil.copy(CLIP, tmp_path / "videos" / "clip.mp4")
    yield Installed(commands, code, tmp_path / "home", tmp_path / "videos")
    assert _tree(code) == before, "something was written beside the code"


def _tree(folder: Path) -> dict[Path, tuple[int, int]]:
    return {path: (path.stat().st_size, path.stat().st_mtime_ns) for path in folder.rglob("*")}


def test_the_movements_are_found(installed: Installed) -> None:
    listed = installed.run("backcheck", "exercises", "list").splitlines()[1:]
    assert [line.split()[0] for line in listed] == sorted(path.stem for path in (ROOT / "exercises").glob("*.toml"))
    assert all(line.endswith("shipped") for line in listed)
    assert "Knee to chest" in installed.run("backcheck", "exercises", "show", MOVEMENT)
    assert list(installed.home.iterdir()) == []


@pytest.mark.clips
def test_what_the_user_owns_lies_in_the_users_folders(installed: Installed) -> None:
    code = """
import checker
from importlib.metadata import version
from checker import find_exercise
from checker.folders import kept_results
from checker.library import find_file, save_numbers, writing_folder
assert checker.__version__ == version("backcheck")
changed = save_numbers(find_file("squat"), {"repetition.min_excursion": 35.0}, writing_folder(), "Ben")
print(checker.__file__, changed, kept_results(), sep="\\n")
"""
    home, changed, results = map(Path, installed.run("python", "-c", code).splitlines())
    assert home.is_relative_to(installed.code)
    assert changed.is_relative_to(installed.home)
    assert results.is_relative_to(installed.home)
    assert str(changed) in installed.run("backcheck", "exercises", "show", "squat")
    assert "fine" in installed.run("backcheck", "exercises", "check", str(changed))


@pytest.mark.clips
def test_a_video_is_measured(installed: Installed, manifest: dict[str, dict[str, Any]]) -> None:
    printed = installed.run("backcheck", "analyze", "clip.mp4", "--exercise", MOVEMENT, "--no-video", "--json")
    assert len(json.loads(printed)["reps"]) == len(manifest[CLIP.stem]["reps"])
    (folder,) = (installed.cwd / "backcheck-results").iterdir()
    assert {path.name for path in folder.iterdir()} == {report.file_name for report in REPORTS if not report.is_video}


@pytest.mark.clips
def test_the_lines_of_code_in_the_readme_run(installed: Installed) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    (installed.cwd / "lines.py").write_text(code.replace("standing_side_bend", MOVEMENT), encoding="utf-8")
    assert "Knee drawn up by left" in installed.run("python", "lines.py")
    assert (installed.cwd / "results" / "report.html").exists()


@pytest.mark.clips
def test_the_app_opens_from_anywhere_with_its_own_settings(installed: Installed) -> None:
    for folder in (installed.home, installed.cwd):
        (folder / ".streamlit").mkdir()
        (folder / ".streamlit" / "config.toml").write_text(ANOTHER_APPS_SETTINGS, encoding="utf-8")
    with _app(installed) as (server, port):
        messages = _first_page(port)
        listening = [c.laddr.ip for c in server.net_connections("tcp") if c.status == psutil.CONN_LISTEN]
    session = next(m.new_session for m in messages if m.WhichOneof("type") == "new_session")
    page = "".join(map(str, messages))
    assert "What may I call you?" in page
    assert "exception" not in {m.delta.new_element.WhichOneof("type") for m in messages}
    assert session.config.gather_usage_stats is False
    assert session.custom_theme.primary_color == "#0b5c6b"
    assert set(listening) <= {"127.0.0.1", "::1"}
    assert listening


@contextmanager
def _app(installed: Installed) -> Iterator[tuple[psutil.Process, int]]:
    port = free_port()
    command = [installed.commands / "backcheck", "app", "--port", str(port), "--server.headless=true"]
    log = installed.home / "log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            command, cwd=installed.cwd, env=installed.environment, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        deadline = time.monotonic() + START_S
        while not _is_well(port):
            assert server.poll() is None, log.read_text(encoding="utf-8")
            assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
            time.sleep(0.2)
        yield psutil.Process(server.pid), port
    finally:
        server.terminate()
        server.wait(30)
    assert "Traceback" not in log.read_text(encoding="utf-8")


def _is_well(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def _first_page(port: int) -> list[ForwardMsg]:
    """What the server sends to a browser that opens the page."""
    messages: list[ForwardMsg] = []
    address = f"localhost:{port}"
    with connect(
        f"ws://{address}/_stcore/stream", origin=f"http://{address}", subprotocols=["streamlit"], max_size=None
    ) as socket:
        socket.send(BackMsg(rerun_script={}).SerializeToString())
        while not messages or messages[-1].WhichOneof("type") != "script_finished":
            messages.append(ForwardMsg.FromString(socket.recv(timeout=60)))
    return messages
