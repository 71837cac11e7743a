"""`/api/v1`: dossiers with their checklists, and the owners of documents."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from database.dossiers import DossierResult, DossierState
from documents.codes import mask_number
from documents.errors import Reason
from web.api.dossier_records import (
    DossierDetail,
    DossierList,
    DossierRecord,
    OwnerList,
    OwnerRecord,
)
from web.api.problems import WITH_BODY, problems
from web.api.routing import ApiRoute
from web.callers import CallerOf, ServicesOf
from web.events import document_record
from web.paging import CursorOf, make_cursor, position_of
from workers.dossiers import Dossier, close_dossier, list_dossiers, open_dossier, show_dossier
from workers.owners import OwnerPaper, search_owners, show_owner

router = APIRouter(prefix="/api/v1", tags=["dossiers"], route_class=ApiRoute)
_Code = Annotated[str, Path(max_length=60, examples=["H05.01.02-251103-0012"])]
_Purpose = Annotated[
    str | None,
    Query(max_length=300, description="Mục đích, ghi vào nhật ký / purpose, for the audit log"),
]
_ForDossier = Annotated[
    str | None, Query(max_length=60, description="Mã hồ sơ đang giải quyết / for which dossier")
]
_Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=120, pattern="^[!-~]+$")]


class DossierRequest(BaseModel):
    """What is said when a dossier is opened; what is not known can be said later."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "code": "H05.01.02-251103-0012",
                    "procedure": "1.004884",
                    "owner_id": "099093000012",
                    "owner_name": "Nguyễn Thị Ví Dụ",
                }
            ]
        },
    )

    code: str = Field(min_length=1, max_length=60)
    procedure: str | None = Field(default=None, max_length=40)
    owner_id: str | None = Field(default=None, max_length=40)
    owner_name: str | None = Field(default=None, max_length=200)


class ClosingRequest(BaseModel):
    """How the work on a dossier ended: đã cấp, từ chối, công dân rút, dừng giải quyết."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"result": "issued"}]}
    )

    result: DossierResult


@router.post(
    "/dossiers",
    name="api_open_dossier",
    summary="Mở hồ sơ / open a dossier",
    response_model=DossierRecord,
    responses=problems(*WITH_BODY, 404, 409),
)
def open_one(
    services: ServicesOf,
    caller: CallerOf,
    wanted: DossierRequest,
    key: _Key = None,  # noqa: ARG001 - `web.idempotency` knows it; here for the description
) -> dict[str, Any]:
    """Open a dossier; the same code gives the same dossier, and what was not known is filled in."""
    opened = open_dossier(
        services,
        code=wanted.code,
        procedure=wanted.procedure,
        owner_id=wanted.owner_id,
        owner_name=wanted.owner_name,
        actor=caller.actor,
    )
    return _dossier(opened)


@router.get(
    "/dossiers",
    name="api_dossiers",
    summary="Các hồ sơ / dossiers",
    response_model=DossierList,
)
def dossiers(
    services: ServicesOf,
    caller: CallerOf,
    state: Annotated[
        DossierState,
        Query(description="Đang giải quyết, đã kết thúc, tất cả / in progress, ended, all"),
    ] = "all",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: CursorOf = None,
) -> dict[str, Any]:
    """List the dossiers that were opened in the caller's area, newest first; `next` continues."""
    behind = position_of("dossiers", cursor)
    found = list_dossiers(services, actor=caller.actor, state=state, limit=limit + 1, after=behind)
    piece = found[:limit]
    return {
        "items": [_dossier(one) for one in piece],
        "next": make_cursor("dossiers", piece[-1].code) if len(found) > limit else None,
    }


