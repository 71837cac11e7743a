"""Accounts of people and of programs, and their sign-ins."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, insert, select, update

from database.errors import UnknownSubjectError
from database.tables import accounts, sign_ins
from documents.areas import EVERYWHERE
from documents.identifiers import AccountId, mint_account_id

Role = Literal["operator", "officer", "archivist", "inspector", "administrator", "dossier_system"]
ROLES: tuple[Role, ...] = (
    "operator",
    "officer",
    "archivist",
    "inspector",
    "administrator",
    "dossier_system",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person, or a program with tokens; `secret_hash` is argon2id, empty for programs.

    `area` limits what is opened without a purpose; empty means everywhere.
    """

    id: AccountId
    name: str
    display_name: str
    role: Role
    kind: Literal["person", "client"]
    secret_hash: str
    must_change: bool
    is_disabled: bool
    failures: int
    locked_until: datetime | None
    created_at: datetime
    expires_at: datetime | None
    area: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """What an administrator says when making an account."""

    name: str
    display_name: str
    role: Role
    kind: Literal["person", "client"]
    secret_hash: str
    must_change: bool = False
    expires_at: datetime | None = None
    area: str = EVERYWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """A browser that is signed in; only the digest of its token is kept."""

    token_sha256: str
    account_id: AccountId
    csrf: str
    created_at: datetime
    seen_at: datetime
    agent: str = ""


def add_account(connection: Connection, new: NewAccount, *, now: datetime) -> Account:
    """Make an account; the name must be free."""
    row = connection.execute(
        insert(accounts)
        .values(
            id=mint_account_id(),
            name=new.name,
            display_name=new.display_name,
            role=new.role,
            kind=new.kind,
            secret_hash=new.secret_hash,
            must_change=new.must_change,
            is_disabled=False,
            failures=0,
            created_at=now,
            expires_at=new.expires_at,
            area=new.area,
        )
        .returning(accounts)
    ).one()
    return _account(row)


def find_account(connection: Connection, name: str) -> Account | None:
    """Return the account of this name."""
    row = connection.execute(select(accounts).where(accounts.c.name == name)).first()
    return None if row is None else _account(row)


def get_account(connection: Connection, account_id: str) -> Account:
    """Return the account; UnknownSubjectError when there is none."""
    row = connection.execute(select(accounts).where(accounts.c.id == account_id)).first()
    if row is None:
        raise UnknownSubjectError(account_id)
    return _account(row)


def list_accounts(connection: Connection) -> list[Account]:
    """Return all accounts by name."""
    return [_account(row) for row in connection.execute(select(accounts).order_by(accounts.c.name))]


def set_secret(
    connection: Connection, account_id: str, *, secret_hash: str, must_change: bool
) -> None:
    """Give an account a new secret and end all its sign-ins."""
    connection.execute(
        update(accounts)
        .where(accounts.c.id == account_id)
        .values(secret_hash=secret_hash, must_change=must_change, failures=0, locked_until=None)
    )
    connection.execute(delete(sign_ins).where(sign_ins.c.account_id == account_id))


def record_area(connection: Connection, account_id: str, *, area: str) -> None:
    """Bind an account to an area; empty means everywhere."""
    connection.execute(update(accounts).where(accounts.c.id == account_id).values(area=area))


def record_disabled(connection: Connection, account_id: str, *, is_disabled: bool) -> None:
    """Close an account, ending its sign-ins, or open it again."""
    connection.execute(
        update(accounts)
        .where(accounts.c.id == account_id)
        .values(is_disabled=is_disabled, failures=0, locked_until=None)
    )
    if is_disabled:
        connection.execute(delete(sign_ins).where(sign_ins.c.account_id == account_id))


def record_failure(
    connection: Connection, account_id: str, *, failures: int, locked_until: datetime | None
) -> None:
    """Count a wrong password, and lock the account for a while when there were too many."""
    connection.execute(
        update(accounts)
        .where(accounts.c.id == account_id)
        .values(failures=failures, locked_until=locked_until)
    )


def add_sign_in(connection: Connection, new: SignIn) -> None:
    """Enter a sign-in and forget earlier failures."""
    connection.execute(
        insert(sign_ins).values(
            token_sha256=new.token_sha256,
            account_id=new.account_id,
            csrf=new.csrf,
            created_at=new.created_at,
            seen_at=new.seen_at,
            agent=new.agent,
        )
    )
    record_failure(connection, new.account_id, failures=0, locked_until=None)


def find_sign_in(connection: Connection, token_sha256: str) -> SignIn | None:
    """Return the sign-in of this token's digest."""
    row = connection.execute(
        select(sign_ins).where(sign_ins.c.token_sha256 == token_sha256)
    ).first()
    return None if row is None else _sign_in(row)


def list_sign_ins(connection: Connection, account_id: str) -> list[SignIn]:
    """Return the sign-ins of an account, also those whose time is over."""
    rows = connection.execute(select(sign_ins).where(sign_ins.c.account_id == account_id))
    return [_sign_in(row) for row in rows]


def touch_sign_in(connection: Connection, token_sha256: str, *, now: datetime) -> None:
    """Note that the browser is still in use."""
    connection.execute(
        update(sign_ins).where(sign_ins.c.token_sha256 == token_sha256).values(seen_at=now)
    )


def end_sign_in(connection: Connection, token_sha256: str) -> None:
    """Sign a browser out."""
    connection.execute(delete(sign_ins).where(sign_ins.c.token_sha256 == token_sha256))


def _sign_in(row: Row[Any]) -> SignIn:
    # A column that was added to a catalogue of before holds nothing in its rows.
    return SignIn(**{**row._mapping, "agent": row.agent or ""})  # noqa: SLF001 - documented mapping


def _account(row: Row[Any]) -> Account:
    return Account(**row._mapping)  # noqa: SLF001 - a row's documented mapping
