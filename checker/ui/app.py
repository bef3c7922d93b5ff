"""What the app consists of: the pages, the routes that serve them besides, and who is let in."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from starlette.middleware import Middleware

from checker.ui.hosts import AllowedHosts
from checker.ui.owners import lifespan
from checker.ui.routes import ROUTES

PAGES: Final = Path(__file__).with_name("main.py")

PARTS: Final[dict[str, Any]] = {"routes": ROUTES, "lifespan": lifespan, "middleware": [Middleware(AllowedHosts)]}
"""What `streamlit.App` takes by name."""
