"""Reads the picture of a word twice, in the environment where the second reader is installed.

Usage: program_of_second_reader.py PICTURE FIRST_READING; prints a JSON object.
"""

import json
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from documents.model import Box, Line, Word
from ocr.language.model import load_model
from ocr.second_reading import settle_doubts
from ocr.trueocr_reader import find_second_reader


def main() -> None:
    """Print what the second reader sees, and what becomes of a doubtful first reading."""
    file, first = Path(sys.argv[1]), sys.argv[2]
    with Image.open(file) as opened:
        grey = np.asarray(opened.convert("L"), np.uint8)
    reader = find_second_reader()
    if reader is None:
        sys.exit("trueocr is not installed here")
    (opinion,) = reader.read_words([grey])
    height, width = grey.shape
    word = Word(
        text=first, raw=first, box=Box(5, 5, width - 5, height - 5), confidence=0.4, doubtful=True
    )
    line = Line(words=(word,), baseline=(0.0, height, width, height), size=float(height))
    (done,) = settle_doubts([line], grey, scale=1.0, reader=reader, model=load_model())
    settled = done.words[0]
    answer = {
        "name": reader.name,
        "seen": opinion.text,
        "confidence": opinion.confidence,
        "text": settled.text,
        "raw": settled.raw,
        "cause": settled.cause,
        "doubtful": settled.doubtful,
    }
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
