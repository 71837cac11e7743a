"""Messages that a stage may run: written with the work, sent after the commit."""

from sqlalchemy import Connection, delete, func, select

from database.tables import outbox


def drain_outbox(connection: Connection) -> int:
    """Take all messages out; the caller sends them once this transaction has committed.

    A message that is lost afterwards costs a sweep interval, nothing else: the stage runs
    themselves are the truth.
    """
    gone = connection.execute(delete(outbox).returning(outbox.c.id)).all()
    return len(gone)


def count_outbox(connection: Connection) -> int:
    """Return how many messages wait to be sent."""
    return connection.execute(select(func.count()).select_from(outbox)).scalar() or 0
