"""What the pages fetch besides Streamlit's own: what `service` serves, the look, the browser's modules, the charts.

All of it comes from this computer.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import plotly
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from checker.service.files import FILE_ROUTES
from checker.service.live.route import LIVE_ROUTES
from checker.ui.first_page import LOOK_ROUTE
from checker.ui.live.browser import HERE, MODULES, MODULES_PATH

PLOTLY_JS: Final = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
PLOTLY_URL: Final = f"/library/plotly-{plotly.__version__}.min.js"


async def _plotly(_: Request) -> Response:
    return FileResponse(
        PLOTLY_JS,
        media_type="text/javascript",
        headers={"Cache-Control": "public, max-age=31536000, immutable", "Content-Encoding": "identity"},
    )


async def _module(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in MODULES:
        return PlainTextResponse("There is no such module.", status_code=404)
    return FileResponse(HERE / f"{name}.js", media_type="text/javascript", headers={"Cache-Control": "no-cache"})


ROUTES: Final = [
    *FILE_ROUTES,
    *LIVE_ROUTES,
    Route(f"{MODULES_PATH}/{{name}}.js", _module),
    Route(PLOTLY_URL, _plotly),
    LOOK_ROUTE,
]
