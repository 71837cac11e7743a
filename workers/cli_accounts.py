"""`sohoa accounts add|reset|token|list`."""

from enum import StrEnum
from typing import Annotated

import typer

from database.accounts import list_accounts
from workers.cli_output import emit_json, emit_table
from workers.cli_settings import services_of_this_command
from workers.signing_in import make_account, make_token, reset_account

accounts_app = typer.Typer(no_args_is_help=True, help="Tài khoản / accounts")
_JSON = Annotated[bool, typer.Option("--json", help="JSON")]


class RoleName(StrEnum):
    """What an account may do."""

    OPERATOR = "operator"
    OFFICER = "officer"
    ARCHIVIST = "archivist"
    INSPECTOR = "inspector"
    ADMINISTRATOR = "administrator"
    DOSSIER_SYSTEM = "dossier_system"


@accounts_app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="Tên đăng nhập / sign-in name")],
    role: Annotated[RoleName, typer.Option(help="Vai trò / role")],
    *,
    display_name: Annotated[str | None, typer.Option(help="Họ tên / full name")] = None,
    as_json: _JSON = False,
) -> int:
    """Tạo tài khoản; mật khẩu ngẫu nhiên chỉ hiện một lần. / Make an account."""
    with services_of_this_command() as services:
        password = make_account(
            services, name=name, display_name=display_name or name, role=role.value
        )
    _show({"name": name, "role": role.value, "password": password}, as_json=as_json)
    return 0


@accounts_app.command("reset")
def reset(name: Annotated[str, typer.Argument()], *, as_json: _JSON = False) -> int:
    """Đặt lại mật khẩu. / Give a new random password."""
    with services_of_this_command() as services:
        password = reset_account(services, name)
    _show({"name": name, "password": password}, as_json=as_json)
    return 0


@accounts_app.command("token")
def token(
    name: Annotated[str, typer.Argument(help="Tên hệ thống / name of the program")],
    *,
    role: Annotated[RoleName, typer.Option(help="Vai trò / role")] = RoleName.DOSSIER_SYSTEM,
    days: Annotated[int, typer.Option(help="Số ngày hiệu lực / days", min=1, max=3650)] = 365,
    as_json: _JSON = False,
) -> int:
    """Cấp mã truy cập API cho một hệ thống. / Make an API token for a program."""
    with services_of_this_command() as services:
        made = make_token(services, name=name, display_name=name, role=role.value, days=days)
    _show({"name": name, "role": role.value, "token": made}, as_json=as_json)
    return 0


@accounts_app.command("list")
def list_all(*, as_json: _JSON = False) -> int:
    """Danh sách tài khoản. / List the accounts."""
    with services_of_this_command() as services, services.database.reading() as connection:
        found = list_accounts(connection)
    if as_json:
        for one in found:
            emit_json({"name": one.name, "role": one.role, "kind": one.kind})
    else:
        emit_table(
            "Tài khoản / Accounts",
            ("Tên", "Vai trò", "Loại"),
            [(one.name, one.role, one.kind) for one in found],
        )
    return 0


def _show(record: dict[str, str], *, as_json: bool) -> None:
    if as_json:
        emit_json(record)
    else:
        emit_table("", tuple(record), [tuple(record.values())])
