"""What the door of a clinic must know of Streamlit: its login, whose its files are, what pages do by themselves."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final

from google.protobuf.message import DecodeError
from starlette.datastructures import Headers
from starlette.types import Message, Scope
from streamlit.auth_util import encode_provider_token, get_cookie_with_chunks
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import TOKENS_COOKIE_NAME, USER_COOKIE_NAME

from checker.service.clinic.desk import Desk
from checker.service.clinic.door import Owned
from checker.service.files import REVIEWS_PATH, owner_of_review, video_url
from checker.service.live import protocol
from checker.service.live.protocol import RECORDING_PATH, SOCKET_PATH
from checker.service.live.registry import registry
from checker.service.measuring import jobs
from checker.ui.clinic.media import MEDIA_PATH
from checker.ui.uploads import PATH as UPLOAD_PATH

PROVIDER: Final = "default"
STREAM_PATH: Final = "/_stcore/stream"
RESULTS_PATH: Final = video_url("").partition("//")[0] + "/"

DONE_BY_SOMEBODY: Final = frozenset({"rerun_script", "file_urls_request", "backend_operation_request"})
"""Messages of a page that come of what somebody did; a heartbeat does not."""


class StreamlitWithin:
    """Knows Streamlit; see `checker.service.clinic.door.Within`."""

    login_path = "/auth/login"
    callback_path = "/oauth2callback"

    def __init__(self, desk: Desk) -> None:
        """For the desk of this server."""
        self._desk = desk

    def way_to_provider(self) -> str:
        """Where Streamlit's login begins: the address holds good for two minutes."""
        return f"{self.login_path}?provider={encode_provider_token(PROVIDER)}"

    def claims_of(self, set_cookies: Sequence[str]) -> Mapping[str, Any] | None:
        """Who has signed in, by the cookie that Streamlit has signed; None: nobody."""
        values = {name: value for told in set_cookies for name, value in _parsed(told).items() if value}

        def signed(name: str) -> bytes | None:
            value = values.get(name)
            return None if value is None else decode_signed_value(get_cookie_secret(), name, value.encode("latin-1"))

        found = get_cookie_with_chunks(signed, USER_COOKIE_NAME)
        if found is None:
            return None
        claims = json.loads(found)
        return claims if isinstance(claims, dict) and claims.get("is_logged_in") is True else None

    def is_identity(self, set_cookie: str) -> bool:
        """Whether it is one of Streamlit's cookies about who has signed in, or their tokens."""
        return set_cookie.startswith((USER_COOKIE_NAME, TOKENS_COOKIE_NAME))

    async def owned_by(self, scope: Scope) -> Owned | None:
        """The names by which something is known to be somebody's."""
        path: str = scope["path"]
        if UPLOAD_PATH in path:
            return {path.partition(UPLOAD_PATH)[2].partition("/")[0]}
        if path.startswith(MEDIA_PATH):
            return {path}
        if path.startswith(RESULTS_PATH):
            job = jobs().get(path.removeprefix(RESULTS_PATH).partition("/")[0])
            return {job.owner} if job is not None else ()
        if path.startswith(REVIEWS_PATH):
            owner = owner_of_review(path.removeprefix(REVIEWS_PATH).partition("/")[0])
            return {owner} if owner is not None else ()
        if path == RECORDING_PATH:
            return _of_live(Headers(scope=scope).get(protocol.SESSION_HEADER, ""))
        if path == SOCKET_PATH:
            return _of_live(protocol.token_of(scope.get("subprotocols", [])))
        if path.endswith(STREAM_PATH):
            return self._resumed(scope)
        return None

    def _resumed(self, scope: Scope) -> Owned | None:
        """The session of a page that a socket asks to take up again; it stands third in the subprotocols.

        One that is nobody's yet is left to Streamlit, which takes a session up for the same login alone.
        """
        given = [part.strip() for part in Headers(scope=scope).get("sec-websocket-protocol", "").split(",")]
        known = len(given) > 2 and self._desk.belongings.owners(given[2])
        return {given[2]} if known else None

    def is_active(self, scope: Scope, message: Message) -> bool:
        """Whether somebody has done something: a press, not what a page sends by itself."""
        data, text = message.get("bytes"), message.get("text")
        if scope["path"] == SOCKET_PATH:
            return data is not None or (text is not None and '"ping"' not in text)
        if data is None:
            return False
        try:
            sent = BackMsg.FromString(data)
        except DecodeError:
            return False
        return sent.WhichOneof("type") in DONE_BY_SOMEBODY and not sent.rerun_script.is_auto_rerun


def _of_live(token: str | None) -> Owned:
    seat = registry().find(token)
    return {seat.session.owner} if seat is not None else ()


def _parsed(set_cookie: str) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(set_cookie).items()}
    except CookieError:
        return {}
