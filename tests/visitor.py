"""Somebody in one browser window who goes from page to page, and what they see there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Page
from runs import settled

GO: Final = """
  (path) => { // as the browser's own way back does: the page stays loaded, and whoever was chosen stays chosen
    if (location.pathname + location.search === path) return false;
    history.pushState({}, "", path);
    dispatchEvent(new PopStateEvent("popstate", { state: {} }));
    return true;
  }
"""

LOOK: Final = """
  async () => {
    for (let i = 0; i < 2; i += 1) await new Promise(requestAnimationFrame);
    const main = document.querySelector("[data-testid=stMain]");
    const words = (of) => {
      const copy = of.cloneNode(true);
      copy.querySelectorAll("[data-testid=stIconMaterial]").forEach((icon) => icon.remove());
      return copy.textContent.trim();
    };
    const all = (what) => [...main.querySelectorAll(what)].filter((one) => one.checkVisibility());
    const buttons = all("button");
    return {
      headings: all("h1, h2").map(words),
      enabled: buttons.filter((one) => !one.disabled).map(words),
      disabled: buttons.filter((one) => one.disabled).map(words),
      links: all("a").map(words),
      text: main.innerText.replace(/\\s+/g, " "),
    };
  }
"""


@dataclass(frozen=True)
class Seen:
    """What a page shows."""

    headings: list[str]
    enabled: list[str]
    disabled: list[str]
    links: list[str]
    text: str


class Visitor:
    """Somebody in one window, who goes from page to page."""

    def __init__(self, page: Page, url: str) -> None:
        """Open the app in a page that hears its runs."""
        self.page = page
        page.goto(url)
        page.get_by_role("heading", level=1).first.wait_for()

    def be(self, name: str) -> None:
        """Be the one with this name from now on."""
        self.open("")
        somebody_else = self.page.get_by_role("button", name="Somebody else")
        if somebody_else.count():
            somebody_else.click()
        self.page.get_by_role("button", name=name, exact=True).click()
        self.page.locator(".st-key-who").get_by_text(name, exact=True).wait_for()
        settled(self.page)

    def open(self, path: str) -> Seen:
        """Go to a page, and look at it."""
        settled(self.page)
        before = self.page.evaluate("runs.ended")
        if self.page.evaluate(GO, f"/{path}"):
            self.page.wait_for_function("before => runs.ended > before", arg=before)
        return self.look()

    def look(self) -> Seen:
        """What is there, once nothing changes any more."""
        settled(self.page)
        last: dict[str, Any] = {}
        while last != (now := self.page.evaluate(LOOK)):
            last = now
        return Seen(**now)
