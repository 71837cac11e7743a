"""Two columns side by side: the letterhead and the signature block of official papers.

The recogniser joins both columns of the head into one line ("ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI");
no word is lost by it, but the order is. Splitting by word boxes costs nothing measurable and
halves the character error rate (measured on real scans). Everything else keeps the recogniser's
order, since it knows columns of body text and tables better, but for two things: a table without
rules that it read column by column is put row by row, and the last lines of a column that it gives
after the column beside are put back.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from statistics import median

from documents.model import Line, Word

# In heights of the type: a gap parts columns, a clear one must occur at least once.
_GAP_SIZES = 1.0
_CLEAR_GAP_SIZES = 1.8
_NARROWEST_CUT_SIZES = 0.2
# In parts of the page: where a gap may lie, where a letterhead begins, a signature block begins.
_LEFTMOST, _RIGHTMOST = 0.33, 0.62
_HEAD_ENDS, _FOOT_BEGINS = 0.35, 0.5
_LEAST_ROWS = 2
_WORDS_THAT_SHOW_SLOPE = 4
_SAME_LEVEL_SIZES = 0.35
_LEAST_TABLE_ROWS, _MOST_CELL_WORDS, _RUNNING_WORDS = 4, 4, 8
_SAME_EDGE_SIZES, _NEXT_LINE_SIZES, _LONG_COLUMN = 1.0, 2.2, 6


@dataclass(frozen=True, slots=True)
class _Row:
    """All that stands at one level, left to right, and which lines it was made of."""

    words: tuple[Word, ...]
    size: float
    level: float
    members: tuple[int, ...]


@dataclass(slots=True)
class _Run:
    """Rows from `first` to `last` that are parted between x0 and x1."""

    x0: float
    x1: float
    first: int
    last: int
    rows: int = 1
    table_rows: int = 0
    is_clear: bool = False


def order_columns(lines: Sequence[Line], *, width: int, height: int) -> tuple[Line, ...]:
    """Return the lines with columns one after the other, blocks numbered anew from 0.

    Args:
        lines: in the recogniser's order.
        width: of the page, px.
        height: of the page, px.
    """
    lines = _with_tables_by_row([line for line in lines if line.words])
    rows = _in_rows(lines)
    runs = _find_runs(rows, width=width, height=height)
    run_of_line = {
        member: run
        for run in runs
        for row in rows[run.first : run.last + 1]
        for member in row.members
    }
    ordered: list[Line] = []
    written: set[int] = set()
    block, previous = -1, -1
    for index, line in enumerate(lines):
        run = run_of_line.get(index)
        if run is None:
            if line.block != previous:
                block += 1
            ordered.append(replace(line, block=block))
            previous = line.block
        elif run.first not in written:
            written.add(run.first)
            members = sorted(m for row in rows[run.first : run.last + 1] for m in row.members)
            for side in _sides([lines[member] for member in members], (run.x0 + run.x1) / 2):
                block += 1
                ordered += [replace(part, block=block) for part in side]
            previous = -1
    return _with_columns_whole(ordered)


def _with_tables_by_row(lines: Sequence[Line]) -> list[Line]:
    """Put the cells of a table without rules row by row, where they were read column by column."""
    rows = _in_rows(lines)
    ordered = list(enumerate(lines))
    block = max((line.block for line in lines), default=0)
    for first, last in _tables(rows, lines):
        block += 1
        cells = [
            member
            for row in rows[first : last + 1]
            for member in sorted(row.members, key=lambda one: lines[one].words[0].box.x0)
        ]
        inside = set(cells)
        place = next(place for place, (index, _) in enumerate(ordered) if index in inside)
        outside = [pair for pair in ordered if pair[0] not in inside]
        table = [(index, replace(lines[index], block=block)) for index in cells]
        ordered = [*outside[:place], *table, *outside[place:]]
    return [line for _, line in ordered]


def _tables(rows: Sequence[_Row], lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Return first and last row of each table: many rows in turn of three cells or more.

    A single row of fewer between them belongs to it, unless it is running text.
    """
    found: list[tuple[int, int]] = []
    taken: list[int] = []
    for index, row in enumerate([*rows, None]):
        if row is not None and _is_table_row(row, lines):
            taken.append(index)
        elif row is None or not taken or index - taken[-1] > 1 or len(row.words) >= _RUNNING_WORDS:
            if len(taken) >= _LEAST_TABLE_ROWS:
                found.append((taken[0], taken[-1]))
            taken = []
    return found


