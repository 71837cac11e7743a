"""Fields of the letterhead: number, date, issuer, trích yếu (NĐ 30/2020 Phụ lục I)."""

import re
from collections.abc import Sequence

from classification.page_lines import PageLine, box_of, confidence_of, words_between
from documents.dates import find_long_date, find_numeric_date
from documents.document_number import DocumentNumber, find_document_number
from documents.folding import fold
from documents.model import Proposal, Word

_NUMBER_LABEL = re.compile(r"^\W{0,3}(?:so|s[o0]|s6)\s*[:;.,]?\s*(?=\d|/|[.…_ ]*/)")
_BARE_LABEL = re.compile(r"^\W{0,3}so\s*[:;.,]?\s*(?P<number>\d{1,6}(?:/\d{2,4})?)\W*$")
_PLACE_DATE = re.compile(r"^[^\d]{2,42},\s*ngay\b")
_NUMBER_ZONE, _DATE_ZONE, _HEAD = 0.40, 0.42, 0.30
_DOUBTFUL_WORD, _DOUBTFUL = 0.80, 0.75
_LEFT_BEGINS, _LEFT_ENDS, _CAPITALS, _FEW_LETTERS = 0.45, 0.62, 0.7, 3
_PARAGRAPH_GAP = 0.045  # of the page's height
_LEVELS = {
    "uy ban nhan dan": "UBND",
    "hoi dong nhan dan": "HĐND",
}
_NOT_AN_ISSUER = (
    "cong hoa", "doc lap", "so:", "so ", "mau", "phu luc", "nguoi ky", "ky boi", "co quan", "email",
    "thoi gian", "sao y",
)  # fmt: skip
_LONGEST_TITLE_LINES = 6
_BODY = re.compile(
    r"^(?:can cu|dieu \d|kinh gui|theo de nghi|xet de nghi|chu tich|bo truong|giam doc|uy ban)"
)


def propose_number(lines: Sequence[PageLine]) -> tuple[Proposal | None, DocumentNumber | None]:
    """Return the paper's own number: from the line that begins with "Số:", never a quoted one.

    A number that was written by hand and not read ("Số:      /QĐ-UBND") gives no value; its
    notation is still returned, since it says what the paper is.
    """
    for line in lines:
        if line.y > _NUMBER_ZONE or not _NUMBER_LABEL.match(line.folded):
            continue
        found = find_document_number(line.text)
        if found is not None:
            return _number_proposal(line, found), found
        empty = find_document_number(re.sub(r"^[^/]*/", "0/", line.text))
        if empty is not None:
            return None, empty
    for line in lines:
        bare = _BARE_LABEL.match(line.folded)
        if bare is not None and line.y <= _NUMBER_ZONE:
            words = words_between(line, bare.start("number"), bare.end("number"))
            return _proposal("number", bare["number"], words, line, strength=0.85), None
    return None, None


def _number_proposal(line: PageLine, found: DocumentNumber) -> Proposal:
    words = words_between(line, found.start, found.end)
    return _proposal("number", found.text, words, line, strength=0.98)


def propose_date(lines: Sequence[PageLine]) -> Proposal | None:
    """Return the date of the place-date line; else the one above the signature, as a doubt."""
    for index, line in enumerate(lines):
        if line.y > _DATE_ZONE:
            break
        joined = line
        if not re.search(r"\bngay\b", line.folded):
            continue
        found = find_long_date(joined.text)
        if found is None and index + 1 < len(lines):
            found = find_long_date(f"{line.text} {lines[index + 1].text}")
        if found is None:
            continue
        is_place_date = bool(_PLACE_DATE.match(line.folded))
        if is_place_date or line.folded.startswith("ngay"):
            words = words_between(line, found.start, found.end) or line.words
            return _proposal("issued_on", found.value, words, line, strength=0.97)
    return _date_at_the_end(lines)


def _date_at_the_end(lines: Sequence[PageLine]) -> Proposal | None:
    """Certificates carry their date above the signature or as a date of registration."""
    for line in reversed(lines):
        label = re.search(r"ngay,? (?:thang,? nam )?(?:dang ky|cap)\b|, ngay\b", line.folded)
        if label is None or line.y < _HEAD:
            continue
        found = find_long_date(line.text) or find_numeric_date(line.text)
        if found is not None:
            words = words_between(line, found.start, found.end)
            return _proposal("issued_on", found.value, words, line, strength=0.8)
    return None


