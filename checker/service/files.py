"""A job's files as a page fetches them.

A result is reached by its job's unguessable id and is gone with it; files are streamed from disk with byte
ranges, so a video seeks at once whatever its length.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
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


REVIEWS_PATH: Final = "/reviews/"
VIDEO_TYPES: Final = {
    ".mp4": "video/mp4", ".m4v": "video/mp4", ".mov": "video/quicktime", ".webm": "video/webm",
    ".mkv": "video/x-matroska", ".3gp": "video/3gpp", ".3g2": "video/3gpp2", ".avi": "video/x-msvideo",
}  # fmt: skip
"""A video is given as one of these or as bytes, whatever its name says: it may have come from anybody."""

_OFFERED: Final[dict[str, tuple[Path, str]]] = {}
"""Videos of reviews by their unguessable tokens, and the owners of the pages; of each page those that it shows."""


def offer(token: str, video: Path, owner: str) -> str:
    """Let a page fetch the video of a review; return where it finds it.

    Args:
        token: of the review.
        video: the file.
        owner: of the page; the videos of what it showed before are given no more.
    """
    return offer_all({token: video}, owner)[token]


def offer_all(videos: Mapping[str, Path], owner: str) -> dict[str, str]:
    """The same for several that a page shows beside one another: by each token, where its video is found."""
    withdraw_of(owner, but=videos.keys())
    for token, video in videos.items():
        _OFFERED[token] = (video, owner)
    return {token: f"{REVIEWS_PATH}{token}/video" for token in videos}


def withdraw_of(owner: str, but: Collection[str] = ()) -> None:
    """Let nobody fetch the videos of somebody's reviews any more, but for those."""
    for token in [t for t, (_, own) in _OFFERED.items() if own == owner and t not in but]:
        withdraw(token)


def owner_of_review(token: str) -> str | None:
    """Return whose page the video of a review is for; None where there is none."""
    found = _OFFERED.get(token)
    return None if found is None else found[1]


def withdraw(token: str) -> None:
    """Let nobody fetch it any more."""
    _OFFERED.pop(token, None)


async def _review_video(request: Request) -> Response:
    path, _ = _OFFERED.get(request.path_params["token"]) or (None, "")
    if path is None or not path.is_file():
        return PlainTextResponse("This video is no longer here.", status_code=404)
    kind = VIDEO_TYPES.get(path.suffix.lower(), "application/octet-stream")
    return FileResponse(path, media_type=kind, headers={"Cache-Control": "no-store"})


FILE_ROUTES: Final = [Route(video_url("{job_id}"), _video), Route(f"{REVIEWS_PATH}{{token}}/video", _review_video)]
