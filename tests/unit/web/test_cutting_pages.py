"""A page that shows several papers: seen with frames, cut with one key or over the API."""

from collections.abc import Mapping

from database.accounts import Role
from documents.model import Box
from ingest.findings import several_papers
from tests.unit.web.site import Browser, Site
from tests.unit.workers.under_review import Paper, make_paper, places_of

WHOLE = Box(0, 0, 1654, 2339)
UPPER, LOWER = Box(0, 0, 1654, 1100), Box(0, 1150, 1654, 2339)


def paper_of_two(site: Site, *, key: str) -> Paper:
    found = several_papers((UPPER, LOWER), WHOLE)
    return make_paper(site.services, 1, key=key, content=key.encode(), findings=(found,))


def test_review_shows_where_the_image_would_be_cut_and_the_key(
    site: Site, browsers: Mapping[Role, Browser]
) -> None:
    paper = paper_of_two(site, key="xem")

    page = browsers["operator"].get(f"/review/{paper.documents[0]}").text

    assert page.count('class="part"') == 2
    assert '<rect x="0" y="1150" width="1654" height="1189"/>' in page
    assert 'data-cut="proposed" data-key="c"' in page
    assert "Cắt thành 2 trang" in page


def test_cut_over_the_api_makes_pages_in_place_of_one(
    site: Site, browsers: Mapping[Role, Browser]
) -> None:
    paper = paper_of_two(site, key="cắt")
    path = f"/api/v1/reviews/{paper.documents[0]}/pages/{paper.pages[0][0]}/cut"

    answer = browsers["operator"].post(path, json={})

    assert answer.status_code == 200, answer.text
    roles = [page["role"] for page in answer.json()["pages"]]
    assert roles == ["content", "content", "dropped"]
    assert [one.role for one in places_of(site.services, paper.documents[0])] == roles


def test_parts_outside_of_the_page_are_refused(
    site: Site, browsers: Mapping[Role, Browser]
) -> None:
    paper = paper_of_two(site, key="sai")
    path = f"/api/v1/reviews/{paper.documents[0]}/pages/{paper.pages[0][0]}/cut"
    parts = [{"x0": 0, "y0": 0, "x1": 1654, "y1": 900}, {"x0": 0, "y0": 900, "x1": 9999, "y1": 950}]

    answer = browsers["operator"].post(path, json={"parts": parts})

    assert answer.status_code == 422
    assert answer.json()["code"] == "impossible_change"
    assert len(places_of(site.services, paper.documents[0])) == 1
