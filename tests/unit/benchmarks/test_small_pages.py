"""Many small pages for a run at length: of all kinds, each a file of its own, some damaged."""

from pathlib import Path

import pytest

from benchmarks.small_pages import (
    KINDS,
    PAGES,
    draw_damaged_file,
    draw_files,
    draw_sheet_file,
)
from documents.errors import RejectedInputError
from documents.limits import PageLimits
from documents.model import OpenedDelivery
from ingest.decoding import load_pixels
from ingest.inspecting import inspect_page
from ingest.opening import open_delivery


def opened(content: bytes, folder: Path) -> OpenedDelivery:
    file = folder / "delivered"
    file.write_bytes(content)
    return open_delivery(file, out=folder, limits=PageLimits())


def test_same_number_gives_the_same_files() -> None:
    assert list(draw_files(3)) == list(draw_files(3))


def test_no_two_files_are_the_same() -> None:
    contents = {content for number in range(2) for _, content in draw_files(number)}
    contents |= {draw_sheet_file(number) for number in range(2)}

    assert len(contents) == 2 * len(KINDS) + 2


def test_files_hold_pages_of_every_mode(tmp_path: Path) -> None:
    pages = [page for _, content in draw_files(1) for page in opened(content, tmp_path).pages]

    assert len(pages) == PAGES
    assert {page.image.mode for page in pages} == {"colour", "grey", "bilevel"}


def test_sheet_is_read_as_a_separator(tmp_path: Path) -> None:
    (page,) = opened(draw_sheet_file(1), tmp_path).pages

    inspected = inspect_page(load_pixels(page.image), image=page.image, previous_fingerprint=None)

    assert inspected.separator is not None


@pytest.mark.parametrize("number", range(2 * len(KINDS)))
def test_damaged_file_is_refused_or_opened_as_one_page(tmp_path: Path, number: int) -> None:
    _, content = draw_damaged_file(number)

    try:
        pages = len(opened(content, tmp_path).pages)
    except RejectedInputError:
        pages = 0

    assert pages <= 1
