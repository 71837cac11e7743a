"""Correct the reading of a page by the language."""

from collections.abc import Sequence
from dataclasses import replace

from documents.model import Line, Word
from ocr.language.candidates import candidates_of
from ocr.language.code_rules import mend_codes
from ocr.language.dates import mend_days, part_dates
from ocr.language.decoding import decode
from ocr.language.doubts import mark_doubts
from ocr.language.editing import reconsider, rooms_of
from ocr.language.guards import take_back
from ocr.language.joining import mend_spaces
from ocr.language.letter_case import mend_beginnings, mend_capitals, mend_case
from ocr.language.model import LanguageModel
from ocr.language.weights import DEFAULT, Weights
from ocr.language.words import CODE, LANGUAGE, become


def correct_lines(
    lines: Sequence[Line], model: LanguageModel, weights: Weights = DEFAULT
) -> tuple[Line, ...]:
    """Return the lines with words as they were most likely printed, and marks on what is in doubt.

    The confidence of each word becomes the probability that it is right. What may change and what
    may not is said at `mend_lines`.
    """
    return mark_doubts(mend_lines(lines, model, weights), model)


def mend_lines(
    lines: Sequence[Line], model: LanguageModel, weights: Weights = DEFAULT
) -> tuple[Line, ...]:
    """Return the lines with words as they were most likely printed.

    Digits, codes, Latin abbreviations and personal names are not changed by the language; a dozen
    rules mend numbers and codes that are read wrong in the same way. Each word keeps what the
    recogniser gave and says what changed it. The alternatives have served and are left out.

    Args:
        lines: in reading order, columns one after the other; otherwise words are judged by
            neighbours that they do not have.
        model: what is likely.
        weights: how likely it must be.
    """
    rows = [
        mend_spaces(part_dates([_levelled(word) for word in line.words]), model) for line in lines
    ]
    words = mend_days([word for row in rows for word in row])
    texts = [word.text for word in words]
    choices = [candidates_of(word, model, weights) for word in words]
    picked = decode(choices, model, weights)
    readings = [options[place].text for options, place in zip(choices, picked, strict=True)]
    rooms = [
        room for line, row in zip(lines, rows, strict=True) for room in rooms_of(line, len(row))
    ]
    readings = reconsider(words, rooms, choices, readings, model, weights)
    kept = take_back(texts, readings, model, weights)
    read = [become(word, text, LANGUAGE) for word, text in zip(words, kept, strict=True)]
    rest = iter(mend_capitals(read, model))
    corrected = []
    for line, row in zip(lines, rows, strict=True):
        mended = mend_codes(mend_case([next(rest) for _ in row], model))
        final = tuple(replace(word, alternatives=()) for word in mended)
        corrected.append(replace(line, words=final))
    return tuple(mend_beginnings(corrected))


def _levelled(word: Word) -> Word:
    """The Icelandic letter never stands in our papers; it hides words from the lexicon."""
    return become(word, word.text.replace("Ð", "Đ"), CODE)
