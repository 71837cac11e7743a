"""Signing in, and the accounts of people and programs."""

import hmac
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from database.accounts import (
    Account,
    NewAccount,
    Role,
    add_account,
    find_account,
    get_account,
    record_area,
    set_secret,
)
from database.api_tokens import add_token
from database.audit import AuditEntry, append_audit
from database.connecting import Transaction
from database.errors import UnknownSubjectError
from database.second_factors import remove_factor
from documents.areas import EVERYWHERE, is_area
from workers.account_errors import CodeNeededError, SecondStepExpiredError, WrongCodeError
from workers.actors import Actor
from workers.api_tokens import Scope, digest_of_secret, new_secret
from workers.errors import (
    NameTakenError,
    SignInRefusedError,
    UnknownAreaError,
    WeakPasswordError,
)
from workers.lock_out import count_failure, is_open, note_refusal, require_password
from workers.passwords import hash_of_nobody, hash_password, is_weak, matches
from workers.sealing import seal_for_now, unseal
from workers.second_factor import has_second_factor, take_code
from workers.services import Services
from workers.sessions import SignedIn, begin_session

_SECOND_STEP_SECONDS = 300


def sign_in(services: Services, *, name: str, password: str, agent: str = "") -> SignedIn:
    """Check a password and sign the person in.

    Five failures lock the account for a growing while (OWASP ASVS 5, V6.3.1).

    Raises:
        SignInRefusedError: whatever the cause, with one message and at one cost.
        CodeNeededError: the password was right; `sign_in_by_code` goes on with its ticket.
    """
    now = services.clock.now()
    with services.database.reading() as connection:
        account = find_account(connection, name)
    nobody = hash_of_nobody()
    is_right = matches(account.secret_hash if account else nobody, password)
    may = account is not None and is_open(account, now)
    if account is None or not is_right or not may:
        note_refusal(services, account, may=may)
        raise SignInRefusedError
    with services.database.writing() as connection:
        # Read again under the lock: of guesses at the same moment only so many may be right.
        account = get_account(connection, account.id)
        may = is_open(account, now)
        needs_code = has_second_factor(connection, account.id)
        if may and not needs_code:
            return begin_session(connection, account, agent=agent, now=now)
    if may:
        told = f"{account.id} {digest_of_secret(account.secret_hash)}"
        raise CodeNeededError(seal_for_now(services, told))
    note_refusal(services, account, may=False)
    raise SignInRefusedError


def sign_in_by_code(services: Services, ticket: str, *, code: str, agent: str = "") -> SignedIn:
    """Sign somebody in whose password was right a moment ago, by the code of the second factor.

    Wrong codes count as wrong passwords do.

    Raises:
        SecondStepExpiredError: the first step is too long ago, or the account was locked or
            changed since.
        WrongCodeError: the code is wrong, or has counted before.
    """
    now = services.clock.now()
    told = unseal(services, ticket, seconds=_SECOND_STEP_SECONDS)
    account_id, _, digest = (told or "").partition(" ")
    if not digest:
        raise SecondStepExpiredError
    with services.database.writing() as connection:
        account = get_account(connection, account_id)
        if not is_open(account, now) or digest_of_secret(account.secret_hash) != digest:
            raise SecondStepExpiredError
        if take_code(services, connection, account, code, now=now):
            return begin_session(connection, account, agent=agent, now=now)
    count_failure(services, account)
    raise WrongCodeError


def change_password(services: Services, account_id: str, *, old: str, new: str) -> None:
    """Change a password; all sign-ins of the account end.

    Raises:
        SignInRefusedError: the old password is wrong, or the account is locked.
        WeakPasswordError: the new one is too short, easy to guess, or the same.
    """
    account = require_password(services, account_id, old)
    if hmac.compare_digest(old.encode(), new.encode()) or is_weak(new, name=account.name):
        raise WeakPasswordError
    _set_password(services, account, new, must_change=False, action="password_changed")


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
        secret_hash=hash_password(password),
        must_change=True,
        area=area,
    )
    with services.database.writing() as connection:
        _add(connection, new, now=services.clock.now())
    return password


def reset_account(services: Services, name: str) -> str:
    """Give an account a new random password and return it.

    All its sign-ins end, and its second factor goes: who lost the phone begins anew.
    """
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
            secret_hash=hash_password(password),
            must_change=must_change,
        )
        if must_change:
            remove_factor(connection, account.id)
        entry = AuditEntry(actor=account.name, role=account.role, action=action)
        append_audit(connection, entry, now=now)
