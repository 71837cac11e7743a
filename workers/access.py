"""Who must say why before papers of a person are opened: rules as data, applied in one place.

What the caller said lately for the same document stands, so that the pictures of a page and the
download need not ask again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from database.accounts import find_account
from database.audit import find_given_grounds
from database.batches import BatchRow, get_batch
from database.connecting import Transaction
from database.dossiers import find_dossier
from database.owners import find_documents_with_owner, find_owner_id_of
from database.records import DocumentRow
from documents.areas import EVERYWHERE, area_of_dossier, covers
from workers.actors import Actor
from workers.errors import OutsideAreaError, PurposeRequiredError
from workers.services import Services

Place = Literal["own", "other", "person"]
"""In the caller's own area or nobody's; in another area; all papers of one person."""

Demand = Literal["nothing", "purpose", "dossier_and_purpose"]

SHORTEST_PURPOSE = 10
_STANDS_MINUTES = 60
_FREE: Mapping[Place, Demand] = {"own": "nothing", "other": "nothing", "person": "nothing"}
_ASKED: Mapping[Place, Demand] = {"own": "nothing", "other": "purpose", "person": "purpose"}
_NAMED: Mapping[Place, Demand] = {
    "own": "dossier_and_purpose",
    "other": "dossier_and_purpose",
    "person": "dossier_and_purpose",
}

# docs/explanation/security.md shows this table; a test compares the two. Papers that are about
# nobody are open to every role that may read, and every reading is written down.
DEMANDS: Mapping[str, Mapping[Place, Demand]] = {
    "operator": _ASKED,
    "officer": _ASKED,
    "archivist": _FREE,
    "inspector": _FREE,
    "administrator": _ASKED,
    "dossier_system": _NAMED,
    "command_line": _FREE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """For which dossier and purpose something is opened; both are written down."""

    dossier: str | None = None
    purpose: str | None = None

    @property
    def has_purpose(self) -> bool:
        """Whether the purpose is one that others can understand."""
        return len((self.purpose or "").strip()) >= SHORTEST_PURPOSE


NO_GROUNDS = Grounds()


def place_of(actor: Actor, dossier_code: str | None) -> Place:
    """Say where what stands in a dossier lies for somebody."""
    return "own" if covers(actor.area, area_of_dossier(dossier_code)) else "other"


def demand_on(actor: Actor, place: Place) -> Demand:
    """Say what somebody must name before papers of a person are opened there.

    A caller whose area is everywhere works for the whole office: nothing is outside.
    """
    if actor.area == EVERYWHERE and place != "person":
        return "nothing"
    return DEMANDS.get(actor.role, _FREE)[place]


def check_opening(
    services: Services,
    connection: Transaction,
    document: DocumentRow,
    *,
    actor: Actor,
    grounds: Grounds = NO_GROUNDS,
) -> Grounds:
    """Let pass who may open a document now; return the grounds to be written down.

    Raises:
        PurposeRequiredError: it is a person's paper, and what must be named is missing.
    """
    demand = demand_on(actor, place_of(actor, document.dossier_code))
    if demand == "nothing" or not find_documents_with_owner(connection, [document.id]):
        return grounds
    owner_id = find_owner_id_of(connection, document.id)
    since = services.clock.now() - timedelta(minutes=_STANDS_MINUTES)
    said = find_given_grounds(connection, actor=actor.name, document=document.id, since=since)
    earlier = NO_GROUNDS if said is None else Grounds(dossier=said[0], purpose=said[1])
    for one in (grounds, earlier):
        if _is_enough(connection, actor, demand, one, owner_id):
            return one
    raise PurposeRequiredError(needs_dossier=demand == "dossier_and_purpose")


def check_person(connection: Transaction, owner_id: str, *, actor: Actor, grounds: Grounds) -> None:
    """Let pass who may look at all that is held of a person.

    A dossier of one's own area whose owner the person is stands for a purpose.

    Raises:
        PurposeRequiredError: what must be named is missing.
    """
    demand = demand_on(actor, "person")
    if demand == "nothing" or _is_enough(connection, actor, demand, grounds, owner_id):
        return
    raise PurposeRequiredError(needs_dossier=demand == "dossier_and_purpose")


def check_dossier(actor: Actor, code: str, *, has_owner: bool, grounds: Grounds) -> None:
    """Let pass who may look at a dossier.

    Raises:
        PurposeRequiredError: it is a person's, of another area, and no purpose is given.
    """
    if not has_owner or place_of(actor, code) == "own":
        return
    demand = demand_on(actor, "other")
    named = Grounds(dossier=grounds.dossier or code, purpose=grounds.purpose)
    if demand != "nothing" and not _is_met(demand, named):
        raise PurposeRequiredError(needs_dossier=False)


def check_question(actor: Actor, *, grounds: Grounds) -> None:
    """Let pass who may ask what is held of a person for a dossier.

    Whoever is bound to an area names a dossier of it, or says why in so many words.

    Raises:
        PurposeRequiredError: the dossier lies outside the area and no purpose is given.
    """
    area = area_of_dossier(grounds.dossier)
    is_own = area is not None and covers(actor.area, area)
    if actor.area == EVERYWHERE or is_own or demand_on(actor, "other") == "nothing":
        return
    if not grounds.has_purpose or area is None:
        raise PurposeRequiredError(needs_dossier=True)


def check_change(actor: Actor, dossier_code: str | None) -> None:
    """Let pass who may change what stands in a dossier.

    Raises:
        OutsideAreaError: it belongs to another area.
    """
    if not covers(actor.area, area_of_dossier(dossier_code)):
        raise OutsideAreaError


def area_of_batch(connection: Transaction, batch: BatchRow) -> str | None:
    """Return the area of a batch: that of its dossier, else that of who answers for it.

    None: no area's, as what a watched folder or an account without an area delivers.
    """
    of_dossier = area_of_dossier(batch.dossier_code)
    if of_dossier is not None:
        return of_dossier
    account = find_account(connection, batch.answerable)
    return account.area or None if account else None


def check_batch(connection: Transaction, actor: Actor, batch: BatchRow) -> None:
    """Let pass who may look at a batch or deliver into it: their own, and those of their area.

    Raises:
        OutsideAreaError: it belongs to another area.
    """
    is_own = batch.answerable == actor.name and area_of_dossier(batch.dossier_code) is None
    if not is_own and not covers(actor.area, area_of_batch(connection, batch)):
        raise OutsideAreaError


def require_batch(services: Services, batch_id: str, *, actor: Actor) -> None:
    """Let pass who may look at a batch.

    Raises:
        UnknownSubjectError: there is no such batch.
        OutsideAreaError: it belongs to another area.
    """
    with services.database.reading() as connection:
        check_batch(connection, actor, get_batch(connection, batch_id))


def _is_met(demand: Demand, grounds: Grounds) -> bool:
    return grounds.has_purpose and (demand == "purpose" or bool(grounds.dossier))


def _is_enough(
    connection: Transaction, actor: Actor, demand: Demand, grounds: Grounds, owner_id: str | None
) -> bool:
    """Say whether what was named meets the demand; one's own dossier stands for a purpose."""
    if _is_met(demand, grounds):
        return True
    is_asked = demand == "purpose"
    return is_asked and _is_own_dossier_of(connection, actor, grounds.dossier, owner_id)


def _is_own_dossier_of(
    connection: Transaction, actor: Actor, code: str | None, owner_id: str | None
) -> bool:
    """Say whether a dossier is open, lies in the caller's area and is this owner's."""
    if code is None or owner_id is None or place_of(actor, code) != "own":
        return False
    known = find_dossier(connection, code)
    return known is not None and known.owner_id == owner_id and known.closed_at is None
