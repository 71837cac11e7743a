"""`/api/v1`: delivering files and following them."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from database.batches import NewBatch
from documents.identifiers import mint_batch_id
from documents.model import Receipt
from web.api.problems import WITH_BODY, problems
from web.api.records import BatchRecord, ReceiptRecord
from web.api.routing import ApiRoute
from web.callers import CallerOf, ServicesOf
from web.errors import ForbiddenError
from web.events import batch_events, batch_record
from web.uploads import uploaded_file
from workers.access import require_batch
from workers.following import follow_batch
from workers.intake import begin_batch, end_batch, receipt_of, take_file

router = APIRouter(prefix="/api/v1", tags=["delivery"], route_class=ApiRoute)
_CREATED, _ACCEPTED = 201, 202
_POLICIES_OF_PROGRAMS = ("none", "sure")
_Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=120,
        pattern="^[!-~]+$",
        description="Gửi lại với cùng khóa là một lần / the same key again is the same request",
    ),
]
FILE_BODY: dict[str, Any] = {
    "parameters": [
        {
            "name": "filename",
            "in": "query",
            "required": False,
            "description": "Tên tệp, khi thân yêu cầu là tệp / its name where the body is the file",
            "schema": {"type": "string", "maxLength": 400},
        }
    ],
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            },
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
        },
    },
}
_EVENTS: dict[str, Any] = {
    "description": "Diễn biến của lô / the batch's progress",
    "content": {
        "text/event-stream": {
            "schema": {
                "type": "object",
                "description": "Một sự kiện; `data` là cả lô / an event, `data` is the batch",
                "required": ["data"],
                "properties": {name: {"type": "string"} for name in ("id", "event", "data")},
            },
            "example": 'id: 1f0c9a7e5d3b2a41\ndata: {"id": "bat_…", "state": "open", …}\n\n',
        }
    },
}


class BatchRequest(BaseModel):
    """What a sender says when it opens a batch."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"station": "quay-1", "dossier_code": "H05.01.02-251103-0012"}]
        },
    )

    station: str = Field(default="api", min_length=1, max_length=120)
    batch_key: str | None = Field(default=None, max_length=160)
    dossier_code: str | None = Field(default=None, max_length=60)
    procedure: str | None = Field(default=None, max_length=40)
    owner_id: str | None = Field(default=None, max_length=40)
    expected_pages: int | None = Field(default=None, ge=1, le=100_000)
    confirm_policy: Literal["none", "sure"] = "none"


@router.post(
    "/batches",
    name="api_open_batch",
    summary="Mở lô / open a batch",
    status_code=_CREATED,
    response_model=BatchRecord,
    responses=problems(*WITH_BODY, 409),
)
def open_batch(
    services: ServicesOf, caller: CallerOf, wanted: BatchRequest, key: _Key = None
) -> dict[str, Any]:
    """Open a batch; the same station and key (or Idempotency-Key) give the same batch."""
    new = NewBatch(
        station=f"{caller.account.name}:{wanted.station}",
        profile=services.profile_of(wanted.station).name,
        batch_key=wanted.batch_key or key or mint_batch_id(),
        answerable=caller.account.name,
        dossier_code=wanted.dossier_code,
        procedure=wanted.procedure,
        owner_id=wanted.owner_id,
        expected_pages=wanted.expected_pages,
        confirm_policy=wanted.confirm_policy,
    )
    batch = begin_batch(services, new, actor=caller.actor)
    return batch_record(follow_batch(services, batch.id))


@router.post(
    "/batches/{batch_id}/files",
    name="api_deliver_into_batch",
    summary="Giao tệp vào lô / deliver a file into a batch",
    status_code=_ACCEPTED,
    response_model=ReceiptRecord,
    responses=problems(*WITH_BODY, 404, 409),
    openapi_extra=FILE_BODY,
)
async def deliver_into_batch(
    request: Request,
    services: ServicesOf,
    caller: CallerOf,
    batch_id: str,
    key: _Key = None,  # noqa: ARG001 - `web.idempotency` knows it; here for the description
) -> dict[str, Any]:
    """Deliver a file into an open batch: a multipart field `file`, or the body itself."""
    async with uploaded_file(request) as (stream, name):
        receipt = await run_in_threadpool(
            take_file,
            services,
            stream,
            batch_id=batch_id,
            file_name=name,
            source=name,
            actor=caller.actor,
        )
    return receipt_record(receipt)


