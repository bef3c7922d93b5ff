"""The commands about people: `people list | export | fhir | import | delete`, `backup` and `restore`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from checker.cli.console import PROGRAM, err, fail, out

if TYPE_CHECKING:  # it brings SQLAlchemy, for which nobody who asks for help waits
    from checker.care.records import History, Person
    from checker.store import Store

app = typer.Typer(help="The people whose weeks are kept on this computer.", no_args_is_help=True)

Who = Annotated[str, typer.Argument(metavar="WHO", help="Name or id of a person; see `people list`.")]

NOBODY: Final = "Nobody is kept here yet."


@contextmanager
def opened_store(make: bool = False) -> Iterator[Store]:
    """The store of this computer; whatever stands in the way is told in one line. Who only looks makes none."""
    from checker.store import StoreError, open_store
    from checker.store.database import find_place

    try:
        file = find_place(None).file
        if file is not None and not file.exists() and not make:
            fail(NOBODY)
        with open_store() as store:
            yield store
    except StoreError as error:
        fail(str(error))


def find_person(store: Store, who: str) -> Person:
    """Return the person of a name or an id."""
    found = [p for p in store.people() if who in {p.name, str(p.id)}]
    if not found:
        fail(f'nobody here has the name or the id "{who}": see `{PROGRAM} people list`')
    if len(found) > 1:
        fail(f'{len(found)} people here have the name "{who}": give the id; see `{PROGRAM} people list`')
    return found[0]


@app.command("list")
def list_command() -> None:
    """List the people who are kept here: id, day on which they were added, name."""
    with opened_store() as store:
        people = store.people()
    for person in people:
        out.print(f"{person.id}  {person.created_at:%Y-%m-%d}  {person.name}", markup=False)
    if not people:
        out.print(NOBODY)


@app.command("export")
def export_command(
    who: Who,
    file: Annotated[Path, typer.Argument(metavar="FILE.zip", help="A new file to write to.")],
) -> None:
    """Write everything of a person to one file: records, results, poses, videos. It is not encrypted."""
    with opened_store() as store:
        person = find_person(store, who)
        store.export_person(person.id, file)
    out.print(f"Written to {file}: everything of {person.name}, not encrypted.", markup=False)


@app.command("fhir")
def fhir_command(
    who: Who,
    file: Annotated[Path, typer.Argument(metavar="FILE.json", help="A new file to write to.")],
) -> None:
    """Write the records of a person as a bundle of FHIR R4, without results, poses and videos. It is not encrypted."""
    from checker.fhir import FhirError, person_bundle, write_bundle
    from checker.report.atomic import ReportError, replacing

    if file.exists():
        fail(f"{file} is there already: expected the name of a new file")
    with opened_store() as store:
        person = find_person(store, who)
        history = store.history(person.id)
    try:
        with replacing(file) as draft:
            write_bundle(person_bundle(history), draft)
    except (FhirError, ReportError) as error:
        fail(str(error))
    out.print(f"Written to {file}: the records of {person.name}, not encrypted.", markup=False)


@app.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `people export` or `people fhir` wrote.")],
) -> None:
    """Bring in everything of a person, or nothing. What is here already stays as it is."""
    history = _read_fhir(file) if file.suffix.lower() == ".json" else None
    with opened_store(make=True) as store:
        person = store.import_person(file) if history is None else store.import_history(history)
    out.print(f"Brought in: everything of {person.name}.", markup=False)


def _read_fhir(file: Path) -> History:
    from checker.fhir import FhirError, history_of, read_bundle

    try:
        return history_of(read_bundle(file))
    except FhirError as error:
        fail(f"{error}. Nothing was brought in.")


@app.command("delete")
def delete_command(
    who: Who,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete a person for good: records, results, poses, videos."""
    with opened_store() as store:
        person = find_person(store, who)
        if not yes and not sys.stdin.isatty():
            fail("Nothing was deleted: nobody is there to be asked. Add --yes where that is meant.")
        if not yes and not typer.confirm(f"Delete everything of {person.name} ({person.id}) for good?", err=True):
            fail("Nothing was deleted.", status=1)
        left = store.delete_person(person.id)
    out.print(f"Deleted: everything of {person.name}.", markup=False)
    out.print("Backups and exported files of yours are not looked for: delete those, too.")
    for path in left:
        err.print(f"This file may still hold them: {path}", style="yellow", markup=False)


def backup_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file to write to.")],
) -> None:
    """Copy everything that is kept about people to one file, and look the copy through. Videos are not in it."""
    with opened_store() as store:
        store.backup(file)
        videos = store.place.beside("videos")
    out.print(f"Written to {file}, and looked through. It is not encrypted.", markup=False)
    if videos.exists():
        out.print(f"Kept videos are not in it. Copy their folder, too: {videos}", markup=False)


def restore_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `backup` wrote.")],
) -> None:
    """Put a backup in the place of what is kept now, which stays beside it. Close the app first."""
    from checker.store import StoreError, restore_store

    try:
        aside = restore_store(file)
    except StoreError as error:
        fail(str(error))
    with opened_store() as store:
        people = len(store.people())
    out.print(f"Restored: {people} {'person' if people == 1 else 'people'}.")
    if aside is not None:
        out.print(f"What was there before is now {aside}", markup=False)
        out.print("Delete it when you no longer need it: it holds what it held.")
