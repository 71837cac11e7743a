"""Identifiers of another area, guessed or sent by a colleague: they open nothing of a person."""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

import pytest

from database.batches import BatchRow, NewBatch, get_batch, list_deliveries
from database.records import get_document, load_tags
from tests.unit.web.site import Browser, Site
from tests.unit.workers.filed_papers import (
    DOSSIER_HERE,
    DOSSIER_THERE,
    HERE,
    THERE,
    enter_paper,
    opened_office,
)
from workers.actors import Actor
from workers.intake import begin_batch, receipt_of, take_file

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


NEIGHBOUR, FREE = "lang.gieng", "van.phong"
# Of a dossier elsewhere, of nobody's dossier by a colleague of another area, and one's own.
FOREIGN = ("of_dossier", "of_nobody")
OWN = ("own", "own_area", "of_station", "of_office")


@pytest.fixture(scope="module")
def batches(site: Site) -> Mapping[str, tuple[str, str]]:
    """Give batch and receipt of each kind that may lie beside an operator's own."""
    for name, area in ((NEIGHBOUR, THERE), ("ban.cung.phong", HERE), (FREE, "")):
        site.add_person(name, "operator", area=area)
    neighbour = Actor(NEIGHBOUR, "operator", THERE)
    colleague = Actor("ban.cung.phong", "operator", HERE)
    station = Actor("station:quay-9", "station")
    wanted = {
        "of_dossier": (neighbour, DOSSIER_THERE),
        "of_nobody": (neighbour, None),
        "own": (Actor("nguoi.quet", "operator", HERE), None),
        "own_area": (colleague, DOSSIER_HERE),
        "of_station": (station, None),
        "of_office": (Actor(FREE, "operator"), None),
    }
    return {
        name: delivered_batch(site, actor, dossier=dossier)
        for name, (actor, dossier) in wanted.items()
    }


def delivered_batch(site: Site, actor: Actor, *, dossier: str | None) -> tuple[str, str]:
    new = NewBatch(
        station=f"{actor.name}:desk",
        batch_key=f"{actor.name}:{dossier}",
        answerable=actor.name,
        dossier_code=dossier,
    )
    batch = begin_batch(site.services, new, actor=actor)
    receipt = take_file(
        site.services,
        BytesIO(b"khong phai anh"),
        batch_id=batch.id,
        file_name="giay.jpg",
        source="giay.jpg",
        actor=actor,
    )
    return batch.id, receipt.id


@pytest.fixture(scope="module")
def scanning(site: Site) -> Browser:
    site.add_person("nguoi.quet", "operator", area=HERE)
    return site.browser_of("nguoi.quet")


LOOKING = (
    "/batches/{batch}",
    "/api/v1/batches/{batch}",
    "/api/v1/deliveries/{file}",
    "/api/v1/batches/{batch}/changes",
)
ACTING: tuple[tuple[str, dict[str, Any]], ...] = (
    ("/batches/{batch}/close", {}),
    ("/batches/{batch}/discard", {"data": {"reason": "thử xem sao"}}),
    ("/aside/{batch}/try-again", {}),
    ("/aside/{file}/try-again", {}),
    ("/aside/{file}/password", {"data": {"password": "mo-ra"}}),
    ("/api/v1/batches/{batch}/close", {}),
    ("/api/v1/batches/{batch}/files?filename=a.jpg", {"content": b"mot trang nua"}),
    ("/api/v1/batches/{batch}/discard", {"json": {"reason": "thử xem sao"}}),
    ("/desk/places/{batch}/expected", {"data": {"expected": "3"}}),
)


@pytest.mark.parametrize("kind", FOREIGN)
@pytest.mark.parametrize("address", [*LOOKING, "/batches/{batch}/events"])
def test_batch_of_another_area_is_not_shown(
    scanning: Browser, batches: Mapping[str, tuple[str, str]], address: str, kind: str
) -> None:
    batch, file = batches[kind]

    answer = scanning.get(address.format(batch=batch, file=file))

    assert answer.status_code == 403
    assert file not in answer.text


