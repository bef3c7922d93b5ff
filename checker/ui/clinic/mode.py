"""Starts the app for a clinic, where BACKCHECK_CLINIC names its file: it does not start unless that is safe."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import streamlit as st
from starlette.middleware import Middleware
from streamlit import config

from checker.folders import CLINIC_SETTING
from checker.service.clinic.desk import Desk, open_desk
from checker.service.clinic.door import LOGIN_HEADER, BehindProxy, ClinicDoor
from checker.service.clinic.settings import SECRET_SETTING, ClinicError, ClinicSettings, read_settings
from checker.ui.clinic.here import LOGIN
from checker.ui.clinic.media import note_owners
from checker.ui.clinic.within import StreamlitWithin
from checker.ui.reach import is_this_computer

NO_TLS: Final = (
    "A clinic's BackCheck needs TLS: give --server.sslCertFile and --server.sslKeyFile (`backcheck app --clinic FILE` "
    "does so by the file), or behind_proxy = true with --server.address=localhost."
)


@dataclass(frozen=True, slots=True)
class Clinic:
    """What the app needs besides.

    Attributes:
        outer: before everything else.
        doors: in place of a key.
        secrets: what Streamlit's login reads, in memory alone; otherwise it would be a file beside the code.
    """

    outer: list[Middleware]
    doors: list[Middleware]
    secrets: Mapping[str, Any]


def begin_clinic() -> Clinic:
    """Return what the app needs besides to be a clinic's.

    Raises:
        SystemExit: its file is not as it must be, or it would be reached without TLS; the text says what to do.
    """
    try:
        settings = read_settings(Path(os.environ[CLINIC_SETTING]))
        secret = settings.secret()
    except ClinicError as error:
        sys.exit(str(error))
    os.environ.pop(SECRET_SETTING, None)  # no process for a video has it
    if not _is_safe(settings):
        sys.exit(NO_TLS)
    config.set_option("server.allowedHosts", [settings.host])
    config.set_option("server.trustedUserHeaders", {LOGIN_HEADER: LOGIN})
    desk = Desk(settings)
    open_desk(desk)
    note_owners(desk)
    doors = [Middleware(ClinicDoor, desk=desk, within=StreamlitWithin(desk))]
    outer = [Middleware(BehindProxy)] if settings.behind_proxy else []
    return Clinic(outer, doors, {"auth": _auth(settings, secret)})


def options(settings: ClinicSettings, port: int | None) -> list[str]:
    """Return what `streamlit run` is to be told for a clinic."""
    told = {"server.headless": "true", "browser.serverAddress": settings.host}
    if settings.behind_proxy:
        told["server.address"] = "localhost"
    else:
        told |= {"server.address": "0.0.0.0", "server.port": str(settings.port)}
        told |= {"server.sslCertFile": str(settings.certificate), "server.sslKeyFile": str(settings.key)}
    if port is not None:
        told["server.port"] = str(port)
    return [f"--{name}={value}" for name, value in told.items()]


def _is_safe(settings: ClinicSettings) -> bool:
    if settings.behind_proxy:
        return is_this_computer(st.get_option("server.address"))
    return bool(st.get_option("server.sslCertFile") and st.get_option("server.sslKeyFile"))


def _auth(settings: ClinicSettings, secret: str) -> dict[str, Any]:
    """The section [auth] of Streamlit's secrets."""
    return {
        "redirect_uri": f"{settings.address}{StreamlitWithin.callback_path}",
        "cookie_secret": secrets.token_hex(32),  # a new one each time: what was signed before does not count
        "client_id": settings.client_id,
        "client_secret": secret,
        "server_metadata_url": f"{settings.issuer}/.well-known/openid-configuration",
        "client_kwargs": {"scope": "openid email profile", "prompt": settings.prompt},
    }
