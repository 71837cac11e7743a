"""`sohoa migrate-store` and `sohoa renew-locks`: looking after the store as a whole."""

from typing import Annotated

import typer

from archive.copying import CopyReport, copy_storage
from configuration.settings import StorageBackEnd
from database.audit import AuditEntry, append_audit
from documents.errors import ConfigurationError
from workers.cli_output import emit_json, reason_record, say, say_reason
from workers.cli_settings import actor_of_this_command, services_of_this_command
from workers.services import Services, build_storage

_SHOWN_EVERY = 1024


class SameStoreError(ConfigurationError):
    """A store was to be copied into itself."""

    code = "same_store"

    def __init__(self, name: str) -> None:
        super().__init__(
            vi=f"Kho nguồn và kho đích đều là {name}. Nêu kho kia bằng --from hoặc --to.",
            en=f"Both stores are {name}. Name the other one with --from or --to.",
        )


def migrate_store(
    *,
    to: Annotated[StorageBackEnd, typer.Option(help="Kho đích: folder, minio / where to")],
    source: Annotated[
        StorageBackEnd | None, typer.Option("--from", help="Kho nguồn / where from")
    ] = None,
    at_once: Annotated[int, typer.Option(min=1, max=32, help="Số đối tượng cùng lúc")] = 4,
    verify: Annotated[bool, typer.Option("--verify", help="Đọc lại cả cái đã có")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False,
) -> int:
    """Chép kho lưu trữ sang kho khác. / Copy the whole store into another one."""
    with services_of_this_command() as services:
        report = _migrate(services, source, to, at_once=at_once, verify=verify)
    if as_json:
        emit_json(
            {
                "copied": report.copied,
                "there": report.there,
                "problems": [
                    {"key": one.key, "reason": reason_record(one.reason)} for one in report.problems
                ],
            }
        )
    else:
        _show(report)
    return 1 if report.problems else 0


def renew_locks(*, as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False) -> int:
    """Gia hạn khóa của đối tượng chưa có thời hạn. / Lengthen locks of what has no term."""
    with services_of_this_command() as services:
        renewed = services.storage.renew_locks()
        _write_down(services, "locks_renewed", {"objects": renewed})
    if as_json:
        emit_json({"renewed": renewed})
    else:
        say(f"Đã gia hạn khóa của {renewed} đối tượng.", f"{renewed} locks were lengthened.")
    return 0


def _migrate(
    services: Services,
    source: StorageBackEnd | None,
    to: StorageBackEnd,
    *,
    at_once: int,
    verify: bool,
) -> CopyReport:
    settings, clock = services.settings, services.clock
    chosen = source or settings.storage.back_end
    if chosen == to:
        raise SameStoreError(to)
    target = build_storage(settings, clock=clock, back_end=to)
    target.prepare()
    folder = settings.cache_folder / "migrating"
    folder.mkdir(parents=True, exist_ok=True)
    report = copy_storage(
        build_storage(settings, clock=clock, back_end=chosen),
        target,
        work_folder=folder,
        at_once=at_once,
        verify=verify,
        progress=_say_progress,
    )
    counts = {"copied": report.copied, "there": report.there, "problems": len(report.problems)}
    _write_down(services, "store_copied", {"from": chosen, "to": to, **counts})
    return report


def _write_down(services: Services, action: str, detail: dict[str, object]) -> None:
    actor = actor_of_this_command()
    entry = AuditEntry(actor=actor.name, role=actor.role, action=action, detail=detail)
    with services.database.writing() as connection:
        append_audit(connection, entry, now=services.clock.now())


def _say_progress(count: int) -> None:
    if count % _SHOWN_EVERY == 0:
        say(f"Đã xem {count} đối tượng…", f"{count} objects looked at…")


def _show(report: CopyReport) -> None:
    say(
        f"Đã chép {report.copied} đối tượng; {report.there} đã có sẵn.",
        f"{report.copied} objects were copied; {report.there} were there.",
    )
    for one in report.problems:
        say_reason(one.reason, about=one.key)
