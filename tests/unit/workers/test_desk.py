"""What an operator is told at the desk: when the paper may go back, and what stands against it."""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import update

from database.audit import list_audit
from database.batches import get_batch, set_batch_state, set_delivery_state
from database.errors import BatchClosedError
from database.pages import get_page, set_page_findings, set_page_state
from database.records import set_document_state
from database.tables import pages as pages_table
from documents.errors import Reason
from documents.identifiers import PageId
from documents.model import Finding
from ingest.doubled import DOUBLED
from tests.contract.catalogue_entries import make_batch, make_delivery, make_pages
from tests.end_to_end.stepping import opened_home
from tests.unit.workers.under_review import make_paper
from workers.actors import Actor
from workers.desk import (
    Assessment,
    Wanted,
    assess,
    expect_pages,
    find_next_of_batch,
    list_on_desk,
    list_stations,
    open_place,
    show_place,
)
from workers.doubled_pages import tell_doubled
from workers.errors import DossierCodeError, OutsideAreaError, OwnerNumberError
from workers.following import follow_batch
from workers.intake import end_batch
from workers.page_changes import split_document, undo
from workers.services import Services
from workers.turned_pages import about_turn

AN = Actor("an", "operator")
CODE = "H99.12.03-260511-0001"


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    with opened_home(tmp_path / "home") as opened:
        yield opened


def finding(code: str, severity: str = "warning") -> Finding:
    return Finding(reason=Reason(code=code, vi=code, en=code), severity=severity)  # type: ignore[arg-type]  # one of three


def opened_batch(services: Services, count: int, *, expected: int | None) -> list[PageId]:
    """Make an open batch with one file of so many pages that were looked at."""
    batch = make_batch(services.database)
    delivery = make_delivery(services.database, batch)
    ids = make_pages(services.database, delivery, count)
    with services.database.writing() as connection:
        set_delivery_state(connection, delivery.id, state="opened")
        for page_id in ids:
            set_page_state(connection, page_id, state="inspected")
    expect_pages(services, batch.id, expected=expected, actor=AN)
    return ids


def assessed(services: Services, ids: Sequence[str]) -> Assessment:
    with services.database.reading() as connection:
        batch_id = get_page(connection, ids[0]).batch_id
    return assess(follow_batch(services, batch_id))


def mark(services: Services, page_id: str, *findings: Finding) -> None:
    with services.database.writing() as connection:
        set_page_findings(connection, page_id, findings)


@pytest.mark.parametrize(
    ("expected", "verdict"), [(3, "ready"), (4, "missing"), (2, "surplus"), (None, "ready")]
)
def test_paper_goes_back_only_when_the_count_is_met(
    services: Services, expected: int | None, verdict: str
) -> None:
    ids = opened_batch(services, 3, expected=expected)

    found = assessed(services, ids)

    assert (found.verdict, found.count, found.expected) == (verdict, 3, expected)


def look_at(services: Services, page_id: str, **values: object) -> None:
    with services.database.writing() as connection:
        connection.execute(update(pages_table).where(pages_table.c.id == page_id).values(**values))


@pytest.mark.parametrize(
    ("expected", "verdict"),
    [(1, "missing_or_surplus"), (2, "ready"), (3, "look"), (4, "missing_or_surplus")],
)
def test_a_blank_back_may_have_been_counted_or_not(
    services: Services, expected: int, verdict: str
) -> None:
    ids = opened_batch(services, 3, expected=expected)
    look_at(services, ids[2], is_blank=True)

    found = assessed(services, ids)

    known = {"missing": "missing_or_surplus", "surplus": "missing_or_surplus"}
    assert (known.get(found.verdict, found.verdict), found.count) == (verdict, 2)
    assert found.blanks == (3,)


def test_separator_sheets_are_named_and_not_counted(services: Services) -> None:
    ids = opened_batch(services, 3, expected=2)
    look_at(services, ids[0], separator='{"kind": "patch_t"}')

    found = assessed(services, ids)

    assert (found.verdict, found.count, found.sheets) == ("ready", 2, 1)


