"""The side bend of one who bends 13 degrees to the left and 30 to the right, as pages show it."""

from __future__ import annotations

from conftest import until
from playwright.sync_api import Page
from waiting import RESULT_MS

TRUE_DEG = {"left": 13.0, "right": 30.0}
STATED_DEG = 3.0


def shown_deg(page: Page) -> dict[str, float]:
    """What stands on the card of the side bend."""
    cells = page.locator('[data-measure="trunk_lateral_flexion"]')
    told = {side: cells.locator(f'[data-side="{side}"]').inner_text() for side in ("left", "right")}
    return {side: float(text.partition("°")[0]) for side, text in told.items()}


def expect_right(page: Page) -> None:
    """Wait until each side has its own truth."""
    until(lambda: all(abs(deg - TRUE_DEG[side]) <= STATED_DEG for side, deg in shown_deg(page).items()))


def expect_as_it_looks(page: Page) -> None:
    """Wait until the sides are those of the picture as it was taken: the other way round."""
    until(lambda: shown_deg(page)["left"] > shown_deg(page)["right"])


def drawn(page: Page) -> None:
    """Wait for a result with its video."""
    page.locator(".bcp[data-drawn]").wait_for(timeout=RESULT_MS)
    page.wait_for_function("() => document.querySelector('.bcp video').readyState >= 2")


def swap(page: Page) -> None:
    """Press the button, and wait until the other result is there."""
    before = page.locator(".bcp video").get_attribute("src")
    page.get_by_role("button", name="Swap left and right").click()
    page.wait_for_function(
        "was => ![null, undefined, was].includes(document.querySelector('.bcp video')?.getAttribute('src'))",
        arg=before,
        timeout=RESULT_MS,
    )
    drawn(page)
