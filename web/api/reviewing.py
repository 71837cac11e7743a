"""`/api/v1`: correcting what the scanner delivered, before it is confirmed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from web.api.batches import FILE_BODY, receipt_record
from web.api.problems import WITH_BODY, problems
from web.api.records import ReceiptRecord
from web.api.review_records import (
    PageChangeList,
    PageChangeRecord,
    ReviewRecord,
    SplitRecord,
    change_record,
    review_record,
)
from web.api.routing import ApiRoute
from web.callers import CallerOf, ServicesOf
from web.conditional import etag_of_revision, revision_of
from web.errors import PreconditionFailedError
from web.uploads import uploaded_file
from workers.access import require_batch
from workers.actors import Actor
from workers.errors import StaleReviewError
from workers.page_changes import (
    drop_page,
    list_changes,
    merge_documents,
    move_pages,
    reorder_pages,
    replace_page,
    restore_page,
    rotate_page,
    split_document,
    undo,
)
from workers.reviewing import get_review, open_review, require_page
from workers.services import Services

router = APIRouter(prefix="/api/v1", tags=["review"], route_class=ApiRoute)
_ACCEPTED = 202
_MOST = 1_000_000_000
_Id = Annotated[str, Field(min_length=1, max_length=40)]
REFUSALS = problems(*WITH_BODY, 404, 409, 412)


class Turning(BaseModel):
    """By how much a page is turned, clockwise as it is seen now."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"by": 90}]})

    by: Literal[90, 180, 270]


class Order(BaseModel):
    """All pages of a document that are not dropped, in their new order."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"pages": ["pag_01kqv0s9rb7c2e4g6j8k0m1n3p", "pag_01kqv0s9rb3m8p5w2t6xy4zq1n"]}
            ]
        },
    )

    pages: list[_Id] = Field(min_length=1, max_length=5000)


class Cut(BaseModel):
    """Where a document is cut in two."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"before_page": "pag_01kqv0s9rb7c2e4g6j8k0m1n3p"}]},
    )

    before_page: _Id


class Merge(BaseModel):
    """The document whose pages come behind."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"other": "doc_01kqv0s9rb7c2e4g6j8k0m1n3p"}]},
    )

    other: _Id


class Moving(BaseModel):
    """Pages that come to this document, and the place of the first of them; null: the end."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"pages": ["pag_01kqv0s9rb7c2e4g6j8k0m1n3p"], "position": 2}]
        },
    )

    pages: list[_Id] = Field(min_length=1, max_length=5000)
    position: int | None = Field(default=None, ge=1, le=_MOST)


