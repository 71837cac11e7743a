"""Tesseract in this process, warm: the embedded engine."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import tesserocr
from tesserocr import OEM, PSM, RIL, PyTessBaseAPI, iterate_level

from documents.folding import to_nfc
from documents.identifiers import sha256_of_file
from documents.model import Box, EngineRecord, Line, Turn, Word
from ocr.engine import GreyImage, is_doubtful
from ocr.errors import MissingLanguageError, UnreadablePageError

_FOLDERS = (
    Path("/usr/share/tesseract-ocr/5/tessdata"),  # Debian 12, Ubuntu 24.04
    Path("/usr/share/tesseract-ocr/4.00/tessdata"),
    Path("/usr/share/tessdata"),
)
_SMALLEST_SIDE = 3
# How many of Tesseract's lists are searched for the one that belongs to a character.
_LOOK_AHEAD = 3
_LEAST_ORIENTATION_CONFIDENCE = 2.0
Alternatives = tuple[tuple[tuple[str, float], ...], ...]
_TURNS: dict[int, Turn] = {0: 0, 90: 90, 180: 180, 270: 270}


def find_tessdata() -> Path:
    """Return the folder where the system keeps Tesseract's data.

    Raises:
        MissingLanguageError: there is none.
    """
    for folder in _FOLDERS:
        if folder.is_dir():
            return folder
    raise MissingLanguageError("vie", folder=str(_FOLDERS[0]))


def check_language(folder: Path, language: str) -> Path:
    """Return the file of a language's model.

    Raises:
        MissingLanguageError: it, or the data for orientation, is not there.
    """
    for name in ("osd", *language.split("+")):
        if not (folder / f"{name}.traineddata").exists():
            raise MissingLanguageError(name, folder=str(folder))
    return folder / f"{language.split('+', maxsplit=1)[0]}.traineddata"


def make_word(text: str, *, box: Box, confidence: float, alternatives: Alternatives = ()) -> Word:
    """Return a word in NFC with its doubt."""
    nfc = to_nfc(text)
    confidence = min(1.0, max(0.0, confidence))
    return Word(
        text=nfc,
        raw=nfc,
        box=box,
        confidence=confidence,
        doubtful=is_doubtful(nfc, confidence=confidence),
        alternatives=alternatives if nfc == text else (),
    )


def align_alternatives(text: str, symbols: Sequence[Sequence[tuple[str, float]]]) -> Alternatives:
    """Return for each character of a word the other characters seen there, with their extra cost.

    Args:
        text: the word.
        symbols: Tesseract's list for each symbol, best first. Some lists stand for spaces or for
            no character of the word at all; these are passed over.
    """
    lists = [dict(choices) for choices in symbols if choices and choices[0][0] != " "]
    aligned: list[tuple[tuple[str, float], ...]] = []
    position = 0
    for character in text:
        near = lists[position : position + _LOOK_AHEAD]
        index = next((i for i, costs in enumerate(near) if next(iter(costs)) == character), None)
        if index is None:
            index = next(
                (i for i, costs in enumerate(near[: _LOOK_AHEAD - 1]) if character in costs), None
            )
        if index is None:
            aligned.append(())
            continue
        costs = near[index]
        base = costs[character]
        aligned.append(
            tuple(
                (other, round(max(0.0, cost - base), 2))
                for other, cost in costs.items()
                if len(other) == 1 and other not in (character, " ")
            )
        )
        position += index + 1
    return tuple(aligned)


class TesserocrEngine:
    """Reads pages with libtesseract, page segmentation 3, LSTM only; one for each process."""

    def __init__(self, folder: Path, *, language: str = "vie") -> None:
        model = check_language(folder, language)
        # What the image library mutters about odd pages helps nobody and ends on people's screens.
        tesserocr.set_leptonica_log_level(tesserocr.LeptLogLevel.NONE)
        self._api = PyTessBaseAPI(path=str(folder), lang=language, psm=PSM.AUTO, oem=OEM.LSTM_ONLY)
        # Keep what each symbol might be as well: the correction by language lives on it.
        self._api.SetVariable("lstm_choice_mode", "2")
        self._folder = folder
        self._record = EngineRecord(
            name="tesserocr",
            version=tesserocr.tesseract_version().split("\n", 1)[0].removeprefix("tesseract "),
            model_sha256=sha256_of_file(model),
            settings=f"lang={language} psm=3 oem=1 lstm_choice_mode=2",
        )
        self._orientation: PyTessBaseAPI | None = None

    @property
    def record(self) -> EngineRecord:
        return self._record

    def read(self, grey: GreyImage, *, dpi: float) -> tuple[Line, ...]:
        if min(grey.shape) < _SMALLEST_SIDE:
            return ()
        _set_image(self._api, grey, dpi)
        # Recognize first: it lets other threads run, asking for the text alone does not.
        if not self._api.Recognize():
            raise UnreadablePageError("tesseract")
        lines = tuple(_lines(self._api))
        self._api.Clear()
        return lines

    def find_turn(self, grey: GreyImage, *, dpi: float) -> Turn | None:
        if self._orientation is None:
            self._orientation = PyTessBaseAPI(path=str(self._folder), lang="osd", psm=PSM.OSD_ONLY)
        _set_image(self._orientation, grey, dpi)
        try:
            found = self._orientation.DetectOrientationScript()
        finally:
            self._orientation.Clear()
        if not found or found["orient_conf"] < _LEAST_ORIENTATION_CONFIDENCE:
            return None
        # Tesseract says how far the page is turned clockwise; it must be turned back.
        return _TURNS.get((360 - int(found["orient_deg"])) % 360)


def _set_image(api: PyTessBaseAPI, grey: GreyImage, dpi: float) -> None:
    height, width = grey.shape
    api.SetImageBytes(np.ascontiguousarray(grey).tobytes(), width, height, 1, width)
    api.SetSourceResolution(round(min(max(dpi, 70), 2400)))


def _lines(api: PyTessBaseAPI) -> Iterator[Line]:
    block = -1
    words: list[Word] = []
    head: tuple[tuple[float, float, float, float], float, int] | None = None
    iterator = api.GetIterator()
    if iterator is None:
        return
    for item in iterate_level(iterator, RIL.WORD):
        if item.IsAtBeginningOf(RIL.BLOCK):
            block += 1
        if item.IsAtBeginningOf(RIL.TEXTLINE):
            if words and head:
                yield Line(words=tuple(words), baseline=head[0], size=head[1], block=head[2])
            words, head = [], _head_of_line(item, max(block, 0))
        text = (item.GetUTF8Text(RIL.WORD) or "").strip() if not item.Empty(RIL.WORD) else ""
        box = item.BoundingBox(RIL.WORD)
        if text and box and head:
            confidence = item.Confidence(RIL.WORD) / 100
            alternatives = align_alternatives(text, item.GetBestLSTMSymbolChoices() or ())
            words.append(
                make_word(text, box=Box(*box), confidence=confidence, alternatives=alternatives)
            )
    if words and head:
        yield Line(words=tuple(words), baseline=head[0], size=head[1], block=head[2])


def _head_of_line(
    item: object, block: int
) -> tuple[tuple[float, float, float, float], float, int] | None:
    """Return base line, size in px and block of the line that begins here."""
    box = item.BoundingBox(RIL.TEXTLINE)  # type: ignore[attr-defined]  # an untyped library
    if box is None:
        return None
    ends = item.Baseline(RIL.TEXTLINE)  # type: ignore[attr-defined]  # an untyped library
    if ends is None:
        ends = ((box[0], box[3]), (box[2], box[3]))
    (x0, y0), (x1, y1) = ends
    rows = item.RowAttributes()  # type: ignore[attr-defined]  # an untyped library
    size = float(rows["row_height"]) if rows else float(box[3] - box[1])
    return (float(x0), float(y0), float(x1), float(y1)), max(size, 1.0), block
