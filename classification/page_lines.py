"""A page as the rules see it: folded lines with their place as fractions of the page."""

from collections.abc import Sequence
from dataclasses import dataclass

from documents.document_number import normalise
from documents.folding import fold
from documents.model import Box, Line, RecognizedPage, Word


@dataclass(frozen=True, slots=True)
class PageLine:
    """One line: its text (NFC, look-alikes levelled), folded text, and place from 0 to 1."""

    text: str
    folded: str
    words: tuple[Word, ...]
    x0: float
    x1: float
    y: float
    page: int

    @property
    def capital_share(self) -> float:
        """How many of the letters are capitals, from 0 to 1."""
        letters = [character for character in self.text if character.isalpha()]
        return sum(character.isupper() for character in letters) / len(letters) if letters else 0.0

    @property
    def confidence(self) -> float:
        """Mean confidence of the words, weighed by their letters."""
        return confidence_of(self.words)


def lines_of(page: RecognizedPage, number: int) -> list[PageLine]:
    """Return the lines of a page in reading order; `number` counts from 1."""
    return [_page_line(line, page, number) for line in page.lines if line.words]


def _page_line(line: Line, page: RecognizedPage, number: int) -> PageLine:
    text = normalise(line.text)
    box = box_of(line.words)
    return PageLine(
        text=text,
        folded=fold(text),
        words=line.words,
        x0=box.x0 / page.width,
        x1=box.x1 / page.width,
        y=(box.y0 + box.y1) / 2 / page.height,
        page=number,
    )


def box_of(words: Sequence[Word]) -> Box:
    """Return the smallest box around some words."""
    return Box(
        min(word.box.x0 for word in words),
        min(word.box.y0 for word in words),
        max(word.box.x1 for word in words),
        max(word.box.y1 for word in words),
    )


def confidence_of(words: Sequence[Word]) -> float:
    """Return the mean confidence of some words, weighed by their letters."""
    letters = sum(len(word.text) for word in words)
    if not letters:
        return 0.0
    return sum(word.confidence * len(word.text) for word in words) / letters


def words_between(line: PageLine, start: int, end: int) -> tuple[Word, ...]:
    """Return the words that a range of the line's text touches."""
    touched = []
    position = 0
    for word in line.words:
        stop = position + len(word.text)
        if position < end and stop > start:
            touched.append(word)
        position = stop + 1
    return tuple(touched)
