"""The app as a clinic starts it: over TLS, with an OpenID provider of this computer, where browsers sign in."""

from __future__ import annotations

import http.client
import os
import ssl
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app_server import ROOT, free_port
from certificate import make_certificate
from conftest import until
from oidc_provider_mock import User, run_server_in_thread
from playwright.sync_api import Page, expect

PHYSIO, ANNA, BEN, STRANGER = "phil", "anna", "ben", "carl"
"""Who they are at the provider: a physio, two patients, and one whom the clinic does not know."""

USERS = (
    User(sub=PHYSIO, claims={"name": "Phil Physio", "email": "phil@clinic.example", "email_verified": True}),
    User(sub=ANNA, claims={"name": "Anna Patient", "roles": ["patient"]}),
    User(sub=BEN, claims={"name": "Ben Patient", "email": "Ben@home.example", "email_verified": True}),
    User(sub=STRANGER, claims={"name": "Carl", "email": "phil@clinic.example", "email_verified": False}),
)

FILE = """
address = "https://localhost:{port}"
certificate = "certificate.pem"
key = "key.pem"
issuer = "{issuer}"
client_id = "backcheck"
secret_file = "secret"

[roles]
claim = "roles"
physios = ["phil@clinic.example"]
patients = ["ben@home.example"]
"""


@dataclass(frozen=True, slots=True)
class Clinic:
    """A running clinic.

    Attributes:
        url: where it is.
        folder: where everything of it lies.
        certificate: that it shows.
    """

    url: str
    folder: Path
    certificate: Path

    def move_clock(self, ahead_s: float) -> None:
        """Have the clock of its logins be so far ahead."""
        (self.folder / "ahead").write_text(str(ahead_s), encoding="utf-8")

    def ask(
        self, path: str, cookie: str = "", method: str = "GET", **headers: str
    ) -> tuple[int, Mapping[str, str], bytes]:
        """What it answers to whoever has this cookie."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        connection = http.client.HTTPSConnection(self.url.removeprefix("https://"), timeout=30.0, context=context)
        try:
            told = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, headers={**({"Cookie": cookie} if cookie else {}), **told})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    @property
    def env(self) -> dict[str, str]:
        """The environment in which its commands see the same people."""
        return {**os.environ, "BACKCHECK_PEOPLE": str(self.folder / "people")}


@contextmanager
def clinic_app(folder: Path) -> Iterator[Clinic]:
    """A clinic with three people and a stranger at its provider; its login's clock can be moved."""
    certificate, _ = make_certificate(folder)
    secret = folder / "secret"
    secret.write_text("of the client", encoding="utf-8")
    secret.chmod(0o600)
    port = free_port()
    with run_server_in_thread(user_claims=USERS, require_nonce=True) as provider:
        file = folder / "clinic.toml"
        file.write_text(FILE.format(port=port, issuer=f"http://localhost:{provider.server_port}"), encoding="utf-8")
        clinic = Clinic(f"https://localhost:{port}", folder, certificate)
        clinic.move_clock(0.0)
        places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder)) | {"BACKCHECK_EXERCISES": str(folder / "own")}
        command = [sys.executable, str(ROOT / "tests" / "moved_clock.py"), str(folder / "ahead"), "app"]
        command += ["--clinic", str(file), "--server.disconnectedSessionTTL=30"]
        log = folder / "server.log"
        with log.open("wb") as out:
            server = subprocess.Popen(
                command, cwd=folder, env={**clinic.env, **places}, stdout=out, stderr=subprocess.STDOUT
            )
        try:
            until(lambda: _answers(clinic, server, log))
            yield clinic
        finally:
            server.terminate()
            server.wait(30)


def _answers(clinic: Clinic, server: subprocess.Popen[bytes], log: Path) -> bool:
    assert server.poll() is None, log.read_text(encoding="utf-8", errors="replace")
    try:
        return clinic.ask("/")[0] > 0
    except OSError:
        return False


def sign_in(page: Page, clinic: Clinic, who: str, heading: str | None = None) -> None:
    """Sign in as somebody whom the provider knows, as they would: over its page."""
    page.goto(clinic.url)
    page.get_by_role("link", name="Sign in").click()
    page.get_by_role("button", name=who, exact=True).click()
    page.wait_for_url(f"{clinic.url}/**")
    if heading is not None:
        expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()


def cookie_of(page: Page) -> str:
    """What a browser carries, as it would send it."""
    return "; ".join(f"{cookie.get('name')}={cookie.get('value')}" for cookie in page.context.cookies())


def names_of(cookies: list[Any]) -> set[str]:
    """The names of cookies."""
    return {cookie.get("name", "") for cookie in cookies}
