"""A second reader looks at the words that are in doubt, and only at those."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from documents.model import Box, Line, Word
from ocr.engine import GreyImage
from ocr.language.code_rules import mend_text
from ocr.language.model import LanguageModel
from ocr.language.shapes import has_known_shape, is_number_of_known_shape
from ocr.language.syllables import core_of
from ocr.language.words import SECOND, become

_MARGIN = 5  # px of the reading copy
_SURE, _VERY_SURE = 0.85, 0.97
# A number is asked about even where it is no doubt by itself.
_ASK_NUMBER_BELOW = 0.996
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """What another reader sees on a picture of one word, NFC, and how sure it is, from 0 to 1."""

    text: str
    confidence: float


class SecondReader(Protocol):
    """Reads single words. It may be worse than the first reader: it only settles doubts."""

    @property
    def name(self) -> str: ...

    def read_words(self, pictures: Sequence[GreyImage]) -> Sequence[SecondOpinion]: ...


def settle_doubts(
    lines: Sequence[Line],
    grey: GreyImage,
    *,
    scale: float,
    reader: SecondReader,
    model: LanguageModel,
) -> tuple[Line, ...]:
    """Return the lines with doubtful words as the second reader has them, where that is better.

    Its reading is taken where it has the shape of a number, code or syllable and the first one
    has none; between two good numbers only where nothing but digits differs. What is taken stays
    doubtful: two readers disagreed.

    Args:
        lines: corrected and marked.
        grey: the reading copy.
        scale: px of the reading copy for each px of the boxes.
        reader: looks again.
        model: knows the syllables.
    """
    asked = [word for line in lines for word in line.words if _is_asked(word)]
    pictures = [_picture(grey, word.box, scale) for word in asked]
    opinions = reader.read_words(pictures) if pictures else ()
    settled = {
        id(word): _settled(word, opinion, model)
        for word, opinion in zip(asked, opinions, strict=True)
    }
    return tuple(
        replace(line, words=tuple(settled.get(id(word), word) for word in line.words))
        for line in lines
    )


def _is_asked(word: Word) -> bool:
    if not core_of(word.text):
        return False
    is_unsure_number = _DIGIT.search(word.text) and word.confidence < _ASK_NUMBER_BELOW
    return word.doubtful or bool(is_unsure_number)


def _picture(grey: GreyImage, box: Box, scale: float) -> GreyImage:
    height, width = grey.shape
    x0, x1 = (round(x * scale) for x in (box.x0, box.x1))
    y0, y1 = (round(y * scale) for y in (box.y0, box.y1))
    left, top = max(0, min(x0 - _MARGIN, width - 1)), max(0, min(y0 - _MARGIN, height - 1))
    right, bottom = max(x1 + _MARGIN, left + 1), max(y1 + _MARGIN, top + 1)
    return np.ascontiguousarray(grey[top:bottom, left:right])


def _settled(word: Word, opinion: SecondOpinion, model: LanguageModel) -> Word:
    first, second = core_of(word.text), core_of(mend_text(opinion.text.replace(" ", "")))
    if second in ("", first) or not has_known_shape(second, model):
        return word
    is_better = opinion.confidence > _SURE and not has_known_shape(first, model)
    is_other_number = (
        opinion.confidence > _VERY_SURE
        and is_number_of_known_shape(first)
        and _DIGIT.sub("0", first) == _DIGIT.sub("0", second)
    )
    if not (is_better or is_other_number):
        return word
    return replace(become(word, word.text.replace(first, second, 1), SECOND), doubtful=True)
