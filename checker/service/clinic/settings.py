"""What a clinic tells in its file: where it is reached, who says who somebody is, and who is a patient or a physio."""

from __future__ import annotations

import ipaddress
import os
import stat
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from checker.store.accounts import Role

SECRET_SETTING: Final = "BACKCHECK_CLINIC_SECRET"
"""The environment variable that may hold the client's secret."""

IDLE_MIN: Final = 30
"""Minutes without anything done after which a login is over (OWASP ASVS 4.0.3, 3.3.2)."""

MOST_IDLE_MIN: Final = 120
Text = Annotated[str, Field(min_length=1, max_length=500)]


class ClinicError(Exception):
    """The file cannot be used; one line: what was expected, what came, what to do."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Roles(_Part):
    """Who is what: by a claim of the provider, by e-mail addresses that it has verified, or both.

    Attributes:
        claim: its name; with dots where it lies deeper: "realm_access.roles".
        physio, patient: what stands in that claim.
        physios, patients: e-mail addresses.
    """

    claim: Text | None = None
    physio: Text = "physio"
    patient: Text = "patient"
    physios: tuple[Text, ...] = ()
    patients: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _some(self) -> Self:
        if self.claim is None and not self.physios and not self.patients:
            raise ValueError("expected a claim, or lists of e-mail addresses: nobody could sign in")
        return self

    def of(self, claims: Mapping[str, Any]) -> Role | None:
        """The role of somebody of whom the provider says this; None where there is none."""
        told = self._claimed(claims)
        email = verified_email(claims)
        if self.physio in told or (email and email in _folded(self.physios)):
            return "physio"
        return "patient" if self.patient in told or (email and email in _folded(self.patients)) else None

    def _claimed(self, claims: Mapping[str, Any]) -> list[Any]:
        found: Any = claims if self.claim is not None else None
        for name in (self.claim or "").split("."):
            found = found.get(name) if isinstance(found, Mapping) else None
        return found if isinstance(found, list) else [found]


class ClinicSettings(_Part):
    """The file of a clinic.

    Attributes:
        address: where browsers open the app: "https://backcheck.clinic.example:8501".
        certificate, key: of TLS; without them `behind_proxy`.
        behind_proxy: a program on this computer does TLS and passes on; nobody else reaches the app.
        issuer: of the OpenID provider.
        client_id: by which the provider knows the app.
        secret_file: holds the client's secret, for its owner alone; or BACKCHECK_CLINIC_SECRET does.
        prompt: asked of the provider: "login" has it ask for the password each time, as shared computers need.
        idle_minutes: after which a login is over where nothing was done.
        roles: who is what.
        remote_monitoring: whether physios see the day counts that codes of remote monitoring ask for.
    """

    address: Text
    issuer: Text
    client_id: Text
    roles: Roles
    certificate: Path | None = None
    key: Path | None = None
    behind_proxy: bool = False
    secret_file: Path | None = None
    prompt: Text = "login"
    idle_minutes: Annotated[int, Field(ge=1, le=MOST_IDLE_MIN)] = IDLE_MIN
    remote_monitoring: bool = False

    @field_validator("address")
    @classmethod
    def _https(cls, address: str) -> str:
        parts = urlsplit(address)
        if parts.scheme != "https" or not parts.hostname or parts.path.strip("/") or parts.query:
            raise ValueError('expected one such as "https://backcheck.clinic.example:8501"')
        return address.rstrip("/")

    @field_validator("issuer")
    @classmethod
    def _safe(cls, issuer: str) -> str:
        parts = urlsplit(issuer)
        if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(parts.hostname or "")):
            raise ValueError("expected an address that begins with https://")
        return issuer.rstrip("/")

    @model_validator(mode="after")
    def _tls(self) -> Self:
        if self.behind_proxy == bool(self.certificate and self.key):
            raise ValueError("expected certificate and key, or behind_proxy = true where a proxy here does TLS")
        return self

    @property
    def host(self) -> str:
        """The name under which the app is reached."""
        return urlsplit(self.address).hostname or ""

    @property
    def port(self) -> int:
        """Where browsers reach it."""
        return urlsplit(self.address).port or 443

    def secret(self) -> str:
        """The client's secret.

        Raises:
            ClinicError: there is none, or others may read it.
        """
        if given := os.environ.get(SECRET_SETTING):
            return given
        if self.secret_file is None:
            raise ClinicError(f"expected the client's secret in {SECRET_SETTING}, or secret_file in the clinic's file")
        try:
            mode = self.secret_file.stat().st_mode
            text = self.secret_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ClinicError(f"{self.secret_file} cannot be read: expected the client's secret in it") from error
        if sys.platform != "win32" and stat.S_IMODE(mode) & 0o077:
            raise ClinicError(f"{self.secret_file} may be read by others: give it to its owner alone (chmod 600)")
        if not text:
            raise ClinicError(f"{self.secret_file} is empty: expected the client's secret in it")
        return text


def read_settings(path: Path) -> ClinicSettings:
    """Read the file of a clinic; paths in it are beside it.

    Raises:
        ClinicError: it cannot be read, or something in it is not as it must be.
    """
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
        settings = ClinicSettings.model_validate(given)
    except OSError as error:
        raise ClinicError(f"{path} cannot be read ({error.strerror}): expected the file of a clinic") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise ClinicError(f"{path}: {where}: {first['msg'].removeprefix('Value error, ')}") from error
    except ValueError as error:  # no TOML, or no text
        raise ClinicError(f"{path} is no TOML ({' '.join(str(error).split())})") from error
    beside = {
        name: path.parent / Path(value).expanduser()
        for name in ("certificate", "key", "secret_file")
        if (value := getattr(settings, name)) is not None
    }
    return settings.model_copy(update=beside)


def verified_email(claims: Mapping[str, Any]) -> str:
    """The e-mail address that the provider has verified, in small letters; empty where there is none."""
    email = claims.get("email")
    return email.casefold() if isinstance(email, str) and claims.get("email_verified") is True else ""


def _folded(addresses: tuple[str, ...]) -> set[str]:
    return {address.casefold() for address in addresses}


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
