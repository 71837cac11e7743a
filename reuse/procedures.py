"""Procedures (TTHC) and their checklists: data, checked when it is loaded."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from documents.codes import find_procedure_code
from reuse.errors import ProcedureCatalogueError

SlotKind = Literal["nop", "xuat_trinh", "luu_y"]
"""To be submitted, only to be shown (never scanned), or a note."""

_SHIPPED = Path(__file__).with_name("procedures.toml")
_KINDS = ("nop", "xuat_trinh", "luu_y")


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A slot of a checklist (thành phần hồ sơ): what fills it, and when it is asked for.

    `max_age_months` may be stricter than the validity of the component type.
    """

    id: str
    name_vi: str
    name_en: str
    accepts: tuple[str, ...]
    kind: SlotKind
    is_required: bool
    max_age_months: int | None
    condition: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """What a citizen asks for; `code` is the national short form."""

    code: str
    name_vi: str
    name_en: str
    level: str
    decision: str
    components: tuple[Component, ...]
    results: tuple[str, ...]


def load_procedures(
    component_types: Collection[str], file: Path = _SHIPPED
) -> Mapping[str, Procedure]:
    """Return the procedures by code.

    Args:
        component_types: ids that components may accept.
        file: the catalogue.

    Raises:
        ProcedureCatalogueError: an entry is wrong; it is named.
    """
    procedures = _load(file)
    for procedure in procedures.values():
        for component in procedure.components:
            if unknown := sorted(set(component.accepts) - set(component_types)):
                raise ProcedureCatalogueError(
                    f"{procedure.code} {component.id}", f"unknown types {', '.join(unknown)}"
                )
    return procedures


@cache
def _load(file: Path) -> Mapping[str, Procedure]:
    try:
        rows: list[dict[str, Any]] = tomllib.loads(file.read_text())["procedure"]
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise ProcedureCatalogueError(file.name, str(error)) from error
    procedures: dict[str, Procedure] = {}
    for procedure in map(_procedure, rows):
        if procedure.code in procedures:
            raise ProcedureCatalogueError(procedure.code, "listed twice")
        procedures[procedure.code] = procedure
    return procedures


def _procedure(row: Mapping[str, Any]) -> Procedure:
    code = str(row.get("code", "?"))
    found = find_procedure_code(code)
    if found is None or found.national != code:
        raise ProcedureCatalogueError(code, "not a procedure code")
    try:
        return Procedure(
            code=code,
            name_vi=row["vi"],
            name_en=row["en"],
            level=row["level"],
            decision=row["decision"],
            components=tuple(_component(code, one) for one in row.get("components", ())),
            results=tuple(row.get("results", ())),
        )
    except KeyError as error:
        raise ProcedureCatalogueError(code, f"missing {error}") from error


def _component(code: str, row: Mapping[str, Any]) -> Component:
    kind = row.get("kind", "nop")
    if kind not in _KINDS:
        raise ProcedureCatalogueError(code, f"kind {kind}")
    return Component(
        id=row["id"],
        name_vi=row["vi"],
        name_en=row["en"],
        accepts=tuple(row["accepts"]),
        kind=kind,
        is_required=row.get("required", True),
        max_age_months=row.get("max_age_months"),
        condition=row.get("condition"),
    )
