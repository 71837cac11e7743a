"""The schema of the catalogue and the program that opens it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import inspect, text

from database.connecting import Database
from database.errors import NewerSchemaError
from database.migrating import HEAD, current_revision, migrate
from database.schema import SCHEMA
from documents.errors import ConfigurationError
from tests.unit.database.conftest import Opener


@pytest.fixture
def database(empty: Database) -> Database:
    return empty


def set_revision(database: Database, revision: str) -> None:
    with database.writing() as connection:
        connection.execute(
            text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision}
        )


def test_empty_catalogue_gets_every_table(database: Database) -> None:
    migrate(database)

    with database.reading() as connection:
        found = set(inspect(connection).get_table_names())
    assert found >= set(SCHEMA.tables)
    assert current_revision(database) == HEAD


def test_migrating_twice_is_migrating_once(database: Database) -> None:
    migrate(database)

    migrate(database)

    assert current_revision(database) == HEAD


def test_processes_that_start_together_migrate_once(opener: Opener) -> None:
    def start(_number: int) -> str | None:
        database = opener()
        migrate(database)
        revision = current_revision(database)
        database.close()
        return revision

    with ThreadPoolExecutor(4) as pool:
        revisions = list(pool.map(start, range(4)))

    assert revisions == [HEAD] * 4


def test_catalogue_of_a_newer_program_is_refused_and_left_alone(database: Database) -> None:
    migrate(database)
    set_revision(database, "9999")

    with pytest.raises(NewerSchemaError) as caught:
        migrate(database)

    assert isinstance(caught.value, ConfigurationError)
    assert "9999" in caught.value.reason.vi
    assert "Hãy cập nhật" in caught.value.reason.vi
    assert "Update" in caught.value.reason.en
    assert current_revision(database) == "9999"
