"""Sign-ins of browsers: whose they are, how they end, and which ones a person has."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from database.accounts import (
    Account,
    SignIn,
    add_sign_in,
    end_sign_in,
    find_sign_in,
    get_account,
    list_sign_ins,
    touch_sign_in,
)
from database.audit import AuditEntry, append_audit
from database.connecting import Transaction
from database.errors import UnknownSubjectError
from workers.services import Services

_TOUCH_SECONDS = 20
_MARK_LENGTH = 16
_AGENT_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A new sign-in; the token goes to the browser and is not kept here."""

    token: str
    csrf: str
    account: Account


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSignIn:
    """A sign-in as its person sees it; `agent` is what the browser calls itself."""

    mark: str
    agent: str
    begun_at: datetime
    used_at: datetime
    is_this: bool


def begin_session(
    connection: Transaction, account: Account, *, agent: str = "", now: datetime
) -> SignedIn:
    """Sign somebody in whose password, and code where there is one, were right."""
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    made = SignIn(
        token_sha256=_digest(token),
        account_id=account.id,
        csrf=csrf,
        created_at=now,
        seen_at=now,
        agent=agent[:_AGENT_LENGTH],
    )
    add_sign_in(connection, made)
    entry = AuditEntry(actor=account.name, role=account.role, action="signed_in")
    append_audit(connection, entry, now=now)
    return SignedIn(token=token, csrf=csrf, account=account)


def whose_session(
    services: Services, token: str, *, is_use: bool = True
) -> tuple[Account, SignIn] | None:
    """Return who is signed in with this token; None when nobody is, or the sign-in has ended.

    It ends when the person did nothing for a while, and a while after the password was typed,
    whatever was done since (OWASP ASVS 5, V7.3). What a page asks for by itself is no use of it.
    """
    now = services.clock.now()
    digest = _digest(token)
    with services.database.reading() as connection:
        found = find_sign_in(connection, digest)
        account = get_account(connection, found.account_id) if found else None
    if found is None or account is None or account.is_disabled:
        return None
    if not _is_live(services, found, now):
        _end(services, digest, action="sign_in_expired")
        return None
    if is_use and (now - found.seen_at).total_seconds() > _TOUCH_SECONDS:
        with services.database.writing() as connection:
            touch_sign_in(connection, digest, now=now)
    return account, found


def is_session_open(services: Services, token_sha256: str) -> bool:
    """Say whether a sign-in has not ended; asking is no use of it."""
    with services.database.reading() as connection:
        found = find_sign_in(connection, token_sha256)
    return found is not None and _is_live(services, found, services.clock.now())


def _is_live(services: Services, found: SignIn, now: datetime) -> bool:
    web = services.settings.web
    is_stale = now - found.created_at > timedelta(hours=web.session_hours)
    return not is_stale and now - found.seen_at <= timedelta(minutes=web.idle_minutes)


def sign_out(services: Services, token: str) -> None:
    """End a sign-in; nothing happens where it has ended."""
    _end(services, _digest(token), action="signed_out")


def list_own_sign_ins(
    services: Services, account_id: str, *, this_sha256: str | None
) -> list[OwnSignIn]:
    """Return the sign-ins of an account that have not ended: this one first, then the last used."""
    now = services.clock.now()
    with services.database.reading() as connection:
        found = list_sign_ins(connection, account_id)
    live = [one for one in found if _is_live(services, one, now)]
    live.sort(key=lambda one: (one.token_sha256 != this_sha256, -one.seen_at.timestamp()))
    return [
        OwnSignIn(
            mark=one.token_sha256[:_MARK_LENGTH],
            agent=one.agent,
            begun_at=one.created_at,
            used_at=one.seen_at,
            is_this=one.token_sha256 == this_sha256,
        )
        for one in live
    ]


def end_own_sign_in(services: Services, account_id: str, mark: str) -> None:
    """End one of a person's sign-ins.

    Raises:
        UnknownSubjectError: the account has none of this mark, or it has ended.
    """
    _end_own(services, account_id, lambda one: one.token_sha256[:_MARK_LENGTH] == mark, mark)


def end_other_sign_ins(services: Services, account_id: str, *, this_sha256: str) -> int:
    """End all sign-ins of a person but the one with which they ask; return how many."""
    return _end_own(services, account_id, lambda one: one.token_sha256 != this_sha256, None)


def _end_own(
    services: Services, account_id: str, is_meant: Callable[[SignIn], bool], mark: str | None
) -> int:
    now = services.clock.now()
    with services.database.writing() as connection:
        account = get_account(connection, account_id)
        meant = [one for one in list_sign_ins(connection, account_id) if is_meant(one)]
        if mark is not None and not meant:
            raise UnknownSubjectError(mark)
        for one in meant:
            end_sign_in(connection, one.token_sha256)
        if meant:
            entry = AuditEntry(
                actor=account.name,
                role=account.role,
                action="sign_ins_ended",
                detail={"count": len(meant)},
            )
            append_audit(connection, entry, now=now)
    return len(meant)


def _end(services: Services, digest: str, *, action: str) -> None:
    with services.database.writing() as connection:
        found = find_sign_in(connection, digest)
        if found is None:
            return
        end_sign_in(connection, digest)
        account = get_account(connection, found.account_id)
        entry = AuditEntry(actor=account.name, role=account.role, action=action)
        append_audit(connection, entry, now=services.clock.now())


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
