"""The pages to read in a real browser: each opens, leads on, comes back, and fits a telephone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from checker.library import find_exercise
from checker.words.learning import FIRST_PAGE, TOPICS, learn_page, learn_pages

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]
AT_THE_TOP = "() => document.querySelector('[data-testid=stMain]').scrollTop === 0"


def named(page: Page, title: str) -> None:
    """Wait for the page with this heading, and its address."""
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def title(page_id: str) -> str:
    found = learn_page(page_id)
    assert found is not None
    return found.title


def test_the_list_has_every_page_and_seeing_somebody_first(open_page: OpenPage) -> None:
    page = open_page("learn")
    cards = page.locator("[class*=st-key-card-learn-]")
    expect(cards).to_have_count(len(learn_pages()))
    for card, one in zip(cards.all(), learn_pages(), strict=True):
        expect(card).to_contain_text(one.title)
        expect(card).to_contain_text(one.summary)
    expect(cards.first).to_contain_text(title(FIRST_PAGE))
    for heading in TOPICS.values():
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()


@pytest.mark.parametrize("width", [1366, 390])
def test_every_page_opens_at_its_address_and_shows_all_its_words(open_page: OpenPage, width: int) -> None:
    page = open_page("learn", width=width)
    base = page.url
    for one in learn_pages():
        page.goto(f"{base}?topic={one.id}")
        named(page, one.title)
        page.get_by_text("Where this comes from").wait_for()
        body = page.locator("body")
        for line in one.words.split("\n"):
            expect(body).to_contain_text(line, use_inner_text=True)
        drawn = sum(part.drawing is not None for part in one.sections) + (one.drawing is not None)
        expect(page.locator(".bc-picture img")).to_have_count(drawn)
        assert page.locator("[data-testid=stAlert]").count() == 0
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth <= window.innerWidth")


def test_reading_on_begins_at_the_top_and_goes_back(open_page: OpenPage) -> None:
    page = open_page("learn")
    page.get_by_role("button", name=title("tablets_and_belts")).click()
    named(page, title("tablets_and_belts"))
    expect(page).to_have_url(re.compile(r"/learn\?topic=tablets_and_belts$"))
    page.wait_for_function(AT_THE_TOP)

    page.get_by_role("button", name=title("why_it_comes_back")).click()
    named(page, title("why_it_comes_back"))
    page.wait_for_function(AT_THE_TOP)
    expect(page.get_by_role("img", name=re.compile("A tower of wooden blocks"))).to_be_visible()
    page.get_by_role("button", name=title(FIRST_PAGE)).click()
    named(page, title(FIRST_PAGE))
    page.go_back()
    named(page, title("why_it_comes_back"))
    page.get_by_role("button", name="All pages").click()
    named(page, "Learn")
    expect(page).to_have_url(re.compile(r"/learn$"))


def test_a_page_leads_to_its_movements_and_back(open_page: OpenPage) -> None:
    page = open_page("learn?topic=lifting_and_bending")
    lifting = find_exercise("safe_lifting")
    page.get_by_role("link", name=lifting.name).click()
    named(page, lifting.name)
    expect(page).to_have_url(re.compile(r"/movement\?movement=safe_lifting$"))
    page.get_by_role("link", name=title("lifting_and_bending")).click()
    named(page, title("lifting_and_bending"))
    expect(page).to_have_url(re.compile(r"/learn\?topic=lifting_and_bending$"))
    page.go_back()
    named(page, lifting.name)


def test_an_address_that_leads_nowhere_shows_the_list(open_page: OpenPage) -> None:
    page = open_page("learn?topic=../../etc/passwd")
    named(page, "Learn")
    expect(page.get_by_role("alert")).to_contain_text("There is no such page here.")
    expect(page.get_by_role("button", name=title(FIRST_PAGE))).to_be_visible()
