"""Reading the audit log: that is written down as well."""

from collections.abc import Mapping, Sequence
from typing import Any

from database.audit import AuditEntry, AuditQuery, query_audit
from workers.actors import Actor
from workers.services import Services


def read_audit(
    services: Services, query: AuditQuery, *, limit: int, actor: Actor
) -> Sequence[Mapping[str, Any]]:
    """Return the rows that fit, newest first."""
    with services.database.reading() as connection:
        rows = query_audit(connection, query, limit=limit)
    entry = AuditEntry(
        actor=actor.name,
        role=actor.role,
        action="audit_read",
        subject=query.subject,
        dossier=query.dossier,
        document=query.document,
        detail={"rows": len(rows)},
    )
    services.audit.add(entry, now=services.clock.now())
    return rows
