"""One document: its pages, tags, signatures, versions, readers."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from web.callers import CallerOf, ServicesOf
from web.rendering import render
from web.streaming import pieces_of
from workers.retrieving import document_picture as picture_of_document
from workers.retrieving import open_version, show_document, verify_document

router = APIRouter(include_in_schema=False)
_WIDEST = 2400


@router.get("/documents/{document_id}", name="document_page")
def document_page(
    request: Request, services: ServicesOf, caller: CallerOf, document_id: str
) -> Response:
    """Show a document with its pages, tags, signatures and history."""
    view = show_document(services, document_id, actor=caller.actor)
    return render(request, "document/document.html", view=view, checked=None)


@router.get("/documents/{document_id}/verification", name="verification_page")
def verification_page(
    request: Request, services: ServicesOf, caller: CallerOf, document_id: str
) -> Response:
    """Read the stored bytes again and show the verdict."""
    checked = verify_document(services, document_id, actor=caller.actor)
    view = show_document(services, document_id, actor=caller.actor)
    return render(request, "document/document.html", view=view, checked=checked)


@router.get("/documents/{document_id}/pages/{page}.jpg", name="document_picture")
def document_picture(
    services: ServicesOf,
    document_id: str,
    page: int,
    width: Annotated[int, Query(ge=16, le=_WIDEST)] = 900,
) -> Response:
    """Return a page of a document as a picture."""
    return Response(
        picture_of_document(services, document_id, page=page, width=width),
        media_type="image/jpeg",
        headers={"Cache-Control": "private, max-age=300"},
    )


@router.get("/documents/{document_id}/file", name="document_file")
def document_file(services: ServicesOf, caller: CallerOf, document_id: str) -> Response:
    """Give out the stored file for download."""
    version, stream = open_version(services, document_id, actor=caller.actor, purpose="download")
    return StreamingResponse(
        pieces_of(stream),
        media_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{document_id}.pdf"',
            "Content-Length": str(version.size_bytes),
        },
    )
