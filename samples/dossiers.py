"""The three dossiers: which papers they hold and how each page went through the scanner."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from samples import papers_birth, papers_house, papers_shop
from samples.pages import Page
from samples.people import BUILDER, CHILD, FATHER, MOTHER, SHOPKEEPER, WIDOW, Person
from samples.scanning import Scan

Compose = Callable[[Page], None]
Packing = Literal["jpeg", "tiff"]
_WARD = "Ủy ban nhân dân phường Thí Nghiệm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of a sheet; without `compose` it is a blank back."""

    compose: Compose | None
    scan: Scan = field(default_factory=Scan)
    by_hand: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One document; `separator_type` and `separator_pages` are what its separator sheet says."""

    component_type: str
    sides: tuple[Side, ...]
    number: str | None = None
    issued_on: str | None = None
    issuer: str | None = None
    owner: Person | None = None
    separator_type: str = ""
    separator_pages: str = ""
    is_signed_pdf: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """One delivery of a station; `seed` makes its pages the same every time."""

    folder: str
    station: str
    code: str
    procedure: str
    packing: Packing
    seed: int
    confirm: bool
    papers: tuple[Paper, ...]


def all_dossiers() -> tuple[Dossier, ...]:
    """Return the three dossiers in the order of their folders."""
    return (_birth(), _house(), _shop())


def _birth() -> Dossier:
    return Dossier(
        folder="1-khai-sinh",
        station="quay-01",
        code=papers_birth.DOSSIER,
        procedure=papers_birth.PROCEDURE,
        packing="jpeg",
        seed=101,
        confirm=True,
        papers=(
            Paper(
                component_type="giay_tiep_nhan",
                sides=(Side(compose=papers_birth.acceptance_slip),),
                number="07/TTPVHCC",
                issued_on="2026-03-16",
                issuer="Trung tâm Phục vụ hành chính công phường Thí Nghiệm",
                owner=FATHER,
                separator_type="giay_tiep_nhan",
                separator_pages="1",
            ),
            Paper(
                component_type="to_khai_ht",
                sides=(
                    Side(compose=papers_birth.birth_declaration, by_hand=True),
                    Side(compose=None, scan=Scan(skew=-0.2, quality=45)),
                ),
                issued_on="2026-03-16",
                owner=FATHER,
                separator_type="to_khai_ht",
            ),
            Paper(
                component_type="giay_chung_sinh",
                sides=(Side(compose=papers_birth.hospital_certificate, scan=Scan(skew=-0.5)),),
                number="0123/GCS",
                issued_on="2026-03-12",
                issuer="Bệnh viện Đa khoa Thí Nghiệm",
                owner=MOTHER,
                separator_type="giay_chung_sinh",
                separator_pages="1",
            ),
            Paper(
                component_type="gcn_ket_hon",
                sides=(Side(compose=papers_birth.marriage_certificate),),
                number="21/2022",
                issued_on="2022-02-14",
                issuer=_WARD,
                owner=MOTHER,
                separator_pages="1",
            ),
            Paper(
                component_type="giay_khai_sinh",
                sides=(
                    Side(
                        compose=papers_birth.birth_certificate,
                        scan=Scan(dpi=300, skew=0.4, quality=48),
                    ),
                ),
                number="15/2026",
                issued_on="2026-03-16",
                issuer=_WARD,
                owner=CHILD,
                separator_pages="1",
            ),
        ),
    )


def _house() -> Dossier:
    return Dossier(
        folder="2-giay-phep-xay-dung",
        station="quay-02",
        code=papers_house.DOSSIER,
        procedure=papers_house.PROCEDURE,
        packing="tiff",
        seed=202,
        confirm=True,
        papers=(
            Paper(
                component_type="don_gpxd",
                sides=(
                    Side(compose=papers_house.application_front),
                    Side(compose=papers_house.application_back, scan=Scan(skew=0.6)),
                ),
                issued_on="2026-04-03",
                owner=BUILDER,
                separator_type="don_gpxd",
                separator_pages="2",
            ),
            Paper(
                component_type="cong_van",
                sides=(Side(compose=papers_house.enquiry, scan=Scan(skew=3.1)),),
                number="126/UBND-KTHTĐT",
                issued_on="2026-04-08",
                issuer=_WARD,
                owner=BUILDER,
                separator_pages="1",
            ),
            Paper(
                component_type="gpxd",
                sides=(Side(compose=papers_house.building_permit, scan=Scan(skew=-0.3)),),
                number="09/GPXD",
                issued_on="2026-04-17",
                issuer=_WARD,
                owner=BUILDER,
                separator_type="gpxd",
                separator_pages="1",
            ),
            Paper(
                component_type="quyet_dinh",
                sides=(Side(compose=papers_house.signed_decision),),
                number="215/QĐ-UBND",
                issued_on="2026-03-02",
                issuer="Ủy ban nhân dân tỉnh Mẫu",
                is_signed_pdf=True,
            ),
        ),
    )


def _shop() -> Dossier:
    return Dossier(
        folder="3-ho-kinh-doanh",
        station="quay-01",
        code=papers_shop.DOSSIER,
        procedure=papers_shop.PROCEDURE,
        packing="jpeg",
        seed=303,
        confirm=False,
        papers=(
            Paper(
                component_type="don",
                sides=(Side(compose=papers_shop.request),),
                issued_on="2026-05-11",
                owner=WIDOW,
            ),
            Paper(
                component_type="gcn_dkhkd",
                sides=(Side(compose=papers_shop.business_certificate, scan=Scan(turn=180)),),
                number=SHOPKEEPER.id,
                issued_on="2025-09-15",
                issuer="Phòng Kinh tế, Hạ tầng và Đô thị phường Thí Nghiệm",
                owner=SHOPKEEPER,
            ),
            Paper(
                component_type="trich_luc_ho_tich",
                sides=(Side(compose=papers_shop.death_extract, scan=Scan(skew=-0.7)),),
                number="31/TLKT",
                issued_on="2026-04-22",
                issuer=_WARD,
                owner=SHOPKEEPER,
            ),
            Paper(
                component_type="ct07",
                sides=(Side(compose=papers_shop.residence_confirmation),),
                number="204/XN",
                issued_on="2026-05-08",
                issuer="Công an phường Thí Nghiệm",
                owner=WIDOW,
            ),
            Paper(
                component_type="quyet_dinh",
                sides=(
                    Side(compose=papers_shop.decision_first, scan=Scan(skew=-0.4)),
                    Side(compose=papers_shop.decision_second, scan=Scan(skew=0.2)),
                ),
                number="57/QĐ-UBND",
                issued_on="2026-04-29",
                issuer=_WARD,
                owner=SHOPKEEPER,
            ),
        ),
    )
