"""Writing a stage's result, its end and what follows from it as one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from database.batches import lock_batch
from database.connecting import Transaction
from database.readiness import (
    has_loose_page,
    has_uninspected_page,
    has_unopened_file,
    has_unread_page,
)
from database.records import DocumentRow, get_document
from database.replacements import has_pending_replacement
from database.stage_runs import (
    StageRun,
    finish_stage,
    forget_stages,
    is_still_mine,
    plan_stage,
)
from documents.errors import BackEndUnavailableError
from documents.identifiers import BatchId
from workers.services import Services

# Within one urgency, what makes findings and proposals appear goes first, then filing, then
# reading: a citizen waits for the first, and reading never ends on a busy morning.
_STAGE_ORDER = {
    "inspect": 0,
    "split": 0,
    "classify": 0,
    "open": 1,
    "index": 2,
    "archive": 2,
    "record": 2,
    "sign": 2,
    "assemble": 2,
    "read": 3,
}


class LeaseLostError(BackEndUnavailableError):
    """Another worker took the stage over; this result is dropped."""

    code = "lease_lost"

    def __init__(self) -> None:
        super().__init__(
            vi="Việc này đã được máy khác nhận làm tiếp.",
            en="Another worker has taken this over.",
        )


class DocumentChangedError(BackEndUnavailableError):
    """Somebody changed the document while a stage was at work; its result is dropped."""

    code = "document_changed"

    def __init__(self) -> None:
        super().__init__(
            vi="Tài liệu vừa được sửa; hệ thống làm lại bước này.",
            en="The document was changed meanwhile; this step is done again.",
        )


def check_unchanged(connection: Transaction, document: DocumentRow) -> None:
    """Let only a result for the document as it still is be written.

    Raises:
        DocumentChangedError: it was changed since it was looked at.
    """
    if get_document(connection, document.id).revision != document.revision:
        raise DocumentChangedError


@contextmanager
def finishing(services: Services, run: StageRun) -> Iterator[tuple[Transaction, datetime]]:
    """Give a transaction for the result; the end of the stage is written with it.

    Raises:
        LeaseLostError: the lease was taken back meanwhile; nothing is written.
    """
    now = services.clock.now()
    with services.database.writing(batch_id=run.batch_id) as connection:
        if not is_still_mine(connection, run):
            raise LeaseLostError
        yield connection, now
        finish_stage(connection, run, now=now)
    services.wake()


def plan(
    connection: Transaction, subject: str, *, stage: str, batch_id: BatchId, now: datetime
) -> None:
    """Enter the next stage of something, as urgent as its batch."""
    priority = lock_batch(connection, batch_id).priority + _STAGE_ORDER[stage]
    plan_stage(connection, subject, stage=stage, batch_id=batch_id, priority=priority, now=now)


def plan_split_when_ready(connection: Transaction, batch_id: BatchId, *, now: datetime) -> None:
    """Enter the split of a closed batch once all its pages have been looked at.

    A batch that was cut is cut again when a file could be opened only afterwards.
    """
    state = lock_batch(connection, batch_id).state
    if state not in ("closed", "split"):
        return
    if has_unopened_file(connection, batch_id) or has_uninspected_page(connection, batch_id):
        return
    if state == "split":
        if not has_loose_page(connection, batch_id):
            return
        forget_stages(connection, batch_id, stages=("split",))
    plan(connection, batch_id, stage="split", batch_id=batch_id, now=now)


def plan_classify_when_ready(connection: Transaction, document_id: str, *, now: datetime) -> None:
    """Enter the classification of a document once all its pages, also rescanned ones, are read."""
    document = get_document(connection, document_id)
    lock_batch(connection, document.batch_id)
    if document.state != "reading" or has_unread_page(connection, document_id):
        return
    if has_pending_replacement(connection, document_id):
        return
    plan(connection, document_id, stage="classify", batch_id=document.batch_id, now=now)
