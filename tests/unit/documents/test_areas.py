"""Areas: the agency in a dossier code of either generation, and what lies in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.areas import EVERYWHERE, area_of_dossier, covers, is_area

_GROUPS = st.lists(st.sampled_from(["01", "12", "13", "A"]), max_size=4)


@pytest.mark.parametrize(
    ("code", "area"),
    [
        ("H99.12.03-260316-0007", "H99.12.03"),
        ("H99-260316-0001", "H99"),
        ("G01.012.03-260801-051234", "G01.012.03"),
        ("000.00.12.H99-210616-0001", "H99.12"),
        ("000.00.00.H99-210616-0001", "H99"),
        ("005.07.12.H99-210616-0001", "H99.12.07.005"),
        ("000.07.00.H99-210616-0001", "H99.00.07"),
        ("không phải mã", None),
        ("", None),
        (None, None),
    ],
)
def test_area_is_the_agency_highest_level_first(code: str | None, area: str | None) -> None:
    assert area_of_dossier(code) == area


@pytest.mark.parametrize("text", ["H99", "H99.12", "G01.012.03"])
def test_agency_code_is_an_area(text: str) -> None:
    assert is_area(text)


@pytest.mark.parametrize("text", ["", "h99", "H9", "99", "H99.", "H99..1", "H99.12-260316", "Z01"])
def test_anything_else_is_none(text: str) -> None:
    assert not is_area(text)


@given(_GROUPS, _GROUPS)
def test_area_covers_itself_and_what_lies_below_and_nothing_above(
    groups: list[str], below: list[str]
) -> None:
    area, other = ".".join(["H99", *groups]), ".".join(["H99", *groups, *below])

    assert covers(area, other)
    assert covers(other, area) == (not below)
    assert covers(EVERYWHERE, other)
    assert covers(area, None)


def test_area_whose_code_merely_begins_alike_lies_outside() -> None:
    assert not covers("H99.1", "H99.12")
