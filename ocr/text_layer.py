"""The invisible text over a page: each word where it stands, in reading order."""

import math
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from documents.folding import to_nfc
from documents.model import Line, RecognizedPage, Word
from ocr.blank_font import ADVANCE

_SHOWN = ADVANCE / 1000
_LEAST_WIDTH_PX = 1.0
_LEAST_SIZE_PX = 2.0
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


def characters_of(pages: Iterable[RecognizedPage]) -> list[str]:
    """Return the distinct characters that the pages use, and the space, in code order."""
    found = {" "}
    for page in pages:
        for word in page.words:
            found.update(clean(word.text))
    return sorted(found)


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
    angle = math.atan(-slope)
    cosine, sine = math.cos(angle), math.sin(angle)
    size = max(line.size, _LEAST_SIZE_PX) * scale
    yield f"/F0 {size:.2f} Tf"
    for word in line.words:
        text = clean(word.text)
        if not text:
            continue
        base = y0 + slope * (word.box.x0 - x0)
        x, y = word.box.x0 * scale, (height - base) * scale
        stretch = _stretch(word, text, size=size, cosine=cosine, scale=scale)
        shown = "".join(codes[character] for character in text + " ")
        yield (
            f"{cosine:.5f} {sine:.5f} {-sine:.5f} {cosine:.5f} {x:.2f} {y:.2f} Tm "
            f"{stretch:.2f} Tz <{shown}> Tj"
        )


def _stretch(word: Word, text: str, *, size: float, cosine: float, scale: float) -> float:
    """Return the horizontal scaling in percent that makes the word as wide as its box."""
    width = max(float(word.box.x1 - word.box.x0), _LEAST_WIDTH_PX) * scale / max(cosine, 0.1)
    return 100 * width / (_SHOWN * size * len(text))
