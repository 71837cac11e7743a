"""`/api/v1`: holding a document under review, so that two people do not correct it at once."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from web.api.problems import WITH_BODY, problems
from web.api.review_records import ReservationRecord, reservation_record
from web.api.routing import ApiRoute
from web.callers import CallerOf, ServicesOf
from workers.reservations import release, reserve

router = APIRouter(prefix="/api/v1", tags=["review"], route_class=ApiRoute)
_NO_CONTENT = 204


class Reserving(BaseModel):
    """For how long a document is held."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"minutes": 5}]})

    minutes: int = Field(default=5, ge=1, le=30)


@router.put(
    "/documents/{document_id}/reservation",
    name="api_reserve",
    summary="Giữ để duyệt / hold for review",
    response_model=ReservationRecord,
    responses=problems(*WITH_BODY, 404, 409),
)
def hold(
    services: ServicesOf, caller: CallerOf, document_id: str, wanted: Reserving
) -> dict[str, Any]:
    """Hold a document under review, or extend that; it ends by itself."""
    made = reserve(services, document_id, actor=caller.actor, minutes=wanted.minutes)
    return reservation_record(made)


@router.delete(
    "/documents/{document_id}/reservation",
    name="api_release",
    summary="Thôi giữ / let go",
    status_code=_NO_CONTENT,
    responses=problems(404, 409),
)
def let_go(services: ServicesOf, caller: CallerOf, document_id: str) -> None:
    """Let a document be free again."""
    release(services, document_id, actor=caller.actor)
