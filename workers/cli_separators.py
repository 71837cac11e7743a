"""`sohoa separators`: sheets that cut a batch into documents."""

from pathlib import Path
from typing import Annotated

import typer

from documents.model import Separator
from workers.cli_output import emit_json, say
from workers.cli_settings import services_of_this_command
from workers.page_jobs import SeparatorsJob


def separators(
    *,
    out: Annotated[Path, typer.Option("-o", "--out", help="Tệp PDF / PDF file")],
    dossier: Annotated[str | None, typer.Option(help="Mã hồ sơ / dossier code")] = None,
    procedure: Annotated[str | None, typer.Option(help="Mã thủ tục / procedure")] = None,
    component_types: Annotated[
        list[str] | None, typer.Option("--type", help="Loại giấy tờ / component type")
    ] = None,
    patch: Annotated[bool, typer.Option(help="Tờ Patch T / patch T sheet")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False,
) -> int:
    """In tờ phân cách có mã QR, Code 128 hoặc Patch T. / Print separator sheets."""
    if patch:
        sheets = [Separator(kind="patch_t")]
    else:
        wanted: list[str | None] = [*(component_types or ())] or [None]
        sheets = [
            Separator(
                kind="sohoa",
                dossier_code=dossier,
                procedure=procedure,
                component_type=component_type,
            )
            for component_type in wanted
        ]
    target = out.absolute()
    with services_of_this_command() as services:
        services.pool.run("separators", SeparatorsJob(separators=tuple(sheets), out=target))
    if as_json:
        emit_json({"file": str(target), "sheets": len(sheets)})
    else:
        say(f"Đã ghi {len(sheets)} tờ vào {target}.", f"Wrote {len(sheets)} sheets to {target}.")
    return 0
