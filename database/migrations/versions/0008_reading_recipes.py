"""What readings depend on, so that no page is read twice; those of before do not say."""

from database.migration_steps import add_missing_columns, create_missing_indexes

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the column and its index."""
    add_missing_columns("readings", "recipe")
    create_missing_indexes("readings")
