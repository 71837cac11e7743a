"""Identifiers of another area, guessed or sent by a colleague: they open nothing of a person."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from database.records import get_document, load_tags
from tests.unit.web.site import Browser, Site
from tests.unit.workers.filed_papers import DOSSIER_THERE, HERE, enter_paper, opened_office

pytestmark = pytest.mark.xdist_group("web-security-areas")
NAME, OWNER, TITLE = "Phạm Văn Ngoại Địa", "099068000032", "Giấy khai sinh của Ngoại Địa"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with opened_office(tmp_path_factory.mktemp("home")) as services:
        made = Site(services)
        yield made
        made.close()


@pytest.fixture(scope="module")
def ids(site: Site) -> Mapping[str, str]:
    told: dict[str, Any] = {
        "component_type": "giay_khai_sinh",
        "owner_id": OWNER,
        "owner_name": NAME,
    }
    return {
        "filed": enter_paper(site.services, dossier=DOSSIER_THERE, title=TITLE, **told),
        "waiting": enter_paper(
            site.services,
            dossier=DOSSIER_THERE,
            state="awaiting_review",
            is_confirmed=False,
            title=TITLE,
            **told,
        ),
    }


@pytest.fixture(scope="module", params=["operator", "officer"])
def browser(site: Site, request: pytest.FixtureRequest) -> Browser:
    site.add_person(request.param, request.param, area=HERE)
    return site.browser_of(request.param)


READING = (
    "/documents/{filed}",
    "/documents/{filed}/verification",
    "/documents/{filed}/pages/1.jpg",
    "/documents/{filed}/pages/1/words.json",
    "/documents/{filed}/pages/1/lit.svg?q=ngoai",
    "/documents/{filed}/file",
    "/documents/{filed}/versions/ver_0",
    "/documents/{waiting}",
    "/review",
    "/review/{waiting}",
    "/api/v1/reviews",
    f"/dossiers/{DOSSIER_THERE}",
    f"/owners/{OWNER}",
    "/owners?q=ngoai+dia",
    "/search?q=ngoai+dia",
    "/api/v1/documents/{filed}",
    "/api/v1/documents/{filed}/text",
    "/api/v1/documents/{filed}/file",
    "/api/v1/documents/{filed}/history",
    "/api/v1/documents/{filed}/pages/1.jpg",
    "/api/v1/documents/{filed}/verification",
    "/api/v1/documents/{waiting}",
    "/api/v1/documents/{waiting}/text",
    f"/api/v1/dossiers/{DOSSIER_THERE}",
    f"/api/v1/owners/{OWNER}",
    "/api/v1/owners?q=ngoai+dia",
    "/api/v1/search?q=ngoai+dia",
)
CHANGING = (
    ("/documents/{filed}/tags", {"title": "của tôi", "reason": "thử xem sao"}),
    ("/documents/{filed}/owner/detach", {"reason": "thử xem sao"}),
    ("/review/{waiting}", {"component_type": "don"}),
    ("/review/{waiting}/discard", {"reason": "thử xem sao"}),
)


@pytest.mark.parametrize("address", READING)
def test_papers_of_a_person_elsewhere_are_told_nowhere_without_a_purpose(
    browser: Browser, ids: Mapping[str, str], address: str
) -> None:
    answer = browser.get(address.format(**ids))

    assert answer.status_code < 500
    for word in (NAME, OWNER, TITLE):
        assert word not in answer.text.replace(f'"/owners/{OWNER}', "")


@pytest.mark.parametrize(("address", "form"), CHANGING)
def test_papers_elsewhere_are_changed_by_nobody(
    site: Site, browser: Browser, ids: Mapping[str, str], address: str, form: dict[str, str]
) -> None:
    before = state_of(site, ids)

    answer = browser.post(address.format(**ids), data=form)

    assert answer.status_code in (403, 404)
    assert state_of(site, ids) == before


def state_of(site: Site, ids: Mapping[str, str]) -> list[object]:
    with site.services.database.reading() as connection:
        return [(get_document(connection, one), load_tags(connection, one)) for one in ids.values()]
