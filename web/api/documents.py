"""`/api/v1`: documents, their text, pictures, signed bytes and verdicts; confirming."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from classification.confirming import Decision
from documents.model import PdfaVerdict, SignatureVerdict, Tag
from web.api.problems import WITH_BODY, problems
from web.api.records import DocumentDetail, DocumentList, DocumentRecord, VerificationRecord
from web.api.routing import ApiRoute
from web.callers import CallerOf, ServicesOf
from web.conditional import etag_of_revision, revision_of
from web.errors import PreconditionFailedError
from web.events import document_record
from web.file_answers import file_answer
from web.paging import CursorOf, make_cursor, position_of
from workers.access import Grounds
from workers.errors import StaleReviewError
from workers.following import list_work
from workers.retrieving import (
    document_picture,
    open_version,
    show_document,
    verify_document,
)
from workers.reviewing import confirm as confirm_document

router = APIRouter(prefix="/api/v1", tags=["documents"], route_class=ApiRoute)
_TAGS: TypeAdapter[tuple[Tag, ...]] = TypeAdapter(tuple[Tag, ...])
_SIGNATURES: TypeAdapter[tuple[SignatureVerdict, ...]] = TypeAdapter(tuple[SignatureVerdict, ...])
_PDFA: TypeAdapter[PdfaVerdict | None] = TypeAdapter(PdfaVerdict | None)
_Purpose = Annotated[
    str | None,
    Query(max_length=300, description="Mục đích, ghi vào nhật ký / purpose, for the audit log"),
]
_ForDossier = Annotated[
    str | None, Query(max_length=60, description="Mã hồ sơ đang giải quyết / for which dossier")
]
_Known = Annotated[
    str | None,
    Header(alias="If-None-Match", description="ETag đã có / the ETag that the client has"),
]
_Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=120, pattern="^[!-~]+$")]
_Value = Annotated[str, StringConstraints(max_length=2000)]
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_UNCHANGED: dict[int | str, dict[str, Any]] = {
    304: {"description": "Chưa đổi / what the client has is what stands here"}
}


class Confirmation(BaseModel):
    """What a person decided; fields that are not named are accepted as proposed."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"component_type": "quyet_dinh", "values": {"number": "12/QĐ-UBND"}}]
        },
    )

    component_type: str = Field(max_length=60)
    values: dict[str, _Value] = Field(default_factory=dict, max_length=40)
    revision: int | None = Field(default=None, ge=0, le=1_000_000_000)
    reason: str = Field(
        default="",
        max_length=500,
        description="Lý do, khi độ phân giải thấp / why, where the resolution is too low",
    )


@router.get(
    "/reviews",
    name="api_reviews",
    summary="Việc chờ duyệt / what waits for a person",
    response_model=DocumentList,
)
def reviews(
    services: ServicesOf,
    caller: CallerOf,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: CursorOf = None,
    after: Annotated[str | None, Query(max_length=40, deprecated=True)] = None,
) -> dict[str, Any]:
    """List what waits for a person, oldest first; `next` continues."""
    behind = position_of("reviews", cursor) or after
    found = list_work(
        services,
        states=("awaiting_review",),
        limit=limit + 1,
        after=behind,
        area=caller.actor.area,
    )
    piece = found[:limit]
    return {
        "items": [document_record(one) for one in piece],
        "next": make_cursor("reviews", piece[-1].id) if len(found) > limit else None,
    }


@router.post(
    "/documents/{document_id}/confirm",
    name="api_confirm",
    summary="Xác nhận / accept or correct",
    response_model=DocumentRecord,
    responses=problems(*WITH_BODY, 404, 409, 412),
)
def confirm(
    services: ServicesOf,
    caller: CallerOf,
    document_id: str,
    wanted: Confirmation,
    if_match: Annotated[
        str | None,
        Header(alias="If-Match", description="ETag của tài liệu đã xem / of what was looked at"),
    ] = None,
    key: _Key = None,  # noqa: ARG001 - `web.idempotency` knows it; here for the description
) -> dict[str, Any]:
    """Accept or correct the tags of a document; it then goes to the archive."""
    revision = revision_of(if_match)
    try:
        summary = confirm_document(
            services,
            document_id,
            Decision(
                component_type=wanted.component_type, values=wanted.values, reason=wanted.reason
            ),
            actor=caller.actor,
            revision=wanted.revision if revision is None else revision,
        )
    except StaleReviewError as error:
        if revision is None:
            raise
        raise PreconditionFailedError from error
    return document_record(summary)


