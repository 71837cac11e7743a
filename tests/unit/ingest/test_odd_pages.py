"""Odd pages of other projects go the way to a reading: each is read, blank, or refused by name.

They are English and French, read by the Vietnamese model as everything here: words without marks
are mostly right, which is enough to see that the picture reached the reader whole and upright.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from benchmarks.scoring import word_recall
from documents.errors import PipelineError
from documents.limits import PageLimits
from tests.builders import NOON
from tests.unit.ingest.fuzz_files import LIMITS, PATIENCE_FOR_OPENING
from tests.unit.ingest.material import given, given_names
from workers.child_pool import ChildPool
from workers.errors import ChildDiedError
from workers.page_jobs import (
    InspectJob,
    OpenJob,
    OpenResult,
    ReadJob,
    ReadResult,
    layer_file,
)

_FOLDER = "ocr-generic"
_NAMES = given_names(_FOLDER)


@dataclass(frozen=True, slots=True)
class End:
    """How a page ended: read, own text, blank, separator; or the code of the refusal."""

    how: str
    text: str = ""
    turn: int = 0


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, int], list[End]]]:
    """Take the first pages of a file, once for all tests."""
    pool = ChildPool(size=1, limits=LIMITS)

    @cache
    def take_once(name: str, pages: int) -> list[End]:
        return _ends_of(given(name), tmp_path_factory.mktemp("pages"), pool, pages=pages)

    yield take_once
    pool.close()


def _ends_of(file: Path, out: Path, pool: ChildPool, *, pages: int) -> list[End]:
    try:
        return list(_go_through(file, out, pool, pages=pages))
    except ChildDiedError:
        raise  # no refusal: the file did what nobody foresaw
    except PipelineError as error:
        return [End(error.reason.code)]


def _go_through(file: Path, out: Path, pool: ChildPool, *, pages: int) -> Iterator[End]:
    job = OpenJob(file=file, out=out, limits=PageLimits(), password=None, trust_roots=(), now=NOON)
    opened: OpenResult = pool.run("open", job, patience=PATIENCE_FOR_OPENING)
    own = {one.ordinal: one.text for one in opened.own_readings}
    for page in opened.opened.pages[:pages]:
        copy = out / f"{page.ordinal}.pgm"
        needs_copy = page.ordinal not in own
        look = InspectJob(
            image=page.image, previous_fingerprint=None, copy=copy, needs_copy=needs_copy
        )
        inspected = pool.run("inspect", look)
        if not needs_copy:
            yield End("own text", own[page.ordinal])
        elif inspected.reading_copy is None:
            yield End("separator" if inspected.separator else "blank")
        else:
            layer = layer_file(out, page.ordinal)
            read: ReadResult = pool.run(
                "read",
                ReadJob(
                    image=inspected.image,
                    copy=copy,
                    out=copy.with_suffix(".reading"),
                    engine="tesserocr",
                    tessdata=None,
                    language="vie",
                    timeout_seconds=LIMITS.seconds,
                    layer=layer if layer.exists() else None,
                ),
            )
            yield End("read", read.text, read.turn)


def truth(name: str) -> str:
    return given(f"{_FOLDER}/{name}").read_text("utf-8", "replace")


@pytest.mark.parametrize("name", _NAMES)
def test_first_page_ends_in_a_reading_or_a_refusal(
    take: Callable[[str, int], list[End]], name: str
) -> None:
    (end, *_) = take(name, 1)

    assert end.how


@pytest.mark.parametrize(
    "name",
    [
        "naps2/blank1.jpg",  # streaks of the feeder's rollers
        "naps2/blank2.jpg",
        "ocrmypdf/blank.pdf",
        "ocrmypdf/docinfo_latin1_key.pdf",
        "ocrmypdf/livecycle.pdf",
        "ocrmypdf/no_contents.pdf",
        "ocrmypdf/trivial.pdf",
    ],
)
def test_empty_page_is_blank(take: Callable[[str, int], list[End]], name: str) -> None:
    assert take(f"{_FOLDER}/{name}", 1) == [End("blank")]


def test_five_tiny_lines_are_read(take: Callable[[str, int], list[End]]) -> None:
    (end,) = take(f"{_FOLDER}/naps2/notblank.jpg", 1)

    assert end.how == "read"
    assert "separator sheet" in end.text
    assert len(end.text.split()) >= 40


def test_patch_sheet_is_a_separator(take: Callable[[str, int], list[End]]) -> None:
    assert take(f"{_FOLDER}/naps2/deskewed.jpg", 1) == [End("separator")]


@pytest.mark.parametrize(
    ("name", "printed", "least"),
    [
        ("ocrmypdf/linn.png", "ocrmypdf/linn.txt", 0.90),
        ("ocrmypdf/skew.pdf", "ocrmypdf/linn.txt", 0.90),
        ("ocrmypdf/rotated_skew.pdf", "ocrmypdf/linn.txt", 0.90),
        ("ocrmypdf/jbig2.pdf", "ocrmypdf/linn.txt", 0.90),
        ("ocrmypdf/ccitt.pdf", "ocrmypdf/linn.txt", 0.90),
        ("tesseract/phototest.tif", "tesseract/phototest.gold.txt", 0.97),
        ("tesseract/eurotext.tif", "tesseract/eurotext.txt", 0.88),
        ("tesseract/8087_054.3B.tif", "tesseract/8087_054.3B.txt", 0.88),
    ],
)
def test_words_are_found(
    take: Callable[[str, int], list[End]], name: str, printed: str, least: float
) -> None:
    (end,) = take(f"{_FOLDER}/{name}", 1)

    assert word_recall(truth(printed), end.text) >= least


@pytest.mark.parametrize(
    ("name", "turn"),
    [
        ("phototest-rotated-180.png", 180),
        ("phototest-rotated-L.png", 90),
        ("phototest-rotated-R.png", 270),
    ],
)
def test_turned_page_is_read_upright(
    take: Callable[[str, int], list[End]], name: str, turn: int
) -> None:
    (end,) = take(f"{_FOLDER}/tesseract/{name}", 1)

    assert end.turn == turn
    assert word_recall(truth("tesseract/phototest.gold.txt"), end.text) >= 0.97


def test_pages_that_the_file_turns_are_read_as_they_are_shown(
    take: Callable[[str, int], list[End]],
) -> None:
    ends = take(f"{_FOLDER}/ocrmypdf/cardinal.pdf", 4)

    printed = truth("ocrmypdf/linn.txt")
    assert [word_recall(printed, end.text) >= 0.90 for end in ends] == [True] * 4


def test_word_with_two_marks_on_one_letter_is_read(
    take: Callable[[str, int], list[End]],
) -> None:
    (end,) = take(f"{_FOLDER}/tesseract/viet.tif", 1)

    assert end.text.split() == ["tiếng"]


@pytest.mark.parametrize("name", ["missing_docinfo.pdf", "overlay.pdf", "tagged.pdf"])
def test_text_of_a_born_digital_page_is_taken(
    take: Callable[[str, int], list[End]], name: str
) -> None:
    (end,) = take(f"{_FOLDER}/ocrmypdf/{name}", 1)

    assert end.how == "own text"
    assert end.text.split()
