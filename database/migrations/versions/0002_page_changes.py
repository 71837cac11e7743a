"""Changes that people make to pages and documents under review."""

from database.migration_steps import add_missing_columns, create_missing_tables

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add tables and columns; see `database.migration_steps`."""
    create_missing_tables("page_changes", "former_readings", "replacements", "reservations")
    add_missing_columns("pages", "turned_by")
    add_missing_columns("documents", "arranged_by")
