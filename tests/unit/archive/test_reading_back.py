"""The chain of records is read back, and every break in it is seen."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from archive.archiving import archive_record
from archive.description import DescribedBatch, DescribedRetention, Description
from archive.description_records import (
    Agent,
    DescriptionRecord,
    RecordEvent,
    key_of_record,
    read_chain,
    read_record,
    write_record,
)
from archive.errors import BrokenRecordChainError, UnusableRecordError
from archive.folder_storage import FolderStorage
from archive.reading_back import extend_document, list_stored_documents, read_stored_document
from documents.identifiers import BatchId, DocumentId, Sha256, sha256_of_bytes

DOCUMENT = DocumentId("doc_1")
NOW = datetime(2026, 3, 5, 8, 30, tzinfo=UTC)


def described(revision: int) -> Description:
    batch = DescribedBatch(
        id=BatchId("bat_1"),
        station="quay-01",
        batch_key="lô-1",
        profile="default",
        dossier_code=None,
        procedure=None,
        owner_id=None,
        expected_pages=None,
        confirm_policy="none",
        answerable="an.tran",
        priority=10,
        opened_at=NOW,
        closed_at=None,
    )
    return Description(
        id=DOCUMENT,
        ordinal=1,
        revision=revision,
        created_at=NOW,
        filed_at=NOW,
        current_version_id=None,
        received_delivery_id=None,
        arranged_by=None,
        findings=(),
        dossier_code=None,
        owner_key=None,
        batch=batch,
        deliveries=(),
        pages=(),
        versions=(),
        tags=(),
        dossier=None,
        retention=DescribedRetention(
            rule_id=None, term="unknown", work_ended_on=None, retain_until=None
        ),
    )


def make_chain(length: int) -> list[bytes]:
    contents: list[bytes] = []
    previous: Sha256 | None = None
    for number in range(1, length + 1):
        agent = Agent(name="bình.lê", type="person", role="officer")
        event = RecordEvent(
            type="metadata modification", detail="tags_corrected", at=NOW, agent=agent
        )
        record = DescriptionRecord(
            number=number,
            document_id=DOCUMENT,
            previous_sha256=previous,
            event=event,
            description=described(number),
        )
        contents.append(write_record(record))
        previous = sha256_of_bytes(contents[-1])
    return contents


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    built = FolderStorage(tmp_path / "archive")
    for number, content in enumerate(make_chain(12), start=1):
        archive_record(
            content,
            key=key_of_record(DOCUMENT, number),
            document_id=DOCUMENT,
            retain_until=None,
            storage=built,
            work_folder=tmp_path,
        )
    return built


def test_record_comes_back_as_it_was_written() -> None:
    (content,) = make_chain(1)

    record = read_record(content)

    assert record.description == described(1)
    assert write_record(record) == content


def test_last_of_many_records_is_how_things_stand(storage: FolderStorage) -> None:
    ((document_id, keys),) = list_stored_documents(storage)

    stored = read_stored_document(storage, document_id, keys)

    assert [one.number for one in stored.records] == list(range(1, 13))
    assert stored.description == described(12)


def test_exchanged_doubled_or_missing_record_breaks_the_chain() -> None:
    one, two, three = make_chain(3)

    for broken in ([two], [one, three], [one, three, two], [one, one, two], [two, one]):
        with pytest.raises(BrokenRecordChainError):
            read_chain(DOCUMENT, broken)
    with pytest.raises(BrokenRecordChainError):
        read_chain("doc_2", [one, two])


def test_changed_record_breaks_the_chain_at_the_next() -> None:
    one, two = make_chain(2)
    forged = one.replace("bình.lê".encode(), "bình.lý".encode())

    with pytest.raises(BrokenRecordChainError, match=r"0002\.json"):
        read_chain(DOCUMENT, [forged, two])


@pytest.mark.parametrize("content", [b"", b"{", b"{}", b'{"schema":2}', b"[]"])
def test_what_is_no_record_is_refused(content: bytes) -> None:
    with pytest.raises(UnusableRecordError):
        read_record(content)


def test_record_of_a_later_make_is_refused() -> None:
    (content,) = make_chain(1)

    with pytest.raises(UnusableRecordError, match="schema 2"):
        read_record(content.replace(b'"schema":1', b'"schema":2'))


def test_lock_of_a_document_is_extended_and_never_shortened(storage: FolderStorage) -> None:
    late, early = date(2050, 1, 1), date(2040, 1, 1)

    extend_document(storage, DOCUMENT, retain_until=late)
    extend_document(storage, DOCUMENT, retain_until=early)

    keys = [key_of_record(DOCUMENT, number) for number in range(1, 13)]
    assert {storage.state(key).retain_until for key in keys} == {late}
