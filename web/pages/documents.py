"""Finding and reading what is filed."""

from collections.abc import Iterator
from typing import Annotated, BinaryIO

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from search.search_index import SearchHit
from web.callers import CallerOf, ServicesOf
from web.rendering import render
from workers.retrieving import document_picture as picture_of_document
from workers.retrieving import open_version, search_documents, show_document, verify_document

router = APIRouter(include_in_schema=False)
_PAGE_SIZE = 20
_WIDEST = 2400
_CHUNK_BYTES = 1 << 18


@router.get("/search", name="search_page")
def search_page(  # noqa: PLR0913, PLR0917 - the filters of a search
    request: Request,
    services: ServicesOf,
    caller: CallerOf,
    q: Annotated[str, Query(max_length=300)] = "",
    component_type: Annotated[str, Query(alias="type", max_length=60)] = "",
    year: Annotated[str, Query(max_length=4)] = "",
    offset: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> Response:
    """Show the search box and what was found."""
    result = None
    if q.strip() or component_type or year:
        filters = {"component_type": component_type, "year": year}
        result = search_documents(
            services, q, actor=caller.actor, filters=filters, limit=_PAGE_SIZE, offset=offset
        )
    return render(
        request,
        "search.html",
        q=q,
        chosen_type=component_type,
        year=year,
        offset=offset,
        size=_PAGE_SIZE,
        result=result,
        types=services.component_types,
        pieces=snippet_pieces,
    )


def snippet_pieces(hit: SearchHit) -> Iterator[tuple[str, bool]]:
    """Yield the snippet in pieces, and whether each fits the query; the template escapes them."""
    position = 0
    for start, end in hit.marked:
        if start > position:
            yield hit.snippet[position:start], False
        yield hit.snippet[start:end], True
        position = end
    if position < len(hit.snippet):
        yield hit.snippet[position:], False


@router.get("/documents/{document_id}", name="document_page")
def document_page(
    request: Request, services: ServicesOf, caller: CallerOf, document_id: str
) -> Response:
    """Show a document with its pages, tags, signatures and history."""
    view = show_document(services, document_id, actor=caller.actor)
    return render(request, "document.html", view=view, checked=None)


@router.get("/documents/{document_id}/verification", name="verification_page")
def verification_page(
    request: Request, services: ServicesOf, caller: CallerOf, document_id: str
) -> Response:
    """Read the stored bytes again and show the verdict."""
    checked = verify_document(services, document_id, actor=caller.actor)
    view = show_document(services, document_id, actor=caller.actor)
    return render(request, "document.html", view=view, checked=checked)


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


def pieces_of(stream: BinaryIO) -> Iterator[bytes]:
    """Yield a stream in pieces and close it."""
    with stream:
        while piece := stream.read(_CHUNK_BYTES):
            yield piece
