"""Tesseract as a program of its own: reads a page on which the one in process died."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytesseract
from PIL import Image
from pytesseract import Output, TesseractError, TesseractNotFoundError

from documents.identifiers import sha256_of_file
from documents.model import Box, EngineRecord, Line, Turn, Word
from ocr.engine import GreyImage
from ocr.errors import OcrEngineError, UnreadablePageError
from ocr.tesseract import check_language, make_word

_SMALLEST_SIDE = 3
_LEAST_ORIENTATION_CONFIDENCE = 2.0
_TURNS: dict[int, Turn] = {0: 0, 90: 90, 180: 180, 270: 270}


class PytesseractEngine:
    """Reads each page with the `tesseract` program, which may crash or hang on its own."""

    def __init__(
        self, folder: Path, *, language: str = "vie", timeout_seconds: float = 100.0
    ) -> None:
        model = check_language(folder, language)
        self._language = language
        self._timeout = timeout_seconds
        self._folder_option = f'--tessdata-dir "{folder}"'
        # Debian's program uses OpenMP: with more than one thread it is slower (measured ×2 to ×11).
        os.environ["OMP_THREAD_LIMIT"] = "1"
        try:
            version = str(pytesseract.get_tesseract_version())
        except TesseractNotFoundError as error:
            raise OcrEngineError("tesseract is not installed") from error
        self._record = EngineRecord(
            name="pytesseract",
            version=version,
            model_sha256=sha256_of_file(model),
            settings=f"lang={language} psm=3 oem=1",
        )

    @property
    def record(self) -> EngineRecord:
        return self._record

    def read(self, grey: GreyImage, *, dpi: float) -> tuple[Line, ...]:
        if min(grey.shape) < _SMALLEST_SIDE:
            return ()
        try:
            table: dict[str, list[Any]] = pytesseract.image_to_data(
                Image.fromarray(np.ascontiguousarray(grey)),
                lang=self._language,
                config=f"--psm 3 --oem 1 {self._options(dpi)}",
                output_type=Output.DICT,
                timeout=self._timeout,
            )
        except TesseractError as error:
            raise UnreadablePageError("tesseract") from error
        except RuntimeError as error:
            # pytesseract reports a time-out this way.
            raise self._no_answer() from error
        return _lines(table)

    def find_turn(self, grey: GreyImage, *, dpi: float) -> Turn | None:
        if min(grey.shape) < _SMALLEST_SIDE:
            return None
        try:
            found = pytesseract.image_to_osd(
                Image.fromarray(np.ascontiguousarray(grey)),
                config=self._options(dpi),
                output_type=Output.DICT,
                timeout=self._timeout,
            )
        except TesseractError:
            return None  # too little text to tell
        except RuntimeError as error:
            raise self._no_answer() from error
        if found["orientation_conf"] < _LEAST_ORIENTATION_CONFIDENCE:
            return None
        return _TURNS.get(int(found["rotate"]) % 360)

    def _no_answer(self) -> OcrEngineError:
        return OcrEngineError(f"no answer within {self._timeout:.0f} s")

    def _options(self, dpi: float) -> str:
        return f"{self._folder_option} --dpi {round(min(max(dpi, 70), 2400))}"


def _lines(table: dict[str, list[Any]]) -> tuple[Line, ...]:
    """Group the program's words into lines; it gives no base line, so the bottom edge serves."""
    grouped: dict[tuple[int, int, int], list[Word]] = {}
    for index, text in enumerate(table["text"]):
        bare = str(text).strip()
        if not bare:
            continue
        left, top = int(table["left"][index]), int(table["top"][index])
        box = Box(
            left,
            top,
            left + int(table["width"][index]),
            top + int(table["height"][index]),
        )
        key = (
            int(table["block_num"][index]),
            int(table["par_num"][index]),
            int(table["line_num"][index]),
        )
        confidence = float(table["conf"][index]) / 100
        grouped.setdefault(key, []).append(make_word(bare, box=box, confidence=confidence))
    return tuple(_line(words, block=key[0] - 1) for key, words in grouped.items())


def _line(words: list[Word], *, block: int) -> Line:
    bottom = float(np.median([word.box.y1 for word in words]))
    height = float(np.median([word.box.y1 - word.box.y0 for word in words]))
    return Line(
        words=tuple(words),
        baseline=(float(words[0].box.x0), bottom, float(words[-1].box.x1), bottom),
        size=max(height, 1.0),
        block=max(block, 0),
    )
