"""What a station is set up to do."""

from dataclasses import dataclass
from typing import Literal

Colour = Literal["colour", "grey", "bilevel"]
Paper = Literal["a4", "a3", "a5", "id1", "auto"]
ConfirmPolicy = Literal["none", "sure", "backfile"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannerProfile:
    """One kind of scanner or station set-up.

    `expects_separators` says that sheets cut its batches: a batch without one is shown to a
    person. `joins_files` says whether the files of one folder are one batch, `rest_seconds` how
    long a file in the watched folder must not have changed, `confirm_policy` who confirms what
    comes from it. `dpi`, `colour`, `paper`, `source` and `is_duplex` are how its scanner is set.
    """

    name: str
    description_vi: str
    description_en: str
    dpi: int = 300
    colour: Colour = "colour"
    is_duplex: bool = False
    paper: Paper = "a4"
    source: Literal["flatbed", "feeder"] = "flatbed"
    expects_separators: bool = False
    joins_files: bool = True
    rest_seconds: float = 5.0
    confirm_policy: ConfirmPolicy = "none"
