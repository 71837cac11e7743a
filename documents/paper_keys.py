"""One key for one paper: issuer, number, notation and year in their normal forms."""

import hashlib
import re

from documents.document_number import find_document_number, normalise
from documents.folding import fold

_KEY_BYTES = 16
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_NOT_WORDS = re.compile(r"[\W_]+")
# Written out at the head of the paper, abbreviated in forms and by people.
_ABBREVIATIONS = (("uy ban nhan dan", "ubnd"), ("hoi dong nhan dan", "hdnd"))


def key_of_paper(*, issuer: str | None, number: str | None, issued_on: str | None) -> str | None:
    """Return what two scans of one paper have in common, whatever their marks and blanks.

    Args:
        issuer: name of the agency.
        number: with its notation, as `05/QĐ-UBND`; a bare number will do.
        issued_on: "YYYY[-MM[-DD]]"; left out where the number holds the year.

    Returns:
        32 hexadecimal characters; None where issuer, number or year is not known, since papers
        of different offices and years share their numbers.
    """
    found = find_document_number(number or "")
    bare, notation, year = (
        (found.number, found.notation, found.year)
        if found is not None
        else (normalise(number or "").strip(), "", None)
    )
    agency = _plain(issuer or "")
    for long, short in _ABBREVIATIONS:
        agency = re.sub(rf"\b{long}\b", short, agency)
    year = year or _year_of(issued_on or "") or _year_of(bare)
    figure = _plain(bare).lstrip("0")
    if not agency or not figure or year is None:
        return None
    normal = "|".join((agency, figure, _plain(notation), year))
    return hashlib.blake2b(normal.encode(), digest_size=_KEY_BYTES).hexdigest()


def _plain(text: str) -> str:
    return _NOT_WORDS.sub(" ", fold(text)).strip()


def _year_of(text: str) -> str | None:
    match = _YEAR.search(text)
    return match[0] if match else None
