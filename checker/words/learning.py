"""The pages to learn from: what a spasm is, what helps, and when to see somebody.

Each page is a file of `checker/words/learn/`: short, plain, and information only. A page says where it comes from, and
where it helps, so that others can lead to it.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, ValidationError, field_validator, model_validator

from checker.exercise import Picture
from checker.rules import Id, Section, Text

LEARN_DIR: Final = Path(__file__).parent / "learn"
"""The pages that BackCheck brings with it."""

FIRST_PAGE: Final = "see_somebody"
"""Stands above all others, whatever else there is."""

Topic = Literal["first", "spasm", "day", "ease"]
TOPICS: Final[dict[Topic, str]] = {
    "first": "Before anything else",
    "spasm": "The spasm",
    "day": "Through the day and the night",
    "ease": "What eases it",
}
"""In the order in which they are shown, with their headings."""

Tag = Annotated[str, Field(pattern=r"^(flare|phase_([1-9]|10)|rung_[1-9]|[a-z]+ing)$")]
"""Where a page helps: in a flare-up, in a phase, at a rung of the ladder of activities, in an activity ("sitting")."""


class LearnError(ValueError):
    """A file of a page is missing or wrong; one line says which, where and what was expected."""


class Drawing(Section):
    """A figure beside the words.

    `name` is what it shows, for those who do not see it; the other keys are those of an exercise file.
    """

    name: Text
    view: Literal["front", "side"] = "side"
    picture: Picture

    @property
    def kind(self) -> Literal["guided"]:
        """As that of a movement in which nothing is measured."""
        return "guided"


class Part(Section):
    """A heading with what stands under it: paragraphs, steps one after another or points, a drawing.

    The paragraphs stand before points, and after steps: who opens a page in pain sees first what to do.
    `urgent` sets it off from the rest: what is to be done at once.
    """

    heading: Text
    urgent: bool = False
    text: tuple[Text, ...] = ()
    steps: tuple[Text, ...] = ()
    points: tuple[Text, ...] = ()
    drawing: Drawing | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Part:
        if not self.text + self.steps + self.points:
            raise ValueError("expected text, steps or points under the heading")
        return self


class LearnPage(Section):
    """One page.

    Attributes:
        id: the name of its file.
        order: its place within its topic.
        title: a few words.
        summary: one line, for the list.
        minutes: to read it.
        drawing: the one at its top; "tower" is the tower of blocks.
        sources: where what it says comes from, as in an exercise file.
        see: ids of movements and of other pages that go with it.
        where: tags of where it helps.
    """

    id: Id
    topic: Topic
    order: int = Field(ge=1)
    title: Text
    summary: Text
    minutes: int = Field(ge=1, le=2)
    drawing: Literal["tower"] | None = None
    sections: tuple[Part, ...] = Field(min_length=1)
    sources: tuple[Text, ...] = Field(min_length=1)
    see: tuple[Id, ...] = ()
    where: tuple[Tag, ...] = ()

    @field_validator("see", "where")
    @classmethod
    def _once(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(value)) < len(value):
            raise ValueError("expected each only once")
        return value

    @property
    def words(self) -> str:
        """All that is read on the page, a line for each paragraph, step or point."""
        parts = [line for p in self.sections for line in (p.heading, *p.text, *p.steps, *p.points)]
        return "\n".join([self.title, self.summary, *parts])


@cache
def learn_pages(folder: Path = LEARN_DIR) -> tuple[LearnPage, ...]:
    """Return all pages, by topic and in their order; a folder is read once.

    Raises:
        LearnError: the folder has no page, a file is wrong, or two pages have the same place.
    """
    pages = [read_learn_page(path) for path in sorted(folder.glob("*.toml"))]
    if not pages:
        raise LearnError(f"{folder}: expected pages (*.toml), found none; set BackCheck up anew")
    topics = list(TOPICS)
    places: dict[tuple[int, int], LearnPage] = {}
    for page in pages:
        other = places.setdefault((topics.index(page.topic), page.order), page)
        if other is not page:
            raise LearnError(
                f'{folder / page.id}.toml: order: expected a place of its own, got {page.order} as "{other.id}" has'
            )
    return tuple(page for _, page in sorted(places.items()))


def learn_page(page_id: str, folder: Path = LEARN_DIR) -> LearnPage | None:
    """Return the page with this id; None where there is none.

    Raises:
        LearnError: as `learn_pages` does.
    """
    return next((page for page in learn_pages(folder) if page.id == page_id), None)


def learn_pages_for(tag: str, folder: Path = LEARN_DIR) -> tuple[LearnPage, ...]:
    """Return the pages that help there: at a tag ("flare", "phase_1", "sitting"), or with a movement, by its id.

    Raises:
        LearnError: as `learn_pages` does.
    """
    return tuple(page for page in learn_pages(folder) if tag in page.where + page.see)


def read_learn_page(path: Path) -> LearnPage:
    """Read and check one page.

    Raises:
        LearnError: one line: the file, the key, and what was expected.
    """
    try:
        page = LearnPage.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        raise LearnError(f"{path}: {_first(error)}") from error
    except (OSError, ValueError) as error:  # a text that is no UTF-8 or no TOML is a ValueError
        raise LearnError(f"{path}: cannot be read as a page: {' '.join(str(error).split())}") from error
    if page.id != path.stem:
        raise LearnError(f'{path}: id: expected "{path.stem}", as the file is named, got "{page.id}"')
    return page


def _first(error: ValidationError) -> str:
    """Say the first mistake, with its key, and how many more there are."""
    mistakes = error.errors()
    key = ".".join(str(part + 1) if isinstance(part, int) else part for part in mistakes[0]["loc"])
    what = re.sub(r"^Value error, ", "", mistakes[0]["msg"])
    more = f" (and {len(mistakes) - 1} more)" if len(mistakes) > 1 else ""
    return f"{key}: {' '.join(what.split())}{more}"
