"""The desk: delivering files and following a batch."""

from typing import Annotated

from fastapi import APIRouter, Form, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from database.batches import list_batches
from web.callers import CallerOf, ServicesOf
from web.events import batch_events
from web.rendering import render
from workers.following import follow_batch, list_set_aside, system_state
from workers.intake import end_batch, give_password
from workers.retrieving import page_picture as picture_of_page
from workers.reviewing import try_again

router = APIRouter(include_in_schema=False)
_SEE_OTHER = 303
_WIDEST = 2400


@router.get("/desk", name="desk_page")
def desk_page(request: Request, services: ServicesOf) -> Response:
    """Show where files are dropped, and the latest batches."""
    with services.database.reading() as connection:
        latest = list_batches(connection, limit=12)
    return render(request, "desk.html", batches=latest)


@router.get("/batches/{batch_id}", name="batch_page")
def batch_page(request: Request, services: ServicesOf, batch_id: str) -> Response:
    """Show a batch with its pages as they come."""
    return render(request, "batch.html", status_of=follow_batch(services, batch_id))


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


@router.get("/aside", name="aside_page")
def aside_page(request: Request, services: ServicesOf) -> Response:
    """Show what was set aside and what waits, grouped by reason."""
    groups: dict[str, list[object]] = {}
    for one in list_set_aside(services):
        groups.setdefault(one.reason.code, []).append(one)
    return render(request, "aside.html", groups=groups, waiting=system_state(services).waiting)


@router.post("/aside/{subject}/try-again", name="aside_try_again")
def aside_try_again(services: ServicesOf, caller: CallerOf, subject: str) -> Response:
    """Try what was set aside once more."""
    try_again(services, subject, actor=caller.actor)
    return RedirectResponse("/aside", _SEE_OTHER)


@router.post("/aside/{subject}/password", name="aside_password")
def aside_password(
    services: ServicesOf,
    caller: CallerOf,
    subject: str,
    password: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Try an encrypted file with a password."""
    give_password(services, subject, password=password, actor=caller.actor)
    return RedirectResponse("/aside", _SEE_OTHER)
