"""Uploads: on disk as they arrive, bounded for all together, gone with their owner."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import run_async, until
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.service import uploads as uploads_module
from checker.service.uploads import MOST_ARRIVING, MOST_OF_ONE, UploadRefusedError, Uploads, patient
from checker.ui import uploads as ui_uploads
from checker.ui.uploads import FRAMING_BYTES, _Form, _FormError

FILE = bytes(range(256)) * 5000
GRACE_S = 0.2


@pytest.fixture
def waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Uploads:
    monkeypatch.setattr(uploads_module, "jobs", lambda: SimpleNamespace(grace_s=GRACE_S))
    return Uploads(tmp_path, most_bytes=3 * len(FILE), left_free_bytes=0)


async def pieces(content: bytes, size: int = 1000) -> AsyncIterator[bytes]:
    for i in range(0, len(content), size):
        yield content[i : i + size]


def hand_in(waiting: Uploads, owner: str, key: str, content: bytes = FILE) -> None:
    run_async(waiting.receive(owner, key, pieces(content)))


def there(folder: Path) -> list[Path]:
    return list(folder.iterdir())


# --- waiting ------------------------------------------------------------------------------------


def test_a_file_is_taken_whole_and_once(waiting: Uploads, tmp_path: Path) -> None:
    hand_in(waiting, "anna", "key")
    assert not waiting.take("another", tmp_path / "video")
    assert waiting.take("key", tmp_path / "video")
    assert (tmp_path / "video").read_bytes() == FILE
    assert not waiting.take("key", tmp_path / "again")
    assert there(tmp_path) == [tmp_path / "video"]


def test_an_empty_file_is_a_file(waiting: Uploads, tmp_path: Path) -> None:
    hand_in(waiting, "anna", "key", b"")
    assert waiting.take("key", tmp_path / "video")
    assert (tmp_path / "video").read_bytes() == b""


def test_nothing_can_be_taken_while_it_arrives(waiting: Uploads, tmp_path: Path) -> None:
    async def look_in_between() -> AsyncIterator[bytes]:
        yield FILE
        assert not waiting.take("key", tmp_path / "video")
        assert len(there(tmp_path)) == 1
        yield FILE

    run_async(waiting.receive("anna", "key", look_in_between()))
    assert waiting.take("key", tmp_path / "video")


def test_all_together_have_an_end_and_one_more_is_refused(waiting: Uploads, tmp_path: Path) -> None:
    for n in range(3):
        hand_in(waiting, f"owner {n}", f"key {n}")
    with pytest.raises(UploadRefusedError, match="Too many videos wait") as refused:
        hand_in(waiting, "one more", "key")
    assert refused.value.status == 507
    assert len(there(tmp_path)) == 3, "nothing is left of what was refused"
    waiting.discard("owner 0", "key 0")
    hand_in(waiting, "one more", "key")


def test_the_disk_is_never_filled(tmp_path: Path) -> None:
    careful = Uploads(tmp_path, left_free_bytes=10**18)
    with pytest.raises(UploadRefusedError, match="nearly full"):
        hand_in(careful, "anna", "key")
    assert there(tmp_path) == []


def test_a_disk_that_fails_is_told(waiting: Uploads, tmp_path: Path) -> None:
    gone = Uploads(tmp_path / "not there", left_free_bytes=0)
    with pytest.raises(UploadRefusedError, match="could not be stored"):
        hand_in(gone, "anna", "key")


def test_one_owner_has_only_so_many(waiting: Uploads, tmp_path: Path) -> None:
    for n in range(MOST_OF_ONE + 2):
        hand_in(waiting, "anna", f"key {n}", b"x")
    assert len(there(tmp_path)) == MOST_OF_ONE
    assert waiting.take(f"key {MOST_OF_ONE + 1}", tmp_path / "the last one")


def test_only_so_many_arrive_at_a_time(waiting: Uploads, tmp_path: Path) -> None:
    async def all_at_once() -> list[object]:
        begun = asyncio.Event()

        async def slowly() -> AsyncIterator[bytes]:
            yield b"x"
            await begun.wait()

        tasks = [asyncio.create_task(waiting.receive(f"o{n}", f"k{n}", slowly())) for n in range(MOST_ARRIVING + 1)]
        await asyncio.sleep(0.05)
        begun.set()
        return list(await asyncio.gather(*tasks, return_exceptions=True))

    results = run_async(all_at_once())
    refused = [r for r in results if r is not None]
    assert len(refused) == 1
    assert isinstance(refused[0], UploadRefusedError)


def test_what_is_not_wanted_any_more_ends_while_it_arrives(waiting: Uploads, tmp_path: Path) -> None:
    async def taken_back() -> AsyncIterator[bytes]:
        yield FILE
        waiting.discard("anna", "key")
        yield FILE

    with pytest.raises(UploadRefusedError, match="not wanted"):
        run_async(waiting.receive("anna", "key", taken_back()))
    assert there(tmp_path) == []


def test_nobody_elses_file_is_deleted_or_replaced(waiting: Uploads, tmp_path: Path) -> None:
    hand_in(waiting, "anna", "key")
    waiting.discard("ben", "key")
    for owner in ("ben", "anna"):
        with pytest.raises(UploadRefusedError, match="already") as refused:
            hand_in(waiting, owner, "key", b"another")
        assert refused.value.status == 409
    assert waiting.take("key", tmp_path / "video")
    assert (tmp_path / "video").read_bytes() == FILE


def test_one_that_ends_takes_the_next_one_of_its_key_not_along(waiting: Uploads, tmp_path: Path) -> None:
    async def taken_back_and_begun_anew() -> AsyncIterator[bytes]:
        yield FILE
        waiting.discard("anna", "key")
        await waiting.receive("anna", "key", pieces(b"the next one"))
        yield FILE

    with pytest.raises(UploadRefusedError, match="not wanted"):
        run_async(waiting.receive("anna", "key", taken_back_and_begun_anew()))
    assert waiting.take("key", tmp_path / "video")
    assert (tmp_path / "video").read_bytes() == b"the next one"


@pytest.mark.parametrize(
    ("session", "page", "stays"), [("anna", True, False), ("anna", False, True), ("ben", True, True)]
)
def test_only_its_own_page_deletes_a_file(
    waiting: Uploads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, session: str, page: bool, stays: bool
) -> None:
    monkeypatch.setattr(ui_uploads, "uploads", lambda: waiting)
    monkeypatch.setattr(ui_uploads, "_is_of_a_page", lambda _: page)
    hand_in(waiting, "anna", "key")
    scope = {"type": "http", "method": "DELETE", "path": f"/_stcore/upload_file/{session}/key", "headers": []}

    async def streamlits_own(*_: object) -> None:
        pass

    run_async(ui_uploads.StreamedUploads(streamlits_own)(scope, None, None))  # type: ignore[arg-type]
    assert bool(there(tmp_path)) is stays


def test_a_torn_connection_leaves_nothing(waiting: Uploads, tmp_path: Path) -> None:
    async def torn() -> AsyncIterator[bytes]:
        yield FILE
        raise ConnectionResetError

    with pytest.raises((ConnectionResetError, UploadRefusedError)):
        run_async(waiting.receive("anna", "key", torn()))
    assert there(tmp_path) == []


def test_of_whom_nothing_comes_is_not_waited_for(waiting: Uploads, tmp_path: Path) -> None:
    async def asleep() -> AsyncIterator[bytes]:
        yield FILE
        await asyncio.sleep(600)

    with pytest.raises(UploadRefusedError, match="Nothing more"):
        run_async(waiting.receive("anna", "key", patient(asleep(), 0.05)))
    assert there(tmp_path) == []


@pytest.mark.parametrize(("piece", "taken"), [(b"x", False), (b"x" * 2000, True)])
def test_who_sends_byte_by_byte_is_not_waited_for_either(
    waiting: Uploads, tmp_path: Path, piece: bytes, taken: bool
) -> None:
    async def slowly() -> AsyncIterator[bytes]:
        for _ in range(30):
            await asyncio.sleep(0.01)
            yield piece

    arriving = waiting.receive("anna", "key", patient(slowly(), 0.05))
    if taken:
        run_async(arriving)
    else:
        with pytest.raises(UploadRefusedError, match="too slowly") as refused:
            run_async(arriving)
        assert refused.value.status == 408
    assert len(there(tmp_path)) == taken


def test_who_leaves_and_does_not_come_back_leaves_nothing(waiting: Uploads, tmp_path: Path) -> None:
    for owner in ("anna", "ben"):
        hand_in(waiting, owner, owner)
        waiting.release(owner)
    waiting.hold("ben")
    until(lambda: len(there(tmp_path)) == 1, 10.0)
    assert waiting.take("ben", tmp_path / "his")


# --- the form -----------------------------------------------------------------------------------


def form(parts: Iterable[tuple[str, bytes]], boundary: str = "xyz", end: str = "--") -> bytes:
    """A form as a browser sends it."""
    body = b"".join(
        f"--{boundary}\r\nContent-Disposition: form-data; {about}\r\n\r\n".encode() + content + b"\r\n"
        for about, content in parts
    )
    return body + f"--{boundary}{end}\r\n".encode()


def read(body: bytes, kind: str = "multipart/form-data; boundary=xyz", size: int = 7, most: int = 10**6) -> bytes:
    """The file of a form that comes in pieces of that size."""

    async def received() -> bytes:
        request = SimpleNamespace(headers={"content-type": kind}, stream=lambda: pieces(body, size))
        found = _Form(request, most)  # type: ignore[arg-type]
        return b"".join([piece async for piece in found.chunks()])

    return run_async(received())


@settings(max_examples=60, deadline=None)
@given(content=st.binary(max_size=3000), size=st.integers(1, 500))
def test_the_file_of_a_form_comes_out_as_it_was(content: bytes, size: int) -> None:
    assert read(form([('name="file"; filename="a.mp4"', content)]), size=size) == content


@pytest.mark.parametrize("content", [b"\r\n--xy", b"--xyz", b"\r\n", b"\r\n--xyzz", b"--"])
def test_a_file_may_hold_what_looks_like_the_end(content: bytes) -> None:
    assert read(form([('name="file"; filename="a.mp4"', content + b".")])) == content + b"."


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no form",
        form([]),
        form([('name="file"', b"no file name")]),
        form([('name="a"; filename="a"', b"a"), ('name="b"; filename="b"', b"b")]),
        form([('name="file"; filename="a.mp4"', b"content")], end=""),
        form([('name="file"; filename="a.mp4"', b"content")])[:-10],
        form([('name="file"; filename="a.mp4"', b"content")], boundary="other"),
        b"--xyz\r\n" + b"x" * 100_000,
        b"--xyz\r\n" + b"a: b\r\n" * 10_000,
    ],
    ids=["nothing", "none", "empty", "a field", "two", "no end", "torn", "another", "long header", "many headers"],
)
def test_a_form_without_one_whole_file_is_refused(body: bytes) -> None:
    with pytest.raises((_FormError, ValueError)) as refused:
        read(body)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "multipart/form-data", "multipart/form-data; boundary=" + "x" * 300]
)
def test_what_is_no_form_is_refused(kind: str) -> None:
    with pytest.raises((_FormError, ValueError)):
        read(form([('name="file"; filename="a.mp4"', b"content")]), kind)


def test_a_file_that_is_too_large_is_refused() -> None:
    with pytest.raises(UploadRefusedError, match="At most"):
        read(form([('name="file"; filename="a.mp4"', b"x" * 1001)]), most=1000)


def test_what_comes_beside_the_file_has_an_end_too() -> None:
    beside = b"x" * (FRAMING_BYTES + 2000)
    with pytest.raises(UploadRefusedError, match="At most"):
        read(form([('name="note"', beside), ('name="file"; filename="a.mp4"', b"x")]), size=10_000, most=1000)
