"""Words that change: their text, their cause, their parts; nothing that was read is lost."""

from collections.abc import Sequence
from dataclasses import replace

from documents.model import Box, Word

LANGUAGE, JOINED, SPLIT, CASE, CODE = "language", "joined", "split", "case", "code"
SECOND = "second"


def become(word: Word, text: str, cause: str) -> Word:
    """Return a word with another reading, and why."""
    if text == word.text:
        return word
    alternatives = word.alternatives if len(text) == len(word.text) else ()
    return replace(word, text=text, cause=_with(word.cause, cause), alternatives=alternatives)


def cut(word: Word, start: int, end: int, cause: str) -> Word:
    """Return the characters from `start` to `end` as a word of its own, its box by proportion.

    What the recogniser gave is cut as well where it has the same length; otherwise it stays whole
    with the first part.
    """
    length = len(word.text)
    if (start, end) == (0, length):
        return word
    width = word.box.x1 - word.box.x0
    x0 = word.box.x0 + width * start // length
    x1 = max(word.box.x0 + width * end // length, x0)
    whole = word.raw if start == 0 else ""
    return replace(
        word,
        text=word.text[start:end],
        raw=word.raw[start:end] if len(word.raw) == length else whole,
        box=Box(x0, word.box.y0, x1, word.box.y1),
        cause=_with(word.cause, cause),
        alternatives=word.alternatives[start:end] if len(word.alternatives) == length else (),
    )


def join(words: Sequence[Word], text: str, cause: str) -> Word:
    """Return several words of a line as one; it is as sure as the least sure of them."""
    causes = "+".join(word.cause for word in words if word.cause)
    alternatives = tuple(place for word in words for place in word.alternatives)
    return Word(
        text=text,
        raw=" ".join(word.raw for word in words if word.raw),
        box=Box(
            min(word.box.x0 for word in words),
            min(word.box.y0 for word in words),
            max(word.box.x1 for word in words),
            max(word.box.y1 for word in words),
        ),
        confidence=min(word.confidence for word in words),
        doubtful=any(word.doubtful for word in words),
        cause=_with(causes, cause),
        alternatives=alternatives if len(alternatives) == len(text) else (),
    )


def _with(causes: str, cause: str) -> str:
    return "+".join(dict.fromkeys([*filter(None, causes.split("+")), cause]))
