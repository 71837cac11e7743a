"""What the API keeps for its clients."""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add what is missing; see `database.migration_steps`."""
