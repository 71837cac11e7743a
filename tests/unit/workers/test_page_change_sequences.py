"""Whatever people change in whatever order, no page is lost, doubled or left without a place."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from configuration.settings import Settings
from database.page_changes import EMPTIED
from database.records import DocumentRow, PageRole, list_documents
from documents.errors import PipelineError
from documents.identifiers import PageId
from tests.unit.workers.under_review import AN, Paper, make_paper, places_of
from workers.page_changes import (
    drop_page,
    list_changes,
    merge_documents,
    move_pages,
    reorder_pages,
    restore_page,
    rotate_page,
    split_document,
    undo,
)
from workers.services import Services, build_services

_KINDS = ("rotate", "reorder", "drop", "restore", "move", "split", "merge", "undo")
_ROLES: tuple[PageRole, ...] = ("content", "content", "content", "blank")
numbers = st.integers(min_value=0, max_value=50)
steps = st.lists(st.tuples(st.sampled_from(_KINDS), numbers, numbers, numbers), max_size=12)
sizes = st.lists(st.integers(min_value=1, max_value=4), min_size=1, max_size=3)
_keys = count()


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    built = build_services(Settings(home=tmp_path_factory.mktemp("home")))
    yield built
    built.close()


def new_paper(services: Services, sizes_of: list[int]) -> Paper:
    number = next(_keys)
    roles = [role for size in sizes_of for role in _ROLES[:size]]
    return make_paper(
        services, *sizes_of, key=f"lô-{number}", content=f"%PDF-{number}".encode(), roles=roles
    )


def documents_of(services: Services, paper: Paper) -> list[DocumentRow]:
    with services.database.reading() as connection:
        return list_documents(connection, batch_ids=(paper.batch.id,))


def apply(services: Services, paper: Paper, step: tuple[str, int, int, int]) -> None:
    """Make one change with the pages and documents that the numbers point at."""
    kind, first, second, third = step
    pages = [page for one in paper.pages for page in one]
    documents = [one.id for one in documents_of(services, paper)]
    page, document = pages[first % len(pages)], documents[second % len(documents)]
    match kind:
        case "rotate":
            rotate_page(services, page, by=90 * (1 + third % 3), actor=AN)
        case "reorder":
            ids = [one.page_id for one in places_of(services, document)]
            shift = first % max(len(ids), 1)
            reorder_pages(services, document, ids[shift:] + ids[:shift], actor=AN)
        case "drop":
            drop_page(services, page, actor=AN)
        case "restore":
            restore_page(services, page, actor=AN)
        case "move":
            chosen = list(dict.fromkeys((page, pages[third % len(pages)])))
            move_pages(services, chosen, to_document=document, position=1 + third % 3, actor=AN)
        case "split":
            ids = [one.page_id for one in places_of(services, document)] or [PageId("pag_0")]
            split_document(services, document, before_page=ids[first % len(ids)], actor=AN)
        case "merge":
            other = documents[third % len(documents)]
            merge_documents(services, into=document, other=other, actor=AN)
        case _:
            undo(services, paper.batch.id, actor=AN)


def check_whole(services: Services, paper: Paper) -> None:
    found: Counter[PageId] = Counter()
    documents = documents_of(services, paper)
    assert [one.ordinal for one in documents] == list(range(1, len(documents) + 1))
    for document in documents:
        placed = places_of(services, document.id)
        found.update(one.page_id for one in placed)
        assert [one.ordinal for one in placed] == list(range(1, len(placed) + 1))
        if any(one.role == "content" for one in placed):
            assert document.state in ("reading", "awaiting_review")
        else:
            assert document.state == "discarded"
            assert document.reason is not None
            assert document.reason.code in EMPTIED
    assert found == Counter(page for one in paper.pages for page in one)


@settings(max_examples=150)
@given(sizes, steps)
def test_every_page_stays_in_exactly_one_document_and_no_document_is_empty(
    services: Services, sizes_of: list[int], changes: list[tuple[str, int, int, int]]
) -> None:
    paper = new_paper(services, sizes_of)

    for step in changes:
        with suppress(PipelineError):
            apply(services, paper, step)
        check_whole(services, paper)


@settings(max_examples=80)
@given(sizes, steps)
def test_everything_can_be_taken_back_to_the_beginning(
    services: Services, sizes_of: list[int], changes: list[tuple[str, int, int, int]]
) -> None:
    paper = new_paper(services, sizes_of)
    before = [places_of(services, one) for one in paper.documents]
    for step in changes:
        with suppress(PipelineError):
            apply(services, paper, step)

    while any(one.is_next for one in list_changes(services, paper.batch.id)):
        undo(services, paper.batch.id, actor=AN)

    assert [places_of(services, one) for one in paper.documents] == before
    assert all(one.undone_at is not None for one in list_changes(services, paper.batch.id))
    check_whole(services, paper)
