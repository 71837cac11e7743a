"""Numbers, dates and codes of office papers: what the recogniser gets wrong in the same way."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from documents.model import Word
from ocr.language.words import CODE, become, cut, join

_KIND = "(?:NĐ|QĐ|TT|NQ|CT|TTLT|TTr|KH|TB|BC|HD|VBHN|L|PL)"
_YEAR = r"(?:19|20)\d\d"
_ONE = re.compile(r"[Il|!\]]")


def _ones(match: re.Match[str]) -> str:
    return f"{match[1]} {_ONE.sub('1', match[2])}"


_RULES: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        # Signs and letters that look like the right ones.
        ("Ð", "Đ"),
        ("[⁄∕]", "/"),
        ("Đđ", "Đ"),
        (r"ĐĐ(?=[-\s]|$)", "Đ"),
        # 02/201 7/TT, 22/1 1/2019, năm 202 5
        (rf"(\d{{1,4}}/(?:19|20)\d) (\d)(?=/|{_KIND})", r"\1\2"),
        (r"(\d{1,2}/\d) (\d/(?:19|20)\d\d)", r"\1\2"),
        (r"(?<=năm )((?:19|20)\d) (\d)(?=[ ;,.]|$)", r"\1\2"),
        # 02/2017TT-VPCP, 354QĐ-UBND, NĐ.CP
        (rf"(\d{{1,4}}/{_YEAR})(?={_KIND}-)", r"\1/"),
        (r"\b(\d{1,4})(?=(?:QĐ|TTr|NQ|TB|KH)-)", r"\1/"),
        (r"(?<=TT)\.(?=VPCP|B)|(?<=NĐ)\.(?=CP)|(?<=QĐ)\.(?=[A-Z])", "-"),
        # 01/2018/TT- VPCP, 370/OĐ-BCA
        (r"(?<=\d/)((?:TT|NĐ|QĐ|NQ|TTr)-) (?=[A-ZĐ]{2})", r"\1"),
        (r"(?<=\d/)OĐ(?=-[A-ZĐ])", "QĐ"),
        # 0)2/2017, tháng)2
        (r"(?<![^\W\d_])(ngày|tháng)\)(?=\d)", r"\1 0"),
        (rf"\b0[)(}}\]](?=\d/{_YEAR})", "0"),
        # CPngày08tháng, Số:420, 2025.của
        (r"(?<=[A-ZĐ\d;,])(ngày)", r" \1"),
        (r"(?<![^\W\d_])([Nn]gày|tháng|năm)(?=\d)", r"\1 "),
        (r"(?<=\d)(tháng|năm|ngày)(?![^\W\d_])", r" \1"),
        (r"^[SsŠ][ốóỐÓôo][:./]\s?(?=[\w#¿/])", "Số: "),
        # A number by hand before a printed code: Số: B56/QĐ-HV
        (rf"(?<=^Số: )(\S*[^\d\s/]\S*?)(?=/{_KIND}-)", r"\1 "),
        # TI1-BKHCN, VPCP after two dashes, øov.vn
        (r"(?<=\d/)T[TI1l'’][I1l]?(?=-[A-ZĐ]{2})", "TT"),
        (r"(?<=[A-ZĐ])- -(?=[A-ZĐ]{2})", "-"),
        (r"ø(?=\))|(?<![^\W_])[8ø](?=ov\.vn)", "g"),
        (r"\bS[ốó]:(?=\S)", "Số: "),
        (rf"(?<={_YEAR})\.(?=[a-zà-ỹđ])", ". "),
        # tháng I2, số 1l, 22/I1/2019; "mục II" may be meant so
        (r"\b(tháng|ngày) ([1Il|!\]]{2}|[1-3][Il|\]]|[Il|\]]\d)(?=[ ,;.]|$)", _ones),
        (r"\b(số) ([1-9][Il|\]]|[Il|\]]\d)(?=[ ,;.]|$)", _ones),
        (r"(?<=\d/)[Il](?=\d/)", "1"),
        (r"(?<=[a-zà-ỹđ] )[Il](?=\d(?:[ ,;.)]|$))", "1"),
    )
)


@dataclass(slots=True)
class _Line:
    """A text, and from which place of the text as it was each character comes."""

    text: str
    origin: list[int]

    def replace(self, start: int, end: int, by: str) -> None:
        old = self.text[start:end]
        head = _common(old, by)
        tail = _common(old[head:][::-1], by[head:][::-1])
        places = self.origin[start:end]
        near = places[min(head, len(places) - 1)]
        middle = [near] * (len(by) - head - tail)
        self.origin[start:end] = places[:head] + middle + places[len(places) - tail :]
        self.text = self.text[:start] + by + self.text[end:]


def _common(left: str, right: str) -> int:
    """Return how many characters two texts have in common at their beginnings."""
    return next(
        (place for place, (a, b) in enumerate(zip(left, right, strict=False)) if a != b),
        min(len(left), len(right)),
    )


def mend_text(text: str) -> str:
    """Return a line of text with the rules applied."""
    return _mended(text).text


def mend_codes(words: Sequence[Word]) -> list[Word]:
    """Return the words of a line with the rules applied; words may be joined, cut or changed."""
    old = " ".join(word.text for word in words)
    line = _mended(old)
    if line.text == old:
        return list(words)
    starts = list(accumulate((len(word.text) + 1 for word in words), initial=0))
    mended = []
    for token in re.finditer(r"\S+", line.text):
        first, last = line.origin[token.start()], line.origin[token.end() - 1] + 1
        parts = [
            cut(word, max(first - start, 0), min(last - start, len(word.text)), CODE)
            for word, start in zip(words, starts, strict=False)
            if start < last and first < start + len(word.text)
        ]
        if len(parts) > 1:
            mended.append(join(parts, token[0], CODE))
        elif parts:
            mended.append(become(parts[0], token[0], CODE))
    return mended


def _mended(text: str) -> _Line:
    line = _Line(text, list(range(len(text))))
    for pattern, by in _RULES:
        # From the end, so that the places of earlier matches stay true.
        for match in reversed(list(pattern.finditer(line.text))):
            new = match.expand(by) if isinstance(by, str) else by(match)
            line.replace(match.start(), match.end(), new)
    return line
