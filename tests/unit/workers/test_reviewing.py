"""What a person sees before confirming, and what is kept of it; what is discarded."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from classification.confirming import CONFIRM_REASON, Decision
from classification.errors import InvalidDecisionError
from configuration.settings import Settings
from database.audit import list_audit
from database.batches import get_batch, get_delivery, set_delivery_state
from database.errors import WrongStateError
from database.records import load_tags, set_document_state
from documents.errors import Reason
from documents.model import Finding
from tests.contract.catalogue_entries import (
    make_batch,
    make_delivery,
    make_pages,
    plan,
    state_of_stage,
)
from tests.unit.workers.under_review import AN, make_paper, state_of
from workers.discarding import discard_batch
from workers.following import list_set_aside
from workers.page_changes import drop_page
from workers.reviewing import confirm, discard, get_review, try_again
from workers.services import Services, build_services
from workers.tidying import sweep_work_folder

pytestmark = pytest.mark.usefixtures("each_catalogue")

LOW = Finding(reason=Reason(code="low_resolution", vi="v", en="e"), severity="warning", value=150.0)
NOTE = Finding(reason=Reason(code="skewed", vi="v", en="e"), severity="note")
DAMAGED = Reason(code="damaged_file", vi="Tệp hỏng.", en="Damaged.")


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    built = build_services(Settings(home=tmp_path / "home"))
    yield built
    built.close()


def keep_file(services: Services, delivery_id: str) -> Path:
    file = services.work.delivery_file(delivery_id)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"hong")
    return file


def test_review_tells_which_findings_are_open_questions(services: Services) -> None:
    paper = make_paper(services, 2, findings=(LOW, NOTE))

    review = get_review(services, paper.documents[0])

    assert review.pages[0].findings == (LOW, NOTE)
    assert [page.open_questions for page in review.pages] == [(LOW,), ()]
    assert review.needs_reason


def test_dropped_page_asks_nothing(services: Services) -> None:
    paper = make_paper(services, 2, findings=(LOW,))
    drop_page(services, paper.pages[0][0], actor=AN)

    review = get_review(services, paper.documents[0])

    assert [page.open_questions for page in review.pages] == [(), ()]
    assert not review.needs_reason


def test_reason_of_a_confirmation_is_kept_and_audited(services: Services) -> None:
    paper = make_paper(services, 1, findings=(LOW,))
    decision = Decision(component_type="khac", reason=" Bản gốc đã mờ, không quét lại được. ")

    confirm(services, paper.documents[0], decision, actor=AN)

    with services.database.reading() as connection:
        tags = {tag.name: tag for tag in load_tags(connection, paper.documents[0])}
    kept = tags[CONFIRM_REASON]
    assert kept.value == "Bản gốc đã mờ, không quét lại được."
    assert (kept.state, kept.decided_by) == ("confirmed", "an.tran")
    detail = list_audit(services.database)[0]["detail"]
    assert "Bản gốc đã mờ" in detail
    assert '"corrected": ["component_type"]' in detail


def test_confirmation_needs_no_reason(services: Services) -> None:
    paper = make_paper(services, 1, findings=(LOW,))

    confirm(services, paper.documents[0], Decision(component_type="khac"), actor=AN)

    with services.database.reading() as connection:
        names = [tag.name for tag in load_tags(connection, paper.documents[0])]
    assert names == ["component_type"]
    assert "reason" not in list_audit(services.database)[0]["detail"]


def test_endless_reason_is_refused(services: Services) -> None:
    paper = make_paper(services, 1)

    with pytest.raises(InvalidDecisionError):
        confirm(
            services,
            paper.documents[0],
            Decision(component_type="khac", reason="x" * 501),
            actor=AN,
        )


def test_damaged_file_leaves_what_is_set_aside(services: Services) -> None:
    delivery = make_delivery(services.database, make_batch(services.database))
    file = keep_file(services, delivery.id)
    with services.database.writing() as connection:
        set_delivery_state(connection, delivery.id, state="set_aside", reason=DAMAGED)

    discard(services, delivery.id, reason="Tệp hỏng, đã nhận lại", actor=AN)
    discard(services, delivery.id, reason="Tệp hỏng, đã nhận lại", actor=AN)

    with services.database.reading() as connection:
        kept = get_delivery(connection, delivery.id)
    assert list_set_aside(services) == []
    assert (kept.state, kept.reason and kept.reason.vi) == ("discarded", "Tệp hỏng, đã nhận lại")
    assert not file.exists()
    assert try_again(services, delivery.id, actor=AN) == 0
    actions = [row["action"] for row in list_audit(services.database)]
    assert actions == ["tried_again", "file_discarded"]


def test_file_that_is_not_set_aside_is_not_discarded(services: Services) -> None:
    delivery = make_delivery(services.database, make_batch(services.database))

    with pytest.raises(WrongStateError):
        discard(services, delivery.id, reason="nhầm", actor=AN)


def test_file_that_was_discarded_before_a_kill_is_swept_away(services: Services) -> None:
    delivery = make_delivery(services.database, make_batch(services.database))
    file = keep_file(services, delivery.id)
    with services.database.writing() as connection:
        set_delivery_state(connection, delivery.id, state="discarded")

    sweep_work_folder(services)

    assert not file.exists()


def test_discarded_batch_keeps_what_was_confirmed(services: Services) -> None:
    paper = make_paper(services, 1, 1, 1)
    with services.database.writing() as connection:
        set_document_state(connection, paper.documents[0], state="filing")
        set_document_state(connection, paper.documents[2], state="set_aside", reason=DAMAGED)

    found = discard_batch(services, paper.batch.id, reason="Công dân rút hồ sơ", actor=AN)

    assert (found.discarded, found.kept) == (
        tuple(paper.documents[1:]),
        tuple(paper.documents[:1]),
    )
    assert [state_of(services, one) for one in paper.documents] == [
        ("filing", None),
        ("discarded", "discarded"),
        ("discarded", "discarded"),
    ]
    assert list_audit(services.database)[0]["action"] == "batch_discarded"


def test_discarded_batch_that_was_not_cut_runs_no_stage_any_more(services: Services) -> None:
    batch = make_batch(services.database)
    delivery = make_delivery(services.database, batch)
    pages = make_pages(services.database, delivery, 2)
    for page_id in pages:
        plan(services.database, batch, page_id, stage="inspect")
    file = keep_file(services, delivery.id)

    discard_batch(services, batch.id, reason="nhầm", actor=AN)

    with services.database.reading() as connection:
        states = get_batch(connection, batch.id).state, get_delivery(connection, delivery.id).state
    assert states == ("discarded", "discarded")
    assert [state_of_stage(services.database, one, "inspect") for one in pages] == [None, None]
    assert state_of_stage(services.database, delivery.id, "open") is None
    assert not file.exists()


def test_discarding_a_batch_twice_is_discarding_it_once(services: Services) -> None:
    paper = make_paper(services, 1)
    discard_batch(services, paper.batch.id, reason="nhầm", actor=AN)

    found = discard_batch(services, paper.batch.id, reason="nhầm", actor=AN)

    assert (found.discarded, found.kept) == ((), ())
    assert [row["action"] for row in list_audit(services.database)] == ["batch_discarded"]


def test_secret_paper_cannot_be_tried_again(services: Services) -> None:
    paper = make_paper(services, 1)
    secret = Reason(code="secret_paper", vi="v", en="e")
    with services.database.writing() as connection:
        set_document_state(connection, paper.documents[0], state="set_aside", reason=secret)

    with pytest.raises(WrongStateError):
        try_again(services, paper.documents[0], actor=AN)

    assert state_of(services, paper.documents[0]) == ("set_aside", "secret_paper")
