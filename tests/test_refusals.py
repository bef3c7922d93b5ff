"""What the log says of those who were turned away."""

from __future__ import annotations

import logging
import re

import pytest

from checker.service.refusals import EVERY_S, MOST_KINDS, OTHERS, UNKNOWN, Refusals, host_of


class Clock:
    """A time in our hand, and what was told until then."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        self.now_s = 1000.0
        self.refusals = Refusals(lambda: self.now_s)
        self._caplog = caplog
        caplog.set_level(logging.INFO)

    def note(self, kind: str, host: str, times: int = 1) -> list[str]:
        """What is told of so many, without when."""
        self._caplog.clear()
        for _ in range(times):
            self.refusals.note(kind, host)
        told = [record.getMessage() for record in self._caplog.records]
        assert all(re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d refused ", line) for line in told)
        return [line[len("2000-01-01 00:00:00 ") :] for line in told]


@pytest.fixture
def clock(caplog: pytest.LogCaptureFixture) -> Clock:
    return Clock(caplog)


def test_one_line_a_minute_for_each_kind_and_host(clock: Clock) -> None:
    assert clock.note("No key.", "192.168.1.7", 100) == ["refused 192.168.1.7: No key."]
    assert clock.note("No key.", "192.168.1.8") == ["refused 192.168.1.8: No key."]
    assert clock.note("Foreign.", "192.168.1.7") == ["refused 192.168.1.7: Foreign."]
    clock.now_s += EVERY_S - 0.1
    assert clock.note("No key.", "192.168.1.7") == []
    clock.now_s += 0.1
    again = "refused 192.168.1.7: No key. (100 more since the last such line)"
    assert clock.note("No key.", "192.168.1.7", 3) == [again]
    assert clock.note("No key.", "192.168.1.8") == ["refused 192.168.1.8: No key."]


def test_many_hosts_fill_neither_the_log_nor_the_memory(clock: Clock) -> None:
    told = [line for n in range(5 * MOST_KINDS) for line in clock.note("No key.", f"host {n}")]
    assert len(told) == MOST_KINDS + 1
    assert told[-1] == f"refused {OTHERS}: No key."
    clock.now_s += EVERY_S
    assert clock.note("No key.", "a new one") == ["refused a new one: No key."]


@pytest.mark.parametrize(
    ("client", "told"),
    [
        (("192.168.1.7", 5000), "192.168.1.7"),
        (("::1", 5000), "::1"),
        (("fe80::1%eth0", 5000), "fe80::1"),
        (("fe80::1%\x1b[31m\nanother line", 5000), "fe80::1"),
        (("somebody\nanother line", 5000), UNKNOWN),
        (("", 0), UNKNOWN),
        (None, UNKNOWN),
    ],
)
def test_a_host_is_an_address_or_not_told(client: tuple[str, int] | None, told: str) -> None:
    assert host_of({"type": "http", "client": client}) == told
