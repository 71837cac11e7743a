"""A second factor for people: codes that a phone shows, and recovery codes for when it is lost."""

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from database.accounts import Account, find_account, get_account
from database.audit import AuditEntry, append_audit
from database.connecting import Transaction
from database.errors import UnknownSubjectError
from database.second_factors import (
    SecondFactor,
    begin_factor,
    confirm_factor,
    count_recovery_codes,
    find_factor,
    record_step,
    remove_factor,
    replace_recovery_codes,
    use_recovery_code,
)
from workers.account_errors import FactorStateError, WrongCodeError
from workers.actors import Actor
from workers.lock_out import require_password
from workers.one_time_codes import address_for_phones, new_secret, step_of_code
from workers.sealing import seal, unseal
from workers.services import Services

_ISSUER = "Số Hóa"
_RECOVERY_CODES = 10
_RECOVERY_BYTES = 15
_GROUP = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorView:
    """What a person sees of their second factor; secret and address only until it is in force."""

    state: Literal["none", "begun", "in_force"]
    secret: str = ""
    address: str = ""
    since: datetime | None = None
    recovery_left: int = 0


def show_factor(services: Services, account_id: str) -> FactorView:
    """Return whether a second factor is in force, or what the phone needs to begin with it."""
    with services.database.reading() as connection:
        account = get_account(connection, account_id)
        factor = find_factor(connection, account_id)
        left = count_recovery_codes(connection, account_id)
    if factor is None:
        return FactorView(state="none")
    if factor.confirmed_at is not None:
        return FactorView(state="in_force", since=factor.confirmed_at, recovery_left=left)
    secret = unseal(services, factor.sealed_secret)
    if secret is None:  # the key of the home was lost: it is begun anew
        return FactorView(state="none")
    address = address_for_phones(secret, name=account.name, issuer=_ISSUER)
    return FactorView(state="begun", secret=secret, address=address)


def begin_second_factor(services: Services, account_id: str, *, password: str) -> None:
    """Make a secret for a phone; it is not in force until a first code of it is typed.

    Raises:
        SignInRefusedError: the password is wrong, or the account is locked.
        FactorStateError: a second factor is in force.
    """
    account = require_password(services, account_id, password)
    sealed = seal(services, new_secret())
    now = services.clock.now()
    with services.database.writing() as connection:
        if _in_force(connection, account_id) is not None:
            raise FactorStateError
        begin_factor(connection, account_id, sealed_secret=sealed, now=now)
        _write_down(connection, account, "second_factor_begun", now)


def confirm_second_factor(services: Services, account_id: str, *, code: str) -> list[str]:
    """Put the second factor in force by a first code; return recovery codes, shown this once.

    Raises:
        WrongCodeError: the code is not the one that the phone shows now.
        FactorStateError: none was begun, or it is in force already.
    """
    now = services.clock.now()
    codes = _new_recovery_codes()
    with services.database.writing() as connection:
        account = get_account(connection, account_id)
        factor = find_factor(connection, account_id)
        if factor is None or factor.confirmed_at is not None:
            raise FactorStateError
        step = _step_of(services, factor, code)
        if step is None:
            raise WrongCodeError
        confirm_factor(
            connection, account_id, step=step, codes=[_digest(one) for one in codes], now=now
        )
        _write_down(connection, account, "second_factor_set", now)
    return codes


def renew_recovery_codes(services: Services, account_id: str, *, password: str) -> list[str]:
    """Make new recovery codes and return them, shown this once; the old ones count no more.

    Raises:
        SignInRefusedError: the password is wrong, or the account is locked.
        FactorStateError: no second factor is in force.
    """
    account = require_password(services, account_id, password)
    codes = _new_recovery_codes()
    now = services.clock.now()
    with services.database.writing() as connection:
        if _in_force(connection, account_id) is None:
            raise FactorStateError
        replace_recovery_codes(connection, account_id, [_digest(one) for one in codes])
        _write_down(connection, account, "recovery_codes_renewed", now)
    return codes


def remove_second_factor(services: Services, account_id: str, *, password: str) -> None:
    """Let one's own password be enough again; nothing happens where it is.

    Raises:
        SignInRefusedError: the password is wrong, or the account is locked.
    """
    account = require_password(services, account_id, password)
    now = services.clock.now()
    with services.database.writing() as connection:
        if remove_factor(connection, account_id):
            _write_down(connection, account, "second_factor_removed", now)


def clear_second_factor(services: Services, name: str, *, actor: Actor) -> None:
    """Take the second factor of somebody away who has lost phone and recovery codes.

    Raises:
        UnknownSubjectError: there is no person of this name.
    """
    now = services.clock.now()
    with services.database.writing() as connection:
        account = find_account(connection, name)
        if account is None or account.kind != "person":
            raise UnknownSubjectError(name)
        if remove_factor(connection, account.id):
            entry = AuditEntry(
                actor=actor.name, role=actor.role, action="second_factor_cleared", subject=name
            )
            append_audit(connection, entry, now=now)


def must_set_up(services: Services, account: Account) -> bool:
    """Say whether somebody's role asks for a second factor that they do not have yet."""
    if account.role not in services.settings.web.second_factor_roles:
        return False
    with services.database.reading() as connection:
        return _in_force(connection, account.id) is None


def has_second_factor(connection: Transaction, account_id: str) -> bool:
    """Say whether a second factor is in force."""
    return _in_force(connection, account_id) is not None


def take_code(
    services: Services, connection: Transaction, account: Account, code: str, *, now: datetime
) -> bool:
    """Say whether a code counts now, and see to it that it counts once only."""
    factor = _in_force(connection, account.id)
    if factor is None:
        return False
    step = _step_of(services, factor, code)
    if step is not None:
        record_step(connection, account.id, step=step)
        return True
    if not use_recovery_code(connection, account.id, _digest(code), now=now):
        return False
    _write_down(connection, account, "recovery_code_used", now)
    return True


def _in_force(connection: Transaction, account_id: str) -> SecondFactor | None:
    factor = find_factor(connection, account_id)
    return factor if factor is not None and factor.confirmed_at is not None else None


def _step_of(services: Services, factor: SecondFactor, code: str) -> int | None:
    secret = unseal(services, factor.sealed_secret)
    if secret is None:
        return None
    return step_of_code(
        secret,
        re.sub(r"\s", "", code),
        seconds=services.clock.now().timestamp(),
        after=factor.last_step,
    )


def _new_recovery_codes() -> list[str]:
    """Return codes of 120 bits in groups of four: nobody guesses one, so a plain digest will do."""
    made = []
    for _ in range(_RECOVERY_CODES):
        text = base64.b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode()
        groups = (text[start : start + _GROUP] for start in range(0, len(text), _GROUP))
        made.append("-".join(groups))
    return made


def _digest(code: str) -> str:
    return hashlib.sha256(re.sub(r"[\s-]", "", code).upper().encode()).hexdigest()


def _write_down(connection: Transaction, account: Account, action: str, now: datetime) -> None:
    entry = AuditEntry(actor=account.name, role=account.role, action=action)
    append_audit(connection, entry, now=now)
