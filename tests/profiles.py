"""Profiles of a browser that are used again, one visitor after the other.

A visitor finds nothing of the last one: no cookie, nothing that a page kept. What never changes, the scripts that every
page consists of, is loaded and compiled once: that is two thirds of what a page costs the machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, Page
from runs import HEAR_RUNS
from waiting import WAIT_MS

LAPTOP: Final = (1366, 768)

KEPT_BY_PAGES: Final = "cookies,local_storage,indexeddb,cache_storage,service_workers,file_systems,shader_cache"
"""Whatever a page can leave behind (Chrome DevTools Protocol, `Storage.StorageType`), but not the cache of files."""


class Profiles:
    """The profiles of one browser."""

    def __init__(self, browser: Browser) -> None:
        """None yet."""
        self.browser = browser
        self._free: dict[bool, list[BrowserContext]] = {True: [], False: []}  # with touch, and without
        self.in_use = 0

    @contextmanager
    def visitor(
        self,
        size: tuple[int, int] = LAPTOP,
        *,
        touch: bool = False,
        scheme: Any = None,
        motion: Any = None,
        first: bool = False,
    ) -> Iterator[Page]:
        """A page in a profile of its own, as long as it is needed; further pages are those of its context.

        Args:
            size: of the window, pixels.
            touch: whether it has a touch screen.
            scheme: "light" or "dark", as the computer is.
            motion: "reduce" for somebody who wants no motion.
            first: whether it is their very first visit: nothing is loaded yet. Nobody has the profile after them: the
                clock of its pages may be stopped.
        """
        free = self._free[touch]
        context = free.pop() if free and not first else self.browser.new_context(has_touch=touch)
        context.set_default_timeout(WAIT_MS)
        page = context.new_page()
        page.add_init_script(HEAR_RUNS)
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme=scheme, reduced_motion=motion)
        self.in_use += 1
        try:
            yield page
        finally:
            self.in_use -= 1
            if first:
                context.close()
            elif self.browser.is_connected() and context in self.browser.contexts:
                _forget(context)
                free.append(context)

    def close(self) -> None:
        """Close the browser, if nobody has."""
        if self.browser.is_connected():
            self.browser.close()


def _forget(context: BrowserContext) -> None:
    """Close the pages, and leave nothing of what they kept."""
    for page in context.pages:
        page.close()
    context.clear_permissions()
    context.set_offline(False)
    blank = context.new_page()
    context.new_cdp_session(blank).send("Storage.clearDataForOrigin", {"origin": "*", "storageTypes": KEPT_BY_PAGES})
    context.clear_cookies()
    blank.close()
