"""Finding what is filed: one box, and what the finds can be narrowed by."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from search.search_index import SearchHit
from web.callers import CallerOf, ServicesOf
from web.language import Translator, language_of
from web.pages.search.narrowing import Narrowing, snippet_pieces
from web.rendering import render
from workers.searching import search_for_person
from workers.services import Services
from workers.validity import validity_on

router = APIRouter(include_in_schema=False)
_PAGE_SIZE = 20
_Short = Annotated[str, Query(max_length=60)]


@router.get("/search", name="search_page")
def search_page(  # noqa: PLR0913, PLR0917 - the filters of a search
    request: Request,
    services: ServicesOf,
    caller: CallerOf,
    q: Annotated[str, Query(max_length=300)] = "",
    component_type: Annotated[str, Query(alias="type", max_length=60)] = "",
    procedure: _Short = "",
    issuer: Annotated[str, Query(max_length=300)] = "",
    year: _Short = "",
    owner: _Short = "",
    validity: _Short = "",
    sort: _Short = "",
    offset: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> Response:
    """Show the search box, what was found, and by what it can be narrowed."""
    chosen = {
        "q": q.strip(),
        "type": component_type,
        "procedure": procedure,
        "issuer": issuer,
        "year": year,
        "owner": owner,
        "validity": validity,
        "sort": sort,
    }
    narrowing = Narrowing({name: value for name, value in chosen.items() if value})
    found = search_for_person(
        services, narrowing.wish(limit=_PAGE_SIZE, offset=offset), actor=caller.actor
    )
    language = language_of(request)
    return render(
        request,
        "search/search.html",
        q=q,
        found=found,
        offset=offset,
        size=_PAGE_SIZE,
        narrowing=narrowing,
        groups=narrowing.groups(services, found, Translator(language), language),
        lines=[_line(services, hit, language, found.today) for hit in found.result.hits],
        pieces=snippet_pieces,
        types=services.component_types,
    )


def _line(services: Services, hit: SearchHit, language: str, today: date) -> dict[str, object]:
    """Return a hit with the words that its line shows."""
    kind = services.component_types.get(hit.component_type or "")
    name = None if kind is None else kind.name_en if language == "en" else kind.name_vi
    return {
        "hit": hit,
        "type_name": name,
        "type_name_vi": kind.name_vi if kind else "",
        "validity": validity_on(hit.valid_until, today),
    }
