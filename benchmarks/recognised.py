"""Pages as recognised, before the language corrects them: read once and kept."""

import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.hard_pages import HardPage
from benchmarks.read_by_sohoa import read_file
from benchmarks.reading_pages import given_set
from documents.identifiers import sha256_of_bytes
from documents.model import Box, Line
from ocr.correcting import Corrector
from ocr.engine import GreyImage
from ocr.language.model import load_model
from ocr.tesseract import TesserocrEngine, find_tessdata


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage:
    """A page as it was recognised, in reading order, and what is known of it."""

    kind: str
    lines: Sequence[Line]
    truth: str
    written: Sequence[Box] = ()


class _Listener(Corrector):
    """Keeps what it should correct."""

    heard: Sequence[Line] = ()

    def correct(self, lines: Sequence[Line], grey: GreyImage, *, scale: float) -> tuple[Line, ...]:  # noqa: ARG002
        object.__setattr__(self, "heard", lines)
        return tuple(lines)


def read_pages(pages: Sequence[HardPage], cache: Path) -> list[ReadPage]:
    """Return the pages as recognised, read where that has not been done."""
    names = "\n".join(str(page.file) for page in pages)
    file = cache / f"recognised-{sha256_of_bytes(names.encode())[:16]}.pickle"
    if not file.exists():
        engine = TesserocrEngine(find_tessdata())
        found = [_recognise(page, engine) for page in pages]
        file.write_bytes(pickle.dumps(found))
    kept: list[ReadPage] = pickle.loads(file.read_bytes())  # noqa: S301 - written above
    return kept


def _recognise(page: HardPage, engine: TesserocrEngine) -> ReadPage:
    listener = _Listener(load_model())
    read_file(page.file, engine=engine, corrector=listener)
    return ReadPage(kind=page.kind, lines=listener.heard, truth=page.truth, written=page.written)


def given_pages(name: str, folder: str) -> list[HardPage]:
    """Return given pages with their truth, as far as they are here."""
    found = given_set(name, folder)
    return [
        HardPage(file=file, kind=name, truth=truth, written=())
        for file, truth in zip(found.pages, found.truths, strict=True)
    ]
