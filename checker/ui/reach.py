"""From where the app can be reached: from this computer alone, unless somebody means it otherwise."""

from __future__ import annotations

import ipaddress
import sys
from typing import Final

import streamlit as st
from starlette.middleware import Middleware

from checker.service.key import LASTS_S, LEAVE_PATH, KeyDoor, Keys

REFUSED: Final = (
    "BackCheck is for this computer alone, and was asked to listen at {address}. To be reached from other computers it "
    "needs a certificate: give --server.sslCertFile and --server.sslKeyFile, and name the computer in "
    "--server.allowedHosts. Otherwise leave --server.address (--address) out."
)


def doors() -> list[Middleware]:
    """Return what stands before the app beside the usual: nothing on this computer alone, elsewhere a key.

    Raises:
        SystemExit: it would be open to other computers without TLS; the text says what to do.
    """
    address = st.get_option("server.address")
    if is_this_computer(address):
        return []
    if not (st.get_option("server.sslCertFile") and st.get_option("server.sslKeyFile")):
        sys.exit(REFUSED.format(address=address or "every address"))
    keys = Keys(_announce)
    keys.begin()
    return [Middleware(KeyDoor, keys=keys)]


def is_this_computer(address: str | None) -> bool:
    """Return whether only this computer can reach an address; without one, a server listens at all there are."""
    if not address:
        return False
    if address == "localhost" or address.startswith("unix:"):
        return True
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False


def _announce(key: str) -> None:
    """Tell whoever started the server which link opens it next."""
    names = [n for n in st.get_option("server.allowedHosts") or [] if not is_this_computer(n) and "*" not in n]
    where = f"https://{(names or ['localhost'])[0]}:{st.get_option('server.port')}"
    told = f"This link opens BackCheck in one browser, once, for {LASTS_S / 3600:.0f} hours: {where}/?key={key}"
    print(f"\n{told}\nTo leave earlier, open {where}{LEAVE_PATH} there.\n", file=sys.stderr, flush=True)
