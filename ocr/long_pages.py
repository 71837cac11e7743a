"""Reading pages that are longer than the recogniser takes: strips of paper, rolls."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from documents.model import Box, Line, Word
from ocr.engine import GreyImage

# Tesseract keeps places in 16 bits, so 32,767 px are the most; shorter pieces need less memory.
MOST_SIDE = 16_000
# Where a piece may end: between lines of print, in the last part of it.
_END_ZONE = 0.25
_INK = 96


def read_in_pieces(
    grey: GreyImage, read: Callable[[GreyImage], tuple[Line, ...]]
) -> tuple[Line, ...]:
    """Read an image piece by piece from the top; no line of print is cut or read twice.

    A piece ends in the middle of the widest stretch without ink; where there is none, in the row
    with the least ink.
    """
    lines: list[Line] = []
    top = blocks = 0
    for end in _ends(grey):
        found = read(np.ascontiguousarray(grey[top:end]))
        lines += [_moved(line, down=top, blocks=blocks) for line in found]
        blocks = 1 + max((line.block for line in lines), default=-1)
        top = end
    return tuple(lines)


def middle_of(grey: GreyImage) -> GreyImage:
    """Return as much of the middle of an image as the recogniser takes."""
    rows, columns = (
        slice(max(0, (side - MOST_SIDE) // 2), max(0, (side - MOST_SIDE) // 2) + MOST_SIDE)
        for side in grey.shape
    )
    return np.ascontiguousarray(grey[rows, columns])


def _ends(grey: GreyImage) -> list[int]:
    """Return the rows before which the pieces end, the last one included."""
    height = grey.shape[0]
    ends: list[int] = []
    top = 0
    while height - top > MOST_SIDE:
        first = top + round(MOST_SIDE * (1.0 - _END_ZONE))
        zone = grey[first : top + MOST_SIDE]
        paper = int(np.percentile(zone[::8, ::8], 80))
        ink = np.count_nonzero(zone < paper - _INK, axis=1)
        top = first + _widest_low(ink)
        ends.append(top)
    return [*ends, height]


def _widest_low(ink: np.ndarray[tuple[int], np.dtype[np.int64]]) -> int:
    """Return the middle of the longest stretch of rows with the least ink."""
    is_low = np.concatenate([[False], ink == ink.min(), [False]])
    borders = np.flatnonzero(np.diff(is_low.astype(np.int8)))
    starts, ends = borders[::2], borders[1::2]
    best = int(np.argmax(ends - starts))
    return int(starts[best] + ends[best]) // 2


def _moved(line: Line, *, down: int, blocks: int) -> Line:
    x0, y0, x1, y1 = line.baseline

    def moved(word: Word) -> Word:
        box = word.box
        return replace(word, box=Box(box.x0, box.y0 + down, box.x1, box.y1 + down))

    return replace(
        line,
        words=tuple(moved(word) for word in line.words),
        baseline=(x0, y0 + down, x1, y1 + down),
        block=line.block + blocks,
    )
