"""Bring the catalogue to the schema of this program."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from database.connecting import Database
from database.errors import NewerSchemaError

_SCRIPTS = Path(__file__).with_name("migrations")
HEAD = "0008"


def migrate(database: Database) -> None:
    """Create or upgrade the tables; do nothing where they are right.

    Raises:
        NewerSchemaError: the tables were made by a newer program.
    """
    if current_revision(database) == HEAD:
        return
    with database.writing() as connection:
        config = Config()
        config.set_main_option("script_location", str(_SCRIPTS))
        config.attributes["connection"] = connection
        found = _revision(connection)
        known = {script.revision for script in ScriptDirectory(str(_SCRIPTS)).walk_revisions()}
        if found is not None and found not in known:
            raise NewerSchemaError(found)
        command.upgrade(config, "head")


def current_revision(database: Database) -> str | None:
    """Return the revision of the schema that the catalogue has; None when it is empty."""
    with database.reading() as connection:
        return _revision(connection)


def _revision(connection: object) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    row = connection.execute(text("SELECT version_num FROM alembic_version")).first()  # type: ignore[attr-defined]  # a Connection, typed as object for inspect
    return str(row[0]) if row else None
