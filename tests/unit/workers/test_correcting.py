"""Correcting after filing: history, the index, and what is stored stays."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from classification.confirming import Decision
from classification.errors import InvalidDecisionError
from database.audit import list_audit
from database.connecting import Transaction
from database.errors import WrongStateError
from database.records import get_document, load_tags
from database.stage_runs import forget_stages, is_still_mine
from database.versions import list_versions
from documents.model import Tag
from search.search_index import SearchQuery
from tests.end_to_end.stepping import claim, run_all, stages_of
from tests.unit.workers.filed_papers import (
    ARCHIVIST,
    DOSSIER_HERE,
    DOSSIER_THERE,
    OFFICER,
    OWNER,
    WHY,
    enter_paper,
    opened_office,
)
from workers import correcting
from workers.correcting import correct_tags, detach_owner, history_of, notices_for_inspector
from workers.errors import (
    OutsideAreaError,
    PurposeRequiredError,
    ReasonMissingError,
    StaleReviewError,
)
from workers.pipeline import run_stage
from workers.services import Services

pytestmark = pytest.mark.usefixtures("each_catalogue")

REASON = "nhập nhầm số"
BIRTH = "giay_khai_sinh"


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    with opened_office(tmp_path / "home") as built:
        yield built


@pytest.fixture
def paper(services: Services) -> str:
    return enter_paper(
        services,
        dossier=DOSSIER_HERE,
        component_type=BIRTH,
        number="12/2020",
        title="Giấy khai sinh",
        owner_id=OWNER,
        owner_name="Nguyễn Thị Ví Dụ",
    )


def tags_of(services: Services, document_id: str) -> dict[str, Tag]:
    with services.database.reading() as connection:
        return {tag.name: tag for tag in load_tags(connection, document_id)}


def revision_of(services: Services, document_id: str) -> int:
    with services.database.reading() as connection:
        return get_document(connection, document_id).revision


def correct(services: Services, paper: str, **values: str) -> None:
    decision = Decision(component_type=BIRTH, values=values)
    correct_tags(services, paper, decision, reason=REASON, actor=OFFICER)


def found_by(services: Services, text: str) -> list[str]:
    return [hit.id for hit in services.index.search(SearchQuery(text=text)).hits]


def test_corrected_value_is_kept_with_old_new_who_when_and_why(
    services: Services, paper: str
) -> None:
    before = revision_of(services, paper)

    correct(services, paper, number="21/2020")

    (change,) = history_of(services, paper, actor=OFFICER)
    assert (change.name, change.old, change.new) == ("number", "12/2020", "21/2020")
    assert (change.changed_by, change.reason) == (OFFICER.name, REASON)
    assert change.revision == revision_of(services, paper) == before + 1
    tag = tags_of(services, paper)["number"]
    assert (tag.value, tag.state, tag.decided_by) == ("21/2020", "confirmed", OFFICER.name)
    assert tag.proposed_value == "12/2020"


def test_history_grows_and_is_never_rewritten(services: Services, paper: str) -> None:
    correct(services, paper, number="21/2020", title="Giấy khai sinh (bản sao)")
    correct(services, paper, number="22/2020")

    changes = history_of(services, paper, actor=OFFICER)

    assert [(one.name, one.old, one.new) for one in changes] == [
        ("number", "12/2020", "21/2020"),
        ("title", "Giấy khai sinh", "Giấy khai sinh (bản sao)"),
        ("number", "21/2020", "22/2020"),
    ]


def test_stored_versions_stay_as_they_are(services: Services, paper: str) -> None:
    with services.database.reading() as connection:
        before = list_versions(connection, paper)

    correct(services, paper, number="21/2020")
    detach_owner(services, paper, reason=REASON, actor=OFFICER)

    with services.database.reading() as connection:
        assert list_versions(connection, paper) == before
        assert get_document(connection, paper).state == "filed"


def test_corrected_document_is_found_by_what_is_right_now(services: Services, paper: str) -> None:
    correct(services, paper, title="Trích lục khai sinh")
    run_all(services)
    first = found_by(services, "trích lục")

    correct(services, paper, title="Giấy khai sinh bản chính")
    ran = run_all(services)

    assert (first, ran) == ([paper], ["index", "record"])
    assert found_by(services, "trích lục") == []
    assert found_by(services, "bản chính") == [paper]


def test_index_that_runs_meanwhile_gives_way_to_the_new_one(services: Services, paper: str) -> None:
    correct(services, paper, title="Tên thứ nhất")
    running = claim(services)
    assert running is not None

    correct(services, paper, title="Tên thứ hai")
    run_stage(running, services)
    run_all(services)

    assert stages_of(services, paper) == {"index": "done", "record": "done"}
    assert found_by(services, "thứ hai") == [paper]
    assert found_by(services, "thứ nhất") == []


def test_worker_whose_stage_was_forgotten_writes_nothing(services: Services, paper: str) -> None:
    correct(services, paper, title="Tên thứ nhất")
    running = claim(services)
    assert running is not None

    with services.database.writing() as connection:
        forget_stages(connection, paper, stages=("index",))
    run_stage(running, services)

    assert stages_of(services, paper) == {"record": "ready"}
    with services.database.reading() as connection:
        assert not is_still_mine(connection, running)
        assert get_document(connection, paper).state == "filed"


def test_correction_that_dies_in_the_middle_leaves_nothing(
    services: Services, paper: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(_connection: Transaction, *_arguments: object, **_more: object) -> None:
        raise KeyboardInterrupt

    before = tags_of(services, paper)
    monkeypatch.setattr(correcting, "plan", die)

    with pytest.raises(KeyboardInterrupt):
        correct(services, paper, number="21/2020")

    assert tags_of(services, paper) == before
    assert stages_of(services, paper) == {}
    assert history_of(services, paper, actor=OFFICER) == []


def test_tags_that_are_not_named_are_not_decided(services: Services) -> None:
    paper = enter_paper(
        services, component_type=BIRTH, title="Giấy khai sinh", issuer="?", is_confirmed=False
    )

    correct(services, paper, title="Giấy khai sinh")

    tags = tags_of(services, paper)
    assert {name: tag.state for name, tag in tags.items()} == {
        "component_type": "confirmed",
        "title": "confirmed",
        "issuer": "proposed",
    }


def test_correcting_the_same_again_leaves_no_trace(services: Services, paper: str) -> None:
    correct(services, paper, number="21/2020")
    revision = revision_of(services, paper)

    correct(services, paper, number="21/2020")

    assert revision_of(services, paper) == revision
    assert len(history_of(services, paper, actor=OFFICER)) == 1
    actions = [row["action"] for row in list_audit(services.database, document=paper)]
    assert actions.count("tags_corrected") == 1


def test_empty_value_clears_a_tag_and_a_new_one_is_added(services: Services, paper: str) -> None:
    correct(services, paper, number="", issuer="UBND phường Thí Nghiệm")

    tags = tags_of(services, paper)
    assert tags["number"].value is None
    assert tags["issuer"].value == "UBND phường Thí Nghiệm"
    assert {(one.name, one.old, one.new) for one in history_of(services, paper, actor=OFFICER)} == {
        ("number", "12/2020", None),
        ("issuer", None, "UBND phường Thí Nghiệm"),
    }


def test_document_moves_to_the_dossier_that_was_meant(services: Services, paper: str) -> None:
    right = "H99.12.03-260316-0099"

    correct(services, paper, dossier_code=right)

    with services.database.reading() as connection:
        assert get_document(connection, paper).dossier_code == right


def test_document_does_not_move_to_another_area(services: Services, paper: str) -> None:
    with pytest.raises(OutsideAreaError):
        correct(services, paper, dossier_code=DOSSIER_THERE)

    with services.database.reading() as connection:
        assert get_document(connection, paper).dossier_code == DOSSIER_HERE


def test_wrong_value_is_refused_and_changes_nothing(services: Services, paper: str) -> None:
    before = tags_of(services, paper)

    with pytest.raises(InvalidDecisionError):
        correct(services, paper, number="21/2020", issued_on="32/13/2020")

    assert tags_of(services, paper) == before


def test_correction_of_what_somebody_else_has_changed_is_refused(
    services: Services, paper: str
) -> None:
    seen = revision_of(services, paper)
    correct(services, paper, number="21/2020")

    with pytest.raises(StaleReviewError):
        correct_tags(
            services,
            paper,
            Decision(component_type=BIRTH, values={"number": "9"}),
            reason=REASON,
            actor=ARCHIVIST,
            revision=seen,
        )

    assert tags_of(services, paper)["number"].value == "21/2020"


def test_document_that_is_not_filed_is_corrected_in_its_review(services: Services) -> None:
    waiting = enter_paper(services, state="awaiting_review", component_type=BIRTH)

    with pytest.raises(WrongStateError):
        correct(services, waiting, number="21/2020")
    with pytest.raises(WrongStateError):
        detach_owner(services, waiting, reason=REASON, actor=OFFICER)


@pytest.mark.parametrize("reason", ["", "   ", "sai"])
def test_change_without_a_reason_is_refused(services: Services, paper: str, reason: str) -> None:
    decision = Decision(component_type=BIRTH, values={"number": "1"})

    with pytest.raises(ReasonMissingError):
        correct_tags(services, paper, decision, reason=reason, actor=OFFICER)
    with pytest.raises(ReasonMissingError):
        detach_owner(services, paper, reason=reason, actor=OFFICER)


def test_paper_of_another_area_is_corrected_there(services: Services) -> None:
    foreign = enter_paper(services, dossier=DOSSIER_THERE, component_type=BIRTH, owner_id=OWNER)

    with pytest.raises(OutsideAreaError):
        correct(services, foreign, number="1")
    with pytest.raises(OutsideAreaError):
        detach_owner(services, foreign, reason=REASON, actor=ARCHIVIST)
    with pytest.raises(PurposeRequiredError):
        history_of(services, foreign, actor=OFFICER)
    assert history_of(services, foreign, actor=OFFICER, purpose=WHY) == []


def test_detached_owner_is_gone_from_tags_and_index_and_the_inspector_is_told(
    services: Services, paper: str
) -> None:
    correct(services, paper, title="Giấy khai sinh số hai")
    run_all(services)
    assert found_by(services, OWNER) == [paper]

    detach_owner(services, paper, reason="giấy của người khác", actor=OFFICER)
    run_all(services)

    tags = tags_of(services, paper)
    assert (tags["owner_id"].value, tags["owner_name"].value) == (None, None)
    assert found_by(services, OWNER) == []
    (notice,) = notices_for_inspector(services)
    assert (notice.kind, notice.document_id) == ("owner_detached", paper)
    assert (notice.reason, notice.made_by) == ("giấy của người khác", OFFICER.name)
    row = next(row for row in list_audit(services.database) if row["action"] == "owner_detached")
    assert (row["document"], row["dossier"]) == (paper, DOSSIER_HERE)
    assert OWNER not in repr(list_audit(services.database))


def test_detaching_twice_is_detaching_once(services: Services, paper: str) -> None:
    detach_owner(services, paper, reason=REASON, actor=OFFICER)
    detach_owner(services, paper, reason=REASON, actor=OFFICER)

    assert len(notices_for_inspector(services)) == 1
    assert len(history_of(services, paper, actor=OFFICER)) == 2


def test_history_masks_the_number_of_the_owner(services: Services, paper: str) -> None:
    detach_owner(services, paper, reason=REASON, actor=OFFICER)

    changes = history_of(services, paper, actor=OFFICER)

    assert [(one.name, one.old, one.new) for one in changes] == [
        ("owner_id", "0990••••0012", None),
        ("owner_name", "Nguyễn Thị Ví Dụ", None),
    ]
