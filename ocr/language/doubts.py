"""How likely each word is right, and which a person should look at, when all is corrected."""

import re
from collections.abc import Sequence
from dataclasses import replace

from documents.model import Line, Word
from ocr.language.calibrating import Calibration, features_of, load_calibration
from ocr.language.model import LanguageModel
from ocr.language.shapes import ODD, ODD_NUMBER, has_digit
from ocr.language.syllables import core_of

# A word is doubtful where it is less likely right than this. Chosen on our own pages; see
# docs/reference/word-confidence.md.
LIKELY = 0.97
# A single figure is hardly ever likelier than that, so it cannot be asked for more.
_LIKELY_BY_HAND = 0.99
# Lines that begin with the number of the paper, or with place and date.
_BY_HAND = re.compile(r"\W*Số\s*:|[^\d,]{2,30},\s*ngày\b")
# What a pen leaves where no letter was seen.
_ODD_SIGNS = re.compile(r"""[^\w.,;:…/"'()–—-]+""")


def mark_doubts(
    lines: Sequence[Line], model: LanguageModel, calibration: Calibration | None = None
) -> tuple[Line, ...]:
    """Return the lines with the probability that each word is right, and marks on doubtful ones.

    Doubtful is what is less likely right than `LIKELY`, and whatever has no shape that numbers,
    codes or syllables have, however likely. Where number and date are often written by hand,
    numbers must be likelier, and one doubt in the line makes all its numbers doubtful; elsewhere a
    doubtful number makes those beside it doubtful. Bare signs keep the recogniser's confidence and
    are nobody's doubt.

    Args:
        lines: corrected, with the recogniser's confidences.
        model: knows the syllables.
        calibration: turns what is known into a probability; the one that we ship unless told.
    """
    features, kinds = features_of(lines, model)
    chances = (calibration or load_calibration()).chances(features)
    judged = iter(zip(chances.tolist(), kinds, strict=True))
    marked: list[Line] = []
    for line in lines:
        words = [_judged(word, *next(judged)) for word in line.words]
        if _BY_HAND.match(line.text):
            words = _with_hand_in_mind(words)
        marked.append(replace(line, words=tuple(_with_numbers_beside(words))))
    return tuple(marked)


def _judged(word: Word, chance: float, kind: str) -> Word:
    if not kind:
        return replace(word, doubtful=False)
    is_doubtful = chance < LIKELY or kind in (ODD, ODD_NUMBER)
    return replace(word, confidence=round(chance, 4), doubtful=is_doubtful)


def _with_hand_in_mind(words: Sequence[Word]) -> list[Word]:
    """Return the words of a line in which people often write, its numbers doubtful sooner."""
    is_unsure = any(word.doubtful or _ODD_SIGNS.fullmatch(word.text) for word in words)
    return [
        replace(word, doubtful=True)
        if has_digit(word.text) and (is_unsure or _could_be_by_hand(word))
        else word
        for word in words
    ]


def _could_be_by_hand(word: Word) -> bool:
    return len(core_of(word.text)) > 1 and word.confidence < _LIKELY_BY_HAND


def _with_numbers_beside(words: Sequence[Word]) -> list[Word]:
    """Return the words, numbers beside a doubtful one doubtful as well: one hand wrote them."""
    is_number = [has_digit(word.text) for word in words]
    is_doubt = [word.doubtful and number for word, number in zip(words, is_number, strict=True)]
    beside = [
        before or after
        for before, after in zip([False, *is_doubt], [*is_doubt[1:], False], strict=False)
    ]
    return [
        replace(word, doubtful=True) if number and near else word
        for word, number, near in zip(words, is_number, beside, strict=True)
    ]
