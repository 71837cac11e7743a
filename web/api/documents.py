"""`/api/v1`: documents, their text, pictures, signed bytes and verdicts; confirming."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from classification.confirming import Decision
from documents.model import PdfaVerdict, SignatureVerdict, Tag
from web.callers import CallerOf, ServicesOf
from web.events import document_record
from web.streaming import pieces_of
from workers.following import list_work
from workers.retrieving import (
    document_picture,
    open_version,
    show_document,
    verify_document,
)
from workers.reviewing import confirm as confirm_document

router = APIRouter(prefix="/api/v1", tags=["documents"])
_TAGS: TypeAdapter[tuple[Tag, ...]] = TypeAdapter(tuple[Tag, ...])
_SIGNATURES: TypeAdapter[tuple[SignatureVerdict, ...]] = TypeAdapter(tuple[SignatureVerdict, ...])
_PDFA: TypeAdapter[PdfaVerdict | None] = TypeAdapter(PdfaVerdict | None)
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")
_PARTIAL, _NOT_MODIFIED, _NO_SUCH_RANGE = 206, 304, 416
_Purpose = Annotated[str | None, Query(max_length=300)]


class Confirmation(BaseModel):
    """What a person decided; fields that are not named are accepted as proposed."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"component_type": "quyet_dinh", "values": {"number": "12/QĐ-UBND"}}]
        },
    )

    component_type: str = Field(max_length=60)
    values: dict[str, str] = Field(default_factory=dict, max_length=40)
    revision: int | None = None


@router.get("/reviews", name="api_reviews")
def reviews(
    services: ServicesOf,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: Annotated[str | None, Query(max_length=40)] = None,
) -> dict[str, Any]:
    """List what waits for a person, oldest first; `next` continues."""
    found = list_work(services, states=("awaiting_review",), limit=limit, after=after)
    return {
        "items": [document_record(one) for one in found],
        "next": found[-1].id if len(found) == limit else None,
    }


@router.post("/documents/{document_id}/confirm", name="api_confirm")
def confirm(
    services: ServicesOf, caller: CallerOf, document_id: str, wanted: Confirmation
) -> dict[str, Any]:
    """Accept or correct the tags of a document; it then goes to the archive."""
    summary = confirm_document(
        services,
        document_id,
        Decision(component_type=wanted.component_type, values=wanted.values),
        actor=caller.actor,
        revision=wanted.revision,
    )
    return document_record(summary)


@router.get("/documents/{document_id}", name="api_document")
def document(
    services: ServicesOf, caller: CallerOf, document_id: str, purpose: _Purpose = None
) -> dict[str, Any]:
    """Return what is known of a document; the reading is audited with its purpose."""
    view = show_document(services, document_id, actor=caller.actor, purpose=purpose)
    return {
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


@router.get("/documents/{document_id}/file", name="api_document_file")
def document_file(
    services: ServicesOf,
    caller: CallerOf,
    document_id: str,
    purpose: _Purpose = None,
    wanted: Annotated[str | None, Header(alias="Range")] = None,
    known: Annotated[str | None, Header(alias="If-None-Match")] = None,
) -> Response:
    """Give out the stored bytes; the ETag is their SHA-256, ranges are served."""
    version, stream = open_version(services, document_id, actor=caller.actor, purpose=purpose)
    headers = {
        "ETag": f'"{version.sha256}"',
        "Accept-Ranges": "bytes",
        "Content-Disposition": f'attachment; filename="{document_id}.pdf"',
    }
    if known is not None and version.sha256 in known:
        stream.close()
        return Response(status_code=_NOT_MODIFIED, headers=headers)
    match = _RANGE.fullmatch(wanted) if wanted else None
    if match is None:
        headers["Content-Length"] = str(version.size_bytes)
        return StreamingResponse(pieces_of(stream), media_type=version.media_type, headers=headers)
    first = int(match[1])
    last = min(int(match[2] or version.size_bytes - 1), version.size_bytes - 1)
    if first > last:
        stream.close()
        headers["Content-Range"] = f"bytes */{version.size_bytes}"
        return Response(status_code=_NO_SUCH_RANGE, headers=headers)
    with stream:
        stream.seek(first)
        content = stream.read(last - first + 1)
    headers["Content-Range"] = f"bytes {first}-{last}/{version.size_bytes}"
    return Response(content, _PARTIAL, headers, version.media_type)


@router.get("/documents/{document_id}/pages/{page}.jpg", name="api_document_picture")
def picture(
    services: ServicesOf,
    document_id: str,
    page: int,
    width: Annotated[int, Query(ge=16, le=2400)] = 900,
) -> Response:
    """Return a page as a picture."""
    content = document_picture(services, document_id, page=page, width=width)
    return Response(content, media_type="image/jpeg")


@router.get("/documents/{document_id}/text", name="api_document_text")
def text(
    services: ServicesOf, caller: CallerOf, document_id: str, purpose: _Purpose = None
) -> Response:
    """Return the text, pages divided by form feeds."""
    view = show_document(services, document_id, actor=caller.actor, purpose=purpose)
    return PlainTextResponse("\f".join(view.text_pages))


@router.get("/documents/{document_id}/verification", name="api_verification")
def verification(services: ServicesOf, caller: CallerOf, document_id: str) -> dict[str, Any]:
    """Read the stored bytes again and judge digest, PDF/A and signatures."""
    found = verify_document(services, document_id, actor=caller.actor)
    return {
        "sha256": found.sha256,
        "ok": found.ok,
        "pdfa": _PDFA.dump_python(found.pdfa, mode="json"),
        "signatures": _SIGNATURES.dump_python(found.signatures, mode="json"),
    }
