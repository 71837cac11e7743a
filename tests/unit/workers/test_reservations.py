"""Two people do not correct the same document at once, and nobody waits for who went away."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from classification.confirming import Decision
from configuration.settings import Settings
from database.audit import list_audit
from database.errors import WrongStateError
from database.records import set_document_state
from database.reservations import Reservation
from tests.contract.catalogue_entries import NOW
from tests.unit.workers.under_review import AN, BINH, Clock, Paper, make_paper, state_of
from workers.discarding import discard_batch
from workers.page_changes import drop_page, undo
from workers.reservations import release, reservation_of, reserve
from workers.review_errors import AlreadyReservedError
from workers.reviewing import confirm, confirm_batch_by_policy, discard, get_review
from workers.services import Services, build_services

pytestmark = pytest.mark.usefixtures("each_catalogue")

KHAC = Decision(component_type="khac")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def services(tmp_path: Path, clock: Clock) -> Iterator[Services]:
    built = build_services(Settings(home=tmp_path / "home"), clock=clock)
    yield built
    built.close()


@pytest.fixture
def paper(services: Services) -> Paper:
    return make_paper(services, 2)


def test_reservation_says_who_holds_it_until_when(services: Services, paper: Paper) -> None:
    made = reserve(services, paper.documents[0], actor=AN)

    assert made == Reservation(
        document_id=paper.documents[0],
        holder="an.tran",
        reserved_at=NOW,
        until=NOW + timedelta(minutes=5),
    )
    assert reservation_of(services, paper.documents[0]) == made
    assert get_review(services, paper.documents[0]).reservation == made


def test_second_person_is_told_who_holds_it_until_when(services: Services, paper: Paper) -> None:
    reserve(services, paper.documents[0], actor=AN)

    with pytest.raises(AlreadyReservedError) as caught:
        reserve(services, paper.documents[0], actor=BINH)

    assert (caught.value.holder, caught.value.until) == ("an.tran", NOW + timedelta(minutes=5))
    assert "“an.tran” đang xem tài liệu này, giữ đến 09:35" in caught.value.reason.vi


def test_holder_extends_it(services: Services, paper: Paper, clock: Clock) -> None:
    reserve(services, paper.documents[0], actor=AN)
    clock.advance(minutes=4)

    extended = reserve(services, paper.documents[0], actor=AN, minutes=10)

    assert (extended.reserved_at, extended.until) == (NOW, NOW + timedelta(minutes=14))


def test_it_ends_by_itself(services: Services, paper: Paper, clock: Clock) -> None:
    reserve(services, paper.documents[0], actor=AN)
    clock.advance(minutes=5)

    taken_over = reserve(services, paper.documents[0], actor=BINH)

    assert (taken_over.holder, taken_over.reserved_at) == ("binh.le", clock.now())


def test_released_document_is_free_and_releasing_twice_is_releasing_once(
    services: Services, paper: Paper
) -> None:
    reserve(services, paper.documents[0], actor=AN)
    release(services, paper.documents[0], actor=AN)
    release(services, paper.documents[0], actor=AN)

    assert reservation_of(services, paper.documents[0]) is None


def test_nobody_else_releases_it(services: Services, paper: Paper) -> None:
    reserve(services, paper.documents[0], actor=AN)

    with pytest.raises(AlreadyReservedError):
        release(services, paper.documents[0], actor=BINH)


def test_what_others_would_do_meanwhile_is_refused(services: Services, paper: Paper) -> None:
    document_id = paper.documents[0]
    drop_page(services, paper.pages[0][0], actor=AN)
    with services.database.writing() as connection:
        set_document_state(connection, document_id, state="awaiting_review")
    reserve(services, document_id, actor=AN)

    for change in (
        lambda: confirm(services, document_id, KHAC, actor=BINH),
        lambda: drop_page(services, paper.pages[0][1], actor=BINH),
        lambda: undo(services, paper.batch.id, actor=BINH),
        lambda: discard(services, document_id, reason="nhầm", actor=BINH),
        lambda: discard_batch(services, paper.batch.id, reason="nhầm", actor=BINH),
    ):
        with pytest.raises(AlreadyReservedError):
            change()

    assert state_of(services, document_id) == ("awaiting_review", None)


def test_holder_confirms_and_the_document_is_free_then(services: Services, paper: Paper) -> None:
    reserve(services, paper.documents[0], actor=AN)

    confirm(services, paper.documents[0], KHAC, actor=AN)

    assert state_of(services, paper.documents[0]) == ("filing", None)
    assert reservation_of(services, paper.documents[0]) is None


def test_policy_takes_no_notice_of_it(services: Services, paper: Paper) -> None:
    reserve(services, paper.documents[0], actor=AN)

    confirm_batch_by_policy(services, paper.batch.id, policy="backfile", actor=BINH)

    assert state_of(services, paper.documents[0]) == ("filing", None)


@pytest.mark.parametrize("state", ["filing", "filed", "discarded"])
def test_what_needs_no_review_is_not_reserved(services: Services, paper: Paper, state: str) -> None:
    with services.database.writing() as connection:
        set_document_state(connection, paper.documents[0], state=state)  # type: ignore[arg-type]  # by its name

    with pytest.raises(WrongStateError):
        reserve(services, paper.documents[0], actor=AN)


def test_audit_log_tells_its_beginning_and_end_but_not_each_extension(
    services: Services, paper: Paper
) -> None:
    for _ in range(3):
        reserve(services, paper.documents[0], actor=AN)
    release(services, paper.documents[0], actor=AN)

    actions = [row["action"] for row in list_audit(services.database)]

    assert actions == ["document_released", "document_reserved"]
