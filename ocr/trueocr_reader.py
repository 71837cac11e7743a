"""trueocr as the second reader: an extra that is used where it is installed."""

from collections.abc import Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from documents.folding import to_nfc
from ocr.engine import GreyImage
from ocr.second_reading import SecondOpinion


class TrueocrReader:
    """Reads pictures of words with the recogniser of trueocr, one thread."""

    def __init__(self) -> None:
        import trueocr  # noqa: PLC0415 - not everybody has it
        from trueocr.recognizer import Recognizer  # noqa: PLC0415 - not everybody has it

        self.name = f"trueocr {version('trueocr')}"
        self._recognizer = Recognizer(Path(trueocr.__file__).parent / "models", 1)

    def read_words(self, pictures: Sequence[GreyImage]) -> Sequence[SecondOpinion]:
        return [
            SecondOpinion(to_nfc(answer.text), float(answer.confidence))
            for answer in self._recognizer.predict(list(pictures))
        ]


def find_second_reader() -> TrueocrReader | None:
    """Return the second reader, None where it is not installed."""
    return TrueocrReader() if find_spec("trueocr") is not None else None
