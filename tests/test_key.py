"""A link that opens the server for one browser, once; and a server that refuses to be open without it."""

from __future__ import annotations

import http.client
import re
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from app_server import App, begin_app, free_port
from conftest import Run, until

from checker.service.key import COOKIE, MOST_BROWSERS, Keys
from checker.ui.reach import is_this_computer

ANSWER_S = 30.0


# --- keys ---------------------------------------------------------------------------------------


def test_a_key_opens_once_and_the_next_one_is_told() -> None:
    told: list[str] = []
    keys = Keys(told.append)
    assert not keys.fits("")
    assert keys.redeem("") is None
    keys.begin()
    [first] = told
    assert keys.fits(first)
    carried = keys.redeem(first)
    assert carried is not None
    assert keys.knows(carried)
    assert not keys.knows(first)
    assert not keys.fits(first)
    assert keys.redeem(first) is None
    assert len(told) == len(set(told)) == 2
    second = keys.redeem(told[1])
    assert second not in {None, carried}
    assert keys.knows(carried)


def test_browsers_that_were_let_in_have_an_end() -> None:
    told: list[str] = []
    keys = Keys(told.append)
    keys.begin()
    carried = [keys.redeem(told[-1]) or "" for _ in range(MOST_BROWSERS + 1)]
    assert [keys.knows(c) for c in carried] == [False, *[True] * MOST_BROWSERS]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("[::1]", True),
        ("unix:///run/backcheck.sock", True),
        (None, False),
        ("", False),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.7", False),
        ("backcheck.example", False),
        ("localhost.example", False),
    ],
)
def test_what_only_this_computer_reaches(address: str | None, expected: bool) -> None:
    assert is_this_computer(address) is expected


# --- the server ---------------------------------------------------------------------------------


@pytest.mark.clips
def test_without_a_certificate_it_does_not_start_for_others(tmp_path: Path) -> None:
    server, app = begin_app(tmp_path, free_port(), "--server.address=0.0.0.0")
    assert server.wait(60) == 1
    printed = app.log.read_text(encoding="utf-8")
    assert "BackCheck is for this computer alone, and was asked to listen at 0.0.0.0." in printed
    assert "--server.sslCertFile" in printed
    assert "Traceback" not in printed
    assert "external IP" not in printed, "nobody was asked which address this computer has"


@pytest.mark.clips
def test_the_command_line_says_so_too(checker: Run) -> None:
    done = checker("app", "--address", "192.168.1.7", "--server.headless=true")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "asked to listen at 192.168.1.7" in done.stderr


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app with a certificate of its own, open to others."""
    openssl = shutil.which("openssl")
    if openssl is None or sys.platform == "win32":
        pytest.skip("NO openssl ON THIS MACHINE: a server that others reach was NOT tested")
    folder = tmp_path_factory.mktemp("shared")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    about = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    made = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", *about]
    subprocess.run([*made, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    tls = [f"--server.sslCertFile={certificate}", f"--server.sslKeyFile={key}", "--server.address=0.0.0.0"]
    server, app = begin_app(folder, free_port(), *tls)
    until(lambda: "key=" in app.log.read_text(encoding="utf-8"))
    until(lambda: _answers(app))
    yield app
    server.terminate()
    server.wait(30)


def _answers(app: App) -> bool:
    try:
        return ask(app, "/")[0] > 0
    except OSError:
        return False


def ask(
    app: App, path: str, method: str = "GET", body: str = "", cookie: str = "", origin: bool = True
) -> tuple[int, str, str]:
    """Status, text and cookie of an answer."""
    host = app.url.removeprefix("http://")
    context = ssl.create_default_context(cafile=str(app.folders / "certificate.pem"))
    connection = http.client.HTTPSConnection(host, timeout=ANSWER_S, context=context)
    headers = {"Origin": f"https://{host}"} if origin else {}
    connection.request(method, path, body, headers | ({"Cookie": cookie} if cookie else {}))
    answer = connection.getresponse()
    text = answer.read().decode("utf-8", errors="replace")
    connection.close()
    return answer.status, text, answer.headers.get("Set-Cookie", "")


def newest_key(app: App) -> str:
    return re.findall(r"/\?key=([\w-]+)", app.log.read_text(encoding="utf-8"))[-1]


@pytest.mark.clips
def test_others_get_in_by_a_link_that_works_once(shared: App) -> None:
    for path in ("/", "/_stcore/health", "/live/js/link.js", "/?key=guessed"):
        status, text, _ = ask(shared, path)
        assert status == 403
        assert "opened by a link" in text
    key = newest_key(shared)
    status, page, cookie = ask(shared, f"/?key={key}")
    assert (status, cookie) == (200, ""), "a messenger that looks at the link does not use it up"
    assert key in page
    assert ask(shared, "/open", "POST", f"key={key}", origin=False)[0] == 403
    status, _, cookie = ask(shared, "/open", "POST", f"key={key}")
    assert status == 303
    assert cookie.startswith(f"{COOKIE}=")
    assert {"Secure", "HttpOnly", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    carried = cookie.partition(";")[0]
    assert ask(shared, "/", cookie=carried)[0] == 200
    assert ask(shared, "/_stcore/health", cookie=carried)[0] == 200
    assert ask(shared, "/", cookie=f"{COOKIE}=guessed")[0] == 403
    assert ask(shared, "/open", "POST", f"key={key}")[0] == 403, "once"
    until(lambda: newest_key(shared) != key)
