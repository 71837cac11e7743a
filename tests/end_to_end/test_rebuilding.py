"""The database is gone: the store alone gives documents, owners, dossiers, tags and texts back."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from archive.description_records import key_of_record
from classification.confirming import Decision
from database.audit import find_broken_link, list_audit
from database.pages import find_reading
from database.records import list_document_pages
from database.schema import SCHEMA
from documents.model import Word
from tests.end_to_end.conftest import PROJECT
from tests.end_to_end.papers import DECISION, write_scan
from tests.end_to_end.stepping import CLERK, deliver, opened_home, run_all, status_of
from tests.unit.web.site import Site
from workers.actors import Actor
from workers.answering import answer
from workers.correcting import correct_tags, detach_owner, history_of, notices_for_inspector
from workers.dossiers import close_dossier, open_dossier, show_dossier
from workers.owners import search_owners
from workers.rebuilding import rebuild_catalogue
from workers.retrieving import (
    document_picture,
    open_version,
    search_documents,
    show_document,
    verify_document,
)
from workers.services import Services

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("rebuilding")]
DOSSIER = "H99.12.03-260316-0007"
OWNER, OTHER = "099093000012", "099068000032"
CONTRACT, WITH_TERM, BIRTH = "hop_dong", "2.001035", "1.004884"
OFFICER = Actor("bình.lê", "officer")
SIGNED = "samples/batches/2-giay-phep-xay-dung/002-quyet-dinh-da-ky.pdf"
# What the store does not hold: what was under way, who may sign in, who looked at what.
NOT_THERE = {"outbox", "stage_runs", "audit", "readings"}
NOT_KEPT = {
    "pages": {"reading_copy"},
    "documents": {"alternatives"},
    "description_records": {"stored_at"},
}
NUMBERED = ("tag_history", "notices")


@dataclass(frozen=True)
class Lost:
    """What a home was before its database was deleted, and the store that is left."""

    home: Path
    scanned: str
    signed: str
    before: dict[str, list[dict[str, Any]]]
    words: dict[str, tuple[Word, ...]]
    answers: dict[str, Any]
    audit: tuple[int, str]


def rows_of(services: Services) -> dict[str, list[dict[str, Any]]]:
    """Return all rows of the catalogue that must come back."""
    found = {}
    with services.database.reading() as connection:
        for name, table in SCHEMA.tables.items():
            left_out = NOT_KEPT.get(name, set()) | ({"id"} if name in NUMBERED else set())
            rows = connection.execute(select(table)).mappings()
            kept = [{key: row[key] for key in row if key not in left_out} for row in rows]
            found[name] = sorted(kept, key=str)
    return found


def words_of(services: Services, *documents: str) -> dict[str, tuple[Word, ...]]:
    with services.database.reading() as connection:
        pages = [page.page_id for one in documents for page in list_document_pages(connection, one)]
        readings = {page_id: find_reading(connection, page_id) for page_id in pages}
    return {page_id: reading.words for page_id, reading in readings.items() if reading}


def answers_of(services: Services, scanned: str) -> dict[str, Any]:
    """Ask what people and programs ask."""
    return {
        "found": [one.id for one in search_documents(services, "sua duong", actor=OFFICER).hits],
        "by number": [one.id for one in search_documents(services, "22/TB", actor=OFFICER).hits],
        "once only": answer(
            services,
            owner_id=OTHER,
            procedure=BIRTH,
            actor=OFFICER,
            dossier=DOSSIER,
            purpose="giải quyết hồ sơ",
        ),
        "owners": search_owners(services, "Thí Nghiệm", actor=OFFICER),
        "dossier": show_dossier(services, DOSSIER, actor=OFFICER).dossier,
        "text": show_document(services, scanned, actor=OFFICER).text_pages,
        "tags": show_document(services, scanned, actor=OFFICER).tags,
        "retention": show_document(services, scanned, actor=OFFICER).retention,
        "history": history_of(services, scanned, actor=OFFICER),
        "notices": [one.reason for one in notices_for_inspector(services)],
    }


def correct(services: Services, document: str, kind: str, **values: str) -> None:
    decision = Decision(component_type=kind, values=values)
    correct_tags(services, document, decision, reason="đọc nhầm số", actor=OFFICER)


@pytest.fixture(scope="module")
def lost(tmp_path_factory: pytest.TempPathFactory) -> Lost:
    folder, home = tmp_path_factory.mktemp("papers"), tmp_path_factory.mktemp("office") / "home"
    with opened_home(home) as services:
        followed = [
            deliver(services, write_scan(folder / "a.tif", DECISION, DECISION[4:])),
            deliver(services, PROJECT / SIGNED),
        ]
        run_all(services)
        scanned, signed = (status_of(services, one).documents[0].id for one in followed)
        correct(services, scanned, CONTRACT, number="21/TB", dossier_code=DOSSIER)
        correct(services, scanned, CONTRACT, number="22/TB", procedure=WITH_TERM)
        correct(services, scanned, CONTRACT, owner_id=OWNER, owner_name="Trần Giả Định")
        correct(services, signed, "cccd", owner_id=OTHER, owner_name="Lê Thí Nghiệm")
        detach_owner(services, scanned, reason="giấy của người khác", actor=OFFICER)
        open_dossier(services, code=DOSSIER, owner_id=OTHER, actor=OFFICER)
        close_dossier(services, DOSSIER, result="issued", actor=OFFICER)
        run_all(services)
        answers = answers_of(services, scanned)
        before = rows_of(services)
        words = words_of(services, scanned, signed)
        with services.database.reading() as connection:
            heads = connection.exec_driver_sql(
                "SELECT seq, hash FROM audit WHERE action = 'dossier_closed'"
            ).one()
    for left in home.glob("sohoa.db*"):
        left.unlink()
    return Lost(home, scanned, signed, before, words, answers, (heads.seq, heads.hash))


@pytest.fixture
def home(lost: Lost, tmp_path: Path) -> Path:
    """Give each test a copy of what is left."""
    return Path(shutil.copytree(lost.home, tmp_path / "home"))


@pytest.fixture
def services(home: Path) -> Iterator[Services]:
    with opened_home(home) as built:
        yield built


def test_everything_that_is_known_of_filed_documents_comes_back_as_it_was(
    lost: Lost, services: Services
) -> None:
    rebuilt = rebuild_catalogue(services, actor=CLERK)

    after = rows_of(services)
    assert (rebuilt.documents, rebuilt.known, rebuilt.problems) == (2, 0, ())
    assert {name: after[name] for name in after if name not in NOT_THERE} == {
        name: lost.before[name] for name in after if name not in NOT_THERE
    }
    kept = ("page_id", "text", "engine", "read_at")
    assert [[row[name] for name in kept] for row in sorted(after["readings"], key=str)] == [
        [row[name] for name in kept] for row in sorted(lost.before["readings"], key=str)
    ]


def test_words_stand_where_they_stood(lost: Lost, services: Services) -> None:
    rebuild_catalogue(services, actor=CLERK)

    after = words_of(services, lost.scanned, lost.signed)

    assert after.keys() == lost.words.keys()
    for page_id, words in lost.words.items():
        assert [
            (one.text, one.raw or one.text, one.box, one.doubtful) for one in after[page_id]
        ] == [(one.text, one.raw or one.text, one.box, one.doubtful) for one in words]


def test_search_once_only_answer_owner_dossier_and_document_answer_as_before(
    lost: Lost, services: Services
) -> None:
    rebuild_catalogue(services, actor=CLERK)

    answers = answers_of(services, lost.scanned)

    assert answers == lost.answers
    assert answers["found"] == [lost.scanned]
    assert [one.state for one in answers["once only"].components].count("missing") < len(
        answers["once only"].components
    )
    assert answers["notices"] == ["giấy của người khác"]


def test_document_page_shows_picture_text_and_verdicts(lost: Lost, services: Services) -> None:
    rebuild_catalogue(services, actor=CLERK)
    site = Site(services)
    site.add_person("dung", "archivist")
    browser = site.browser_of("dung")

    page = browser.get(f"/documents/{lost.scanned}")
    picture = document_picture(services, lost.scanned, page=1, width=300, actor=CLERK)
    site.close()

    assert page.status_code == 200
    assert "22/TB" in page.text
    assert picture.startswith(b"\xff\xd8")
    assert verify_document(services, lost.scanned, actor=CLERK).ok
    version, stream = open_version(services, lost.signed, actor=CLERK)
    with stream:
        assert stream.read() == (PROJECT / SIGNED).read_bytes()
    assert version.kind == "received"


def test_work_goes_on_with_the_next_record_and_no_stage_is_left(
    lost: Lost, services: Services
) -> None:
    rebuild_catalogue(services, actor=CLERK)
    last = len(list(services.storage.keys(f"documents/{lost.scanned}/records/")))

    correct(services, lost.scanned, CONTRACT, number="23/TB")
    ran = run_all(services)

    assert ran == ["index", "record"]
    assert services.storage.state(key_of_record(lost.scanned, last + 1)).size_bytes > 0
    assert verify_document(services, lost.scanned, actor=CLERK).ok


def test_new_audit_log_begins_with_where_the_lost_one_had_come_to(
    lost: Lost, services: Services
) -> None:
    rebuilt = rebuild_catalogue(services, actor=CLERK)

    (entry,) = list_audit(services.database)
    assert rebuilt.audit_head is not None
    assert (rebuilt.audit_head.seq, rebuilt.audit_head.hash) == lost.audit
    assert (entry["action"], entry["digest"]) == ("catalogue_rebuilt", lost.audit[1])
    assert find_broken_link(services.database) is None


def test_second_rebuild_changes_nothing_and_a_broken_off_one_goes_on(
    lost: Lost, services: Services
) -> None:
    rebuild_catalogue(services, actor=CLERK)
    correct(services, lost.scanned, CONTRACT, number="24/TB")
    before = rows_of(services)

    again = rebuild_catalogue(services, actor=CLERK)

    after = rows_of(services)
    assert (again.documents, again.known) == (0, 2)
    assert {name: after[name] for name in after if name != "audit"} == {
        name: before[name] for name in before if name != "audit"
    }


def test_document_with_a_changed_record_does_not_come_back_and_is_named(
    lost: Lost, home: Path, services: Services
) -> None:
    record = home / "archive" / "objects" / key_of_record(lost.scanned, 2)
    content = record.read_bytes()
    record.chmod(0o600)
    record.write_bytes(content.replace(b"21/TB", b"99/TB"))

    rebuilt = rebuild_catalogue(services, actor=CLERK)

    assert rebuilt.documents == 1
    assert [(one.document_id, one.reason.code) for one in rebuilt.problems] == [
        (lost.scanned, "digest_mismatch")
    ]


@pytest.mark.parametrize("number", [1, 2])
def test_document_whose_record_is_missing_does_not_come_back_and_is_named(
    lost: Lost, home: Path, services: Services, number: int
) -> None:
    (home / "archive" / "objects" / key_of_record(lost.scanned, number)).unlink()

    rebuilt = rebuild_catalogue(services, actor=CLERK)

    assert [(one.document_id, one.reason.code) for one in rebuilt.problems] == [
        (lost.scanned, "broken_record_chain")
    ]


def test_verification_finds_a_changed_record(lost: Lost, home: Path, services: Services) -> None:
    rebuild_catalogue(services, actor=CLERK)
    record = home / "archive" / "objects" / key_of_record(lost.scanned, 2)
    record.chmod(0o600)
    record.write_bytes(record.read_bytes().replace(b"21/TB", b"99/TB"))

    found = verify_document(services, lost.scanned, actor=CLERK)

    assert not found.ok
    assert [one.code for one in found.reasons] == ["digest_mismatch"]


def test_files_that_were_under_way_are_put_aside_for_a_new_delivery(
    lost: Lost, home: Path, tmp_path: Path
) -> None:
    scan = write_scan(tmp_path / "moi.tif", DECISION[:3])
    with opened_home(home) as before:
        deliver(before, scan)
    for left in home.glob("sohoa.db*"):
        left.unlink()

    with opened_home(home) as services:
        rebuilt = rebuild_catalogue(services, actor=CLERK)

        assert rebuilt.put_aside is not None
        kept = [one.read_bytes() for one in rebuilt.put_aside.rglob("*") if one.is_file()]
        assert kept == [scan.read_bytes()]
        assert status_of(services, deliver(services, scan)).deliveries[0].state == "received"
    assert lost.scanned
