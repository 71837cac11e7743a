"""What mends a reading: the language, and a second reader where one is installed."""

from collections.abc import Sequence
from dataclasses import dataclass

from documents.model import Line
from ocr.engine import GreyImage
from ocr.language.calibrating import load_calibration
from ocr.language.correcting import correct_lines
from ocr.language.model import LanguageModel, load_model
from ocr.second_reading import SecondReader, settle_doubts
from ocr.trueocr_reader import find_second_reader


@dataclass(frozen=True, slots=True)
class Corrector:
    """Corrects readings; made once for a process."""

    model: LanguageModel
    second_reader: SecondReader | None = None

    @property
    def name(self) -> str:
        """By what it corrects, as it stands in the record of a reading."""
        second = f" second={self.second_reader.name}" if self.second_reader else ""
        return f"{self.model.name} {load_calibration().name}{second}"

    def correct(self, lines: Sequence[Line], grey: GreyImage, *, scale: float) -> tuple[Line, ...]:
        """Return the lines as they were most likely printed, with marks on what is in doubt.

        Args:
            lines: in reading order.
            grey: the reading copy, upright.
            scale: px of the reading copy for each px of the lines' boxes.
        """
        corrected = correct_lines(lines, self.model)
        if self.second_reader is None:
            return corrected
        return settle_doubts(
            corrected, grey, scale=scale, reader=self.second_reader, model=self.model
        )


def load_corrector(*, wants_second: bool = True) -> Corrector:
    """Return the corrector of this installation.

    Args:
        wants_second: ask the second reader where one is installed.

    Raises:
        DamagedLanguageModelError: the counts are damaged.
    """
    return Corrector(load_model(), find_second_reader() if wants_second else None)