@router.post(
    "/batches/{batch_id}/close",
    name="api_close_batch",
    summary="Đóng lô / close a batch",
    response_model=BatchRecord,
    responses=problems(*WITH_BODY, 404, 409),
)
def close_batch(
    services: ServicesOf,
    caller: CallerOf,
    batch_id: str,
    key: _Key = None,  # noqa: ARG001 - `web.idempotency` knows it; here for the description
) -> dict[str, Any]:
    """Close a batch, so that it is cut into documents."""
    end_batch(services, batch_id, actor=caller.actor)
    return batch_record(follow_batch(services, batch_id))


@router.get(
    "/batches/{batch_id}",
    name="api_batch",
    summary="Lô đang ở đâu / where a batch is",
    response_model=BatchRecord,
    responses=problems(404),
)
def batch(services: ServicesOf, caller: CallerOf, batch_id: str) -> dict[str, Any]:
    """Say where everything of a batch is now."""
    require_batch(services, batch_id, actor=caller.actor)
    return batch_record(follow_batch(services, batch_id))


@router.get(
    "/batches/{batch_id}/events",
    name="api_batch_events",
    summary="Theo dõi lô / follow a batch",
    response_class=Response,
    responses={200: _EVENTS, **problems(404)},
)
def events(
    request: Request,
    services: ServicesOf,
    caller: CallerOf,
    batch_id: str,
    last_seen: Annotated[  # noqa: ARG001 - read where the stream is made; here for the description
        str | None, Header(alias="Last-Event-ID", max_length=64)
    ] = None,
) -> Response:
    """Stream a batch's progress as server-sent events; `Last-Event-ID` resumes a broken stream."""
    require_batch(services, batch_id, actor=caller.actor)
    return batch_events(request, services, batch_id)


@router.post(
    "/deliveries",
    name="api_deliver",
    summary="Giao một tệp / deliver one file",
    status_code=_ACCEPTED,
    response_model=ReceiptRecord,
    responses=problems(*WITH_BODY, 409),
    openapi_extra=FILE_BODY,
)
async def deliver(
    request: Request,
    services: ServicesOf,
    caller: CallerOf,
    key: _Key = None,
    dossier: Annotated[str | None, Query(max_length=60)] = None,
    confirm_by: Annotated[str, Query(max_length=20, examples=["none", "sure"])] = "none",
) -> dict[str, Any]:
    """Deliver one file as a batch of its own; the same Idempotency-Key is the same delivery."""
    if confirm_by not in _POLICIES_OF_PROGRAMS:
        raise ForbiddenError
    new = NewBatch(
        station=f"{caller.account.name}:api",
        batch_key=key or mint_batch_id(),
        answerable=caller.account.name,
        dossier_code=dossier,
        confirm_policy="sure" if confirm_by == "sure" else "none",
    )
    async with uploaded_file(request) as (stream, name):
        opened = await run_in_threadpool(begin_batch, services, new, actor=caller.actor)
        receipt = await run_in_threadpool(
            take_file,
            services,
            stream,
            batch_id=opened.id,
            file_name=name,
            source=name,
            actor=caller.actor,
        )
        await run_in_threadpool(end_batch, services, opened.id, actor=caller.actor)
    return receipt_record(receipt)


@router.get(
    "/deliveries/{delivery_id}",
    name="api_receipt",
    summary="Biên nhận / a receipt",
    response_model=ReceiptRecord,
    responses=problems(404),
)
def receipt(services: ServicesOf, caller: CallerOf, delivery_id: str) -> dict[str, Any]:
    """Return the receipt of a delivered file; its pages are there once it has been opened."""
    found = receipt_of(services, delivery_id)
    require_batch(services, found.batch_id, actor=caller.actor)
    return receipt_record(found)


def receipt_record(given: Receipt) -> dict[str, Any]:
    """Return a receipt as it stands in JSON."""
    return {
        "id": given.id,
        "batch_id": given.batch_id,
        "sha256": given.sha256,
        "size_bytes": given.size_bytes,
        "received_at": given.received_at.isoformat(),
        "file_name": given.file_name,
        "repeated": given.is_repeated,
        "pages": list(given.page_ids),
    }
