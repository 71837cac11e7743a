"""Dossiers, owners and corrections over the API: own and foreign area, every role."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import httpx
import pytest

from database.accounts import ROLES, Role
from tests.unit.web.site import Browser, Client, Site
from tests.unit.workers.filed_papers import (
    DOSSIER_HERE,
    DOSSIER_THERE,
    HERE,
    OWNER,
    WHY,
    enter_paper,
    opened_office,
)
from workers.reindexing import rebuild_index

pytestmark = pytest.mark.xdist_group("web-dossiers")
API = "/api/v1"
ISSUER, NUMBER, DAY = "UBND phường Thí Nghiệm", "120/QĐ-UBND", "2026-03-16"
NAME = "Nguyễn Thị Đường"
TOLD = {"component_type": "giay_khai_sinh", "issuer": ISSUER, "number": NUMBER, "issued_on": DAY}


@dataclass(frozen=True)
class Papers:
    """A person's paper in the area, one outside of it, and one that is about nobody."""

    here: str
    there: str
    impersonal: str


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with opened_office(tmp_path_factory.mktemp("home")) as services:
        made = Site(services)
        yield made
        made.close()


@pytest.fixture(scope="module")
def papers(site: Site) -> Papers:
    person = {"owner_id": OWNER, "owner_name": NAME, **TOLD}
    here, there = (
        enter_paper(site.services, dossier=code, **person)  # type: ignore[arg-type]  # tags by their names
        for code in (DOSSIER_HERE, DOSSIER_THERE)
    )
    impersonal = enter_paper(
        site.services, dossier=DOSSIER_THERE, component_type="quyet_dinh", title="Sửa đường"
    )
    return Papers(here, there, impersonal)


@pytest.fixture(scope="module")
def browsers(site: Site) -> Mapping[Role, Browser]:
    """Give a browser of each role whose account is bound to an area."""
    found: dict[Role, Browser] = {}
    for role in ROLES:
        site.add_person(f"{role}1", role, area=HERE)
        found[role] = site.browser_of(f"{role}1")
    return found


def told(answer: httpx.Response) -> tuple[int, str | None]:
    """Return status and code; no code where it was answered."""
    return answer.status_code, answer.json()["code"] if answer.status_code >= 400 else None


OK, REFUSED = (200, None), (403, "forbidden")
PURPOSE, OUTSIDE = (403, "purpose_required"), (403, "outside_area")
READS_HERE: Mapping[Role, tuple[int, str | None]] = {
    "operator": OK,
    "officer": OK,
    "archivist": OK,
    "inspector": OK,
    "administrator": REFUSED,
    "dossier_system": PURPOSE,
}
READS_THERE = {**READS_HERE, "operator": PURPOSE, "officer": PURPOSE}
ANY_DOSSIER = {**READS_HERE, "dossier_system": OK}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("place", ["here", "there"])
@pytest.mark.parametrize("way", ["", "/text", "/history", "/pages/1.jpg", "/file", "/verification"])
def test_persons_paper_opens_in_the_area_and_elsewhere_for_a_purpose(
    browsers: Mapping[Role, Browser], papers: Papers, role: Role, place: str, way: str
) -> None:
    expected = (READS_HERE if place == "here" else READS_THERE)[role]
    if way == "/history" and role == "dossier_system":
        expected = REFUSED

    answer = browsers[role].get(f"{API}/documents/{getattr(papers, place)}{way}")

    if expected != OK:
        assert told(answer) == expected
    elif way in ("", "/text", "/history"):
        assert answer.status_code == 200
    else:
        # The bytes of these papers were never made: who may open them gets past the rules.
        assert answer.status_code not in (401, 403)


@pytest.mark.parametrize("role", ["operator", "officer", "dossier_system"])
def test_purpose_opens_what_lies_outside(site: Site, papers: Papers, role: Role) -> None:
    name = f"{role}.hỏi"
    site.add_person(name, role, area=HERE)
    browser = site.browser_of(name)
    address = f"{API}/documents/{papers.there}"
    given = {"purpose": WHY, "dossier": DOSSIER_HERE}

    before = browser.get(address)
    opened = browser.get(address, params=given)
    after = browser.get(f"{address}/text")

    assert told(before) == PURPOSE
    assert (opened.status_code, after.status_code) == (200, 200)


