"""Batches and the files delivered into them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, func, insert, or_, select, update

from database.converting import FINDINGS, SIGNATURES, from_json, reason_of, reason_values, to_json
from database.errors import BatchClosedError, UnknownSubjectError
from database.stage_runs import plan_stage
from database.tables import batches, deliveries
from documents.errors import Reason
from documents.identifiers import BatchId, DeliveryId, Sha256, mint_batch_id
from documents.model import Finding, SignatureVerdict

ConfirmPolicy = Literal["none", "sure", "backfile"]

INTERACTIVE, BACKFILE = 10, 50
"""Priorities: a citizen waits for the first, nobody for the second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBatch:
    """What a station says when it begins a batch; `station` and `batch_key` name it for ever."""

    station: str
    batch_key: str
    answerable: str
    profile: str = "default"
    dossier_code: str | None = None
    procedure: str | None = None
    owner_id: str | None = None
    expected_pages: int | None = None
    confirm_policy: ConfirmPolicy = "none"

    @property
    def priority(self) -> int:
        """How urgent its stages are: nobody waits for what a policy confirms as a whole."""
        return BACKFILE if self.confirm_policy == "backfile" else INTERACTIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRow:
    """A batch as the catalogue knows it."""

    id: BatchId
    station: str
    batch_key: str
    state: str
    profile: str
    dossier_code: str | None
    procedure: str | None
    owner_id: str | None
    expected_pages: int | None
    confirm_policy: ConfirmPolicy
    answerable: str
    priority: int
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """A file whose bytes lie durably in the work folder under `id`."""

    id: DeliveryId
    sha256: Sha256
    size_bytes: int
    file_name: str
    source: str
    password: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow:
    """A delivered file as the catalogue knows it."""

    id: DeliveryId
    batch_id: BatchId
    ordinal: int
    sha256: Sha256
    size_bytes: int
    file_name: str
    source: str
    received_at: datetime
    state: str
    media_type: str | None
    is_signed: bool
    is_born_digital: bool
    findings: tuple[Finding, ...]
    signatures: tuple[SignatureVerdict, ...]
    password: str | None
    reason: Reason | None


def open_batch(connection: Connection, new: NewBatch, *, now: datetime) -> tuple[BatchRow, bool]:
    """Return the batch of this station and key, made if there is none; and whether it was made."""
    found = connection.execute(
        select(batches).where(
            batches.c.station == new.station, batches.c.batch_key == new.batch_key
        )
    ).first()
    if found is not None:
        return _batch(found), False
    made = connection.execute(
        insert(batches)
        .values(
            id=mint_batch_id(),
            station=new.station,
            batch_key=new.batch_key,
            state="open",
            profile=new.profile,
            dossier_code=new.dossier_code,
            procedure=new.procedure,
            owner_id=new.owner_id,
            expected_pages=new.expected_pages,
            confirm_policy=new.confirm_policy,
            answerable=new.answerable,
            priority=new.priority,
            opened_at=now,
        )
        .returning(batches)
    ).one()
    return _batch(made), True


def get_batch(connection: Connection, batch_id: str) -> BatchRow:
    """Return the batch; UnknownSubjectError when there is none."""
    row = connection.execute(select(batches).where(batches.c.id == batch_id)).first()
    if row is None:
        raise UnknownSubjectError(batch_id)
    return _batch(row)


