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
from web.callers import find_caller
from web.errors import TooManyStreamsError
from workers.following import BatchStatus, DocumentSummary, PageStatus, follow_batch
from workers.services import Services

_LOOK_SECONDS = 0.5
_LONGEST_SECONDS = 1800
_SILENCE_SECONDS = 15.0


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
    return _CountedStream(content, streams, caller.account.id)


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
