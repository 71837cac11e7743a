"""The invisible text over a page: each word where it stands, in reading order."""

import math
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import zip_longest

from documents.folding import to_nfc
from documents.model import Line, RecognizedPage, Word
from ocr.blank_font import ADVANCE, ASCENT, DESCENT

_SHOWN = ADVANCE / 1000
_BELOW = DESCENT / 1000
_HEIGHT = (ASCENT + DESCENT) / 1000
_LEAST_WIDTH_PX = 1.0
_LEAST_SIZE_PX = 2.0
# Lines that rise or fall by less than 6° are set word by word, each level in its own box.
_LEVEL = 0.1
_SMALLEST, _LARGEST = 0.3, 2.0
# Poppler joins words whose distance is 0.15 of the size or less, whatever stands between them.
_SPACE, _LEAST_SHARE = 0.2, 0.5
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
    """Return the distinct characters that a page's text layer uses, and the space."""
    found = {" "}
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
    operators = ["q BT 3 Tr"]
    for line in page.lines:
        operators += _line(line, codes, height=page.height, scale=scale)
    # Text rendering mode 3 outlives ET: without Q all that is drawn later would be invisible.
    operators.append("ET Q")
    return "\n".join(operators).encode("ascii")


def _line(line: Line, codes: Mapping[str, str], *, height: int, scale: float) -> Iterator[str]:
    x0, y0, x1, y1 = line.baseline
    slope = (y1 - y0) / (x1 - x0) if abs(x1 - x0) > 1 else 0.0
    is_level = abs(slope) <= _LEVEL
    angle = 0.0 if is_level else math.atan(-slope)
    words = [word for word in line.words if clean(word.text)]
    last_size = 0.0
    for word, following in zip_longest(words, words[1:]):
        text = clean(word.text)
        if is_level:
            size = _size_of(word, line)
            base = word.box.y1 - _BELOW * size
        else:
            size = max(line.size, _LEAST_SIZE_PX)
            base = y0 + slope * (word.box.x0 - x0)
        x, y = word.box.x0 * scale, (height - base) * scale
        cosine, sine = math.cos(angle), math.sin(angle)
        width = _width_of(word, following, size=size) / max(cosine, 0.1)
        stretch = 100 * width / (_SHOWN * size * len(text))
        shown = "".join(codes[character] for character in text + " ")
        if size != last_size:
            yield f"/F0 {size * scale:.2f} Tf"
            last_size = size
        yield (
            f"{cosine:.5f} {sine:.5f} {-sine:.5f} {cosine:.5f} {x:.2f} {y:.2f} Tm "
            f"{stretch:.2f} Tz <{shown}> Tj"
        )


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
