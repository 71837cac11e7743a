"""`sohoa accounts add|reset|token|tokens|rotate|revoke|list`."""

from enum import StrEnum
from typing import Annotated

import typer

from database.accounts import list_accounts
from workers.actors import Actor
from workers.api_tokens import Scope, ShownToken, list_shown_tokens, revoke, rotate_token
from workers.cli_output import emit_json, emit_table, say
from workers.cli_settings import services_of_this_command
from workers.signing_in import make_account, make_token, reset_account, set_area

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


class ScopeName(StrEnum):
    """What a token may be limited to."""

    DELIVER = "deliver"
    CONFIRM = "confirm"
    READ = "read"
    SEARCH = "search"
    ONCE_ONLY = "once-only"
    DOSSIERS = "dossiers"
    AUDIT = "audit"


_Scopes = Annotated[
    list[ScopeName] | None,
    typer.Option("--scope", help="Chỉ cho việc này, lặp lại được / limit to this, repeatable"),
]
_Area = Annotated[
    str, typer.Option(help="Mã cơ quan, ví dụ H99.12; bỏ trống: toàn hệ thống / area")
]
_ADMINISTRATOR = Actor("system", "administrator")
_Days = Annotated[int, typer.Option(help="Số ngày hiệu lực / days", min=1, max=3650)]


@accounts_app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="Tên đăng nhập / sign-in name")],
    role: Annotated[RoleName, typer.Option(help="Vai trò / role")],
    *,
    display_name: Annotated[str | None, typer.Option(help="Họ tên / full name")] = None,
    area: _Area = "",
    as_json: _JSON = False,
) -> int:
    """Tạo tài khoản; mật khẩu ngẫu nhiên chỉ hiện một lần. / Make an account."""
    with services_of_this_command() as services:
        password = make_account(
            services,
            name=name,
            display_name=display_name or name,
            role=role.value,
            area=area,
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
    days: _Days = 365,
    scope: _Scopes = None,
    area: _Area = "",
    as_json: _JSON = False,
) -> int:
    """Cấp mã truy cập API cho một hệ thống. / Make an API token for a program."""
    with services_of_this_command() as services:
        made = make_token(
            services,
            name=name,
            display_name=name,
            role=role.value,
            days=days,
            scopes=_scopes(scope),
            area=area,
        )
    _show({"name": name, "role": role.value, "token": made}, as_json=as_json)
    return 0


@accounts_app.command("tokens")
def tokens(
    name: Annotated[str | None, typer.Argument(help="Tên hệ thống / name of the program")] = None,
    *,
    as_json: _JSON = False,
) -> int:
    """Danh sách mã truy cập. / List the API tokens; their secrets are not kept."""
    with services_of_this_command() as services:
        found = list_shown_tokens(services, name=name)
        now = services.clock.now()
    records = [{**_record(one), "open": one.token.is_open(now)} for one in found]
    if as_json:
        for record in records:
            emit_json(record)
    else:
        columns = ("id", "name", "scopes", "expires_at", "last_used_at", "open")
        rows = [tuple(str(record[column]) for column in columns) for record in records]
        emit_table("Mã truy cập / Tokens", columns, rows)
    return 0


@accounts_app.command("rotate")
def rotate(
    name: Annotated[str, typer.Argument(help="Tên hệ thống / name of the program")],
    *,
    days: _Days = 365,
    overlap_days: Annotated[
        float, typer.Option(help="Mã cũ còn dùng được / the old one goes on", min=0, max=90)
    ] = 7,
    scope: _Scopes = None,
    as_json: _JSON = False,
) -> int:
    """Cấp mã mới, mã cũ còn dùng thêm ít ngày. / Make a new token beside the old one."""
    with services_of_this_command() as services:
        made = rotate_token(
            services,
            name,
            actor=_ADMINISTRATOR,
            days=days,
            overlap_days=overlap_days,
            scopes=_scopes(scope),
        )
    _show({"name": name, "token": made}, as_json=as_json)
    return 0


@accounts_app.command("revoke")
def revoke_one(token_id: Annotated[str, typer.Argument(help="tok_…")]) -> int:
    """Thu hồi ngay một mã truy cập. / End an API token at once."""
    with services_of_this_command() as services:
        revoke(services, token_id, actor=_ADMINISTRATOR)
    say("Đã thu hồi.", "Revoked.")
    return 0


@accounts_app.command("area")
def area_of(
    name: Annotated[str, typer.Argument(help="Tên đăng nhập / name of the account")],
    area: Annotated[str, typer.Argument(help="Mã cơ quan / agency code")] = "",
) -> int:
    """Đặt địa bàn của tài khoản; không ghi mã: toàn hệ thống. / Bind an account to an area."""
    with services_of_this_command() as services:
        set_area(services, name, area, actor=_ADMINISTRATOR)
    say("Đã đặt địa bàn.", "The area is set.")
    return 0


@accounts_app.command("list")
def list_all(*, as_json: _JSON = False) -> int:
    """Danh sách tài khoản. / List the accounts."""
    with services_of_this_command() as services, services.database.reading() as connection:
        found = list_accounts(connection)
    if as_json:
        for one in found:
            emit_json({"name": one.name, "role": one.role, "kind": one.kind, "area": one.area})
    else:
        emit_table(
            "Tài khoản / Accounts",
            ("Tên", "Vai trò", "Loại", "Địa bàn"),
            [(one.name, one.role, one.kind, one.area) for one in found],
        )
    return 0


def _show(record: dict[str, str], *, as_json: bool) -> None:
    if as_json:
        emit_json(record)
    else:
        emit_table("", tuple(record), [tuple(record.values())])


def _scopes(named: list[ScopeName] | None) -> list[Scope] | None:
    return [one.value for one in named] if named else None


def _record(shown: ShownToken) -> dict[str, object]:
    token = shown.token
    return {
        "id": token.id,
        "name": shown.account,
        "role": shown.role,
        "scopes": None if token.scopes is None else sorted(token.scopes),
        "created_at": token.created_at.isoformat(),
        "expires_at": token.expires_at.isoformat() if token.expires_at else None,
        "last_used_at": token.last_used_at.isoformat() if token.last_used_at else None,
        "revoked_at": token.revoked_at.isoformat() if token.revoked_at else None,
    }
