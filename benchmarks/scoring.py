"""How many of the printed words were found: recall as a multiset, in NFC, marks and case count."""

import unicodedata
from collections import Counter

_EDGES = ".,;:!?…\"'“”‘’()[]{}<>«»-–—"


def word_recall(truth: str, found: str) -> float:
    """Return the share of the words of `truth` that stand in `found`."""
    wanted, got = _words(truth), _words(found)
    return sum((wanted & got).values()) / max(1, sum(wanted.values()))


def _words(text: str) -> Counter[str]:
    parts = unicodedata.normalize("NFC", text).split()
    return Counter(word for part in parts if (word := part.strip(_EDGES)))