def test_nothing_but_blank_pages_is_looked_at(services: Services) -> None:
    ids = opened_batch(services, 1, expected=None)
    look_at(services, ids[0], is_blank=True)

    assert assessed(services, ids).verdict == "look"


def test_review_goes_on_in_the_batch_with_what_waits_before_what_is_read(
    services: Services,
) -> None:
    paper = make_paper(services, 1, 1, 1)
    with services.database.writing() as connection:
        set_document_state(connection, paper.documents[0], state="reading")
        set_document_state(connection, paper.documents[1], state="filing")

    order = []
    for document_id in (paper.documents[2], paper.documents[0]):
        order.append(find_next_of_batch(services, paper.batch.id) == document_id)
        with services.database.writing() as connection:
            set_document_state(connection, document_id, state="filing")

    assert order == [True, True]
    assert find_next_of_batch(services, paper.batch.id) is None


def test_a_document_that_an_undone_change_left_empty_is_not_shown(services: Services) -> None:
    paper = make_paper(services, 2)
    cut = split_document(
        services, paper.documents[0], before_page=paper.pages[0][1], actor=AN, revision=None
    )
    undo(services, paper.batch.id, actor=AN)
    states = [one.state for one in follow_batch(services, paper.batch.id).documents]

    shown = show_place(services, paper.batch.id).documents

    assert cut
    assert sorted(states) == ["discarded", "reading"]
    assert [one.id for one in shown] == [paper.documents[0]]


def test_paper_is_kept_while_a_page_has_not_been_looked_at(services: Services) -> None:
    ids = opened_batch(services, 2, expected=2)
    with services.database.writing() as connection:
        set_page_state(connection, ids[1], state="opened")

    assert assessed(services, ids).verdict == "receiving"


def test_doubled_and_faulty_pages_are_named_before_the_paper_goes(services: Services) -> None:
    ids = opened_batch(services, 3, expected=3)
    mark(services, ids[1], finding(DOUBLED))
    mark(services, ids[2], finding("blurred"), finding("skewed", "note"))

    found = assessed(services, ids)

    assert (found.verdict, found.doubled, found.doubtful) == ("look", (2,), (3,))


def test_a_missing_page_is_said_before_a_faulty_one(services: Services) -> None:
    ids = opened_batch(services, 2, expected=3)
    mark(services, ids[0], finding("blurred"))

    assert assessed(services, ids).verdict == "missing"


def test_a_file_that_cannot_be_opened_keeps_the_paper_until_it_is_discarded(
    services: Services,
) -> None:
    ids = opened_batch(services, 1, expected=1)
    with services.database.reading() as connection:
        batch = get_batch(connection, get_page(connection, ids[0]).batch_id)
    broken = make_delivery(services.database, batch, b"broken")
    reason = Reason(code="damaged_file", vi="hỏng", en="damaged")
    with services.database.writing() as connection:
        set_delivery_state(connection, broken.id, state="set_aside", reason=reason)
    before = assessed(services, ids).verdict
    with services.database.writing() as connection:
        set_delivery_state(connection, broken.id, state="discarded", reason=reason)

    assert (before, assessed(services, ids).verdict) == ("refused", "ready")


def test_a_page_that_was_dropped_in_the_review_is_not_counted(services: Services) -> None:
    ids = opened_batch(services, 2, expected=2)
    with services.database.writing() as connection:
        set_batch_state(connection, get_page(connection, ids[0]).batch_id, state="split")

    assert assessed(services, ids).count == 0


def test_the_count_cannot_be_changed_once_the_batch_is_closed(services: Services) -> None:
    batch = make_batch(services.database)
    end_batch(services, batch.id, actor=AN)

    with pytest.raises(BatchClosedError):
        expect_pages(services, batch.id, expected=3, actor=AN)


