"""An exercise file from anybody, in a real browser: its texts are read as they stand, on every page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import tomlkit
from app_server import ROOT, App
from conftest import SAMPLES
from playwright.sync_api import Page, expect
from waiting import RESULT_MS

from checker.exercise import Exercise

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser

ELSEWHERE = "elsewhere.example"
MARKUP = (
    f"![pic](http://{ELSEWHERE}/a.png) [link](http://{ELSEWHERE}) <img src='http://{ELSEWHERE}/b.png'> "
    f"<a href='http://{ELSEWHERE}'>a</a> www.{ELSEWHERE} :material/home: $x$ **bold**"
)
TEXTS = {"name", "summary", "why", "cue", "note", "source", "tempo", "caption", "expected", "out_of_reach", "text"}
LISTS = {"steps", "camera", "cautions", "stop", "sources", "equipment"}
FOREIGN = f'img[src*="{ELSEWHERE}"], a[href*="{ELSEWHERE}"], a[href^="mailto"], .katex'

OpenPage = Callable[..., Page]


def spoil(node: Any) -> None:
    """Put markup behind every text that a page shows."""
    for key, value in list(node.items()):
        if key in TEXTS:
            node[key] = f"{value} {MARKUP}"
        elif key in LISTS:
            node[key] = [f"{line} {MARKUP}" for line in value]
        elif isinstance(value, list):
            for entry in value:
                if hasattr(entry, "items"):
                    spoil(entry)
        elif hasattr(value, "items"):
            spoil(value)


@pytest.fixture
def hostile(app: App) -> Iterator[str]:
    """The id of a side bend whose texts are full of markup."""
    about = tomlkit.parse((ROOT / "exercises" / "standing_side_bend.toml").read_text(encoding="utf-8"))
    about["equipment"] = ["a mat"]
    about["faults"][2]["out_of_reach"] = "Stand further away."
    about["precautions"] = [
        {
            "condition": "osteoporosis",
            "action": "leave_out",
            "text": "Leave it.",
            "source": "a test",
            "status": "clinical judgement",
        }
    ]
    spoil(about)
    about["id"] = "hostile_bend"
    app.own.mkdir(exist_ok=True)
    path = app.own / "hostile_bend.toml"
    path.write_text(tomlkit.dumps(about), encoding="utf-8")
    yield "hostile_bend"
    path.unlink()


def test_no_text_of_a_file_is_left_out() -> None:
    schema = Exercise.model_json_schema()
    models = [schema, *schema["$defs"].values()]
    texts = {n for m in models for n, about in m.get("properties", {}).items() if '"minLength": 3' in json.dumps(about)}
    assert texts == TEXTS | LISTS


def expect_text_alone(page: Page) -> None:
    """Nothing in the page leads, or asks, elsewhere; what was written is read as it stands."""
    expect(page.get_by_text("![pic](http").first).to_be_visible()
    expect(page.locator(FOREIGN)).to_have_count(0)


def test_a_file_from_anybody_is_text_on_every_page(open_page: OpenPage, hostile: str) -> None:
    page = open_page("movements")
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if "Content Security" in message.text else None)
    expect(page.get_by_text("![pic](http").first).to_be_visible()
    for place in ("movement", "timer", "camera"):
        page.goto(f"{page.url.split('/')[0]}//{page.url.split('/')[2]}/{place}?movement={hostile}")
        page.get_by_role("heading", level=1).wait_for()
        expect_text_alone(page)

    page.goto(f"{page.url.split('/')[0]}//{page.url.split('/')[2]}/review")
    choice = page.get_by_role("combobox", name="Movement")
    choice.fill("![pic]")
    page.get_by_role("option").first.click()
    expect_text_alone(page)
    page.locator("input[type=file]").set_input_files(SAMPLES / "side_bend__knee_bend__ben.mp4")
    page.get_by_role("button", name="Measure this video").click()
    page.get_by_text("Take it with you").wait_for(timeout=RESULT_MS)
    page.locator(".bcp[data-drawn]").wait_for()
    expect(page.get_by_text("Next time: Keep your knees straight").first).to_be_visible()
    expect_text_alone(page)
    assert errors == [], "the page tried what its policy forbids"
