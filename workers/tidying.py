"""Letting working copies go, only after the archive holds what they were for."""

from contextlib import suppress
from datetime import datetime, timedelta

from database.batches import delivery_exists, get_delivery, list_deliveries, set_delivery_state
from database.connecting import Transaction
from database.page_changes import EMPTIED, was_changed_since
from database.readiness import deliveries_of_document, documents_of_delivery
from database.records import get_document
from documents.errors import BackEndUnavailableError, ConfigurationError
from workers.services import Services
from workers.uploading import sweep_uploads

_SETTLED = frozenset({"filed", "discarded"})
_TIME_TO_UNDO = timedelta(days=1)


def tidy_document(services: Services, document_id: str) -> None:
    """Remove what a filed or discarded document no longer needs in the work folder."""
    with services.database.reading() as connection:
        document = get_document(connection, document_id)
        if document.state not in _SETTLED:
            return
        delivery_ids = deliveries_of_document(connection, document_id)
    services.work.forget_document(document_id)
    for delivery_id in delivery_ids:
        _tidy_delivery(services, delivery_id, batch_id=document.batch_id)


def _tidy_delivery(services: Services, delivery_id: str, *, batch_id: str) -> None:
    with services.database.writing(batch_id=batch_id) as connection:
        holders = documents_of_delivery(connection, delivery_id)
        is_done = bool(holders) and all(
            _is_settled(connection, one, services.clock.now()) for one in holders
        )
        if not is_done or get_delivery(connection, delivery_id).state != "opened":
            return
        set_delivery_state(connection, delivery_id, state="filed")
    services.work.forget_delivery(delivery_id)


def _is_settled(connection: Transaction, document_id: str, now: datetime) -> bool:
    """Say whether nobody comes back to a document; for a while, a change can be taken back."""
    document = get_document(connection, document_id)
    code = document.reason.code if document.reason else None
    if document.state == "discarded" and code in EMPTIED:
        since = now - _TIME_TO_UNDO
        return not was_changed_since(connection, document.batch_id, since=since)
    return document.state in _SETTLED


def sweep_work_folder(services: Services) -> None:
    """Finish what a killed process left: arrivals without a receipt, copies of filed material.

    Uploads whose time is over go, too, and what was half written into the store.
    """
    sweep_uploads(services)
    with suppress(BackEndUnavailableError, ConfigurationError):  # a store that is down waits
        services.storage.sweep_abandoned()
    for file, delivery_id in services.work.abandoned_arrivals():
        with services.database.reading() as connection:
            is_known = delivery_exists(connection, delivery_id)
        if is_known:
            services.work.delivery_file(delivery_id)
        else:
            file.unlink(missing_ok=True)
    with services.database.reading() as connection:
        opened = list_deliveries(connection, state="opened")
    for delivery in opened:
        _tidy_delivery(services, delivery.id, batch_id=delivery.batch_id)
    for folder in (services.work.root / "documents").glob("doc_*"):
        tidy_document(services, folder.name)
    for name in ("pages", "deliveries"):
        for found in (services.work.root / name).glob("dlv_*"):
            _sweep_delivery(services, found.name)


def _sweep_delivery(services: Services, delivery_id: str) -> None:
    """Remove copies of a delivery that was settled before its files could be removed."""
    with services.database.reading() as connection:
        is_settled = get_delivery(connection, delivery_id).state in _SETTLED
    if is_settled:
        services.work.forget_delivery(delivery_id)
