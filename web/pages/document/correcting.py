"""Correcting a filed document: its tags with a reason, or taking a wrong owner off."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from classification.confirming import Decision
from documents.dates import iso_of_day
from documents.errors import PipelineError
from web.callers import CallerOf, ServicesOf
from web.errors import status_of
from web.pages.document.showing import DAYS, FIELDS, document_page_of
from workers.correcting import correct_tags, detach_owner
from workers.document_sheets import show_sheet
from workers.services import Services

router = APIRouter(include_in_schema=False)
_SEE_OTHER = 303
_SERVER_ERRORS = 500


@router.post("/documents/{document_id}/tags", name="document_correct")
async def document_correct(
    request: Request, services: ServicesOf, caller: CallerOf, document_id: str
) -> Response:
    """Correct the tags of a filed document; the reason stays in its history."""
    form = await request.form()
    return await run_in_threadpool(_correct, request, services, caller, document_id, form)


def _correct(
    request: Request, services: Services, caller: CallerOf, document_id: str, form: FormData
) -> Response:
    typed = {
        name: str(form.get(name, "")).strip()
        for name in ("component_type", *FIELDS, "reason", "revision")
    }
    sheet = show_sheet(services, document_id, actor=caller.actor)
    known = {tag.name: tag.value or "" for tag in sheet.view.tags}
    try:
        correct_tags(
            services,
            document_id,
            _decision(form, typed, known),
            reason=typed["reason"],
            actor=caller.actor,
            revision=int(typed["revision"]) if typed["revision"].isdigit() else None,
        )
    except PipelineError as error:
        if status_of(error) >= _SERVER_ERRORS:
            raise
        return document_page_of(request, services, sheet, error=error.reason, typed=typed)
    return RedirectResponse(f"/documents/{document_id}?said=corrected", _SEE_OTHER)


def _decision(form: FormData, typed: Mapping[str, str], known: Mapping[str, str]) -> Decision:
    """Return what differs from what is known; a number is shown masked, so blank keeps it."""
    values = {}
    for name in FIELDS:
        value = iso_of_day(typed[name]) if name in DAYS else typed[name]
        is_kept = name not in form or (name == "owner_id" and not value)
        if not is_kept and value != known.get(name, ""):
            values[name] = value
    return Decision(
        component_type=typed["component_type"] or known.get("component_type", ""), values=values
    )


@router.post("/documents/{document_id}/owner/detach", name="document_detach")
def document_detach(
    request: Request,
    services: ServicesOf,
    caller: CallerOf,
    document_id: str,
    reason: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Take a wrong owner off a document and tell the inspector."""
    try:
        detach_owner(services, document_id, reason=reason, actor=caller.actor)
    except PipelineError as error:
        if status_of(error) >= _SERVER_ERRORS:
            raise
        sheet = show_sheet(services, document_id, actor=caller.actor)
        typed = {"detach_reason": reason}
        return document_page_of(request, services, sheet, error=error.reason, typed=typed)
    return RedirectResponse(f"/documents/{document_id}?said=detached", _SEE_OTHER)
