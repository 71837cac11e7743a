"""How much and how slowly anybody may send."""

import asyncio
import re

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.answering_errors import answer_error
from web.errors import BodyTooLargeError, SlowRequestError

_UPLOADS = re.compile(
    r"/api/v1/(deliveries|batches/[^/]+/files|uploads/[^/]+|"
    r"reviews/[^/]+/pages/[^/]+/replace)"
)
_SMALL_BODY_BYTES = 1 << 20
# Boundaries and fields of a multipart body, beside the file itself.
_ROOM_BESIDE_FILE_BYTES = 1 << 20


class RequestLimits:
    """Refuses bodies that are too large, by their announced and by their real length.

    A sender that is silent for `patience_seconds` in the middle of a body is cut off.
    """

    def __init__(self, app: ASGIApp, *, file_bytes: int, patience_seconds: float = 30.0) -> None:
        self._app = app
        self._file_bytes = file_bytes
        self._patience_seconds = patience_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit_of(scope["path"])
        announced = Request(scope).headers.get("content-length", "0")
        if not announced.isdecimal() or int(announced) > limit:
            response = answer_error(Request(scope), BodyTooLargeError(limit))
            await response(scope, receive, send)
            return
        await self._app(scope, self._counting(receive, limit), send)

    def _limit_of(self, path: str) -> int:
        is_upload = _UPLOADS.fullmatch(path) is not None
        return self._file_bytes + _ROOM_BESIDE_FILE_BYTES if is_upload else _SMALL_BODY_BYTES

    def _counting(self, receive: Receive, limit: int) -> Receive:
        received = 0
        is_complete = False

        async def counted() -> Message:
            nonlocal received, is_complete
            if is_complete:
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), self._patience_seconds)
            except TimeoutError as error:
                raise SlowRequestError from error
            received += len(message.get("body", b""))
            is_complete = not message.get("more_body", False)
            if received > limit:
                raise BodyTooLargeError(limit)
            return message

        return counted
