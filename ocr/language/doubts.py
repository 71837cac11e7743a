"""Which words a person should look at, after the language has had its say."""

import re
from collections.abc import Sequence
from dataclasses import replace

from documents.model import Line, Word
from ocr.language.guards import places_in_names
from ocr.language.model import LanguageModel
from ocr.language.syllables import core_of

# Below these the recogniser's confidence makes a word doubtful, by how much its shape vouches.
_KNOWN, _POSSIBLE, _NUMBER, _ONE_DIGIT = 0.70, 0.90, 0.90, 0.95
_NEVER = 2.0  # no confidence is enough
_NUMBER_SHAPE = re.compile(
    r"""
    \d{1,5}/(?:\d{4}/)?(?:NĐ|QĐ|TT|NQ|TTr|CT|KH|TB|TTLT|BC|HD|VBHN|CV|L|PL|QH\d*)
        (?:-[A-ZĐ][A-ZĐa-z0-9]*)*-?                                     # 02/2017/TT-VPCP
    |(?:[0-3]?\d/)?[01]?\d/(?:19|20)\d\d                                # 08/6/2010
    |\d{1,3}(?:[.,]\d{3})*(?:[.,]\d+)?%?                                # 1.234,5
    |\d{1,12}
    |\d+(?:\.\d+)+                                                      # 1.2.3
    |\d{4}-\d\d-\d\dT.*                                                 # time of a signature
    """,
    re.VERBOSE,
)
_ABBREVIATIONS = re.compile(r"/?[A-ZĐ]{2,8}(?:-[A-ZĐ]{2,8})*")
_DASHED = re.compile(r"[^\W\d_]+(?:[-–][^\W\d_]+)+")
# Lines that begin with the number of the paper, or with place and date.
_BY_HAND = re.compile(r"\W*Số\s*:|[^\d,]{2,30},\s*ngày\b")


def mark_doubts(lines: Sequence[Line], model: LanguageModel) -> tuple[Line, ...]:
    """Return the lines with a mark on each word that a person should look at.

    A number is doubtful where it has no shape that numbers, dates and codes have, or was read
    with little confidence, since no neighbour betrays a wrong digit; a word where it is no
    syllable that could be; a known one only where the recogniser hardly saw it. Names are
    doubtful sooner: nothing can check them. Where number and date are often written by hand, one
    doubt in the line makes all its numbers doubtful.
    """
    names = places_in_names([word.text for line in lines for word in line.words])
    marked: list[Line] = []
    start = 0
    for line in lines:
        doubts = [
            _is_doubtful(word, model, is_name=start + place in names)
            for place, word in enumerate(line.words)
        ]
        start += len(line.words)
        is_unsure_by_hand = any(doubts) and _BY_HAND.match(line.text) is not None
        words = (
            replace(word, doubtful=doubt or (is_unsure_by_hand and _has_digit(word.text)))
            for word, doubt in zip(line.words, doubts, strict=True)
        )
        marked.append(replace(line, words=tuple(words)))
    return tuple(marked)


def has_known_shape(core: str, model: LanguageModel) -> bool:
    """Say whether a word looks like something that is printed: number, code, known syllable."""
    if _has_digit(core):
        return is_number_of_known_shape(core)
    if _ABBREVIATIONS.fullmatch(core) and "-" in core:
        return True
    return model.knows(core) and _has_one_case(core)


def is_number_of_known_shape(core: str) -> bool:
    """Say whether a word has a shape that numbers, dates and codes have."""
    return _NUMBER_SHAPE.fullmatch(core) is not None


def _is_doubtful(word: Word, model: LanguageModel, *, is_name: bool) -> bool:
    core = core_of(word.text)
    return bool(core) and (
        _is_doubtful_number(word, core)
        if _has_digit(core)
        else word.confidence < _needed(core, model, is_name=is_name)
    )


def _is_doubtful_number(word: Word, core: str) -> bool:
    needed = _ONE_DIGIT if len(core) == 1 else _NUMBER
    return word.confidence < needed or not is_number_of_known_shape(core)


def _needed(core: str, model: LanguageModel, *, is_name: bool) -> float:
    """Return the confidence below which a word of letters is doubtful."""
    if _DASHED.fullmatch(core):
        return _KNOWN if all(map(model.is_possible, re.split("[-–]", core))) else _POSSIBLE
    if _ABBREVIATIONS.fullmatch(core) and not model.is_possible(core):
        return _POSSIBLE
    if not core.isalpha() or not model.is_possible(core):
        return _NEVER
    return _KNOWN if model.knows(core) and not is_name and _has_one_case(core) else _POSSIBLE


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)


def _has_one_case(core: str) -> bool:
    return core.isupper() or core[1:].islower() or len(core) == 1
