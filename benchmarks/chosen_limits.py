"""Judges two chosen limits on pages that played no part in choosing them.

How strongly a page is compressed (`ocr/jpeg_quality.py`): words found on the pages as they are, as
they are after the quality that is chosen, and at each quality. Which unseen text is taken
(`ocr/checking_layer.py`): shares of layers taken, by how many of their words are wrong, and of
layers that hold garbage. Usage: python -m benchmarks.chosen_limits [jpeg] [layers]
"""

import argparse
import hashlib
import io
import random
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.drawn_pages import DPI, DrawnPage, drawn_pages
from benchmarks.scoring import word_recall
from benchmarks.tables import to_markdown
from documents.folding import fold
from documents.model import Line, PageImage, RecognizedPage, Turn, Word
from ocr.checking_layer import check_layer
from ocr.correcting import load_corrector
from ocr.engine import GreyImage
from ocr.jpeg_quality import QUALITIES, choose_quality, compressed, likeness, sample_print
from ocr.preparing import prepare_reading_copy
from ocr.reading import recognize_page
from ocr.tesseract import TesserocrEngine, find_tessdata

_SHARES_WRONG = (0.0, 0.01, 0.02, 0.03, 0.05, 0.1)
_SEEDS = (1, 2)
_MISTAKES = {"l": "1", "o": "0", "n": "ri", "m": "rn", "h": "b", "t": "l", "c": "e", "i": "í"}

Change = Callable[[RecognizedPage, random.Random], RecognizedPage]


class _Remembering:
    """Reads and corrects a part of a page once: it is the same under every layer."""

    def __init__(self) -> None:
        self._engine, self._corrector = (
            TesserocrEngine(find_tessdata()),
            load_corrector(wants_second=False),
        )
        self._read: dict[bytes, tuple[Line, ...]] = {}
        self.record = self._engine.record

    def read(self, grey: GreyImage, *, dpi: float) -> tuple[Line, ...]:
        key = hashlib.sha256(grey.tobytes()).digest()
        if key not in self._read:
            lines = self._engine.read(grey, dpi=dpi)
            self._read[key] = self._corrector.correct(lines, grey, scale=1.0)
        return self._read[key]

    def find_turn(self, grey: GreyImage, *, dpi: float) -> Turn | None:
        return self._engine.find_turn(grey, dpi=dpi)


class _Reader:
    def __init__(self) -> None:
        self.engine = TesserocrEngine(find_tessdata())
        self.corrector = load_corrector(wants_second=False)
        self.remembering = _Remembering()

    def read(self, pixels: NDArray[np.uint8], page: PageImage) -> str:
        """Return what the product reads."""
        copy = prepare_reading_copy(pixels, dpi=page.dpi)
        reading = recognize_page(
            copy.grey, dpi=copy.dpi, page=page, engine=self.engine, corrector=self.corrector
        )
        return reading.text


