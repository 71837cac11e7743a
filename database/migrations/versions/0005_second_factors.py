"""Second factors of people, and by which browser they are signed in."""

from database.migration_steps import add_missing_columns, create_missing_tables

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the tables, and what a browser calls itself; sign-ins of before name none."""
    create_missing_tables("second_factors", "recovery_codes")
    add_missing_columns("sign_ins", "agent")
