"""Changes that people make to pages and documents under review."""

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add what is missing; see `database.migration_steps`."""
