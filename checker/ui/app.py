"""What the app consists of: the pages, the routes that serve them besides, and who is let in."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, Final

from starlette.middleware import Middleware
from streamlit import net_util
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from checker.folders import CLINIC_SETTING
from checker.service.door import ClosedPaths, SafeHeaders, SameOrigin
from checker.service.needs import no_temporary_folder, too_little_memory
from checker.service.patience import raise_file_limit, watch
from checker.ui import progress_page, review  # noqa: F401  here, not while somebody waits for the first page
from checker.ui.first_page import FirstPage, own_scripts
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

CLOSED_IN_CLINIC: Final = (*(path for path in CLOSED if path not in {"/auth/", "/oauth2callback"}), "/auth/logout")
"""The same where there is a login, whose end is ours."""


OUTER: Final = [Middleware(SafeHeaders, scripts=own_scripts()), Middleware(AllowedHosts), Middleware(SameOrigin)]
INNER: Final = [Middleware(ClosedPaths, closed=CLOSED), Middleware(StreamedUploads), Middleware(FirstPage)]
"""What every request passes, from the outside in; between the two, a key or a login where there is one."""


def parts() -> dict[str, Any]:
    """Return what `streamlit.App` takes by name.

    Raises:
        SystemExit: the app would be open to other computers without being safe there, or this computer lacks
            what it needs; the text says what to do.
    """
    if lacks := no_temporary_folder() or too_little_memory():
        sys.exit(lacks)
    raise_file_limit()
    shared = {"routes": ROUTES, "lifespan": lifespan}
    if not os.environ.get(CLINIC_SETTING):
        return {**shared, "middleware": [*OUTER, *doors(), *INNER]}
    from checker.ui.clinic.mode import begin_clinic  # nobody else needs it

    clinic = begin_clinic()
    inner = [Middleware(ClosedPaths, closed=CLOSED_IN_CLINIC), *INNER[1:]]
    return {**shared, "middleware": [*clinic.outer, *OUTER, *clinic.doors, *inner], "secrets": clinic.secrets}


def _no_address() -> None:
    """Nobody is asked which address this computer has elsewhere; Streamlit does without."""


net_util.get_external_ip = _no_address  # it would ask a computer on the internet, for every foreign page anew
net_util.get_internal_ip = _no_address  # it would open a socket to one

watch(AutoHTTPProtocol)  # whoever sends no request, or takes no answer, would hold a connection for ever