def _is_table_row(row: _Row, lines: Sequence[Line]) -> bool:
    """Say whether a row is of three short pieces or more, far apart, that were read apart."""
    clear = sum(
        right.box.x0 - left.box.x1 > _CLEAR_GAP_SIZES * row.size / 2
        for left, right in zip(row.words, row.words[1:], strict=False)
    )
    pieces = [len(lines[member].words) for member in row.members]
    return len(pieces) > 1 and clear > 1 and len(row.words) <= _MOST_CELL_WORDS * (clear + 1)


def _with_columns_whole(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Put a block behind the column that it continues, if it comes after the column beside that."""
    blocks = [list(block) for _, block in groupby(lines, key=lambda line: line.block)]
    ordered: list[list[Line]] = []
    for block in blocks:
        place = next(
            (
                place + 1
                for place, upper in enumerate(ordered)
                if _is_continued(upper, block, beside=ordered[place + 1 :])
            ),
            len(ordered),
        )
        ordered.insert(place, block)
    return tuple(
        replace(line, block=number) for number, block in enumerate(ordered) for line in block
    )


def _is_continued(
    upper: Sequence[Line], block: Sequence[Line], *, beside: Sequence[list[Line]]
) -> bool:
    """Say whether a block goes on below another, and all between stands at the right of both.

    What stands there must reach down beside the block, or the column be long: in a table that is
    read row by row neither is so.
    """
    last, first = upper[-1], block[0]
    size = min(last.size, first.size)
    is_below = 0 < first.baseline[1] - last.baseline[1] < _NEXT_LINE_SIZES * size
    is_flush = abs(first.words[0].box.x0 - last.words[0].box.x0) < _SAME_EDGE_SIZES * size
    if not (beside and is_below and is_flush):
        return False
    right = max(line.words[-1].box.x1 for line in (*upper, *block))
    others = [line for one in beside for line in one]
    lowest = max(line.baseline[1] for line in others)
    is_column = len(upper) >= _LONG_COLUMN or lowest > block[-1].baseline[1] - size / 2
    return is_column and min(line.words[0].box.x0 for line in others) > right


def _in_rows(lines: Sequence[Line]) -> list[_Row]:
    """Join what stands at one level, top down, though the recogniser may have split it."""
    slope = _slope_of(lines)
    found = sorted(
        (
            _Row(words=line.words, size=line.size, level=_level(line, slope), members=(index,))
            for index, line in enumerate(lines)
        ),
        key=lambda row: row.level,
    )
    rows: list[_Row] = []
    for row in found:
        if rows and _is_beside(rows[-1], row):
            upper = rows[-1]
            words = sorted((*upper.words, *row.words), key=lambda word: word.box.x0)
            rows[-1] = _Row(
                words=tuple(words),
                size=max(upper.size, row.size),
                level=upper.level,
                members=(*upper.members, *row.members),
            )
        else:
            rows.append(row)
    return rows


def _slope_of(lines: Sequence[Line]) -> float:
    """Return how much the lines of the page fall, px for each px to the right."""
    slopes = [_slope(line) for line in lines if len(line.words) >= _WORDS_THAT_SHOW_SLOPE]
    return median(slopes) if slopes else 0.0


def _slope(line: Line) -> float:
    x0, y0, x1, y1 = line.baseline
    return (y1 - y0) / (x1 - x0) if abs(x1 - x0) >= 1 else 0.0


def _level(line: Line, slope: float) -> float:
    x0, y0, x1, y1 = line.baseline
    return (y0 + y1) / 2 - slope * (x0 + x1) / 2


def _is_beside(row: _Row, other: _Row) -> bool:
    is_level = abs(row.level - other.level) < _SAME_LEVEL_SIZES * min(row.size, other.size)
    return is_level and not any(
        word.box.x0 < other_word.box.x1 and other_word.box.x0 < word.box.x1
        for word in row.words
        for other_word in other.words
    )


def _find_runs(rows: Sequence[_Row], *, width: int, height: int) -> list[_Run]:
    runs: list[_Run] = []
    index = 0
    while index < len(rows):
        run = _run_from(rows, index, width=width, height=height)
        if run is not None:
            runs.append(run)
            index = run.last
        index += 1
    return runs


def _run_from(rows: Sequence[_Row], first: int, *, width: int, height: int) -> _Run | None:
    """Follow the widest gap of a row down the page, until something crosses it."""
    is_head = rows[first].level < _HEAD_ENDS * height
    is_foot = rows[first].level > _FOOT_BEGINS * height
    gaps = _gaps(rows[first], width)
    if not gaps or not (is_head or is_foot):
        return None
    run = _Run(*max(gaps, key=_width_of), first=first, last=first)
    _count(run, rows[first])
    last_taken = first
    for index in range(first + 1, len(rows)):
        is_parted = _follow(run, rows[index], width)
        if is_parted is None:
            break
        last_taken = index
        if is_parted:
            run.last = index
    if is_foot:
        # Below a signature block nothing follows; a letterhead ends with its last parted row,
        # since a short title below it stands on one side by accident.
        run.last = last_taken
    is_table = run.table_rows * 2 > run.rows
    return run if run.rows >= _LEAST_ROWS and run.is_clear and not is_table else None


def _follow(run: _Run, row: _Row, width: int) -> bool | None:
    """Narrow the gap by a row: True if parted by it, False if on one side, None if across it."""
    cut = _NARROWEST_CUT_SIZES * row.size
    shared = [
        (max(run.x0, x0), min(run.x1, x1))
        for x0, x1 in _gaps(row, width)
        if min(run.x1, x1) - max(run.x0, x0) >= cut
    ]
    if shared:
        run.x0, run.x1 = max(shared, key=_width_of)
        run.rows += 1
        _count(run, row)
        return True
    left, right = float(row.words[0].box.x0), float(row.words[-1].box.x1)
    if right <= run.x1 - cut:
        run.x0 = max(run.x0, right)
        return False
    if left >= run.x0 + cut:
        run.x1 = min(run.x1, left)
        return False
    return None


def _count(run: _Run, row: _Row) -> None:
    """Note whether a row has a clear gap, or several, as the rows of a table have."""
    clear = sum(
        right.box.x0 - left.box.x1 > _CLEAR_GAP_SIZES * row.size
        for left, right in zip(row.words, row.words[1:], strict=False)
    )
    run.is_clear |= clear > 0
    run.table_rows += clear > 1


def _gaps(row: _Row, width: int) -> list[tuple[float, float]]:
    """Return the gaps between words that may part columns."""
    return [
        (float(left.box.x1), float(right.box.x0))
        for left, right in zip(row.words, row.words[1:], strict=False)
        if right.box.x0 - left.box.x1 > _GAP_SIZES * row.size
        and left.box.x1 < _RIGHTMOST * width
        and right.box.x0 > _LEFTMOST * width
    ]


def _width_of(gap: tuple[float, float]) -> float:
    return gap[1] - gap[0]


def _sides(lines: Sequence[Line], middle: float) -> tuple[list[Line], list[Line]]:
    left: list[Line] = []
    right: list[Line] = []
    slope = _slope_of(lines)
    for line in sorted(lines, key=lambda one: _level(one, slope)):
        for side, is_right in ((left, False), (right, True)):
            words = [
                word
                for word in line.words
                if ((word.box.x0 + word.box.x1) / 2 > middle) is is_right
            ]
            if words:
                side.append(_part(line, words))
    return left, right


def _part(line: Line, words: Sequence[Word]) -> Line:
    """Return some words of a line as a line, with its piece of the base line."""
    x0, y0, _, _ = line.baseline
    slope = _slope(line)
    start, end = float(words[0].box.x0), float(words[-1].box.x1)
    return replace(
        line,
        words=tuple(words),
        baseline=(start, y0 + slope * (start - x0), end, y0 + slope * (end - x0)),
    )
