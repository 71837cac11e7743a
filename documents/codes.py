"""Codes of procedures, results, dossiers, agencies and persons, and their checks."""

import re
from dataclasses import dataclass
from datetime import date

_PROCEDURE = re.compile(r"(?<![\d.])([123]\.\d{6})(?:\.000\.00\.00)?(?:\.\s?(H\d{2}))?(?!\d)")
_RESULT = re.compile(r"\bKQ\.([GH]\d{2})\.(\d{5,7})\b")
_DOSSIER_OLD = re.compile(r"(?<![\w.])(\d{3})\.(\d{2})\.(\d{2})\.([A-Z]\d{2})-(\d{6})-(\d{4,})\b")
_DOSSIER_NEW = re.compile(r"(?<![\w.])([A-Z]\d{2}(?:\.[0-9A-Z]{1,5}){0,6})-(\d{6})-(\d{4,})\b")
_PERSON = re.compile(r"(\d{3})(\d)(\d{2})(\d{6})")
_TAX = re.compile(r"(\d{10})(?:-?(\d{3}))?")
# TT 105/2020/TT-BTC Điều 5: weights of the first nine digits.
_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_FIRST_DOSSIER_YEAR = 2018
_SHOWN_AT_START, _SHOWN_AT_END = 4, 4


@dataclass(frozen=True, slots=True)
class ProcedureCode:
    """A procedure's code; `national` is the key, `province` a suffix of local lists."""

    national: str
    province: str | None


@dataclass(frozen=True, slots=True)
class DossierCode:
    """A dossier's code of either generation (TT 01/2018 Điều 19; TT 03/2025 Điều 13)."""

    text: str
    agency: str
    received_on: date
    sequence: int


@dataclass(frozen=True, slots=True)
class PersonalId:
    """A 12-digit personal number (NĐ 137/2015 Điều 13): place, sex and year of birth."""

    text: str
    place: str
    birth_year: int
    is_female: bool


def find_procedure_code(text: str) -> ProcedureCode | None:
    """Return the first procedure code in a text, whatever its generation."""
    match = _PROCEDURE.search(text)
    return ProcedureCode(match[1], match[2]) if match else None


def find_result_code(text: str) -> str | None:
    """Return the first result-type code (mã kết quả) in a text."""
    match = _RESULT.search(text)
    return match[0] if match else None


def find_dossier_code(text: str) -> DossierCode | None:
    """Return the first dossier code in a text whose date is a real one."""
    for pattern, agency_groups in ((_DOSSIER_OLD, (1, 2, 3, 4)), (_DOSSIER_NEW, (1,))):
        for match in pattern.finditer(text):
            groups = match.groups()
            received_on = _short_date(groups[-2])
            if received_on is not None and int(groups[-1]) > 0:
                agency = ".".join(match[group] for group in agency_groups)
                return DossierCode(match[0], agency, received_on, int(groups[-1]))
    return None


def is_dossier_code(text: str) -> bool:
    """Say whether a text is a dossier code and nothing else."""
    found = find_dossier_code(text)
    return found is not None and found.text == text


def parse_personal_id(text: str) -> PersonalId | None:
    """Return what a personal number says; None where it is none. Blanks are left out."""
    bare = re.sub(r"[\s.]", "", text)
    match = _PERSON.fullmatch(bare)
    if match is None:
        return None
    century = int(match[2])
    year = 1900 + 100 * (century // 2) + int(match[3])
    return PersonalId(bare, match[1], year, is_female=century % 2 == 1)


def is_tax_number(text: str) -> bool:
    """Say whether a tax or enterprise number has the right check digit."""
    match = _TAX.fullmatch(text.replace(" ", ""))
    if match is None or match[2] == "000":
        return False
    digits = [int(digit) for digit in match[1]]
    total = sum(digit * weight for digit, weight in zip(digits[:9], _TAX_WEIGHTS, strict=True))
    check = 10 - total % 11
    return check == digits[9]


def mrz_check_digit(text: str) -> str:
    """Return the check digit of a machine-readable field (ICAO Doc 9303 part 3 §4.9)."""

    def value(character: str) -> int:
        if character.isdigit():
            return int(character)
        return 0 if character == "<" else ord(character) - 55

    total = sum(value(one) * (7, 3, 1)[place % 3] for place, one in enumerate(text))
    return str(total % 10)


def mask_number(text: str) -> str:
    """Return a personal number as lists show it: "0271••••1234"."""
    if len(text) <= _SHOWN_AT_START + _SHOWN_AT_END:
        return "•" * len(text)
    hidden = len(text) - _SHOWN_AT_START - _SHOWN_AT_END
    return f"{text[:_SHOWN_AT_START]}{'•' * hidden}{text[-_SHOWN_AT_END:]}"


def _short_date(text: str) -> date | None:
    """Return the date of YYMMDD, from 2018 on."""
    try:
        found = date(2000 + int(text[:2]), int(text[2:4]), int(text[4:]))
    except ValueError:
        return None
    return found if found.year >= _FIRST_DOSSIER_YEAR else None
