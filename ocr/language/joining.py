"""Syllables that the recogniser broke apart, and words that it ran together."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

from documents.model import Word
from ocr.language.model import LanguageModel
from ocr.language.syllables import (
    has_syllable_letters,
    peel,
    with_case_of,
    without_marks,
)
from ocr.language.words import JOINED, SPLIT, cut, join

# In heights of the word: parts of one syllable stand closer together than words do.
_CLOSE = 0.35
_SHORTEST_BARE = 3
_SHORTEST_GLUED = 4
_SEEN_TOGETHER = 30


def mend_spaces(words: Sequence[Word], model: LanguageModel) -> list[Word]:
    """Return the words of a line with "ngh ị" joined and "Vănphòng" split."""
    mended: list[Word] = []
    for word in words:
        if mended and _is_broken(mended[-1], word, model):
            mended[-1] = join([mended[-1], word], mended[-1].text + word.text, JOINED)
            continue
        mended += _split(word, model)
    return mended


def _is_broken(left: Word, right: Word, model: LanguageModel) -> bool:
    before, start, after = peel(left.text)
    sign, end, _ = peel(right.text)
    if before or after or sign or not start or not end.islower():
        return False
    whole = (start + end).lower()
    if not has_syllable_letters(whole) or not _is_close(left, right):
        return False
    if model.knows(start) and model.knows(end):
        return False
    bare = without_marks(whole)
    return model.knows(whole) or (len(bare) > _SHORTEST_BARE and bare in model.by_bare)


def _is_close(left: Word, right: Word) -> bool:
    return right.box.x0 - left.box.x1 < _CLOSE * (right.box.y1 - right.box.y0)


def _split(word: Word, model: LanguageModel) -> list[Word]:
    """Return the two syllables a glued word is made of, or the word itself."""
    before, core, after = peel(word.text)
    if not core.isalpha() or len(core) < _SHORTEST_GLUED or core.isupper():
        return [word]
    if without_marks(core.lower()) in model.by_bare:
        return [word]
    found = _best_pair(core, model)
    if found is None:
        return [word]
    left, right = found
    middle = len(before) + len(left)
    parts = cut(word, 0, middle, SPLIT), cut(word, middle, len(word.text), SPLIT)
    return [
        replace(parts[0], text=before + left),
        replace(parts[1], text=right + after),
    ]


def _best_pair(core: str, model: LanguageModel) -> tuple[str, str] | None:
    """Return the pair with the same letters: fewest marks changed, then seen most often."""
    best: tuple[int, int, str, str] | None = None
    for middle in range(1, len(core)):
        if middle > 1 and not core[1:middle].islower():
            break
        heads, tails = (
            model.by_bare.get(without_marks(part.lower()), ())
            for part in (core[:middle], core[middle:])
        )
        for head, tail in product(heads, tails):
            seen = model.pair_count(head, tail)
            if seen < _SEEN_TOGETHER:
                continue
            changed = sum(a != b for a, b in zip(head + tail, core.lower(), strict=False))
            if best is None or (changed, -seen) < best[:2]:
                shown = tail if core[middle:].islower() else with_case_of(core[middle:], tail)
                best = changed, -seen, with_case_of(core[:middle], head), shown
    return None if best is None else best[2:]
