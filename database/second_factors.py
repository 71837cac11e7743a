"""Second factors of accounts, and the codes for when a device is lost."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from database.factor_tables import recovery_codes, second_factors


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactor:
    """A device that shows codes; in force once a first code was typed."""

    account_id: str
    sealed_secret: str
    created_at: datetime
    confirmed_at: datetime | None
    last_step: int


def begin_factor(
    connection: Connection, account_id: str, *, sealed_secret: str, now: datetime
) -> None:
    """Enter a device that is not in force yet; one that was begun before goes."""
    remove_factor(connection, account_id)
    connection.execute(
        insert(second_factors).values(
            account_id=account_id, sealed_secret=sealed_secret, created_at=now, last_step=0
        )
    )


def find_factor(connection: Connection, account_id: str) -> SecondFactor | None:
    """Return the device of an account, in force or begun."""
    row = connection.execute(
        select(second_factors).where(second_factors.c.account_id == account_id)
    ).first()
    return None if row is None else SecondFactor(**row._mapping)  # noqa: SLF001 - documented


def accounts_with_factor(connection: Connection) -> frozenset[str]:
    """Return the accounts whose device is in force."""
    query = select(second_factors.c.account_id).where(second_factors.c.confirmed_at.is_not(None))
    return frozenset(connection.execute(query).scalars())


def confirm_factor(
    connection: Connection, account_id: str, *, step: int, codes: Collection[str], now: datetime
) -> None:
    """Put a device in force, with the digests of its recovery codes."""
    connection.execute(
        update(second_factors)
        .where(second_factors.c.account_id == account_id)
        .values(confirmed_at=now, last_step=step)
    )
    replace_recovery_codes(connection, account_id, codes)


def replace_recovery_codes(connection: Connection, account_id: str, codes: Collection[str]) -> None:
    """Let these digests stand for the recovery codes of an account, and no others."""
    connection.execute(delete(recovery_codes).where(recovery_codes.c.account_id == account_id))
    rows = [{"account_id": account_id, "code_sha256": one} for one in codes]
    connection.execute(insert(recovery_codes), rows)


def record_step(connection: Connection, account_id: str, *, step: int) -> None:
    """Note the time step whose code has counted."""
    connection.execute(
        update(second_factors)
        .where(second_factors.c.account_id == account_id)
        .values(last_step=step)
    )


def use_recovery_code(
    connection: Connection, account_id: str, code_sha256: str, *, now: datetime
) -> bool:
    """Use a recovery code up; say whether there was one."""
    done = connection.execute(
        update(recovery_codes)
        .where(
            recovery_codes.c.account_id == account_id,
            recovery_codes.c.code_sha256 == code_sha256,
            recovery_codes.c.used_at.is_(None),
        )
        .values(used_at=now)
    )
    return done.rowcount == 1


def count_recovery_codes(connection: Connection, account_id: str) -> int:
    """Return how many recovery codes an account has left."""
    query = (
        select(func.count())
        .select_from(recovery_codes)
        .where(recovery_codes.c.account_id == account_id, recovery_codes.c.used_at.is_(None))
    )
    return connection.execute(query).scalar_one()


def remove_factor(connection: Connection, account_id: str) -> bool:
    """Forget the device and recovery codes of an account; say whether there was a device."""
    connection.execute(delete(recovery_codes).where(recovery_codes.c.account_id == account_id))
    done = connection.execute(
        delete(second_factors).where(second_factors.c.account_id == account_id)
    )
    return done.rowcount > 0
