"""How far what a viewer marks and copies agrees with what was read; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.viewer_programs import Edges, SeenPage
from documents.model import RecognizedPage
from ocr.text_layer import clean

_POINTS_PER_INCH = 72.0
GOOD_MARK = 0.8
"""From this share on a mark is on its word: intersection over union with the word's box."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewerScore:
    """What a viewer made of pages: words, those with a good mark, pages copied as they read.

    `lettered` are the words that hold a letter or a digit.
    """

    words: int
    marked: int
    lettered: int
    lettered_marked: int
    shares: float
    pages: int
    copied: int


def words_read(page: RecognizedPage) -> list[tuple[str, Edges]]:
    """Return the words that a page's text layer holds, with their boxes in points."""
    scale = _POINTS_PER_INCH / page.dpi
    return [
        (
            text,
            (
                word.box.x0 * scale,
                word.box.y0 * scale,
                word.box.x1 * scale,
                word.box.y1 * scale,
            ),
        )
        for word in page.words
        if (text := clean(word.text)) and not text.isspace()
    ]


def score_page(page: RecognizedPage, seen: SeenPage) -> ViewerScore:
    """Compare a page as a viewer gives it with what was read on it."""
    read = words_read(page)
    shares = shares_of(read, seen.words)
    words = " ".join(text for text, _ in read).split()
    is_lettered = [any(one.isalnum() for one in text) for text, _ in read]
    return ViewerScore(
        words=len(read),
        marked=sum(share >= GOOD_MARK for share in shares),
        lettered=sum(is_lettered),
        lettered_marked=sum(
            share >= GOOD_MARK
            for share, is_word in zip(shares, is_lettered, strict=True)
            if is_word
        ),
        shares=sum(shares),
        pages=1,
        copied=int(seen.copied.split() == words),
    )


def add_up(scores: Iterable[ViewerScore]) -> ViewerScore:
    """Return the sum of scores."""
    rows = list(scores)
    return ViewerScore(
        words=sum(one.words for one in rows),
        marked=sum(one.marked for one in rows),
        lettered=sum(one.lettered for one in rows),
        lettered_marked=sum(one.lettered_marked for one in rows),
        shares=sum(one.shares for one in rows),
        pages=sum(one.pages for one in rows),
        copied=sum(one.copied for one in rows),
    )


def shares_of(read: Sequence[tuple[str, Edges]], seen: Sequence[tuple[str, Edges]]) -> list[float]:
    """Return for each word that was read the share of the best mark of the same word.

    Each mark counts once. A word that the viewer does not have, joined or cut, has none.
    """
    waiting: dict[str, list[Edges]] = {}
    for text, edges in seen:
        waiting.setdefault(text, []).append(edges)
    shares = []
    for text, box in read:
        marks = waiting.get(text, [])
        best = max(marks, key=lambda mark: shared_part(box, mark), default=None)
        shares.append(0.0 if best is None else shared_part(box, best))
        if best is not None and shares[-1] > 0:
            marks.remove(best)
    return shares


def shared_part(one: Edges, other: Edges) -> float:
    """Return the intersection over the union of two rectangles."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    shared = max(width, 0.0) * max(height, 0.0)
    union = _area(one) + _area(other) - shared
    return shared / union if union > 0 else 0.0


def _area(edges: Edges) -> float:
    return max(edges[2] - edges[0], 0.0) * max(edges[3] - edges[1], 0.0)
