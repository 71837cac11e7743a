"""Fits and judges the probability that a word is right, and the doubts that follow from it.

`python -m benchmarks.calibration --fit` fits on one half of our hard pages, writes
`ocr/language/calibration.json`, and judges on the other half: other words, fonts and damages.
Without `--fit` it only judges. The same pages give the same figures; readings before the
correction are kept, so that a change of the correction does not mean reading again.

A word is right where it stands in its place in the row of printed words (signs at its edges apart,
marks and case count, parts between dashes for themselves), or where it is longer than a character
and the page has it once more than was found in place: columns read in another order are no wrong
words. The expected calibration error
is the mean distance between the mean probability and the share of right words in 15 bins of equally
many words, in order of probability.
"""

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.fitting import fit_logistic
from benchmarks.hard_pages import make_hard_pages
from benchmarks.reading_scores import core_of, words_of
from benchmarks.recognised import ReadPage, given_pages, read_pages
from benchmarks.tables import to_markdown
from documents.model import Box, Line, Word
from ocr.language.calibrating import (
    FEATURES,
    FILE,
    RISING,
    Calibration,
    calibration_of,
    features_of,
    load_calibration,
)
from ocr.language.correcting import mend_lines
from ocr.language.doubts import mark_doubts
from ocr.language.model import LanguageModel, load_model

BINS = 15
_DIGITS_KEPT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What was counted on some pages; a `miss` is a word by hand, read as a number, not marked."""

    words: int
    right: float
    chance: float
    error: float
    marked: float
    right_of_others: float
    by_hand: int
    missed: int


def right_words(truth: str, read: Sequence[str]) -> NDArray[np.bool_]:
    """Say of each word of a reading whether it is right; words are given without edges."""
    printed = [part for word in words_of(truth) for part in _parts(word)]
    found = [(part, place) for place, word in enumerate(read) for part in _parts(word)]
    parts = [part for part, _ in found]
    matcher = SequenceMatcher(None, printed, parts, autojunk=False)
    is_right = np.zeros(len(parts), np.bool_)
    left = Counter(printed)
    for _, start, size in matcher.get_matching_blocks():
        is_right[start : start + size] = True
        left -= Counter(parts[start : start + size])
    right = np.ones(len(read), np.bool_)
    for (part, place), is_there in zip(found, is_right, strict=True):
        if not is_there and len(part) > 1 and left[part] > 0:
            left[part] -= 1
        elif not is_there:
            right[place] = False
    return right


def _parts(word: str) -> list[str]:
    """Return what stands between dashes: there the end of a line may part a code."""
    return [part for part in word.split("-") if core_of(part)] or [word]


def calibration_error(chances: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Return the expected calibration error over bins of equally many words."""
    order = np.argsort(chances, kind="stable")
    bins = np.array_split(order, BINS)
    gaps = [abs(chances[part].mean() - right[part].mean()) * len(part) for part in bins]
    return float(sum(gaps) / max(1, len(order)))


def fit(pages: Sequence[ReadPage], model: LanguageModel) -> dict[str, float]:
    """Return the coefficients that make what was read of the pages likeliest."""
    rows, flags = [], []
    for page in pages:
        lines = mend_lines(page.lines, model)
        features, kinds = features_of(lines, model)
        is_word = np.array([kind != "" for kind in kinds], np.bool_)
        cores = [core for word in _words(lines) if (core := core_of(word.text))]
        rows.append(features[is_word])
        flags.append(right_words(page.truth, cores))
    rising = [FEATURES.index(name) for name in RISING]
    found = fit_logistic(np.concatenate(rows), np.concatenate(flags), rising=rising)
    return {
        name: round(float(value), _DIGITS_KEPT) for name, value in zip(FEATURES, found, strict=True)
    }


def judge(pages: Sequence[ReadPage], model: LanguageModel, calibration: Calibration) -> Judgement:
    """Compare probabilities and marks with what is printed on the pages."""
    words: list[Word] = []
    flags, hands = [], []
    for page in pages:
        lines = mark_doubts(mend_lines(page.lines, model), model, calibration)
        read = [word for word in _words(lines) if core_of(word.text)]
        words += read
        flags.append(right_words(page.truth, [core_of(word.text) for word in read]))
        hands += [_is_number_by_hand(word, page.written) for word in read]
    right = np.concatenate(flags)
    chances = np.array([word.confidence for word in words])
    marked = np.array([word.doubtful for word in words])
    by_hand = np.array(hands)
    return Judgement(
        words=len(words),
        right=float(right.mean()),
        chance=float(chances.mean()),
        error=calibration_error(chances, right),
        marked=float(marked.mean()),
        right_of_others=float(right[~marked].mean()),
        by_hand=int(by_hand.sum()),
        missed=int((by_hand & ~marked).sum()),
    )


def _words(lines: Sequence[Line]) -> list[Word]:
    return [word for line in lines for word in line.words]


def _is_number_by_hand(word: Word, written: Sequence[Box]) -> bool:
    """Say whether a word with figures stands mostly where a hand wrote."""
    if not any(character.isdigit() for character in word.text):
        return False
    box = word.box
    middle = (box.y0 + box.y1) / 2
    return any(
        one.y0 <= middle <= one.y1
        and min(box.x1, one.x1) - max(box.x0, one.x0) > 0.3 * (box.x1 - box.x0)
        for one in written
    )


def main() -> None:
    """Fit if that is asked for, then print what was judged."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, required=True, help="where pages are kept")
    parser.add_argument("--fit", action="store_true", help=f"write {FILE.name} anew")
    wish = parser.parse_args()
    model = load_model()
    calibration = load_calibration() if not wish.fit else None
    if calibration is None:
        pages = read_pages(make_hard_pages(wish.cache, "fit"), wish.cache)
        coefficients = fit(pages, model)
        FILE.write_text(json.dumps(coefficients, indent=1) + "\n", encoding="utf-8")
        calibration = calibration_of(coefficients, name="just fitted")
    judged = read_pages(make_hard_pages(wish.cache, "judge"), wish.cache)
    sets = {"own hard pages": judged}
    sets |= {kind: [page for page in judged if page.kind == kind] for kind in _kinds(judged)}
    for name, folder in (
        ("scanned pages", "vn-scanned-pages"),
        ("page images", "vn-page-images"),
    ):
        sets[name] = read_pages(given_pages(name, folder), wish.cache)
    print(_table({name: judge(pages, model, calibration) for name, pages in sets.items() if pages}))


def _kinds(pages: Sequence[ReadPage]) -> list[str]:
    return list(dict.fromkeys(page.kind for page in pages))


def _table(found: dict[str, Judgement]) -> str:
    rows = [[
        "pages", "words", "right", "mean probability", "calibration error", "marked",
        "right of the others", "numbers by hand", "of them not marked",
    ]]  # fmt: skip
    for name, one in found.items():
        shares = (one.right, one.chance)
        rows.append([
            name, str(one.words), *(f"{share:.2%}" for share in shares), f"{one.error:.4f}",
            f"{one.marked:.2%}", f"{one.right_of_others:.2%}", str(one.by_hand), str(one.missed),
        ])  # fmt: skip
    return to_markdown(rows)


if __name__ == "__main__":
    main()
