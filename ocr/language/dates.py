"""The date formula ("ngày 08 tháng 6 năm 2010") where a pen wrote into what was printed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from documents.model import Word
from ocr.language.syllables import core_of, without_marks
from ocr.language.words import CODE, become, cut

# Without marks, as the pen or a stain may have taken them.
_DAY, _MONTH, _YEAR = "ngay", "thang", "nam"
_FORMULA = {_DAY: "ngày", _MONTH: "tháng", _YEAR: "năm"}
# No small letter beside it that could belong to the same syllable; f, j, w and z never do.
_PRINTED = re.compile(r"(?<![a-eg-ik-vxy])(?:[Nn]gay|thang|nam)(?![a-eg-ik-vxy])")
_SHORTEST_FUZZY = 4
_MOST_DAYS, _MOST_MONTHS = 31, 12
_MOST_DIGITS = 2
_LIKE_DIGITS = {
    **dict.fromkeys("OoDUÚÙQCcÓÔØ", "0"),
    **dict.fromkeys("IlJ]|!iÍ", "1"),
    **dict.fromkeys("Zz", "2"),
    **dict.fromkeys("Ss", "5"),
    **dict.fromkeys("bGó", "6"),
    **dict.fromkeys("Böð", "8"),
}
# A nought of which one side is missing.
_CUT_NOUGHT = ")"
_CHEAP = 8.0
# What a guess by shape is worth at most.
_GUESS = 0.5


def part_dates(words: Sequence[Word]) -> list[Word]:
    """Return the words of a line with those of the date formula cut free from what sticks to them.

    What was written by hand runs into the print ("ngàyf8#háng2"): the printed words are found
    again, `tháng` and `ngày` also with a letter that is wrong or missing. What is left between
    them stays as it was read.
    """
    parted: list[Word] = []
    for place, word in enumerate(words):
        core = core_of(word.text)
        if core.isalpha() and core.islower():
            parted.append(word)
            continue
        beside = [*parted[-2:], *words[place + 1 : place + 3]]
        parted += _cut_free(word, is_in_date=any(_named(one) for one in beside))
    return parted


def _named(word: Word) -> str:
    """Return which word of the formula this is, nothing where it is none."""
    bare = without_marks(core_of(word.text)).lower()
    return bare if bare in _FORMULA else ""


def _cut_free(word: Word, *, is_in_date: bool) -> list[Word]:
    text = without_marks(word.text)
    spans = [(*match.span(), "") for match in _PRINTED.finditer(text)]
    if spans or is_in_date:
        spans += list(_fuzzy_spans(text, taken=[(start, end) for start, end, _ in spans]))
    if not spans or (len(spans) == 1 and spans[0][:2] == (0, len(text)) and not spans[0][2]):
        return [word]
    return list(_pieces(word, sorted(spans)))


def _pieces(word: Word, spans: Sequence[tuple[int, int, str]]) -> Iterator[Word]:
    done = 0
    for start, end, meant in spans:
        if start > done:
            yield cut(word, done, start, CODE)
        piece = cut(word, start, end, CODE)
        yield become(piece, meant, CODE) if meant else piece
        done = end
    if done < len(word.text):
        yield cut(word, done, len(word.text), CODE)


def _fuzzy_spans(text: str, *, taken: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    """Yield where `tháng` or `ngày` stands with one letter wrong or missing, and what it is."""
    ends = [0, *(end for _, end in taken)]
    starts = [*(start for start, _ in taken), len(text)]
    for low, high in zip(ends, starts, strict=True):
        found = _fuzzy_in(text[low:high])
        if found:
            start, end, meant = found
            yield low + start, low + end, meant


def _fuzzy_in(text: str) -> tuple[int, int, str] | None:
    for bare in (_MONTH, _DAY):
        for length in (len(bare), len(bare) - 1):
            for start in range(len(text) - length + 1):
                part = text[start : start + length]
                if length >= _SHORTEST_FUZZY and _is_off_by_one(part, bare):
                    return start, start + length, _FORMULA[bare]
    return None


def _is_off_by_one(part: str, bare: str) -> bool:
    if len(part) == len(bare):
        return sum(a != b for a, b in zip(part, bare, strict=True)) == 1
    return any(bare[:at] + bare[at + 1 :] == part for at in range(len(bare)))


def mend_days(words: Sequence[Word]) -> list[Word]:
    """Return words with digits for what looks like them where a day or a month must stand.

    The words are those of the whole page, since a date may run over the end of a line. What is
    guessed is worth little: a person looks at it.
    """
    mended = list(words)
    for place in range(1, len(words) - 1):
        asked = _named(words[place - 1]), _named(words[place + 1])
        if asked == (_DAY, _MONTH):
            mended[place] = _as_number(words[place], most=_MOST_DAYS)
        elif asked == (_MONTH, _YEAR):
            mended[place] = _as_number(words[place], most=_MOST_MONTHS)
    return mended


def _as_number(word: Word, *, most: int) -> Word:
    core = core_of(word.text)
    if core.isdigit() and word.text[0] != _CUT_NOUGHT and 1 <= int(core) <= most:
        return word
    digits = "".join(_digits_of(word))
    if "?" in digits or not 0 < len(digits) <= _MOST_DIGITS or not 1 <= int(digits) <= most:
        return word
    return replace(become(word, digits, CODE), confidence=min(word.confidence, _GUESS))


def _digits_of(word: Word) -> Iterator[str]:
    """Yield for each letter or digit of a word the digit it is or looks like, else "?"."""
    for place, letter in enumerate(word.text):
        if letter.isdigit():
            yield letter
            continue
        if letter == _CUT_NOUGHT and place == 0 and word.text[1:].isdigit():
            yield "0"
            continue
        seen = word.alternatives[place] if place < len(word.alternatives) else ()
        digits = [(cost, other) for other, cost in seen if other.isdigit() and cost < _CHEAP]
        if digits and letter.isalpha():
            yield min(digits)[1]
        elif letter in _LIKE_DIGITS:
            yield _LIKE_DIGITS[letter]
        elif letter.isalpha():
            yield "?"
        elif digits and place:
            yield min(digits)[1]
