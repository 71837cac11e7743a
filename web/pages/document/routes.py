"""One document: its pages, tags, signatures, versions, readers; what is read and downloaded."""

from typing import Annotated

from fastapi import APIRouter, Form, Header, Query
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from web.asking_purpose import address_of, ask_purpose, is_under
from web.callers import CallerOf, ServicesOf
from web.conditional import to_conditional
from web.file_answers import file_answer
from web.pages.document.showing import document_page_of, lit_picture, word_entry
from web.pictures import picture_answer
from workers.document_sheets import show_sheet
from workers.errors import PurposeRequiredError
from workers.page_views import boxes_that_fit, words_of_page
from workers.retrieving import document_picture as picture_of_document
from workers.retrieving import open_version, verify_document
from workers.searching import terms_of

router = APIRouter(include_in_schema=False)
_WIDEST = 2400
_SEE_OTHER = 303
_Text = Annotated[str, Query(max_length=300)]


@router.get("/documents/{document_id}", name="document_page")
def document_page(
    request: Request,
    services: ServicesOf,
    caller: CallerOf,
    document_id: str,
    q: _Text = "",
    said: _Text = "",
) -> Response:
    """Show a document with its pages, tags, signatures and history."""
    try:
        sheet = show_sheet(services, document_id, actor=caller.actor)
    except PurposeRequiredError as error:
        action = f"/documents/{document_id}/purpose"
        return ask_purpose(request, error, action=action, wanted=address_of(request))
    return document_page_of(request, services, sheet, q=q, said=said)


@router.post("/documents/{document_id}/purpose", name="document_purpose")
def document_purpose(  # noqa: PLR0913, PLR0917 - the fields of a form
    request: Request,
    services: ServicesOf,
    caller: CallerOf,
    document_id: str,
    purpose: Annotated[str, Form(max_length=300)] = "",
    dossier: Annotated[str, Form(max_length=60)] = "",
    wanted: Annotated[str, Form(max_length=600)] = "",
) -> Response:
    """Take down for what a document is opened, and go on to it."""
    page = f"/documents/{document_id}"
    target = wanted if is_under(wanted, page) else page
    try:
        show_sheet(
            services,
            document_id,
            actor=caller.actor,
            purpose=purpose.strip() or None,
            dossier=dossier.strip() or None,
        )
    except PurposeRequiredError as error:
        typed = (dossier, purpose)
        return ask_purpose(request, error, action=f"{page}/purpose", wanted=target, typed=typed)
    return RedirectResponse(target, _SEE_OTHER)


@router.get("/documents/{document_id}/verification", name="verification_page")
def verification_page(
    request: Request, services: ServicesOf, caller: CallerOf, document_id: str
) -> Response:
    """Read the stored bytes again and show the verdict."""
    try:
        sheet = show_sheet(services, document_id, actor=caller.actor)
    except PurposeRequiredError as error:
        action = f"/documents/{document_id}/purpose"
        return ask_purpose(request, error, action=action, wanted=address_of(request))
    checked = verify_document(services, document_id, actor=caller.actor)
    return document_page_of(request, services, sheet, checked=checked)


@router.get("/documents/{document_id}/pages/{page}.jpg", name="document_picture")
def document_picture(  # noqa: PLR0913, PLR0917 - a page, a width, a digest
    request: Request,
    services: ServicesOf,
    caller: CallerOf,
    document_id: str,
    page: int,
    width: Annotated[int, Query(ge=16, le=_WIDEST)] = 640,
    digest: Annotated[str, Query(alias="v", max_length=64)] = "",
) -> Response:
    """Return a page of a document as a picture; with the digest in the address it is kept."""
    content = picture_of_document(services, document_id, page=page, width=width, actor=caller.actor)
    return picture_answer(request, content, is_pinned=bool(digest))


@router.get("/documents/{document_id}/pages/{page}/words.json", name="document_words")
def document_words(
    request: Request, services: ServicesOf, caller: CallerOf, document_id: str, page: int
) -> Response:
    """Return the words of a page with their places, to be lit up where they are found.

    A corrected word has a sixth entry: how it was read.
    """
    found = words_of_page(services, document_id, page=page, actor=caller.actor)
    answer = JSONResponse(
        {
            "width": found.size.width,
            "height": found.size.height,
            "words": [word_entry(one) for one in found.words],
        },
        headers={"Cache-Control": "private, max-age=300"},
    )
    return to_conditional(request, answer)


@router.get("/documents/{document_id}/pages/{page}/lit.svg", name="document_lit")
def document_lit(
    request: Request,
    services: ServicesOf,
    caller: CallerOf,
    document_id: str,
    page: int,
    q: _Text = "",
) -> Response:
    """Return what lies over a page's picture: a light on each word that fits a query."""
    found = words_of_page(services, document_id, page=page, actor=caller.actor)
    content = lit_picture(found.size, boxes_that_fit(found, terms_of(q)))
    return picture_answer(request, content, media_type="image/svg+xml")


@router.get("/documents/{document_id}/file", name="document_file")
def document_file(
    request: Request,
    services: ServicesOf,
    caller: CallerOf,
    document_id: str,
    wanted: Annotated[str | None, Header(alias="Range")] = None,
) -> Response:
    """Give out the stored file for download."""
    return _file(request, services, caller, document_id, None, wanted)


@router.get("/documents/{document_id}/versions/{version_id}", name="document_version_file")
def document_version_file(
    request: Request,
    services: ServicesOf,
    caller: CallerOf,
    document_id: str,
    version_id: str,
    wanted: Annotated[str | None, Header(alias="Range")] = None,
) -> Response:
    """Give out one of the stored versions for download."""
    return _file(request, services, caller, document_id, version_id, wanted)


def _file(
    request: Request,
    services: ServicesOf,
    caller: CallerOf,
    document_id: str,
    version_id: str | None,
    wanted: str | None,
) -> Response:
    version, stream = open_version(
        services, document_id, actor=caller.actor, purpose="download", version_id=version_id
    )
    name = document_id if version_id is None else version.id
    return file_answer(
        request,
        stream,
        wanted=wanted,
        size_bytes=version.size_bytes,
        media_type=version.media_type,
        headers={
            "ETag": f'"{version.sha256}"',
            "Content-Disposition": f'attachment; filename="{name}.pdf"',
        },
    )
