"""What the app consists of: the pages, the routes that serve them besides, and who is let in."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from starlette.middleware import Middleware

from checker.service.hosts import AllowedHosts
from checker.ui.routes import ROUTES
from checker.ui.sessions import lifespan

PAGES: Final = Path(__file__).with_name("main.py")

PARTS: Final[dict[str, Any]] = {"routes": ROUTES, "lifespan": lifespan, "middleware": [Middleware(AllowedHosts)]}
"""What `streamlit.App` takes by name."""
