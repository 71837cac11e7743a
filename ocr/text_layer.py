"""The invisible text over a page: each word where it stands, in reading order."""

import math
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from documents.folding import to_nfc
from documents.model import Line, RecognizedPage, Word
from ocr.blank_font import ADVANCE, ASCENT, DESCENT

_SHOWN = ADVANCE / 1000
_BELOW = DESCENT / 1000
_HEIGHT = (ASCENT + DESCENT) / 1000
_LEAST_WIDTH_PX = 1.0
_LEAST_SIZE_PX = 1.0
# Lines that rise or fall by less than 6° are set word by word, each level in its own box.
_LEVEL = 0.1
_SMALLEST, _LARGEST = 0.04, 2.0
# Poppler joins words whose distance is 0.15 of the size or less, whatever stands between them.
_SPACE, _LEAST_SHARE = 0.2, 0.1
# What follows a word within so much of its size, or stands before it, may be joined by pdf.js.
_NEAR = 0.1
# So far above the word, in sizes, the blank is put that ends a line.
_APART = 2.0
# Which blank ends a line or a word. PDFium takes a hyphen before the first of them away, and
# joins; pdf.js starts a new line at the last one, and passes over the others.
_BLANK, _BLANK_BEHIND_HYPHEN, _NEXT_LINE = " ", "\xa0", "\x85"
# Controls, surrogates, private use and the replacement character mean nothing to a reader.
_UNWANTED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_REPLACEMENT = "\ufffd"


def clean(text: str) -> str:
    """Return the text in NFC without characters that cannot be found or copied."""
    return "".join(
        character
        for character in to_nfc(text)
        if character != _REPLACEMENT and unicodedata.category(character) not in _UNWANTED_CATEGORIES
    )


def characters_of(page: RecognizedPage) -> set[str]:
    """Return the distinct characters that a page's text layer uses, blanks among them."""
    found = {_BLANK, _BLANK_BEHIND_HYPHEN, _NEXT_LINE}
    for word in page.words:
        found.update(clean(word.text))
    return found


def text_layer(page: RecognizedPage, codes: Mapping[str, str], *, scale: float) -> bytes:
    """Return the content stream of a page's text.

    Args:
        page: words in px of the upright page.
        codes: of the blank font.
        scale: points per px.
    """
    words = [word for line in page.lines for word in _placed(line)]
    operators = ["q BT 3 Tr"]
    last_size = ""
    for word, following in zip_longest(words, words[1:]):
        size = f"{word.size * scale:.2f}"
        # pdf.js lays words of one size out together, by the widths of a font of its own.
        if size == last_size:
            size = f"{word.size * scale + 0.01:.2f}"
        last_size = size
        operators.append(f"/F0 {size} Tf")
        operators += _shown(word, following, codes, height=page.height, scale=scale)
    # Text rendering mode 3 outlives ET: without Q all that is drawn later would be invisible.
    operators.append("ET Q")
    return "\n".join(operators).encode("ascii")


@dataclass(frozen=True, slots=True)
class _Placed:
    """A word as it is set: where its base line begins, the size of its type, its width, in px."""

    text: str
    x: float
    y: float
    size: float
    width: float
    angle: float
    ends_line: bool


def _placed(line: Line) -> Iterator[_Placed]:
    """Yield the words of a line as they are set, in order."""
    x0, y0, x1, y1 = line.baseline
    slope = (y1 - y0) / (x1 - x0) if abs(x1 - x0) > 1 else 0.0
    is_level = abs(slope) <= _LEVEL
    angle = 0.0 if is_level else math.atan(-slope)
    words = [word for word in line.words if clean(word.text)]
    for word, following in zip_longest(words, words[1:]):
        if is_level:
            size = _size_of(word, line)
            base = word.box.y1 - _BELOW * size
        else:
            size = max(line.size, _LEAST_SIZE_PX)
            base = y0 + slope * (word.box.x0 - x0)
        yield _Placed(
            text=clean(word.text),
            x=float(word.box.x0),
            y=base,
            size=size,
            width=_width_of(word, following, size=size) / max(math.cos(angle), 0.1),
            angle=angle,
            ends_line=following is None,
        )


def _shown(
    word: _Placed,
    following: _Placed | None,
    codes: Mapping[str, str],
    *,
    height: int,
    scale: float,
) -> Iterator[str]:
    """Yield the operators that show a word and the blank behind it."""
    cosine, sine = math.cos(word.angle), math.sin(word.angle)
    turned = f"{cosine:.5f} {sine:.5f} {-sine:.5f} {cosine:.5f} {word.x * scale:.2f}"
    stretch = 100 * word.width / (_SHOWN * word.size * len(word.text))
    shown = "".join(codes[character] for character in word.text)
    blank = _blank_behind(word, following)
    yield f"{turned} {(height - word.y) * scale:.2f} Tm {stretch:.2f} Tz"
    if blank == _BLANK and not word.ends_line:
        yield f"<{shown}{codes[blank]}> Tj"
        return
    # PDFium orders by their place what is shown one after the other at the same height, as the
    # end of a rising line and the beginning of the next; what stands apart comes between.
    above, below = word.y - _APART * word.size, word.y + _APART * word.size
    apart = (height - (above if above > 0 else below)) * scale
    yield f"<{shown}> Tj {turned} {apart:.2f} Tm <{codes[blank]}> Tj"


def _blank_behind(word: _Placed, following: _Placed | None) -> str:
    if following is not None:
        is_level = abs(following.y - word.y) <= max(word.size, following.size)
        if is_level and following.x < word.x + word.width + _NEAR * word.size:
            return _NEXT_LINE
    if word.ends_line and word.text.endswith("-"):
        return _BLANK_BEHIND_HYPHEN
    return _BLANK


def _size_of(word: Word, line: Line) -> float:
    """Return the size in px at which the font's height is that of the word's box.

    Viewers mark what was found from the font's ascent to its descent. A speck that was read as a
    word, or a seal, must not tear the line apart.
    """
    height = word.box.y1 - word.box.y0
    return min(max(height / _HEIGHT, line.size * _SMALLEST, _LEAST_SIZE_PX), line.size * _LARGEST)


def _width_of(word: Word, following: Word | None, *, size: float) -> float:
    """Return the width in px of a word, with room for the space that viewers want to see."""
    width = float(word.box.x1 - word.box.x0)
    if following is not None and following.box.x0 > word.box.x0:
        room = following.box.x0 - word.box.x0 - _SPACE * size
        width = max(min(width, room), width * _LEAST_SHARE)
    return max(width, _LEAST_WIDTH_PX)
