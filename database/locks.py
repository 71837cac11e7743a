"""Locks between transactions of all processes; where one transaction writes at a time, none.

They are numbers that PostgreSQL keeps until the transaction ends, taken in one order: first the
catalogue, then a batch, then rows, then owners, last of all the audit chain.
"""

from hashlib import blake2b

from sqlalchemy import Connection

# The first number says what kind of thing is locked, the second which one.
_CATALOGUE, _BATCHES, _OWNERS, _AUDIT = 1, 2, 3, 4


class LocksInOrder:
    """Writers of one batch share the catalogue with those of others; any other has it alone."""

    def begin(self, connection: Connection, *, batch_id: str | None) -> None:
        if batch_id is None:
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s, 0)", (_CATALOGUE,))
            return
        connection.exec_driver_sql(
            "SELECT pg_advisory_xact_lock_shared(%s, 0), pg_advisory_xact_lock(%s, %s)",
            (_CATALOGUE, _BATCHES, _number_of(batch_id)),
        )


def lock_owner(connection: Connection, owner_id: str) -> None:
    """Let nobody else enter or forget this owner until the transaction ends."""
    _lock(connection, _OWNERS, _number_of(owner_id))


def lock_audit_chain(connection: Connection) -> None:
    """Let nobody else append to the audit chain until the transaction ends."""
    _lock(connection, _AUDIT, 0)


def _lock(connection: Connection, kind: int, number: int) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s, %s)", (kind, number))


def _number_of(name: str) -> int:
    """Return a number of 31 bits; two names that share one only wait for each other."""
    return int.from_bytes(blake2b(name.encode(), digest_size=4).digest()) >> 1
