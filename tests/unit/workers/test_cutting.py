"""A person cuts an image that shows several papers; nothing is lost, and it can be taken back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from configuration.settings import Settings
from database.converting import PAGE_IMAGE, to_json
from database.overview import page_span
from database.pages import get_page
from database.regions import has_other_region
from database.tables import pages as pages_table
from documents.model import Box, PageImage
from ingest.findings import several_papers
from tests.contract.catalogue_entries import state_of_stage
from tests.unit.workers.under_review import AN, Paper, ids_in, make_paper, places_of, state_of
from workers.cutting import cut_page
from workers.page_changes import list_changes, rotate_page, split_document, undo
from workers.review_errors import ImpossibleChangeError, SignedFileKeptError
from workers.services import Services, build_services

WHOLE = Box(0, 0, 1654, 2339)
UPPER, LOWER = Box(0, 0, 1654, 1100), Box(0, 1150, 1654, 2339)


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    built = build_services(Settings(home=tmp_path / "home"))
    yield built
    built.close()


def paper_of_two(services: Services) -> Paper:
    """Make a document of three pages, of which the first shows two papers."""
    return make_paper(services, 3, findings=(several_papers((UPPER, LOWER), WHOLE),))


def image_of(services: Services, page_id: str) -> PageImage:
    with services.database.reading() as connection:
        return get_page(connection, page_id).image


def test_proposed_parts_become_pages_where_the_page_stood(services: Services) -> None:
    paper = paper_of_two(services)
    whole, second, third = paper.pages[0]

    upper, lower = cut_page(services, whole, actor=AN)

    placed = [(one.page_id, one.role) for one in places_of(services, paper.documents[0])]
    assert placed == [
        (upper, "content"),
        (lower, "content"),
        (whole, "dropped"),
        (second, "content"),
        (third, "content"),
    ]
    assert [image_of(services, one).region for one in (upper, lower)] == [UPPER, LOWER]
    assert (image_of(services, lower).width, image_of(services, lower).height) == (1654, 1189)
    assert image_of(services, upper).file == image_of(services, whole).file
    assert image_of(services, whole).region is None


def test_parts_are_looked_at_and_read_before_the_document_goes_on(services: Services) -> None:
    paper = paper_of_two(services)

    made = cut_page(services, paper.pages[0][0], actor=AN)

    assert state_of(services, paper.documents[0]) == ("reading", None)
    stages = [state_of_stage(services.database, one, "inspect") for one in made]
    assert stages == ["ready", "ready"]


def test_cut_is_taken_back_and_made_again_with_the_same_pages(services: Services) -> None:
    paper = paper_of_two(services)
    made = cut_page(services, paper.pages[0][0], actor=AN)

    undo(services, paper.batch.id, actor=AN)
    after_undo = ids_in(services, paper.documents[0])
    again = cut_page(services, paper.pages[0][0], actor=AN)

    assert after_undo == paper.pages[0]
    assert again == made
    assert [one.kind for one in list_changes(services, paper.batch.id)] == ["page_cut", "page_cut"]


def test_parts_keep_the_number_of_their_page_in_the_batch(services: Services) -> None:
    paper = paper_of_two(services)

    cut_page(services, paper.pages[0][0], actor=AN)

    with services.database.reading() as connection:
        assert page_span(connection, paper.documents[0]) == (1, 3)


def test_named_parts_are_those_of_the_page_as_it_is_seen(services: Services) -> None:
    paper = make_paper(services, 1)
    rotate_page(services, paper.pages[0][0], by=90, actor=AN)
    left_of_the_turned_page = Box(0, 0, 1000, 1654)
    right_of_it = Box(1000, 0, 2339, 1654)

    made = cut_page(
        services, paper.pages[0][0], parts=(left_of_the_turned_page, right_of_it), actor=AN
    )

    regions = [image_of(services, one).region for one in made]
    assert regions == [Box(0, 1339, 1654, 2339), Box(0, 0, 1654, 1339)]


def test_named_parts_follow_the_turn_that_reading_found(services: Services) -> None:
    paper = make_paper(services, 1)
    page_id = paper.pages[0][0]
    turned = to_json(PAGE_IMAGE, replace(image_of(services, page_id), turn=180))
    with services.database.writing() as connection:
        # It was read without a turn, so that is how it is seen.
        connection.execute(pages_table.update().values(image=turned))

    made = cut_page(services, page_id, parts=(UPPER, LOWER), actor=AN)

    assert [image_of(services, one).region for one in made] == [UPPER, LOWER]


def test_part_can_be_cut_again(services: Services) -> None:
    paper = paper_of_two(services)
    _, lower = cut_page(services, paper.pages[0][0], actor=AN)

    made = cut_page(
        services, lower, parts=(Box(0, 0, 800, 1189), Box(800, 0, 1654, 1189)), actor=AN
    )

    regions = [image_of(services, one).region for one in made]
    assert regions == [Box(0, 1150, 800, 2339), Box(800, 1150, 1654, 2339)]


def test_parts_in_two_documents_know_of_each_other(services: Services) -> None:
    paper = paper_of_two(services)
    upper, lower = cut_page(services, paper.pages[0][0], actor=AN)

    split_document(services, paper.documents[0], before_page=lower, actor=AN)

    with services.database.reading() as connection:
        page = get_page(connection, upper)
        assert has_other_region(connection, page, beside=[upper])
        assert not has_other_region(connection, page, beside=[upper, lower])


@pytest.mark.parametrize(
    "parts",
    [
        (),
        (UPPER,),
        (UPPER, UPPER),
        (UPPER, Box(0, 1150, 1655, 2339)),
        (UPPER, Box(-1, 1150, 1654, 2339)),
        (UPPER, Box(0, 1150, 20, 2339)),
        tuple(Box(0, 100 * n, 1654, 100 * n + 90) for n in range(9)),
    ],
)
def test_cut_that_makes_no_sense_is_refused(services: Services, parts: tuple[Box, ...]) -> None:
    paper = make_paper(services, 1)

    with pytest.raises(ImpossibleChangeError, match="2 to 8"):
        cut_page(services, paper.pages[0][0], parts=parts, actor=AN)

    assert ids_in(services, paper.documents[0]) == paper.pages[0]


def test_page_that_a_program_drew_is_not_cut(services: Services) -> None:
    paper = paper_of_two(services)
    with services.database.writing() as connection:
        connection.execute(pages_table.update().values(origin="born_digital"))

    with pytest.raises(ImpossibleChangeError, match="no scan"):
        cut_page(services, paper.pages[0][0], actor=AN)


def test_signed_file_is_not_cut(services: Services) -> None:
    paper = paper_of_two(services)
    with services.database.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE documents SET received_delivery_id = (SELECT id FROM deliveries)"
        )

    with pytest.raises(SignedFileKeptError):
        cut_page(services, paper.pages[0][0], actor=AN)
