"""A catalogue that an older program made comes up to date and keeps what it holds."""

import pytest
from sqlalchemy import inspect, text

from database.connecting import Database
from database.migrating import HEAD, current_revision, migrate
from database.pages import get_page
from database.records import get_document, list_document_pages
from tests.contract.catalogue_entries import make_batch, make_delivery, make_document
from tests.unit.database.test_migrating import set_revision

NEW_TABLES = ("reservations", "replacements", "former_readings", "page_changes")
NEW_COLUMNS = (("pages", "turned_by"), ("documents", "arranged_by"))


@pytest.fixture
def database(empty: Database) -> Database:
    return empty


def make_old(database: Database) -> str:
    """Make a catalogue as it was before pages could be changed; return its document."""
    migrate(database)
    delivery = make_delivery(database, make_batch(database))
    document_id = make_document(database, delivery)
    with database.writing() as connection:
        for table in NEW_TABLES:
            connection.execute(text(f"DROP TABLE {table}"))
        for table, column in NEW_COLUMNS:
            connection.execute(text(f"ALTER TABLE {table} DROP COLUMN {column}"))
    set_revision(database, "0001")
    return document_id


def test_older_catalogue_gets_what_changes_of_pages_need(database: Database) -> None:
    make_old(database)

    migrate(database)

    with database.reading() as connection:
        schema = inspect(connection)
        tables = set(schema.get_table_names())
        columns = {
            (table, column["name"])
            for table, _ in NEW_COLUMNS
            for column in schema.get_columns(table)
        }
    assert set(NEW_TABLES) <= tables
    assert set(NEW_COLUMNS) <= columns
    assert current_revision(database) == HEAD


def test_what_an_older_catalogue_holds_is_kept(database: Database) -> None:
    document_id = make_old(database)

    migrate(database)

    with database.reading() as connection:
        document = get_document(connection, document_id)
        (placed,) = list_document_pages(connection, document_id)
        page = get_page(connection, placed.page_id)
    assert (document.dossier_code, document.arranged_by) == ("H99.12.03-260316-0007", None)
    assert (page.ordinal_in_file, page.turned_by) == (1, None)
