"""Finds several papers in one image: laid side by side on the glass, or a spread of two pages.

Only proposed: a person sees where the image would be cut. Wherever the cut would pass through
print, or leave print outside, the image stays one.
"""

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from documents.model import Box, Outline
from ingest.paper import MM_PER_INCH
from ingest.quality import Ink, measure_skew

MOST_PARTS = 4
# Papers that a dark lid shows: no smaller than a card, and not one within another.
_NARROWEST_MM = 35.0
_MOST_SHARED = 0.1
# Around a paper on a dark lid its edge and shadow are marks as well.
_RIM_MM = 4.0
# Cards on a light lid: ISO/IEC 7810 ID-1 is 85.6 by 54 mm; print ends some mm before its edge.
_CARD_LONG_MM, _CARD_SHORT_MM = (62.0, 92.0), (36.0, 59.0)
_CARD_LIKENESS, _LEAST_TINT = 0.2, 5.0
_CARD_MARGIN_MM, _CARD_JOINED_MM = 3.0, 7.0
# A spread: two upright pages of the A series (Letter, F4) side by side.
_SPREAD = (1.22, 1.65)
_MIDDLE = (0.42, 0.58)
_GUTTER_MM, _LEAST_MARGIN_MM = 9.0, 3.0
# Rows of a table without rules lie level in both halves, 0.6 and more, and stand in columns; lines
# of two pages may lie level as well.
_ALIKE_ROWS, _COLUMN_MM = 0.5, 2.5
# One of the two is a full page; two short blocks beside each other are signatures.
_FULL_HEIGHT, _LEAST_HEIGHT, _LEAST_WIDTH, _FEWEST_LETTERS = 0.6, 0.2, 0.5, 120
# Papers laid by hand lie at angles of their own; lines of one paper differ by less.
_LEAST_TURNED, _FEWEST_TO_MEASURE, _LEAST_PART = 1.2, 150, 0.2
_LETTER_PX = (3, 40)
_SPECK_PX = 2


def find_parts(
    grey: NDArray[np.uint8],
    ink: Ink,
    papers: Sequence[Outline],
    *,
    dpi: float,
    scale: float,
    whole: Box,
) -> tuple[Box, ...]:
    """Return where several papers lie in an image, in reading order; empty where it is one.

    All print lies in one of them.

    Args:
        grey: the reduced copy.
        ink: of it.
        papers: that a dark lid shows, in px of the image.
        dpi: of the reduced copy.
        scale: px of the image for each px of the reduced copy.
        whole: the image.
    """
    boxes = ink.boxes[(ink.boxes[:, 2:] > _SPECK_PX).all(axis=1)]
    if len(papers) > 1:
        found = _laid_on_dark(papers, scale=scale, dpi=dpi, whole=whole)
        rim = _RIM_MM / MM_PER_INCH * dpi * scale
        return found if _hold_all(found, boxes, scale=scale, rim=rim) else ()
    cards = _cards(ink, boxes, dpi=dpi)
    if cards and all(_is_tinted(card, cards, grey) for card in cards):
        return tuple(_enlarged(card, scale, whole) for card in cards)
    spread = _gutter_of_spread(ink, boxes, dpi=dpi)
    if spread is not None:
        return _cut_at(spread * scale, whole, across=False)
    for across in (False, True):
        place = _gap_between_turned(ink, boxes, across=across, dpi=dpi)
        if place is not None:
            return _cut_at(place * scale, whole, across=across)
    return ()


def cut_between(parts: Sequence[Box], whole: Box) -> Box:
    """Return the strip between the first two parts: where an image would be cut."""
    first, second = parts[:2]
    if second.x0 >= first.x1:
        return Box(first.x1, whole.y0, max(second.x0, first.x1 + 1), whole.y1)
    if second.y0 >= first.y1:
        return Box(whole.x0, first.y1, whole.x1, max(second.y0, first.y1 + 1))
    return whole


def _laid_on_dark(
    papers: Sequence[Outline], *, scale: float, dpi: float, whole: Box
) -> tuple[Box, ...]:
    least = _NARROWEST_MM / MM_PER_INCH * dpi * scale
    boxes = [_around(paper, whole) for paper in papers]
    boxes = [box for box in boxes if min(box.x1 - box.x0, box.y1 - box.y0) >= least]
    if not 1 < len(boxes) <= MOST_PARTS or len(boxes) < len(papers):
        return ()
    for index, box in enumerate(boxes):
        for other in boxes[index + 1 :]:
            smaller = min(_area(box), _area(other))
            if _shared(box, other) > _MOST_SHARED * smaller:
                return ()
    return _in_reading_order(boxes)


def _around(paper: Outline, whole: Box) -> Box:
    xs, ys = zip(*paper, strict=True)
    return Box(
        max(whole.x0, min(xs)),
        max(whole.y0, min(ys)),
        min(whole.x1, max(xs)),
        min(whole.y1, max(ys)),
    )


def _area(box: Box) -> int:
    return max(0, box.x1 - box.x0) * max(0, box.y1 - box.y0)