def test_opening_twice_with_one_key_opens_one_batch_and_its_dossier(services: Services) -> None:
    wanted = Wanted(
        batch_key="ban-1", dossier_code=CODE, procedure="1.001193", owner_id="001199012345"
    )

    first = open_place(services, wanted, actor=AN)
    second = open_place(services, wanted, actor=AN)

    place = show_place(services, first.id)
    assert first.id == second.id
    assert place.dossier is not None
    assert (place.dossier.owner_id, place.status.batch.owner_id) == ("001199012345",) * 2
    assert [line.state for line in place.checklist][:2] == ["missing", "missing"]


def test_a_second_batch_of_a_dossier_knows_what_the_first_told(services: Services) -> None:
    open_place(services, Wanted(batch_key="a", dossier_code=CODE, procedure="1.001193"), actor=AN)

    batch = open_place(services, Wanted(batch_key="b", dossier_code=CODE), actor=AN)

    assert batch.procedure == "1.001193"


def test_what_is_no_code_or_number_opens_nothing(services: Services) -> None:
    with pytest.raises(DossierCodeError):
        open_place(services, Wanted(batch_key="a", dossier_code="12345"), actor=AN)
    with pytest.raises(OwnerNumberError):
        open_place(services, Wanted(batch_key="a", owner_id="12345"), actor=AN)

    assert list_on_desk(services, actor=AN) == []


def test_a_dossier_of_another_area_cannot_be_opened(services: Services) -> None:
    stranger = Actor("la", "operator", "H11")

    with pytest.raises(OutsideAreaError):
        open_place(services, Wanted(batch_key="a", dossier_code=CODE), actor=stranger)


def test_a_desk_shows_its_own_batches_and_those_of_its_station(services: Services) -> None:
    own = open_place(services, Wanted(batch_key="a"), actor=AN)
    open_place(services, Wanted(batch_key="b"), actor=Actor("binh", "operator"))
    scanned = make_batch(services.database, station="quay-1")

    shown = list_on_desk(services, actor=AN, station="quay-1")
    without = list_on_desk(services, actor=AN, station="quay-1", put_away=[own.id])

    assert {one.id for one in shown} == {own.id, scanned.id}
    assert [one.id for one in without] == [scanned.id]


def test_stations_are_the_watched_folders_and_the_configured_ones(services: Services) -> None:
    shutil.rmtree(services.settings.inbox_folder, ignore_errors=True)
    before = list_stations(services)
    (services.settings.inbox_folder / "quay-7").mkdir(parents=True)

    assert (before, list_stations(services)) == ([], ["quay-7"])


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_page_scanned_twice_is_told_whichever_is_looked_at_first(
    services: Services, order: tuple[int, int]
) -> None:
    ids = opened_batch(services, 2, expected=2)
    with services.database.writing() as connection:
        for number in order:
            connection.execute(
                update(pages_table)
                .where(pages_table.c.id == ids[number])
                .values(fingerprint="f0f0f0f0f0f0f0f0")
            )
            tell_doubled(connection, ids[number])
            tell_doubled(connection, ids[number])

    assert assessed(services, ids).doubled == (2,)


def test_blank_pages_in_a_row_are_not_doubled(services: Services) -> None:
    ids = opened_batch(services, 2, expected=2)
    with services.database.writing() as connection:
        connection.execute(update(pages_table).values(fingerprint="0" * 16))
        tell_doubled(connection, ids[1])

    assert assessed(services, ids).doubled == ()


@pytest.mark.parametrize(
    ("turn", "codes"), [(0, []), (180, ["upside_down"]), (90, ["on_its_side"])]
)
def test_a_page_that_lay_the_wrong_way_round_says_so_once(
    services: Services, turn: int, codes: list[str]
) -> None:
    ids = opened_batch(services, 1, expected=1)
    mark(services, ids[0], finding("upside_down", "note"))
    with services.database.reading() as connection:
        page = get_page(connection, ids[0])

    found = about_turn(page, found=turn)  # type: ignore[arg-type]  # one of four

    assert [one.reason.code for one in found] == codes


def test_a_changed_count_is_written_down(services: Services) -> None:
    opened_batch(services, 1, expected=4)

    (entry,) = [one for one in list_audit(services.database) if one["action"] == "pages_expected"]

    assert (entry["actor"], entry["detail"]) == ("an", '{"expected": 4}')
