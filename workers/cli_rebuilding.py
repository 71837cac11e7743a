"""`sohoa rebuild-catalogue`."""

from typing import Annotated

import typer

from workers.cli_output import emit_json, reason_record, say, say_reason
from workers.cli_settings import actor_of_this_command, services_of_this_command
from workers.rebuilding import Rebuilt, rebuild_catalogue


def rebuild_catalogue_command(
    *, as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False
) -> int:
    """Dựng lại cơ sở dữ liệu từ kho lưu trữ. / Rebuild the catalogue from the store alone."""
    with services_of_this_command() as services:
        rebuilt = rebuild_catalogue(services, actor=actor_of_this_command())
    if as_json:
        emit_json(_record(rebuilt))
    else:
        _show(rebuilt)
    return 1 if rebuilt.problems else 0


def _record(rebuilt: Rebuilt) -> dict[str, object]:
    head = rebuilt.audit_head
    return {
        "documents": rebuilt.documents,
        "known": rebuilt.known,
        "problems": [
            {"document": one.document_id, "reason": reason_record(one.reason)}
            for one in rebuilt.problems
        ],
        "former_audit": {"seq": head.seq, "hash": head.hash} if head else None,
        "put_aside": str(rebuilt.put_aside) if rebuilt.put_aside else None,
    }


def _show(rebuilt: Rebuilt) -> None:
    say(
        f"Đã dựng lại {rebuilt.documents} tài liệu; {rebuilt.known} đã có sẵn. "
        "Tài khoản không nằm trong kho: tạo lại bằng sohoa accounts add.",
        f"{rebuilt.documents} documents came back; {rebuilt.known} were there. "
        "Accounts are not in the store: make them with sohoa accounts add.",
    )
    if rebuilt.audit_head:
        head = rebuilt.audit_head
        say(
            f"Nhật ký cũ được biết đến dòng {head.seq} ({head.hash}).",
            f"The former audit log is known up to row {head.seq}.",
        )
    if rebuilt.put_aside:
        say(
            f"Việc dở dang trước đó nằm ở {rebuilt.put_aside}; giao lại các tệp cần thiết.",
            f"Unfinished work of before lies in {rebuilt.put_aside}; deliver what is needed again.",
        )
    for one in rebuilt.problems:
        say(f"{one.document_id}:", f"{one.document_id}:")
        say_reason(one.reason)
