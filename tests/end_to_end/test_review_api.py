"""A person's corrections over the API, through the real pipeline, from delivery to filing."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from database.records import set_dossier
from tests.end_to_end.correcting import RESCAN, SECOND, THIRD, scan_of
from tests.end_to_end.papers import DECISION, write_scan
from tests.end_to_end.stepping import deliver, opened_home, run_all
from tests.unit.web.site import Client, Site
from workers.tidying import tidy_document

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("review-api")]
_FINE = (200, 202, 204)


@dataclass(frozen=True)
class Desk:
    """A client at the counter; it keeps the tags of what it looked at."""

    client: Client

    def ask(self, method: str, path: str, *, status: int | None = None, **arguments: Any) -> Any:
        """Call the API and return the answer's JSON."""
        answer = self.client.request(method, f"/api/v1{path}", **arguments)
        is_right = answer.status_code in _FINE if status is None else answer.status_code == status
        assert is_right, (answer.status_code, answer.text)
        return answer.json() if answer.content else None

    def look(self, document_id: str) -> tuple[dict[str, Any], dict[str, str]]:
        """Return a document under review and the header that guards a change of it."""
        answer = self.client.get(f"/api/v1/reviews/{document_id}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json()), {"If-Match": answer.headers["ETag"]}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with opened_home(tmp_path_factory.mktemp("home")) as services:
        made = Site(services)
        yield made
        made.close()


@pytest.fixture(scope="module")
def desk(site: Site) -> Desk:
    return Desk(site.program("quay-1", role="operator"))


@pytest.fixture(scope="module")
def neighbour(site: Site) -> Desk:
    return Desk(site.program("quay-2", role="officer"))


@dataclass(frozen=True)
class Papers:
    """A batch of two documents of two pages that await a review."""

    batch_id: str
    first: str
    second: str


@pytest.fixture
def papers(site: Site, desk: Desk, tmp_path: Path, request: pytest.FixtureRequest) -> Papers:
    scans = [
        write_scan(tmp_path / f"{name}.tif", DECISION, (request.node.name,), paper)
        for name, paper in (("a", SECOND), ("b", THIRD))
    ]
    followed = deliver(site.services, *scans, policy="none")
    run_all(site.services)
    found = desk.ask("GET", f"/batches/{followed.batch_id}")["documents"]
    return Papers(followed.batch_id, *(one["id"] for one in found))


def ids_of(review: dict[str, Any]) -> list[str]:
    return [str(one["id"]) for one in review["pages"] if one["role"] != "dropped"]


def test_corrected_document_is_confirmed_and_filed_as_it_was_corrected(
    site: Site, desk: Desk, papers: Papers
) -> None:
    review, tag = desk.look(papers.first)
    first, second, third = ids_of(review)
    base = f"/reviews/{papers.first}/pages"

    desk.ask("POST", f"{base}/{second}/rotate", json={"by": 90}, headers=tag)
    desk.ask("POST", f"{base}/{third}/drop")
    desk.ask("POST", f"{base}/{first}/replace?filename=lai.tif", content=scan_of(RESCAN).getvalue())
    run_all(site.services)
    moved = ids_of(desk.look(papers.second)[0])[-1]
    desk.ask("POST", f"/documents/{papers.first}/pages/move", json={"pages": [moved]})
    order = ids_of(desk.look(papers.first)[0])
    desk.ask("PUT", f"/documents/{papers.first}/pages", json={"pages": [order[-1], *order[:-1]]})
    run_all(site.services)
    review, tag = desk.look(papers.first)
    desk.ask(
        "POST",
        f"/documents/{papers.first}/confirm",
        json={"component_type": "quyet_dinh", "reason": "bản gốc mờ"},
        headers=tag,
    )
    run_all(site.services)

    answer = desk.client.get(f"/api/v1/documents/{papers.first}/file")
    with pypdfium2.PdfDocument(answer.content) as pdf:
        sizes = [pdf.get_page_size(number) for number in range(len(pdf))]
    text = desk.client.get(f"/api/v1/documents/{papers.first}/text").text
    detail = desk.ask("GET", f"/documents/{papers.first}")
    assert [width < height for width, height in sizes] == [True, True, False]
    assert [page[:14] for page in text.split("\f")][:2] == ["Trang thêm của", "Trang quét lại"]
    assert [tag["value"] for tag in detail["tags"] if tag["name"] == "confirm_reason"] == [
        "bản gốc mờ"
    ]


def test_review_tells_pages_findings_and_proposals(desk: Desk, papers: Papers) -> None:
    review, _ = desk.look(papers.first)

    assert review["document"]["id"] == papers.first
    assert [(one["ordinal"], one["role"], one["turn"]) for one in review["pages"]] == [
        (1, "content", 0),
        (2, "content", 0),
        (3, "content", 0),
    ]
    assert {tag["name"] for tag in review["tags"]} >= {"component_type", "number"}
    assert all(
        isinstance(one["open"], bool) for page in review["pages"] for one in page["findings"]
    )
    assert (review["needs_reason"], review["reservation"]) == (False, None)


def test_cut_and_joined_again_with_every_step_listed_and_taken_back(
    desk: Desk, papers: Papers
) -> None:
    before = [ids_of(desk.look(one)[0]) for one in (papers.first, papers.second)]
    created = desk.ask(
        "POST", f"/documents/{papers.first}/split", json={"before_page": before[0][1]}
    )["created"]
    desk.ask("POST", f"/documents/{papers.second}/merge", json={"other": created})
    kinds = [one["kind"] for one in desk.ask("GET", f"/batches/{papers.batch_id}/changes")["items"]]

    undone = [
        desk.ask("POST", f"/batches/{papers.batch_id}/undo", json={})["kind"] for _ in range(2)
    ]

    assert kinds == undone == ["documents_merged", "document_split"]
    assert [ids_of(desk.look(one)[0]) for one in (papers.first, papers.second)] == before
    refused = desk.ask("POST", f"/batches/{papers.batch_id}/undo", status=409, json={})
    assert refused["code"] == "nothing_to_undo"


def test_second_desk_is_told_who_holds_the_document(
    desk: Desk, neighbour: Desk, papers: Papers
) -> None:
    path = f"/documents/{papers.first}/reservation"
    held = desk.ask("PUT", path, json={"minutes": 10})
    review, _ = neighbour.look(papers.first)

    refused = [
        neighbour.ask("PUT", path, status=409, json={}),
        neighbour.ask("DELETE", path, status=409),
        neighbour.ask(
            "POST", f"/reviews/{papers.first}/pages/{ids_of(review)[0]}/drop", status=409
        ),
        neighbour.ask(
            "POST",
            f"/documents/{papers.first}/confirm",
            status=409,
            json={"component_type": "khac"},
        ),
    ]
    desk.ask("DELETE", path)
    neighbour.ask("PUT", path, json={})

    assert held["holder"] == "quay-1"
    assert review["reservation"] == held
    assert {one["code"] for one in refused} == {"already_reserved"}
    assert all("quay-1" in one["detail"] for one in refused)


def test_change_of_what_was_changed_meanwhile_is_refused(
    desk: Desk, neighbour: Desk, papers: Papers
) -> None:
    review, tag = desk.look(papers.first)
    first, second, _ = ids_of(review)
    neighbour.ask("POST", f"/reviews/{papers.first}/pages/{first}/drop")

    refused = desk.ask(
        "POST", f"/reviews/{papers.first}/pages/{second}/drop", status=412, headers=tag
    )

    assert refused["code"] == "precondition_failed"


def test_same_key_turns_a_page_once(desk: Desk, papers: Papers) -> None:
    page_id = ids_of(desk.look(papers.first)[0])[0]
    path = f"/reviews/{papers.first}/pages/{page_id}/rotate"

    for _ in range(2):
        desk.ask("POST", path, json={"by": 90}, headers={"Idempotency-Key": f"xoay-{page_id}"})

    assert desk.look(papers.first)[0]["pages"][0]["turn"] == 90


def test_page_of_another_document_is_not_found_in_this_one(desk: Desk, papers: Papers) -> None:
    strange = ids_of(desk.look(papers.second)[0])[0]

    for action, body in (("rotate", {"by": 90}), ("drop", None), ("restore", None)):
        refused = desk.ask(
            "POST", f"/reviews/{papers.first}/pages/{strange}/{action}", status=404, json=body
        )

        assert refused["code"] == "unknown_id"


def test_dropped_page_is_restored(desk: Desk, papers: Papers) -> None:
    before = ids_of(desk.look(papers.first)[0])
    path = f"/reviews/{papers.first}/pages/{before[1]}"
    dropped = ids_of(desk.ask("POST", f"{path}/drop"))

    restored = ids_of(desk.ask("POST", f"{path}/restore"))

    assert dropped == [before[0], before[2]]
    assert restored == before


def test_batch_is_discarded_and_a_damaged_file_leaves_what_is_set_aside(
    site: Site, desk: Desk, papers: Papers
) -> None:
    page_id = ids_of(desk.look(papers.first)[0])[0]
    path = f"/reviews/{papers.first}/pages/{page_id}/replace"
    receipt = desk.ask("POST", path, content=b"\xff\xd8\xff hong")
    run_all(site.services)

    desk.ask("POST", f"/deliveries/{receipt['id']}/discard", json={"reason": "tệp hỏng"})
    desk.ask("POST", f"/documents/{papers.first}/discard", json={"reason": "quét nhầm"})
    found = desk.ask("POST", f"/batches/{papers.batch_id}/discard", json={"reason": "quét nhầm"})

    batch = desk.ask("GET", f"/batches/{papers.batch_id}")
    assert (found["discarded"], found["kept"]) == ([papers.second], [])
    assert batch["state"] == "discarded"
    assert {one["state"] for one in batch["documents"]} == {"discarded"}
    assert [one["state"] for one in batch["files"] if one["id"] == receipt["id"]] == ["discarded"]


def test_picture_of_a_discarded_paper_is_gone_with_its_image(
    site: Site, desk: Desk, papers: Papers
) -> None:
    desk.ask("POST", f"/batches/{papers.batch_id}/discard", json={"reason": "quét nhầm"})
    tidy_document(site.services, papers.first)
    tidy_document(site.services, papers.second)

    answer = desk.ask("GET", f"/documents/{papers.first}/pages/1.jpg", status=404)

    assert answer["code"] == "unknown_id"


def test_desk_of_another_area_neither_sees_nor_changes_it(site: Site, papers: Papers) -> None:
    stranger = Desk(site.program(f"xa-{papers.first[-6:]}", role="operator", area="H05"))
    with site.services.database.writing() as connection:
        set_dossier(connection, papers.second, dossier_code="H99.12.03-260316-0007")

    refused = [
        stranger.ask("GET", f"/reviews/{papers.second}", status=403),
        stranger.ask("PUT", f"/documents/{papers.second}/pages", status=403, json={"pages": ["x"]}),
    ]

    assert [one["code"] for one in refused] == ["outside_area", "outside_area"]
