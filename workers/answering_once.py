"""One execution for each idempotency key: what was answered is kept and given again."""

from datetime import timedelta

from database.idempotency import (
    KeptAnswer,
    forget_keys,
    forget_running_keys,
    keep_answer,
    release_key,
    reserve_key,
)
from workers.services import Services

_KEPT = timedelta(hours=24)
# No request takes so long once its body has come; the server that answered it is gone.
_LONGEST = timedelta(minutes=5)


def begin_once(
    services: Services, account_id: str, key: str, *, request_digest: str
) -> KeptAnswer | None:
    """Reserve a key for a request; return what stands under it where it came before."""
    now = services.clock.now()
    with services.database.writing() as connection:
        forget_keys(connection, before=now - _KEPT)
        known = reserve_key(connection, account_id, key, request_digest=request_digest, now=now)
        if known is None or known.state != "running" or known.created_at > now - _LONGEST:
            return known
        release_key(connection, account_id, key)
        return reserve_key(connection, account_id, key, request_digest=request_digest, now=now)


def keep_once(
    services: Services, account_id: str, key: str, *, status: int, headers: str, answer: bytes
) -> None:
    """Keep what was answered under a key that was reserved."""
    with services.database.writing() as connection:
        keep_answer(connection, account_id, key, status=status, headers=headers, answer=answer)


def give_up_once(services: Services, account_id: str, key: str) -> None:
    """Let a request that changed nothing be tried again under its key."""
    with services.database.writing() as connection:
        release_key(connection, account_id, key)


def forget_interrupted(services: Services) -> int:
    """Let requests be tried again that ended with their server; for the start of a server.

    Where other servers are at work, theirs may still be running: those end by their age alone.
    """
    if services.database.is_shared:
        return 0
    with services.database.writing() as connection:
        return forget_running_keys(connection)
