"""Reads page images as the product does, in one process; a JSON line for each page."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from documents.identifiers import Sha256
from documents.model import PageImage, RecognizedPage
from ocr.correcting import Corrector, load_corrector
from ocr.preparing import prepare_reading_copy
from ocr.reading import recognize_page
from ocr.tesseract import TesserocrEngine, find_tessdata

_BELIEVED = (100.0, 1200.0)
_A4_INCHES = 8.27


def read_file(
    file: Path, *, engine: TesserocrEngine, corrector: Corrector | None
) -> RecognizedPage:
    """Read one page image; a resolution that no scanner has is taken from the size of A4."""
    with Image.open(file) as opened:
        stated = float(opened.info.get("dpi", (0, 0))[0])
        pixels = np.asarray(opened.convert("RGB"), np.uint8)
    height, width = pixels.shape[:2]
    is_believed = _BELIEVED[0] <= stated <= _BELIEVED[1]
    dpi = stated if is_believed else float(round(min(height, width) / _A4_INCHES))
    copy = prepare_reading_copy(pixels, dpi=dpi)
    page = PageImage(
        file=file,
        media_type="image/jpeg",
        sha256=Sha256("0" * 64),
        width=width,
        height=height,
        dpi=dpi,
        dpi_source="file" if is_believed else "page_size",
        mode="colour",
    )
    return recognize_page(copy.grey, dpi=copy.dpi, page=page, engine=engine, corrector=corrector)


def record_of(page: RecognizedPage) -> dict[str, object]:
    """Return what is scored of a page: its text, and of each word its doubt."""
    words: Sequence[object] = [
        {"text": word.text, "doubtful": word.doubtful, "confidence": word.confidence}
        for word in page.words
    ]
    return {"text": page.text, "words": words}


def main() -> None:
    """Print what stands on the pages that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--raw", action="store_true", help="without the correction by language")
    parser.add_argument("pages", nargs="+", type=Path)
    asked = parser.parse_args()
    engine = TesserocrEngine(find_tessdata())
    corrector = None if asked.raw else load_corrector()
    for file in asked.pages:
        print(json.dumps(record_of(read_file(file, engine=engine, corrector=corrector))))


if __name__ == "__main__":
    main()
