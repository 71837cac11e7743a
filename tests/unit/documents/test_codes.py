"""Codes and their checks; the examples are those of the rules that define the codes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.codes import (
    find_dossier_code,
    find_procedure_code,
    find_result_code,
    is_dossier_code,
    is_tax_number,
    mask_number,
    mrz_check_digit,
    parse_personal_id,
)


@pytest.mark.parametrize(
    ("text", "national", "province"),
    [
        ("1.004884", "1.004884", None),
        ("Mã thủ tục: 1.004884.000.00.00.H05", "1.004884", "H05"),
        ("1.014390.H05", "1.014390", "H05"),
        ("1.012507. H05", "1.012507", "H05"),
    ],
)
def test_a_procedure_is_known_by_its_national_code_in_every_generation(
    text: str, national: str, province: str | None
) -> None:
    found = find_procedure_code(text)

    assert found is not None
    assert (found.national, found.province) == (national, province)


@pytest.mark.parametrize("text", ["4.004884", "11.004884", "1.0048841", "1,004884", "1.00488", ""])
def test_other_numbers_are_no_procedure_code(text: str) -> None:
    assert find_procedure_code(text) is None


def test_a_result_code_is_found_in_a_sentence() -> None:
    assert find_result_code("Kết quả: KQ.G15.000031, 01 bản") == "KQ.G15.000031"
    assert find_result_code("KQ.A15.000031") is None


@pytest.mark.parametrize(
    ("text", "agency", "received_on", "sequence"),
    [
        ("000.00.01.H05-210616-0001", "000.00.01.H05", date(2021, 6, 16), 1),
        ("H05.01.02-251103-0012", "H05.01.02", date(2025, 11, 3), 12),
        ("G01.012.03-260801-051234", "G01.012.03", date(2026, 8, 1), 51234),
    ],
)
def test_a_dossier_code_of_either_generation_says_agency_day_and_sequence(
    text: str, agency: str, received_on: date, sequence: int
) -> None:
    found = find_dossier_code(f"Mã hồ sơ: {text}.")

    assert found is not None
    assert (found.text, found.agency) == (text, agency)
    assert (found.received_on, found.sequence) == (received_on, sequence)
    assert is_dossier_code(text)


@pytest.mark.parametrize(
    "text",
    [
        "H05.01.02-251303-0012",
        "H05.01.02-250230-0012",
        "H05.01.02-171231-0012",
        "H05.01.02-251103-0000",
        "H05.01.02-251103-012",
        "xH05.01.02-251103-0012",
        "",
    ],
)
def test_a_code_with_an_impossible_day_or_sequence_is_no_dossier_code(text: str) -> None:
    assert find_dossier_code(text) is None


def test_the_first_possible_code_is_taken() -> None:
    found = find_dossier_code("H05.01-251399-0001 H05.01-251103-0002")

    assert found is not None
    assert found.text == "H05.01-251103-0002"


def test_a_dossier_code_with_anything_beside_it_is_not_one() -> None:
    assert not is_dossier_code("H05.01.02-251103-0012 ")
    assert not is_dossier_code("Mã H05.01.02-251103-0012")


@pytest.mark.parametrize(
    ("text", "place", "year", "is_female"),
    [
        ("027190001234", "027", 1990, True),
        ("034301001234", "034", 2001, True),
        ("0011 6902 0213", "001", 1969, True),
        ("001.069.020.213", "001", 1969, False),
    ],
)
def test_a_personal_number_says_place_year_and_sex(
    text: str, place: str, year: int, *, is_female: bool
) -> None:
    person = parse_personal_id(text)

    assert person is not None
    assert (person.place, person.birth_year, person.is_female) == (place, year, is_female)
    assert len(person.text) == 12


@pytest.mark.parametrize("text", ["02719000123", "0271900012345", "02719000123A", "123456789", ""])
def test_what_has_not_twelve_digits_is_no_personal_number(text: str) -> None:
    assert parse_personal_id(text) is None


@given(
    st.integers(0, 999),
    st.integers(1900, 2399),
    st.integers(0, 1),
    st.integers(0, 999_999),
)
def test_every_personal_number_says_what_it_was_made_of(
    place: int, year: int, sex: int, rest: int
) -> None:
    century = 2 * ((year - 1900) // 100) + sex

    person = parse_personal_id(f"{place:03d}{century}{year % 100:02d}{rest:06d}")

    assert person is not None
    assert (int(person.place), person.birth_year, person.is_female) == (place, year, sex == 1)


@pytest.mark.parametrize("text", ["0100233488", "0100109106", "0314409058-002", "0314409058002"])
def test_a_tax_number_with_its_check_digit_is_one(text: str) -> None:
    assert is_tax_number(text)


@pytest.mark.parametrize("text", ["0100233489", "0314409058-000", "0100109106-1", "010010910", ""])
def test_a_tax_number_with_a_wrong_check_digit_or_unit_is_none(text: str) -> None:
    assert not is_tax_number(text)


@given(st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed_in_a_tax_number(place: int, added: int) -> None:
    digits = [int(digit) for digit in "0100233488"]

    digits[place] = (digits[place] + added) % 10

    assert not is_tax_number("".join(map(str, digits)))


@pytest.mark.parametrize(("text", "digit"), [("D23145890", "7"), ("740812", "2"), ("120415", "9")])
def test_the_check_digits_of_the_specimen_of_icao_come_out(text: str, digit: str) -> None:
    assert mrz_check_digit(text) == digit


def test_the_composite_check_digit_of_the_specimen_comes_out() -> None:
    line_1, line_2 = "I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6"

    digit = mrz_check_digit(line_1[5:30] + line_2[0:7] + line_2[8:15] + line_2[18:29])

    assert digit == line_2[29]


def test_lists_show_the_ends_of_a_number_only() -> None:
    assert mask_number("027190001234") == "0271••••1234"


@given(st.text("0123456789", max_size=8))
def test_nothing_of_a_short_number_is_ever_shown(text: str) -> None:
    assert mask_number(text) == "•" * len(text)


@given(st.text())
def test_no_text_makes_the_readers_of_codes_fail(text: str) -> None:
    find_procedure_code(text)
    find_result_code(text)
    find_dossier_code(text)
    parse_personal_id(text)

    assert is_tax_number(text) in (True, False)