@pytest.mark.parametrize("role", ROLES)
def test_paper_that_is_about_nobody_opens_everywhere(
    browsers: Mapping[Role, Browser], papers: Papers, role: Role
) -> None:
    answer = browsers[role].get(f"{API}/documents/{papers.impersonal}")

    assert told(answer) == (REFUSED if role == "administrator" else OK)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("code", [DOSSIER_HERE, DOSSIER_THERE])
def test_dossier_is_shown_in_the_area_and_elsewhere_for_a_purpose(
    browsers: Mapping[Role, Browser], papers: Papers, role: Role, code: str
) -> None:
    assert papers
    is_asked = code == DOSSIER_THERE and role in ("operator", "officer", "dossier_system")

    answer = browsers[role].get(f"{API}/dossiers/{code}")
    for_a_purpose = browsers[role].get(f"{API}/dossiers/{code}", params={"purpose": WHY})

    assert told(answer) == (PURPOSE if is_asked else ANY_DOSSIER[role])
    assert told(for_a_purpose) == ANY_DOSSIER[role]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("place", [HERE, "H99.13"])
def test_dossier_is_opened_and_closed_in_its_own_area_alone(
    browsers: Mapping[Role, Browser], role: Role, place: str
) -> None:
    code = f"{place}.05-260316-{ROLES.index(role) + 1:04d}"
    may_open = role not in ("inspector", "administrator")
    may_close = role in ("officer", "archivist", "dossier_system")
    allowed = OK if place == HERE else OUTSIDE

    opened = browsers[role].post(f"{API}/dossiers", json={"code": code})
    closed = browsers[role].post(f"{API}/dossiers/{code}/close", json={"result": "issued"})

    assert told(opened) == (allowed if may_open else REFUSED)
    assert told(closed) == (allowed if may_close else REFUSED)


@pytest.mark.parametrize("role", ROLES)
def test_all_papers_of_a_person_need_purpose_or_dossier(
    browsers: Mapping[Role, Browser], papers: Papers, role: Role
) -> None:
    assert papers
    free = {"archivist": OK, "inspector": OK, "administrator": REFUSED}

    silent = browsers[role].get(f"{API}/owners/{OWNER}")
    speaking = browsers[role].get(
        f"{API}/owners/{OWNER}", params={"purpose": WHY, "dossier": DOSSIER_HERE}
    )

    assert told(silent) == free.get(role, PURPOSE)
    assert told(speaking) == (REFUSED if role == "administrator" else OK)
    assert OWNER not in speaking.text


@pytest.mark.parametrize("role", ROLES)
def test_owner_is_found_by_people_who_read(
    browsers: Mapping[Role, Browser], papers: Papers, role: Role
) -> None:
    assert papers
    may_search = role not in ("administrator", "dossier_system")

    answer = browsers[role].get(f"{API}/owners", params={"q": "nguyen duong"})

    assert told(answer) == (OK if may_search else REFUSED)
    if may_search:
        (found,) = answer.json()["items"]
        assert (found["owner"], found["name"], found["documents"]) == ("0990••••0012", NAME, 2)
        assert OWNER not in answer.text


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("change", ["corrections", "detach-owner"])
def test_correcting_is_for_officer_and_archivist_in_their_area(
    site: Site, browsers: Mapping[Role, Browser], papers: Papers, role: Role, change: str
) -> None:
    paper = enter_paper(
        site.services, dossier=DOSSIER_HERE, component_type="don", owner_id="099068000032"
    )
    body = {"reason": "nhập nhầm"} | ({"component_type": "don"} if change == "corrections" else {})
    may = role in ("officer", "archivist")

    here = browsers[role].post(f"{API}/documents/{paper}/{change}", json=body)
    there = browsers[role].post(f"{API}/documents/{papers.there}/{change}", json=body)

    assert told(here) == (OK if may else REFUSED)
    assert told(there) == (OUTSIDE if may else REFUSED)


@pytest.mark.parametrize("role", ROLES)
def test_duplicate_elsewhere_is_named_without_title_to_who_would_need_a_purpose(
    browsers: Mapping[Role, Browser], papers: Papers, role: Role
) -> None:
    answer = browsers[role].get(f"{API}/documents/{papers.here}/duplicates")

    assert told(answer) == ANY_DOSSIER[role]
    if role != "administrator":
        found = {one["document"]: one for one in answer.json()["items"]}
        is_withheld = role in ("operator", "officer", "dossier_system")
        assert found[papers.there]["withheld"] == is_withheld
        assert (found[papers.there]["dossier"] is None) == is_withheld


