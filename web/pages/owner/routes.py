"""Owners: finding a person or organisation, and what is held about one."""

from typing import Annotated

from fastapi import APIRouter, Form, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from documents.codes import parse_personal_id
from web.asking_purpose import address_of, ask_purpose, is_under
from web.callers import CallerOf, ServicesOf
from web.language import mark
from web.rendering import render
from workers.errors import PurposeRequiredError
from workers.owners import OwnerView, key_of_owner, search_owners, show_owner
from workers.services import Services
from workers.standing_grounds import grounds_said_lately

router = APIRouter(include_in_schema=False)
_SEE_OTHER = 303
_STATES = {
    "valid": (mark("Còn giá trị"), "good"),
    "to_check": (mark("Cần tra cứu thêm"), "warn"),
    "expired": (mark("Hết giá trị"), "problem"),
    "superseded": (mark("Đã có bản mới hơn"), ""),
    "doubtful": (mark("Còn ngờ"), "warn"),
    "not_reusable": (mark("Chỉ dùng cho một hồ sơ"), ""),
}
_Code = Annotated[str, Query(max_length=60)]


@router.get("/owners", name="owners_page")
def owners_page(
    request: Request,
    services: ServicesOf,
    caller: CallerOf,
    q: Annotated[str, Query(max_length=120)] = "",
) -> Response:
    """Find owners by words of their name; a whole number is looked up by a form that hides it."""
    found = search_owners(services, q, actor=caller.actor) if q.strip() else None
    return render(request, "owner/owners.html", q=q, found=found)


@router.post("/owners", name="owners_find")
def owners_find(
    request: Request,
    services: ServicesOf,
    caller: CallerOf,
    q: Annotated[str, Form(max_length=120)] = "",
) -> Response:
    """Find owners by name or number; the number stands in no address."""
    found = search_owners(services, q, actor=caller.actor) if q.strip() else None
    is_number = parse_personal_id(q) is not None
    if is_number and found:
        return RedirectResponse(f"/owners/{found[0].key}", _SEE_OTHER)
    return render(request, "owner/owners.html", q=q, found=found)


@router.get("/owners/{owner}", name="owner_page")
def owner_page(
    request: Request, services: ServicesOf, caller: CallerOf, owner: str, dossier: _Code = ""
) -> Response:
    """Show what is held about a person or organisation, by type."""
    key = key_of_owner(services, owner)
    said = grounds_said_lately(services, actor=caller.actor, action="owner_shown", subject=key)
    try:
        view = show_owner(
            services,
            owner,
            actor=caller.actor,
            purpose=said.purpose,
            dossier=dossier or said.dossier,
        )
    except PurposeRequiredError as error:
        action = f"/owners/{owner}/purpose"
        typed = (dossier, "") if dossier else None
        return ask_purpose(request, error, action=action, wanted=address_of(request), typed=typed)
    return _page(request, services, view)


@router.post("/owners/{owner}/purpose", name="owner_purpose")
def owner_purpose(  # noqa: PLR0913, PLR0917 - the fields of a form
    request: Request,
    services: ServicesOf,
    caller: CallerOf,
    owner: str,
    purpose: Annotated[str, Form(max_length=300)] = "",
    dossier: Annotated[str, Form(max_length=60)] = "",
    wanted: Annotated[str, Form(max_length=600)] = "",
) -> Response:
    """Take down for what a person's papers are looked at, and go on to them."""
    page = f"/owners/{owner}"
    target = wanted if is_under(wanted, page) else page
    try:
        show_owner(
            services,
            owner,
            actor=caller.actor,
            purpose=purpose.strip() or None,
            dossier=dossier.strip() or None,
        )
    except PurposeRequiredError as error:
        typed = (dossier, purpose)
        return ask_purpose(request, error, action=f"{page}/purpose", wanted=target, typed=typed)
    return RedirectResponse(target, _SEE_OTHER)


def _page(request: Request, services: Services, view: OwnerView) -> Response:
    papers = [paper for kind in view.types for paper in kind.papers]
    counts = {state: sum(paper.state == state for paper in papers) for state in _STATES}
    return render(
        request,
        "owner/owner.html",
        view=view,
        states=_STATES,
        counts={state: count for state, count in counts.items() if count},
        total=len(papers),
        procedures=services.procedures,
    )
