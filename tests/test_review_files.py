"""The video of a review is its page's alone, and only as long as the page looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from conftest import run_async
from starlette.applications import Starlette
from starlette.testclient import TestClient

from checker.service.clinic.desk import Desk
from checker.service.files import FILE_ROUTES, offer, owner_of_review, withdraw_of
from checker.ui.clinic.within import StreamlitWithin


@pytest.fixture
def client() -> Iterator[TestClient]:
    yield TestClient(Starlette(routes=FILE_ROUTES))
    for name in ("pat", "sam"):
        withdraw_of(name)


def owned_by(path: str) -> object:
    return run_async(StreamlitWithin(cast(Desk, None)).owned_by({"type": "http", "path": path}))


def test_a_page_gives_the_video_of_one_review_at_a_time(client: TestClient, tmp_path: Path) -> None:
    for name in ("one.mp4", "two.mp4"):
        (tmp_path / name).write_bytes(name.encode())
    first = offer("token-1", tmp_path / "one.mp4", "pat")
    assert client.get(first).content == b"one.mp4"
    other = offer("token-2", tmp_path / "one.mp4", "sam")
    second = offer("token-3", tmp_path / "two.mp4", "pat")
    assert client.get(first).status_code == 404
    assert client.get(second).content == b"two.mp4"
    withdraw_of("pat")
    assert client.get(second).status_code == 404
    assert client.get(other).status_code == 200


def test_in_a_clinic_it_is_known_whose_it_is(client: TestClient, tmp_path: Path) -> None:
    path = offer("token-4", tmp_path / "one.mp4", "pat")
    assert owner_of_review("token-4") == "pat"
    assert owned_by(path) == {"pat"}
    assert owned_by("/reviews/unknown/video") == ()


@pytest.mark.parametrize(("name", "kind"), [("a.mp4", "video/mp4"), ("a.html", "application/octet-stream")])
def test_whatever_its_name_it_is_given_as_a_video_or_as_bytes(
    client: TestClient, tmp_path: Path, name: str, kind: str
) -> None:
    (tmp_path / name).write_bytes(b"<script>alert(1)</script>")
    assert client.get(offer("token-5", tmp_path / name, "sam")).headers["content-type"] == kind
