"""Takes the text that a born-digital PDF page brings along, where it can be trusted."""

import ctypes
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium
from pypdfium2 import raw

from documents.folding import to_nfc
from documents.model import Box, Line, Word
from ingest.pdf_content import PageContent, Rectangle, address_of
from ingest.text_layout import PlacedWord, lay_out_lines

_MOST_CHARACTERS = 100_000
_SOFT_HYPHEN = "\u00ad"
# How PDFium marks a hyphen at the end of a line.
_END_HYPHEN = 2
_LATIN_END = 0x024F
_VIETNAMESE = range(0x1E00, 0x1F00)
_PUNCTUATION = range(0x2000, 0x2300)
_REPLACEMENT = "\ufffd"
# Fonts of the time before Unicode show Vietnamese but store other letters (TCVN 3, VNI).
_LEGACY_FONTS = (b".vn", b"vni-", b"vni ")
_MOST_UNMAPPED = 0.05
_MOST_FOREIGN = 0.10
_LONGEST_WORD = 25
_MOST_IN_LONG_WORDS = 0.25
_FONT_NAME_BYTES = 128
# In parts of the size of the type.
_SAME_LINE = 0.4
_WORD_GAP = 0.12


@dataclass(frozen=True, slots=True)
class _Character:
    """A character with its tight box, where its advance starts and ends, and its base line."""

    text: str
    box: Rectangle
    advance: tuple[float, float]
    baseline: float
    size: float
    ends_word: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PageScale:
    """How points become px of the upright page image."""

    box: Rectangle
    rotation: int
    pixels_per_point: float

    def to_pixels(self, area: Rectangle) -> tuple[float, float, float, float]:
        """Return x0, y0, x1, y1 in px, origin top left."""
        first = self._point(area.left, area.bottom)
        second = self._point(area.right, area.top)
        xs, ys = sorted((first[0], second[0])), sorted((first[1], second[1]))
        return xs[0], ys[0], xs[1], ys[1]

    def _point(self, x: float, y: float) -> tuple[float, float]:
        box = self.box
        turned = {
            0: (x - box.left, box.top - y),
            90: (y - box.bottom, x - box.left),
            180: (box.right - x, y - box.bottom),
            270: (box.top - y, box.right - x),
        }[self.rotation]
        return turned[0] * self.pixels_per_point, turned[1] * self.pixels_per_point


def count_visible_letters(page: pdfium.PdfPage, content: PageContent) -> int:
    """Return how many characters of a page's text can be seen, spaces not counted."""
    text_page = page.get_textpage()
    try:
        return sum(
            1
            for index in _indices(text_page)
            if raw.FPDFText_GetUnicode(text_page, index) > ord(" ")
            and not raw.FPDFText_IsGenerated(text_page, index)
            and not _is_hidden(text_page, index, content.hidden_text)
        )
    finally:
        text_page.close()


def read_own_lines(
    page: pdfium.PdfPage, content: PageContent, *, scale: PageScale
) -> tuple[Line, ...]:
    """Return the page's own visible text in reading order; empty where it cannot be trusted.

    Text is not trusted where letters have no mapping to Unicode, where a legacy font stores
    other letters than it shows, or where it does not look like words of a Latin script.
    """
    return _read_lines(page, content, scale=scale, hidden=content.hidden_text)


def read_hidden_lines(
    page: pdfium.PdfPage, content: PageContent, *, scale: PageScale
) -> tuple[Line, ...]:
    """Return the text that lies unseen over a scan, with what stamps show; empty if there is none.

    Whoever made it may have read badly: it is to be checked against the picture.
    """
    if not content.hidden_text:
        return ()
    return _read_lines(page, content, scale=scale, hidden=frozenset())


def _read_lines(
    page: pdfium.PdfPage, content: PageContent, *, scale: PageScale, hidden: frozenset[int]
) -> tuple[Line, ...]:
    text_page = page.get_textpage()
    try:
        if _has_unmapped_fonts(text_page):
            return ()
        characters = list(_visible_characters(text_page, content.box, hidden))
    finally:
        text_page.close()
    words = [word for word in _join_words(characters, scale) if word.text]
    if not _looks_like_words([word.text for word in words]):
        return ()
    return tuple(
        Line(
            words=tuple(_as_word(word) for word in line.words),
            baseline=(
                line.words[0].x0,
                line.baseline,
                line.words[-1].x1,
                line.baseline,
            ),
            size=line.size,
            block=line.block,
        )
        for line in lay_out_lines(words)
    )


def _as_word(word: PlacedWord) -> Word:
    box = Box(round(word.x0), round(word.y0), round(word.x1), round(word.y1))
    return Word(text=word.text, raw=word.text, box=box, confidence=1.0)


def _indices(text_page: pdfium.PdfTextPage) -> range:
    return range(min(text_page.count_chars(), _MOST_CHARACTERS))


def _is_hidden(text_page: pdfium.PdfTextPage, index: int, hidden: frozenset[int]) -> bool:
    return bool(hidden) and address_of(raw.FPDFText_GetTextObject(text_page, index)) in hidden


def _has_unmapped_fonts(text_page: pdfium.PdfTextPage) -> bool:
    """Tell whether more letters than a few have no Unicode, or come from a legacy font."""
    doubtful = total = 0
    for index in _indices(text_page):
        code = raw.FPDFText_GetUnicode(text_page, index)
        if raw.FPDFText_IsGenerated(text_page, index) or code in (9, 10, 13, 32):
            continue
        total += 1
        is_unmapped = raw.FPDFText_HasUnicodeMapError(text_page, index) == 1
        doubtful += is_unmapped or _is_unmapped(code) or _is_legacy(text_page, index)
    return doubtful > total * _MOST_UNMAPPED


