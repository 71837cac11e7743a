"""Puts placed words into lines, and lines into reading order."""

from collections.abc import Sequence
from dataclasses import dataclass

# In parts of the size of the type.
_SAME_LINE = 0.45
_WIDE_GAP = 2.0
_NEW_BLOCK_GAP = 1.9
_GUTTER = 1.0
_FEWEST_ROWS_IN_COLUMNS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedWord:
    """A word with its box, base line and size of type in px of the upright page."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    baseline: float
    size: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedLine:
    """Words on one base line, left to right, and the number of the block they belong to."""

    words: tuple[PlacedWord, ...]
    baseline: float
    size: float
    block: int = 0

    @property
    def x0(self) -> float:
        """Left end in px."""
        return self.words[0].x0

    @property
    def x1(self) -> float:
        """Right end in px."""
        return max(word.x1 for word in self.words)


def lay_out_lines(words: Sequence[PlacedWord]) -> list[PlacedLine]:
    """Return the lines in reading order: top down, columns one after the other.

    A wide gap ends a line, so the two halves of a letter head (agency left, national title
    right) become lines of their own; neighbouring rows with a common gutter are read column
    by column.
    """
    rows = _rows(words)
    ordered: list[PlacedLine] = []
    index = block = 0
    while index < len(rows):
        zone = _columns_from(rows, index)
        if zone is None:
            for line in rows[index]:
                if ordered and _starts_block(ordered[-1], line):
                    block += 1
                ordered.append(_in_block(line, block))
            index += 1
            continue
        gutter, end = zone
        lines = [line for row in rows[index:end] for line in row]
        for is_right in (False, True):
            block += 1
            ordered += [_in_block(line, block) for line in lines if (line.x0 >= gutter) == is_right]
        block += 1
        index = end
    return ordered


def _in_block(line: PlacedLine, block: int) -> PlacedLine:
    return PlacedLine(words=line.words, baseline=line.baseline, size=line.size, block=block)


def _starts_block(before: PlacedLine, line: PlacedLine) -> bool:
    step = line.baseline - before.baseline
    return step > _NEW_BLOCK_GAP * max(line.size, before.size) or step < 0


def _rows(words: Sequence[PlacedWord]) -> list[list[PlacedLine]]:
    """Group words by base line from the top; split each group at wide gaps."""
    rows: list[list[PlacedWord]] = []
    for word in sorted(words, key=lambda word: (word.baseline, word.x0)):
        if rows:
            first = rows[-1][0]
            if abs(word.baseline - first.baseline) <= _SAME_LINE * min(word.size, first.size):
                rows[-1].append(word)
                continue
        rows.append([word])
    return [_split_at_gaps(sorted(row, key=lambda word: word.x0)) for row in rows]


def _split_at_gaps(row: list[PlacedWord]) -> list[PlacedLine]:
    pieces: list[list[PlacedWord]] = [[row[0]]]
    for word in row[1:]:
        if word.x0 - pieces[-1][-1].x1 > _WIDE_GAP * word.size:
            pieces.append([word])
        else:
            pieces[-1].append(word)
    return [
        PlacedLine(
            words=tuple(piece),
            baseline=sum(word.baseline for word in piece) / len(piece),
            size=max(word.size for word in piece),
        )
        for piece in pieces
    ]


def _columns_from(rows: list[list[PlacedLine]], start: int) -> tuple[float, int] | None:
    """Return the x of a gutter that rows from `start` on leave free, and where they end."""
    if len(rows[start]) != 2:  # noqa: PLR2004 - two columns
        return None
    left, right = rows[start][0].x1, rows[start][1].x0
    end, full_rows = start + 1, 1
    while end < len(rows):
        step = rows[end][0].baseline - rows[end - 1][0].baseline
        # A title below a letter head stands alone in its row and farther away.
        if step > _NEW_BLOCK_GAP * len(rows[end]) * rows[end][0].size:
            break
        narrowed = _narrowed(rows[end], left, right)
        if narrowed is None:
            break
        left, right = narrowed
        full_rows += len(rows[end]) == 2  # noqa: PLR2004 - two columns
        end += 1
    if full_rows < _FEWEST_ROWS_IN_COLUMNS:
        return None
    return (left + right) / 2, end


def _narrowed(row: list[PlacedLine], left: float, right: float) -> tuple[float, float] | None:
    """Return the gutter that is left free by one more row, or None if none is."""
    middle = (left + right) / 2
    for line in row:
        if (line.x0 + line.x1) / 2 < middle:
            left = max(left, line.x1)
        else:
            right = min(right, line.x0)
    return (left, right) if right - left > _GUTTER * row[0].size else None