def main() -> None:
    """Print a table for each limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("which", nargs="*", default=["jpeg", "layers"])
    wish = parser.parse_args()
    reader = _Reader()
    pages = list(drawn_pages())
    if "jpeg" in wish.which:
        print(to_markdown(list(_told(_jpeg_rows(reader, pages)))))
    if "layers" in wish.which:
        print(to_markdown(list(_told(_layer_rows(reader, pages)))))


def _told(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """Tell each row when it is known: the whole takes minutes."""
    for row in rows:
        print("  ".join(row), file=sys.stderr, flush=True)
        yield row


def _jpeg_rows(reader: _Reader, pages: Sequence[DrawnPage]) -> Iterator[list[str]]:
    yield ["page", "as it is", "chosen", "KB", *(f"{one}: likeness, words" for one in QUALITIES)]
    for page in pages:
        image = _image_of(page)
        master = Image.fromarray(page.pixels)
        sample, chosen = sample_print(master), choose_quality(master)
        found = {
            quality: word_recall(
                page.printed.text,
                reader.read(np.asarray(compressed(master, quality), np.uint8), image),
            )
            for quality in QUALITIES
        }
        whole = word_recall(page.printed.text, reader.read(page.pixels, image))
        alike = {one: likeness(sample, compressed(sample, one)) for one in QUALITIES}
        yield [
            page.name,
            f"{whole:.4f}",
            f"{chosen}: {found[chosen]:.4f}",
            f"{_size(master, chosen) >> 10} of {_size(master, QUALITIES[-1]) >> 10}",
            *(f"{alike[one]:.4f}, {found[one]:.4f}" for one in QUALITIES),
        ]


def _size(page: Image.Image, quality: int) -> int:
    buffer = io.BytesIO()
    page.save(buffer, "JPEG", quality=quality, subsampling="4:2:0")
    return len(buffer.getvalue())


def _image_of(page: DrawnPage) -> PageImage:
    height, width = page.pixels.shape[:2]
    return PageImage(
        file=None,  # type: ignore[arg-type]  # the pixels are handed over
        media_type="image/png",
        sha256="",  # type: ignore[arg-type]
        width=width,
        height=height,
        dpi=float(DPI),
        dpi_source="file",
        mode="grey" if page.pixels.ndim == 2 else "colour",  # noqa: PLR2004 - axes
    )


def _layer_rows(reader: _Reader, pages: Sequence[DrawnPage]) -> Iterator[list[str]]:
    """Yield for each way to change a true layer how many of the layers are taken."""
    ways: dict[str, Change] = {
        **{f"{share:.0%} of the words wrong": _misread(share) for share in _SHARES_WRONG},
        "without marks": _without_marks,
        "TCVN3 taken for Latin": _in_tcvn3,
        "VNI taken for Latin": _in_vni,
        "every third line missing": _without_lines,
        "words in other places": _shuffled,
        "text of another page": _of_another(pages),
    }
    names = list(dict.fromkeys(page.name.split(", ")[1] for page in pages))
    yield ["layer", *names]
    for name, change in ways.items():
        taken = dict.fromkeys(names, 0)
        for page in pages:
            for seed in _SEEDS:
                taken[page.name.split(", ")[1]] += _is_taken(reader, page, change, seed)
        count = len(pages) // len(names) * len(_SEEDS)
        yield [name, *(f"{taken[one]} of {count}" for one in names)]


def _is_taken(reader: _Reader, page: DrawnPage, change: Change, seed: int) -> bool:
    layer = change(page.printed, random.Random(seed))  # noqa: S311 - repeatable
    copy = prepare_reading_copy(page.pixels, dpi=float(DPI))
    taken = check_layer(
        layer,
        np.asarray(copy.grey, np.uint8),
        dpi=copy.dpi,
        engine=reader.remembering,
        corrector=None,
    )
    return taken is not None


def _changed(page: RecognizedPage, change: Callable[[str], str]) -> RecognizedPage:
    def word(one: Word) -> Word:
        text = change(one.text)
        return replace(one, text=text, raw=text)

    lines = [replace(line, words=tuple(word(one) for one in line.words)) for line in page.lines]
    return replace(page, lines=tuple(lines))


def _misread(share: float) -> Change:
    """Change so many of the words as engines do: a mark lost or another, a letter for another."""

    def change(page: RecognizedPage, chance: random.Random) -> RecognizedPage:
        return _changed(page, lambda text: _mistake(text, chance, share))

    return change


def _mistake(text: str, chance: random.Random, share: float) -> str:
    if chance.random() >= share:
        return text
    marked = [place for place, one in enumerate(text) if fold(one) != one.lower()]
    if marked and chance.random() < 0.7:  # noqa: PLR2004 - most mistakes are in marks
        place = chance.choice(marked)
        bare = unicodedata.normalize("NFD", text[place])[0]
        other = unicodedata.normalize("NFC", bare + chance.choice("\u0300\u0301\u0309\u0323"))
        return text[:place] + (bare if other == text[place] else other) + text[place + 1 :]
    place = chance.randrange(len(text))
    return text[:place] + _MISTAKES.get(text[place], "~") + text[place + 1 :]


def _without_marks(page: RecognizedPage, _: random.Random) -> RecognizedPage:
    return _changed(page, fold)


def _in_tcvn3(page: RecognizedPage, _: random.Random) -> RecognizedPage:
    """Each letter with marks as one of Latin-1, as fonts of the 1990s have it."""
    return _changed(page, lambda text: "".join(map(_as_one_latin_letter, text)))


def _as_one_latin_letter(one: str) -> str:
    return one if one.isascii() else chr(0xA1 + ord(one) % 0x5E)


def _in_vni(page: RecognizedPage, _: random.Random) -> RecognizedPage:
    """Each letter with marks as the bare one and a letter of Latin-1 for the marks."""
    return _changed(
        page,
        lambda text: "".join(
            one if one.isascii() else fold(one) + chr(0xC0 + ord(one) % 0x3F) for one in text
        ),
    )


def _without_lines(page: RecognizedPage, _: random.Random) -> RecognizedPage:
    kept = [line for number, line in enumerate(page.lines) if number % 3]
    return replace(page, lines=tuple(kept))


def _shuffled(page: RecognizedPage, chance: random.Random) -> RecognizedPage:
    texts = [word.text for word in page.words]
    chance.shuffle(texts)
    waiting = iter(texts)
    return _changed(page, lambda _: next(waiting))


def _of_another(pages: Sequence[DrawnPage]) -> Change:
    """Take the words of the page in another font, line by line in this page's places."""

    def change(page: RecognizedPage, _: random.Random) -> RecognizedPage:
        other = next(one.printed for one in pages if one.printed is not page)
        texts = [word.text for word in other.words] * 2
        waiting = iter(texts)
        return _changed(page, lambda _: next(waiting))

    return change


if __name__ == "__main__":
    main()
