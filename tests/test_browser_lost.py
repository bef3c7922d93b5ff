"""A camera page whose connection is cut at the worst moment: nothing that was done is lost, nobody waits for ever."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from camera_page import Filmed, begin, of_session, results, says, stage
from playwright.sync_api import Page, WebSocketRoute, expect
from waiting import WAIT_MS, was_shown

pytest_plugins = ["camera_page"]
pytestmark = pytest.mark.browser


@dataclass
class Network:
    """What lies between a camera page and its server, of which a test has the cable in its hands."""

    socket: WebSocketRoute | None = None
    opened: int = 0
    heard: str = ""
    """Texts of the page."""
    cut: bool = False

    def lie_between(self, page: Page) -> None:
        """Take every socket of a session that the page opens from now on."""
        page.route_web_socket("**/live/ws", self._open)

    def _open(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        self.socket, self.cut, self.opened = socket, False, self.opened + 1

        def on(message: str | bytes) -> None:
            self.heard += message if isinstance(message, str) else ""
            if not self.is_dead(socket):
                server.send(message)

        socket.on_message(on)
        server.on_message(lambda message: None if self.is_dead(socket) else socket.send(message))

    def is_dead(self, socket: WebSocketRoute) -> bool:
        """Whether nothing comes through, and nobody is told so."""
        return self.cut and socket is self.socket


def test_pings_without_an_answer_end_no_session_and_stop_is_heard_without_a_network(
    filmed: Filmed, film: Callable[[str], Path]
) -> None:
    network = Network()
    page = filmed("standing_side_bend", film("side_bend__good"))
    network.lie_between(page)
    begin(page)
    stage(page, "moving")

    # a lid that was closed: the server's pings were not answered, and it has closed the socket with uvicorn's code
    assert network.socket is not None
    opened = network.opened
    network.socket.close(code=1011)
    page.wait_for_function("() => globalThis.camera().backcheck.reconnectedMs > 0")
    assert network.opened > opened
    expect(page.get_by_role("alertdialog")).to_be_hidden()

    # the cable is pulled, and Stop is pressed before anybody has noticed
    opened, network.cut = network.opened, True
    page.get_by_role("button", name="Stop").click()
    stage(page, "finishing")
    results(page, "Standing side bend")
    assert network.opened > opened


def test_pain_that_could_not_be_passed_on_is_told(filmed: Filmed, film: Callable[[str], Path]) -> None:
    page = filmed("standing_side_bend", film("side_bend__good"))
    begin(page)
    stage(page, "moving")
    of_session(page, "link.lostAt = performance.now() - 60_000")  # as if it had tried for a minute
    of_session(page, "marks.tell = () => false")
    page.keyboard.press(" ")
    of_session(page, "link.lose(1006)")
    page.get_by_role("alertdialog").get_by_text("1 mark of pain could not be passed on.").wait_for()


def test_a_recording_is_handed_in_though_its_session_was_judged_meanwhile(
    filmed: Filmed, film: Callable[[str], Path]
) -> None:
    network = Network()
    page = filmed("standing_side_bend", film("side_bend__good"))
    network.lie_between(page)
    begin(page, test_speed=True)
    of_session(page, "speed.decide('record')")  # as on a computer that is too slow
    stage(page, "recording")
    says(page, "I record you now.")
    of_session(page, "watch.pingedAt = -1e9")  # as if the next sign of life were due
    deadline_s = time.monotonic() + WAIT_MS / 1000
    while '"recording"' not in network.heard:  # no pictures come, and its session would be over after ten minutes
        assert time.monotonic() < deadline_s
        page.wait_for_timeout(100)  # what the page says is heard meanwhile
    of_session(page, "link.lose(4410)")  # as if it had been, and had been judged by the few pictures before
    was_shown(page, "now => now.stage === 'finishing'")
    results(page, "Standing side bend")
    page.locator(".bcp[data-drawn]").wait_for()  # of the whole recording
