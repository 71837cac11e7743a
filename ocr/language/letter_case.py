"""Capitals and small letters where the recogniser cannot tell them apart but the texts can."""

from collections.abc import Sequence
from dataclasses import replace

from documents.model import Line, Word
from ocr.language.model import LanguageModel
from ocr.language.syllables import core_of, peel, without_marks
from ocr.language.tokens import cased_pair_of, ends_sentence
from ocr.language.words import CASE, become

_RARELY = 0.03
# Capitals that differ from their small letters by size alone, whatever their marks.
_BY_SIZE_ALONE = frozenset("COSUVXZ")
# Kinds of papers by Decree 30/2020, without marks: what the paper is about stands below.
_KIND_TEXT = """
    luat, nghi quyet, nghi dinh, quyet dinh, thong tu, thong tu lien tich, chi thi, quy che,
    quy dinh, thong cao, thong bao, huong dan, chuong trinh, ke hoach, phuong an, de an, du an,
    bao cao, bien ban, to trinh, hop dong, cong dien, ban ghi nho, ban thoa thuan, giay uy quyen,
    giay moi, giay gioi thieu, giay nghi phep, phieu gui, phieu chuyen, phieu bao, don de nghi
"""
_KINDS_OF_PAPER = frozenset(kind.strip() for kind in _KIND_TEXT.split(","))


def mend_case(words: Sequence[Word], model: LanguageModel) -> list[Word]:
    """Return the words of a line with "sỐ" as "số", and "Sung" small where the texts have it so."""
    mended: list[Word] = []
    for word in words:
        before, core, after = peel(word.text)
        if len(core) > 1 and core.isalpha():
            core = _levelled(core, model)
            if mended and _is_small(mended[-1].text, before + core + after, model):
                core = core.lower()
        mended.append(become(word, before + core + after, CASE))
    return mended


def mend_capitals(words: Sequence[Word], model: LanguageModel) -> list[Word]:
    """Return the words of a page with "cấp CƠ SỞ;" small: capitals by size alone among small words.

    Abbreviations have no marks, and of words in capitals one has a letter that only a capital has.
    """
    mended = list(words)
    for place in range(1, len(words)):
        text, previous = words[place].text, mended[place - 1].text
        if not _is_by_size_alone(text, model) or ends_sentence(previous):
            continue
        following = "" if ends_sentence(text) else _text_at(words, place + 1)
        is_among_capitals = core_of(following).isupper() and not _is_by_size_alone(following, model)
        if core_of(previous).islower() and not is_among_capitals:
            mended[place] = become(words[place], text.lower(), CASE)
    return mended


def mend_beginnings(lines: Sequence[Line]) -> list[Line]:
    """Return lines with a capital at the beginning of a title: "Về việc" below "QUYẾT ĐỊNH".

    Only letters whose capital has the same shape are changed.
    """
    mended: list[Line] = []
    for line in lines:
        if mended and line.words and _is_heading(mended[-1]):
            line = replace(line, words=(_begun(line.words[0]), *line.words[1:]))  # noqa: PLW2901
        mended.append(line)
    return mended


def _is_heading(line: Line) -> bool:
    return line.text.isupper() and without_marks(core_of(line.text)).lower() in _KINDS_OF_PAPER


def _begun(word: Word) -> Word:
    before, core, after = peel(word.text)
    if not core[:1].islower() or without_marks(core[0]).upper() not in _BY_SIZE_ALONE:
        return word
    return become(word, before + core[0].upper() + core[1:] + after, CASE)


def _is_by_size_alone(text: str, model: LanguageModel) -> bool:
    core = core_of(text)
    return (
        len(core) > 1
        and core.isupper()
        and not core.isascii()
        and _BY_SIZE_ALONE.issuperset(without_marks(core))
        and model.knows(core)
    )


def _text_at(words: Sequence[Word], place: int) -> str:
    return words[place].text if place < len(words) else ""


def _levelled(core: str, model: LanguageModel) -> str:
    """Return a known syllable of mixed letters in the case of its first letter."""
    if core.isupper() or core[1:].islower() or not model.knows(core):
        return core
    return core.lower() if core[0].islower() else core[0] + core[1:].lower()


def _is_small(previous: str, text: str, model: LanguageModel) -> bool:
    pair = cased_pair_of(previous, text)
    # After a capital it may be a title: "Luật Sửa đổi".
    if pair is None or core_of(previous)[0].isupper():
        return False
    upper, lower = model.case_of(pair)
    return upper < _RARELY * (upper + lower)
