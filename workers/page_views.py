"""The pages of a document as they are shown: their sizes, and the words on them with places."""

from collections.abc import Sequence
from dataclasses import dataclass

from database.connecting import Transaction
from database.errors import UnknownSubjectError
from database.pages import find_reading, find_reading_size, get_page
from database.records import get_document, list_document_pages
from documents.folding import to_nfc
from documents.model import Box, PageImage, Word
from search.query import Term
from search.snippets import find_places
from workers.access import check_opening
from workers.actors import Actor
from workers.services import Services

_SIDEWAYS = (90, 270)


@dataclass(frozen=True, slots=True)
class PageSize:
    """How wide and high a page is, upright, in px of its scan."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word and where it stands on its page; `raw` is how it was read before it was corrected."""

    text: str
    box: Box
    raw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWords:
    """The words of a page in reading order; none where nothing was read."""

    size: PageSize
    words: tuple[PlacedWord, ...]


def page_sizes(services: Services, document_id: str) -> list[PageSize]:
    """Return the sizes of a document's pages, in order."""
    with services.database.reading() as connection:
        ids = _page_ids(connection, document_id)
        return [_size(connection, page_id) for page_id in ids]


def words_of_page(services: Services, document_id: str, *, page: int, actor: Actor) -> PageWords:
    """Return the words of page `page` (from 1) of a document.

    Raises:
        UnknownSubjectError: the document has fewer pages.
        PurposeRequiredError: it is a person's, outside the actor's area, and was not opened.
    """
    with services.database.reading() as connection:
        check_opening(services, connection, get_document(connection, document_id), actor=actor)
        ids = _page_ids(connection, document_id)
        if not 1 <= page <= len(ids):
            raise UnknownSubjectError(f"{document_id}/{page}")
        reading = find_reading(connection, ids[page - 1])
        size = _size(connection, ids[page - 1])
    if reading is None:
        return PageWords(size=size, words=())
    words = (word for line in reading.lines for word in line.words)
    return PageWords(size=size, words=tuple(_placed(word) for word in words))


def boxes_that_fit(page: PageWords, terms: Sequence[Term]) -> list[Box]:
    """Return the places of the words that fit what is looked for, as corrected or as read."""
    corrected = _fitting([word.text for word in page.words], terms)
    as_read = _fitting([word.raw for word in page.words], terms)
    return [word.box for place, word in enumerate(page.words) if place in corrected | as_read]


def _placed(word: Word) -> PlacedWord:
    text = to_nfc(word.text)
    return PlacedWord(text, word.box, raw=to_nfc(word.raw) or text)


def _fitting(words: Sequence[str], terms: Sequence[Term]) -> set[int]:
    """Return which of the words, counted from 0, fit what is looked for."""
    text, starts = "", []
    for word in words:
        starts.append(len(text))
        text += word + " "
    places = find_places(text, terms)
    return {
        place
        for place, (word, start) in enumerate(zip(words, starts, strict=True))
        if any(start < last and first < start + len(word) for first, last in places)
    }


def _page_ids(connection: Transaction, document_id: str) -> list[str]:
    get_document(connection, document_id)
    pages = list_document_pages(connection, document_id)
    return [page.page_id for page in pages if page.role != "separator"]


def _size(connection: Transaction, page_id: str) -> PageSize:
    read = find_reading_size(connection, page_id)
    if read is not None:
        return PageSize(*read)
    image: PageImage = get_page(connection, page_id).image
    if image.turn in _SIDEWAYS:
        return PageSize(image.height, image.width)
    return PageSize(image.width, image.height)
