"""Until when a document is kept."""

from datetime import date

from archive.retention import RetentionDecision
from database.connecting import Transaction
from database.dossiers import find_dossier
from documents.clock import VIETNAM
from documents.model import Tag
from workers.services import Services


def retention_of(
    services: Services,
    tags: tuple[Tag, ...],
    *,
    work_ended_on: date | None = None,
) -> RetentionDecision:
    """Say until when a document of these tags is kept, and by which rule.

    A term of years is counted only once it is known when the work of the dossier ended.
    """
    values = {tag.name: tag.value for tag in tags}
    return services.schedule.decide(
        values.get("component_type"), values.get("procedure"), work_ended_on
    )


def find_work_end(connection: Transaction, dossier_code: str | None) -> date | None:
    """Return the day (in Vietnam) on which the work of a dossier ended; None while it has not."""
    if dossier_code is None:
        return None
    dossier = find_dossier(connection, dossier_code)
    if dossier is None or dossier.closed_at is None:
        return None
    return dossier.closed_at.astimezone(VIETNAM).date()
