"""Making a filed document findable."""

from search.search_index import IndexedDocument, IndexWriter


def index_document(document: IndexedDocument, *, index: IndexWriter) -> None:
    """Put one document into the index; again with the same version it changes nothing.

    Raises:
        IndexUnavailableError: try again later; filing never waits for this.
    """
    index.put([document])
