"""Receiving: bytes are on the disk before the receipt is given."""

import errno
import hashlib
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from database.audit import AuditEntry, append_audit
from database.batches import (
    BatchRow,
    DeliveryRow,
    NewBatch,
    NewDelivery,
    add_delivery,
    close_batch,
    get_batch,
    get_delivery,
    open_batch,
    set_delivery_password,
    set_delivery_state,
)
from database.pages import list_pages
from database.stage_runs import reset_stages
from documents.identifiers import Sha256, mint_delivery_id
from documents.model import Receipt
from workers.access import check_batch, check_change
from workers.actors import Actor
from workers.errors import DiskFullError, FileTooLargeError
from workers.services import Services
from workers.stage_results import plan_split_when_ready
from workers.work_folder import process_name

_CHUNK_BYTES = 1 << 20
_NAME_LENGTH = 200


def begin_batch(services: Services, new: NewBatch, *, actor: Actor) -> BatchRow:
    """Open a batch; the same station and key find the batch that is there.

    Raises:
        OutsideAreaError: it is for a dossier of another area.
    """
    check_change(actor, new.dossier_code)
    now = services.clock.now()
    with services.database.writing() as connection:
        batch, is_new = open_batch(connection, new, now=now)
        if is_new:
            entry = AuditEntry(
                actor=actor.name,
                role=actor.role,
                action="batch_opened",
                subject=batch.id,
                dossier=batch.dossier_code,
                detail={"station": batch.station, "policy": batch.confirm_policy},
            )
            append_audit(connection, entry, now=now)
    return batch


def take_file(  # noqa: PLR0913 - the facts of one delivery
    services: Services,
    stream: BinaryIO,
    *,
    batch_id: str,
    file_name: str,
    source: str,
    actor: Actor,
    password: str | None = None,
) -> Receipt:
    """Store a file durably and give a receipt for it; the same file twice is one delivery.

    Raises:
        FileTooLargeError: it is longer than the settings allow.
        DiskFullError: there is no room; nothing was taken.
        BatchClosedError: the batch takes nothing more.
        OutsideAreaError: the batch belongs to another area.
    """
    with services.database.reading() as connection:
        check_batch(connection, actor, get_batch(connection, batch_id))

    def enter(new: NewDelivery) -> tuple[DeliveryRow, bool]:
        return _enter(services, replace(new, password=password), batch_id=batch_id, actor=actor)

    return take_arrival(services, stream, file_name=file_name, source=source, enter=enter)


def take_arrival(
    services: Services,
    stream: BinaryIO,
    *,
    file_name: str,
    source: str,
    enter: Callable[[NewDelivery], tuple[DeliveryRow, bool]],
) -> Receipt:
    """Store a file durably, let `enter` write it down, and give a receipt.

    `enter` returns the delivery and whether it is new; what it raises leaves nothing behind.
    """
    delivery_id = mint_delivery_id()
    arrival = services.work.incoming / f"{process_name()}-{delivery_id}"
    try:
        sha256, size_bytes = _write_durably(
            stream, arrival, limit_bytes=services.settings.limits.file_bytes
        )
        new = NewDelivery(
            id=delivery_id,
            sha256=sha256,
            size_bytes=size_bytes,
            file_name=safe_name(file_name),
            source=source,
        )
        delivery, is_new = enter(new)
    except BaseException:
        arrival.unlink(missing_ok=True)
        raise
    if is_new:
        services.work.delivery_file(delivery.id)
    else:
        arrival.unlink(missing_ok=True)
    services.wake()
    return replace(receipt_of(services, delivery.id), is_repeated=not is_new)


def _enter(
    services: Services, new: NewDelivery, *, batch_id: str, actor: Actor
) -> tuple[DeliveryRow, bool]:
    now = services.clock.now()
    with services.database.writing(batch_id=batch_id) as connection:
        batch = get_batch(connection, batch_id)
        delivery, is_new = add_delivery(connection, batch, new, now=now)
        if is_new:
            entry = AuditEntry(
                actor=actor.name,
                role=actor.role,
                action="file_received",
                subject=delivery.id,
                dossier=batch.dossier_code,
                digest=delivery.sha256,
            )
            append_audit(connection, entry, now=now)
    return delivery, is_new


def _write_durably(stream: BinaryIO, file: Path, *, limit_bytes: int) -> tuple[Sha256, int]:
    """Copy a stream to disk, through to the platter, counting and hashing."""
    digest = hashlib.sha256()
    size_bytes = 0
    try:
        with file.open("xb") as target:
            while chunk := stream.read(_CHUNK_BYTES):
                size_bytes += len(chunk)
                if size_bytes > limit_bytes:
                    raise FileTooLargeError(limit_bytes)
                digest.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFullError from error
        raise
    return Sha256(digest.hexdigest()), size_bytes


def end_batch(services: Services, batch_id: str, *, actor: Actor) -> BatchRow:
    """Close a batch, so that it can be cut into documents.

    Raises:
        OutsideAreaError: it belongs to another area.
    """
    now = services.clock.now()
    with services.database.writing() as connection:
        found = get_batch(connection, batch_id)
        check_batch(connection, actor, found)
        was_open = found.state == "open"
        batch = close_batch(connection, batch_id, now=now)
        if was_open:
            entry = AuditEntry(
                actor=actor.name, role=actor.role, action="batch_closed", subject=batch.id
            )
            append_audit(connection, entry, now=now)
            plan_split_when_ready(connection, batch.id, now=now)
    services.wake()
    return batch


def give_password(services: Services, delivery_id: str, *, password: str, actor: Actor) -> None:
    """Try an encrypted file again with a password; it is forgotten once the file is open.

    Raises:
        OutsideAreaError: its batch belongs to another area.
    """
    now = services.clock.now()
    with services.database.writing() as connection:
        delivery = get_delivery(connection, delivery_id)
        check_batch(connection, actor, get_batch(connection, delivery.batch_id))
        set_delivery_password(connection, delivery.id, password=password)
        if reset_stages(connection, delivery.id, stages=("open",), now=now):
            set_delivery_state(connection, delivery.id, state="received")
        entry = AuditEntry(
            actor=actor.name, role=actor.role, action="password_given", subject=delivery.id
        )
        append_audit(connection, entry, now=now)
    services.wake()


def receipt_of(services: Services, delivery_id: str) -> Receipt:
    """Return the receipt of a delivered file; its page ids are there once it was opened."""
    with services.database.reading() as connection:
        delivery = get_delivery(connection, delivery_id)
        pages = list_pages(connection, delivery_id=delivery_id)
    return Receipt(
        id=delivery.id,
        batch_id=delivery.batch_id,
        sha256=delivery.sha256,
        size_bytes=delivery.size_bytes,
        received_at=delivery.received_at,
        file_name=delivery.file_name,
        page_ids=tuple(page.id for page in pages),
    )


def safe_name(file_name: str) -> str:
    """Return the last part of a name that came from outside, for people only; never a path."""
    last = file_name.replace("\\", "/").rsplit("/", 1)[-1]
    printable = "".join(character for character in last if character.isprintable())
    return printable[:_NAME_LENGTH] or "không tên"
