"""A warning that a paper seems to be here already; it never stops anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from database.duplicates import find_duplicate_key, list_duplicates
from database.owners import find_documents_with_owner
from database.records import get_document, load_tags
from documents.identifiers import DocumentId
from documents.model import DocumentState, Tag
from documents.paper_keys import key_of_paper
from workers.access import demand_on, place_of
from workers.actors import Actor
from workers.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """A document of the same issuer, number, notation and year.

    Where `is_withheld` is true the caller could not open it without a purpose; title and dossier
    are left out then.
    """

    document_id: DocumentId
    state: DocumentState
    component_type: str | None
    number: str | None
    issued_on: str | None
    title: str | None
    dossier_code: str | None
    created_at: datetime
    is_withheld: bool


def duplicates_of(services: Services, document_id: str, *, actor: Actor) -> list[Duplicate]:
    """Return filed and waiting documents that seem to be the same paper, oldest first."""
    with services.database.reading() as connection:
        document = get_document(connection, document_id)
        key = find_duplicate_key(connection, document.id)
    return _of_key(services, key, besides=document.id, actor=actor)


def duplicates_of_tags(services: Services, tags: Sequence[Tag], *, actor: Actor) -> list[Duplicate]:
    """Return what seems to be the same paper as one of these tags, before they are saved."""
    values = {tag.name: tag.value for tag in tags}
    key = key_of_paper(
        issuer=values.get("issuer"),
        number=values.get("number"),
        issued_on=values.get("issued_on"),
    )
    return _of_key(services, key, besides=None, actor=actor)


def _of_key(
    services: Services, key: str | None, *, besides: str | None, actor: Actor
) -> list[Duplicate]:
    if key is None:
        return []
    with services.database.reading() as connection:
        ids = list_duplicates(connection, key, besides=besides)
        of_persons = find_documents_with_owner(connection, ids) if ids else set()
        found = []
        for one in ids:
            row = get_document(connection, one)
            values = {tag.name: tag.value for tag in load_tags(connection, one)}
            place = place_of(actor, row.dossier_code)
            is_outside = place == "other" and demand_on(actor, place) != "nothing"
            is_withheld = is_outside and one in of_persons
            found.append(
                Duplicate(
                    document_id=row.id,
                    state=row.state,
                    component_type=values.get("component_type"),
                    number=values.get("number"),
                    issued_on=values.get("issued_on"),
                    title=None if is_withheld else values.get("title"),
                    dossier_code=None if is_withheld else row.dossier_code,
                    created_at=row.created_at,
                    is_withheld=is_withheld,
                )
            )
    return found
