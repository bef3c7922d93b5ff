"""Everybody whose weeks are kept on this computer: who there is, somebody new, and a file with somebody in it."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from uuid import uuid4

from checker.care.records import Person
from checker.service.weeks import moment, store
from checker.store import PackageError, StoreError

LONGEST_NAME: Final = 60
"""Letters."""


def people() -> tuple[Person, ...]:
    """Everybody who uses this computer."""
    return store().people()


def add_person(name: str) -> Person:
    """Keep somebody new, by name.

    Raises:
        ValueError: there is no name, or it is too long, or somebody has it.
    """
    name = check_name(" ".join(name.split()))
    person = Person(id=uuid4(), name=name, created_at=moment())
    store().add_person(person)
    return person


def check_name(name: str) -> str:
    """Return a new name.

    Raises:
        ValueError: there is none, or it is too long, or somebody has it.
    """
    if not name or len(name) > LONGEST_NAME:
        raise ValueError(f"Type a name of at most {LONGEST_NAME} letters. A nickname will do.")
    if any(person.name.casefold() == name.casefold() for person in people()):
        raise ValueError(f"There is a {name} here already. Choose that name, or type another one.")
    return name


def bring_in(source: Path, name: str) -> Person:
    """Bring in what `Weeks.export` wrote, all of it or nothing; return the person as they are kept here.

    Args:
        source: the file.
        name: of the file, as whoever chose it knows it.

    Raises:
        checker.store.StoreError: the file is none of these, or something in it is here already and is not the same.
    """
    try:
        return store().import_person(source)
    except PackageError as error:
        raise StoreError(error.words(name)) from error


def kept_in() -> str:
    """Where everything is kept, as it is told to the user."""
    place = store().place
    return str(place.folder if place.file is not None else place.name)
