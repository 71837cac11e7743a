"""Closing an account and opening it again; nothing that was done with it is forgotten."""

from database.accounts import find_account, record_disabled
from database.audit import AuditEntry, append_audit
from database.errors import UnknownSubjectError
from workers.actors import Actor
from workers.errors import OwnAccountError
from workers.services import Services


def set_closed(services: Services, name: str, *, is_closed: bool, actor: Actor) -> None:
    """Close an account, ending its sign-ins, or open it again.

    Raises:
        UnknownSubjectError: there is no account of this name.
        OwnAccountError: it is the actor's own.
    """
    if name == actor.name:
        raise OwnAccountError
    now = services.clock.now()
    with services.database.writing() as connection:
        account = find_account(connection, name)
        if account is None:
            raise UnknownSubjectError(name)
        record_disabled(connection, account.id, is_disabled=is_closed)
        entry = AuditEntry(
            actor=actor.name,
            role=actor.role,
            action="account_closed" if is_closed else "account_opened",
            subject=name,
        )
        append_audit(connection, entry, now=now)
