"""The commands of a clinic: `backcheck audit`, `backcheck accounts list | bind`, and what `app --clinic` needs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from checker.cli.console import PROGRAM, fail, out
from checker.cli.people_commands import find_person, opened_store
from checker.folders import CLINIC_SETTING

app = typer.Typer(help="The accounts of a clinic: who has signed in.", no_args_is_help=True)


def audit_command(
    of: Annotated[str | None, typer.Option("--of", metavar="WHO", help="Of this person alone: name or id.")] = None,
    most: Annotated[int, typer.Option(help="How many, the newest first.", min=1)] = 1000,
) -> None:
    """List who looked at what, exported it or was refused, and of whom. Nobody can change or delete it."""
    with opened_store() as store:
        told = store.audit(None if of is None else find_person(store, of).id, most)
    for t in told:
        e = t.entry
        line = f"{e.at:%Y-%m-%d %H:%M:%S}Z  {t.who} ({e.role})  {e.action}  {e.what}"
        out.print(f"{line}  of {t.of}" if t.of else line, markup=False)
    if not told:
        out.print("Nothing is noted yet.")


@app.command("list")
def list_command() -> None:
    """List the accounts: id, role, name, e-mail address, and whose weeks are theirs."""
    with opened_store() as store:
        names = {person.id: person.name for person in store.people()}
        accounts = store.accounts()
    for a in accounts:
        weeks = "" if a.person_id is None else f"  weeks of {names.get(a.person_id, a.person_id)} ({a.person_id})"
        out.print(f"{a.id}  {a.role}  {a.name}  {a.email}{weeks}", markup=False)
    if not accounts:
        out.print("Nobody has signed in yet.")


@app.command("bind")
def bind_command(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="Id of an account; see `accounts list`.")],
    who: Annotated[str, typer.Argument(metavar="WHO", help="Name or id of a person; see `people list`.")],
) -> None:
    """Make the weeks of a person those of an account, from its next login on."""
    try:
        account_id = UUID(account)
    except ValueError:
        fail(f'"{account}" is not the id of an account: see `{PROGRAM} accounts list`')
    with opened_store() as store:
        person = find_person(store, who)
        bound = store.bind_account(account_id, person.id)
    out.print(f"From the next login on, {bound.name or bound.email} sees the weeks of {person.name}.", markup=False)


def clinic_options(path: Path, port: int | None) -> list[str]:
    """Return what Streamlit is to be told for a clinic's file, and have the app read it."""
    from checker.service.clinic.settings import ClinicError, read_settings
    from checker.ui.clinic.mode import options

    try:
        settings = read_settings(path)
        settings.secret()
    except ClinicError as error:
        fail(str(error))
    os.environ[CLINIC_SETTING] = str(path.absolute())
    return options(settings, port)
