"""A catalogue from before dossiers and areas: what is derived is filled in from its tags."""

from sqlalchemy import inspect, text

from database.accounts import NewAccount, add_account, find_account
from database.connecting import Database
from database.duplicates import find_duplicate_key
from database.migrating import HEAD, current_revision, migrate
from database.owners import search_owners_by_name
from database.records import save_tags
from documents.model import Tag
from documents.paper_keys import key_of_paper
from tests.contract.catalogue_entries import NOW, make_batch, make_delivery, make_document

_LATER = ("owner_words", "owners", "dossiers", "tag_history", "notices")
_TOLD = {
    "issuer": "UBND phường Thí Nghiệm",
    "number": "120/QĐ-UBND",
    "issued_on": "2026-03-16",
    "owner_id": "099093000012",
    "owner_name": "Nguyễn Thị Đường",
}


def take_back_to_before(database: Database) -> None:
    with database.writing() as connection:
        for table in _LATER:
            connection.execute(text(f"DROP TABLE {table}"))
        connection.execute(text("DROP INDEX ix_documents_duplicate_key"))
        connection.execute(text("DROP INDEX ix_audit_dossier_seq"))
        connection.execute(text("ALTER TABLE documents DROP COLUMN duplicate_key"))
        connection.execute(text("ALTER TABLE accounts DROP COLUMN area"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0002'"))


def test_owners_and_duplicates_are_found_after_the_migration(database: Database) -> None:
    document = make_document(database, make_delivery(database, make_batch(database)))
    new = NewAccount(
        name="an.tran", display_name="An", role="operator", kind="client", secret_hash=""
    )
    with database.writing() as connection:
        tags = [Tag(name=name, value=value, state="confirmed") for name, value in _TOLD.items()]
        save_tags(connection, document, tags)
        add_account(connection, new, now=NOW)
    take_back_to_before(database)

    migrate(database)

    assert current_revision(database) == HEAD
    with database.reading() as connection:
        (owner,) = search_owners_by_name(connection, "duong", limit=5)
        assert owner.owner_id == _TOLD["owner_id"]
        assert find_duplicate_key(connection, document) == key_of_paper(
            issuer=_TOLD["issuer"], number=_TOLD["number"], issued_on=_TOLD["issued_on"]
        )
        account = find_account(connection, "an.tran")
        assert account is not None
        assert account.area == ""
        indexes = inspect(connection).get_indexes("documents")
        assert "ix_documents_duplicate_key" in {one["name"] for one in indexes}
