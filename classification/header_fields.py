"""Fields of the letterhead: number, date, issuer, trích yếu (NĐ 30/2020 Phụ lục I)."""

import re
from collections.abc import Sequence
from dataclasses import replace

from classification.page_lines import PageLine, box_of, confidence_of, words_between
from documents.dates import (
    FoundDate,
    find_labelled_date,
    find_long_date,
    find_numeric_date,
    find_worn_date,
)
from documents.document_number import (
    DocumentNumber,
    find_document_number,
    find_glued_number,
)
from documents.folding import fold
from documents.model import Proposal, Word

_NUMBER_LABEL = re.compile(r"^\W{0,3}(?:so|s[o0]|s6)\s*[:;.,]?\s*(?=\d|/|[.…_ ]*/)")
_BARE_LABEL = re.compile(r"^\W{0,3}so\s*[:;.,]?\s*(?P<number>\d{1,6}(?:/\d{2,4})?)\W*$")
_PLACE_DATE = re.compile(r"(?:^|\s)[^\d,]{2,42},\s*ngay")
_NUMBER_ZONE, _DATE_ZONE, _HEAD = 0.40, 0.42, 0.30
# Of probabilities; the same shares of lines and figures lie below as did of the recogniser's own
# confidences below 0.75 and 0.90 (measured on our own hard pages).
_DOUBTFUL_DIGITS, _DOUBTFUL = 0.90, 0.78
_LEFT_BEGINS, _LEFT_ENDS, _CAPITALS, _FEW_LETTERS = 0.45, 0.62, 0.7, 3
_NUMERIC_FIELDS = frozenset({"number", "issued_on"})
_PARAGRAPH_GAP = 0.045  # of the page's height
_LEVELS = {
    "uy ban nhan dan": "UBND",
    "hoi dong nhan dan": "HĐND",
}
_NOT_AN_ISSUER = (
    "cong hoa", "doc lap", "so:", "mau", "phu luc", "nguoi ky", "ky boi", "co quan", "email",
    "thoi gian", "sao y", "don de nghi", "don xin", "don dang ky", "to khai", "giay ", "phieu ",
)  # fmt: skip
_ABBREVIATIONS = {"UBND", "HĐND"}
_LONGEST_TITLE_LINES = 6
# A line of a form ("2. Họ và tên: …") is never part of a title.
_LABELLED = re.compile(r"^\W*(?:(?:\d{1,2}|[ivx]{1,4})\.)?\s*(?!v/v|ve viec)[a-z ,()/]{2,60}:")
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
        glued = find_glued_number(line.text)
        if glued is not None:
            return replace(_number_proposal(line, glued), doubtful=True), glued
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


def propose_date(lines: Sequence[PageLine], *, last: Sequence[PageLine] = ()) -> Proposal | None:
    """Return the date of the place-date line; else the one above the signature, as a doubt.

    Args:
        lines: of the first page.
        last: of the last page, where the signature stands.
    """
    worn = None
    for index, line in enumerate(lines):
        if line.y > _DATE_ZONE:
            break
        if not (_PLACE_DATE.search(line.folded) or line.folded.startswith("ngay")):
            continue
        found = find_long_date(line.text)
        if found is None and index + 1 < len(lines):
            found = find_long_date(f"{line.text} {lines[index + 1].text}")
        if found is not None:
            return _date_proposal(line, found, strength=0.97)
        read_by_leave = find_worn_date(line.text)
        if worn is None and read_by_leave is not None:
            worn = _date_proposal(line, read_by_leave, strength=0.7)
    return worn or _date_at_the_end(lines) or _date_at_the_end(last)


def _date_proposal(line: PageLine, found: FoundDate, *, strength: float) -> Proposal:
    words = words_between(line, found.start, found.end) or line.words
    proposal = _proposal("issued_on", found.value, words, line, strength=strength)
    return replace(proposal, doubtful=proposal.doubtful or found.is_worn)


def _date_at_the_end(lines: Sequence[PageLine]) -> Proposal | None:
    """Certificates carry their date above the signature or as a date of registration."""
    for line in reversed(lines):
        labelled = find_labelled_date(line.text)
        if labelled is not None:
            return _date_proposal(line, labelled, strength=0.9)
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
        # "SỐ" is a number's label, "SỞ" a department: folded they are one.
        is_name &= not line.text.lstrip().startswith(("SỐ ", "SÔ ", "SO "))
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
        if word in _ABBREVIATIONS:
            words.append(word)
        else:
            words.append(word.lower() if word in small and index > 0 else word.capitalize())
    return " ".join(words)


def propose_title(
    lines: Sequence[PageLine], *, type_line: PageLine | None, has_subject: bool
) -> Proposal | None:
    """Return what a paper is called.

    An official paper (one whose type has an abbreviation, `has_subject`) has a trích yếu: the
    lines under the type's name, or after "V/v" of a letter. A form or certificate has its title.
    """
    if type_line is not None and not has_subject:
        value = type_line.text.strip(" -_.").capitalize()
        return _proposal("title", value, type_line.words, type_line, strength=0.9)
    start = _title_start(lines, type_line)
    if start is None:
        return None
    chosen: list[PageLine] = []
    for line in lines[start:]:
        is_body = _BODY.match(line.folded.strip()) or _LABELLED.match(line.folded)
        is_over = len(chosen) >= _LONGEST_TITLE_LINES or is_body
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
    digits = [word for word in chosen if any(c.isdigit() for c in word.text)]
    is_unsure = any(word.doubtful or word.confidence < _DOUBTFUL_DIGITS for word in digits)
    return Proposal(
        name=name,
        value=value,
        confidence=confidence,
        page=line.page,
        box=box_of(chosen),
        doubtful=confidence < _DOUBTFUL or (name in _NUMERIC_FIELDS and is_unsure),
    )
