"""The index is derived: it can be dropped and rebuilt from the catalogue at any time."""

from collections.abc import Callable
from contextlib import suppress

from database.records import list_documents
from search.errors import IndexUnavailableError, IndexUnreachableError
from search.search_index import IndexWriter, SearchIndex
from workers.filing_stages import indexed_document
from workers.services import Services

_AT_ONCE = 200


def rebuild_index(
    services: Services, *, progress: Callable[[int], None] = lambda _count: None
) -> int:
    """Build a fresh index from the catalogue and swap it in; return how many documents it has."""
    with services.index.rebuilding() as writer:
        return _fill(services, writer, progress)


def _fill(services: Services, writer: IndexWriter, progress: Callable[[int], None]) -> int:
    count, after = 0, None
    while True:
        with services.database.reading() as connection:
            rows = list_documents(connection, states=("filed",), limit=_AT_ONCE, after=after)
        if not rows:
            return count
        writer.put([indexed_document(services, row) for row in rows])
        count, after = count + len(rows), rows[-1].id
        progress(count)


def ensure_index(services: Services) -> None:
    """Make the index where there is none, and again where it is damaged or of an older make.

    A server that does not answer is no reason to wait: nothing but searching needs it.
    """
    try:
        services.index.count()
    except IndexUnreachableError:
        return
    except IndexUnavailableError:
        with suppress(IndexUnreachableError, _IndexThereError):
            _make_index(services)


class _IndexThereError(Exception):
    """Somebody else made the index while we waited for our turn."""


def _make_index(services: Services) -> None:
    with services.index.rebuilding() as writer:
        _leave_if_there(services.index)
        _fill(services, writer, lambda _count: None)


def _leave_if_there(index: SearchIndex) -> None:
    with suppress(IndexUnavailableError):
        index.count()
        raise _IndexThereError
