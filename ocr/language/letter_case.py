"""Capitals and small letters where the recogniser cannot tell them apart but the texts can."""

from collections.abc import Sequence

from documents.model import Word
from ocr.language.model import LanguageModel
from ocr.language.syllables import core_of, peel
from ocr.language.tokens import cased_pair_of
from ocr.language.words import CASE, become

_RARELY = 0.03


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
