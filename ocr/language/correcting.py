"""Correct the reading of a page by the language."""

from collections.abc import Sequence
from dataclasses import replace

from documents.model import Line, Word
from ocr.language.candidates import candidates_of
from ocr.language.code_rules import mend_codes
from ocr.language.decoding import decode
from ocr.language.doubts import mark_doubts
from ocr.language.guards import take_back
from ocr.language.joining import mend_spaces
from ocr.language.letter_case import mend_case
from ocr.language.model import LanguageModel
from ocr.language.weights import DEFAULT, Weights
from ocr.language.words import CODE, LANGUAGE, become


def correct_lines(
    lines: Sequence[Line], model: LanguageModel, weights: Weights = DEFAULT
) -> tuple[Line, ...]:
    """Return the lines with words as they were most likely printed.

    Digits, codes, Latin abbreviations and personal names are not changed by the language; a dozen
    rules mend numbers and codes that are read wrong in the same way. Each word keeps what the
    recogniser gave, says what changed it, and whether a person should look at it. The
    alternatives have served and are left out.

    Args:
        lines: in reading order, columns one after the other; otherwise words are judged by
            neighbours that they do not have.
        model: what is likely.
        weights: how likely it must be.
    """
    rows = [mend_spaces([_levelled(word) for word in line.words], model) for line in lines]
    words = [word for row in rows for word in row]
    texts = [word.text for word in words]
    choices = [candidates_of(word, model, weights) for word in words]
    picked = decode(choices, model, weights)
    readings = [options[place].text for options, place in zip(choices, picked, strict=True)]
    kept = iter(take_back(texts, readings, model, weights))
    corrected = []
    for line, row in zip(lines, rows, strict=True):
        read = [become(word, next(kept), LANGUAGE) for word in row]
        mended = mend_codes(mend_case(read, model))
        final = tuple(replace(word, alternatives=()) for word in mended)
        corrected.append(replace(line, words=final))
    return mark_doubts(corrected, model)


def _levelled(word: Word) -> Word:
    """The Icelandic letter never stands in our papers; it hides words from the lexicon."""
    return become(word, word.text.replace("Ð", "Đ"), CODE)
