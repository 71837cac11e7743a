"""The piece of a document that is shown."""

from hypothesis import given
from hypothesis import strategies as st

from documents.folding import fold, to_nfc
from search.query import parse_query
from search.snippets import Snippet, make_snippet


def snippet(text: str, *pages: str, owner_id: str | None = None) -> Snippet:
    return make_snippet(pages, parse_query(text), owner_id=owner_id)


def marked(shown: Snippet) -> list[str]:
    return [shown.text[start:end] for start, end in shown.marked]


def test_the_page_with_most_of_the_words_is_shown() -> None:
    shown = snippet(
        "giay phep xay dung", "giấy tờ", "x " * 300 + "giấy phép xây dựng " + "y " * 300
    )

    assert shown.page == 2
    assert marked(shown) == ["giấy", "phép", "xây", "dựng"]
    assert len(shown.text) <= 200


def test_the_page_with_the_same_marks_is_preferred() -> None:
    assert snippet("đường", "dương dương dương", "một đường").page == 2


def test_words_are_marked_whole_but_for_the_last() -> None:
    assert marked(snippet("an ", "toàn an ninh and AN")) == ["an", "AN"]
    assert marked(snippet("ninh bi", "an ninh, Ninh Bình")) == ["ninh", "Ninh", "Bình"]


def test_an_unfinished_word_is_marked_only_where_the_finished_one_is_not() -> None:
    assert marked(snippet("pho", "Phòng, thành phố")) == ["phố"]


def test_a_phrase_is_marked_across_punctuation() -> None:
    assert marked(snippet("120/qd-ubnd", "Số: 120 /QĐ - UBND ngày")) == ["120 /QĐ - UBND"]


def test_where_no_page_fits_the_beginning_is_shown_and_no_page_named() -> None:
    assert snippet("xyz", "đầu trang\nmột", "hai") == Snippet(None, "đầu trang một", ())
    assert snippet("xyz") == Snippet(None, "", ())


def test_personal_numbers_are_masked_and_others_are_not() -> None:
    text = "số 027190001234, mã 0100233488, quyển 12, chủ 123456789"

    shown = snippet("so", text, owner_id="123456789")

    assert shown.text == "số 0271••••1234, mã 0100233488, quyển 12, chủ 1234•6789"


@given(
    st.text(st.sampled_from("ab đường.\n0"), max_size=30),
    st.lists(st.text(st.sampled_from("aáb đườngĐ.\n0"), max_size=900), max_size=3),
)
def test_every_marked_range_fits_a_word_of_the_query(text: str, pages: list[str]) -> None:
    terms = parse_query(text)

    shown = make_snippet([to_nfc(page) for page in pages], terms, owner_id=None)

    words = {word for term in terms for word in term.folded}
    last_end = 0
    for start, end in shown.marked:
        assert last_end <= start < end <= len(shown.text)
        assert any(word in fold(shown.text[start:end]) for word in words)
        last_end = end
