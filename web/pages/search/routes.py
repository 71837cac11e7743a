"""Finding what is filed."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from search.search_index import SearchHit
from web.callers import CallerOf, ServicesOf
from web.rendering import render
from workers.retrieving import search_documents

router = APIRouter(include_in_schema=False)
_PAGE_SIZE = 20


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
        "search/search.html",
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