def _shared(one: Box, other: Box) -> int:
    wide = min(one.x1, other.x1) - max(one.x0, other.x0)
    high = min(one.y1, other.y1) - max(one.y0, other.y0)
    return max(0, wide) * max(0, high)


def _in_reading_order(boxes: Sequence[Box]) -> tuple[Box, ...]:
    """Return rows from the top, each from the left; what overlaps by half in height is a row."""
    rows: list[list[Box]] = []
    for box in sorted(boxes, key=lambda one: one.y0):
        first = rows[-1][0] if rows else None
        low = first is None or min(first.y1, box.y1) - box.y0 < (box.y1 - box.y0) / 2
        if low:
            rows.append([])
        rows[-1].append(box)
    return tuple(box for row in rows for box in sorted(row, key=lambda one: one.x0))


def _hold_all(
    parts: Sequence[Box], boxes: NDArray[np.int32], *, scale: float, rim: float = 0.0
) -> bool:
    """Say whether every mark of the reduced copy lies within one of the parts, or at its rim."""
    middle = (boxes[:, :2] + boxes[:, 2:] / 2) * scale
    held = np.zeros(len(boxes), bool)
    for part in parts:
        held |= (
            (middle[:, 0] >= part.x0 - rim)
            & (middle[:, 0] <= part.x1 + rim)
            & (middle[:, 1] >= part.y0 - rim)
            & (middle[:, 1] <= part.y1 + rim)
        )
    return bool(held.all())


def _enlarged(box: Box, scale: float, whole: Box) -> Box:
    return Box(
        max(whole.x0, round(box.x0 * scale)),
        max(whole.y0, round(box.y0 * scale)),
        min(whole.x1, round(box.x1 * scale)),
        min(whole.y1, round(box.y1 * scale)),
    )


def _cut_at(place: float, whole: Box, *, across: bool) -> tuple[Box, ...]:
    at = round(place)
    if across:
        return (Box(0, 0, whole.x1, at), Box(0, at, whole.x1, whole.y1))
    return (Box(0, 0, at, whole.y1), Box(at, 0, whole.x1, whole.y1))


