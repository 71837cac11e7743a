"""Words as the language model sees them: syllables, and four kinds of all else."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from ocr.language.syllables import core_of, has_syllable_letters, peel, syllable_of

SENTENCE, NUMBER, CODE, UNKNOWN = "<s>", "<n>", "<c>", "<u>"
KINDS = (SENTENCE, NUMBER, CODE, UNKNOWN)
# Capitals that are drawn like their small letters: only the text can tell.
LOOK_ALIKE = "SVOX"
_NUMBER = re.compile(r"[\d.,/:-]+")
_DIGIT = re.compile(r"\d")
_DASHED = re.compile(r"(?<=[^\W\d_])[-–](?=[^\W\d_])")
_SENTENCE_ENDS = (".", ";", ":", "!", "?")


@lru_cache(maxsize=1 << 16)
def token_of(text: str) -> str | None:
    """Return the token of a word, None for bare signs."""
    core = core_of(text)
    if not core:
        return None
    if has_syllable_letters(core.lower()):
        return syllable_of(core)
    if _NUMBER.fullmatch(core):
        return NUMBER
    return CODE if _DIGIT.search(core) else UNKNOWN


def ends_sentence(text: str) -> bool:
    """Say whether what follows a word begins anew."""
    return text.endswith(_SENTENCE_ENDS)


def tokens_of(text: str) -> list[str]:
    """Return the tokens of a text, <s> where sentences begin. Words joined by a dash count apart.

    A line break is a space: papers are broken where the line is full.
    """
    tokens = [SENTENCE]
    for word in text.split():
        tokens += _tokens_of_word(word)
        if ends_sentence(word) and tokens[-1] != SENTENCE:
            tokens.append(SENTENCE)
    return tokens


@lru_cache(maxsize=1 << 18)
def _tokens_of_word(word: str) -> tuple[str, ...]:
    core = core_of(word)
    parts = [core] if _DIGIT.search(core) or "/" in core else _DASHED.split(core)
    return tuple(token for part in parts if (token := token_of(part)))


def cased_pairs_of(text: str) -> Iterator[tuple[tuple[str, str], bool]]:
    """Yield (word before, word), has it a capital? where letter case is a question."""
    for previous, word in pairwise(text.split()):
        if word[:1].upper() not in LOOK_ALIKE:
            continue
        pair = cased_pair_of(previous, word)
        if pair is not None:
            yield pair, core_of(word)[0].isupper()


def cased_pair_of(previous: str, word: str) -> tuple[str, str] | None:
    """Return the pair by which the case of a word's first letter is judged, if it is a question."""
    signs, core, _ = peel(word)
    if signs or core[:1].upper() not in LOOK_ALIKE or not core[1:].islower():
        return None
    _, before, after = peel(previous)
    if not before or ends_sentence(previous):
        return None
    return before.lower() + ("," if "," in after else ""), core.lower()
