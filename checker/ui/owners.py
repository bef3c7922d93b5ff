"""Who is looking at the page, and what happens when they leave.

A browser session is an owner of jobs and of live sessions. Streamlit releases a browser session's own
resources when its connection ends; the jobs then wait out the grace time in case it was only a closed lid. When the
server ends, all of them end.
"""

from __future__ import annotations

import asyncio
import gc
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from checker.service.files import withdraw_of
from checker.service.live.registry import registry
from checker.service.measuring import jobs
from checker.service.uploads import uploads
from checker.service.workers import workers


def owner() -> str:
    """The owner that this session is, held for as long as it is connected."""
    name: str = st.session_state.setdefault("owner", secrets.token_urlsafe(16))
    context = get_script_run_ctx()
    _lease(name, context.session_id if context is not None else "")
    return name


def _release(lease: tuple[str, str]) -> None:
    name, session_id = lease
    jobs().release(name)
    withdraw_of(name)
    registry().release(name)
    uploads().release(session_id)


@st.cache_resource(scope="session", on_release=_release, show_spinner=False)
def _lease(name: str, session_id: str) -> tuple[str, str]:
    registry().hold(name)
    jobs().hold(name)  # after it: a live session that ends meanwhile lets go of its owner's jobs
    uploads().hold(session_id)
    return name, session_id


def forget_upload(upload: UploadedFile) -> None:
    """Drop Streamlit's own copy of an upload, which it would hold in memory to the session's end."""
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, upload.file_id)


SWEEP_EVERY_S: Final = 2.0
SWEEP_FOLDERS_EVERY_S: Final = 3600.0


async def _sweep() -> None:
    """End live sessions that nobody comes back to."""
    while True:
        await asyncio.sleep(SWEEP_EVERY_S)
        registry().sweep()


async def _sweep_folders() -> None:
    """Delete what other servers have left behind since this one began, which looked at its start."""
    while True:
        await asyncio.sleep(SWEEP_FOLDERS_EVERY_S)
        await asyncio.to_thread(jobs().sweep)


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """The server's life: what is still there at its end is deleted; a page's grace time is that of its jobs."""
    gc.freeze()  # what is loaded now stays: whoever looks for what can go need not look through it
    jobs().grace_s = float(st.get_option("server.disconnectedSessionTTL"))
    await asyncio.to_thread(workers().prepare)
    sweeping = [asyncio.create_task(sweep()) for sweep in (_sweep, _sweep_folders)]
    yield
    for task in sweeping:
        task.cancel()
    workers().close()
    registry().close()
    jobs().close()  # here, because the server ends by its signal and leaves no time at exit
