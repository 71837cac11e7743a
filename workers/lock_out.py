"""Wrong passwords and codes are counted; too many lock an account for a growing while."""

from datetime import datetime, timedelta

import structlog

from database.accounts import Account, get_account, record_failure
from database.audit import AuditEntry, append_audit
from workers.errors import SignInRefusedError
from workers.passwords import matches
from workers.services import Services

log = structlog.get_logger()

_FAILURES_BEFORE_LOCK = 5
_FIRST_LOCK_SECONDS = 30
_LONGEST_LOCK_SECONDS = 3600


def is_open(account: Account, now: datetime) -> bool:
    """Say whether a person may sign in with this account now."""
    is_locked = account.locked_until is not None and account.locked_until > now
    return account.kind == "person" and not account.is_disabled and not is_locked


def require_password(services: Services, account_id: str, password: str) -> Account:
    """Let somebody who is signed in show that it is them; return their account.

    Whoever found a browser signed in must not try passwords without end.

    Raises:
        SignInRefusedError: the password is wrong, or the account is locked.
    """
    now = services.clock.now()
    with services.database.reading() as connection:
        account = get_account(connection, account_id)
    may = is_open(account, now)
    if not matches(account.secret_hash, password) or not may:
        note_refusal(services, account, may=may)
        raise SignInRefusedError
    return account


def note_refusal(services: Services, account: Account | None, *, may: bool) -> None:
    """Count a wrong password; tell the log of tries that no account counts.

    The name is not told where it is nobody's: people type passwords into that field.
    """
    if account is not None and may:
        count_failure(services, account)
        return
    cause = "unknown name" if account is None else "closed or locked account"
    log.warning("sign-in refused", cause=cause, account=account and account.name)


def count_failure(services: Services, account: Account) -> None:
    """Count a wrong password or code; the fifth locks the account for a while."""
    now = services.clock.now()
    with services.database.writing() as connection:
        # Read again under the lock: of tries at the same moment every one counts.
        failures = get_account(connection, account.id).failures + 1
        locked_until = None
        if failures >= _FAILURES_BEFORE_LOCK:
            seconds = _FIRST_LOCK_SECONDS * 2 ** min(failures - _FAILURES_BEFORE_LOCK, 10)
            locked_until = now + timedelta(seconds=min(seconds, _LONGEST_LOCK_SECONDS))
        record_failure(connection, account.id, failures=failures, locked_until=locked_until)
        entry = AuditEntry(
            actor=account.name,
            role=account.role,
            action="sign_in_refused",
            detail={"failures": failures},
        )
        append_audit(connection, entry, now=now)
