"""What every back end of the catalogue promises: batches, pages, documents, versions."""

from datetime import timedelta

import pytest

from database.batches import (
    NewBatch,
    add_delivery,
    close_batch,
    get_batch,
    get_delivery,
    open_batch,
    record_opened,
    set_delivery_password,
)
from database.connecting import Database
from database.errors import BatchClosedError, UnknownSubjectError
from database.outbox import count_outbox
from database.pages import list_pages
from database.records import (
    add_documents,
    get_document,
    list_documents,
    record_filed,
    set_document_state,
)
from database.versions import MadeVersion, add_version, list_versions, record_stored
from documents.identifiers import Sha256, VersionId
from documents.model import DocumentState
from tests.contract.catalogue_entries import (
    NOW,
    make_batch,
    make_delivery,
    make_document,
    make_new_delivery,
    make_pages,
)

OPENED = {
    "media_type": "application/pdf",
    "is_signed": False,
    "is_born_digital": False,
    "findings": (),
    "signatures": (),
}


def test_same_station_and_key_find_the_batch(database: Database) -> None:
    new = NewBatch(station="quay-01", batch_key="sáng-1", answerable="an.tran")

    with database.writing() as connection:
        first, was_made = open_batch(connection, new, now=NOW)
        second, was_made_again = open_batch(connection, new, now=NOW + timedelta(hours=1))

    assert (was_made, was_made_again) == (True, False)
    assert first == second


def test_same_key_at_another_station_is_another_batch(database: Database) -> None:
    here, there = make_batch(database), make_batch(database, station="quay-02")

    assert here.id != there.id


def test_same_bytes_in_a_batch_are_one_delivery(database: Database) -> None:
    batch = make_batch(database)
    first = make_delivery(database, batch, b"giay")

    with database.writing() as connection:
        second, is_new = add_delivery(connection, batch, make_new_delivery(b"giay"), now=NOW)

    assert not is_new
    assert second == first
    with database.reading() as connection:
        assert count_outbox(connection) == 1


def test_delivery_keeps_what_its_receipt_said(database: Database) -> None:
    batch = make_batch(database)
    made = make_delivery(database, batch, b"giay")

    with database.reading() as connection:
        found = get_delivery(connection, made.id)

    assert found == made
    assert (found.received_at, found.size_bytes, found.file_name) == (NOW, 4, "đơn.pdf")


def test_closed_batch_takes_nothing_more_but_knows_what_it_has(database: Database) -> None:
    batch = make_batch(database)
    known = make_delivery(database, batch, b"giay")
    with database.writing() as connection:
        closed = close_batch(connection, batch.id, now=NOW)

    with database.writing() as connection:
        repeated, _ = add_delivery(connection, closed, make_new_delivery(b"giay"), now=NOW)
    with pytest.raises(BatchClosedError), database.writing() as connection:
        add_delivery(connection, closed, make_new_delivery(b"khac"), now=NOW)

    assert repeated.id == known.id


def test_batch_that_is_closed_twice_keeps_its_first_moment(database: Database) -> None:
    batch = make_batch(database)

    with database.writing() as connection:
        close_batch(connection, batch.id, now=NOW)
        close_batch(connection, batch.id, now=NOW + timedelta(hours=1))

    with database.reading() as connection:
        assert get_batch(connection, batch.id).closed_at == NOW


def test_password_is_forgotten_once_the_file_is_open(database: Database) -> None:
    delivery = make_delivery(database, make_batch(database), password="sai")  # noqa: S106
    with database.writing() as connection:
        set_delivery_password(connection, delivery.id, password="đúng")  # noqa: S106

    with database.writing() as connection:
        record_opened(connection, delivery.id, values=OPENED)

    with database.reading() as connection:
        assert get_delivery(connection, delivery.id).password is None


def test_pages_stand_in_scanning_order_however_they_were_opened(database: Database) -> None:
    batch = make_batch(database)
    first, second = (make_delivery(database, batch, name) for name in (b"mot", b"hai"))

    late = make_pages(database, second, 2)
    early = make_pages(database, first, 3)

    with database.reading() as connection:
        assert [page.id for page in list_pages(connection, batch_id=batch.id)] == early + late


def test_page_ids_are_minted_once(database: Database) -> None:
    delivery = make_delivery(database, make_batch(database))

    assert make_pages(database, delivery, 3) == make_pages(database, delivery, 3)


def test_documents_of_a_batch_are_entered_once(database: Database) -> None:
    delivery = make_delivery(database, make_batch(database))
    made = make_document(database, delivery)

    with database.writing() as connection:
        again = add_documents(connection, delivery.batch_id, [], now=NOW)

    assert again == [made]


def test_pages_that_came_later_make_documents_behind_the_others(database: Database) -> None:
    batch = make_batch(database)
    early, late = (make_delivery(database, batch, name) for name in (b"mot", b"hai"))
    first = make_document(database, early)

    second = make_document(database, late)

    with database.reading() as connection:
        found = list_documents(connection, batch_ids=(batch.id,))
    assert [(one.id, one.ordinal) for one in found] == [(first, 1), (second, 2)]


def test_every_change_of_a_document_raises_its_revision(database: Database) -> None:
    document_id = make_document(database, make_delivery(database, make_batch(database)))
    revisions = []

    states: tuple[DocumentState, ...] = ("awaiting_review", "filing")
    for state in states:
        with database.writing() as connection:
            set_document_state(connection, document_id, state=state)
            revisions.append(get_document(connection, document_id).revision)

    assert revisions == [2, 3]


def test_document_that_is_filed_again_keeps_its_first_moment(database: Database) -> None:
    document_id = make_document(database, make_delivery(database, make_batch(database)))
    for hours in (0, 1):
        with database.writing() as connection:
            record_filed(
                connection,
                document_id,
                version_id=VersionId(f"ver_{hours}"),
                now=NOW + timedelta(hours=hours),
            )

    with database.reading() as connection:
        document = get_document(connection, document_id)
    assert (document.filed_at, document.current_version_id) == (NOW, "ver_1")


def test_same_bytes_are_one_version_and_stay_stored(database: Database) -> None:
    document_id = make_document(database, make_delivery(database, make_batch(database)))
    made = MadeVersion(
        document_id=document_id,
        kind="signed",
        work_file="documents/x/signed.pdf",
        sha256=Sha256("a" * 64),
        size_bytes=10,
        media_type="application/pdf",
        reason="digitized from paper",
    )
    with database.writing() as connection:
        first = add_version(connection, made, now=NOW)
        record_stored(connection, first.id, retain_until=None, now=NOW)

    with database.writing() as connection:
        second = add_version(connection, made, now=NOW + timedelta(hours=1))

    assert (second.id, second.state, second.retain_until) == (first.id, "stored", None)
    with database.reading() as connection:
        assert len(list_versions(connection, document_id)) == 1


def test_unknown_id_is_said_to_be_unknown(database: Database) -> None:
    with database.reading() as connection, pytest.raises(UnknownSubjectError) as caught:
        get_document(connection, "doc_khong_co")

    assert "doc_khong_co" in caught.value.reason.vi
