"""A batch with its pages as they come."""

from typing import Annotated

from fastapi import APIRouter, Form, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from database.overview import count_in_batches
from documents.errors import PipelineError, Reason
from web.callers import CallerOf, ServicesOf
from web.errors import status_of
from web.events import batch_events
from web.pictures import picture_answer
from web.rendering import render
from workers.access import require_batch
from workers.desk import Place, show_place
from workers.discarding import discard_batch as take_batch_out
from workers.intake import end_batch
from workers.retrieving import page_picture as picture_of_page
from workers.services import Services

router = APIRouter(include_in_schema=False)
_SEE_OTHER = 303
_WIDEST = 2400
_LOOKED_AT_AGAIN = "private, no-cache"
_READ = ("read", "set_aside")
_UNCONFIRMED = ("reading", "awaiting_review", "set_aside")


@router.get("/batches/{batch_id}", name="batch_page")
def batch_page(request: Request, services: ServicesOf, caller: CallerOf, batch_id: str) -> Response:
    """Show a batch with its pages as they come."""
    require_batch(services, batch_id, actor=caller.actor)
    return _page(request, services, batch_id)


@router.get("/batches/{batch_id}/events", name="batch_stream")
def batch_stream(
    request: Request, services: ServicesOf, caller: CallerOf, batch_id: str
) -> Response:
    """Stream a batch's progress."""
    require_batch(services, batch_id, actor=caller.actor)
    return batch_events(request, services, batch_id)


@router.post("/batches/{batch_id}/close", name="close_batch_form")
def close_batch(services: ServicesOf, caller: CallerOf, batch_id: str) -> Response:
    """Close a batch, so that it is cut into documents."""
    require_batch(services, batch_id, actor=caller.actor)
    end_batch(services, batch_id, actor=caller.actor)
    return RedirectResponse(f"/batches/{batch_id}", _SEE_OTHER)


@router.post("/batches/{batch_id}/discard", name="discard_batch_form")
def discard_batch(
    request: Request,
    services: ServicesOf,
    caller: CallerOf,
    batch_id: str,
    reason: Annotated[str, Form(min_length=5, max_length=300)],
) -> Response:
    """Take out what is not confirmed of a batch, with the reason."""
    require_batch(services, batch_id, actor=caller.actor)
    try:
        take_batch_out(services, batch_id, reason=reason, actor=caller.actor)
    except PipelineError as error:
        return _page(request, services, batch_id, error=error)
    return RedirectResponse(f"/batches/{batch_id}", _SEE_OTHER)


@router.get("/pages/{page_id}.jpg", name="page_picture")
def page_picture(
    request: Request,
    services: ServicesOf,
    caller: CallerOf,
    page_id: str,
    width: Annotated[int, Query(ge=16, le=_WIDEST)] = 240,
    stamp: Annotated[str, Query(alias="v", max_length=80)] = "",
) -> Response:
    """Return a page as a picture; one asked for with its stamp is kept by the browser."""
    picture = picture_of_page(services, page_id, width=width, actor=caller.actor)
    response = picture_answer(request, picture, is_pinned=bool(stamp))
    if not stamp:
        response.headers["Cache-Control"] = _LOOKED_AT_AGAIN  # it may have been turned
    return response


def _page(
    request: Request,
    services: Services,
    batch_id: str,
    *,
    error: PipelineError | None = None,
) -> Response:
    one = show_place(services, batch_id)
    with services.database.reading() as connection:
        counts = count_in_batches(connection, [batch_id])[batch_id]
    return render(
        request,
        "batch/batch.html",
        status=status_of(error) if error else 200,
        one=one,
        counts=counts,
        read=sum(page.state in _READ for page in one.status.pages),
        first_waiting=_first_waiting(one),
        can_discard=_can_discard(one),
        error=_reason_of(error),
    )


def _reason_of(error: PipelineError | None) -> Reason | None:
    return error.reason if error else None


def _first_waiting(one: Place) -> str | None:
    return next((d.id for d in one.status.documents if d.state == "awaiting_review"), None)


def _can_discard(one: Place) -> bool:
    if one.status.batch.state == "discarded":
        return False
    return not one.status.documents or any(
        document.state in _UNCONFIRMED for document in one.status.documents
    )
