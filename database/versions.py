"""Stored versions: each a write-once object with its digest, level, time and reason."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from database.converting import PDFA, SIGNATURES, from_json, to_json
from database.errors import UnknownSubjectError
from database.tables import versions
from documents.identifiers import DocumentId, Sha256, VersionId, mint_version_id
from documents.model import PdfaVerdict, SignatureVerdict, VersionKind


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeVersion:
    """A file in the work folder that is to be stored as it is; what cannot be made twice alike."""

    document_id: DocumentId
    kind: VersionKind
    work_file: str
    sha256: Sha256
    size_bytes: int
    media_type: str
    reason: str
    level: str | None = None
    pdfa: PdfaVerdict | None = None
    signatures: tuple[SignatureVerdict, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """A version as the catalogue knows it; `work_file` is relative to the work folder."""

    id: VersionId
    document_id: DocumentId
    kind: VersionKind
    state: str
    object_key: str
    work_file: str | None
    sha256: Sha256
    size_bytes: int
    media_type: str
    level: str | None
    pdfa: PdfaVerdict | None
    signatures: tuple[SignatureVerdict, ...]
    reason: str
    made_at: datetime
    stored_at: datetime | None
    retain_until: date | None


def add_version(connection: Connection, made: MadeVersion, *, now: datetime) -> VersionRow:
    """Enter a version before it is stored; the same bytes of the same kind are the same version."""
    found = connection.execute(
        select(versions).where(
            versions.c.document_id == made.document_id,
            versions.c.kind == made.kind,
            versions.c.sha256 == made.sha256,
        )
    ).first()
    if found is not None:
        return _version(found)
    version_id = mint_version_id()
    suffix = "pdf" if made.media_type == "application/pdf" else "bin"
    row = connection.execute(
        insert(versions)
        .values(
            id=version_id,
            document_id=made.document_id,
            kind=made.kind,
            state="made",
            object_key=f"documents/{made.document_id}/{version_id}.{suffix}",
            work_file=made.work_file,
            sha256=made.sha256,
            size_bytes=made.size_bytes,
            media_type=made.media_type,
            level=made.level,
            pdfa=to_json(PDFA, made.pdfa),
            signatures=to_json(SIGNATURES, made.signatures),
            reason=made.reason,
            made_at=now,
        )
        .returning(versions)
    ).one()
    return _version(row)


def record_stored(
    connection: Connection, version_id: str, *, retain_until: date | None, now: datetime
) -> None:
    """Write down that the store holds the version, read back and compared."""
    connection.execute(
        update(versions)
        .where(versions.c.id == version_id)
        .values(
            state="stored",
            work_file=None,
            stored_at=now,
            retain_until=None if retain_until is None else retain_until.isoformat(),
        )
    )


def list_versions(connection: Connection, document_id: str) -> list[VersionRow]:
    """Return the versions of a document, oldest first."""
    rows = connection.execute(
        select(versions).where(versions.c.document_id == document_id).order_by(versions.c.id)
    )
    return [_version(row) for row in rows]


def get_version(connection: Connection, version_id: str) -> VersionRow:
    """Return the version; UnknownSubjectError when there is none."""
    row = connection.execute(select(versions).where(versions.c.id == version_id)).first()
    if row is None:
        raise UnknownSubjectError(version_id)
    return _version(row)


def _version(row: Row[Any]) -> VersionRow:
    values = dict(row._mapping)  # noqa: SLF001 - a row's documented mapping
    values["pdfa"] = from_json(PDFA, values["pdfa"])
    values["signatures"] = from_json(SIGNATURES, values["signatures"]) or ()
    if values["retain_until"] is not None:
        values["retain_until"] = date.fromisoformat(values["retain_until"])
    return VersionRow(**values)
