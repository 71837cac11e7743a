"""Create the first tables."""

from alembic import op
from sqlalchemy import text

from database.schema import SCHEMA

revision = "0001"
down_revision = None

_APPEND_ONLY = """
CREATE TRIGGER audit_is_append_only_{verb} BEFORE {verb} ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
"""

_REFUSE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$
"""
_APPEND_ONLY_HERE = """
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""


def upgrade() -> None:
    """Create every table; make the audit log append-only."""
    connection = op.get_bind()
    SCHEMA.create_all(connection)
    if connection.dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            connection.execute(text(_APPEND_ONLY.format(verb=verb)))
    if connection.dialect.name == "postgresql":
        connection.execute(text(_REFUSE))
        connection.execute(text(_APPEND_ONLY_HERE))