@router.get(
    "/dossiers/{code}",
    name="api_dossier",
    summary="Một hồ sơ / a dossier with its checklist",
    response_model=DossierDetail,
    responses=problems(404),
)
def dossier(
    services: ServicesOf, caller: CallerOf, code: _Code, purpose: _Purpose = None
) -> dict[str, Any]:
    """Return a dossier with checklist, documents, batches and history; the look is audited."""
    view = show_dossier(services, code, actor=caller.actor, purpose=purpose)
    return {
        **_dossier(view.dossier),
        "checklist": [
            {
                "component": line.component.id,
                "name": line.component.name_vi,
                "name_en": line.component.name_en,
                "required": line.component.is_required,
                "condition": line.component.condition,
                "state": line.state,
                "reason": _reason(line.reason),
                "document": line.document_id,
                "valid_until": line.until.isoformat() if line.until else None,
            }
            for line in view.checklist
        ],
        "documents": [document_record(one) for one in view.documents],
        "batches": [
            {
                "id": one.id,
                "station": one.station,
                "state": one.state,
                "opened_at": one.opened_at.isoformat(),
                "closed_at": _moment(one.closed_at),
            }
            for one in view.batches
        ],
        "history": [
            {
                "at": row["at"].isoformat(),
                "actor": row["actor"],
                "role": row["role"],
                "action": row["action"],
                "document": row["document"],
                "purpose": row["purpose"],
            }
            for row in view.history
        ],
    }


@router.post(
    "/dossiers/{code}/close",
    name="api_close_dossier",
    summary="Kết thúc hồ sơ / close a dossier",
    response_model=DossierRecord,
    responses=problems(*WITH_BODY, 404, 409),
)
def close_one(
    services: ServicesOf,
    caller: CallerOf,
    code: _Code,
    wanted: ClosingRequest,
    key: _Key = None,  # noqa: ARG001 - `web.idempotency` knows it; here for the description
) -> dict[str, Any]:
    """Write down that the work on a dossier has ended, and how."""
    return _dossier(close_dossier(services, code, result=wanted.result, actor=caller.actor))


@router.get(
    "/owners",
    name="api_owners",
    summary="Tìm chủ giấy tờ / find an owner",
    response_model=OwnerList,
)
def owners(
    services: ServicesOf,
    caller: CallerOf,
    q: Annotated[str, Query(min_length=2, max_length=120)],
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
) -> dict[str, Any]:
    """Find persons and organisations by number, or by words of their name, marks or not."""
    found = search_owners(services, q, actor=caller.actor, limit=limit)
    return {
        "items": [
            {
                "key": one.key,
                "owner": one.masked_id,
                "name": one.name,
                "documents": one.documents,
            }
            for one in found
        ]
    }


@router.get(
    "/owners/{owner_id}",
    name="api_owner",
    summary="Giấy tờ của một người / what is held of an owner",
    response_model=OwnerRecord,
    responses=problems(404),
)
def owner(
    services: ServicesOf,
    caller: CallerOf,
    owner_id: Annotated[str, Path(min_length=3, max_length=40)],
    purpose: _Purpose = None,
    dossier: _ForDossier = None,
) -> dict[str, Any]:
    """Return what is held about an owner, by number or key; purpose or dossier is asked for."""
    view = show_owner(services, owner_id, actor=caller.actor, purpose=purpose, dossier=dossier)
    return {
        "key": view.key,
        "owner": view.masked_id,
        "name": view.name,
        "kind": "person" if view.is_person else "organisation",
        "types": [
            {
                "component_type": kind.component_type,
                "name": kind.name_vi,
                "name_en": kind.name_en,
                "papers": [_paper(one) for one in kind.papers],
            }
            for kind in view.types
        ],
    }


def _paper(paper: OwnerPaper) -> dict[str, Any]:
    return {
        "document": paper.document_id,
        "state": paper.state,
        "reason": _reason(paper.reason),
        "number": paper.number,
        "issuer": paper.issuer,
        "issued_on": paper.issued_on,
        "valid_until": paper.until.isoformat() if paper.until else None,
        "dossier": paper.dossier_code,
        "superseded_by": paper.superseded_by,
    }


def _dossier(one: Dossier) -> dict[str, Any]:
    return {
        "code": one.code,
        "area": one.area,
        "procedure": one.procedure,
        "owner": mask_number(one.owner_id) if one.owner_id else None,
        "owner_name": one.owner_name,
        "opened_at": _moment(one.opened_at),
        "opened_by": one.opened_by,
        "closed_at": _moment(one.closed_at),
        "result": one.result,
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _reason(reason: Reason) -> dict[str, str]:
    return {"code": reason.code, "vi": reason.vi, "en": reason.en}
