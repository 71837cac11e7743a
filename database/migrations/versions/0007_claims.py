"""Indexes by which the next stage is found, however many wait."""

from database.migration_steps import create_missing_indexes

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add them."""
    create_missing_indexes("stage_runs")
    create_missing_indexes("outbox")
