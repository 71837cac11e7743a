"""A batch with its pages as they come."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web.callers import CallerOf, ServicesOf
from web.events import batch_events
from web.rendering import render
from workers.following import follow_batch
from workers.intake import end_batch
from workers.retrieving import page_picture as picture_of_page

router = APIRouter(include_in_schema=False)
_SEE_OTHER = 303
_WIDEST = 2400


@router.get("/batches/{batch_id}", name="batch_page")
def batch_page(request: Request, services: ServicesOf, batch_id: str) -> Response:
    """Show a batch with its pages as they come."""
    return render(request, "batch/batch.html", status_of=follow_batch(services, batch_id))


@router.get("/batches/{batch_id}/events", name="batch_stream")
def batch_stream(request: Request, services: ServicesOf, batch_id: str) -> Response:
    """Stream a batch's progress."""
    return batch_events(request, services, batch_id)


@router.post("/batches/{batch_id}/close", name="close_batch_form")
def close_batch(services: ServicesOf, caller: CallerOf, batch_id: str) -> Response:
    """Close a batch, so that it is cut into documents."""
    end_batch(services, batch_id, actor=caller.actor)
    return RedirectResponse(f"/batches/{batch_id}", _SEE_OTHER)


@router.get("/pages/{page_id}.jpg", name="page_picture")
def page_picture(
    services: ServicesOf, page_id: str, width: Annotated[int, Query(ge=16, le=_WIDEST)] = 240
) -> Response:
    """Return a page as a picture."""
    return Response(
        picture_of_page(services, page_id, width=width),
        media_type="image/jpeg",
        headers={"Cache-Control": "private, max-age=60"},
    )
