"""Whose the files are that Streamlit serves: those of the session that put them on its page, and nobody else's.

Streamlit names them by what is in them, and serves them to whoever has the address. It forgets whose they were while a
page is run again, and never knew it of downloads that are made when they are pressed; so it is noted here.
"""

from __future__ import annotations

from typing import Any, Final

from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from checker.service.clinic.desk import Desk

MEDIA_PATH: Final = "/media/"


def note_owners(desk: Desk) -> None:
    """Have every file noted with its owner, from now on."""
    add, execute = MediaFileManager.add, MediaFileManager.execute_deferred

    def add_and_note(manager: MediaFileManager, *given: Any, **named: Any) -> str:
        url: str = add(manager, *given, **named)
        context = get_script_run_ctx()
        if context is not None:
            _note(desk, url, context.session_id)
        return url

    def execute_and_note(manager: MediaFileManager, file_id: str) -> str:
        with manager._lock:
            deferred = manager._deferred_callables.get(file_id)
        url: str = execute(manager, file_id)
        if deferred is not None:
            _note(desk, url, deferred["session_id"])
        return url

    MediaFileManager.add = add_and_note  # type: ignore[assignment,method-assign]
    MediaFileManager.execute_deferred = execute_and_note  # type: ignore[assignment,method-assign]


def _note(desk: Desk, url: str, session_id: str) -> None:
    """The owner of a session is one of the owners of its file: the same icon is on every page."""
    for owner in desk.belongings.owners(session_id):
        desk.belongings.share(url, owner)
