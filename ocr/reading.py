"""Reading a page: upright, straight, once; columns in the order in which people read them."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import cv2
import numpy as np

from documents.folding import fold
from documents.model import Box, Line, PageImage, RecognizedPage, Turn, Word
from documents.turning import turned_box
from ocr.columns import order_columns
from ocr.correcting import Corrector
from ocr.engine import GreyImage, OcrEngine
from ocr.long_pages import MOST_SIDE, middle_of, read_in_pieces
from ocr.preparing import measure_skew, turn_by

# Beyond this the recogniser begins to lose words; below it turning costs more than it brings.
_STRAIGHT_ENOUGH_DEGREES = 1.5
_FEW_WORDS = 8
_LONG_WORD = 4
_GOOD_CONFIDENCE = 0.72
_BETTER_BY = 0.08
_TURNS: tuple[Turn, ...] = (0, 90, 180, 270)
_ROTATIONS = {
    90: cv2.ROTATE_90_CLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_COUNTERCLOCKWISE,
}


def recognize_page(  # noqa: PLR0913 - what is known of one page
    grey: GreyImage,
    *,
    dpi: float,
    page: PageImage,
    engine: OcrEngine,
    is_turn_known: bool = False,
    corrector: Corrector | None = None,
    window: Box | None = None,
) -> RecognizedPage:
    """Read a page from its reading copy.

    The boxes are in px of the upright page at full resolution: the stored image after the turn
    that the result names. An empty page gives no lines.

    Args:
        grey: the reading copy after `page.turn`, axis order (height, width).
        dpi: its resolution.
        page: the page image; its turn is known from the file, further turns are found here.
        engine: reads.
        is_turn_known: a person turned the page upright; no further turn is tried.
        window: the part of the copy that is read, in its px; None reads all of it.
        corrector: mends what was read; without it words stay as the engine gave them.

    Raises:
        UnreadablePageError: the engine refuses the page.
        OcrEngineError: the engine does not answer.
    """
    part = window or Box(0, 0, grey.shape[1], grey.shape[0])
    seen = np.ascontiguousarray(grey[part.y0 : part.y1, part.x0 : part.x1])
    lines = _read_straight(seen, dpi=dpi, engine=engine)
    turn: Turn = 0
    if not is_turn_known and not _reads_well(lines):
        turn, lines = _turned_reading(seen, lines, dpi=dpi, engine=engine)
    lines = _in_whole_copy(lines, part, turn=turn, shape=grey.shape)
    total: Turn = _TURNS[((page.turn + turn) // 90) % 4]
    width, height = page.width, page.height
    if total in (90, 270):
        width, height = height, width
    copy_width = grey.shape[0] if turn in (90, 270) else grey.shape[1]
    scaled = _scaled(lines, width / copy_width, width=width, height=height)
    ordered = order_columns(scaled, width=width, height=height)
    record = engine.record
    if corrector is None:
        ordered = _without_alternatives(ordered)
    else:
        upright = grey if turn == 0 else np.asarray(cv2.rotate(grey, _ROTATIONS[turn]), np.uint8)
        ordered = corrector.correct(ordered, upright, scale=copy_width / width)
        record = replace(record, settings=f"{record.settings} {corrector.name}")
    return RecognizedPage(
        width=width, height=height, dpi=page.dpi, turn=total, lines=ordered, engine=record
    )


def _read_straight(grey: GreyImage, *, dpi: float, engine: OcrEngine) -> tuple[Line, ...]:
    """Read, with the lines turned level first where they are clearly not."""
    if grey.shape[0] > MOST_SIDE:
        return read_in_pieces(grey, lambda piece: _read_straight(piece, dpi=dpi, engine=engine))
    if grey.shape[1] > MOST_SIDE:
        # Lying on its side; nothing is read until it is turned.
        return ()
    skew = measure_skew(grey)
    if abs(skew) <= _STRAIGHT_ENOUGH_DEGREES:
        return engine.read(grey, dpi=dpi)
    level = np.asarray(turn_by(grey, -skew), np.uint8)
    return _turned_back(engine.read(level, dpi=dpi), skew, shape=grey.shape)


def _in_whole_copy(
    lines: tuple[Line, ...], part: Box, *, turn: Turn, shape: tuple[int, ...]
) -> tuple[Line, ...]:
    """Map what was read in a part of the copy to all of it, both turned alike."""
    place = turned_box(part, width=shape[1], height=shape[0], turn=turn)
    if place.x0 == place.y0 == 0:
        return lines

    def point(x: float, y: float) -> tuple[float, float]:
        return x + place.x0, y + place.y0

    def box(one: Box) -> Box:
        return Box(one.x0 + place.x0, one.y0 + place.y0, one.x1 + place.x0, one.y1 + place.y0)

    return _mapped(lines, point=point, box=box, factor=1.0)


def _reads_well(lines: Sequence[Line]) -> bool:
    words = [word for line in lines for word in line.words]
    is_good = len(words) >= _FEW_WORDS and _goodness(lines) >= _GOOD_CONFIDENCE
    return is_good and not _lies_on_its_side(lines)


def _lies_on_its_side(lines: Sequence[Line]) -> bool:
    """Say whether most words run up or down: the recogniser reads such pages without a word."""
    long = [word.box for line in lines for word in line.words if len(word.text) >= _LONG_WORD]
    upright = sum(box.x1 - box.x0 >= box.y1 - box.y0 for box in long)
    return upright * 2 < len(long)


def _goodness(lines: Sequence[Line]) -> float:
    """Mean confidence by letters: upside-down pages give short words of little confidence."""
    words = [word for line in lines for word in line.words]
    letters = sum(len(word.text) for word in words)
    if not letters:
        return 0.0
    return sum(word.confidence * len(word.text) for word in words) / letters


def _turned_reading(
    grey: GreyImage, lines: tuple[Line, ...], *, dpi: float, engine: OcrEngine
) -> tuple[Turn, tuple[Line, ...]]:
    """Try the page turned: as the engine's orientation says, or each way where it does not know."""
    found = engine.find_turn(middle_of(grey), dpi=dpi)
    is_too_wide = grey.shape[1] > MOST_SIDE
    if found == 0 and not is_too_wide:
        return 0, lines
    if found is None and not lines and not is_too_wide:
        return 0, lines
    candidates: tuple[Turn, ...] = (found,) if found else (180, 90, 270)
    best_turn: Turn = 0
    best, best_goodness = lines, _weight(lines)
    for turn in candidates:
        turned = np.asarray(cv2.rotate(grey, _ROTATIONS[turn]), np.uint8)
        tried = _read_straight(turned, dpi=dpi, engine=engine)
        if _weight(tried) > best_goodness + _BETTER_BY:
            best_turn, best, best_goodness = turn, tried, _weight(tried)
        if _reads_well(tried):
            break
    return best_turn, best


