"""Files that come in pieces: how far each has come."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from database.api_tables import uploads
from database.batches import ConfirmPolicy
from database.errors import UnknownSubjectError
from documents.identifiers import UploadId, mint_upload_id


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadRow:
    """One upload; `offset_bytes` of its `size_bytes` are on the disk."""

    id: UploadId
    account_id: str
    state: Literal["open", "done"]
    size_bytes: int
    offset_bytes: int
    file_name: str
    batch_id: str | None
    dossier_code: str | None
    confirm_policy: ConfirmPolicy
    delivery_id: str | None
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUpload:
    """What a sender says of a file before its first byte."""

    size_bytes: int
    file_name: str
    batch_id: str | None = None
    dossier_code: str | None = None
    confirm_policy: ConfirmPolicy = "none"


def add_upload(
    connection: Connection, new: NewUpload, *, account_id: str, now: datetime, expires_at: datetime
) -> UploadRow:
    """Enter an upload of which nothing has come."""
    row = connection.execute(
        insert(uploads)
        .values(
            id=mint_upload_id(),
            account_id=account_id,
            state="open",
            size_bytes=new.size_bytes,
            offset_bytes=0,
            file_name=new.file_name,
            batch_id=new.batch_id,
            dossier_code=new.dossier_code,
            confirm_policy=new.confirm_policy,
            created_at=now,
            expires_at=expires_at,
        )
        .returning(uploads)
    ).one()
    return _upload(row)


def get_upload(connection: Connection, upload_id: str, *, account_id: str) -> UploadRow:
    """Return an account's upload; UnknownSubjectError when it has no such one."""
    row = connection.execute(
        select(uploads).where(uploads.c.id == upload_id, uploads.c.account_id == account_id)
    ).first()
    if row is None:
        raise UnknownSubjectError(upload_id)
    return _upload(row)


def upload_exists(connection: Connection, upload_id: str) -> bool:
    """Say whether there is such an upload, of whatever account."""
    query = select(uploads.c.id).where(uploads.c.id == upload_id)
    return connection.execute(query).first() is not None


def list_abandoned_uploads(connection: Connection, *, now: datetime) -> list[UploadRow]:
    """Return the uploads whose time is over."""
    return [
        _upload(row)
        for row in connection.execute(select(uploads).where(uploads.c.expires_at <= now))
    ]


def count_open_uploads(connection: Connection, account_id: str) -> int:
    """Return how many unfinished uploads an account has."""
    is_counted = (uploads.c.account_id == account_id, uploads.c.state == "open")
    query = select(func.count()).select_from(uploads).where(*is_counted)
    return int(connection.execute(query).scalar_one())


def set_offset(
    connection: Connection, upload_id: str, *, offset_bytes: int, expires_at: datetime
) -> None:
    """Note that so many bytes are on the disk."""
    connection.execute(
        update(uploads)
        .where(uploads.c.id == upload_id)
        .values(offset_bytes=offset_bytes, expires_at=expires_at)
    )


def finish_upload(connection: Connection, upload_id: str, *, delivery_id: str) -> None:
    """Note the delivery that an upload became."""
    connection.execute(
        update(uploads)
        .where(uploads.c.id == upload_id)
        .values(state="done", delivery_id=delivery_id)
    )


def remove_upload(connection: Connection, upload_id: str) -> None:
    """Forget an upload."""
    connection.execute(delete(uploads).where(uploads.c.id == upload_id))


def _upload(row: Row[Any]) -> UploadRow:
    return UploadRow(**row._mapping)  # noqa: SLF001 - a row's documented mapping
