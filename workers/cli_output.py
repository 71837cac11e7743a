"""How commands speak: results on standard output, everything else on standard error."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from documents.errors import Reason

err = Console(stderr=True, highlight=False, soft_wrap=True)


def emit_json(record: Mapping[str, Any]) -> None:
    """Print one record as one line of JSON."""
    sys.stdout.write(json.dumps(record, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()


def emit_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows for people."""
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*row)
    width = None if sys.stdout.isatty() else int(os.environ.get("COLUMNS", "160"))
    Console(width=width).print(table)


def say(vi: str, en: str) -> None:
    """Print a message in both languages, Vietnamese first."""
    err.print(vi, markup=False)
    err.print(f"  {en}", style="dim", markup=False)


def say_reason(reason: Reason, *, about: str = "") -> None:
    """Print why something did not go as asked."""
    prefix = f"{about}: " if about else ""
    say(prefix + reason.vi, reason.en)


def reason_record(reason: Reason | None) -> dict[str, str] | None:
    """Return a reason as it stands in JSON."""
    return None if reason is None else {"code": reason.code, "vi": reason.vi, "en": reason.en}
