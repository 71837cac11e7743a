"""`sohoa migrate` and `sohoa migrate-catalogue`: the catalogue's schema, and where it is kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from configuration.settings import DatabaseBackEnd, Settings, load_settings
from database.connecting import Database
from database.copying import CopiedTable, copy_catalogue
from database.migrating import current_revision, migrate
from documents.errors import ConfigurationError
from workers.cli_output import emit_json, emit_table, say
from workers.services import open_catalogue


class SameCatalogueError(ConfigurationError):
    """A catalogue was to be copied into itself."""

    code = "same_catalogue"

    def __init__(self, name: str) -> None:
        super().__init__(
            vi=f"Nguồn và đích đều là {name}. Nêu nơi kia bằng --from hoặc --to.",
            en=f"Source and target are both {name}. Name the other one with --from or --to.",
        )


def migrate_command(
    *, as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False
) -> int:
    """Đưa cơ sở dữ liệu lên phiên bản của chương trình. / Bring the catalogue up to date."""
    with _opened(load_settings()) as database:
        before = current_revision(database)
        migrate(database)
        after = current_revision(database)
    if as_json:
        emit_json({"before": before, "after": after})
    elif before == after:
        say(
            f"Cơ sở dữ liệu đã đúng phiên bản ({after}).", f"The catalogue is up to date ({after})."
        )
    else:
        say(
            f"Đã đưa cơ sở dữ liệu từ {before or 'trống'} lên {after}.",
            f"The catalogue went from {before or 'empty'} to {after}.",
        )
    return 0


def migrate_catalogue(
    *,
    to: Annotated[DatabaseBackEnd, typer.Option(help="Nơi đích: sqlite, postgresql / where to")],
    source: Annotated[
        DatabaseBackEnd | None, typer.Option("--from", help="Nơi nguồn / where from")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False,
) -> int:
    """Chép cơ sở dữ liệu sang nơi khác. / Copy the catalogue to another product."""
    settings = load_settings()
    chosen = source or settings.database.back_end
    if chosen == to:
        raise SameCatalogueError(to)
    with (
        _opened(settings, back_end=chosen) as before,
        _opened(settings, back_end=to) as after,
    ):
        migrate(before)
        migrate(after)
        copied = list(copy_catalogue(before, after))
    _show(copied, as_json=as_json)
    return 0


@contextmanager
def _opened(settings: Settings, *, back_end: DatabaseBackEnd | None = None) -> Iterator[Database]:
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = open_catalogue(settings, back_end=back_end)
    try:
        yield database
    finally:
        database.close()


def _show(copied: list[CopiedTable], *, as_json: bool) -> None:
    if as_json:
        emit_json(
            {"tables": {one.name: {"rows": one.rows, "copied": one.copied} for one in copied}}
        )
        return
    lines = [[one.name, str(one.rows), str(one.copied)] for one in copied if one.rows]
    emit_table("Cơ sở dữ liệu / Catalogue", ("bảng / table", "dòng / rows", "chép / copied"), lines)
    say(
        "Mọi bảng ở nơi đích giống nguồn. Dừng máy chủ, chép lần nữa, rồi đổi "
        "SOHOA_DATABASE__BACK_END.",
        "All tables are as in the source. Stop the server, copy once more, then change "
        "SOHOA_DATABASE__BACK_END.",
    )
