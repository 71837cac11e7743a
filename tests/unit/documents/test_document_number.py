"""Numbers and notations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.document_number import find_document_number, is_document_number, normalise
from documents.folding import to_nfc


@pytest.mark.parametrize(
    "text",
    [
        "717/QĐ-UBND",
        "50/UBND-KSTT",
        "114-KL/TU",
        "04-CTr/TU",
        "45/2020/NĐ-CP",
        "33/2024/QH15",
        "66.22/2026/NQ-CP",
        "163/2025/QĐ-CTUBND",
        "123/2024/HĐTĐ",
    ],
)
def test_the_numbers_of_real_papers_are_in_normal_form(text: str) -> None:
    found = find_document_number(f"Số: {text} ")

    assert found is not None
    assert found.text == text
    assert is_document_number(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Số: 686 /STTT-CNTT&BCVT", "686/STTT-CNTT&BCVT"),
        ("Số: 12 /GP-SXD", "12/GP-SXD"),
        ("Số: 120/QÐ-UBND", "120/QĐ-UBND"),
        ("Số: 120/QĐ–UBND", "120/QĐ-UBND"),
        ("Số: 12/QĐĐ-UBND", "12/QĐ-UBND"),
    ],
)
def test_blanks_and_look_alikes_are_levelled(text: str, value: str) -> None:
    found = find_document_number(text)

    assert found is not None
    assert found.text == value


def test_a_number_tells_its_parts_and_where_it_stands() -> None:
    text = "Nghị định số 45/2020/NĐ-CP ngày 08 tháng 4 năm 2020"

    found = find_document_number(text)

    assert found is not None
    assert (found.number, found.year, found.notation) == ("45", "2020", "NĐ-CP")
    assert found.type_abbreviation == "NĐ"
    assert text[found.start : found.end] == "45/2020/NĐ-CP"


@pytest.mark.parametrize("text", ["15/2026", "12/03/2026", "1.004884", "ngày 5", "", "QĐ-UBND"])
def test_dates_and_bare_numbers_are_no_number_with_notation(text: str) -> None:
    assert find_document_number(text) is None


@pytest.mark.parametrize("text", ["Số 12/QĐ-UBND", "12/QĐ-UBND ngày", "12 /QĐ-UBND"])
def test_anything_beside_a_number_makes_it_another_text(text: str) -> None:
    assert not is_document_number(text)


@given(st.text())
def test_levelling_keeps_every_letter_in_its_place(text: str) -> None:
    assert len(normalise(text)) == len(to_nfc(text))


@given(
    st.integers(1, 999_999),
    st.sampled_from([None, 1999, 2026]),
    st.sampled_from(["QĐ-UBND", "GP-SXD", "UBND-KSTT", "TTPVHCC", "NQ-HĐND"]),
)
def test_every_number_that_is_written_is_found_again(
    number: int, year: int | None, notation: str
) -> None:
    middle = f"{year}/" if year else ""

    found = find_document_number(f"Số: {number}/{middle}{notation}")

    assert found is not None
    assert found.text == f"{number}/{middle}{notation}"
