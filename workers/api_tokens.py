"""Tokens of programs: scopes, ends, changing over, revoking."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, get_args

from database.accounts import Account, find_account, get_account
from database.api_tokens import (
    ApiToken,
    add_token,
    find_token,
    get_token,
    list_tokens,
    revoke_token,
    set_token_end,
    touch_token,
)
from database.audit import AuditEntry, append_audit
from database.errors import UnknownSubjectError
from workers.actors import Actor
from workers.services import Services

Scope = Literal["deliver", "confirm", "read", "search", "once-only", "dossiers", "audit"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
"""What a token may be limited to, beside the role of its account."""

_PREFIX = "soh_"
_TOUCH_SECONDS = 60
_DAYS = 365
_OVERLAP_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownToken:
    """A token of an account as people may see it: without its secret."""

    account: str
    role: str
    token: ApiToken


def new_secret() -> str:
    """Return a new token, with the prefix by which leaked ones are recognised."""
    return _PREFIX + secrets.token_urlsafe(32)


def digest_of_secret(secret: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(secret.encode()).hexdigest()


def whose_token(services: Services, secret: str) -> tuple[Account, ApiToken] | None:
    """Return the program that has this token; None when it is unknown, ended or disabled."""
    if not secret.startswith(_PREFIX):
        return None
    now = services.clock.now()
    with services.database.reading() as connection:
        token = find_token(connection, digest_of_secret(secret))
        account = get_account(connection, token.account_id) if token else None
    if token is None or account is None or account.is_disabled or not token.is_open(now):
        return None
    if account.expires_at is not None and account.expires_at <= now:
        return None
    used = token.last_used_at
    if used is None or (now - used).total_seconds() > _TOUCH_SECONDS:
        with services.database.writing() as connection:
            touch_token(connection, token.id, now=now)
    return account, token


def is_token_open(services: Services, token_id: str) -> bool:
    """Say whether a token still opens; asking is no use of it."""
    now = services.clock.now()
    with services.database.reading() as connection:
        token = get_token(connection, token_id)
        account = get_account(connection, token.account_id)
    is_over = account.expires_at is not None and account.expires_at <= now
    return token.is_open(now) and not account.is_disabled and not is_over


def list_shown_tokens(services: Services, *, name: str | None = None) -> list[ShownToken]:
    """Return the tokens of the account of this name, or of all accounts.

    Raises:
        UnknownSubjectError: there is no account of this name.
    """
    with services.database.reading() as connection:
        account = find_account(connection, name) if name is not None else None
        if name is not None and account is None:
            raise UnknownSubjectError(name)
        found = list_tokens(connection, account_id=account.id if account else None)
        owners = {one.account_id: get_account(connection, one.account_id) for one in found}
    return [
        ShownToken(account=owners[one.account_id].name, role=owners[one.account_id].role, token=one)
        for one in found
    ]


def rotate_token(
    services: Services,
    name: str,
    *,
    actor: Actor,
    days: int = _DAYS,
    overlap_days: float = _OVERLAP_DAYS,
    scopes: Collection[Scope] | None = None,
) -> str:
    """Give a program a new token and return it; its tokens of now end after the overlap.

    The new one has the scopes that are named, else those of the newest token that still opens.

    Raises:
        UnknownSubjectError: there is no program of this name.
    """
    now = services.clock.now()
    secret = new_secret()
    with services.database.writing() as connection:
        account = find_account(connection, name)
        if account is None or account.kind != "client":
            raise UnknownSubjectError(name)
        old = [one for one in list_tokens(connection, account_id=account.id) if one.is_open(now)]
        kept = old[-1].scopes if old else None
        end = now + timedelta(days=overlap_days)
        for one in old:
            if one.expires_at is None or one.expires_at > end:
                set_token_end(connection, one.id, expires_at=end)
        made = add_token(
            connection,
            account.id,
            token_sha256=digest_of_secret(secret),
            scopes=scopes if scopes is not None else kept,
            now=now,
            expires_at=now + timedelta(days=days),
        )
        entry = AuditEntry(
            actor=actor.name,
            role=actor.role,
            action="token_rotated",
            subject=name,
            detail={"token": made.id, "ending": [one.id for one in old]},
        )
        append_audit(connection, entry, now=now)
    return secret


def revoke(services: Services, token_id: str, *, actor: Actor) -> None:
    """End a token at once; ending it again changes nothing.

    Raises:
        UnknownSubjectError: there is no such token.
    """
    now = services.clock.now()
    with services.database.writing() as connection:
        token = get_token(connection, token_id)
        if token.revoked_at is not None:
            return
        revoke_token(connection, token_id, now=now)
        entry = AuditEntry(
            actor=actor.name, role=actor.role, action="token_revoked", subject=token_id
        )
        append_audit(connection, entry, now=now)
