"""Digitize the bundled batches and make one account a role: what `make run` does before serving.

Running it again digitizes nothing twice and makes no account twice.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from database.accounts import ROLES, list_accounts
from documents.errors import PipelineError
from workers.actors import Actor
from workers.cli import exit_code_of
from workers.cli_digitizing import records_of
from workers.cli_output import emit_table, say, say_reason
from workers.cli_settings import services_of_this_command
from workers.delivering import Followed, Wish, deliver_folder, follow
from workers.errors import NameTakenError
from workers.services import Services
from workers.signing_in import make_account, make_token

SAMPLES = Path(__file__).parent
_ACTOR = Actor("samples", "command_line")
_PROGRAM = "dossier_system"
_COLUMNS = (
    "Tài liệu / document",
    "Loại / type",
    "Số / number",
    "Ngày / date",
    "Tin cậy / confidence",
    "Giây / seconds",
    "Nơi lưu / where it lies",
)


def main() -> int:
    """Digitize, print the table, then the accounts; return the exit status."""
    try:
        with services_of_this_command() as services:
            say("Đang số hóa các lô giấy tờ mẫu …", "Digitizing the bundled batches …")
            rows = list(_digitize(services))
            emit_table("Giấy tờ mẫu / Samples", _COLUMNS, rows)
            folder = services.location_of("documents/…/")
            say(f"Các tệp đã ký nằm trong {folder}", "There, by document, lie the signed files.")
            _show_accounts(services)
    except PipelineError as error:
        say_reason(error.reason)
        return exit_code_of(error)
    return 0


def _digitize(services: Services) -> Iterator[Sequence[str]]:
    batches = json.loads((SAMPLES / "truth.json").read_text("utf-8"))["batches"]
    followed = [_deliver(services, batch) for batch in batches]
    for status in follow(services, followed):
        for record in records_of(status):
            yield _line(services, record)


def _deliver(services: Services, batch: dict[str, Any]) -> Followed:
    """Deliver one folder; the dossier that a person should try stays unconfirmed."""
    files = [SAMPLES / "batches" / batch["folder"] / name for name in batch["files"]]
    wish = Wish(
        policy="backfile" if batch["confirm"] else "none",
        actor=_ACTOR,
        dossier_code=batch["dossier"],
    )
    return deliver_folder(services, files, wish)


def _line(services: Services, record: dict[str, Any]) -> Sequence[str]:
    kind = services.component_types.get(record["component_type"] or "")
    seconds = record.get("seconds")
    is_filed = record["state"] == "filed"
    return (
        record["id"],
        kind.name_vi if kind else "chưa xác định",
        record["number"] or "",
        record["issued_on"] or "",
        f"{record.get('confidence', 0.0):.2f}",
        "" if seconds is None else f"{seconds:.1f}",
        Path(record["location"]).name
        if is_filed
        else "chờ bạn xác nhận / waits for you to confirm",
    )


def _show_accounts(services: Services) -> None:
    """Make what is missing; a password or token is shown this once and never again."""
    with services.database.reading() as connection:
        known = {account.name for account in list_accounts(connection)}
    rows = []
    for role in ROLES:
        if role in known:
            continue
        try:
            if role == _PROGRAM:
                secret = make_token(services, name=role, display_name=role, role=role, days=365)
            else:
                secret = make_account(services, name=role, display_name=role, role=role)
        except NameTakenError:
            continue  # another `make run` was quicker
        rows.append((role, secret))
    if rows:
        emit_table(
            "Tài khoản, chỉ hiện một lần / Accounts, shown once",
            ("Tên / name", "Mật khẩu đầu tiên hoặc mã API / first password or API token"),
            rows,
        )
    else:
        say(
            f"Tài khoản đã có: {', '.join(sorted(known))}. Quên mật khẩu: sohoa accounts reset TÊN",
            "Accounts are there. A forgotten password: .venv/bin/sohoa accounts reset NAME",
        )


if __name__ == "__main__":
    sys.exit(main())