def propose_issuer(lines: Sequence[PageLine]) -> Proposal | None:
    """Return the issuing agency: the capital lines of the left column above the number."""
    chosen: list[PageLine] = []
    for line in lines:
        if line.y > _HEAD or _NUMBER_LABEL.match(line.folded):
            break
        is_left = line.x0 < _LEFT_BEGINS and line.x1 < _LEFT_ENDS
        is_name = line.capital_share > _CAPITALS and len(line.folded) >= _FEW_LETTERS
        if is_left and is_name and not line.folded.lstrip(" .,-_").startswith(_NOT_AN_ISSUER):
            chosen.append(line)
    if not chosen:
        return None
    name = normal_issuer(" ".join(line.text for line in chosen[-3:]))
    words = tuple(word for line in chosen[-3:] for word in line.words)
    return _proposal("issuer", name, words, chosen[-1], strength=0.9)


def normal_issuer(text: str) -> str:
    """Return an agency's name in its usual form: "UBND tỉnh Bạc Liêu"."""
    bare = re.sub(r"\s+", " ", re.sub(r"[^\w\s,&-]", " ", text)).strip(" -_,")
    if bare.isupper():
        bare = _capitalised(bare)
    for folded, short in _LEVELS.items():
        if fold(bare).startswith(folded):
            bare = short + bare[len(folded) :]
            break
    return bare


def _capitalised(text: str) -> str:
    """Write a name that stood in capitals as it is written: levels small, names great."""
    small = {"TỈNH", "THÀNH", "PHỐ", "HUYỆN", "QUẬN", "PHƯỜNG", "XÃ", "THỊ", "TRẤN", "VÀ", "TRỰC",
             "THUỘC", "NHÂN", "DÂN", "HỒI", "PHÁP", "GIÁO", "ĐẠO", "TẠO"}  # fmt: skip
    words: list[str] = []
    for index, word in enumerate(text.split()):
        is_level = word in small and index > 0
        words.append(word.lower() if is_level and words else word.capitalize())
    return " ".join(words)


def propose_title(lines: Sequence[PageLine], *, type_line: PageLine | None) -> Proposal | None:
    """Return the trích yếu: the lines under the type's name, or after "V/v" of a letter."""
    start = _title_start(lines, type_line)
    if start is None:
        return None
    chosen: list[PageLine] = []
    for line in lines[start:]:
        is_over = len(chosen) >= _LONGEST_TITLE_LINES or _BODY.match(line.folded.strip())
        if is_over or (chosen and line.y - chosen[-1].y > _PARAGRAPH_GAP):
            break
        if sum(character.isalpha() for character in line.text) >= _FEW_LETTERS:
            chosen.append(line)
    if not chosen:
        return None
    text = " ".join(line.text for line in chosen).strip(" -_.")
    text = re.sub(r"^(?:V/v|Về việc)\s*:?\s*", "", text, flags=re.IGNORECASE)
    words = tuple(word for line in chosen for word in line.words)
    value = text[:1].upper() + text[1:]
    return _proposal("title", value, words, chosen[0], strength=0.9) if value else None


def _title_start(lines: Sequence[PageLine], type_line: PageLine | None) -> int | None:
    for index, line in enumerate(lines):
        if line is type_line:
            return index + 1
        if line.folded.startswith("v/v") and line.y < _DATE_ZONE:
            return index
    return None


def _proposal(
    name: str, value: str, words: Sequence[Word], line: PageLine, *, strength: float
) -> Proposal:
    chosen = tuple(words) or line.words
    confidence = round(strength * confidence_of(chosen), 4)
    weakest = min(word.confidence for word in chosen)
    return Proposal(
        name=name,
        value=value,
        confidence=confidence,
        page=line.page,
        box=box_of(chosen),
        doubtful=confidence < _DOUBTFUL or (name == "number" and weakest < _DOUBTFUL_WORD),
    )
