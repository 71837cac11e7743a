"""Dossiers: the list, and one with its checklist, documents, batches and history."""

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from database.dossiers import DossierState
from database.owners import find_owner
from documents.codes import is_dossier_code
from web.asking_purpose import address_of, ask_purpose, is_under
from web.callers import CallerOf, ServicesOf
from web.language import mark
from web.rendering import render
from workers.dossiers import DossierView, list_dossiers, list_unopened, show_dossier
from workers.errors import DossierCodeError, PurposeRequiredError
from workers.people import names_of_people
from workers.services import Services
from workers.standing_grounds import grounds_said_lately

router = APIRouter(include_in_schema=False)
_PAGE_SIZE = 50
_SEE_OTHER = 303
_RESULTS = {
    "issued": mark("đã trả kết quả"),
    "refused": mark("đã từ chối"),
    "withdrawn": mark("công dân đã rút"),
    "stopped": mark("đã dừng giải quyết"),
}
_STATES = {
    "all": mark("Tất cả"),
    "open": mark("Đang giải quyết"),
    "closed": mark("Đã kết thúc"),
}
# A look is a look; that it was written down again and again tells nobody anything.
_SUMMED_UP: Collection[str] = ("dossier_shown",)


@router.get("/dossiers", name="dossiers_page")
def dossiers_page(
    request: Request,
    services: ServicesOf,
    caller: CallerOf,
    code: Annotated[str, Query(max_length=60)] = "",
    after: Annotated[str, Query(max_length=60)] = "",
    state: DossierState = "all",
) -> Response:
    """List the dossiers that were opened, newest first, or go to the one of a code."""
    error = None
    if code.strip():
        if is_dossier_code(code.strip()):
            return RedirectResponse(f"/dossiers/{code.strip()}", _SEE_OTHER)
        error = DossierCodeError().reason
    dossiers = list_dossiers(
        services, actor=caller.actor, state=state, limit=_PAGE_SIZE + 1, after=after or None
    )
    shown = dossiers[:_PAGE_SIZE]
    is_start = state == "all" and not after
    return render(
        request,
        "dossier/dossiers.html",
        status=422 if error else 200,
        code=code,
        error=error,
        state=state,
        states=_STATES,
        dossiers=shown,
        unopened=list_unopened(services, actor=caller.actor) if is_start else (),
        following=shown[-1].code if len(dossiers) > _PAGE_SIZE else None,
        procedures=services.procedures,
        results=_RESULTS,
        people=names_of_people(services, [one.opened_by for one in shown]),
    )


@router.get("/dossiers/{code}", name="dossier_page")
def dossier_page(request: Request, services: ServicesOf, caller: CallerOf, code: str) -> Response:
    """Show what a dossier holds, in the order of its procedure's checklist."""
    said = grounds_said_lately(services, actor=caller.actor, action="dossier_shown", subject=code)
    try:
        view = show_dossier(services, code, actor=caller.actor, purpose=said.purpose)
    except PurposeRequiredError as error:
        action = f"/dossiers/{code}/purpose"
        return ask_purpose(request, error, action=action, wanted=address_of(request))
    return _page(request, services, view)


@router.post("/dossiers/{code}/purpose", name="dossier_purpose")
def dossier_purpose(  # noqa: PLR0913, PLR0917 - the fields of a form
    request: Request,
    services: ServicesOf,
    caller: CallerOf,
    code: str,
    purpose: Annotated[str, Form(max_length=300)] = "",
    dossier: Annotated[str, Form(max_length=60)] = "",
    wanted: Annotated[str, Form(max_length=600)] = "",
) -> Response:
    """Take down for what a dossier is opened, and go on to it."""
    page = f"/dossiers/{code}"
    target = wanted if is_under(wanted, page) else page
    try:
        show_dossier(services, code, actor=caller.actor, purpose=purpose.strip() or None)
    except PurposeRequiredError as error:
        typed = (dossier, purpose)
        return ask_purpose(request, error, action=f"{page}/purpose", wanted=target, typed=typed)
    return RedirectResponse(target, _SEE_OTHER)


def _page(request: Request, services: Services, view: DossierView) -> Response:
    actors = [str(row["actor"]) for row in view.history]
    actors += [view.dossier.opened_by or "", view.dossier.closed_by or ""]
    actors += [batch.answerable for batch in view.batches]
    listed = {line.document_id for line in view.checklist}
    return render(
        request,
        "dossier/dossier.html",
        view=view,
        results=_RESULTS,
        by_id={one.id: one for one in view.documents},
        others=[one for one in view.documents if one.id not in listed],
        owner_key=_owner_key(services, view.dossier.owner_id),
        people=names_of_people(services, actors),
        history=_told_once([row for row in view.history if row["action"] not in _SUMMED_UP]),
        looks=[row for row in view.history if row["action"] in _SUMMED_UP],
    )


def _told_once(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return rows in which the same person did the same to the same as one, with how often."""
    told: list[dict[str, Any]] = []
    for row in rows:
        same = ("actor", "action", "document", "purpose")
        if told and all(told[-1][name] == row[name] for name in same):
            told[-1]["times"] += 1
        else:
            told.append({**row, "times": 1})
    return told


def _owner_key(services: Services, owner_id: str | None) -> str | None:
    if owner_id is None:
        return None
    with services.database.reading() as connection:
        owner = find_owner(connection, owner_id)
    return owner.key if owner else None
