"""`/api/v1`: searching, the once-only answer, the catalogues, the description of the API."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query
from starlette.requests import Request
from starlette.responses import JSONResponse

from web.api.problems import problems
from web.api.records import ComponentTypeList, OnceOnlyRecord, ProcedureList, SearchRecord
from web.api.routing import ApiRoute
from web.callers import CallerOf, ServicesOf
from web.paging import CursorOf, cut_page, make_cursor, offset_of
from workers.answering import answer
from workers.retrieving import search_documents

router = APIRouter(prefix="/api/v1", tags=["questions"], route_class=ApiRoute)
_MOST_HITS = 10_000
_Limit = Annotated[int, Query(ge=1, le=1000)]
_Known = Annotated[
    str | None,
    Header(alias="If-None-Match", description="ETag đã có / the ETag that the client has"),
]


@router.get(
    "/search",
    name="api_search",
    summary="Tìm tài liệu / search",
    response_model=SearchRecord,
)
def search(  # noqa: PLR0913, PLR0917 - the filters of a search
    services: ServicesOf,
    caller: CallerOf,
    q: Annotated[str, Query(max_length=300)] = "",
    component_type: Annotated[str, Query(alias="type", max_length=60)] = "",
    year: Annotated[str, Query(pattern="^([0-9]{4})?$")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
    offset: Annotated[int, Query(ge=0, le=_MOST_HITS)] = 0,
    cursor: CursorOf = None,
) -> dict[str, Any]:
    """Find filed documents, with or without marks; `next` continues."""
    first = offset_of("search", cursor, most=_MOST_HITS) if cursor else offset
    result = search_documents(
        services,
        q,
        actor=caller.actor,
        filters={"component_type": component_type, "year": year},
        limit=limit,
        offset=first,
    )
    behind = first + len(result.hits)
    has_more = len(result.hits) == limit and behind < result.total and behind <= _MOST_HITS
    return {
        "total": result.total,
        "total_is_exact": result.is_total_exact,
        "corrected": result.corrected,
        "items": [
            {
                "id": hit.id,
                "score": round(hit.score, 4),
                "component_type": hit.component_type,
                "number": hit.number,
                "issued_on": hit.issued_on,
                "title": hit.title,
                "page": hit.page,
                "snippet": hit.snippet,
                "marked": [list(one) for one in hit.marked],
                "withheld": hit.is_withheld,
            }
            for hit in result.hits
        ],
        "next": make_cursor("search", behind) if has_more else None,
    }


@router.get(
    "/once-only",
    name="api_once_only",
    summary="Đã có giấy tờ gì / what do we hold already",
    response_model=OnceOnlyRecord,
    responses=problems(404),
)
def once_only(
    services: ServicesOf,
    caller: CallerOf,
    owner: Annotated[str, Query(min_length=3, max_length=40)],
    procedure: Annotated[str, Query(min_length=3, max_length=40)],
    dossier: Annotated[str, Query(min_length=1, max_length=60)],
    purpose: Annotated[str, Query(min_length=3, max_length=300)],
) -> dict[str, Any]:
    """Say for each component of a procedure whether we hold it and whether it is valid today."""
    given = answer(
        services,
        owner_id=owner,
        procedure=procedure,
        actor=caller.actor,
        dossier=dossier,
        purpose=purpose,
    )
    return {
        "procedure": given.procedure.code,
        "on": given.today.isoformat(),
        "components": [
            {
                "component": one.component.id,
                "name": one.component.name_vi,
                "name_en": one.component.name_en,
                "required": one.component.is_required,
                "state": one.state,
                "reason": {"code": one.reason.code, "vi": one.reason.vi, "en": one.reason.en},
                "document": one.document.document_id if one.document else None,
                "number": one.document.number if one.document else None,
                "valid_until": one.until.isoformat() if one.until else None,
            }
            for one in given.components
        ],
    }


@router.get(
    "/component-types",
    name="api_component_types",
    summary="Danh mục loại giấy tờ / component types",
    response_model=ComponentTypeList,
    responses={304: {"description": "Chưa đổi / unchanged"}},
)
def component_types(
    services: ServicesOf,
    limit: _Limit = 1000,
    cursor: CursorOf = None,
    known: _Known = None,  # noqa: ARG001 - `web.conditional` knows it; here for the description
) -> dict[str, Any]:
    """List the component types (loại giấy tờ); `next` continues."""
    piece, behind = cut_page(
        "component-types", list(services.component_types.values()), cursor=cursor, limit=limit
    )
    return {
        "items": [
            {
                "id": one.id,
                "name": one.name_vi,
                "name_en": one.name_en,
                "validity_class": one.validity_class,
                "validity_months": one.validity_months,
                "result_codes": list(one.result_codes),
            }
            for one in piece
        ],
        "next": behind,
    }


@router.get(
    "/procedures",
    name="api_procedures",
    summary="Danh mục thủ tục / procedures",
    response_model=ProcedureList,
    responses={304: {"description": "Chưa đổi / unchanged"}},
)
def procedures(
    services: ServicesOf,
    limit: _Limit = 1000,
    cursor: CursorOf = None,
    known: _Known = None,  # noqa: ARG001 - `web.conditional` knows it; here for the description
) -> dict[str, Any]:
    """List the procedures (thủ tục hành chính) with their checklists; `next` continues."""
    piece, behind = cut_page(
        "procedures", list(services.procedures.values()), cursor=cursor, limit=limit
    )
    return {
        "items": [
            {
                "code": one.code,
                "name": one.name_vi,
                "name_en": one.name_en,
                "components": [
                    {
                        "id": part.id,
                        "name": part.name_vi,
                        "kind": part.kind,
                        "required": part.is_required,
                        "accepts": list(part.accepts),
                    }
                    for part in one.components
                ],
                "results": list(one.results),
            }
            for one in piece
        ],
        "next": behind,
    }


@router.get("/openapi.json", name="openapi", include_in_schema=False)
def openapi(request: Request) -> JSONResponse:
    """Return the description of the API (OpenAPI 3.1)."""
    return JSONResponse(request.app.openapi())
