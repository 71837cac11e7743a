"""The port to the search index, and what goes in and comes out."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal, Protocol

from documents.identifiers import DocumentId
from search.errors import MalformedQueryError

SortOrder = Literal["relevance", "issued_on", "filed_at"]
"""By fit, or newest first by the date on the paper, or newest first by the time of filing."""

Validity = Literal["valid", "expired", "unknown"]
"""Of a paper on a day: valid, no longer valid, or to be looked up."""

Facet = Literal["component_type", "procedure", "issuer", "year", "owner_id", "validity"]
"""What a query can be narrowed by, with the number of documents of each value."""

FACETS: tuple[Facet, ...] = (
    "component_type",
    "procedure",
    "issuer",
    "year",
    "owner_id",
    "validity",
)
WITHOUT_END = "9999-12-31"
"""The last valid day of a paper that never expires."""

MAX_LIMIT = 200
MAX_OFFSET = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedDocument:
    """What is searchable of one filed document.

    `version` is a number of the catalogue that grows with every change of the document; a put with
    a lower or equal one changes nothing. `issued_on` is "YYYY[-MM[-DD]]". `pages` is the text of
    each page. `owner_id` is found only as a whole and is never shown. `valid_until` is the last
    valid day ("YYYY-MM-DD", `WITHOUT_END`), None where nobody can say.
    """

    id: DocumentId
    version: int
    filed_at: datetime
    component_type: str | None = None
    procedure: str | None = None
    number: str | None = None
    issued_on: str | None = None
    issuer: str | None = None
    title: str | None = None
    owner_name: str | None = None
    owner_id: str | None = None
    dossier_code: str | None = None
    source: str | None = None
    valid_until: str | None = None
    pages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """What somebody looks for.

    All words of `text` must be found, in any place, with or without their marks; "words in
    quotes" and words joined by punctuation (120/QĐ-UBND) must stand next to each other; the last
    word may be unfinished. A year also fits what was issued in it. Filters must fit exactly, the
    issuer without regard to case and marks. Without text, the filters alone decide; without both,
    everything is found. Validity is that of the day `today`, which must be given for it. With
    `facet_values` the answer counts so many values of each facet, each as if it alone had not been
    chosen yet.
    """

    text: str = ""
    component_type: str | None = None
    procedure: str | None = None
    issuer: str | None = None
    year: int | None = None
    owner_id: str | None = None
    dossier_code: str | None = None
    validity: Validity | None = None
    today: date | None = None
    sort: SortOrder = "relevance"
    limit: int = 20
    offset: int = 0
    facet_values: int = 0

    def __post_init__(self) -> None:
        if self.validity is not None and self.today is None:
            raise ValueError("validity without a day")
        if not 0 <= self.limit <= MAX_LIMIT or not 0 <= self.offset <= MAX_OFFSET:
            raise MalformedQueryError(
                vi=f"chỉ xem được tối đa {MAX_LIMIT} kết quả mỗi trang, đến kết quả {MAX_OFFSET}. "
                "Thêm từ hoặc bộ lọc để thu hẹp.",
                en=f"at most {MAX_LIMIT} results a page, up to result {MAX_OFFSET}. "
                "Add words or filters to narrow it down.",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """One document that was found.

    `page` counts from 1 and is the page that fits best, None where only the description (number,
    title, names) does. `snippet` is NFC text of that page with personal numbers masked, and
    `marked` the ranges (start, end) in it that fit the query. A higher `score` fits better.
    `is_withheld` is true where title, names and text are not told to this caller.
    """

    id: DocumentId
    score: float
    component_type: str | None
    procedure: str | None
    number: str | None
    issued_on: str | None
    issuer: str | None
    title: str | None
    owner_name: str | None
    dossier_code: str | None
    source: str | None
    filed_at: datetime
    page: int | None
    snippet: str
    marked: tuple[tuple[int, int], ...]
    valid_until: str | None = None
    is_withheld: bool = False

    def withheld(self) -> "SearchHit":
        """Return the hit without title, names and text: that there is such a paper, and where."""
        return replace(
            self,
            title=None,
            owner_name=None,
            source=None,
            page=None,
            snippet="",
            marked=(),
            is_withheld=True,
        )


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value that a query can be narrowed to, and how many documents it would leave."""

    value: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """The answer to a query.

    `total` counts all that fits; where `is_total_exact` is false there are more than that.
    `corrected` is the text that was searched for instead, because nothing fitted the one given.
    `facets` are there if they were asked for, the most frequent values first (years: the latest);
    of very many documents the newest are counted.
    """

    hits: tuple[SearchHit, ...]
    total: int
    is_total_exact: bool = True
    corrected: str | None = None
    facets: Mapping[Facet, tuple[FacetValue, ...]] = field(default_factory=dict)


class IndexWriter(Protocol):
    """Takes documents in."""

    def put(self, documents: Sequence[IndexedDocument]) -> None: ...


class SearchIndex(IndexWriter, Protocol):
    """Finds documents; derived from the catalogue, so it can be dropped and rebuilt at any time.

    Guarantees that the contract tests check for every back end:

    - a document is found as soon as `put` or `remove` has returned, by any process;
    - of two versions the higher one stays, in whatever order they come, also after `remove`;
    - words without marks find words with them; what has the same marks comes first;
    - nothing that a person types raises anything but `MalformedQueryError`;
    - where nothing fits, words one letter away are tried, and the answer says so;
    - narrowing to a value of a facet leaves as many documents as the facet said;
    - `rebuilding` yields a writer to a fresh index, which takes the place of the old one when the
      block ends without an error; readers go on meanwhile, and what others put or remove during
      the block is in the fresh index too;
    - an index that is missing or damaged raises `IndexUnavailableError`, and `rebuilding` and
      `clear` make a whole one.
    """

    def remove(self, document_id: DocumentId) -> None: ...

    def search(self, query: SearchQuery) -> SearchResult: ...

    def count(self) -> int: ...

    def rebuilding(self) -> AbstractContextManager[IndexWriter]: ...

    def clear(self) -> None: ...