class Undoing(BaseModel):
    """The change that is expected to be taken back; null: whichever is the next."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"change": 12}]})

    change: int | None = Field(default=None, ge=1, le=_MOST)


@dataclass(frozen=True, slots=True)
class Changing:
    """Who changes something, and what they looked at before."""

    services: Services
    actor: Actor
    response: Response
    if_match: str | None

    @contextmanager
    def expecting(self) -> Iterator[int | None]:
        """Give the revision that a change is meant for; another one answers 412.

        Raises:
            PreconditionFailedError: the document is not any more what was looked at.
        """
        try:
            yield revision_of(self.if_match)
        except StaleReviewError as error:
            raise PreconditionFailedError from error

    def answer(self, document_id: str) -> dict[str, Any]:
        """Return a document under review, with the tag that guards the next change."""
        found = get_review(self.services, document_id)
        record = review_record(found)
        self.response.headers["ETag"] = etag_of_revision(record, revision=found.revision)
        return record


def _idempotency_key(
    key: Annotated[
        str | None, Header(alias="Idempotency-Key", max_length=120, pattern="^[!-~]+$")
    ] = None,
) -> None:
    """Let the description tell that the call knows idempotency keys."""


def _changing(
    services: ServicesOf,
    caller: CallerOf,
    response: Response,
    if_match: Annotated[
        str | None,
        Header(alias="If-Match", description="ETag của tài liệu đã xem / of what was looked at"),
    ] = None,
) -> Changing:
    return Changing(services, caller.actor, response, if_match)


ChangeOf = Annotated[Changing, Depends(_changing)]
"""A change with who makes it, for calls of people who looked at the document before."""
ONCE = [Depends(_idempotency_key)]
"""For calls that know idempotency keys."""


@router.get(
    "/reviews/{document_id}",
    name="api_review",
    summary="Xem để duyệt / a document under review",
    response_model=ReviewRecord,
    responses={304: {"description": "Chưa đổi / unchanged"}, **problems(404)},
)
def review(
    services: ServicesOf, caller: CallerOf, response: Response, document_id: str
) -> dict[str, Any]:
    """Return pages, findings and proposals of a document; its ETag guards changes."""
    found = open_review(services, document_id, actor=caller.actor)
    record = review_record(found)
    response.headers["ETag"] = etag_of_revision(record, revision=found.revision)
    return record


@router.post(
    "/reviews/{document_id}/pages/{page_id}/rotate",
    name="api_rotate_page",
    summary="Xoay trang / turn a page",
    response_model=ReviewRecord,
    responses=REFUSALS,
    dependencies=ONCE,
)
def rotate(call: ChangeOf, document_id: str, page_id: str, wanted: Turning) -> dict[str, Any]:
    """Turn a page clockwise as it is seen now; it is read again with that turn."""
    require_page(call.services, document_id, page_id)
    with call.expecting() as revision:
        rotate_page(call.services, page_id, by=wanted.by, actor=call.actor, revision=revision)
    return call.answer(document_id)


@router.post(
    "/reviews/{document_id}/pages/{page_id}/drop",
    name="api_drop_page",
    summary="Bỏ trang / leave a page out",
    response_model=ReviewRecord,
    responses=REFUSALS,
    dependencies=ONCE,
)
def drop(call: ChangeOf, document_id: str, page_id: str) -> dict[str, Any]:
    """Leave a page out of the PDF; a document that loses its last page is discarded."""
    require_page(call.services, document_id, page_id)
    with call.expecting() as revision:
        drop_page(call.services, page_id, actor=call.actor, revision=revision)
    return call.answer(document_id)


@router.post(
    "/reviews/{document_id}/pages/{page_id}/restore",
    name="api_restore_page",
    summary="Lấy lại trang / take a page in again",
    response_model=ReviewRecord,
    responses=REFUSALS,
    dependencies=ONCE,
)
def restore(call: ChangeOf, document_id: str, page_id: str) -> dict[str, Any]:
    """Take a dropped page in again, at its place."""
    require_page(call.services, document_id, page_id)
    with call.expecting() as revision:
        restore_page(call.services, page_id, actor=call.actor, revision=revision)
    return call.answer(document_id)


@router.post(
    "/reviews/{document_id}/pages/{page_id}/replace",
    name="api_replace_page",
    summary="Thay trang quét lại / replace a page by a rescan",
    status_code=_ACCEPTED,
    response_model=ReceiptRecord,
    responses=REFUSALS,
    openapi_extra=FILE_BODY,
    dependencies=ONCE,
)
async def replace(
    request: Request, call: ChangeOf, document_id: str, page_id: str
) -> dict[str, Any]:
    """Deliver a file whose pages take the place of this one: a field `file`, or the body itself."""
    await run_in_threadpool(require_page, call.services, document_id, page_id)
    async with uploaded_file(request) as (stream, name):
        with call.expecting() as revision:
            receipt = await run_in_threadpool(
                replace_page,
                call.services,
                page_id,
                stream,
                file_name=name,
                actor=call.actor,
                revision=revision,
            )
    return receipt_record(receipt)


@router.put(
    "/documents/{document_id}/pages",
    name="api_order_pages",
    summary="Sắp lại trang / order the pages",
    response_model=ReviewRecord,
    responses=REFUSALS,
)
def order(call: ChangeOf, document_id: str, wanted: Order) -> dict[str, Any]:
    """Give the pages of a document another order; dropped ones need not be named."""
    with call.expecting() as revision:
        reorder_pages(call.services, document_id, wanted.pages, actor=call.actor, revision=revision)
    return call.answer(document_id)


@router.post(
    "/documents/{document_id}/pages/move",
    name="api_move_pages",
    summary="Chuyển trang đến / move pages here",
    response_model=ReviewRecord,
    responses=REFUSALS,
    dependencies=ONCE,
)
def move(call: ChangeOf, document_id: str, wanted: Moving) -> dict[str, Any]:
    """Move pages of the batch to this document, in the order they are named."""
    with call.expecting() as revision:
        move_pages(
            call.services,
            wanted.pages,
            to_document=document_id,
            position=wanted.position,
            actor=call.actor,
            revision=revision,
        )
    return call.answer(document_id)


@router.post(
    "/documents/{document_id}/split",
    name="api_split_document",
    summary="Tách tài liệu / cut a document in two",
    response_model=SplitRecord,
    responses=REFUSALS,
    dependencies=ONCE,
)
def split(call: ChangeOf, document_id: str, wanted: Cut) -> dict[str, Any]:
    """Cut a document in two before a page; `created` is the second part."""
    with call.expecting() as revision:
        made = split_document(
            call.services,
            document_id,
            before_page=wanted.before_page,
            actor=call.actor,
            revision=revision,
        )
    return {**call.answer(document_id), "created": made}


@router.post(
    "/documents/{document_id}/merge",
    name="api_merge_documents",
    summary="Gộp tài liệu / join documents",
    response_model=ReviewRecord,
    responses=REFUSALS,
    dependencies=ONCE,
)
def merge(call: ChangeOf, document_id: str, wanted: Merge) -> dict[str, Any]:
    """Put the pages of another document of the batch behind those of this one."""
    with call.expecting() as revision:
        merge_documents(
            call.services,
            into=document_id,
            other=wanted.other,
            actor=call.actor,
            revision=revision,
        )
    return call.answer(document_id)


@router.get(
    "/batches/{batch_id}/changes",
    name="api_changes",
    summary="Đã sửa gì / what was changed",
    response_model=PageChangeList,
    responses={304: {"description": "Chưa đổi / unchanged"}, **problems(404)},
)
def changes(services: ServicesOf, caller: CallerOf, batch_id: str) -> dict[str, Any]:
    """List what people changed in the pages of a batch, newest first."""
    require_batch(services, batch_id, actor=caller.actor)
    return {"items": [change_record(one) for one in list_changes(services, batch_id)]}


@router.post(
    "/batches/{batch_id}/undo",
    name="api_undo",
    summary="Hoàn tác / take the last change back",
    response_model=PageChangeRecord,
    responses=problems(*WITH_BODY, 404, 409),
    dependencies=ONCE,
)
def take_back(
    services: ServicesOf, caller: CallerOf, batch_id: str, wanted: Undoing
) -> dict[str, Any]:
    """Take the last change of a batch back; called again, the one before it."""
    undone = undo(services, batch_id, actor=caller.actor, change=wanted.change)
    return change_record(undone)
