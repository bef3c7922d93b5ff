"""What the pages fetch besides Streamlit's own: a job's files, the charting library, the live socket.

All of it comes from this computer. A result is reached by its job's unguessable id and is gone with it;
files are streamed from disk with byte ranges, so a video seeks at once whatever its length.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import plotly
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from checker.report import report
from checker.service.live.route import LIVE_ROUTES
from checker.service.measuring import Outcome, jobs

PLOTLY_JS: Final = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
PLOTLY_URL: Final = f"/library/plotly-{plotly.__version__}.min.js"
ANNOTATED: Final = report("video")


def video_url(job_id: str) -> str:
    """Where a page finds a job's annotated video."""
    return f"/results/{job_id}/{ANNOTATED.file_name}"


async def _video(request: Request) -> Response:
    job = jobs().get(request.path_params["job_id"])
    outcome = job.result if job else None
    path = outcome.files.get(ANNOTATED.kind) if isinstance(outcome, Outcome) else None
    if path is None or not path.is_file():
        return PlainTextResponse("This video is no longer here.", status_code=404)
    return FileResponse(path, media_type=ANNOTATED.mime, headers={"Cache-Control": "no-store"})


async def _plotly(_: Request) -> Response:
    return FileResponse(
        PLOTLY_JS,
        media_type="text/javascript",
        headers={"Cache-Control": "public, max-age=31536000, immutable", "Content-Encoding": "identity"},
    )


ROUTES: Final = [Route(f"/results/{{job_id}}/{ANNOTATED.file_name}", _video), Route(PLOTLY_URL, _plotly), *LIVE_ROUTES]
