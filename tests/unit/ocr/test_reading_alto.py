"""ALTO that we wrote is read back: words, places, doubts, by what it was read."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.model import RecognizedPage
from ocr.alto import to_alto
from ocr.reading_alto import read_alto
from tests.builders import line_of, make_line, make_page, make_word


def page() -> RecognizedPage:
    corrected = line_of(
        [
            make_word("Số:", y=300),
            make_word("120/QĐ-UBND", raw="120/QD-UBND", x=400, y=300),
            make_word("mờ", x=700, y=300, confidence=0.4, doubtful=True),
        ],
        block=1,
    )
    return make_page(make_line("ỦY BAN <&> NHÂN DÂN"), make_line("XÃ MẪU", y=180), corrected)


def read_back(*pages: RecognizedPage) -> list[RecognizedPage]:
    return read_alto(to_alto(pages, source="doc_1").encode())


def test_text_words_places_and_doubts_come_back() -> None:
    (found,) = read_back(page())

    assert found.text == page().text
    assert found.words == page().words
    assert (found.width, found.height, found.engine) == (
        page().width,
        page().height,
        page().engine,
    )


def test_pages_come_back_in_order_each_with_its_engine() -> None:
    other = make_page(make_line("Trang hai"))
    other = replace(other, engine=replace(other.engine, name="pdf-text"))

    found = read_back(page(), other, page())

    assert [one.text for one in found] == [page().text, "Trang hai", page().text]
    assert [one.engine.name for one in found] == [
        page().engine.name,
        "pdf-text",
        page().engine.name,
    ]


def test_page_without_words_comes_back_empty() -> None:
    (found,) = read_back(make_page())

    assert found.lines == ()


@given(st.lists(st.text("aăâđêôơưạ<>&\"'0/", min_size=1, max_size=9), min_size=1, max_size=5))
def test_any_words_come_back(words: list[str]) -> None:
    given_page = make_page(make_line(" ".join(words)))

    (found,) = read_back(given_page)

    assert [one.text for one in found.words] == [one.text for one in given_page.words]


@pytest.mark.parametrize("content", [b"", b"<alto", b"\x1f\x8b", b"%PDF-1.7"])
def test_what_is_no_alto_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="no XML"):
        read_alto(content)
