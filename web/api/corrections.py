"""`/api/v1`: correcting filed documents, their history, duplicates, notices for the inspector."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from classification.confirming import Decision
from web.api.dossier_records import DuplicateList, NoticeList, TagChangeList
from web.api.problems import WITH_BODY, problems
from web.api.records import DocumentRecord
from web.api.routing import ApiRoute
from web.callers import CallerOf, ServicesOf
from web.conditional import revision_of
from web.errors import PreconditionFailedError
from web.events import document_record
from web.paging import CursorOf, make_cursor, offset_of
from workers.correcting import correct_tags, detach_owner, history_of, notices_for_inspector
from workers.duplicates import duplicates_of
from workers.errors import StaleReviewError

router = APIRouter(prefix="/api/v1", tags=["corrections"], route_class=ApiRoute)
_MOST = 1 << 53
_Value = Annotated[str, StringConstraints(max_length=2000)]
_Reason = Annotated[str, StringConstraints(min_length=1, max_length=500)]
_Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=120, pattern="^[!-~]+$")]
_Purpose = Annotated[
    str | None,
    Query(max_length=300, description="Mục đích, ghi vào nhật ký / purpose, for the audit log"),
]
_ForDossier = Annotated[
    str | None, Query(max_length=60, description="Mã hồ sơ đang giải quyết / for which dossier")
]


class Correction(BaseModel):
    """What is right instead; only what is named is changed, an empty value clears a field."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "component_type": "quyet_dinh",
                    "values": {"number": "12/QĐ-UBND"},
                    "reason": "đọc nhầm số",
                }
            ]
        },
    )

    component_type: str = Field(max_length=60)
    values: dict[str, _Value] = Field(default_factory=dict, max_length=40)
    reason: _Reason
    revision: int | None = Field(default=None, ge=0, le=1_000_000_000)


class Detachment(BaseModel):
    """Why the owner is taken off a document."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "giấy của người khác"}]}
    )

    reason: _Reason


@router.post(
    "/documents/{document_id}/corrections",
    name="api_correct",
    summary="Sửa sau khi lưu / correct after filing",
    response_model=DocumentRecord,
    responses=problems(*WITH_BODY, 404, 409, 412),
)
def correct(
    services: ServicesOf,
    caller: CallerOf,
    document_id: str,
    wanted: Correction,
    if_match: Annotated[
        str | None,
        Header(alias="If-Match", description="ETag của tài liệu đã xem / of what was looked at"),
    ] = None,
    key: _Key = None,  # noqa: ARG001 - `web.idempotency` knows it; here for the description
) -> dict[str, Any]:
    """Correct tags of a filed document, with history; its stored versions never change."""
    revision = revision_of(if_match)
    try:
        summary = correct_tags(
            services,
            document_id,
            Decision(component_type=wanted.component_type, values=wanted.values),
            reason=wanted.reason,
            actor=caller.actor,
            revision=wanted.revision if revision is None else revision,
        )
    except StaleReviewError as error:
        if revision is None:
            raise
        raise PreconditionFailedError from error
    return document_record(summary)


@router.post(
    "/documents/{document_id}/detach-owner",
    name="api_detach_owner",
    summary="Gỡ chủ giấy tờ / take the owner off",
    response_model=DocumentRecord,
    responses=problems(*WITH_BODY, 404, 409),
)
def detach(
    services: ServicesOf,
    caller: CallerOf,
    document_id: str,
    wanted: Detachment,
    key: _Key = None,  # noqa: ARG001 - `web.idempotency` knows it; here for the description
) -> dict[str, Any]:
    """Take a wrong owner off a filed document; the inspector gets a notice."""
    summary = detach_owner(services, document_id, reason=wanted.reason, actor=caller.actor)
    return document_record(summary)


@router.get(
    "/documents/{document_id}/history",
    name="api_history",
    summary="Lịch sử sửa / what was corrected",
    response_model=TagChangeList,
    responses=problems(404),
)
def history(
    services: ServicesOf,
    caller: CallerOf,
    document_id: str,
    purpose: _Purpose = None,
    dossier: _ForDossier = None,
) -> dict[str, Any]:
    """Return what was corrected after filing, oldest first; the look is audited."""
    changes = history_of(
        services, document_id, actor=caller.actor, purpose=purpose, dossier=dossier
    )
    return {
        "items": [
            {
                "name": one.name,
                "old": one.old,
                "new": one.new,
                "by": one.changed_by,
                "at": one.changed_at.isoformat(),
                "reason": one.reason,
                "revision": one.revision,
            }
            for one in changes
        ]
    }


@router.get(
    "/documents/{document_id}/duplicates",
    name="api_duplicates",
    summary="Có thể trùng / the same paper, perhaps",
    response_model=DuplicateList,
    responses=problems(404),
)
def duplicates(services: ServicesOf, caller: CallerOf, document_id: str) -> dict[str, Any]:
    """Return documents of the same issuer, number, notation and year: a warning, never a block."""
    return {
        "items": [
            {
                "document": one.document_id,
                "state": one.state,
                "component_type": one.component_type,
                "number": one.number,
                "issued_on": one.issued_on,
                "title": one.title,
                "dossier": one.dossier_code,
                "created_at": one.created_at.isoformat(),
                "withheld": one.is_withheld,
            }
            for one in duplicates_of(services, document_id, actor=caller.actor)
        ]
    }


@router.get(
    "/notices",
    name="api_notices",
    summary="Thông báo cho thanh tra / notices",
    response_model=NoticeList,
)
def notices(
    services: ServicesOf,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: CursorOf = None,
) -> dict[str, Any]:
    """List what an inspector should look at, newest first; `next` continues."""
    before = offset_of("notices", cursor, most=_MOST) or None
    found = notices_for_inspector(services, limit=limit + 1, before=before)
    piece = found[:limit]
    return {
        "items": [
            {
                "id": one.id,
                "kind": one.kind,
                "document": one.document_id,
                "reason": one.reason,
                "by": one.made_by,
                "at": one.made_at.isoformat(),
            }
            for one in piece
        ],
        "next": make_cursor("notices", piece[-1].id) if len(found) > limit else None,
    }
