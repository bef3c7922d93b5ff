"""A job's files as a page fetches them.

A result is reached by its job's unguessable id and is gone with it; files are streamed from disk with byte
ranges, so a video seeks at once whatever its length.
"""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from checker.report import report
from checker.service.measuring import jobs
from checker.service.work import Outcome

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


FILE_ROUTES: Final = [Route(video_url("{job_id}"), _video)]
