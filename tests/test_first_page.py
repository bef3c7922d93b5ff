"""The page that everything begins with, as the app's server sends it: with its look; all else is Streamlit's own."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from app_server import App, free_port, running_app

from checker.ui.first_page import LOOK, LOOK_URL, SOON, STATIC, STREAMLITS, modules, own_scripts, with_look

pytestmark = pytest.mark.clips

ANSWER_S = 30.0
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Encoding": "gzip, deflate, br"}
"""What one says that opens a page."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running_app(tmp_path_factory.mktemp("first"), free_port()) as running:
        yield running


def ask(app: App, path: str, method: str = "GET", **headers: str) -> Answer:
    connection = http.client.HTTPConnection(app.url.removeprefix("http://"), timeout=ANSWER_S)
    connection.request(method, path, headers=BROWSER | headers)
    answer = connection.getresponse()
    found = Answer(answer.status, answer.headers, answer.read())
    connection.close()
    return found


@pytest.mark.parametrize("path", ["/", "/movements", "/movement?movement=bridge", "/nothing"])
def test_every_page_comes_with_its_look_before_anything_of_it(app: App, path: str) -> None:
    found = ask(app, path)
    assert found.body == with_look(STREAMLITS)
    assert int(found.headers["Content-Length"]) == len(found.body)
    assert found.headers["Cache-Control"] == "no-cache"
    assert found.body.index(LOOK_URL.encode()) < found.body.index(b'<div id="root">')


def test_the_look_is_the_one_file_and_may_be_kept(app: App) -> None:
    found = ask(app, LOOK_URL, Accept="text/css,*/*;q=0.1", **{"Accept-Encoding": "identity"})
    assert found.body == LOOK.read_bytes()
    assert found.headers["Content-Type"].startswith("text/css")
    assert "immutable" in found.headers["Cache-Control"]


def test_a_browser_that_has_streamlits_page_is_given_ours(app: App) -> None:
    plain = ask(app, "/index.html", Accept="*/*")
    assert plain.headers["ETag"]
    again = ask(app, "/index.html", **{"If-None-Match": plain.headers["ETag"]})
    assert (again.status, again.body) == (200, with_look(STREAMLITS))
    assert again.headers["ETag"] is None
    assert again.headers["Last-Modified"] is None


@pytest.mark.parametrize("path", ["/static/js/" + modules(SOON)[0], "/_stcore/health", "/favicon.png"])
def test_all_else_passes_as_it_is(app: App, path: str) -> None:
    asked, opened = (
        ask(app, path, Accept=accept, **{"Accept-Encoding": "identity"}) for accept in ("*/*", "text/html")
    )
    assert opened.status == 200
    assert opened.body == asked.body
    assert opened.headers["ETag"] == asked.headers["ETag"]


def test_what_is_fetched_ahead_is_there(app: App) -> None:
    page = with_look(STREAMLITS).decode()
    for part in SOON:
        assert f"/static/js/{part}." in page, f"Streamlit has no part {part} any more"
    for name in modules(SOON):
        assert (STATIC / "static" / "js" / name).is_file(), name


def test_the_page_has_no_script_but_streamlits() -> None:
    assert own_scripts() == ["\n      window.prerenderReady = false\n    "]
    assert with_look(STREAMLITS).count(b"<script") == STREAMLITS.count(b"<script")