def list_batches(
    connection: Connection, *, limit: int = 100, before: str | None = None
) -> list[BatchRow]:
    """Return the newest batches first; `before` continues after an id."""
    query = select(batches).order_by(batches.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(batches.c.id < before)
    return [_batch(row) for row in connection.execute(query)]


def list_batches_of_stations(
    connection: Connection, stations: Sequence[str], *, since: datetime, limit: int = 60
) -> list[BatchRow]:
    """Return the batches of these stations that are open or were opened since, newest first."""
    query = (
        select(batches)
        .where(
            batches.c.station.in_(list(stations)),
            or_(batches.c.state == "open", batches.c.opened_at >= since),
        )
        .order_by(batches.c.opened_at.desc(), batches.c.id.desc())
        .limit(limit)
    )
    return [_batch(row) for row in connection.execute(query)]


def is_desk_at_work(connection: Connection, *, since: datetime) -> bool:
    """Say whether paper that somebody waits for is coming in: a batch got something since then."""
    came = select(deliveries.c.id).where(
        deliveries.c.batch_id == batches.c.id, deliveries.c.received_at >= since
    )
    query = select(batches.c.id).where(
        batches.c.state == "open",
        batches.c.priority < BACKFILE,
        or_(batches.c.opened_at >= since, came.exists()),
    )
    return connection.execute(query.limit(1)).first() is not None


def set_expected_pages(connection: Connection, batch_id: str, *, expected: int | None) -> None:
    """Change how many pages a batch should have."""
    connection.execute(
        update(batches).where(batches.c.id == batch_id).values(expected_pages=expected)
    )


def add_delivery(
    connection: Connection, batch: BatchRow, new: NewDelivery, *, now: datetime
) -> tuple[DeliveryRow, bool]:
    """Enter a delivered file and plan its opening; return it and whether it is new.

    The same bytes in the same batch are the same delivery.

    Raises:
        BatchClosedError: the batch takes nothing more.
    """
    known = find_delivery(connection, batch.id, sha256=new.sha256)
    if known is not None:
        return known, False
    if batch.state != "open":
        raise BatchClosedError(batch.id)
    return add_late_delivery(connection, batch, new, now=now), True


def add_late_delivery(
    connection: Connection, batch: BatchRow, new: NewDelivery, *, now: datetime
) -> DeliveryRow:
    """Enter a file that the batch does not have, also when it is closed, and plan its opening."""
    last = connection.execute(
        select(func.max(deliveries.c.ordinal)).where(deliveries.c.batch_id == batch.id)
    ).scalar()
    row = connection.execute(
        insert(deliveries)
        .values(
            id=new.id,
            batch_id=batch.id,
            ordinal=(last or 0) + 1,
            sha256=new.sha256,
            size_bytes=new.size_bytes,
            file_name=new.file_name,
            source=new.source,
            received_at=now,
            state="received",
            is_signed=False,
            is_born_digital=False,
            password=new.password,
        )
        .returning(deliveries)
    ).one()
    plan_stage(
        connection, new.id, stage="open", batch_id=batch.id, priority=batch.priority, now=now
    )
    return _delivery(row)


def find_delivery(connection: Connection, batch_id: str, *, sha256: str) -> DeliveryRow | None:
    """Return the delivery of these bytes into this batch, if there was one."""
    row = connection.execute(
        select(deliveries).where(deliveries.c.batch_id == batch_id, deliveries.c.sha256 == sha256)
    ).first()
    return None if row is None else _delivery(row)


def get_delivery(connection: Connection, delivery_id: str) -> DeliveryRow:
    """Return the delivery; UnknownSubjectError when there is none."""
    row = connection.execute(select(deliveries).where(deliveries.c.id == delivery_id)).first()
    if row is None:
        raise UnknownSubjectError(delivery_id)
    return _delivery(row)


def list_deliveries(
    connection: Connection, *, batch_id: str | None = None, state: str | None = None
) -> list[DeliveryRow]:
    """Return deliveries in their order, of one batch or in one state."""
    query = select(deliveries).order_by(deliveries.c.batch_id, deliveries.c.ordinal)
    if batch_id is not None:
        query = query.where(deliveries.c.batch_id == batch_id)
    if state is not None:
        query = query.where(deliveries.c.state == state)
    return [_delivery(row) for row in connection.execute(query)]


def delivery_exists(connection: Connection, delivery_id: str) -> bool:
    """Say whether a file of this id was entered; the sweeper asks."""
    query = select(deliveries.c.id).where(deliveries.c.id == delivery_id)
    return connection.execute(query).first() is not None


def record_opened(connection: Connection, delivery_id: str, *, values: Mapping[str, Any]) -> None:
    """Write down what opening a file found.

    Args:
        connection: a writing transaction.
        delivery_id: the file.
        values: `media_type`, `is_signed`, `is_born_digital`, `findings`, `signatures`.
    """
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id == delivery_id)
        .values(
            state="opened",
            media_type=values["media_type"],
            is_signed=values["is_signed"],
            is_born_digital=values["is_born_digital"],
            findings=to_json(FINDINGS, values["findings"]),
            signatures=to_json(SIGNATURES, values["signatures"]),
            password=None,  # a password is kept no longer than it is needed
            **reason_values(None),
        )
    )


def set_delivery_state(
    connection: Connection, delivery_id: str, *, state: str, reason: Reason | None = None
) -> None:
    """Change the state of a delivery, with the reason for people."""
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id == delivery_id)
        .values(state=state, **reason_values(reason))
    )


def set_delivery_password(connection: Connection, delivery_id: str, *, password: str) -> None:
    """Keep the password of an encrypted file until it has been opened."""
    connection.execute(
        update(deliveries).where(deliveries.c.id == delivery_id).values(password=password)
    )


def close_batch(connection: Connection, batch_id: str, *, now: datetime) -> BatchRow:
    """Let nothing more into the batch; closing twice is closing once."""
    connection.execute(
        update(batches)
        .where(batches.c.id == batch_id, batches.c.state == "open")
        .values(state="closed", closed_at=now)
    )
    return get_batch(connection, batch_id)


def set_batch_state(connection: Connection, batch_id: str, *, state: str) -> None:
    """Change the state of a batch."""
    connection.execute(update(batches).where(batches.c.id == batch_id).values(state=state))


def set_confirm_policy(
    connection: Connection, batch_id: str, *, policy: ConfirmPolicy, answerable: str
) -> None:
    """Let a batch be confirmed by a policy, and write down who answers for it."""
    connection.execute(
        update(batches)
        .where(batches.c.id == batch_id)
        .values(confirm_policy=policy, answerable=answerable)
    )


def lock_batch(connection: Connection, batch_id: str) -> BatchRow:
    """Return the batch, locked against other planners until the transaction ends."""
    row = connection.execute(
        select(batches).where(batches.c.id == batch_id).with_for_update()
    ).first()
    if row is None:
        raise UnknownSubjectError(batch_id)
    return _batch(row)


def _batch(row: Row[Any]) -> BatchRow:
    return BatchRow(**row._mapping)  # noqa: SLF001 - a row's documented mapping


def _delivery(row: Row[Any]) -> DeliveryRow:
    values = dict(row._mapping)  # noqa: SLF001 - a row's documented mapping
    reason = reason_of(values)
    for column in ("reason_code", "reason_vi", "reason_en"):
        values.pop(column)
    values["findings"] = from_json(FINDINGS, values["findings"]) or ()
    values["signatures"] = from_json(SIGNATURES, values["signatures"]) or ()
    return DeliveryRow(**values, reason=reason)


def count_by_state(connection: Connection) -> Sequence[tuple[str, int]]:
    """Return how many deliveries are in each state."""
    rows = connection.execute(
        select(deliveries.c.state, func.count()).group_by(deliveries.c.state)
    ).all()
    return [(row[0], row[1]) for row in rows]
