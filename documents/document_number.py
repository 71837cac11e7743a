"""Numbers and notations of official papers (NĐ 30/2020/NĐ-CP Điều 8, Phụ lục III)."""

import re
from dataclasses import dataclass, replace

from documents.folding import to_nfc

# Normative texts carry the year (45/2020/NĐ-CP), administrative ones do not (717/QĐ-UBND), Party
# papers put a dash after the number (114-KL/TU).
_NUMBER = re.compile(
    r"(?<![\d/.])(?P<number>\d{1,6}(?:\.\d{1,3})?[a-zA-ZđĐ]?)[\s_]*"
    r"(?:/\s*(?:(?P<year>(?:19|20)\d{2})\s*/)?|(?P<party>-))\s*"
    r"(?P<notation>[A-ZĐ][A-Za-zĐđ]{0,11}\d{0,2}"
    r"(?:\s?[-–&/.]\s?[A-ZĐÂĂÊÔƠƯ][A-Za-zĐđÂâĂăÊêÔôƠơƯư0-9.&]{0,14}){0,5})"
)
# A recogniser that loses the stroke glues the number to the commonest notations.
_GLUED = re.compile(r"(?<![\d/.])(\d{1,6})\s?(?=(?:QĐ|NĐ|TT|NQ|KH|TB|CV)-)")
_LOOK_ALIKES = str.maketrans({"Ð": "Đ", "ð": "đ", "–": "-", "—": "-", "⁄": "/", "：": ":"})
_TWIN = re.compile(r"ĐĐ(?=[-\s]|$)|DĐ(?=-)|ĐD(?=-)")


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A paper's number; `text` is its normal form, start and end where it stands in the text."""

    text: str
    number: str
    year: str | None
    notation: str
    start: int
    end: int

    @property
    def type_abbreviation(self) -> str:
        """The first letters of the notation: QĐ, NĐ, TT … or, in letters, an agency."""
        return re.split(r"[-/&.]", self.notation, maxsplit=1)[0]


def normalise(text: str) -> str:
    """Return the text in NFC with look-alikes of codes levelled, letter for letter."""
    return to_nfc(text).translate(_LOOK_ALIKES)


def find_document_number(text: str) -> DocumentNumber | None:
    """Return the first number with its notation in a text."""
    match = _NUMBER.search(normalise(text))
    if match is None:
        return None
    notation = _TWIN.sub("Đ", re.sub(r"\s", "", match["notation"])).replace("–", "-").rstrip(".-/&")
    number, year = match["number"], match["year"]
    joint = "-" if match["party"] else "/"
    middle = f"{year}/" if year else ""
    return DocumentNumber(
        text=f"{number}{joint}{middle}{notation}",
        number=number,
        year=year,
        notation=notation,
        start=match.start(),
        end=match.end(),
    )


def find_glued_number(text: str) -> DocumentNumber | None:
    """Return a number whose stroke was not read ("11QĐ-UBND"); its last digit may be the stroke."""
    levelled = normalise(text)
    match = _GLUED.search(levelled)
    if match is None:
        return None
    found = find_document_number(f"{levelled[: match.end(1)]}/{levelled[match.end() :]}")
    if found is None:
        return None
    shift = match.end() - match.end(1) - 1
    return replace(found, end=found.end + shift)


def is_document_number(text: str) -> bool:
    """Say whether a text is a number with its notation and nothing else."""
    found = find_document_number(text)
    return found is not None and found.text == normalise(text).strip()
