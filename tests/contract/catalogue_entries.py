"""Makes entries of a catalogue: batches, deliveries, pages, stages, documents."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from database.audit import AuditEntry
from database.batches import (
    BatchRow,
    DeliveryRow,
    NewBatch,
    NewDelivery,
    add_delivery,
    open_batch,
)
from database.connecting import Database
from database.pages import add_pages
from database.records import NewDocument, add_documents
from database.stage_runs import StageRun, claim_stage, plan_stage
from database.tables import stage_runs
from documents.identifiers import DocumentId, PageId, Sha256, mint_delivery_id, sha256_of_bytes
from documents.model import OpenedPage, PageImage

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)


def make_batch(database: Database, *, key: str = "sáng-1", station: str = "quay-01") -> BatchRow:
    """Open a batch."""
    new = NewBatch(station=station, batch_key=key, answerable="an.tran")
    with database.writing() as connection:
        return open_batch(connection, new, now=NOW)[0]


def make_new_delivery(content: bytes = b"%PDF-1.7", *, password: str | None = None) -> NewDelivery:
    """Describe a delivered file that has not been entered yet."""
    return NewDelivery(
        id=mint_delivery_id(),
        sha256=sha256_of_bytes(content),
        size_bytes=len(content),
        file_name="đơn.pdf",
        source="/quay-01/đơn.pdf",
        password=password,
    )


def make_delivery(
    database: Database,
    batch: BatchRow,
    content: bytes = b"%PDF-1.7",
    *,
    password: str | None = None,
) -> DeliveryRow:
    """Enter a delivered file."""
    new = make_new_delivery(content, password=password)
    with database.writing() as connection:
        return add_delivery(connection, batch, new, now=NOW)[0]


def make_opened_page(ordinal: int) -> OpenedPage:
    """Describe a page of an opened file."""
    image = PageImage(
        file=Path(f"pages/{ordinal:04d}.jpg"),
        media_type="image/jpeg",
        sha256=Sha256(f"{ordinal:064x}"),
        width=1654,
        height=2339,
        dpi=200.0,
        dpi_source="file",
        mode="colour",
    )
    return OpenedPage(ordinal=ordinal, image=image, origin="scan")


def make_pages(database: Database, delivery: DeliveryRow, count: int) -> list[PageId]:
    """Enter the pages of a delivered file."""
    with database.writing() as connection:
        return add_pages(
            connection,
            [make_opened_page(ordinal) for ordinal in range(1, count + 1)],
            batch_id=delivery.batch_id,
            delivery_id=delivery.id,
            delivery_ordinal=delivery.ordinal,
        )


def make_document(database: Database, delivery: DeliveryRow) -> DocumentId:
    """Enter a document of one page."""
    (page_id,) = make_pages(database, delivery, 1)
    draft = NewDocument(pages=((page_id, "content"),), dossier_code="H99.12.03-260316-0007")
    with database.writing() as connection:
        return add_documents(connection, delivery.batch_id, [draft], now=NOW)[-1]


def plan(
    database: Database,
    batch: BatchRow,
    subject: str,
    *,
    stage: str = "read",
    priority: int = 10,
) -> None:
    """Plan a stage in a transaction of its own."""
    with database.writing() as connection:
        plan_stage(connection, subject, stage=stage, batch_id=batch.id, priority=priority, now=NOW)


def claim(
    database: Database,
    *,
    worker: str = "worker-1",
    now: datetime = NOW,
    lease_seconds: float = 30.0,
) -> StageRun | None:
    """Claim a stage in a transaction of its own."""
    with database.writing() as connection:
        return claim_stage(connection, worker=worker, lease_seconds=lease_seconds, now=now)


def claim_surely(database: Database, *, worker: str = "worker-1", now: datetime = NOW) -> StageRun:
    """Claim a stage that must be there."""
    run = claim(database, worker=worker, now=now)
    assert run is not None
    return run


def state_of_stage(database: Database, subject: str, stage: str = "read") -> str | None:
    """Return the state of a stage; None where it was never planned."""
    query = select(stage_runs.c.state).where(
        stage_runs.c.subject == subject, stage_runs.c.stage == stage
    )
    with database.reading() as connection:
        return connection.execute(query).scalar()


def make_entry(number: int = 1) -> AuditEntry:
    """Describe something that was read."""
    return AuditEntry(
        actor="bình.lê",
        role="officer",
        action="document_shown",
        document=f"doc_{number}",
        purpose="giải quyết hồ sơ",
        detail={"trang": number},
    )
