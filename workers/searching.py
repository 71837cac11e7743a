"""Searching as people do it: narrowing down with counts, and what is near when nothing is found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from database.owners import OwnerRow, find_owner, find_owners
from documents.clock import VIETNAM
from search.errors import MalformedQueryError
from search.query import Term, parse_query
from search.search_index import (
    Facet,
    FacetValue,
    SearchIndex,
    SearchQuery,
    SearchResult,
    SortOrder,
    Validity,
)
from workers.access import demand_on
from workers.actors import Actor
from workers.retrieving import search_documents
from workers.services import Services

_FACET_VALUES = 40
_MOST_WORDS_DOUBTED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person looks for; `owner` is the key of an owner, which says nothing of the person."""

    text: str = ""
    component_type: str | None = None
    procedure: str | None = None
    issuer: str | None = None
    year: int | None = None
    owner: str | None = None
    validity: Validity | None = None
    sort: SortOrder = "relevance"
    limit: int = 20
    offset: int = 0


@dataclass(frozen=True, slots=True)
class OwnerCount:
    """An owner among what was found, and of how many documents."""

    key: str
    name: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """What would be found instead of nothing: without a filter, or without some words.

    `unknown_words` stand in no document at all. `without_words` names words, the query without
    them, and how many documents that finds; `keeps_filters` says whether with the same filters.
    """

    without_facet: Mapping[str, int]
    unknown_words: tuple[str, ...]
    without_words: tuple[tuple[str, str, int], ...]
    keeps_filters: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An answer with all that a person needs to go on from it."""

    result: SearchResult
    facets: Mapping[Facet, tuple[FacetValue, ...]]
    owners: tuple[OwnerCount, ...]
    owner_name: str | None
    near: Near | None
    today: date


def search_for_person(services: Services, wish: Wish, *, actor: Actor) -> Found:
    """Find filed documents, count by what they can be narrowed, and say what is near.

    Names of owners are counted only for those who may open every paper without saying why.

    Raises:
        MalformedQueryError: the text is too long.
        IndexUnavailableError: the index cannot be used now.
    """
    today = services.clock.now().astimezone(VIETNAM).date()
    owner = _owner_of(services, wish.owner)
    filters: dict[str, Any] = {
        "component_type": wish.component_type,
        "procedure": wish.procedure,
        "issuer": wish.issuer,
        "year": wish.year,
        "owner_id": owner.owner_id if owner else wish.owner,
        "validity": wish.validity,
        "today": today,
        "sort": wish.sort,
        "facet_values": _FACET_VALUES,
    }
    result = search_documents(
        services, wish.text, actor=actor, filters=filters, limit=wish.limit, offset=wish.offset
    )
    near = None
    if not result.total:
        query = SearchQuery(text=wish.text, limit=1, **{**filters, "facet_values": 0})
        near = _near(services.index, query)
    is_free = demand_on(actor, "other") == "nothing"
    return Found(
        result=result,
        facets={name: values for name, values in result.facets.items() if name != "owner_id"},
        owners=_owners_among(services, result.facets.get("owner_id", ())) if is_free else (),
        owner_name=owner.name if owner else None,
        near=near,
        today=today,
    )


def terms_of(text: str) -> tuple[Term, ...]:
    """Return what is looked for; none where the text cannot be used."""
    try:
        return parse_query(text)
    except MalformedQueryError:
        return ()


def _owner_of(services: Services, key: str | None) -> OwnerRow | None:
    if not key:
        return None
    with services.database.reading() as connection:
        return find_owner(connection, key)


def _owners_among(services: Services, counted: tuple[FacetValue, ...]) -> tuple[OwnerCount, ...]:
    if not counted:
        return ()
    with services.database.reading() as connection:
        known = find_owners(connection, [one.value for one in counted])
    return tuple(
        OwnerCount(known[one.value].key, known[one.value].name or "", one.count)
        for one in counted
        if one.value in known
    )


_CHOSEN = ("component_type", "procedure", "issuer", "year", "owner_id", "validity")


def _near(index: SearchIndex, query: SearchQuery) -> Near:
    """Try again with less: without one of the filters, without a word, without both."""
    without_facet = {}
    for facet in (name for name in _CHOSEN if getattr(query, name) is not None):
        freed: dict[str, Any] = {facet: None}
        total = index.search(replace(query, **freed)).total
        if total:
            without_facet[facet] = total
    words = query.text.split()
    if len(words) > _MOST_WORDS_DOUBTED:
        words = []
    bare = SearchQuery(text=query.text, limit=1)
    unknown = tuple(word for word in words if not _finds(index, replace(bare, text=word)))
    without_words = _without_words(index, query, words, unknown)
    keeps_filters = bool(without_words) or without_facet != {}
    if not keeps_filters:
        without_words = _without_words(index, bare, words, unknown)
    return Near(
        without_facet=without_facet,
        unknown_words=unknown,
        without_words=tuple(without_words),
        keeps_filters=keeps_filters,
    )


def _without_words(
    index: SearchIndex, query: SearchQuery, words: Sequence[str], unknown: Sequence[str]
) -> list[tuple[str, str, int]]:
    """Leave out what stands nowhere; where every word stands somewhere, one after the other."""
    left_out = [unknown] if unknown else [(word,) for word in words]
    found = []
    for some in left_out:
        rest = " ".join(word for word in words if word not in some)
        total = _finds(index, replace(query, text=rest)) if rest else 0
        if total:
            found.append((", ".join(some), rest, total))
    return found


def _finds(index: SearchIndex, query: SearchQuery) -> int:
    """Return how many documents have exactly these words."""
    result = index.search(query)
    return result.total if result.corrected is None else 0
