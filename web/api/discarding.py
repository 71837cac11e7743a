"""`/api/v1`: taking out what is not to be filed."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from web.api.batches import receipt_record
from web.api.problems import WITH_BODY, problems
from web.api.records import DocumentRecord, ReceiptRecord
from web.api.review_records import DiscardedRecord, discarded_record
from web.api.reviewing import ONCE
from web.api.routing import ApiRoute
from web.callers import CallerOf, ServicesOf
from web.events import document_record
from workers.discarding import discard_batch, discard_delivery, discard_document
from workers.following import summary_of
from workers.intake import receipt_of

router = APIRouter(prefix="/api/v1", tags=["review"], route_class=ApiRoute)


class Discarding(BaseModel):
    """Why something is taken out."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "Công dân rút hồ sơ"}]}
    )

    reason: str = Field(min_length=3, max_length=300)


@router.post(
    "/documents/{document_id}/discard",
    name="api_discard_document",
    summary="Bỏ tài liệu / discard a document",
    response_model=DocumentRecord,
    responses=problems(*WITH_BODY, 404, 409),
    dependencies=ONCE,
)
def discard_one(
    services: ServicesOf, caller: CallerOf, document_id: str, wanted: Discarding
) -> dict[str, Any]:
    """Take a document out before it is filed, with a reason; its working copies go."""
    discard_document(services, document_id, reason=wanted.reason, actor=caller.actor)
    return document_record(summary_of(services, document_id))


@router.post(
    "/deliveries/{delivery_id}/discard",
    name="api_discard_delivery",
    summary="Bỏ tệp để riêng / discard a file that was set aside",
    response_model=ReceiptRecord,
    responses=problems(*WITH_BODY, 404, 409),
    dependencies=ONCE,
)
def discard_file(
    services: ServicesOf, caller: CallerOf, delivery_id: str, wanted: Discarding
) -> dict[str, Any]:
    """Take out a file that was set aside, as a damaged one, with a reason; its bytes go."""
    discard_delivery(services, delivery_id, reason=wanted.reason, actor=caller.actor)
    return receipt_record(receipt_of(services, delivery_id))


@router.post(
    "/batches/{batch_id}/discard",
    name="api_discard_batch",
    summary="Bỏ lô / discard a batch",
    response_model=DiscardedRecord,
    responses=problems(*WITH_BODY, 404, 409),
    dependencies=ONCE,
)
def discard_all(
    services: ServicesOf, caller: CallerOf, batch_id: str, wanted: Discarding
) -> dict[str, Any]:
    """Take everything of a batch out that is not confirmed, with a reason."""
    found = discard_batch(services, batch_id, reason=wanted.reason, actor=caller.actor)
    return discarded_record(found)
