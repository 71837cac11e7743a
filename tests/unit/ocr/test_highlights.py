"""What a viewer marks when a word was found is the word's box, and the words stay apart."""

import ctypes
import math
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from pypdfium2 import raw

from documents.model import Box, Line, RecognizedPage, Word
from ocr.assembling import PageToAssemble, assemble_pdf
from tests.builders import ENGINE, NOON
from tests.unit.ocr.drawn import draw_page, save_page
from tests.unit.ocr.judges import words_by_pdfium, words_by_poppler

DPI, SIZE = 100.0, (827, 1170)
# Words as a recogniser gives them: tight boxes with and without what rises or hangs, close ones.
TIGHT = (
    ("Căn", 60, 100, 101, 122),
    ("cứ", 102, 100, 124, 122),
    ("xem", 125, 107, 170, 122),
    ("quyền", 171, 101, 235, 128),
    ("-", 242, 114, 250, 117),
    ("Độc", 257, 98, 300, 127),
    ("01/2026/QĐ", 301, 99, 420, 124),
)
Edges = tuple[float, float, float, float]


# A page whose lines fall by as much as they are apart: one ends where the next one begins.
FALLING = (
    (("Phòng", 60, 100), ("tiếp", 300, 114), ("nhận", 600, 132)),
    (("hồ", 60, 132), ("sơ", 300, 146), ("xăng-", 600, 164)),
    (("ti-mét", 60, 164), ("và", 300, 178), ("dấu.", 600, 196)),
)


def line(*, rise: float = 0.0) -> Line:
    words = tuple(
        Word(text=text, raw=text, box=Box(x0, y0, x1, y1), confidence=0.9)
        for text, x0, y0, x1, y1 in TIGHT
    )
    return Line(words=words, baseline=(60.0, 122.0, 420.0, 122.0 - rise), size=28.0)


def falling_lines() -> tuple[Line, ...]:
    return tuple(
        Line(
            words=tuple(
                Word(text=text, raw=text, box=Box(x, y, x + 80, y + 22), confidence=0.9)
                for text, x, y in words
            ),
            baseline=(60.0, words[0][2] + 22.0, 680.0, words[-1][2] + 22.0),
            size=28.0,
        )
        for words in FALLING
    )


def assembled(folder: Path, *, rise: float = 0.0, lines: tuple[Line, ...] = ()) -> Path:
    image = save_page(draw_page(size=SIZE), folder / "page.jpg", dpi=DPI)
    reading = RecognizedPage(
        width=SIZE[0],
        height=SIZE[1],
        dpi=DPI,
        turn=0,
        lines=lines or (line(rise=rise),),
        engine=ENGINE,
    )
    page = PageToAssemble(image=image, reading=reading)
    return assemble_pdf([page], title="Thử", created_at=NOON, out=folder / "out.pdf").file


def marks_of(file: Path) -> list[Edges]:
    """Return what PDFium marks for each word: left, top, right, bottom in px of the page."""
    document = pdfium.PdfDocument(file)
    try:
        page = document[0]
        text, height = page.get_textpage(), page.get_height()
        content = text.get_text_range()
        starts = [content.index(word) for word, *_ in TIGHT]
        return [
            _rectangle(text, start, len(word), height)
            for start, (word, *_) in zip(starts, TIGHT, strict=True)
        ]
    finally:
        document.close()


def _rectangle(text: pdfium.PdfTextPage, start: int, count: int, height: float) -> Edges:
    assert raw.FPDFText_CountRects(text, start, count) == 1
    left, top, right, bottom = (ctypes.c_double() for _ in range(4))
    raw.FPDFText_GetRect(text, 0, left, top, right, bottom)
    edges = left.value, height - top.value, right.value, height - bottom.value
    x0, y0, x1, y1 = (edge * DPI / 72 for edge in edges)
    return x0, y0, x1, y1


def shared_part(one: Edges, other: Edges) -> float:
    """Return the intersection over the union of two rectangles."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    shared = max(width, 0.0) * max(height, 0.0)
    return shared / (math.prod(_sides(one)) + math.prod(_sides(other)) - shared)


def _sides(edges: Edges) -> tuple[float, float]:
    return edges[2] - edges[0], edges[3] - edges[1]


def test_a_mark_covers_the_box_of_its_word(tmp_path: Path) -> None:
    boxes = [tuple(map(float, edges)) for _, *edges in TIGHT]

    marks = marks_of(assembled(tmp_path))

    parts = {
        word: shared_part(mark, (box[0], box[1], box[2], box[3]))
        for (word, *_), mark, box in zip(TIGHT, marks, boxes, strict=True)
    }
    assert min(parts.values()) >= 0.8, parts


@pytest.mark.parametrize("rise", [0.0, 6.0, 30.0])
def test_words_of_a_line_stay_apart_and_in_order(tmp_path: Path, rise: float) -> None:
    file = assembled(tmp_path, rise=rise)

    words = [word for word, *_ in TIGHT]
    assert words_by_pdfium(file) == words
    assert words_by_poppler(file) == words
    assert words_by_poppler(file, as_written=True) == words


def test_lines_of_a_skewed_page_stay_one_after_the_other(tmp_path: Path) -> None:
    file = assembled(tmp_path, lines=falling_lines())

    words = [word for words in FALLING for word, *_ in words]
    assert words_by_pdfium(file) == words
    assert words_by_poppler(file, as_written=True) == words
