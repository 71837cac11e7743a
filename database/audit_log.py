"""Audit rows that are no part of another change: what was read, asked and searched."""

import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from database.audit import AuditEntry, append_facts, facts_of
from database.connecting import Database
from database.locks import lock_audit_chain


@dataclass(slots=True, eq=False)
class _Waiting:
    """A row on its way to the disk."""

    facts: dict[str, Any]
    is_settled: bool = False
    failure: BaseException | None = None


class AuditLog:
    """Writes rows down; those that wait at the same time share one transaction.

    Whoever comes while nobody writes, writes for all that wait then; the others wait for that
    commit. Nobody goes on before their row is on the disk, and a failure reaches everybody whose
    row was not written. It has no thread, so there is nothing to end.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._changed = threading.Condition()
        self._waiting: list[_Waiting] = []
        self._is_busy = False

    @property
    def waiting(self) -> int:
        """How many rows wait for a transaction now."""
        with self._changed:
            return len(self._waiting)

    def add(self, entry: AuditEntry, *, now: datetime) -> None:
        """Append a row and return when it is durable; never inside a writing transaction.

        Raises:
            CatalogueUnavailableError: it could not be written; what it tells of must not be shown.
        """
        own = _Waiting(facts_of(entry, now=now))
        if self._is_writer(own):
            try:
                self._write_waiting()
            finally:
                with self._changed:
                    self._is_busy = False
                    self._changed.notify_all()
        if own.failure is not None:
            raise own.failure

    def _is_writer(self, own: _Waiting) -> bool:
        """Wait until the row has been written, or until it is this caller's turn to write."""
        with self._changed:
            self._waiting.append(own)
            self._changed.wait_for(lambda: own.is_settled or not self._is_busy)
            if own.is_settled:
                return False
            self._is_busy = True
            return True

    def _write_waiting(self) -> None:
        group: list[_Waiting] = []
        try:
            with self._database.claiming() as connection:
                lock_audit_chain(connection)
                # Only now: who came while the catalogue was busy is among them.
                group = self._take_waiting()
                append_facts(connection, [one.facts for one in group])
        except BaseException as error:
            for one in group or self._take_waiting():
                one.failure = error
                one.is_settled = True
            raise
        for one in group:
            one.is_settled = True

    def _take_waiting(self) -> list[_Waiting]:
        with self._changed:
            taken, self._waiting = self._waiting, []
        return taken
