"""What was set aside and what waits: grouped, tried again, and only in one's own area."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from database.accounts import find_account
from database.batches import set_delivery_state
from database.records import set_document_state
from database.stage_runs import put_off_stage, set_stage_aside
from documents.errors import Reason
from documents.identifiers import DocumentId
from tests.contract.catalogue_entries import (
    NOW,
    claim_surely,
    make_batch,
    make_delivery,
    make_document,
    plan,
    state_of_stage,
)
from tests.end_to_end.stepping import opened_home
from workers.actors import Actor
from workers.closing_accounts import set_closed
from workers.errors import OwnAccountError, SignInRefusedError
from workers.looking_after import look_after
from workers.services import Services
from workers.sessions import whose_session
from workers.signing_in import make_account, sign_in
from workers.troubles import (
    hurry_group,
    list_troubles,
    list_waiting_groups,
    try_group_again,
    try_subject_again,
)

pytestmark = pytest.mark.usefixtures("each_catalogue")

AN = Actor("an", "operator")
STRANGER = Actor("la", "operator", "H11")
ADMINISTRATOR = Actor("quan.tri", "administrator")
DAMAGED = Reason(code="damaged_file", vi="Tệp hỏng.", en="Damaged.")
DOWN = Reason(code="timestamp_unavailable", vi="Dấu thời gian.", en="Time-stamps.")


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    with opened_home(tmp_path / "home") as opened:
        yield opened


def set_file_aside(services: Services, content: bytes) -> str:
    """Let a delivered file be set aside, as its opening does."""
    batch = make_batch(services.database)
    delivery = make_delivery(services.database, batch, content)
    run = claim_surely(services.database)
    with services.database.writing() as connection:
        set_stage_aside(connection, run, reason=DAMAGED, now=NOW)
        set_delivery_state(connection, delivery.id, state="set_aside", reason=DAMAGED)
    return delivery.id


def waiting_document(services: Services) -> DocumentId:
    """Let a document wait for time-stamps."""
    batch = make_batch(services.database)
    delivery = make_delivery(services.database, batch)
    claim_surely(services.database)
    document = make_document(services.database, delivery)
    plan(services.database, batch, document, stage="sign")
    run = claim_surely(services.database)
    with services.database.writing() as connection:
        later = services.clock.now() + timedelta(hours=1)
        put_off_stage(connection, run, reason=DOWN, not_before=later, counts=False)
        set_document_state(connection, document, state="filing")
    return document


def test_files_with_one_reason_stand_in_one_group(services: Services) -> None:
    files = [set_file_aside(services, content) for content in (b"1", b"2")]

    (group,) = list_troubles(services, actor=AN)

    assert (group.code, [one.subject for one in group.items]) == ("damaged_file", files)
    assert [one.name for one in group.items] == ["đơn.pdf", "đơn.pdf"]


def test_a_whole_group_is_tried_again(services: Services) -> None:
    files = [set_file_aside(services, content) for content in (b"1", b"2")]

    done = try_group_again(services, "damaged_file", actor=AN)

    assert done == 2
    assert [state_of_stage(services.database, one, "open") for one in files] == ["ready"] * 2
    assert list_troubles(services, actor=AN) == []


def test_a_group_that_is_gone_is_no_error(services: Services) -> None:
    assert try_group_again(services, "damaged_file", actor=AN) == 0


def test_what_waits_says_for_what_and_until_when(services: Services) -> None:
    document = waiting_document(services)

    (group,) = list_waiting_groups(services, actor=AN)

    assert (group.code, group.items[0].document_id) == ("timestamp_unavailable", document)
    assert group.next_try is not None
    assert group.next_try > services.clock.now()


def test_what_waits_can_be_tried_now(services: Services) -> None:
    document = waiting_document(services)

    armed = hurry_group(services, "timestamp_unavailable", actor=AN)

    assert armed == 1
    assert state_of_stage(services.database, document, "sign") == "ready"


def test_another_area_is_neither_seen_nor_hurried(services: Services) -> None:
    document = waiting_document(services)

    assert list_waiting_groups(services, actor=STRANGER) == []
    assert hurry_group(services, "timestamp_unavailable", actor=STRANGER) == 0
    assert state_of_stage(services.database, document, "sign") == "waiting"


def test_a_batch_that_could_not_be_cut_is_seen_and_tried_again(services: Services) -> None:
    batch = make_batch(services.database)
    plan(services.database, batch, batch.id, stage="split")
    run = claim_surely(services.database)
    with services.database.writing() as connection:
        set_stage_aside(connection, run, reason=DAMAGED, now=NOW)

    seen = [one.subject for group in list_troubles(services, actor=AN) for one in group.items]
    try_subject_again(services, batch.id, actor=AN)

    assert seen == [batch.id]
    assert state_of_stage(services.database, batch.id, "split") == "ready"


def test_the_outlook_counts_files_that_were_set_aside(services: Services) -> None:
    set_file_aside(services, b"1")

    outlook = look_after(services)

    assert (outlook.aside, outlook.queue_length, outlook.waiting) == (1, 0, 0)
    assert (outlook.reading, outlook.store, outlook.search) == ("good",) * 3


def test_the_outlook_turns_when_something_waits(services: Services) -> None:
    waiting_document(services)

    outlook = look_after(services)

    assert (outlook.reading, outlook.waiting) == ("warn", 1)
    assert outlook.queue["sign"] == 1


def test_a_closed_account_is_signed_out_and_stays_out_until_it_is_opened(
    services: Services,
) -> None:
    password = make_account(services, name="an", display_name="An", role="operator")
    session = sign_in(services, name="an", password=password)

    set_closed(services, "an", is_closed=True, actor=ADMINISTRATOR)
    is_out = whose_session(services, session.token) is None
    with pytest.raises(SignInRefusedError):
        sign_in(services, name="an", password=password)
    set_closed(services, "an", is_closed=False, actor=ADMINISTRATOR)

    assert is_out
    assert whose_session(services, session.token) is None
    assert sign_in(services, name="an", password=password).account.name == "an"


def test_nobody_closes_the_account_they_work_with(services: Services) -> None:
    make_account(services, name="quan.tri", display_name="Q", role="administrator")

    with pytest.raises(OwnAccountError):
        set_closed(services, "quan.tri", is_closed=True, actor=ADMINISTRATOR)

    with services.database.reading() as connection:
        account = find_account(connection, "quan.tri")
    assert account is not None
    assert not account.is_disabled
