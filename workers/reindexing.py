"""The index is derived: it can be dropped and rebuilt from the catalogue at any time."""

from collections.abc import Callable

from database.records import list_documents
from search.errors import IndexUnavailableError
from workers.filing_stages import indexed_document
from workers.services import Services

_AT_ONCE = 200


def rebuild_index(
    services: Services, *, progress: Callable[[int], None] = lambda _count: None
) -> int:
    """Build a fresh index from the catalogue and swap it in; return how many documents it has."""
    count, after = 0, None
    with services.index.rebuilding() as writer:
        while True:
            with services.database.reading() as connection:
                rows = list_documents(connection, states=("filed",), limit=_AT_ONCE, after=after)
            if not rows:
                return count
            writer.put([indexed_document(services, row) for row in rows])
            count, after = count + len(rows), rows[-1].id
            progress(count)


def ensure_index(services: Services) -> None:
    """Make the index where there is none, and again where it is damaged or of an older make."""
    try:
        services.index.count()
    except IndexUnavailableError:
        rebuild_index(services)
