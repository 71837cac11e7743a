"""`/api/v1`: cutting a page that shows several papers."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from documents.model import Box
from web.api.review_records import ReviewRecord
from web.api.reviewing import ONCE, REFUSALS, ChangeOf
from web.api.routing import ApiRoute
from workers.cutting import cut_page
from workers.reviewing import require_page

router = APIRouter(prefix="/api/v1", tags=["review"], route_class=ApiRoute)
_Side = Annotated[int, Field(ge=0, le=1_000_000)]


class Part(BaseModel):
    """A part of a page, in px of the page as it is seen now."""

    model_config = ConfigDict(extra="forbid")

    x0: _Side
    y0: _Side
    x1: _Side
    y1: _Side


class Cutting(BaseModel):
    """The parts of a page, in reading order; none: those that looking at it proposed."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "parts": [
                        {"x0": 0, "y0": 0, "x1": 1240, "y1": 1754},
                        {"x0": 1240, "y0": 0, "x1": 2480, "y1": 1754},
                    ]
                }
            ]
        },
    )

    parts: list[Part] = Field(default=[], max_length=8)


@router.post(
    "/reviews/{document_id}/pages/{page_id}/cut",
    name="api_cut_page",
    summary="Cắt trang chụp nhiều giấy / cut a page that shows several papers",
    response_model=ReviewRecord,
    responses=REFUSALS,
    dependencies=ONCE,
)
def cut(call: ChangeOf, document_id: str, page_id: str, wanted: Cutting) -> dict[str, Any]:
    """Cut a page into pages of the document; the whole one is left out and can be restored."""
    require_page(call.services, document_id, page_id)
    parts = [Box(part.x0, part.y0, part.x1, part.y1) for part in wanted.parts]
    with call.expecting() as revision:
        cut_page(call.services, page_id, parts=parts, actor=call.actor, revision=revision)
    return call.answer(document_id)
