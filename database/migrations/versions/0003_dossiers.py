"""Dossiers, corrections after filing, areas."""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add what is missing; see `database.migration_steps`."""
