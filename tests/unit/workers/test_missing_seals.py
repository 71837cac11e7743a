"""A paper whose type bears a seal and shows none is told to the person who confirms it."""

from documents.catalogue import load_component_types
from documents.model import ClassifiedDocument, Tag
from workers.missing_seals import MISSING, about_seal


def tag_of(kind: str) -> tuple[Tag, ...]:
    return (Tag(name="component_type", value=kind, state="proposed"),)


def classified(*, has_seal: bool | None) -> ClassifiedDocument:
    return ClassifiedDocument(component_type=None, has_seal=has_seal)


def test_certificate_without_a_seal_is_told_and_a_stamped_one_is_not() -> None:
    tags = tag_of("giay_khai_sinh")

    without = about_seal((), classified(has_seal=False), tags)

    assert [(one.reason.code, one.severity) for one in without] == [(MISSING, "warning")]
    assert about_seal((), classified(has_seal=True), tags) == ()
    assert about_seal(without, classified(has_seal=True), tags) == ()
    assert len(about_seal(without, classified(has_seal=False), tags)) == 1


def test_nothing_is_told_where_nobody_looked_or_no_seal_is_due() -> None:
    assert about_seal((), classified(has_seal=None), tag_of("giay_khai_sinh")) == ()
    assert about_seal((), classified(has_seal=False), tag_of("to_khai")) == ()
    assert about_seal((), classified(has_seal=False), ()) == ()


def test_catalogue_asks_for_seals_of_agencies_and_not_of_citizens() -> None:
    types = load_component_types()

    assert {"giay_khai_sinh", "gpxd", "quyet_dinh", "ban_sao_chung_thuc"} <= {
        one.id for one in types.values() if one.bears_seal
    }
    assert not any(
        types[name].bears_seal
        for name in (
            "to_khai",
            "to_khai_ht",
            "don",
            "giay_de_nghi",
            "uy_quyen",
            "hop_dong",
            "cccd",
            "luat",
        )
    )
