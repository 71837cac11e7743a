"""Only what has changed, only the part that is wanted, lists in pieces."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from classification.confirming import Decision
from configuration.settings import WebSettings
from documents.identifiers import sha256_of_bytes
from tests.end_to_end.papers import DECISION, write_scan
from tests.end_to_end.stepping import CLERK, deliver, opened_home, run_all, status_of
from tests.unit.web.site import Client, Site
from workers.reviewing import confirm

pytestmark = pytest.mark.xdist_group("web-conditional")


@dataclass(frozen=True)
class Papers:
    """A filed document and one that waits for a person."""

    filed: str
    waiting: str


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    web = WebSettings(requests_per_minute=1_000_000, streams_per_account=1)
    with opened_home(tmp_path_factory.mktemp("home"), web=web) as services:
        made = Site(services)
        yield made
        made.close()


@pytest.fixture(scope="module")
def desk(site: Site) -> Client:
    return site.program("may.quet", role="operator")


@pytest.fixture(scope="module")
def papers(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Papers:
    folder = tmp_path_factory.mktemp("papers")
    services = site.services
    first = deliver(services, write_scan(folder / "a.tif", DECISION), policy="none")
    second = deliver(services, write_scan(folder / "b.tif", ("Sổ", *DECISION)), policy="none")
    run_all(services)
    (filed,) = status_of(services, first).documents
    (waiting,) = status_of(services, second).documents
    confirm(services, filed.id, Decision(component_type="quyet_dinh", values={}), actor=CLERK)
    run_all(services)
    return Papers(filed=filed.id, waiting=waiting.id)


def paths_of(papers: Papers) -> list[str]:
    document = f"/api/v1/documents/{papers.filed}"
    return [
        document,
        f"{document}/text?purpose=xem",
        f"{document}/file",
        f"{document}/pages/1.jpg?width=64",
        "/api/v1/procedures",
        "/api/v1/component-types",
    ]


@pytest.mark.parametrize("place", range(6))
def test_what_has_not_changed_is_not_sent_again(desk: Client, papers: Papers, place: int) -> None:
    path = paths_of(papers)[place]
    first = desk.get(path)

    again = desk.get(path, headers={"If-None-Match": first.headers["ETag"]})
    other = desk.get(path, headers={"If-None-Match": '"khac"'})

    assert (first.status_code, again.status_code, other.status_code) == (200, 304, 200)
    assert again.content == b""
    assert again.headers["ETag"] == first.headers["ETag"]
    assert other.content == first.content


@pytest.mark.parametrize("place", range(6))
def test_head_is_the_head_of_get(desk: Client, papers: Papers, place: int) -> None:
    path = paths_of(papers)[place]
    whole = desk.get(path)

    head = desk.request("HEAD", path)

    assert head.status_code == 200
    assert head.content == b""
    for name in ("ETag", "Content-Type", "Content-Length"):
        assert head.headers[name] == whole.headers[name], name


def test_confirming_what_has_changed_since_is_refused(desk: Client, papers: Papers) -> None:
    path = f"/api/v1/documents/{papers.waiting}"
    etag = desk.get(path).headers["ETag"]
    revision = int(etag.strip('"').split("-")[0])
    stale = f'"{revision + 1}-{"0" * 32}"'

    answers = [
        desk.post(
            f"{path}/confirm", json={"component_type": "quyet_dinh"}, headers={"If-Match": tag}
        )
        for tag in (stale, '"khong-phai"')
    ]

    assert [one.status_code for one in answers] == [412, 412]
    assert {one.json()["code"] for one in answers} == {"precondition_failed"}
    assert desk.get(path).json()["state"] == "awaiting_review"


def test_stale_revision_in_the_body_is_a_conflict(desk: Client, papers: Papers) -> None:
    answer = desk.post(
        f"/api/v1/documents/{papers.waiting}/confirm",
        json={"component_type": "quyet_dinh", "revision": 99},
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "stale_review")


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ("bytes=0-3", slice(0, 4)),
        ("bytes=4-", slice(4, None)),
        ("bytes=-5", slice(-5, None)),
        ("bytes=-99999999", slice(0, None)),
        ("bytes=0-99999999999999999999999", slice(0, None)),
    ],
)
def test_part_of_a_file_is_that_part(
    desk: Client, papers: Papers, wanted: str, part: slice
) -> None:
    path = f"/api/v1/documents/{papers.filed}/file"
    whole = desk.get(path).content

    answer = desk.get(path, headers={"Range": wanted})

    first = part.indices(len(whole))[0]
    assert answer.status_code == 206
    assert answer.content == whole[part]
    assert answer.headers["Content-Length"] == str(len(whole[part]))
    assert (
        answer.headers["Content-Range"]
        == f"bytes {first}-{first + len(whole[part]) - 1}/{len(whole)}"
    )


@pytest.mark.parametrize("wanted", ["bytes=0-1,4-5", "bytes=99999999-", "bytes=5-2", "bytes=-0"])
def test_parts_that_are_not_there_are_refused(desk: Client, papers: Papers, wanted: str) -> None:
    path = f"/api/v1/documents/{papers.filed}/file"
    size = len(desk.get(path).content)

    answer = desk.get(path, headers={"Range": wanted})

    assert (answer.status_code, answer.json()["code"]) == (416, "range_not_satisfiable")
    assert answer.headers["Content-Range"] == f"bytes */{size}"


@pytest.mark.parametrize("wanted", ["lines=0-1", "bytes=a-b", "bytes", "bytes=0-1;2"])
def test_what_is_no_range_is_as_if_it_were_not_there(
    desk: Client, papers: Papers, wanted: str
) -> None:
    answer = desk.get(f"/api/v1/documents/{papers.filed}/file", headers={"Range": wanted})

    assert answer.status_code == 200


def test_part_of_other_bytes_is_not_mixed_in(desk: Client, papers: Papers) -> None:
    path = f"/api/v1/documents/{papers.filed}/file"
    etag = desk.get(path).headers["ETag"]

    same = desk.get(path, headers={"Range": "bytes=0-3", "If-Range": etag})
    other = desk.get(path, headers={"Range": "bytes=0-3", "If-Range": f'"{sha256_of_bytes(b"")}"'})

    assert (same.status_code, other.status_code) == (206, 200)


@pytest.mark.parametrize("path", ["/api/v1/procedures", "/api/v1/component-types"])
def test_pieces_of_a_list_are_the_list(desk: Client, path: str) -> None:
    whole = desk.get(path).json()
    pieces, cursor = [], None
    for _ in range(100):
        answer = desk.get(path, params={"limit": 7} | ({"cursor": cursor} if cursor else {}))
        pieces += answer.json()["items"]
        cursor = answer.json()["next"]
        if cursor is None:
            break

    assert pieces == whole["items"]
    assert whole["next"] is None


@pytest.mark.parametrize(
    "path", ["/api/v1/procedures", "/api/v1/reviews", "/api/v1/search", "/api/v1/component-types"]
)
@pytest.mark.parametrize("cursor", ["x", "bnVsbA", "WyJ4IiwxXQ", "[", "é", "WyJzZWFyY2giLC0xXQ"])
def test_invented_cursor_is_refused(desk: Client, path: str, cursor: str) -> None:
    answer = desk.get(path, params={"cursor": cursor})

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_audit_log_is_read_in_pieces_by_inspectors(site: Site, desk: Client) -> None:
    inspector = site.program("thanh.tra", role="inspector")

    first = inspector.get("/api/v1/audit", params={"limit": 2}).json()
    second = inspector.get("/api/v1/audit", params={"limit": 2, "cursor": first["next"]}).json()

    numbers = [row["seq"] for row in (*first["items"], *second["items"])]
    assert numbers == list(range(numbers[0], numbers[0] - 4, -1))
    assert desk.get("/api/v1/audit").status_code == 403


@pytest.mark.parametrize("moment", ["0.5", "1764000000", "2026-11-24T08:00:00"])
def test_audit_is_asked_by_moments_with_a_zone_alone(site: Site, moment: str) -> None:
    inspector = site.program(f"thanh.tra.{len(moment)}", role="inspector")

    answer = inspector.get("/api/v1/audit", params={"since": moment})

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_reading_the_audit_log_is_audited(site: Site) -> None:
    inspector = site.program("thanh.tra.hai", role="inspector")
    inspector.get("/api/v1/audit", params={"document": "doc_hoi"})

    rows = inspector.get("/api/v1/audit", params={"actor": "thanh.tra.hai"}).json()["items"]

    assert [(row["action"], row["document"]) for row in rows] == [("audit_read", "doc_hoi")]
