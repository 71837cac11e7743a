"""The catalogue moves to another product: nothing is lost, and a broken copy goes on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from database.audit import append_audit, find_broken_link, list_audit
from database.connecting import Database, open_sqlite
from database.copying import copy_catalogue
from database.errors import CopyDiffersError, OtherCatalogueError
from database.migrating import migrate
from database.outbox import drain_outbox
from database.records import list_documents, load_tags, save_tags
from database.schema import SCHEMA
from database.stage_runs import forget_stages
from database.tables import documents
from documents.model import Tag
from tests.contract.catalogue_entries import (
    NOW,
    claim,
    make_batch,
    make_delivery,
    make_document,
    make_entry,
    make_pages,
    plan,
)
from tests.postgresql import postgresql_catalogue

SPOILING = """
CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN NEW.station := 'quầy khác'; RETURN NEW; END $$
"""
SPOIL_BATCHES = """
CREATE TRIGGER spoil BEFORE INSERT OR UPDATE ON batches FOR EACH ROW EXECUTE FUNCTION spoil()
"""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Database]:
    """Give an embedded catalogue of an office at work."""
    opened = open_sqlite(tmp_path / "sohoa.db")
    migrate(opened)
    batch = make_batch(opened)
    for number in range(1, 4):
        delivery = make_delivery(opened, batch, f"tệp {number}".encode())
        make_pages(opened, delivery, 2)
        document = make_document(opened, delivery)
        tags = [
            Tag(name=name, value=value, state="confirmed")
            for name, value in (("owner_id", f"09909300000{number}"), ("owner_name", "Mẫu Thị An"))
        ]
        with opened.writing() as connection:
            save_tags(connection, document, tags)
            append_audit(connection, make_entry(number), now=NOW)
    claim(opened)
    yield opened
    opened.close()


@pytest.fixture
def province() -> Iterator[Database]:
    with postgresql_catalogue() as (opened, _):
        yield opened


def copy(source: Database, target: Database) -> dict[str, int]:
    """Copy and return how many rows of each table were brought over."""
    return {one.name: one.copied for one in copy_catalogue(source, target) if one.copied}


def content_of(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.reading() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in SCHEMA.sorted_tables
        }


def test_everything_is_there_afterwards(office: Database, province: Database) -> None:
    copied = copy(office, province)

    assert content_of(province) == content_of(office)
    assert {"batches", "pages", "documents", "tags", "stage_runs", "owners", "audit"} <= set(copied)
    assert find_broken_link(province) is None


def test_and_back_again(office: Database, province: Database, tmp_path: Path) -> None:
    copy(office, province)
    again = open_sqlite(tmp_path / "again.db")
    migrate(again)

    copy(province, again)

    assert content_of(again) == content_of(office)
    again.close()


def test_what_is_equal_is_left_alone(office: Database, province: Database) -> None:
    copy(office, province)

    assert copy(office, province) == {}


def test_what_changed_since_comes_over(office: Database, province: Database) -> None:
    copy(office, province)
    with office.writing() as connection:
        first, *_ = list_documents(connection)
        save_tags(connection, first.id, [Tag(name="number", value="12/QĐ", state="confirmed")])
        append_audit(connection, make_entry(9), now=NOW)
        drain_outbox(connection)
        forget_stages(connection, first.id, stages=("classify",))

    copied = copy(office, province)

    assert content_of(province) == content_of(office)
    assert "batches" not in copied
    with province.reading() as connection:
        assert [tag.value for tag in load_tags(connection, first.id)] == ["12/QĐ"]


def test_documents_that_changed_places_come_over(office: Database, province: Database) -> None:
    copy(office, province)
    with office.writing() as connection:
        connection.execute(update(documents).values(ordinal=-documents.c.ordinal))
        connection.execute(update(documents).values(ordinal=documents.c.ordinal + 4))

    copy(office, province)

    assert content_of(province) == content_of(office)


def test_copy_that_was_broken_off_goes_on(office: Database, province: Database) -> None:
    done = {one.name for _, one in zip(range(6), copy_catalogue(office, province), strict=False)}

    copied = copy(office, province)

    assert content_of(province) == content_of(office)
    assert done.isdisjoint(copied)


def test_office_works_while_it_is_copied(office: Database, province: Database) -> None:
    copying = copy_catalogue(office, province)
    next(copying)

    make_delivery(office, make_batch(office, key="chiều-1"))

    list(copying)
    with province.reading() as connection:
        keys = connection.execute(text("SELECT batch_key FROM batches")).scalars().all()
    assert keys == ["sáng-1"]
    copy(office, province)
    assert content_of(province) == content_of(office)


def test_new_rows_are_numbered_behind_the_copied_ones(office: Database, province: Database) -> None:
    copy(office, province)

    plan(province, make_batch(province, key="chiều-1"), "pag_neu")

    with province.reading() as connection:
        ids = connection.execute(text("SELECT id FROM stage_runs ORDER BY id")).scalars().all()
        newest = connection.execute(
            text("SELECT id FROM stage_runs WHERE subject = 'pag_neu'")
        ).scalar_one()
    assert len(ids) == len(set(ids))
    assert newest == max(ids)


def test_target_that_has_a_life_of_its_own_is_refused(office: Database, province: Database) -> None:
    with province.writing() as connection:
        append_audit(connection, make_entry(7), now=NOW)
    before = content_of(province)

    with pytest.raises(OtherCatalogueError):
        copy(office, province)

    assert content_of(province) == before


def test_target_that_went_on_after_the_copy_is_refused(
    office: Database, province: Database
) -> None:
    copy(office, province)
    with province.writing() as connection:
        append_audit(connection, make_entry(7), now=NOW)

    with pytest.raises(OtherCatalogueError):
        copy(office, province)

    assert len(list_audit(province)) == len(list_audit(office)) + 1


def test_row_that_is_not_read_back_as_it_was_is_no_success(
    office: Database, province: Database
) -> None:
    with province.writing() as connection:
        connection.execute(text(SPOILING))
        connection.execute(text(SPOIL_BATCHES))

    with pytest.raises(CopyDiffersError) as caught:
        copy(office, province)

    assert "batches" in caught.value.reason.en
