"""What every back end of the search index promises of narrowing down: counts that come true."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from documents.identifiers import DocumentId
from search.search_index import (
    FACETS,
    WITHOUT_END,
    Facet,
    IndexedDocument,
    SearchIndex,
    SearchQuery,
    SearchResult,
)
from tests.contract.backends import INDEXES

FILED_AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)


@pytest.fixture(params=INDEXES)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> SearchIndex:
    made = INDEXES[request.param](tmp_path / "index")
    made.clear()
    return made


def make_document(name: str, text: str = "đường", **fields: str) -> IndexedDocument:
    document = IndexedDocument(id=DocumentId(name), version=1, filed_at=FILED_AT, pages=(text,))
    return replace(document, **fields)  # type: ignore[arg-type]  # names are those of the class


def asked(index: SearchIndex, text: str = "", **filters: Any) -> SearchResult:
    return index.search(SearchQuery(text=text, today=TODAY, facet_values=20, **filters))


def counts(result: SearchResult, facet: Facet) -> dict[str, int]:
    return {one.value: one.count for one in result.facets[facet]}


def test_facets_are_counted_only_when_asked_for(index: SearchIndex) -> None:
    index.put([make_document("a", component_type="gpxd")])

    assert index.search(SearchQuery(text="duong")).facets == {}


def test_each_value_is_counted_among_what_fits(index: SearchIndex) -> None:
    index.put(
        [
            make_document("a", component_type="gpxd", issued_on="2025-03", procedure="1.004884"),
            make_document("b", component_type="gpxd", issued_on="2026", owner_id="027190001234"),
            make_document("c", component_type="quyet_dinh", issued_on="2026-01-02"),
            make_document("d", "chuyện khác", component_type="quyet_dinh"),
        ]
    )

    result = asked(index, "duong")

    assert counts(result, "component_type") == {"gpxd": 2, "quyet_dinh": 1}
    assert list(counts(result, "year").items()) == [("2026", 2), ("2025", 1)]
    assert counts(result, "procedure") == {"1.004884": 1}
    assert counts(result, "owner_id") == {"027190001234": 1}


def test_offices_that_differ_in_case_and_marks_are_one(index: SearchIndex) -> None:
    index.put(
        [
            make_document("a", issuer="UBND phường Võ Cường"),
            make_document("b", issuer="UBND phường Võ Cường"),
            make_document("c", issuer="UBND PHƯỜNG VÕ CƯỜNG"),
        ]
    )

    assert counts(asked(index), "issuer") == {"UBND phường Võ Cường": 3}


def test_a_chosen_value_does_not_hide_the_others_of_its_facet(index: SearchIndex) -> None:
    index.put(
        [
            make_document("a", component_type="gpxd", issued_on="2025"),
            make_document("b", component_type="quyet_dinh", issued_on="2026"),
        ]
    )

    result = asked(index, component_type="gpxd")

    assert result.total == 1
    assert counts(result, "component_type") == {"gpxd": 1, "quyet_dinh": 1}
    assert counts(result, "year") == {"2025": 1}


@pytest.mark.parametrize(
    ("last_day", "expected"),
    [
        (None, "unknown"),
        (WITHOUT_END, "valid"),
        ("2027-01-01", "valid"),
        ("2026-12-01", "valid"),
        ("2026-11-25", "valid"),
        ("2026-11-24", "valid"),
        ("2026-11-23", "expired"),
        ("2026-10-31", "expired"),
        ("2025-12-31", "expired"),
        ("1999-01-01", "expired"),
    ],
)
def test_a_paper_is_valid_through_its_last_day(
    index: SearchIndex, last_day: str | None, expected: str
) -> None:
    index.put([replace(make_document("a"), valid_until=last_day)])

    found = [
        validity
        for validity in ("valid", "expired", "unknown")
        if asked(index, "duong", validity=validity).total
    ]

    assert found == [expected]
    assert counts(asked(index), "validity") == {expected: 1}


def test_a_query_that_was_corrected_counts_what_it_found(index: SearchIndex) -> None:
    index.put([make_document("a", "Nguyễn Văn Thảo", component_type="gpxd"), make_document("b")])

    result = asked(index, "nguyenn thao")

    assert result.corrected == "nguyen thao"
    assert counts(result, "component_type") == {"gpxd": 1}


def test_a_removed_document_and_an_older_version_are_not_counted(index: SearchIndex) -> None:
    index.put([make_document("a", component_type="gpxd"), make_document("b", issued_on="2020")])

    index.put([replace(make_document("a", component_type="quyet_dinh"), version=2)])
    index.remove(DocumentId("b"))

    assert counts(asked(index), "component_type") == {"quyet_dinh": 1}
    assert counts(asked(index), "year") == {}


def test_no_more_values_than_asked_for_and_the_most_frequent_first(index: SearchIndex) -> None:
    index.put([make_document(f"d{n}", component_type=f"t{n % 4}") for n in range(10)])

    result = index.search(SearchQuery(facet_values=2))

    assert list(counts(result, "component_type").items()) == [("t0", 3), ("t1", 3)]
    assert "validity" not in result.facets


def test_validity_needs_a_day() -> None:
    with pytest.raises(ValueError, match="day"):
        SearchQuery(validity="valid")


_days = st.sampled_from([None, WITHOUT_END, "2026-11-23", "2026-11-24", "2024-02-29"])
_maybe = st.one_of(st.none(), st.sampled_from(["một", "hai", "MOT"]))


@settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {
                "component_type": _maybe,
                "procedure": _maybe,
                "issuer": _maybe,
                "issued_on": st.sampled_from([None, "2025", "2026-03-01"]),
                "owner_id": _maybe,
                "valid_until": _days,
            }
        ),
        min_size=1,
        max_size=8,
    )
)
def test_narrowing_to_a_value_leaves_as_many_as_were_counted(
    index: SearchIndex, rows: list[dict[str, Any]]
) -> None:
    index.clear()
    index.put([replace(make_document(f"d{n}"), **row) for n, row in enumerate(rows)])

    facets = asked(index, "duong").facets

    for facet in FACETS:
        for one in facets[facet]:
            wanted: Any = int(one.value) if facet == "year" else one.value
            assert asked(index, "duong", **{facet: wanted}).total == one.count
