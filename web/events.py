"""Progress as server-sent events (HTML standard §9.2): sent when something changed."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import StreamingResponse

from documents.errors import NotFoundError
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


def batch_events(request: Request, services: Services, batch_id: str) -> StreamingResponse:
    """Stream a batch's progress until it is settled; a break is resumed by the last event's id."""
    seen = request.headers.get("last-event-id", "")
    return StreamingResponse(
        _events(request, services, batch_id, seen),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


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
