"""Fields of the body: whose the paper is, codes, validity, who signed."""

import re
from collections.abc import Iterator, Sequence

from classification.page_lines import PageLine, box_of, confidence_of, words_between
from documents.codes import find_dossier_code, find_procedure_code, is_tax_number, parse_personal_id
from documents.dates import find_long_date, find_numeric_date
from documents.model import Proposal

_PERSONAL_ID = re.compile(r"(?<!\d)(\d{12}|\d{4} \d{4} \d{4})(?!\d)")
_ID_LABEL = re.compile(r"so dinh danh|can cuoc|cccd|so dinh danh ca nhan")
_NAME_LABEL = re.compile(
    r"(?:ho,? chu dem,? ten(?: khai sinh)?|ho va ten|ho ten|toi ten la|ten toi la|ong/ba|chu ho so"
    r"|nguoi nop ho so|ho, chu dem va ten)(?: cua [a-z ]+)?\s*[:.]\s*"
)
_PARENTS = re.compile(r"\b(?:me|cha|bo|nguoi yeu cau|nguoi di khai)\b")
_TAX_LABEL = re.compile(r"ma so (?:doanh nghiep|thue|ho kinh doanh)\D{0,12}(\d[\d -]{8,13}\d)")
_VALID_UNTIL = re.compile(r"(?:co gia tri den|gia tri su dung den|thoi han den|den het ngay)")
_SIGNER_OFFICE = re.compile(
    r"^(?:tm|kt|q|tl|tuq)\s?[.,]|^(?:chu tich|giam doc|bo truong|thu truong)"
)
_NAME = re.compile(r"^(?:[A-ZĐÂĂÊÔƠƯÁÀẢÃẠ]\w*\s){1,5}[A-ZĐÂĂÊÔƠƯÁÀẢÃẠ]\w*$")
_LOWER_PART, _RIGHT_HALF, _CAPITALS = 0.45, 0.4, 0.6
_DOUBTFUL = 0.78


def body_fields(lines: Sequence[PageLine]) -> Iterator[Proposal]:
    """Yield what the body says, each field at most once."""
    for proposal in (
        _owner_id(lines),
        _owner_name(lines),
        _dossier(lines),
        _tax_number(lines),
        _valid_until(lines),
        _signer(lines),
    ):
        if proposal is not None:
            yield proposal


def procedure_on(lines: Sequence[PageLine]) -> Proposal | None:
    """Return the procedure whose code is printed on the paper."""
    for line in lines:
        found = find_procedure_code(line.text)
        if found is not None:
            return _proposal("procedure", found.national, line, (0, len(line.text)), strength=0.9)
    return None


def _owner_id(lines: Sequence[PageLine]) -> Proposal | None:
    """Return the first 12-digit number that a label announces; its own checks raise it."""
    for index, line in enumerate(lines):
        match = _PERSONAL_ID.search(line.text)
        if match is None:
            continue
        near = lines[index - 1].folded if index else ""
        person = parse_personal_id(match[1])
        is_announced = bool(_ID_LABEL.search(line.folded) or _ID_LABEL.search(near))
        if person is None or not is_announced:
            continue
        return _proposal("owner_id", person.text, line, match.span(), strength=0.95)
    return None


def _owner_name(lines: Sequence[PageLine]) -> Proposal | None:
    for index, line in enumerate(lines):
        label = _NAME_LABEL.search(line.folded)
        if label is None or _PARENTS.search(line.folded[: label.end()]):
            continue
        value = _first_name(line.text[label.end() :])
        if value:
            start = line.text.index(value)
            span = (start, start + len(value))
            return _name_proposal("owner_name", value, line, span, strength=0.85)
        if index + 1 < len(lines) and _NAME.match(lines[index + 1].text.strip()):
            following = lines[index + 1]
            span = (0, len(following.text))
            value = following.text.strip()
            return _name_proposal("owner_name", value, following, span, strength=0.7)
    return None


def _first_name(text: str) -> str:
    """Return the words of a name at the start of a text, up to the next label."""
    cut = re.split(r"[;:,.(]|\s(?:Giới|Nam|Nữ|Sinh|Ngày|Số|Dân tộc|Quốc tịch)\b", text)[0].strip()
    words = [word for word in cut.split() if word[:1].isupper()]
    return " ".join(words[:6]) if len(words) > 1 else ""


def _dossier(lines: Sequence[PageLine]) -> Proposal | None:
    for line in lines:
        found = find_dossier_code(line.text)
        if found is not None:
            start = line.text.index(found.text)
            span = (start, start + len(found.text))
            return _proposal("dossier_code", found.text, line, span, strength=0.95)
    return None


def _tax_number(lines: Sequence[PageLine]) -> Proposal | None:
    for line in lines:
        match = _TAX_LABEL.search(line.folded)
        if match is None:
            continue
        value = re.sub(r"\s", "", match[1])
        is_person = parse_personal_id(value) is not None
        strength = 0.95 if is_tax_number(value) or is_person else 0.4
        return _proposal("enterprise_number", value, line, match.span(1), strength=strength)
    return None


def _valid_until(lines: Sequence[PageLine]) -> Proposal | None:
    for line in lines:
        label = _VALID_UNTIL.search(line.folded)
        if label is None:
            continue
        rest = line.text[label.start() :]
        found = find_long_date(rest) or find_numeric_date(rest)
        if found is not None:
            span = (label.start() + found.start, label.start() + found.end)
            return _proposal("valid_until", found.value, line, span, strength=0.85)
    return None


def _signer(lines: Sequence[PageLine]) -> Proposal | None:
    """Return the name under the last signature block of the right half."""
    offices = [
        index
        for index, line in enumerate(lines)
        if line.x0 > _RIGHT_HALF
        and line.y > _LOWER_PART
        and _SIGNER_OFFICE.match(line.folded.strip())
    ]
    if not offices:
        return None
    for line in reversed(lines[offices[0] + 1 :]):
        text = line.text.strip(" .,")
        if line.x0 > _RIGHT_HALF and _NAME.match(text) and line.capital_share < _CAPITALS:
            return _name_proposal("signer", text, line, (0, len(line.text)), strength=0.8)
    return None


def _name_proposal(
    name: str, value: str, line: PageLine, span: tuple[int, int], *, strength: float
) -> Proposal:
    """Propose a personal name as the recogniser gave it: the language knows nothing of names."""
    words = words_between(line, *span)
    if any(word.cause for word in words):
        value = " ".join(word.raw for word in words if word.raw).strip(" .,")
    return _proposal(name, value, line, span, strength=strength)


def _proposal(
    name: str, value: str, line: PageLine, span: tuple[int, int], *, strength: float
) -> Proposal:
    words = words_between(line, *span) or line.words
    confidence = round(strength * confidence_of(words), 4)
    return Proposal(
        name=name,
        value=value,
        confidence=confidence,
        page=line.page,
        box=box_of(words),
        doubtful=confidence < _DOUBTFUL,
    )
