"""Dossiers that only papers name: listed until somebody opens them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.workers.filed_papers import (
    DOSSIER_HERE,
    DOSSIER_THERE,
    OFFICER,
    enter_paper,
    opened_office,
)
from workers.actors import Actor
from workers.dossiers import list_unopened, open_dossier
from workers.services import Services


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    with opened_office(tmp_path / "home") as built:
        yield built


def test_dossiers_that_only_papers_name_are_listed_for_their_area(services: Services) -> None:
    for dossier in (DOSSIER_THERE, DOSSIER_HERE, DOSSIER_HERE):
        enter_paper(services, dossier=dossier, component_type="giay_cam_doan")

    here = list_unopened(services, actor=OFFICER)
    everywhere = list_unopened(services, actor=Actor("x", "officer"))

    assert [(one.code, one.documents) for one in here] == [(DOSSIER_HERE, 2)]
    assert [one.code for one in everywhere] == [DOSSIER_HERE, DOSSIER_THERE]


def test_an_opened_dossier_is_no_longer_listed_as_unopened(services: Services) -> None:
    enter_paper(services, dossier=DOSSIER_HERE, component_type="giay_cam_doan")

    open_dossier(services, code=DOSSIER_HERE, actor=OFFICER)

    assert list_unopened(services, actor=OFFICER) == []