@pytest.mark.parametrize("role", ROLES)
def test_notices_are_for_the_inspector(browsers: Mapping[Role, Browser], role: Role) -> None:
    answer = browsers[role].get(f"{API}/notices")

    assert told(answer) == (OK if role == "inspector" else REFUSED)


@pytest.fixture(scope="module")
def program(site: Site) -> Client:
    return site.program("dvc", area=HERE)


def test_program_opens_asks_and_closes(program: Client, papers: Papers) -> None:
    assert papers
    code = "H99.12.07-260316-0001"
    body = {"code": code, "procedure": "1.004884", "owner_id": OWNER, "owner_name": NAME}

    opened = program.post(f"{API}/dossiers", json=body)
    again = program.post(f"{API}/dossiers", json=body)
    shown = program.get(f"{API}/dossiers/{code}").json()
    closed = program.post(f"{API}/dossiers/{code}/close", json={"result": "issued"})

    assert (opened.status_code, opened.json()["owner"]) == (200, "0990••••0012")
    assert again.json() == opened.json()
    states = {one["component"]: one["state"] for one in shown["checklist"]}
    assert states["giay_to_cu"] == "held_elsewhere"
    assert states["to_khai"] == "missing"
    assert OWNER not in str(shown)
    assert closed.json()["result"] == "issued"


def test_dossiers_are_listed_in_pieces(program: Client) -> None:
    codes = [f"H99.12.08-260316-{number:04d}" for number in range(1, 6)]
    for code in codes:
        program.post(f"{API}/dossiers", json={"code": code})

    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        piece = program.get(f"{API}/dossiers", params={"limit": "2", **cursor}).json()
        found += [one["code"] for one in piece["items"]]
        if piece["next"] is None:
            break
        cursor = {"cursor": piece["next"]}

    assert [one for one in found if one in codes] == codes[::-1]
    assert len(set(found)) == len(found)
    assert told(program.get(f"{API}/dossiers", params={"cursor": "vô nghĩa"})) == (
        422,
        "invalid_request",
    )


def test_search_marks_what_lies_outside(
    browsers: Mapping[Role, Browser], site: Site, papers: Papers
) -> None:
    rebuild_index(site.services)

    items = browsers["officer"].get(f"{API}/search", params={"q": "120/QĐ-UBND"}).json()["items"]

    withheld = {one["id"]: one["withheld"] for one in items}
    assert withheld[papers.there] is True
    assert withheld[papers.here] is False


def test_correction_carries_on_from_the_revision_that_was_seen(
    site: Site, browsers: Mapping[Role, Browser]
) -> None:
    paper = enter_paper(site.services, dossier=DOSSIER_HERE, component_type="don", number="1")
    address, browser = f"{API}/documents/{paper}", browsers["officer"]
    tag = browser.get(address).headers["ETag"]
    body = {"component_type": "don", "values": {"number": "2"}, "reason": "đọc nhầm số"}

    first = browser.post(f"{address}/corrections", json=body, headers={"If-Match": tag})
    body["values"] = {"number": "3"}
    second = browser.post(f"{address}/corrections", json=body, headers={"If-Match": tag})
    history = browser.get(f"{address}/history").json()["items"]

    assert (first.status_code, first.json()["number"]) == (200, "2")
    assert second.status_code == 412
    assert [(one["name"], one["old"], one["new"]) for one in history] == [("number", "1", "2")]


@pytest.mark.parametrize(("state", "is_listed"), [("open", False), ("closed", True), ("all", True)])
def test_dossiers_are_listed_by_their_state(
    browsers: Mapping[Role, Browser], state: str, *, is_listed: bool
) -> None:
    browser, code = browsers["officer"], "H99.12.03-260316-0071"
    browser.post(f"{API}/dossiers", json={"code": code})
    browser.post(f"{API}/dossiers/{code}/close", json={"result": "issued"})

    items = browser.get(f"{API}/dossiers", params={"state": state, "limit": 200}).json()["items"]
    page = browser.get("/dossiers", params={"state": state}).text

    assert (code in {one["code"] for one in items}) is is_listed
    assert (code in page) is is_listed


def test_an_unknown_state_of_dossiers_is_refused(browsers: Mapping[Role, Browser]) -> None:
    answer = browsers["officer"].get(f"{API}/dossiers", params={"state": "lost"})

    assert told(answer)[0] == 422