def _weight(lines: Sequence[Line]) -> float:
    """Confidence, and how much of the text could be Vietnamese or Latin words at all."""
    text = fold(" ".join(line.text for line in lines))
    letters = sum(character.isalpha() for character in text)
    share = letters / len(text) if text else 0.0
    return 0.0 if _lies_on_its_side(lines) else _goodness(lines) * share


def _turned_back(lines: Sequence[Line], skew: float, *, shape: tuple[int, ...]) -> tuple[Line, ...]:
    """Map boxes and base lines from the levelled image to the page as it lies."""
    height, width = shape[:2]
    angle = math.radians(skew)
    cosine, sine = math.cos(angle), math.sin(angle)

    def back(x: float, y: float) -> tuple[float, float]:
        dx, dy = x - width / 2, y - height / 2
        return width / 2 + dx * cosine - dy * sine, height / 2 + dx * sine + dy * cosine

    def box_back(box: Box) -> Box:
        corners = [back(x, y) for x in (box.x0, box.x1) for y in (box.y0, box.y1)]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return Box(math.floor(min(xs)), math.floor(min(ys)), math.ceil(max(xs)), math.ceil(max(ys)))

    return _mapped(lines, point=back, box=box_back, factor=1.0)


def _scaled(lines: Sequence[Line], factor: float, *, width: int, height: int) -> tuple[Line, ...]:
    """Map from the reading copy to full resolution, inside the page."""

    def point(x: float, y: float) -> tuple[float, float]:
        return x * factor, y * factor

    def inside(value: float, most: int) -> int:
        return min(max(round(value * factor), 0), most)

    def box(one: Box) -> Box:
        x0, y0 = inside(one.x0, width), inside(one.y0, height)
        return Box(x0, y0, max(inside(one.x1, width), x0), max(inside(one.y1, height), y0))

    return _mapped(lines, point=point, box=box, factor=factor)


def _mapped(
    lines: Sequence[Line],
    *,
    point: Callable[[float, float], tuple[float, float]],
    box: Callable[[Box], Box],
    factor: float,
) -> tuple[Line, ...]:
    def word_mapped(word: Word) -> Word:
        return replace(word, box=box(word.box))

    return tuple(
        Line(
            words=tuple(word_mapped(word) for word in line.words),
            baseline=(*point(*line.baseline[:2]), *point(*line.baseline[2:])),
            size=line.size * factor,
            block=line.block,
        )
        for line in lines
    )


def _without_alternatives(lines: Sequence[Line]) -> tuple[Line, ...]:
    return tuple(
        replace(line, words=tuple(replace(word, alternatives=()) for word in line.words))
        for line in lines
    )