@pytest.mark.parametrize("kind", FOREIGN)
@pytest.mark.parametrize(("address", "sent"), ACTING)
def test_batch_of_another_area_takes_and_changes_nothing(
    site: Site,
    scanning: Browser,
    batches: Mapping[str, tuple[str, str]],
    address: str,
    sent: dict[str, Any],
    kind: str,
) -> None:
    batch, file = batches[kind]
    before = batch_as_it_is(site, batch)

    answer = scanning.post(address.format(batch=batch, file=file), **sent)

    assert answer.status_code == 403
    assert batch_as_it_is(site, batch) == before


@pytest.mark.parametrize("kind", OWN)
@pytest.mark.parametrize("address", LOOKING)
def test_batch_of_ones_own_area_or_of_none_is_shown(
    scanning: Browser, batches: Mapping[str, tuple[str, str]], address: str, kind: str
) -> None:
    batch, file = batches[kind]

    assert scanning.get(address.format(batch=batch, file=file)).status_code == 200


@pytest.mark.parametrize("kind", OWN)
def test_batch_of_ones_own_area_or_of_none_takes_files(
    site: Site, scanning: Browser, batches: Mapping[str, tuple[str, str]], kind: str
) -> None:
    batch, _ = batches[kind]

    answer = scanning.post(
        f"/api/v1/batches/{batch}/files?filename=b.jpg", content=f"trang sau {kind}".encode()
    )

    assert answer.status_code == 202
    assert receipt_of(site.services, answer.json()["id"]).batch_id == batch


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("/api/v1/batches", {"json": {"dossier_code": DOSSIER_THERE}}),
        (f"/api/v1/deliveries?filename=a.jpg&dossier={DOSSIER_THERE}", {"content": b"mot trang"}),
        ("/desk/open", {"json": {"batch_key": "mot-khoa-moi", "dossier_code": DOSSIER_THERE}}),
    ],
)
def test_nothing_is_delivered_for_a_dossier_of_another_area(
    scanning: Browser, address: str, sent: dict[str, Any]
) -> None:
    answer = scanning.post(address, **sent)

    assert answer.status_code == 403


def test_nothing_is_announced_for_a_batch_or_dossier_of_another_area(
    scanning: Browser, batches: Mapping[str, tuple[str, str]]
) -> None:
    for told in (
        f"dossier {encoded(DOSSIER_THERE)}",
        f"batch {encoded(batches['of_nobody'][0])}",
    ):
        headers = {
            "Tus-Resumable": "1.0.0",
            "Upload-Length": "5",
            "Upload-Metadata": f"filename {encoded('a.jpg')},{told}",
        }

        answer = scanning.post("/api/v1/uploads", headers=headers)

        assert answer.status_code == 403, answer.text


def encoded(value: str) -> str:
    return b64encode(value.encode()).decode()


def test_account_without_an_area_works_in_every_batch(
    site: Site, batches: Mapping[str, tuple[str, str]]
) -> None:
    browser = site.browser_of(FREE)

    answers = [browser.get(f"/batches/{batch}").status_code for batch, _ in batches.values()]

    assert set(answers) == {200}


def batch_as_it_is(site: Site, batch_id: str) -> tuple[BatchRow, list[object]]:
    with site.services.database.reading() as connection:
        return (
            get_batch(connection, batch_id),
            list(list_deliveries(connection, batch_id=batch_id)),
        )


def test_purpose_of_a_look_by_number_is_asked_for_once(site: Site, ids: Mapping[str, str]) -> None:
    assert ids
    site.add_person("hoi.mot.lan", "officer", area=HERE)
    browser = site.browser_of("hoi.mot.lan")
    first = browser.get(f"/owners/{OWNER}")
    assert NAME not in first.text

    said = browser.post(
        f"/owners/{OWNER}/purpose", data={"purpose": "giải quyết hồ sơ đăng ký lại khai sinh"}
    )
    after = browser.get(said.headers["Location"])

    assert after.status_code == 200
    assert NAME in after.text
