"""Count the language model from public law texts: `python -m ocr.language.counting FOLDER…`.

The same texts give the same bytes. Texts that share eight words in a row with a page kept for
judging (`--judged FOLDER`, its `*.txt`), or that name one of the documents there (`--apart`), are
left out, so that those pages can still judge the result.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from documents.identifiers import sha256_of_file
from ocr.language.counts import Counts, count_tokens, pack_counts
from ocr.language.model import FILE
from ocr.language.sources import Document, documents_in, runs_of, runs_of_pages
from ocr.language.syllables import could_be_syllable, has_syllable_letters, without_marks
from ocr.language.tokens import KINDS, UNKNOWN, cased_pairs_of, tokens_of

_LEAST_CASED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How often something must have been seen to be kept."""

    syllable: int = 3
    other_word: int = 30
    pair: int = 2
    triple: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The counts, and what they were made of."""

    counts: Counts
    documents: int
    left_out: int
    tokens: int


def count_documents(
    documents: Iterable[Document],
    *,
    judged: frozenset[int],
    apart: Sequence[str],
    limits: Limits,
) -> Counted:
    """Count all documents but those that touch pages kept for judging.

    Args:
        documents: their texts, and how often each counts.
        judged: runs of words that no document may share.
        apart: numbers of documents that no document may name.
        limits: what is too rare to keep.
    """
    vocabulary = {kind: place for place, kind in enumerate(KINDS)}
    ids: list[NDArray[np.int32]] = []
    cased: Counter[tuple[tuple[str, str], bool]] = Counter()
    number = left_out = 0
    for document in documents:
        text = document.text
        number += 1
        if any(name in text for name in apart) or not judged.isdisjoint(runs_of(text)):
            left_out += 1
            continue
        tokens = [vocabulary.setdefault(token, len(vocabulary)) for token in tokens_of(text)]
        ids += [np.array(tokens, np.int32)] * document.times
        for pair in cased_pairs_of(text):
            cased[pair] += document.times
    text_ids = np.concatenate([np.zeros(0, np.int32), *ids])
    counts = _without_rare_words(text_ids, tuple(vocabulary), limits)
    return Counted(
        counts=replace(counts, cased=_cased(cased)),
        documents=number,
        left_out=left_out,
        tokens=len(text_ids),
    )


def _without_rare_words(ids: NDArray[np.int32], words: tuple[str, ...], limits: Limits) -> Counts:
    """Count with words that are too rare as <u>; the order of words is that of the alphabet."""
    found = np.bincount(ids, minlength=len(words)).tolist()
    seen = {word: n for word, n in zip(words, found, strict=True) if has_syllable_letters(word)}
    syllables = {
        word for word, n in seen.items() if n >= limits.syllable and could_be_syllable(word)
    }
    beginnings = {word[:end] for word in syllables for end in range(2, len(word))}
    bare = {without_marks(word) for word in syllables}
    # No syllable itself, and the torn beginning of one ("liê") or one without its marks ("hoc").
    damaged = (beginnings - syllables) | (bare - syllables)
    others = {word for word, n in seen.items() if n >= limits.other_word} - damaged
    kept = sorted(syllables | others)
    ordered = (*KINDS, *kept)
    places = {word: place for place, word in enumerate(ordered)}
    renumbered = np.array([places.get(word, places[UNKNOWN]) for word in words], np.int32)
    return count_tokens(
        renumbered[ids], ordered, least_pair=limits.pair, least_triple=limits.triple
    )


def _cased(
    found: Counter[tuple[tuple[str, str], bool]],
) -> dict[tuple[str, str], tuple[int, int]]:
    pairs = sorted({pair for pair, _ in found})
    both = {pair: (found[pair, True], found[pair, False]) for pair in pairs}
    return {pair: numbers for pair, numbers in both.items() if sum(numbers) >= _LEAST_CASED}


def main() -> None:
    """Count the folders that are named, write the counts, say what they are made of."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", nargs="+", type=Path)
    parser.add_argument("--judged", type=Path, action="append", default=[])
    parser.add_argument("--apart", action="append", default=[])
    parser.add_argument("--out", type=Path, default=FILE)
    asked = parser.parse_args()
    missing = [str(path) for path in (*asked.texts, *asked.judged) if not path.is_dir()]
    if missing:
        parser.error(f"no such folder: {', '.join(missing)}")
    counted = count_documents(
        (document for folder in asked.texts for document in documents_in(folder)),
        judged=runs_of_pages(asked.judged),
        apart=asked.apart,
        limits=Limits(),
    )
    asked.out.write_bytes(pack_counts(counted.counts))
    sys.stdout.write(describe(counted, asked.out) + "\n")


def describe(counted: Counted, file: Path) -> str:
    """Return the figures of the model card."""
    counts = counted.counts
    return "\n".join(
        (
            f"documents {counted.documents}, left out {counted.left_out}",
            f"tokens {counted.tokens}, words {len(counts.words)}",
            f"pairs {len(counts.pair_first)}, triples {len(counts.triple_pair)}",
            f"pairs for letter case {len(counts.cased)}",
            f"bytes {file.stat().st_size}, sha256 {sha256_of_file(file)}",
        )
    )


if __name__ == "__main__":
    main()
