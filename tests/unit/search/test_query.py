"""What a person typed becomes terms."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.folding import fold, to_nfc
from search.errors import MalformedQueryError
from search.query import Term, parse_query
from search.words import fold_nfc, words_of


def folded_terms(text: str) -> list[str]:
    return [" ".join(term.folded) + "*" * term.is_prefix for term in parse_query(text)]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("giấy khai sinh", ["giay", "khai", "sinh*"]),
        ("giấy khai sinh ", ["giay", "khai", "sinh"]),
        ('giấy "khai sinh"', ["giay", "khai sinh"]),
        ('"khai sinh', ["khai sinh"]),
        ("120/QĐ-UBND", ["120 qd ubnd*"]),
        ("120 qd", ["120", "qd*"]),
        ("quyết định 120", ["quyet", "dinh", "120"]),
        ("a", ["a"]),
        ("dinh.", ["dinh"]),
        ("«đất đai»", ["dat dai"]),
        ('"" ... ()', []),
        ("", []),
    ],
)
def test_terms_of_a_query(text: str, terms: list[str]) -> None:
    assert folded_terms(text) == terms


def test_marks_that_were_typed_are_kept() -> None:
    assert parse_query("Đường") == (Term(exact=("đường",), folded=("duong",), is_prefix=True),)
    assert parse_query("Đường")[0].has_marks
    assert not parse_query("DUONG")[0].has_marks


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("027190001234", "027190001234"),
        ("0271.9000.1234", "027190001234"),
        ("0100109106-001", "0100109106001"),
        ("12345678", None),
        ("CN719597123", None),
    ],
)
def test_numbers_of_persons_and_enterprises_are_recognised(
    text: str, identifier: str | None
) -> None:
    assert parse_query(text)[0].identifier == identifier


@given(st.text(max_size=300))
def test_every_text_is_terms_or_malformed(text: str) -> None:
    try:
        terms = parse_query(text)
    except MalformedQueryError:
        return

    for term in terms:
        assert term.exact
        assert len(term.exact) == len(term.folded)
        assert not any(set(word) & set(' "*()^:\0') for word in term.exact + term.folded)


@given(st.text())
def test_folding_quickly_is_folding(text: str) -> None:
    assert fold_nfc(to_nfc(text)) == fold(text)


def test_both_forms_of_a_letter_give_the_same_words() -> None:
    text = "Uỷ ban nhân dân"

    assert words_of(to_nfc(unicodedata.normalize("NFD", text))) == words_of(to_nfc(text))
