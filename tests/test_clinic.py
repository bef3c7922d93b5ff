"""A clinic's file, roles, logins, belongings, accounts and audit: who is let in, as what, and for how long."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from conftest import Run
from sqlalchemy import text

from checker.folders import CLINIC_SETTING
from checker.service.clinic.belongings import Belongings, Owner
from checker.service.clinic.desk import desk as desk_of_server
from checker.service.clinic.logins import LASTS_S, Logins
from checker.service.clinic.settings import (
    SECRET_SETTING,
    ClinicError,
    Roles,
    read_settings,
)
from checker.store import Store, StoreError, open_store
from checker.store.accounts import Account
from checker.store.audit import Entry
from checker.ui.clinic.mode import begin_clinic

pytest_plugins = ["postgres_server"]

NOW = datetime(2026, 11, 27, 8, tzinfo=UTC)
ISSUER = "https://login.clinic.example"
IDLE_S = 1800.0

GOOD = """
address = "https://backcheck.clinic.example:8501"
certificate = "cert.pem"
key = "key.pem"
issuer = "https://login.clinic.example/"
client_id = "backcheck"
secret_file = "secret"
roles = { claim = "roles", physios = ["Phil@clinic.example"] }
"""


# --- the file -------------------------------------------------------------------------------------


def written(folder: Path, text: str = GOOD, secret: str = "s3cret", mode: int = 0o600) -> Path:
    (folder / "secret").write_text(secret, encoding="utf-8")
    (folder / "secret").chmod(mode)
    path = folder / "clinic.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_clinics_file_is_read_with_the_paths_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read_settings(written(tmp_path))
    assert (settings.host, settings.port, settings.issuer) == ("backcheck.clinic.example", 8501, ISSUER)
    assert settings.certificate == tmp_path / "cert.pem"
    assert settings.idle_minutes == 30
    assert settings.secret() == "s3cret"
    monkeypatch.setenv(SECRET_SETTING, "of the environment")
    assert settings.secret() == "of the environment"


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("https://backcheck", "http://backcheck", "address"),
        ("https://login", "http://login", "issuer.*https"),
        ('key = "key.pem"\n', "", "certificate and key, or behind_proxy"),
        ('key = "key.pem"', 'key = "key.pem"\nbehind_proxy = true', "certificate and key, or behind_proxy"),
        ('roles = { claim = "roles", physios = ["Phil@clinic.example"] }', "roles = {}", "nobody could sign in"),
        ("client_id", "client", "client_id"),
        ('client_id = "backcheck"', 'client_id = "backcheck"\nidle_minutes = 600', "idle_minutes"),
        ('client_id = "backcheck"', "client_id = ", "no TOML"),
    ],
)
def test_a_wrong_file_is_told_in_one_line(tmp_path: Path, was: str, now: str, told: str) -> None:
    assert was in GOOD
    with pytest.raises(ClinicError, match=told) as error:
        read_settings(written(tmp_path, GOOD.replace(was, now)))
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ClinicError, match=r"clinic\.toml cannot be read"):
        read_settings(tmp_path / "clinic.toml")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes: that a secret is private was NOT tried")
@pytest.mark.parametrize(("secret", "mode", "told"), [("s", 0o640, "chmod 600"), ("", 0o600, "is empty")])
def test_a_secret_that_others_may_read_or_that_is_none_is_refused(
    tmp_path: Path, secret: str, mode: int, told: str
) -> None:
    settings = read_settings(written(tmp_path, secret=secret, mode=mode))
    with pytest.raises(ClinicError, match=told):
        settings.secret()


@pytest.mark.parametrize(
    ("claims", "role"),
    [
        ({"realm": {"roles": ["physio", "x"]}}, "physio"),
        ({"realm": {"roles": "patient"}}, "patient"),
        ({"realm": {"roles": ["patient", "physio"]}}, "physio"),
        ({"realm": ["physio"]}, None),
        ({"roles": ["physio"]}, None),
        ({"email": "PHIL@clinic.example", "email_verified": True}, "physio"),
        ({"email": "phil@clinic.example", "email_verified": False}, None),
        ({"email": "phil@clinic.example", "email_verified": "true"}, None),
        ({"email": "phil@clinic.example"}, None),
        ({"email": "ben@home.example", "email_verified": True}, "patient"),
        ({"email": "", "email_verified": True}, None),
        ({}, None),
    ],
)
def test_a_role_comes_of_the_claim_or_of_a_verified_address_alone(claims: dict[str, Any], role: str | None) -> None:
    roles = Roles(claim="realm.roles", physios=("phil@clinic.example",), patients=("ben@home.example",))
    assert roles.of(claims) == role


@pytest.mark.clips
def test_it_does_not_start_without_tls_and_says_so_in_one_line(tmp_path: Path, checker: Run) -> None:
    file = written(tmp_path, GOOD.replace('key = "key.pem"\n', ""))
    ended = checker("app", "--clinic", file)
    assert ended.returncode == 2
    assert len(ended.stderr.strip().splitlines()) == 1
    assert "behind_proxy = true" in ended.stderr


def test_started_by_streamlit_itself_it_wants_tls_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CLINIC_SETTING, str(written(tmp_path)))
    with pytest.raises(SystemExit, match="needs TLS"):
        begin_clinic()
    assert desk_of_server() is None
    monkeypatch.setenv(CLINIC_SETTING, str(tmp_path / "none.toml"))
    with pytest.raises(SystemExit, match="cannot be read"):
        begin_clinic()


# --- logins ---------------------------------------------------------------------------------------


def an_account(role: Any = "patient", person_id: UUID | None = None) -> Account:
    return Account(uuid4(), ISSUER, str(uuid4()), role, person_id, "Anna", "")


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_a_login_ends_after_half_an_hour_without_anything_done() -> None:
    clock = Clock()
    logins = Logins(IDLE_S, clock)
    carried, login = logins.begin(an_account())
    clock.now_s = IDLE_S - 1
    assert logins.find(carried, active=True) == login
    clock.now_s = 2 * IDLE_S - 2
    assert logins.find(carried) == login, "what is done begins the half hour anew"
    assert logins.of(login.handle) == login
    clock.now_s = 2 * IDLE_S - 1
    assert logins.of(login.handle) is None
    assert logins.find(carried, active=True) is None
    clock.now_s = 0.0
    assert logins.find(carried) is None, "what is over stays over"


def test_a_login_ends_after_twelve_hours_whatever_is_done() -> None:
    clock = Clock()
    logins = Logins(IDLE_S, clock)
    carried, login = logins.begin(an_account())
    while clock.now_s < LASTS_S - IDLE_S:
        clock.now_s += IDLE_S - 1
        assert logins.find(carried, active=True) == login
    clock.now_s = LASTS_S
    assert logins.find(carried, active=True) is None


def test_who_leaves_is_out_and_nobody_else_is() -> None:
    logins = Logins(IDLE_S, Clock())
    account = an_account(person_id=UUID(int=1))
    (one, _), (two, _), (other, _) = (logins.begin(a) for a in (account, account, an_account()))
    ended = logins.end(one)
    assert ended is not None
    assert logins.end(one) is None
    assert [bool(logins.find(c)) for c in (one, two, other, "", ended.handle)] == [False, True, True, False, False]
    logins.end_all_of(UUID(int=1))
    assert [bool(logins.find(c)) for c in (two, other)] == [False, True]


# --- whose is what --------------------------------------------------------------------------------


def test_what_is_one_accounts_becomes_no_others_and_unknown_things_are_nobodys() -> None:
    mine, yours = Owner(uuid4(), uuid4()), Owner(uuid4(), None)
    belongings = Belongings()
    assert belongings.give("session", mine)
    assert not belongings.give("session", yours)
    assert belongings.of_account(["session"], yours.account_id) is None
    assert belongings.of_account(["unknown", "session"], mine.account_id) == mine
    assert belongings.of_account(["unknown"], mine.account_id) is None
    assert belongings.of_account([], mine.account_id) is None
    newer = Owner(mine.account_id, uuid4())
    assert belongings.give("session", newer), "another person is looked at"
    assert belongings.owners("session") == (newer,)
    for owner in (mine, yours):
        belongings.share("/media/icon.svg", owner)
    assert belongings.of_account(["/media/icon.svg"], yours.account_id) == yours


# --- accounts and the audit, in both databases ------------------------------------------------------


def signed_in(store: Store, subject: str, role: Any = "patient", issuer: str = ISSUER, name: str = "Anna") -> Account:
    return store.sign_in(issuer, subject, role, name=name, email="", at=NOW)


def test_a_patient_has_weeks_of_their_own_from_the_first_login_on(store: Store) -> None:
    anna, ben, phil = signed_in(store, "a"), signed_in(store, "b"), signed_in(store, "p", "physio")
    assert {p.id for p in store.people()} == {anna.person_id, ben.person_id}
    assert phil.person_id is None
    assert anna.person_id != ben.person_id, "the same name is no reason to be the same person"
    again = signed_in(store, "a", name="Anna Other")
    assert (again.id, again.person_id, again.name) == (anna.id, anna.person_id, "Anna Other")
    elsewhere = signed_in(store, "a", issuer="https://elsewhere.example")
    assert elsewhere.id != anna.id, "the same subject of another provider is somebody else"
    assert signed_in(store, "p", "patient").person_id is not None
    assert signed_in(store, "p", "physio").role == "physio"


def test_an_account_is_bound_to_weeks_that_are_nobody_elses(store: Store) -> None:
    anna, ben = signed_in(store, "a"), signed_in(store, "b")
    assert anna.person_id is not None
    with pytest.raises(StoreError, match="another account's already"):
        store.bind_account(ben.id, anna.person_id)
    with pytest.raises(StoreError, match="no account"):
        store.bind_account(uuid4(), uuid4())
    store.delete_person(anna.person_id)
    assert [a.id for a in store.accounts()] == [ben.id], "an account goes with its person"
    assert signed_in(store, "a").person_id not in {None, anna.person_id}


def test_the_audit_is_added_to_and_never_changed_or_deleted(store: Store) -> None:
    anna, phil = signed_in(store, "a"), signed_in(store, "p", "physio", name="Phil")
    assert anna.person_id is not None
    store.add_to_audit(Entry(NOW, phil.id, "physio", "looked at", "Today", anna.person_id))
    store.add_to_audit(Entry(NOW, phil.id, "physio", "signed out", "x" * 1000))
    newest, looked = store.audit()
    assert (looked.who, looked.of, looked.entry.what, looked.entry.at) == ("Phil", "Anna", "Today", NOW)
    assert newest.of == ""
    assert store.audit(anna.person_id) == (looked,)
    assert store.audit(most=1) == (newest,)
    for statement in ("UPDATE audit SET what = ''", "DELETE FROM audit"):
        with pytest.raises(StoreError, match="audit is never"), store._writing() as connection:
            connection.execute(text(statement))
    store.delete_person(anna.person_id)
    [_, looked] = store.audit()
    assert looked.of == str(anna.person_id), "it stays, without a name"


def test_not_even_another_program_changes_the_audit_of_sqlite(tmp_path: Path) -> None:
    file = tmp_path / "backcheck.db"
    with open_store(f"sqlite:///{file}") as store:
        store.add_to_audit(Entry(NOW, None, "physio", "looked at", "Today"))
    with closing(sqlite3.connect(file)) as connection, pytest.raises(sqlite3.IntegrityError, match="never changed"):
        connection.execute("UPDATE audit SET what = 'nothing'")
