"""What happens on the way when something is wrong: nothing is lost, doubled or guessed."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from database.records import count_documents, load_tags
from database.tables import documents, pages, readings, stage_runs, versions
from database.versions import list_versions
from search.search_index import SearchQuery
from tests.end_to_end.papers import (
    BLANK,
    DECISION,
    SECRET,
    strip_metadata,
    write_scan,
)
from tests.end_to_end.stepping import (
    CLERK,
    ShiftedClock,
    claim,
    deliver,
    opened_home,
    run_all,
    run_until,
    stages_of,
    status_of,
    take_back,
)
from tests.end_to_end.test_pipeline import SAMPLES
from workers.page_jobs import NapJob
from workers.pipeline import run_stage
from workers.retrieving import verify_document
from workers.reviewing import confirm_batch_by_policy, try_again
from workers.services import Services

pytestmark = pytest.mark.xdist_group("pipeline-trouble")
UNKNOWN = ("Danh sách mua sắm", "gạo, muối, nước mắm", "xà phòng và khăn mặt")


class DyingPool:
    """A pool whose child dies on one sort of job, as often as asked; else it does the work."""

    def __init__(self, pool: Any, *, job: str, times: int) -> None:
        self._pool = pool
        self._job = job
        self._left = times

    def run(self, job: str, request: object, *, patience: float = 1.0) -> Any:
        if job == self._job and self._left:
            self._left -= 1
            return self._pool.run("nap", NapJob(exit_code=9))
        return self._pool.run(job, request, patience=patience)


def let_time_pass(services: Services) -> None:
    clock = services.clock
    assert isinstance(clock, ShiftedClock)
    clock.advance(700)


def run_with_pauses(services: Services) -> list[str]:
    ran: list[str] = []
    for _ in range(4):
        ran += run_all(services)
        let_time_pass(services)
    return ran


def count(services: Services, table: Any) -> int:
    with services.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar() or 0


def objects_in(services: Services) -> list[Path]:
    folder = services.settings.archive_folder / "objects"
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_is_no_pdfa_is_not_signed(services: Services, tmp_path: Path) -> None:
    followed = deliver(services, write_scan(tmp_path / "a.tif", DECISION))
    _, run = run_until(services, stage="sign")
    assert run is not None
    strip_metadata(services.work.document_folder(run.subject) / "assembled.pdf")

    run_stage(run, services)

    (document,) = status_of(services, followed).documents
    assert document.state == "set_aside"
    assert document.reason is not None
    assert document.reason.code == "not_archival"
    assert count(services, versions) == 0
    assert stages_of(services, document.id).get("archive") is None


def test_what_was_not_assembled_cannot_be_signed(services: Services, tmp_path: Path) -> None:
    deliver(services, write_scan(tmp_path / "a.tif", DECISION))
    _, run = run_until(services, stage="assemble")
    assert run is not None

    run_stage(replace(run, stage="sign"), services)

    assert count(services, versions) == 0
    assert stages_of(services, run.subject).get("archive") is None


def test_what_was_not_signed_is_not_filed(services: Services, tmp_path: Path) -> None:
    deliver(services, write_scan(tmp_path / "a.tif", DECISION))
    _, run = run_until(services, stage="assemble")
    assert run is not None

    run_stage(replace(run, stage="archive"), services)

    assert count_states(services) == {"set_aside": 1}
    assert objects_in(services) == []


def count_states(services: Services) -> dict[str, int]:
    with services.database.reading() as connection:
        return count_documents(connection)


def test_file_that_changed_after_signing_is_not_filed(services: Services, tmp_path: Path) -> None:
    followed = deliver(services, write_scan(tmp_path / "a.tif", DECISION))
    _, run = run_until(services, stage="archive")
    assert run is not None
    (signed,) = services.work.document_folder(run.subject).glob("signed-*.pdf")
    content = bytearray(signed.read_bytes())
    content[len(content) // 2] ^= 1
    signed.write_bytes(content)

    run_stage(run, services)

    (document,) = status_of(services, followed).documents
    assert document.state == "set_aside"
    assert document.reason is not None
    assert document.reason.code == "digest_mismatch"


def test_every_stage_may_run_twice(services: Services, tmp_path: Path) -> None:
    followed = deliver(services, write_scan(tmp_path / "a.tif", DECISION))
    ran = []

    while (late := claim(services, worker="slow")) is not None:
        take_back(services, dead_worker="slow")
        again = claim(services, worker="quick")
        assert again is not None
        run_stage(again, services)
        run_stage(late, services)
        ran.append(again.stage)

    (document,) = status_of(services, followed).documents
    assert document.state == "filed", document.reason
    assert len(ran) == len(set(ran)) == 10
    assert [count(services, table) for table in (pages, readings, documents, versions)] == [1] * 4
    assert verify_document(services, document.id, actor=CLERK).ok
    assert services.index.search(SearchQuery(text="sua duong vi du")).total == 1


def test_retry_does_not_sign_twice(services: Services, tmp_path: Path) -> None:
    followed = deliver(services, write_scan(tmp_path / "a.tif", DECISION))
    ran, run = run_until(services, stage="archive")
    assert run is not None
    before = versions_of(services, run.subject)
    with services.database.writing() as connection:
        again = stage_runs.c.stage.in_(("sign", "archive"))
        connection.execute(update(stage_runs).where(again).values(state="ready"))

    repeated = run_all(services)

    assert (ran[-1], repeated[0]) == ("sign", "sign")
    assert [one.sha256 for one in versions_of(services, run.subject)] == [
        one.sha256 for one in before
    ]
    (document,) = status_of(services, followed).documents
    assert (document.state, document.sha256) == ("filed", before[0].sha256)


def versions_of(services: Services, document_id: str) -> list[Any]:
    with services.database.reading() as connection:
        return list(list_versions(connection, document_id))


def test_secret_paper_stops_and_no_text_is_kept(warm: Services, tmp_path: Path) -> None:
    scan = write_scan(tmp_path / "mat.tif", SECRET)
    with opened_home(tmp_path / "home") as services:
        followed = deliver(services, scan)
        run_all(replace(services, pool=warm.pool))
        (document,) = status_of(services, followed).documents
        with services.database.reading() as connection:
            tags = load_tags(connection, document.id)
        left = (count(services, readings), count(services, versions), tags)
        found = services.index.search(SearchQuery(text="sua duong vi du")).total

    assert document.state == "set_aside"
    assert document.reason is not None
    assert document.reason.code == "secret_paper"
    assert left == (0, 0, ())
    assert found == 0
    words = ("Sửa đường", "Sua duong", "120/QĐ")
    for file in (path for path in (tmp_path / "home").rglob("*") if path.is_file()):
        content = file.read_bytes()
        assert not [word for word in words if word.encode() in content], file


def test_without_a_policy_a_person_is_waited_for(services: Services, tmp_path: Path) -> None:
    followed = deliver(services, write_scan(tmp_path / "a.tif", DECISION), policy="none")

    run_all(services)

    (document,) = status_of(services, followed).documents
    assert (document.state, document.is_confirmed) == ("awaiting_review", False)
    assert (document.component_type, document.number) == ("quyet_dinh", "120/QĐ-UBND")
    assert objects_in(services) == []


def test_backfile_policy_files_what_nobody_knows(services: Services, tmp_path: Path) -> None:
    followed = deliver(services, write_scan(tmp_path / "a.tif", UNKNOWN), policy="backfile")

    run_all(services)

    (document,) = status_of(services, followed).documents
    assert (document.state, document.component_type) == ("filed", "khac")


def test_sure_policy_files_what_is_without_doubt(services: Services, tmp_path: Path) -> None:
    followed = deliver(services, write_scan(tmp_path / "a.tif", DECISION), policy="sure")

    run_all(services)

    (document,) = status_of(services, followed).documents
    assert (document.state, document.component_type) == ("filed", "quyet_dinh")


def test_sure_policy_leaves_what_nobody_knows_to_a_person(
    services: Services, tmp_path: Path
) -> None:
    followed = deliver(services, write_scan(tmp_path / "a.tif", UNKNOWN), policy="sure")

    run_all(services)

    (document,) = status_of(services, followed).documents
    assert document.state == "awaiting_review"


def test_policy_that_comes_later_is_written_down_with_who_answers(
    services: Services, tmp_path: Path
) -> None:
    followed = deliver(services, write_scan(tmp_path / "a.tif", DECISION), policy="none")
    run_all(services)

    confirm_batch_by_policy(services, followed.batch_id, policy="backfile", actor=CLERK)
    run_all(services)

    (document,) = status_of(services, followed).documents
    with services.database.reading() as connection:
        tags = load_tags(connection, document.id)
    assert document.state == "filed"
    assert {(tag.state, tag.decided_by) for tag in tags} == {
        ("confirmed", f"policy:backfile ({CLERK.name})")
    }


def test_pages_that_a_separator_did_not_announce_are_shown_to_a_person(
    services: Services, tmp_path: Path
) -> None:
    folder = tmp_path / "lo"
    folder.mkdir()
    shutil.copy(SAMPLES / "1-khai-sinh" / "001.jpg", folder)
    scan = write_scan(folder / "002.tif", DECISION, UNKNOWN)
    followed = deliver(services, folder / "001.jpg", scan)

    run_all(services)

    status = status_of(services, followed)
    assert [one.state for one in status.documents] == ["awaiting_review"]
    assert status.documents[0].dossier_code == "H99.12.03-260316-0007"
    assert objects_in(services) == []


def test_batch_of_blank_pages_is_set_aside_with_a_reason(
    services: Services, tmp_path: Path
) -> None:
    followed = deliver(services, write_scan(tmp_path / "trang.tif", BLANK, BLANK))

    run_all(services)

    status = status_of(services, followed)
    (delivery,) = status.deliveries
    assert (status.documents, delivery.state) == ([], "set_aside")
    assert delivery.reason is not None
    assert delivery.reason.code == "empty_batch"
    assert "quét lại" in delivery.reason.vi


def test_page_on_which_the_program_dies_three_times_is_set_aside_and_others_go_on(
    services: Services, tmp_path: Path
) -> None:
    poisoned = deliver(services, write_scan(tmp_path / "a.tif", UNKNOWN))
    run_until(services, stage="read")
    take_back(services, dead_worker="stepper")
    ran = run_with_pauses(
        replace(services, pool=DyingPool(services.pool, job="read", times=3))  # type: ignore[arg-type]  # what stages use of a pool
    )
    healthy = deliver(services, write_scan(tmp_path / "b.tif", DECISION))

    run_all(services)

    (document,) = status_of(services, poisoned).documents
    (page,) = status_of(services, poisoned).pages
    assert ran.count("read") == 3
    assert page.reason is not None
    assert (page.state, page.reason.code) == ("set_aside", "poisoned")
    assert document.reason is not None
    assert (document.state, document.reason.code) == ("set_aside", "unread_pages")
    assert [one.state for one in status_of(services, healthy).documents] == ["filed"]


def test_page_that_was_set_aside_is_read_when_a_person_tries_again(
    services: Services, tmp_path: Path
) -> None:
    followed = deliver(services, write_scan(tmp_path / "a.tif", DECISION))
    dying = DyingPool(services.pool, job="read", times=3)
    run_with_pauses(replace(services, pool=dying))  # type: ignore[arg-type]  # what stages use of a pool
    (document,) = status_of(services, followed).documents
    assert document.state == "set_aside"

    try_again(services, document.id, actor=CLERK)
    run_all(services)

    (document,) = status_of(services, followed).documents
    assert (document.state, document.number) == ("filed", "120/QĐ-UBND")


def test_page_on_which_the_engine_died_is_read_by_the_isolated_one(
    services: Services, tmp_path: Path
) -> None:
    deliver(services, write_scan(tmp_path / "a.tif", DECISION))

    dying = DyingPool(services.pool, job="read", times=1)
    run_with_pauses(replace(services, pool=dying))  # type: ignore[arg-type]  # what stages use of a pool

    with services.database.reading() as connection:
        engine = connection.execute(select(readings.c.engine)).scalar()
    assert engine is not None
    assert engine.startswith("pytesseract")
    assert count_states(services) == {"filed": 1}
