"""All that the page of a document shows, gathered in one look."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from database.corrections import TagChange, list_tag_changes
from database.owners import find_owner, find_owner_id_of
from database.records import get_document
from documents.clock import VIETNAM
from documents.codes import mask_number
from search.search_index import Validity
from workers.actors import Actor
from workers.duplicates import Duplicate, duplicates_of
from workers.page_views import PageSize, page_sizes
from workers.people import names_of_people
from workers.retrieving import DocumentView, show_document
from workers.services import Services
from workers.validity import last_valid_day, validity_on


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSheet:
    """A document with what surrounds it; `owner_key` leads to its owner, if it has one."""

    view: DocumentView
    revision: int
    sizes: list[PageSize]
    owner_key: str | None
    valid_until: str | None
    validity: Validity
    duplicates: list[Duplicate]
    corrections: list[TagChange]
    people: Mapping[str, str]


def show_sheet(
    services: Services,
    document_id: str,
    *,
    actor: Actor,
    purpose: str | None = None,
    dossier: str | None = None,
) -> DocumentSheet:
    """Return all that the page of a document shows; the reading is written down.

    Raises:
        PurposeRequiredError: it is a paper of a person outside the caller's area.
    """
    view = show_document(services, document_id, actor=actor, purpose=purpose, dossier=dossier)
    with services.database.reading() as connection:
        revision = get_document(connection, document_id).revision
        owner_id = find_owner_id_of(connection, document_id)
        owner = find_owner(connection, owner_id) if owner_id else None
        corrections = [_masked(one) for one in list_tag_changes(connection, document_id)]
    values = {tag.name: tag.value for tag in view.tags}
    kind = services.component_types.get(values.get("component_type") or "")
    last_day = last_valid_day(kind, values)
    actors = [tag.decided_by for tag in view.tags]
    actors += [str(row["actor"]) for row in view.audit]
    actors += [change.changed_by for change in corrections]
    return DocumentSheet(
        view=view,
        revision=revision,
        sizes=page_sizes(services, document_id),
        owner_key=owner.key if owner else None,
        valid_until=last_day,
        validity=validity_on(last_day, services.clock.now().astimezone(VIETNAM).date()),
        duplicates=duplicates_of(services, document_id, actor=actor),
        corrections=corrections,
        people=names_of_people(services, actors),
    )


def _masked(change: TagChange) -> TagChange:
    """Return a change without the number of a person."""
    if change.name != "owner_id":
        return change
    return replace(
        change,
        old=mask_number(change.old) if change.old else None,
        new=mask_number(change.new) if change.new else None,
    )