@router.get(
    "/documents/{document_id}",
    name="api_document",
    summary="Một tài liệu / a document",
    response_model=DocumentDetail,
    responses={**_UNCHANGED, **problems(404)},
)
def document(  # noqa: PLR0913, PLR0917 - what a call says
    services: ServicesOf,
    caller: CallerOf,
    response: Response,
    document_id: str,
    purpose: _Purpose = None,
    dossier: _ForDossier = None,
    known: _Known = None,  # noqa: ARG001 - `web.conditional` knows it; here for the description
) -> dict[str, Any]:
    """Return what is known of a document; the reading is audited with its purpose."""
    view = show_document(
        services, document_id, actor=caller.actor, purpose=purpose, dossier=dossier
    )
    record = {
        **document_record(view.summary),
        "page_count": view.page_count,
        "tags": _TAGS.dump_python(view.tags, mode="json"),
        "versions": [
            {
                "id": one.id,
                "kind": one.kind,
                "sha256": one.sha256,
                "size_bytes": one.size_bytes,
                "level": one.level,
                "stored_at": one.stored_at.isoformat() if one.stored_at else None,
            }
            for one in view.versions
        ],
    }
    response.headers["ETag"] = etag_of_revision(record, revision=view.summary.revision)
    return record


@router.get(
    "/documents/{document_id}/file",
    name="api_document_file",
    summary="Tệp đã lưu / the stored bytes",
    response_class=Response,
    responses={
        200: {"description": "Cả tệp / the whole file", "content": {"application/pdf": _BINARY}},
        206: {"description": "Một đoạn / a part", "content": {"application/pdf": _BINARY}},
        **_UNCHANGED,
        **problems(404, 409, 416),
    },
)
def document_file(  # noqa: PLR0913, PLR0917 - what a call says
    request: Request,
    services: ServicesOf,
    caller: CallerOf,
    document_id: str,
    purpose: _Purpose = None,
    dossier: _ForDossier = None,
    wanted: Annotated[str | None, Header(alias="Range", examples=["bytes=0-1023"])] = None,
    known: _Known = None,  # noqa: ARG001 - `web.file_answers` reads it; here for the description
) -> Response:
    """Give out the stored bytes; the ETag is their SHA-256, one range is served."""
    version, stream = open_version(
        services, document_id, actor=caller.actor, purpose=purpose, dossier=dossier
    )
    return file_answer(
        request,
        stream,
        wanted=wanted,
        size_bytes=version.size_bytes,
        media_type=version.media_type,
        headers={
            "ETag": f'"{version.sha256}"',
            "Content-Disposition": f'attachment; filename="{version.document_id}.pdf"',
        },
    )


@router.get(
    "/documents/{document_id}/pages/{page}.jpg",
    name="api_document_picture",
    summary="Ảnh một trang / a page as a picture",
    response_class=Response,
    responses={
        200: {"description": "JPEG", "content": {"image/jpeg": _BINARY}},
        **_UNCHANGED,
        **problems(404, 409),
    },
)
def picture(  # noqa: PLR0913, PLR0917 - what a call says
    services: ServicesOf,
    caller: CallerOf,
    document_id: str,
    page: Annotated[int, Path(ge=1, le=100_000)],
    width: Annotated[int, Query(ge=16, le=2400)] = 900,
    purpose: _Purpose = None,
    dossier: _ForDossier = None,
    known: _Known = None,  # noqa: ARG001 - `web.conditional` knows it; here for the description
) -> Response:
    """Return a page as a picture."""
    content = document_picture(
        services,
        document_id,
        page=page,
        width=width,
        actor=caller.actor,
        grounds=Grounds(dossier=dossier, purpose=purpose),
    )
    return Response(content, media_type="image/jpeg")


@router.get(
    "/documents/{document_id}/text",
    name="api_document_text",
    summary="Chữ trong tài liệu / its text",
    response_class=PlainTextResponse,
    responses={**_UNCHANGED, **problems(404)},
)
def text(
    services: ServicesOf,
    caller: CallerOf,
    document_id: str,
    purpose: _Purpose = None,
    dossier: _ForDossier = None,
    known: _Known = None,  # noqa: ARG001 - `web.conditional` knows it; here for the description
) -> Response:
    """Return the text, pages divided by form feeds."""
    view = show_document(
        services, document_id, actor=caller.actor, purpose=purpose, dossier=dossier
    )
    return PlainTextResponse("\f".join(view.text_pages))


@router.get(
    "/documents/{document_id}/verification",
    name="api_verification",
    summary="Kiểm tra lại / judge the stored bytes anew",
    response_model=VerificationRecord,
    responses=problems(404, 409),
)
def verification(
    services: ServicesOf,
    caller: CallerOf,
    document_id: str,
    purpose: _Purpose = None,
    dossier: _ForDossier = None,
) -> dict[str, Any]:
    """Read the stored bytes again and judge digest, PDF/A and signatures."""
    found = verify_document(
        services, document_id, actor=caller.actor, purpose=purpose, dossier=dossier
    )
    return {
        "sha256": found.sha256,
        "ok": found.ok,
        "pdfa": _PDFA.dump_python(found.pdfa, mode="json"),
        "signatures": _SIGNATURES.dump_python(found.signatures, mode="json"),
    }
