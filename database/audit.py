"""The audit log: append-only, each row chained to the one before by its hash."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from database.connecting import Database, do_at_end
from database.locks import lock_audit_chain
from database.tables import audit

GENESIS = "0" * 64
_LAST_LINK = select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Who did or read what, in which role, for which dossier and purpose (design: reads too)."""

    actor: str
    role: str
    action: str
    subject: str | None = None
    dossier: str | None = None
    purpose: str | None = None
    document: str | None = None
    digest: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


def append_audit(connection: Connection, entry: AuditEntry, *, now: datetime) -> None:
    """Append one row inside the caller's transaction; `AuditLog.add` is for rows that stand alone.

    The chain has one writer at a time. Where several transactions write at once the row gets its
    place at their end, so that they wait for each other no longer than a commit takes.
    """
    append_facts(connection, [facts_of(entry, now=now)])


def facts_of(entry: AuditEntry, *, now: datetime) -> dict[str, Any]:
    """Return what a row says, before it has its place in the chain."""
    return {
        "at": now.astimezone(UTC),
        "actor": entry.actor,
        "role": entry.role,
        "action": entry.action,
        "subject": entry.subject,
        "dossier": entry.dossier,
        "purpose": entry.purpose,
        "document": entry.document,
        "digest": entry.digest,
        "detail": json.dumps(entry.detail, ensure_ascii=False, sort_keys=True),
    }


def append_facts(connection: Connection, all_facts: Sequence[Mapping[str, Any]]) -> None:
    """Append rows in this order inside the caller's transaction."""
    if connection.dialect.name == "sqlite":  # nobody else writes now
        _append(connection, all_facts)
    else:
        do_at_end(connection, lambda: _append(connection, all_facts))


def _append(connection: Connection, all_facts: Sequence[Mapping[str, Any]]) -> None:
    lock_audit_chain(connection)
    last = connection.execute(_LAST_LINK).first()
    seq, previous = (last.seq, last.hash) if last else (0, GENESIS)
    rows = []
    for facts in all_facts:
        seq += 1
        values = {**facts, "seq": seq, "previous_hash": previous}
        previous = _hash_of(values)
        rows.append({**values, "hash": previous})
    connection.execute(insert(audit), rows)


def find_broken_link(database: Database) -> int | None:
    """Return the first row whose hash or place in the chain is wrong; None when all is whole."""
    previous, expected = GENESIS, 1
    with database.reading() as connection:
        for row in connection.execute(select(audit).order_by(audit.c.seq)).mappings():
            values = {key: row[key] for key in row if key != "hash"}
            is_next = row["seq"] == expected and row["previous_hash"] == previous
            if not is_next or row["hash"] != _hash_of(values):
                return int(row["seq"])
            previous, expected = row["hash"], expected + 1
    return None


def list_audit(
    database: Database, *, document: str | None = None, limit: int = 200
) -> Sequence[Mapping[str, Any]]:
    """Return the newest rows first, of one document or of all."""
    query = select(audit).order_by(audit.c.seq.desc()).limit(limit)
    if document is not None:
        query = query.where(audit.c.document == document)
    with database.reading() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def list_audit_of_dossier(
    connection: Connection, dossier: str, *, limit: int
) -> list[Mapping[str, Any]]:
    """Return the newest rows of a dossier first."""
    query = select(audit).where(audit.c.dossier == dossier).order_by(audit.c.seq.desc())
    return [dict(row) for row in connection.execute(query.limit(limit)).mappings()]


def find_given_grounds(
    connection: Connection, *, actor: str, document: str, since: datetime
) -> tuple[str | None, str | None] | None:
    """Return for which dossier and purpose somebody last opened a document since a moment."""
    row = connection.execute(
        select(audit.c.dossier, audit.c.purpose)
        .where(
            audit.c.document == document,
            audit.c.actor == actor,
            audit.c.action == "document_shown",
            audit.c.at >= since,
        )
        .order_by(audit.c.seq.desc())
        .limit(1)
    ).first()
    return None if row is None else (row.dossier, row.purpose)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditQuery:
    """What rows must be equal to; `before` is a sequence number, `until` the first moment after."""

    actor: str | None = None
    action: str | None = None
    subject: str | None = None
    document: str | None = None
    dossier: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


def query_audit(
    connection: Connection, wanted: AuditQuery, *, limit: int
) -> Sequence[Mapping[str, Any]]:
    """Return the rows that fit, newest first."""
    query = select(audit).order_by(audit.c.seq.desc()).limit(limit)
    for name in ("actor", "action", "subject", "document", "dossier"):
        value = getattr(wanted, name)
        if value is not None:
            query = query.where(audit.c[name] == value)
    if wanted.since is not None:
        query = query.where(audit.c.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(audit.c.at < wanted.until)
    if wanted.before is not None:
        query = query.where(audit.c.seq < wanted.before)
    return [dict(row) for row in connection.execute(query).mappings()]


def find_grounds_of_look(
    connection: Connection, *, actor: str, action: str, subject: str, since: datetime
) -> tuple[str | None, str | None] | None:
    """Return for which dossier and purpose somebody last looked at something since a moment."""
    row = connection.execute(
        select(audit.c.dossier, audit.c.purpose)
        .where(
            audit.c.actor == actor,
            audit.c.action == action,
            audit.c.subject == subject,
            audit.c.at >= since,
        )
        .order_by(audit.c.seq.desc())
        .limit(1)
    ).first()
    return None if row is None else (row.dossier, row.purpose)


def _hash_of(values: Mapping[str, Any]) -> str:
    """SHA-256 over a zero byte and the canonical JSON of the row (RFC 6962's leaf prefix)."""
    canonical = json.dumps(
        {**values, "at": values["at"].isoformat(timespec="microseconds")},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(b"\x00" + canonical.encode()).hexdigest()
