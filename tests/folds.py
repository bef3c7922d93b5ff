"""Opening what a page has folded away."""

from __future__ import annotations

from playwright.sync_api import Locator, Page
from runs import settled

AT_REST = "details => details.getAnimations().length === 0"


def unfold(place: Page | Locator, words: str) -> None:
    """Open the part of a page with these words above it, if it is not, and wait until it has stopped moving.

    It slides open: what is pressed meanwhile may have moved away before the press ends.
    """
    page = place if isinstance(place, Page) else place.page
    settled(page)
    found = place.locator("details", has=page.locator("summary", has_text=words))
    page.wait_for_function(AT_REST, arg=found.element_handle())
    if found.get_attribute("open") is None:
        found.locator("summary", has_text=words).click()
        found.and_(page.locator("[open]")).wait_for()
    page.wait_for_function(AT_REST, arg=found.element_handle())
