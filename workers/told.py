"""What was told of a document before it was read: by its separator sheet and its batch."""

from collections.abc import Sequence

from database.batches import BatchRow
from database.connecting import Transaction
from database.page_changes import Placed
from database.pages import get_page
from documents.model import Separator, Tag
from ingest.splitting import nearest_sheet


def told_tags(separator: Separator | None, batch: BatchRow) -> tuple[Tag, ...]:
    """Return what a sheet and a batch say as tags in the state *đề xuất*, beyond doubt."""
    told = {
        "component_type": separator and separator.component_type,
        "procedure": (separator and separator.procedure) or batch.procedure,
        "owner_id": batch.owner_id,
    }
    return tuple(
        Tag(name=name, value=value, state="proposed", confidence=1.0, proposed_value=value)
        for name, value in told.items()
        if value
    )


def sheet_before(connection: Transaction, placed: Sequence[Placed]) -> Separator | None:
    """Return what the sheet before the first page with content says, as splitting takes it."""
    announced: list[Separator] = []
    for page_id, role in placed:
        if role == "content":
            break
        found = get_page(connection, page_id).separator if role == "separator" else None
        if found is not None:
            announced.append(found)
    return nearest_sheet(announced)
