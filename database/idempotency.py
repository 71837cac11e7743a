"""Keys by which a client's repeated request is recognised, with the answer that was given."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, insert, select, update

from database.api_tables import idempotency_keys


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswer:
    """What was answered to the first request with a key; nothing while that still runs."""

    account_id: str
    key: str
    request_digest: str
    state: Literal["running", "done"]
    status: int | None
    headers: str | None
    answer: bytes | None
    created_at: datetime


def reserve_key(
    connection: Connection, account_id: str, key: str, *, request_digest: str, now: datetime
) -> KeptAnswer | None:
    """Reserve a key for a request; return what stands under it where it is in use."""
    row = connection.execute(
        select(idempotency_keys).where(*_is(account_id, key)).with_for_update()
    ).first()
    if row is not None:
        return _kept(row)
    connection.execute(
        insert(idempotency_keys).values(
            account_id=account_id,
            key=key,
            request_digest=request_digest,
            state="running",
            created_at=now,
        )
    )
    return None


def keep_answer(
    connection: Connection, account_id: str, key: str, *, status: int, headers: str, answer: bytes
) -> None:
    """Keep what was answered to the request that reserved the key."""
    connection.execute(
        update(idempotency_keys)
        .where(*_is(account_id, key))
        .values(state="done", status=status, headers=headers, answer=answer)
    )


def release_key(connection: Connection, account_id: str, key: str) -> None:
    """Forget a key, so that the request may be tried again."""
    connection.execute(delete(idempotency_keys).where(*_is(account_id, key)))


def forget_keys(connection: Connection, *, before: datetime) -> int:
    """Forget the keys that are older; return how many."""
    gone = delete(idempotency_keys).where(idempotency_keys.c.created_at < before)
    return connection.execute(gone).rowcount


def forget_running_keys(connection: Connection) -> int:
    """Forget the keys whose requests ended with the process that answered them."""
    gone = delete(idempotency_keys).where(idempotency_keys.c.state == "running")
    return connection.execute(gone).rowcount


def _is(account_id: str, key: str) -> tuple[Any, ...]:
    return (idempotency_keys.c.account_id == account_id, idempotency_keys.c.key == key)


def _kept(row: Row[Any]) -> KeptAnswer:
    return KeptAnswer(**row._mapping)  # noqa: SLF001 - a row's documented mapping
