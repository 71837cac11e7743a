"""Records beside the stored versions; each filed document that has none gets its first."""

from datetime import UTC, datetime

from alembic import op
from sqlalchemy import select

from database.description_tables import description_records
from database.migration_steps import create_missing_tables
from database.stage_runs import plan_stage
from database.tables import documents

revision = "0006"
down_revision = "0005"

_AFTER_ALL_ELSE = 90


def upgrade() -> None:
    """Add the table, and plan the record of what was filed before there were any."""
    create_missing_tables("description_records")
    connection = op.get_bind()
    known = select(description_records.c.document_id)
    filed = select(documents.c.id, documents.c.batch_id).where(
        documents.c.state == "filed", documents.c.id.not_in(known)
    )
    for row in connection.execute(filed).all():
        plan_stage(
            connection,
            row.id,
            stage="record",
            batch_id=row.batch_id,
            priority=_AFTER_ALL_ELSE,
            now=datetime.now(UTC),
        )
