"""What a word looks like: a number, a code, a syllable; how far its shape vouches for it."""

import re

from ocr.language.model import LanguageModel

NUMBER, DIGIT, ODD_NUMBER = "number", "digit", "odd_number"
KNOWN, NAME, POSSIBLE, ABBREVIATION, ODD = "known", "name", "possible", "abbreviation", "odd"
KINDS = (NUMBER, DIGIT, ODD_NUMBER, KNOWN, NAME, POSSIBLE, ABBREVIATION, ODD)
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
_DASHES = re.compile("[-–]")


def kind_of(core: str, model: LanguageModel, *, is_name: bool) -> str:
    """Return what kind of word it is, of a word without the signs at its edges."""
    if has_digit(core):
        return _kind_of_number(core)
    if _DASHED.fullmatch(core):
        return KNOWN if all(map(model.is_possible, _DASHES.split(core))) else POSSIBLE
    if _ABBREVIATIONS.fullmatch(core) and not model.is_possible(core):
        return ABBREVIATION
    if not core.isalpha() or not model.is_possible(core):
        return ODD
    is_known = model.knows(core) and _has_one_case(core)
    return NAME if is_name else KNOWN if is_known else POSSIBLE


def _kind_of_number(core: str) -> str:
    if not is_number_of_known_shape(core):
        return ODD_NUMBER
    return DIGIT if len(core) == 1 else NUMBER


def has_known_shape(core: str, model: LanguageModel) -> bool:
    """Say whether a word looks like something that is printed: number, code, known syllable."""
    if has_digit(core):
        return is_number_of_known_shape(core)
    if _ABBREVIATIONS.fullmatch(core) and "-" in core:
        return True
    return model.knows(core) and _has_one_case(core)


def is_number_of_known_shape(core: str) -> bool:
    """Say whether a word has a shape that numbers, dates and codes have."""
    return _NUMBER_SHAPE.fullmatch(core) is not None


def has_digit(text: str) -> bool:
    """Say whether a word holds a figure."""
    return any(character.isdigit() for character in text)


def _has_one_case(core: str) -> bool:
    return core.isupper() or core[1:].islower() or len(core) == 1