def _is_unmapped(code: int) -> bool:
    if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:  # noqa: PLR2004 - surrogates, and beyond Unicode
        return True
    return code != _END_HYPHEN and (
        chr(code) == _REPLACEMENT or unicodedata.category(chr(code)) in ("Cc", "Co", "Cn")
    )


def _character(code: int) -> str:
    """Vietnamese is not hyphenated: a hyphen at a line's end belongs to a number or a name."""
    return "-" if code == _END_HYPHEN else chr(code)


def _is_legacy(text_page: pdfium.PdfTextPage, index: int) -> bool:
    name = ctypes.create_string_buffer(_FONT_NAME_BYTES)
    length = raw.FPDFText_GetFontInfo(text_page, index, name, _FONT_NAME_BYTES, None)
    if not 0 < length <= _FONT_NAME_BYTES:
        return False
    without_subset_tag = name.value.lower().rsplit(b"+", 1)[-1]
    return without_subset_tag.startswith(_LEGACY_FONTS)


def _visible_characters(
    text_page: pdfium.PdfTextPage, page_box: Rectangle, hidden: frozenset[int]
) -> Iterator[_Character]:
    left, bottom, right, top = (ctypes.c_double() for _ in range(4))
    x, y = ctypes.c_double(), ctypes.c_double()
    for index in _indices(text_page):
        code = raw.FPDFText_GetUnicode(text_page, index)
        text = "" if _is_unmapped(code) else _character(code)
        is_space = text.isspace() or code in (9, 10, 13)
        if is_space or raw.FPDFText_IsGenerated(text_page, index):
            yield _Character("", page_box, (0.0, 0.0), 0.0, 0.0, ends_word=True)
            continue
        if not text or text == _SOFT_HYPHEN or _is_hidden(text_page, index, hidden):
            continue
        raw.FPDFText_GetCharBox(text_page, index, left, right, bottom, top)
        raw.FPDFText_GetCharOrigin(text_page, index, x, y)
        box = Rectangle(left.value, bottom.value, right.value, top.value)
        if _is_inside(box, page_box):
            size = raw.FPDFText_GetFontSize(text_page, index)
            yield _Character(
                text,
                box,
                _advance(text_page, index, box),
                y.value,
                _true_size(size, box),
                ends_word=False,
            )


def _advance(text_page: pdfium.PdfTextPage, index: int, box: Rectangle) -> tuple[float, float]:
    """Ink leaves gaps inside words (around a 1); the widths that the font states do not."""
    loose = raw.FS_RECTF()
    if not raw.FPDFText_GetLooseCharBox(text_page, index, loose):
        return box.left, box.right
    return min(box.left, loose.left), max(box.right, loose.right)


def _true_size(size: float, box: Rectangle) -> float:
    """PDFium gives the size before the text matrix, often 1; the glyph's box says more."""
    return size if size > 1.5 else max(box.height * 1.4, 1.0)  # noqa: PLR2004 - below any print


def _is_inside(box: Rectangle, page: Rectangle) -> bool:
    middle_x, middle_y = (box.left + box.right) / 2, (box.bottom + box.top) / 2
    return page.left <= middle_x <= page.right and page.bottom <= middle_y <= page.top


def _join_words(characters: list[_Character], scale: PageScale) -> Iterator[PlacedWord]:
    letters: list[_Character] = []
    for character in characters:
        if character.ends_word or (letters and not _goes_on(letters[-1], character)):
            if letters:
                yield _placed(letters, scale)
            letters = []
        if not character.ends_word:
            letters.append(character)
    if letters:
        yield _placed(letters, scale)


def _goes_on(last: _Character, following: _Character) -> bool:
    if unicodedata.combining(following.text[0]):
        return True
    size = max(last.size, following.size)
    gap = following.advance[0] - last.advance[1]
    is_level = abs(following.baseline - last.baseline) < _SAME_LINE * size
    return is_level and -size < gap < _WORD_GAP * size


def _placed(letters: list[_Character], scale: PageScale) -> PlacedWord:
    area = Rectangle(
        min(letter.box.left for letter in letters),
        min(letter.box.bottom for letter in letters),
        max(letter.box.right for letter in letters),
        max(letter.box.top for letter in letters),
    )
    x0, y0, x1, y1 = scale.to_pixels(area)
    origin = letters[0].baseline
    baseline = scale.to_pixels(Rectangle(area.left, origin, area.right, origin))[3]
    return PlacedWord(
        text=to_nfc("".join(letter.text for letter in letters)),
        x0=x0,
        y0=y0,
        x1=x1,
        y1=y1,
        baseline=baseline if scale.rotation == 0 else y1,
        size=letters[0].size * scale.pixels_per_point,
    )


def _looks_like_words(words: Sequence[str]) -> bool:
    letters = "".join(words)
    if not letters:
        return False
    foreign = sum(1 for letter in letters if not _is_expected(ord(letter)))
    in_long = sum(len(word) for word in words if len(word) > _LONGEST_WORD and word.isalpha())
    return foreign <= len(letters) * _MOST_FOREIGN and in_long <= len(letters) * _MOST_IN_LONG_WORDS


def _is_expected(code: int) -> bool:
    is_latin = code <= _LATIN_END and not 0x7F <= code < 0xA0  # noqa: PLR2004 - C1 controls
    is_mark = unicodedata.combining(chr(code)) != 0
    return is_latin or is_mark or code in _VIETNAMESE or code in _PUNCTUATION
