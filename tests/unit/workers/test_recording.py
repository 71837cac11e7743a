"""What lies beside the stored versions stays true: the store alone tells how things stand."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from archive.archiving import archive_record
from archive.description_records import DescriptionRecord, key_of_record
from archive.errors import RetentionLockError, StorageUnavailableError
from archive.folder_storage import FolderStorage
from archive.reading_back import list_stored_documents, read_stored_document
from classification.confirming import Decision
from database.audit import list_audit
from database.description_records import list_description_records
from database.migrating import migrate
from database.records import load_tags
from database.versions import list_versions
from documents.clock import VIETNAM
from documents.identifiers import sha256_of_bytes
from tests.end_to_end.stepping import claim, run_all, stages_of, take_back
from tests.unit.database.test_migrating import set_revision
from tests.unit.workers.filed_papers import (
    DOSSIER_HERE,
    OFFICER,
    OWNER,
    enter_paper,
    opened_office,
)
from workers.correcting import correct_tags, detach_owner
from workers.dossiers import close_dossier, open_dossier
from workers.following import summary_of
from workers.pipeline import run_stage
from workers.reviewing import try_again
from workers.services import Services

pytestmark = pytest.mark.usefixtures("each_catalogue")

REASON = "nhập nhầm số"
CONTRACT, WITH_TERM = "hop_dong", "2.001035"


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    with opened_office(tmp_path / "home") as built:
        yield built


@pytest.fixture
def paper(services: Services) -> str:
    return enter_paper(
        services,
        dossier=DOSSIER_HERE,
        component_type=CONTRACT,
        procedure=WITH_TERM,
        number="12/2020",
        owner_id=OWNER,
        owner_name="Nguyễn Thị Ví Dụ",
    )


def correct(services: Services, paper: str, **values: str) -> None:
    decision = Decision(component_type=CONTRACT, values=values)
    correct_tags(services, paper, decision, reason=REASON, actor=OFFICER)


def objects_of(services: Services) -> dict[str, bytes]:
    root = services.settings.archive_folder / "objects"
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def records_in_store(services: Services, paper: str) -> list[dict[str, Any]]:
    """Read the records as any program would that knows JSON and nothing of ours."""
    found = sorted(
        (key, content)
        for key, content in objects_of(services).items()
        if key.startswith(f"documents/{paper}/records/")
    )
    return [json.loads(content) for _, content in found]


def chain_in_store(services: Services, paper: str) -> tuple[DescriptionRecord, ...]:
    """Read a document from a storage that was opened with nothing but its folder."""
    storage = FolderStorage(services.settings.archive_folder)
    found = {
        document_id: read_stored_document(storage, document_id, keys)
        for document_id, keys in list_stored_documents(storage)
    }
    return next(one.records for name, one in found.items() if name == paper)


def test_store_alone_tells_todays_tags_after_two_corrections_and_a_detachment(
    services: Services, paper: str
) -> None:
    correct(services, paper, number="21/2020")
    run_all(services)
    correct(services, paper, number="22/2020")
    detach_owner(services, paper, reason="giấy của người khác", actor=OFFICER)
    run_all(services)

    told = {
        tag["name"]: tag for tag in records_in_store(services, paper)[-1]["description"]["tags"]
    }

    assert told["number"]["value"] == "22/2020"
    assert told["number"]["decided_by"] == OFFICER.name
    assert told["number"]["proposed_value"] == "12/2020"
    assert (told["owner_id"]["value"], told["owner_name"]["value"]) == (None, None)
    with services.database.reading() as connection:
        assert chain_in_store(services, paper)[-1].description.tags == load_tags(connection, paper)


def test_each_record_says_who_changed_what_when_and_why(services: Services, paper: str) -> None:
    correct(services, paper, number="21/2020")
    detach_owner(services, paper, reason="giấy của người khác", actor=OFFICER)
    run_all(services)

    first, second = (one["event"] for one in records_in_store(services, paper))

    assert first["type"] == second["type"] == "metadata modification"
    assert first["agent"] == {"name": OFFICER.name, "type": "person", "role": "officer"}
    assert first["reason"] == REASON
    assert first["changes"] == [{"name": "number", "old": "12/2020", "new": "21/2020"}]
    assert (second["detail"], second["reason"]) == ("owner_detached", "giấy của người khác")
    assert [one["name"] for one in second["changes"]] == ["owner_id", "owner_name"]


def test_each_record_names_the_digest_of_the_one_before_and_the_audit_logs_head(
    services: Services, paper: str
) -> None:
    for number in ("21/2020", "22/2020", "23/2020"):
        correct(services, paper, number=number)
    run_all(services)

    contents = [objects_of(services)[key_of_record(paper, number)] for number in range(1, 4)]

    records = [json.loads(content) for content in contents]
    digests = [sha256_of_bytes(content) for content in contents]
    assert [one["previous_sha256"] for one in records] == [None, *digests[:2]]
    hashes = {row["seq"]: row["hash"] for row in list_audit(services.database)}
    heads = [one["audit_head"] for one in records]
    assert [hashes[head["seq"]] for head in heads] == [head["hash"] for head in heads]


def test_records_are_added_and_none_is_rewritten(services: Services, paper: str) -> None:
    correct(services, paper, number="21/2020")
    run_all(services)
    before = objects_of(services)

    correct(services, paper, number="22/2020")
    run_all(services)

    after = objects_of(services)
    assert {key: after[key] for key in before} == before
    assert set(after) - set(before) == {key_of_record(paper, 2)}


def test_correction_that_changes_nothing_leaves_no_record(services: Services, paper: str) -> None:
    correct(services, paper, number="12/2020")
    run_all(services)

    assert records_in_store(services, paper) == []


def test_worker_killed_between_store_and_catalogue_writes_the_same_bytes_again(
    services: Services, paper: str
) -> None:
    correct(services, paper, number="21/2020")
    killed = claim(services)
    while killed is not None and killed.stage != "record":
        killed = claim(services)
    assert killed is not None
    with services.database.reading() as connection:
        (row,) = list_description_records(connection, paper)
    assert row.content is not None
    archive_record(
        row.content.encode(),
        key=row.object_key,
        document_id=paper,
        retain_until=None,
        storage=services.storage,
        work_folder=services.work.root,
    )

    correct(services, paper, number="22/2020")
    run_stage(killed, services)
    take_back(services, dead_worker="stepper")
    run_all(services)

    assert [one["number"] for one in records_in_store(services, paper)] == [1, 2]
    assert stages_of(services, paper) == {"record": "done", "index": "done"}
    with services.database.reading() as connection:
        rows = list_description_records(connection, paper)
    assert [(one.content, one.stored_at is not None) for one in rows] == [(None, True)] * 2


class ClosedStorage(FolderStorage):
    """A storage that takes nothing for the moment."""

    def store(self, *_arguments: object, key: str, **_named: object) -> Any:
        raise StorageUnavailableError("store", key, cause="ENOSPC")


def test_record_waits_while_the_store_is_full_and_is_written_afterwards(
    services: Services, paper: str
) -> None:
    full = replace(services, storage=ClosedStorage(services.settings.archive_folder))
    correct(full, paper, number="21/2020")
    run_all(full)
    between = (stages_of(services, paper)["record"], records_in_store(services, paper))

    services.clock.advance(3600)  # type: ignore[attr-defined]  # the clock of the tests
    run_all(services)

    assert between == ("waiting", [])
    (told,) = records_in_store(services, paper)
    assert told["number"] == 1


def test_document_that_was_filed_before_there_were_records_gets_its_first(
    services: Services, paper: str
) -> None:
    with services.database.writing() as connection:
        connection.exec_driver_sql("DROP TABLE description_records")
    set_revision(services.database, "0005")

    migrate(services.database)
    ran = run_all(services)

    assert ran == ["record"]
    (told,) = records_in_store(services, paper)
    assert (told["event"]["detail"], told["number"]) == ("described_anew", 1)


def test_record_that_meets_other_bytes_halts_and_is_filed_again_when_it_is_tried_again(
    services: Services, paper: str
) -> None:
    key = key_of_record(paper, 1)
    foreign = services.work.root / "foreign.json"
    foreign.write_bytes(b"{}")
    services.storage.store(foreign, key=key, retain_until=None, metadata={})
    correct(services, paper, number="21/2020")
    run_all(services)
    halted = summary_of(services, paper)
    (services.settings.archive_folder / "objects" / key).unlink()

    try_again(services, paper, actor=OFFICER)
    run_all(services)

    assert halted.reason is not None
    assert (halted.state, halted.reason.code) == ("set_aside", "key_in_use")
    assert (summary_of(services, paper).state, stages_of(services, paper)["record"]) == (
        "filed",
        "done",
    )
    assert len(records_in_store(services, paper)) == 1


def test_term_is_counted_once_the_dossier_is_closed_and_the_lock_lasts_as_long(
    services: Services, paper: str
) -> None:
    correct(services, paper, number="21/2020")
    run_all(services)
    before = services.storage.state(key_of_record(paper, 1)).retain_until
    open_dossier(services, code=DOSSIER_HERE, procedure=WITH_TERM, actor=OFFICER)

    close_dossier(services, DOSSIER_HERE, result="issued", actor=OFFICER)
    run_all(services)

    today = services.clock.now().astimezone(VIETNAM).date()
    last = chain_in_store(services, paper)[-1]
    free = date(today.year + 21, 1, 1)
    assert before is None
    assert (last.event.type, last.description.retention.work_ended_on) == (
        "policy assignment",
        today,
    )
    assert last.description.dossier is not None
    assert last.description.dossier.result == "issued"
    assert last.description.retention.retain_until == free
    locked = [
        services.storage.state(key_of_record(paper, number)).retain_until for number in (1, 2, 3)
    ]
    assert locked == [free] * 3
    with services.database.reading() as connection:
        assert [one.retain_until for one in list_versions(connection, paper)] == [free]
    with pytest.raises(RetentionLockError):
        services.storage.delete(key_of_record(paper, 1), today=today)


def test_permanent_paper_stays_locked_without_a_day_when_its_dossier_is_closed(
    services: Services,
) -> None:
    paper = enter_paper(
        services, dossier=DOSSIER_HERE, component_type="to_khai_ht", procedure="1.001193"
    )

    close_dossier(services, DOSSIER_HERE, result="issued", actor=OFFICER)
    run_all(services)

    assert chain_in_store(services, paper)[-1].description.retention.term == "permanent"
    assert services.storage.state(key_of_record(paper, 1)).retain_until is None


def test_dossier_that_is_opened_later_is_told_of_beside_its_papers(
    services: Services, paper: str
) -> None:
    open_dossier(services, code=DOSSIER_HERE, actor=OFFICER)
    open_dossier(services, code=DOSSIER_HERE, owner_id=OWNER, actor=OFFICER)
    open_dossier(services, code=DOSSIER_HERE, owner_id=OWNER, actor=OFFICER)
    run_all(services)

    owners = [
        one["description"]["dossier"]["owner_id"] for one in records_in_store(services, paper)
    ]

    assert owners == [None, OWNER]
