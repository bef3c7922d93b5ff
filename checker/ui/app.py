"""What the app consists of: the pages, the routes that serve them besides, and who is let in."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any, Final

import streamlit as st
from starlette.middleware import Middleware
from streamlit import net_util
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from checker.service.door import ClosedPaths, SafeHeaders, SameOrigin
from checker.service.needs import no_temporary_folder, too_little_memory
from checker.service.patience import raise_file_limit, watch
from checker.ui.hosts import AllowedHosts
from checker.ui.owners import lifespan
from checker.ui.reach import doors
from checker.ui.routes import ROUTES
from checker.ui.uploads import StreamedUploads

PAGES: Final = Path(__file__).with_name("main.py")

CLOSED: Final = (
    "/_stcore/metrics",
    "/_stcore/agent",
    "/_stcore/script-health-check",
    "/auth/",
    "/oauth2callback",
)
"""Streamlit's own paths that nobody needs here."""


def _own_scripts() -> list[str]:
    """Return the scripts that stand in Streamlit's own page."""
    page = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    return re.findall(r"<script>(.*?)</script>", page, re.DOTALL)


OUTER: Final = [Middleware(SafeHeaders, scripts=_own_scripts()), Middleware(AllowedHosts), Middleware(SameOrigin)]
INNER: Final = [Middleware(ClosedPaths, closed=CLOSED), Middleware(StreamedUploads)]
"""What every request passes, from the outside in; between the two, a key where there is one."""


def parts() -> dict[str, Any]:
    """Return what `streamlit.App` takes by name.

    Raises:
        SystemExit: the app would be open to other computers without being safe there, or this computer lacks
            what it needs; the text says what to do.
    """
    if lacks := no_temporary_folder() or too_little_memory():
        sys.exit(lacks)
    raise_file_limit()
    return {"routes": ROUTES, "lifespan": lifespan, "middleware": [*OUTER, *doors(), *INNER]}


def _no_address() -> None:
    """Nobody is asked which address this computer has elsewhere; Streamlit does without."""


net_util.get_external_ip = _no_address  # it would ask a computer on the internet, for every foreign page anew
net_util.get_internal_ip = _no_address  # it would open a socket to one

watch(AutoHTTPProtocol)  # whoever sends no request, or takes no answer, would hold a connection for ever
