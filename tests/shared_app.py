"""The app as others reach it: over TLS with a certificate of its own, by a link that works once."""

from __future__ import annotations

import http.client
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app_server import App, begin_app, free_port
from certificate import make_certificate
from conftest import until


@contextmanager
def shared_app(folder: Path, *options: str) -> Iterator[App]:
    """The app, open to others, with more options of Streamlit; its certificate lies in the folder."""
    certificate, key = make_certificate(folder)
    tls = [f"--server.sslCertFile={certificate}", f"--server.sslKeyFile={key}", "--server.address=0.0.0.0"]
    server, app = begin_app(folder, free_port(), *tls, *options)
    try:
        until(lambda: "key=" in app.log.read_text(encoding="utf-8"))
        until(lambda: _answers(app, certificate))
        yield app
    finally:
        server.terminate()
        server.wait(30)


def newest_key(app: App) -> str:
    """Of the link that was told last."""
    return re.findall(r"/\?key=([\w-]+)", app.log.read_text(encoding="utf-8"))[-1]


def _answers(app: App, certificate: Path) -> bool:
    context = ssl.create_default_context(cafile=str(certificate))
    connection = http.client.HTTPSConnection(app.url.removeprefix("http://"), timeout=30.0, context=context)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status > 0
    except OSError:
        return False
    finally:
        connection.close()
