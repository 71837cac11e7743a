"""Areas: whose dossiers and papers these are, by the agency in the dossier code.

An area is an agency code of QĐ 20/2020/QĐ-TTg or the beginning of one: `H99` is a province, and
`H99.12` an office in it. Codes of the older generation (`000.00.12.H99`, lowest level first) are
turned round, so that both generations of an office's dossiers lie in one area.
"""

import re

from documents.codes import find_dossier_code

EVERYWHERE = ""
"""The area of an account that is not limited to one."""

_AREA = re.compile(r"[A-Y]\d{2}(?:\.[0-9A-Z]{1,5}){0,6}")
_OLD_AGENCY = re.compile(r"(\d{3})\.(\d{2})\.(\d{2})\.([A-Z]\d{2})")


def is_area(text: str) -> bool:
    """Say whether a text is an agency code or the beginning of one."""
    return _AREA.fullmatch(text) is not None


def area_of_dossier(code: str | None) -> str | None:
    """Return the area that a dossier belongs to; None where its code names no agency."""
    found = find_dossier_code(code) if code else None
    if found is None:
        return None
    old = _OLD_AGENCY.fullmatch(found.agency)
    if old is None:
        return found.agency
    lowest_first = list(old.groups())
    while lowest_first[0].strip("0") == "":
        del lowest_first[0]
    return ".".join(reversed(lowest_first))


def covers(area: str, other: str | None) -> bool:
    """Say whether one area lies in another; what belongs to no area lies in every one."""
    if area == EVERYWHERE or other is None:
        return True
    return other == area or other.startswith(f"{area}.")
