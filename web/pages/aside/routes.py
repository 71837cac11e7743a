"""What was set aside and what waits, grouped by reason, each with the way out."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from database.overview import trouble_marks
from documents.errors import PipelineError
from web.callers import CallerOf, ServicesOf
from web.errors import status_of
from web.live_pages import changes
from web.rendering import render
from workers.actors import Actor
from workers.discarding import discard_delivery, discard_document
from workers.intake import give_password
from workers.services import Services
from workers.troubles import (
    hurry_group,
    list_troubles,
    list_waiting_groups,
    try_group_again,
    try_subject_again,
)

router = APIRouter(include_in_schema=False)
_SEE_OTHER = 303
_Reason = Annotated[str, Form(min_length=5, max_length=300)]
_Code = Annotated[str, Form(max_length=60)]

Fix = Literal["password", "scan", "review", "tell", "secret"]
FIXES: dict[str, Fix] = {
    "password_needed": "password",
    "empty_file": "scan",
    "unsupported_file": "scan",
    "damaged_file": "scan",
    "file_too_large": "scan",
    "page_too_large": "scan",
    "page_too_small": "scan",
    "too_many_pages": "scan",
    "no_pages": "scan",
    "empty_batch": "scan",
    "unread_pages": "review",
    "unreadable_page": "review",
    "poisoned": "review",
    "secret_paper": "secret",
}
"""What a person does first about a reason; about others they tell the administrator."""


@router.get("/aside", name="aside_page")
def aside_page(request: Request, services: ServicesOf, caller: CallerOf) -> Response:
    """Show what was set aside and what waits, grouped by reason."""
    return _page(request, services, caller.actor)


@router.get("/aside/events", name="aside_stream")
def aside_stream(request: Request, services: ServicesOf) -> Response:
    """Say whenever something is set aside, begins to wait, or goes on."""

    def look() -> object:
        with services.database.reading() as connection:
            return trouble_marks(connection)

    return changes(request, look)


@router.post("/aside/again", name="aside_try_group")
def aside_try_group(services: ServicesOf, caller: CallerOf, code: _Code) -> Response:
    """Try all that was set aside for one reason once more."""
    try_group_again(services, code, actor=caller.actor)
    return RedirectResponse("/aside", _SEE_OTHER)


@router.post("/aside/hurry", name="aside_hurry")
def aside_hurry(services: ServicesOf, caller: CallerOf, code: _Code) -> Response:
    """Try what waits for one reason now."""
    hurry_group(services, code, actor=caller.actor)
    return RedirectResponse("/aside", _SEE_OTHER)


@router.post("/aside/{subject}/try-again", name="aside_try_again")
def aside_try_again(services: ServicesOf, caller: CallerOf, subject: str) -> Response:
    """Try what was set aside once more."""
    try_subject_again(services, subject, actor=caller.actor)
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


@router.post("/aside/{subject}/discard", name="aside_discard")
def aside_discard(
    request: Request, services: ServicesOf, caller: CallerOf, subject: str, reason: _Reason
) -> Response:
    """Take out a file or a document that cannot be used, with the reason."""
    take_out = discard_delivery if subject.startswith("dlv_") else discard_document
    try:
        take_out(services, subject, reason=reason, actor=caller.actor)
    except PipelineError as error:
        return _page(request, services, caller.actor, error=error)
    return RedirectResponse("/aside", _SEE_OTHER)


def _page(
    request: Request, services: Services, actor: Actor, *, error: PipelineError | None = None
) -> Response:
    return render(
        request,
        "aside/aside.html",
        status=status_of(error) if error else 200,
        groups=list_troubles(services, actor=actor),
        waiting=list_waiting_groups(services, actor=actor),
        fixes=FIXES,
        error=error.reason if error else None,
    )
