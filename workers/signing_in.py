"""Accounts, passwords, sign-ins and tokens."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from database.accounts import (
    Account,
    NewAccount,
    Role,
    SignIn,
    add_account,
    add_sign_in,
    end_sign_in,
    find_account,
    find_account_by_secret,
    find_sign_in,
    get_account,
    record_failure,
    set_secret,
    touch_sign_in,
)
from database.audit import AuditEntry, append_audit
from database.errors import UnknownSubjectError
from workers.errors import NameTakenError, SignInRefusedError, WeakPasswordError
from workers.services import Services

_SHORTEST_PASSWORD = 12
_FAILURES_BEFORE_LOCK = 5
_FIRST_LOCK_SECONDS = 30
_LONGEST_LOCK_SECONDS = 3600
_TOUCH_SECONDS = 20
_TOKEN_PREFIX = "soh_"  # noqa: S105 - a prefix by which leaked tokens are recognised
# RFC 9106 §4, second recommended option, for machines with little memory.
_HASHER = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A new sign-in; the token goes to the browser and is not kept here."""

    token: str
    csrf: str
    account: Account


def sign_in(services: Services, *, name: str, password: str) -> SignedIn:
    """Check a password and sign the person in.

    Five failures lock the account for a growing while (OWASP ASVS 5, V6.3.1).

    Raises:
        SignInRefusedError: whatever the cause, with one message and at one cost.
    """
    now = services.clock.now()
    with services.database.reading() as connection:
        account = find_account(connection, name)
    nobody = _hash_of_nobody()
    is_right = _matches(account.secret_hash if account else nobody, password)
    is_open = (
        account is not None
        and account.kind == "person"
        and not account.is_disabled
        and (account.locked_until is None or account.locked_until <= now)
    )
    if account is None or not is_right or not is_open:
        if account is not None and is_open:
            _count_failure(services, account)
        raise SignInRefusedError
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    with services.database.writing() as connection:
        add_sign_in(
            connection,
            SignIn(
                token_sha256=_digest(token),
                account_id=account.id,
                csrf=csrf,
                created_at=now,
                seen_at=now,
            ),
        )
        entry = AuditEntry(actor=account.name, role=account.role, action="signed_in")
        append_audit(connection, entry, now=now)
    return SignedIn(token=token, csrf=csrf, account=account)


@cache
def _hash_of_nobody() -> str:
    """Return what a name without an account is compared with, so that it costs the same.

    Made at the first sign-in, not at import: every command would pay for it.
    """
    return _HASHER.hash(secrets.token_hex(16))


def _matches(secret_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(secret_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _count_failure(services: Services, account: Account) -> None:
    now = services.clock.now()
    failures = account.failures + 1
    locked_until = None
    if failures >= _FAILURES_BEFORE_LOCK:
        seconds = _FIRST_LOCK_SECONDS * 2 ** min(failures - _FAILURES_BEFORE_LOCK, 10)
        locked_until = now + timedelta(seconds=min(seconds, _LONGEST_LOCK_SECONDS))
    with services.database.writing() as connection:
        record_failure(connection, account.id, failures=failures, locked_until=locked_until)
        entry = AuditEntry(
            actor=account.name,
            role=account.role,
            action="sign_in_refused",
            detail={"failures": failures},
        )
        append_audit(connection, entry, now=now)


def whose_session(services: Services, token: str) -> tuple[Account, SignIn] | None:
    """Return who is signed in with this token; None when nobody is, or was idle for too long."""
    now = services.clock.now()
    digest = _digest(token)
    with services.database.reading() as connection:
        found = find_sign_in(connection, digest)
        account = get_account(connection, found.account_id) if found else None
    if found is None or account is None or account.is_disabled:
        return None
    idle = now - found.seen_at
    if idle > timedelta(minutes=services.settings.web.idle_minutes):
        sign_out(services, token)
        return None
    if idle.total_seconds() > _TOUCH_SECONDS:
        with services.database.writing() as connection:
            touch_sign_in(connection, digest, now=now)
    return account, found


def sign_out(services: Services, token: str) -> None:
    """End a sign-in."""
    with services.database.writing() as connection:
        end_sign_in(connection, _digest(token))


def change_password(services: Services, account_id: str, *, old: str, new: str) -> None:
    """Change a password; all sign-ins of the account end.

    Raises:
        SignInRefusedError: the old password is wrong.
        WeakPasswordError: the new one is too short or the same.
    """
    with services.database.reading() as connection:
        account = get_account(connection, account_id)
    if not _matches(account.secret_hash, old):
        _count_failure(services, account)
        raise SignInRefusedError
    if len(new) < _SHORTEST_PASSWORD or hmac.compare_digest(old.encode(), new.encode()):
        raise WeakPasswordError
    _set_password(services, account, new, must_change=False, action="password_changed")


def whose_token(services: Services, token: str) -> Account | None:
    """Return the program that has this token; None when it is unknown, ended or disabled."""
    if not token.startswith(_TOKEN_PREFIX):
        return None
    with services.database.reading() as connection:
        account = find_account_by_secret(connection, _digest(token))
    if account is None or account.is_disabled:
        return None
    if account.expires_at is not None and account.expires_at <= services.clock.now():
        return None
    return account


def make_account(services: Services, *, name: str, display_name: str, role: Role) -> str:
    """Make an account for a person and return its first password, to be changed at once.

    Raises:
        NameTakenError: there is an account of this name.
    """
    password = secrets.token_urlsafe(12)
    new = NewAccount(
        name=name,
        display_name=display_name,
        role=role,
        kind="person",
        secret_hash=_HASHER.hash(password),
        must_change=True,
    )
    _add(services, new)
    return password


def reset_account(services: Services, name: str) -> str:
    """Give an account a new random password and return it; all its sign-ins end."""
    with services.database.reading() as connection:
        account = find_account(connection, name)
    if account is None or account.kind != "person":
        raise UnknownSubjectError(name)
    password = secrets.token_urlsafe(12)
    _set_password(services, account, password, must_change=True, action="password_reset")
    return password


def make_token(
    services: Services,
    *,
    name: str,
    display_name: str,
    role: Role = "dossier_system",
    days: int = 365,
) -> str:
    """Make an account for a program and return its token, which is shown once and not kept."""
    token = _TOKEN_PREFIX + secrets.token_urlsafe(32)
    new = NewAccount(
        name=name,
        display_name=display_name,
        role=role,
        kind="client",
        secret_hash=_digest(token),
        expires_at=services.clock.now() + timedelta(days=days),
    )
    _add(services, new)
    return token


def _add(services: Services, new: NewAccount) -> None:
    now = services.clock.now()
    with services.database.writing() as connection:
        if find_account(connection, new.name) is not None:
            raise NameTakenError(new.name)
        add_account(connection, new, now=now)
        entry = AuditEntry(
            actor="system", role="administrator", action="account_made", subject=new.name
        )
        append_audit(connection, entry, now=now)


def _set_password(
    services: Services, account: Account, password: str, *, must_change: bool, action: str
) -> None:
    now = services.clock.now()
    with services.database.writing() as connection:
        set_secret(
            connection,
            account.id,
            secret_hash=_HASHER.hash(password),
            must_change=must_change,
        )
        entry = AuditEntry(actor=account.name, role=account.role, action=action)
        append_audit(connection, entry, now=now)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
