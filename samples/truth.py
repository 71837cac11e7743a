"""What the sample batches hold, as it must be found again: the shape of `truth.json`."""

import json
from dataclasses import asdict, dataclass
from typing import Literal

PageKind = Literal["separator", "content", "blank"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTruth:
    """One page as delivered.

    `ordinal` counts all pages of the batch from 1, separators and blank backs included;
    `document` is the index of its document in the batch, from 0. `turn` is 180 where the sheet lay
    upside down; `skew` in degrees. `lines` is every printed or handwritten line, not what seals
    and stamps say. `separator` is the text of the code.
    """

    ordinal: int
    file: str
    page_in_file: int
    kind: PageKind
    dpi: int
    document: int | None = None
    turn: int = 0
    skew: float = 0.0
    by_hand: bool = False
    separator: str | None = None
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentTruth:
    """One paper; `pages` are the first and last ordinal in the batch, blank backs included."""

    component_type: str
    number: str | None
    issued_on: str | None
    issuer: str | None
    owner_id: str | None
    owner_name: str | None
    pages: tuple[int, int]
    files: tuple[str, ...]
    is_signed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchTruth:
    """One delivery; `confirm` is false where it is left for a person to try."""

    folder: str
    station: str
    dossier: str
    procedure: str
    confirm: bool
    files: tuple[str, ...]
    documents: tuple[DocumentTruth, ...]
    pages: tuple[PageTruth, ...]


def truth_as_json(batches: tuple[BatchTruth, ...]) -> str:
    """Return the truth of all batches as the text of `truth.json`."""
    note = (
        "Mọi tên người, số, địa danh, cơ quan trong các tệp này đều là hư cấu. / "
        "All persons, numbers, places and agencies in these files are invented."
    )
    content = {"version": 1, "note": note, "batches": [asdict(batch) for batch in batches]}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
