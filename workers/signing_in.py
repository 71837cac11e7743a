"""Accounts, passwords, sign-ins and tokens."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import structlog
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
    find_sign_in,
    get_account,
    record_area,
    record_failure,
    set_secret,
    touch_sign_in,
)
from database.api_tokens import add_token
from database.audit import AuditEntry, append_audit
from database.connecting import Transaction
from database.errors import UnknownSubjectError
from documents.areas import EVERYWHERE, is_area
from documents.folding import fold
from workers.actors import Actor
from workers.api_tokens import Scope, digest_of_secret, new_secret
from workers.errors import (
    NameTakenError,
    SignInRefusedError,
    UnknownAreaError,
    WeakPasswordError,
)
from workers.services import Services

log = structlog.get_logger()

_SHORTEST_PASSWORD = 12
_FEWEST_CHARACTERS = 5
# What a guesser of this office tries first (OWASP ASVS 5, V6.2.11); docs/explanation/security.md
# says so. The name of the account is added to them.
GUESSED_WORDS = (
    "matkhau",
    "password",
    "sohoa",
    "motcua",
    "hanhchinhcong",
    "quantri",
    "administrator",
    "admin",
    "vietnam",
    "qwerty",
    "asdfgh",
    "zxcvbn",
    "abcdef",
    "12345",
    "6789",
    "54321",
)
_FAILURES_BEFORE_LOCK = 5
_FIRST_LOCK_SECONDS = 30
_LONGEST_LOCK_SECONDS = 3600
_TOUCH_SECONDS = 20
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
        _note_refusal(services, account, is_open=is_open)
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


def _note_refusal(services: Services, account: Account | None, *, is_open: bool) -> None:
    """Count a wrong password; tell the log of tries that no account counts.

    The name is not told where it is nobody's: people type passwords into that field.
    """
    if account is not None and is_open:
        _count_failure(services, account)
        return
    cause = "unknown name" if account is None else "closed or locked account"
    log.warning("sign-in refused", cause=cause, account=account and account.name)


def _count_failure(services: Services, account: Account) -> None:
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


def whose_session(services: Services, token: str) -> tuple[Account, SignIn] | None:
    """Return who is signed in with this token; None when nobody is, or the sign-in has ended.

    It ends when nothing was asked for a while, and a while after the password was typed, whatever
    was asked since (OWASP ASVS 5, V7.3).
    """
    now = services.clock.now()
    digest = _digest(token)
    with services.database.reading() as connection:
        found = find_sign_in(connection, digest)
        account = get_account(connection, found.account_id) if found else None
    if found is None or account is None or account.is_disabled:
        return None
    idle = now - found.seen_at
    web = services.settings.web
    is_stale = now - found.created_at > timedelta(hours=web.session_hours)
    if is_stale or idle > timedelta(minutes=web.idle_minutes):
        _end(services, token, action="sign_in_expired")
        return None
    if idle.total_seconds() > _TOUCH_SECONDS:
        with services.database.writing() as connection:
            touch_sign_in(connection, digest, now=now)
    return account, found


def sign_out(services: Services, token: str) -> None:
    """End a sign-in; nothing happens where it has ended."""
    _end(services, token, action="signed_out")


def _end(services: Services, token: str, *, action: str) -> None:
    digest = _digest(token)
    with services.database.writing() as connection:
        found = find_sign_in(connection, digest)
        if found is None:
            return
        end_sign_in(connection, digest)
        account = get_account(connection, found.account_id)
        entry = AuditEntry(actor=account.name, role=account.role, action=action)
        append_audit(connection, entry, now=services.clock.now())


def change_password(services: Services, account_id: str, *, old: str, new: str) -> None:
    """Change a password; all sign-ins of the account end.

    Raises:
        SignInRefusedError: the old password is wrong, or the account is locked.
        WeakPasswordError: the new one is too short, easy to guess, or the same.
    """
    now = services.clock.now()
    with services.database.reading() as connection:
        account = get_account(connection, account_id)
    # Whoever found a browser signed in must not try passwords here without end.
    is_open = account.locked_until is None or account.locked_until <= now
    if not _matches(account.secret_hash, old) or not is_open:
        _note_refusal(services, account, is_open=is_open)
        raise SignInRefusedError
    if hmac.compare_digest(old.encode(), new.encode()) or is_weak(new, name=account.name):
        raise WeakPasswordError
    _set_password(services, account, new, must_change=False, action="password_changed")


def is_weak(password: str, *, name: str) -> bool:
    """Say whether a password is short, or little more than words that are guessed first.

    No kind of character is demanded.
    """
    folded = fold(password)
    others = re.sub(r"[\W_]+", "", folded)
    of_name = filter(None, re.split(r"[\W_]+", fold(name)))
    for word in sorted((*GUESSED_WORDS, *of_name), key=len, reverse=True):
        others = others.replace(word, "")
    symbols = set(re.findall(r"[\W_]", folded))
    # A first sign is what people put between words.
    kinds = len(set(others)) + max(len(symbols) - 1, 0)
    return len(password) < _SHORTEST_PASSWORD or kinds < _FEWEST_CHARACTERS


def make_account(
    services: Services, *, name: str, display_name: str, role: Role, area: str = EVERYWHERE
) -> str:
    """Make an account for a person and return its first password, to be changed at once.

    Raises:
        NameTakenError: there is an account of this name.
        UnknownAreaError: the area is no agency code.
    """
    _check_area(area)
    password = secrets.token_urlsafe(12)
    new = NewAccount(
        name=name,
        display_name=display_name,
        role=role,
        kind="person",
        secret_hash=_HASHER.hash(password),
        must_change=True,
        area=area,
    )
    with services.database.writing() as connection:
        _add(connection, new, now=services.clock.now())
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


def make_token(  # noqa: PLR0913 - what an administrator says of a program
    services: Services,
    *,
    name: str,
    display_name: str,
    role: Role = "dossier_system",
    days: int = 365,
    scopes: Collection[Scope] | None = None,
    area: str = EVERYWHERE,
) -> str:
    """Make an account for a program and return its token, which is shown once and not kept.

    Without scopes the token may do what the role may.

    Raises:
        NameTakenError: there is an account of this name.
        UnknownAreaError: the area is no agency code.
    """
    _check_area(area)
    secret = new_secret()
    new = NewAccount(
        name=name,
        display_name=display_name,
        role=role,
        kind="client",
        secret_hash="",
        area=area,
    )
    now = services.clock.now()
    with services.database.writing() as connection:
        account = _add(connection, new, now=now)
        add_token(
            connection,
            account.id,
            token_sha256=digest_of_secret(secret),
            scopes=scopes,
            now=now,
            expires_at=now + timedelta(days=days),
        )
    return secret


def set_area(services: Services, name: str, area: str, *, actor: Actor) -> None:
    """Bind an account to an area, or to none.

    Raises:
        UnknownSubjectError: there is no account of this name.
        UnknownAreaError: the area is no agency code.
    """
    _check_area(area)
    with services.database.writing() as connection:
        account = find_account(connection, name)
        if account is None:
            raise UnknownSubjectError(name)
        record_area(connection, account.id, area=area)
        entry = AuditEntry(
            actor=actor.name,
            role=actor.role,
            action="area_set",
            subject=name,
            detail={"old": account.area, "new": area},
        )
        append_audit(connection, entry, now=services.clock.now())


def _check_area(area: str) -> None:
    if area != EVERYWHERE and not is_area(area):
        raise UnknownAreaError(area)


def _add(connection: Transaction, new: NewAccount, *, now: datetime) -> Account:
    if find_account(connection, new.name) is not None:
        raise NameTakenError(new.name)
    account = add_account(connection, new, now=now)
    entry = AuditEntry(
        actor="system", role="administrator", action="account_made", subject=new.name
    )
    append_audit(connection, entry, now=now)
    return account


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
