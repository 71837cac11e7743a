"""Progress as server-sent events (HTML standard §9.2): sent when something changed."""

import asyncio
import hashlib
import json
import threading
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from documents.errors import NotFoundError
from web.callers import Caller, find_caller, is_still_open, services_of
from web.errors import TooManyStreamsError
from workers.following import BatchStatus, DocumentSummary, PageStatus, follow_batch
from workers.services import Services

_LOOK_SECONDS = 0.5
_LONGEST_SECONDS = 1800
_SILENCE_SECONDS = 15.0
# Whoever signs out, is locked out or gets a new password sees nothing more after so long.
_SESSION_SECONDS = 2.0


def batch_record(status: BatchStatus) -> dict[str, Any]:
    """Return a batch's progress as it stands in JSON."""
    return {
        "id": status.batch.id,
        "state": status.batch.state,
        "settled": status.is_settled,
        "dossier": status.batch.dossier_code,
        "expected_pages": status.batch.expected_pages,
        "files": [
            {
                "id": one.id,
                "name": one.file_name,
                "sha256": one.sha256,
                "size_bytes": one.size_bytes,
                "received_at": one.received_at.isoformat(),
                "state": one.state,
                "reason": _reason(one.reason),
            }
            for one in status.deliveries
        ],
        "pages": [_page(one) for one in status.pages],
        "documents": [document_record(one) for one in status.documents],
    }


def document_record(summary: DocumentSummary) -> dict[str, Any]:
    """Return a document in a line as it stands in JSON."""
    return {
        "id": summary.id,
        "batch_id": summary.batch_id,
        "state": summary.state,
        "reason": _reason(summary.reason),
        "component_type": summary.component_type,
        "component_type_name": summary.component_type_name_vi,
        "number": summary.number,
        "issued_on": summary.issued_on,
        "title": summary.title,
        "pages": list(summary.pages),
        "dossier": summary.dossier_code,
        "confidence": round(summary.confidence, 3),
        "doubtful": summary.doubtful,
        "confirmed": summary.is_confirmed,
        "revision": summary.revision,
        "sha256": summary.sha256,
        "filed_at": summary.filed_at.isoformat() if summary.filed_at else None,
    }


def _page(page: PageStatus) -> dict[str, Any]:
    return {
        "id": page.id,
        "file": page.delivery_id,
        "ordinal": page.ordinal,
        "state": page.state,
        "blank": page.is_blank,
        "separator": page.separator is not None,
        "document": page.document_id,
        "reason": _reason(page.reason),
        "findings": [
            {"severity": one.severity, "code": one.reason.code, "vi": one.reason.vi,
             "en": one.reason.en}
            for one in page.findings
        ],
    }  # fmt: skip


def _reason(reason: Any) -> dict[str, str] | None:
    return reason and {"code": reason.code, "vi": reason.vi, "en": reason.en}


class OpenStreams:
    """How many streams each account has open; one account may not take them all."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: Counter[str] = Counter()
        self._lock = threading.Lock()

    @property
    def is_open(self) -> bool:
        """Whether anybody follows anything."""
        with self._lock:
            return bool(self._open)

    def enter(self, account_id: str) -> None:
        """Count one more.

        Raises:
            TooManyStreamsError: the account has as many as it may.
        """
        with self._lock:
            if self._open[account_id] >= self._most:
                raise TooManyStreamsError(self._most)
            self._open[account_id] += 1

    def leave(self, account_id: str) -> None:
        """Count one less."""
        with self._lock:
            self._open[account_id] -= 1
            if not self._open[account_id]:
                del self._open[account_id]


async def _next_of(content: AsyncIterator[bytes]) -> bytes | None:
    return await anext(content, None)


async def _while_signed_in(
    services: Services, caller: Caller, content: AsyncIterator[bytes]
) -> AsyncIterator[bytes]:
    """Pass a stream on until the sign-in or token of who asked for it ends."""
    coming: asyncio.Task[bytes | None] | None = None
    try:
        while True:
            coming = coming or asyncio.ensure_future(_next_of(content))
            await asyncio.wait({coming}, timeout=_SESSION_SECONDS)
            if not await run_in_threadpool(is_still_open, services, caller):
                yield b"event: signed-out\ndata: {}\n\n"
                return
            if coming.done():
                piece, coming = coming.result(), None
                if piece is None:
                    return
                yield piece
    finally:
        if coming is not None:
            coming.cancel()


class _CountedStream(StreamingResponse):
    """A stream that is counted until it ends, however it ends."""

    def __init__(self, content: AsyncIterator[bytes], streams: OpenStreams, account: str) -> None:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(content, media_type="text/event-stream", headers=headers)
        self._streams = streams
        self._account = account

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._streams.leave(self._account)


def batch_events(request: Request, services: Services, batch_id: str) -> Response:
    """Stream a batch's progress until it is settled; a break is resumed by the last event's id.

    Raises:
        UnknownSubjectError: there is no such batch.
        TooManyStreamsError: the account has as many streams as it may.
    """
    follow_batch(services, batch_id)
    if getattr(request.state, "is_head", False):
        return Response(media_type="text/event-stream")
    seen = request.headers.get("last-event-id", "")
    return counted_stream(request, _events(request, services, batch_id, seen))


def counted_stream(request: Request, content: AsyncIterator[bytes]) -> Response:
    """Return a stream of events, counted for the account that asks until it ends.

    Raises:
        TooManyStreamsError: the account has as many streams as it may.
    """
    caller = find_caller(request)
    assert caller is not None, request.url.path  # noqa: S101 - no stream is open to anybody
    streams: OpenStreams = request.app.state.open_streams
    streams.enter(caller.account.id)
    watched = _while_signed_in(services_of(request), caller, content)
    return _CountedStream(watched, streams, caller.account.id)


async def _events(
    request: Request, services: Services, batch_id: str, seen: str
) -> AsyncIterator[bytes]:
    silent = 0.0
    for _ in range(int(_LONGEST_SECONDS / _LOOK_SECONDS)):
        if await request.is_disconnected():
            return
        try:
            status = await run_in_threadpool(follow_batch, services, batch_id)
        except NotFoundError:
            return
        data = json.dumps(batch_record(status), ensure_ascii=False)
        digest = hashlib.sha256(data.encode()).hexdigest()[:16]
        if digest != seen:
            seen, silent = digest, 0.0
            yield f"id: {digest}\ndata: {data}\n\n".encode()
        elif silent >= _SILENCE_SECONDS:
            silent = 0.0
            yield b": still here\n\n"
        if status.is_settled and status.batch.state != "open":
            yield b"event: settled\ndata: {}\n\n"
            return
        await asyncio.sleep(_LOOK_SECONDS)
        silent += _LOOK_SECONDS
