"""A certificate of a server of this computer, for tests over TLS."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for `localhost` that signs itself, and its key; without openssl the test is skipped.

    Returns:
        The certificate and its key.
    """
    openssl = shutil.which("openssl")
    if openssl is None or sys.platform == "win32":
        pytest.skip("NO openssl ON THIS MACHINE: a server that others reach was NOT tested")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    about = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    made = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", *about]
    subprocess.run([*made, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    return certificate, key