def _cards(ink: Ink, boxes: NDArray[np.int32], *, dpi: float) -> tuple[Box, ...]:
    """Return two to four areas of the size of cards that hold all print of the page."""
    part = 4
    height, width = ink.mask.shape
    size = (max(1, width // part), max(1, height // part))
    small = cv2.resize(ink.mask * np.uint8(255), size, interpolation=cv2.INTER_AREA)
    px = dpi / MM_PER_INCH
    side = max(3, round(_CARD_JOINED_MM * px / part)) | 1
    marked = (np.asarray(small) > 0).astype(np.uint8)
    joined = cv2.morphologyEx(marked, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    if not 1 < count - 1 <= MOST_PARTS:
        return ()
    found = [
        Box(x * part, y * part, min(width, (x + w) * part), min(height, (y + h) * part))
        for x, y, w, h, _ in stats[1:].tolist()
    ]
    if not all(_is_card(box, px) for box in found) or not _are_alike(found):
        return ()
    margin = round(_CARD_MARGIN_MM * px)
    grown = _in_reading_order(
        [
            Box(
                max(0, box.x0 - margin),
                max(0, box.y0 - margin),
                min(width, box.x1 + margin),
                min(height, box.y1 + margin),
            )
            for box in found
        ]
    )
    return grown if _hold_all(grown, boxes, scale=1.0) else ()


def _is_tinted(card: Box, cards: Sequence[Box], grey: NDArray[np.uint8]) -> bool:
    """Say whether the ground of a card differs from what it lies on: two signatures do not."""
    is_outside = np.ones(grey.shape, bool)
    for one in cards:
        is_outside[one.y0 : one.y1, one.x0 : one.x1] = False
    if not is_outside.any():
        return False
    ground, around = (
        float(np.percentile(part, 50))
        for part in (grey[card.y0 : card.y1, card.x0 : card.x1], grey[is_outside])
    )
    return abs(ground - around) >= _LEAST_TINT


def _is_card(box: Box, px: float) -> bool:
    short, long = sorted(((box.x1 - box.x0) / px, (box.y1 - box.y0) / px))
    return (
        _CARD_SHORT_MM[0] <= short <= _CARD_SHORT_MM[1]
        and _CARD_LONG_MM[0] <= long <= _CARD_LONG_MM[1]
    )


def _are_alike(boxes: Sequence[Box]) -> bool:
    widths = [box.x1 - box.x0 for box in boxes]
    heights = [box.y1 - box.y0 for box in boxes]
    most = 1.0 + _CARD_LIKENESS
    return max(widths) <= most * min(widths) and max(heights) <= most * min(heights)


def _gutter_of_spread(ink: Ink, boxes: NDArray[np.int32], *, dpi: float) -> float | None:
    """Return the column at which a spread of two upright pages is cut, None where it is none.

    Nothing crosses its middle, and both halves are pages of print by themselves: a table or a
    drawing crosses, a landscape page with two signatures at its end is no page of print.
    """
    height, width = ink.mask.shape
    if not _SPREAD[0] <= width / height <= _SPREAD[1]:
        return None
    px = dpi / MM_PER_INCH
    gaps = _gaps(boxes[:, 0], boxes[:, 0] + boxes[:, 2], length=width)
    for start, end in gaps:
        middle = (start + end) / 2
        if end - start < _GUTTER_MM * px or not _MIDDLE[0] * width <= middle <= _MIDDLE[1] * width:
            continue
        is_left = boxes[:, 0] + boxes[:, 2] / 2 < middle
        halves = (boxes[is_left], boxes[~is_left])
        heights = [_height_of_print(half, width / 2) / height for half in halves]
        if (
            min(heights) >= _LEAST_HEIGHT
            and max(heights) >= _FULL_HEIGHT
            and (
                _likeness_of_rows(ink, round(middle)) < _ALIKE_ROWS
                or not any(_has_columns(half, width, px) for half in halves)
            )
        ):
            fold = width / 2
            margin = _LEAST_MARGIN_MM * px
            # The fold is where the paper was folded, if it lies in the gap.
            return fold if start + margin <= fold <= end - margin else middle
    return None


def _has_columns(boxes: NDArray[np.int32], width: int, px: float) -> bool:
    """Say whether a stretch that nothing is printed on runs down between the print."""
    gaps = _gaps(boxes[:, 0], boxes[:, 0] + boxes[:, 2], length=width)
    first, last = int(boxes[:, 0].min()), int((boxes[:, 0] + boxes[:, 2]).max())
    return any(first < start and end < last and end - start >= _COLUMN_MM * px
               for start, end in gaps)  # fmt: skip


def _likeness_of_rows(ink: Ink, middle: int) -> float:
    """Return how far the rows of both halves go together, -1 to 1; those of a table do."""
    halves = (ink.mask[:, :middle], ink.mask[:, middle:])
    profiles = [half.sum(axis=1, dtype=np.float64) for half in halves]
    if min(float(profile.std()) for profile in profiles) <= 0.0:
        return 0.0
    first, second = ((profile - profile.mean()) / profile.std() for profile in profiles)
    return float((first * second).mean())


def _height_of_print(boxes: NDArray[np.int32], width: float) -> float:
    """Return over how much of its height half a spread is printed, 0 where it is too narrow."""
    _, y, w, h = boxes.T
    is_letter = (h >= _LETTER_PX[0]) & (h <= _LETTER_PX[1])
    if int(is_letter.sum()) < _FEWEST_LETTERS:
        return 0.0
    x = boxes[is_letter, 0]
    left, right = np.percentile(x, 3), np.percentile((x + w[is_letter]), 97)
    top, bottom = np.percentile(y[is_letter], 2), np.percentile((y + h)[is_letter], 98)
    return float(bottom - top) if right - left >= _LEAST_WIDTH * width else 0.0


def _gaps(
    starts: NDArray[np.int32], ends: NDArray[np.int32], *, length: int
) -> list[tuple[int, int]]:
    """Return the stretches that nothing covers, the widest first."""
    steps = np.zeros(length + 1, np.int64)
    np.add.at(steps, np.clip(starts, 0, length), 1)
    np.add.at(steps, np.clip(ends, 0, length), -1)
    is_bare = np.concatenate([[False], np.cumsum(steps)[:length] == 0, [False]])
    borders = np.flatnonzero(np.diff(is_bare.astype(np.int8)))
    gaps = list(zip(borders[::2].tolist(), borders[1::2].tolist(), strict=True))
    return sorted(gaps, key=lambda gap: gap[0] - gap[1])


def _gap_between_turned(
    ink: Ink, boxes: NDArray[np.int32], *, across: bool, dpi: float
) -> float | None:
    """Return where two papers part whose lines are turned against each other."""
    axis = 1 if across else 0
    length = ink.mask.shape[0] if across else ink.mask.shape[1]
    gaps = _gaps(boxes[:, axis], boxes[:, axis] + boxes[:, axis + 2], length=length)
    inner = [gap for gap in gaps if gap[0] > 0 and gap[1] < length]
    for start, end in inner[:1]:
        if end - start < _LEAST_MARGIN_MM / MM_PER_INCH * dpi:
            return None
        middle = (start + end) / 2
        is_first = boxes[:, axis] + boxes[:, axis + 2] / 2 < middle
        halves = [boxes[is_first], boxes[~is_first]]
        if min(middle, length - middle) < _LEAST_PART * length:
            return None
        if _are_turned_apart(ink, halves):
            return middle
    return None


def _are_turned_apart(ink: Ink, halves: Sequence[NDArray[np.int32]]) -> bool:
    if min(len(half) for half in halves) < _FEWEST_TO_MEASURE:
        return False
    angles = [
        measure_skew(Ink(mask=ink.mask, boxes=half, paper=ink.paper, contrast=ink.contrast))
        for half in halves
    ]
    known = [angle for angle in angles if angle is not None]
    return len(known) == len(angles) and any(
        abs(one - other) >= _LEAST_TURNED for one, other in pairwise(known)
    )
