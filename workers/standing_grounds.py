"""What somebody said lately stands: a purpose is asked for once, not at every look."""

from datetime import timedelta

from database.audit import find_grounds_of_look
from workers.access import NO_GROUNDS, Grounds
from workers.actors import Actor
from workers.services import Services

_STANDS_MINUTES = 60


def grounds_said_lately(services: Services, *, actor: Actor, action: str, subject: str) -> Grounds:
    """Return the grounds of an actor's last look at a dossier or owner within the hour."""
    since = services.clock.now() - timedelta(minutes=_STANDS_MINUTES)
    with services.database.reading() as connection:
        said = find_grounds_of_look(
            connection, actor=actor.name, action=action, subject=subject, since=since
        )
    return NO_GROUNDS if said is None else Grounds(dossier=said[0], purpose=said[1])
