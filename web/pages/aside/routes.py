"""What was set aside and what waits, grouped by reason."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web.callers import CallerOf, ServicesOf
from web.rendering import render
from workers.following import list_set_aside, system_state
from workers.intake import give_password
from workers.reviewing import try_again

router = APIRouter(include_in_schema=False)
_SEE_OTHER = 303


@router.get("/aside", name="aside_page")
def aside_page(request: Request, services: ServicesOf) -> Response:
    """Show what was set aside and what waits, grouped by reason."""
    groups: dict[str, list[object]] = {}
    for one in list_set_aside(services):
        groups.setdefault(one.reason.code, []).append(one)
    return render(
        request, "aside/aside.html", groups=groups, waiting=system_state(services).waiting
    )


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
