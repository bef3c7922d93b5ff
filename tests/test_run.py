"""run.py: the one command. Tried in a folder of its own with few packages, and on the app itself."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import socket
import subprocess
import sys
import tarfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from conftest import ROOT

MAIN = """import os, sys
print(sys.argv[1:], os.getcwd(), sys.prefix, flush=True)
sys.exit(7 if "fail" in sys.argv else 0)
"""

ABOUT_TINY = {
    "METADATA": "Metadata-Version: 2.1\nName: backcheck-tiny\nVersion: 1.0\n",
    "WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    "RECORD": "",
}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A project whose `checker` tells how it was called, and which needs no package."""
    project = tmp_path / "a project"
    (project / "checker").mkdir(parents=True)
    (project / "checker" / "__init__.py").touch()
    (project / "checker" / "__main__.py").write_text(MAIN, encoding="utf-8")
    (project / "requirements.txt").write_text("# nothing\n", encoding="utf-8")
    (project / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    shutil.copyfile(ROOT / "run.py", project / "run.py")
    return project


def run(
    project: Path, *arguments: str, python: str = sys.executable, cwd: Path | None = None, env: Mapping[str, str] = {}
) -> subprocess.CompletedProcess[str]:
    plain = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}  # these tests may run under run.py themselves
    return subprocess.run(
        [python, str(project / "run.py"), *arguments],
        cwd=cwd or project,
        env={**plain, **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


@pytest.mark.clips
def test_sets_up_once_and_passes_commands_on(small: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "videos"
    elsewhere.mkdir()
    first = run(small, "analyze", "my video.mp4", "--json", cwd=elsewhere)
    assert first.returncode == 0, first.stderr
    assert "Setting up" in first.stderr
    assert first.stdout == f"['analyze', 'my video.mp4', '--json'] {elsewhere} {small / '.venv'}\n"

    second = run(small, "analyze", "fail")
    assert second.returncode == 7
    assert second.stderr == ""

    for name in ("requirements.txt", "pyproject.toml"):
        (small / name).write_text("# another nothing\n", encoding="utf-8")
        assert "Setting up" in run(small, "model").stderr
        assert run(small, "model").stderr == ""

    # nothing asked for is the app
    assert run(small).stdout == f"['app'] {small} {small / '.venv'}\n"
    assert run(small, "app", "--port", "8600").stdout.startswith("['app', '--port', '8600']")


@pytest.mark.clips
def test_packages_that_cannot_be_fetched(small: Path) -> None:
    name = f"backcheck-no-such-package==1.0 --hash=sha256:{'0' * 64}\n"
    (small / "requirements.txt").write_text(name, encoding="utf-8")
    offline = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_RETRIES": "0", "PIP_TIMEOUT": "1"}
    failed = run(small, "model", env=offline)
    assert failed.returncode == 1
    assert "Is the internet connected?" in failed.stderr.splitlines()[-1]
    assert "Traceback" not in failed.stderr
    assert failed.stdout == ""

    # nothing is taken for done: the next run tries again
    (small / "requirements.txt").write_text("# nothing\n", encoding="utf-8")
    assert run(small, "model").returncode == 0


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A wheel that lies on this computer, as a registry would hand it out."""
    path = tmp_path / "registry" / "backcheck_tiny-1.0-py3-none-any.whl"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("backcheck_tiny.py", "")
        for name, text in ABOUT_TINY.items():
            wheel.writestr(f"backcheck_tiny-1.0.dist-info/{name}", text)
    return path


def of_this_computer(package: Path) -> dict[str, str]:
    """Settings with which pip asks nobody else."""
    return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(package.parent), "PIP_CONFIG_FILE": os.devnull}


@pytest.mark.clips
def test_a_package_whose_fingerprint_is_another_is_refused(small: Path, package: Path) -> None:
    right = hashlib.sha256(package.read_bytes()).hexdigest()
    wrong = f"{'0' if right[0] != '0' else '1'}{right[1:]}"
    code = small / ".venv" / "lib"
    for fingerprint, taken in ((wrong, False), (right, True)):
        line = f"backcheck-tiny==1.0 --hash=sha256:{fingerprint}\n"
        (small / "requirements.txt").write_text(line, encoding="utf-8")
        done = run(small, "model", env=of_this_computer(package))
        assert (done.returncode == 0) is taken, done.stderr
        assert bool(list(code.rglob("backcheck_tiny.py"))) is taken
        assert ("DO NOT MATCH THE HASHES" in done.stderr) is not taken
        assert done.stderr.splitlines()[-1].startswith("The packages could not be installed") is not taken


@pytest.mark.clips
def test_a_package_without_a_fingerprint_is_refused(small: Path, package: Path) -> None:
    (small / "requirements.txt").write_text("backcheck-tiny==1.0\n", encoding="utf-8")
    done = run(small, "model", env=of_this_computer(package))
    assert done.returncode == 1
    assert "Hashes are required" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.clips
def test_a_package_that_would_run_code_to_be_installed_is_refused(small: Path, package: Path) -> None:
    source = package.with_name("backcheck_tiny-1.0.tar.gz")
    package.unlink()
    setup = b"raise SystemExit('it ran')"
    with tarfile.open(source, "w:gz") as archive:
        entry = tarfile.TarInfo("backcheck_tiny-1.0/setup.py")
        entry.size = len(setup)
        archive.addfile(entry, io.BytesIO(setup))
    line = f"backcheck-tiny==1.0 --hash=sha256:{hashlib.sha256(source.read_bytes()).hexdigest()}\n"
    (small / "requirements.txt").write_text(line, encoding="utf-8")
    done = run(small, "model", env=of_this_computer(source))
    assert done.returncode == 1
    assert "No matching distribution found" in done.stderr
    assert "it ran" not in done.stderr


def test_no_venv_module(small: Path) -> None:
    lines = ["import runpy, sys", "sys.modules['ensurepip'] = None", "sys.argv = ['run.py']"]
    code = "; ".join([*lines, "runpy.run_path('run.py', run_name='__main__')"])
    failed = subprocess.run([sys.executable, "-c", code], cwd=small, capture_output=True, text=True, check=False)
    assert failed.returncode == 1
    assert failed.stderr.count("\n") == 1
    assert "apt-get install python3-venv" in failed.stderr
    assert not (small / ".venv").exists()


def test_an_older_python(small: Path) -> None:
    older = [p for minor in (10, 9, 8) if (p := shutil.which(f"python3.{minor}")) and _works(p)]
    if not older:
        pytest.skip("NO PYTHON OLDER THAN 3.11 ON THIS MACHINE: its refusal was NOT tested")
    failed = run(small, python=older[0])
    assert failed.returncode == 1
    assert failed.stderr.count("\n") == 1
    assert "needs Python 3.11 or newer" in failed.stderr


def _works(python: str) -> bool:
    return subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0


def test_help_needs_no_set_up(small: Path) -> None:
    shown = run(small, "--help")
    assert shown.returncode == 0
    assert "python run.py test" in shown.stdout
    assert not (small / ".venv").exists()


def test_opens_the_app() -> None:
    if Path(sys.prefix) != ROOT / ".venv":
        pytest.skip("NOT RUN BY `python run.py test`: that run.py opens the app was NOT tested")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {"STREAMLIT_SERVER_HEADLESS": "true", "STREAMLIT_SERVER_PORT": str(port)}
    server = subprocess.Popen(
        [sys.executable, str(ROOT / "run.py")],
        env={**os.environ, **options},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert _answers(f"http://localhost:{port}/_stcore/health", server)
    finally:
        server.terminate()
        output, _ = server.communicate(timeout=30)
    assert "Traceback" not in output


def _answers(url: str, server: subprocess.Popen[str]) -> bool:
    """Whether the server answers within a minute."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.3)
    return False
