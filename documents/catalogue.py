"""The catalogue of component types (loại giấy tờ): data, checked when it is loaded."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from documents.errors import ConfigurationError

ValidityClass = Literal["P", "F", "L", "S", "D", "X"]
"""P permanent; F until a printed date; L some months from issue; S to be looked up at its source;
D for one dossier only; X only shown, never stored."""

_SHIPPED = Path(__file__).with_name("component_types.toml")
_CLASSES = frozenset("PFLSDX")
OTHER = "khac"
"""The component type of what is kept without being known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentType:
    """What a paper can be.

    `titles` match folded text of a title, `cues` folded text anywhere on the first page.
    `rank` says how specific it is: of two that match, the lower rank wins. `bears_seal` says that
    the paper is stamped with the red seal of the agency that issues it.
    """

    id: str
    name_vi: str
    name_en: str
    group: str
    titles: tuple[re.Pattern[str], ...]
    cues: tuple[re.Pattern[str], ...]
    notations: tuple[str, ...]
    validity_class: ValidityClass
    validity_months: int | None
    result_codes: tuple[str, ...]
    rank: int
    is_card: bool
    bears_seal: bool


class CatalogueError(ConfigurationError):
    """An entry of the catalogue is wrong."""

    code = "catalogue"

    def __init__(self, entry: str, what: str) -> None:
        super().__init__(
            vi=f"Danh mục loại giấy tờ sai ở mục “{entry}”: {what}.",
            en=f"The catalogue of component types is wrong at “{entry}”: {what}.",
        )


@cache
def load_component_types(file: Path = _SHIPPED) -> Mapping[str, ComponentType]:
    """Return the component types by id, most specific first.

    Raises:
        CatalogueError: an entry is wrong; it is named.
    """
    try:
        rows = tomllib.loads(file.read_text())
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise CatalogueError(file.name, str(error)) from error
    types = [_component_type(name, row) for name, row in rows.items()]
    if OTHER not in rows:
        raise CatalogueError(OTHER, "missing")
    return {one.id: one for one in sorted(types, key=lambda one: one.rank)}


def _component_type(name: str, row: Mapping[str, Any]) -> ComponentType:
    known = {
        "vi", "en", "group", "titles", "cues", "notations", "validity", "months", "results",
        "rank", "card", "seal",
    }  # fmt: skip
    if unknown := sorted(set(row) - known):
        raise CatalogueError(name, f"unknown keys {', '.join(unknown)}")
    if row.get("validity") not in _CLASSES:
        raise CatalogueError(name, f"validity must be one of {', '.join(sorted(_CLASSES))}")
    if row["validity"] == "L" and not isinstance(row.get("months"), int):
        raise CatalogueError(name, "validity L needs months")
    try:
        return ComponentType(
            id=name,
            name_vi=row["vi"],
            name_en=row["en"],
            group=row["group"],
            titles=tuple(re.compile(pattern) for pattern in row.get("titles", ())),
            cues=tuple(re.compile(pattern) for pattern in row.get("cues", ())),
            notations=tuple(row.get("notations", ())),
            validity_class=row["validity"],
            validity_months=row.get("months"),
            result_codes=tuple(row.get("results", ())),
            rank=row.get("rank", 10),
            is_card=row.get("card", False),
            bears_seal=row.get("seal", False),
        )
    except (KeyError, re.error) as error:
        raise CatalogueError(name, str(error)) from error
