"""A page that is being set: where the next line goes, what has been written, what is stamped on it.

All places and lengths are in mm from the top left corner of the paper.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from samples.fonts import MM_PER_PT, Face, text_width

Colour = tuple[int, int, int]
BLACK: Colour = (28, 27, 30)
BLUE_INK: Colour = (34, 52, 150)
RED_INK: Colour = (206, 32, 48)

_LEADING = 1.38
_MARKUP = re.compile(r"(\*\*.+?\*\*|__.+?__|\{.+?\})")
_DESCENT = 0.3


class Surface(Protocol):
    """What a page is drawn on: pixels or a PDF content stream."""

    def text(self, place: tuple[float, float], text: str, style: "Style") -> None:
        """Draw a text whose base line starts at `place`."""

    def rule(self, start: tuple[float, float], end: tuple[float, float], *, dotted: bool) -> None:
        """Draw a thin straight line."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a piece of text is set; `size` in pt."""

    face: Face = "regular"
    size: float = 13
    colour: Colour = BLACK

    def width(self, text: str) -> float:
        """Return the width of a text in mm."""
        return text_width(text, self.face, self.size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """A round seal with its text around the rim; not part of the printed text."""

    place: tuple[float, float]
    upper: str
    lower: str = "TỈNH MẪU"
    middle: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A signature in blue ink; `width` in mm."""

    place: tuple[float, float]
    width: float = 34


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A rectangular rubber stamp."""

    place: tuple[float, float]
    lines: tuple[str, ...]
    colour: Colour = RED_INK
    width: float = 46


@dataclass(frozen=True, slots=True, kw_only=True)
class QrCode:
    """A QR code, `size` mm wide with its quiet zone."""

    place: tuple[float, float]
    content: str
    size: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The patterned frame of a certificate, and its pale ground."""

    colour: Colour


Mark = Seal | Signature | Stamp | QrCode | Frame
Align = Literal["left", "justify"]


@dataclass(slots=True)
class Page:
    """One side of one sheet: a cursor, the lines written so far and the marks to come.

    `y` is where the next line box starts. `lines` holds the exact text in the order of writing;
    what seals and stamps say is not in it.
    """

    surface: Surface
    left: float = 30
    right: float = 190
    y: float = 20
    lines: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    def write(self, place: tuple[float, float], text: str, style: Style) -> None:
        """Write one line at a fixed place (start of the base line)."""
        self.surface.text(place, text, style)
        self.lines.append(text)

    def centred(self, text: str, style: Style, *, middle: float | None = None) -> float:
        """Write one centred line at the cursor and go below it; return its width in mm."""
        middle = (self.left + self.right) / 2 if middle is None else middle
        width = style.width(text)
        self.write((middle - width / 2, self._base(style.size)), text, style)
        self.skip(line_height(style.size))
        return width

    def underline(self, width: float, *, middle: float | None = None) -> None:
        """Draw a rule centred at the cursor and leave a little room below."""
        middle = (self.left + self.right) / 2 if middle is None else middle
        at = self.y + 0.6
        self.surface.rule((middle - width / 2, at), (middle + width / 2, at), dotted=False)
        self.skip(2.0)

    def flow(
        self,
        text: str,
        *,
        size: float = 13,
        face: Face = "regular",
        indent: float = 10,
        align: Align = "justify",
    ) -> None:
        """Write a paragraph between the margins.

        `**bold**`, `__italic__` and `{written by hand}` change the face.
        """
        base = Style(face, size)
        rows = _wrap(_words(text, base), self.right - self.left, indent)
        for number, row in enumerate(rows):
            start = self.left + (indent if number == 0 else 0)
            stretch = align == "justify" and number < len(rows) - 1
            self._write_row(row, start, space=_space(row, self.right - start, stretch=stretch))
            self.skip(line_height(size))
        self.skip(1.0)

    def fields(
        self, *cells: tuple[str, str], at: Sequence[float] = (), face: Face = "hand"
    ) -> None:
        """Write one line of a form: labels with their values on a dotted rule.

        `at` gives where the second and later cells start.
        """
        starts = [self.left, *at]
        ends = [*at, self.right]
        base, pieces = self._base(13), []
        for (label, value), start, end in zip(cells, starts, ends, strict=True):
            printed = Style("regular", 13)
            self.surface.text((start, base), label, printed)
            after = start + printed.width(label + " ")
            if face == "hand":
                self.surface.rule((after, base + 0.9), (end - 2, base + 0.9), dotted=True)
            self.surface.text((after + 0.8, base), value, value_style(face))
            pieces.append(f"{label} {value}".strip())
        self.lines.append(" ".join(pieces))
        self.skip(7.3 if face == "hand" else 6.6)

    def table(self, widths: Sequence[float], rows: Sequence[Sequence[str]]) -> None:
        """Write a ruled table, first row bold; `widths` in mm."""
        for number, row in enumerate(rows):
            self._table_row(widths, row, Style("bold" if number == 0 else "regular", 12))
        self.skip(3)

    def skip(self, height: float) -> None:
        """Move the cursor down."""
        self.y += height

    def _table_row(self, widths: Sequence[float], row: Sequence[str], style: Style) -> None:
        cells = [
            _wrap(_words(text, style), width - 4, 0)
            for text, width in zip(row, widths, strict=True)
        ]
        top, step = self.y, line_height(style.size)
        bottom = top + max(len(cell) for cell in cells) * step + 2
        x = self.left
        for cell, width in zip(cells, widths, strict=True):
            for index, words in enumerate(cell):
                self.y = top + 1 + index * step
                self._write_row(words, x + 2, space=style.width(" "))
            _box(self.surface, (x, top), (x + width, bottom))
            x += width
        self.y = bottom

    def _write_row(self, row: "list[_Word]", x: float, *, space: float) -> None:
        base = self._base(max(style.size for _, style in row[0]))
        for word in row:
            for text, style in word:
                self.surface.text((x, base), text, style)
                x += style.width(text)
            x += space
        self.lines.append(" ".join("".join(text for text, _ in word) for word in row))

    def _base(self, size: float) -> float:
        return self.y + line_height(size) * (1 - _DESCENT)


_Word = list[tuple[str, Style]]


def line_height(size: float) -> float:
    """Return the height of a line of that type size (pt), in mm."""
    return size * MM_PER_PT * _LEADING


def value_style(face: Face) -> Style:
    """Return how a value in a form is set: blue and larger where it is written by hand."""
    return Style("hand", 15, BLUE_INK) if face == "hand" else Style(face, 13)


def _box(surface: Surface, start: tuple[float, float], end: tuple[float, float]) -> None:
    (x0, y0), (x1, y1) = start, end
    for first, second in (((x0, y0), (x1, y0)), ((x0, y1), (x1, y1))):
        surface.rule(first, second, dotted=False)
    for first, second in (((x0, y0), (x0, y1)), ((x1, y0), (x1, y1))):
        surface.rule(first, second, dotted=False)


def _words(text: str, base: Style) -> list[_Word]:
    words: list[_Word] = []
    glue = False
    for span in _MARKUP.split(text):
        content, style = _styled(span, base)
        for number, piece in enumerate(re.split(r"\s+", content)):
            if number:
                glue = False
            if piece and glue:
                words[-1].append((piece, style))
            elif piece:
                words.append([(piece, style)])
            glue = glue or bool(piece)
    return words


def _styled(span: str, base: Style) -> tuple[str, Style]:
    if span.startswith("**"):
        return span[2:-2], Style("bold", base.size)
    if span.startswith("__"):
        return span[2:-2], Style("italic", base.size)
    if span.startswith("{"):
        return span[1:-1], value_style("hand")
    return span, base


def _word_width(word: _Word) -> float:
    return sum(style.width(text) for text, style in word)


def _wrap(words: list[_Word], width: float, indent: float) -> list[list[_Word]]:
    rows: list[list[_Word]] = [[]]
    room = width - indent
    for word in words:
        needed = _word_width(word) + word[0][1].width(" ")
        if rows[-1] and needed - word[0][1].width(" ") > room:
            rows.append([])
            room = width
        rows[-1].append(word)
        room -= needed
    return rows


def _space(row: list[_Word], width: float, *, stretch: bool) -> float:
    natural = row[0][0][1].width(" ")
    if not stretch or len(row) == 1:
        return natural
    left_over = width - sum(_word_width(word) for word in row)
    return max(natural, left_over / (len(row) - 1))
