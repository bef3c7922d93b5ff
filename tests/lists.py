"""Choosing from a list of a page."""

from __future__ import annotations

import time

from playwright.sync_api import Locator, Page, TimeoutError
from runs import settled
from waiting import WAIT_MS

TRY_MS = 5_000


def choose_from(place: Page | Locator, label: str, option: str, exact: bool = False) -> None:
    """Choose an option of the list with this label. A list that a run of the page closes is opened once more.

    Args:
        place: the page, or the part of it in which the list is.
        label: of the list.
        option: its words.
        exact: whether they are all of its words, letter by letter.
    """
    page = place if isinstance(place, Page) else place.page
    box = place.get_by_role("combobox", name=label).first
    deadline = time.monotonic() + WAIT_MS / 1000
    while True:
        settled(page)
        box.click()
        box.fill(option)  # in a long list its neighbours may lie above it
        try:
            page.get_by_role("option", name=option, exact=exact).first.click(timeout=TRY_MS)
        except TimeoutError:
            if time.monotonic() > deadline:
                raise
            page.keyboard.press("Escape")
        else:
            break
    settled(page)
