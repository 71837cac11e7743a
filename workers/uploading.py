"""Files that come in pieces: what was told to be there is on the disk, whatever dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from database.audit import AuditEntry, append_audit
from database.batches import NewBatch, get_batch
from database.connecting import Transaction
from database.errors import BatchClosedError
from database.uploads import (
    NewUpload,
    UploadRow,
    add_upload,
    count_open_uploads,
    finish_upload,
    get_upload,
    list_abandoned_uploads,
    remove_upload,
    set_offset,
    upload_exists,
)
from documents.model import Receipt
from workers.access import check_batch, check_change
from workers.actors import Actor
from workers.errors import FileTooLargeError
from workers.intake import begin_batch, end_batch, receipt_of, take_file
from workers.services import Services
from workers.upload_errors import (
    TooManyUploadsError,
    UploadLockedError,
    UploadOffsetError,
    UploadTooLongError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """How far an upload is; `receipt` is there once it has come whole."""

    row: UploadRow
    receipt: Receipt | None


class UploadWriter:
    """Adds to one upload; nobody else can meanwhile. What `commit` returned for stays."""

    def __init__(self, services: Services, row: UploadRow, stream: BinaryIO) -> None:
        self._services = services
        self._row = row
        self._stream = stream
        self._committed = row.offset_bytes
        self._written = row.offset_bytes

    @property
    def offset_bytes(self) -> int:
        """How many bytes of the file are on the disk for good."""
        return self._committed

    @property
    def waiting_bytes(self) -> int:
        """How many bytes were written since."""
        return self._written - self._committed

    def write(self, piece: bytes) -> None:
        """Add a piece.

        Raises:
            UploadTooLongError: more comes than was announced.
        """
        if self._written + len(piece) > self._row.size_bytes:
            raise UploadTooLongError(self._row.size_bytes)
        self._stream.write(piece)
        self._written += len(piece)

    def commit(self) -> None:
        """Bring what was written to the disk, then note it."""
        self._stream.flush()
        os.fsync(self._stream.fileno())
        with self._services.database.writing() as connection:
            set_offset(
                connection,
                self._row.id,
                offset_bytes=self._written,
                expires_at=_end_from_now(self._services),
            )
        self._committed = self._written


def announce_upload(services: Services, new: NewUpload, *, account_id: str, actor: Actor) -> Upload:
    """Make room for a file that will come in pieces.

    Raises:
        FileTooLargeError: it is longer than the settings allow.
        TooManyUploadsError: the account has too many unfinished ones.
        BatchClosedError: the batch that is to hold it takes nothing more.
        OutsideAreaError: batch or dossier belong to another area.
    """
    check_change(actor, new.dossier_code)
    sweep_uploads(services)
    if new.size_bytes > services.settings.limits.file_bytes:
        raise FileTooLargeError(services.settings.limits.file_bytes)
    now = services.clock.now()
    most = services.settings.web.uploads_per_account
    with services.database.writing() as connection:
        if count_open_uploads(connection, account_id) >= most:
            raise TooManyUploadsError(most)
        if new.batch_id is not None:
            _check_batch(connection, new.batch_id, actor)
        row = add_upload(
            connection,
            new,
            account_id=account_id,
            now=now,
            expires_at=_end_from_now(services),
        )
        entry = AuditEntry(
            actor=actor.name,
            role=actor.role,
            action="upload_announced",
            subject=row.id,
            dossier=row.dossier_code,
        )
        append_audit(connection, entry, now=now)
    return look_at_upload(services, row.id, account_id=account_id, actor=actor)


def _check_batch(connection: Transaction, batch_id: str, actor: Actor) -> None:
    batch = get_batch(connection, batch_id)
    check_batch(connection, actor, batch)
    if batch.state != "open":
        raise BatchClosedError(batch_id)


def look_at_upload(services: Services, upload_id: str, *, account_id: str, actor: Actor) -> Upload:
    """Say how far an upload is; one that has come whole becomes a delivery, if it has not yet.

    Raises:
        UnknownSubjectError: the account has no such upload, or its time was over.
    """
    with services.database.reading() as connection:
        row = get_upload(connection, upload_id, account_id=account_id)
    if row.state == "open" and row.offset_bytes == row.size_bytes:
        # Who holds the lock completes it; this caller only hears that all bytes are there.
        with suppress(UploadLockedError), _locked(services, row):
            row = _become_delivery(services, row, actor=actor)
    receipt = receipt_of(services, row.delivery_id) if row.delivery_id is not None else None
    return Upload(row=row, receipt=receipt)


@contextmanager
def adding_to_upload(
    services: Services, upload_id: str, *, account_id: str, offset_bytes: int
) -> Iterator[UploadWriter]:
    """Give a writer that adds behind what has come.

    Raises:
        UnknownSubjectError: the account has no such upload, or its time was over.
        UploadLockedError: another request adds to it now.
        UploadOffsetError: the caller would leave a gap, or write over what is there.
    """
    with services.database.reading() as connection:
        row = get_upload(connection, upload_id, account_id=account_id)
    with _locked(services, row) as stream:
        with services.database.reading() as connection:
            row = get_upload(connection, upload_id, account_id=account_id)
        if row.state == "done" or row.offset_bytes != offset_bytes:
            raise UploadOffsetError(row.offset_bytes)
        # Behind the offset lies only what came before a break and was not told to be there.
        stream.truncate(row.offset_bytes)
        stream.seek(row.offset_bytes)
        yield UploadWriter(services, row, stream)


def cancel_upload(services: Services, upload_id: str, *, account_id: str, actor: Actor) -> None:
    """Forget an upload; a delivery that it has become stays.

    Raises:
        UnknownSubjectError: the account has no such upload.
        UploadLockedError: another request adds to it now.
    """
    with services.database.reading() as connection:
        row = get_upload(connection, upload_id, account_id=account_id)
    with _locked(services, row):
        _forget(services, row)
    entry = AuditEntry(
        actor=actor.name, role=actor.role, action="upload_cancelled", subject=upload_id
    )
    with services.database.writing() as connection:
        append_audit(connection, entry, now=services.clock.now())


def sweep_uploads(services: Services) -> int:
    """Forget the uploads whose time is over, and files that belong to none; return how many."""
    gone = 0
    with services.database.reading() as connection:
        abandoned = list_abandoned_uploads(connection, now=services.clock.now())
    for row in abandoned:
        with suppress(UploadLockedError), _locked(services, row):
            _forget(services, row)
            gone += 1
    for file in list(services.work.uploads.glob("upl_*")):
        with services.database.reading() as connection:
            is_known = upload_exists(connection, file.name)
        if not is_known:
            file.unlink(missing_ok=True)
    return gone


def _become_delivery(services: Services, row: UploadRow, *, actor: Actor) -> UploadRow:
    """Take a file that has come whole; doing it again after a death finds the same delivery."""
    with services.database.reading() as connection:
        row = get_upload(connection, row.id, account_id=row.account_id)
    if row.state == "done":  # by another request, before this one had the lock
        services.work.upload_file(row.id).unlink(missing_ok=True)
        return row
    batch_id = row.batch_id
    if batch_id is None:
        new = NewBatch(
            station=f"{actor.name}:api",
            batch_key=row.id,
            answerable=actor.name,
            dossier_code=row.dossier_code,
            confirm_policy=row.confirm_policy,
        )
        batch_id = begin_batch(services, new, actor=actor).id
    with services.work.upload_file(row.id).open("rb") as stream:
        receipt = take_file(
            services,
            stream,
            batch_id=batch_id,
            file_name=row.file_name,
            source=row.file_name,
            actor=actor,
        )
    if row.batch_id is None:
        end_batch(services, batch_id, actor=actor)
    with services.database.writing() as connection:
        finish_upload(connection, row.id, delivery_id=receipt.id)
        done = get_upload(connection, row.id, account_id=row.account_id)
    services.work.upload_file(row.id).unlink(missing_ok=True)
    return done


@contextmanager
def _locked(services: Services, row: UploadRow) -> Iterator[BinaryIO]:
    """Hold an upload's file against other requests and other processes."""
    file = services.work.upload_file(row.id)
    is_new = not file.exists()
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+b") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UploadLockedError from error
        if is_new:
            _sync_folder(file.parent)
        yield stream


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _forget(services: Services, row: UploadRow) -> None:
    with services.database.writing() as connection:
        remove_upload(connection, row.id)
    services.work.upload_file(row.id).unlink(missing_ok=True)


def _end_from_now(services: Services) -> datetime:
    return services.clock.now() + timedelta(hours=services.settings.web.upload_hours)
