"""When a video was filmed: as its file says, or unknown."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.video.recorded import EARLIEST, read_recorded_at

NOON = datetime(2026, 3, 4, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "moment"),
    [
        ({"creation_time": "2026-03-04T12:00:00.000000Z"}, NOON),
        ({"CREATION_TIME": "2026-03-04T12:00:00Z"}, NOON),
        (
            {"com.apple.quicktime.creationdate": "2026-03-04T14:00:00+0200", "creation_time": "2026-01-01T00:00:00Z"},
            NOON,
        ),
        ({"creation_time": "1904-01-01T00:00:00.000000Z"}, None),
        ({"creation_time": "1970-01-01T00:00:00.000000Z"}, None),
        ({"creation_time": "2026-03-04T12:00:00"}, None),
        ({"creation_time": "0001-01-01T00:00:00+23:00"}, None),
        ({"creation_time": "soon"}, None),
        ({}, None),
    ],
)
def test_what_the_file_says_is_believed_where_it_can_be(told: dict[str, str], moment: datetime | None) -> None:
    assert read_recorded_at(told) == moment


@given(st.text(), st.text())
def test_any_words_are_a_moment_or_none(apple: str, usual: str) -> None:
    found = read_recorded_at({"com.apple.quicktime.creationdate": apple, "creation_time": usual})
    assert found is None or found >= EARLIEST
