"""Tokens of programs: only their digests are kept."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from database.api_tables import tokens
from database.errors import UnknownSubjectError
from documents.identifiers import AccountId, TokenId, mint_token_id


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """A token; `scopes` None means all that the role of its account may do."""

    id: TokenId
    account_id: AccountId
    token_sha256: str
    scopes: frozenset[str] | None
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Say whether it opens anything now."""
        has_ended = self.expires_at is not None and self.expires_at <= now
        return not has_ended and self.revoked_at is None


def add_token(
    connection: Connection,
    account_id: AccountId,
    *,
    token_sha256: str,
    scopes: Collection[str] | None,
    now: datetime,
    expires_at: datetime | None,
) -> ApiToken:
    """Enter a token of an account."""
    row = connection.execute(
        insert(tokens)
        .values(
            id=mint_token_id(),
            account_id=account_id,
            token_sha256=token_sha256,
            scopes=None if scopes is None else " ".join(sorted(scopes)),
            created_at=now,
            expires_at=expires_at,
        )
        .returning(tokens)
    ).one()
    return _token(row)


def find_token(connection: Connection, token_sha256: str) -> ApiToken | None:
    """Return the token of this digest."""
    row = connection.execute(select(tokens).where(tokens.c.token_sha256 == token_sha256)).first()
    return None if row is None else _token(row)


def get_token(connection: Connection, token_id: str) -> ApiToken:
    """Return the token; UnknownSubjectError when there is none."""
    row = connection.execute(select(tokens).where(tokens.c.id == token_id)).first()
    if row is None:
        raise UnknownSubjectError(token_id)
    return _token(row)


def list_tokens(connection: Connection, *, account_id: str | None = None) -> list[ApiToken]:
    """Return the tokens of an account, or of all, oldest first."""
    query = select(tokens).order_by(tokens.c.created_at, tokens.c.id)
    if account_id is not None:
        query = query.where(tokens.c.account_id == account_id)
    return [_token(row) for row in connection.execute(query)]


def set_token_end(connection: Connection, token_id: str, *, expires_at: datetime) -> None:
    """Let a token end at another moment."""
    connection.execute(update(tokens).where(tokens.c.id == token_id).values(expires_at=expires_at))


def revoke_token(connection: Connection, token_id: str, *, now: datetime) -> None:
    """End a token at once, for good."""
    connection.execute(update(tokens).where(tokens.c.id == token_id).values(revoked_at=now))


def touch_token(connection: Connection, token_id: str, *, now: datetime) -> None:
    """Note that a token was used."""
    connection.execute(update(tokens).where(tokens.c.id == token_id).values(last_used_at=now))


def _token(row: Row[Any]) -> ApiToken:
    values = dict(row._mapping)  # noqa: SLF001 - a row's documented mapping
    scopes = values.pop("scopes")
    return ApiToken(**values, scopes=None if scopes is None else frozenset(scopes.split()))
