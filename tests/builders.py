"""Builders of what many tests need; a test says only what matters to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from documents.model import Box, EngineRecord, Line, RecognizedPage, Word

NOON = datetime(2026, 3, 16, 12, 0, tzinfo=UTC)
A4_AT_200 = (1654, 2339)
ENGINE = EngineRecord(name="test", version="1", model_sha256="0" * 64, settings="psm=3")
_LETTER, _HEIGHT, _LEFT, _TOP, _STEP = 16, 30, 160, 120, 50


@dataclass
class StoppedClock:
    """A clock that shows what it was set to."""

    moment: datetime = NOON

    def now(self) -> datetime:
        return self.moment


def make_word(
    text: str,
    *,
    x: int = _LEFT,
    y: int = _TOP,
    confidence: float = 0.96,
    doubtful: bool = False,
    raw: str | None = None,
) -> Word:
    """Return a word whose box begins at (x, y) px."""
    return Word(
        text=text,
        raw=text if raw is None else raw,
        box=Box(x, y, x + _LETTER * len(text), y + _HEIGHT),
        confidence=confidence,
        doubtful=doubtful,
    )


def make_line(
    text: str, *, x: int = _LEFT, y: int = _TOP, confidence: float = 0.96, block: int = 0
) -> Line:
    """Return a line of the words of a text, set like type from (x, y) px on."""
    words = []
    position = x
    for part in text.split(" "):
        words.append(make_word(part, x=position, y=y, confidence=confidence))
        position = words[-1].box.x1 + _LETTER
    return line_of(words, block=block)


def line_of(words: Sequence[Word], *, block: int = 0) -> Line:
    """Return a line of words that stand side by side."""
    bottom = float(words[0].box.y1)
    baseline = (float(words[0].box.x0), bottom, float(words[-1].box.x1), bottom)
    return Line(words=tuple(words), baseline=baseline, size=float(_HEIGHT), block=block)


def make_page(
    *lines: str | Line, size: tuple[int, int] = A4_AT_200, dpi: float = 200.0
) -> RecognizedPage:
    """Return a page as it was read; texts become lines one under the other."""
    placed = [
        line if isinstance(line, Line) else make_line(line, y=_TOP + _STEP * row)
        for row, line in enumerate(lines)
    ]
    return RecognizedPage(
        width=size[0], height=size[1], dpi=dpi, turn=0, lines=tuple(placed), engine=ENGINE
    )
