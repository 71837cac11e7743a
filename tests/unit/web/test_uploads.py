"""Large files in pieces by tus 1.0.0: what the server says it has, it has."""

import base64
import hashlib
from collections.abc import Iterator

import httpx
import pytest

from configuration.settings import LimitSettings, WebSettings
from tests.end_to_end.stepping import opened_home
from tests.unit.web.site import Client, Site
from web.errors import TooManyStreamsError
from web.events import OpenStreams
from workers.uploading import sweep_uploads

pytestmark = pytest.mark.xdist_group("web-uploads")
TUS = {"Tus-Resumable": "1.0.0"}
CONTENT = bytes(range(256)) * 40
PIECE = "application/offset+octet-stream"


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    web = WebSettings(uploads_per_account=2, upload_hours=1)
    home = tmp_path_factory.mktemp("home")
    with opened_home(home, web=web, limits=LimitSettings(file_mib=1)) as services:
        made = Site(services)
        yield made
        made.close()


@pytest.fixture
def desk(site: Site) -> Client:
    return site.program("may.quet", role="operator")


def metadata(**values: str) -> str:
    return ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in values.items())


def announce(client: Client, size: int = len(CONTENT), **told: str) -> httpx.Response:
    headers = {**TUS, "Upload-Length": str(size), "Upload-Metadata": metadata(**told)}
    return client.post("/api/v1/uploads", headers=headers)


def send(client: Client, place: str, content: bytes, at: int, **more: str) -> httpx.Response:
    headers = {**TUS, "Upload-Offset": str(at), "Content-Type": PIECE, **more}
    return client.request("PATCH", place, content=content, headers=headers)


def offset(client: Client, place: str) -> str:
    return client.request("HEAD", place, headers=TUS).headers["Upload-Offset"]


def test_file_in_pieces_becomes_one_delivery_with_its_receipt(desk: Client) -> None:
    place = announce(desk, filename="quyết định.pdf").headers["Location"]

    first = send(desk, place, CONTENT[:1000], 0)
    between = offset(desk, place)
    last = send(desk, place, CONTENT[1000:], 1000)

    receipt = desk.get(last.headers["Content-Location"]).json()
    assert (first.status_code, first.headers["Upload-Offset"], between) == (204, "1000", "1000")
    assert "Content-Location" not in first.headers
    assert receipt["sha256"] == hashlib.sha256(CONTENT).hexdigest()
    assert receipt["file_name"] == "quyết định.pdf"
    assert desk.get(place).json()["receipt"] == receipt
    assert desk.get(f"/api/v1/batches/{receipt['batch_id']}").json()["state"] == "closed"


def test_server_says_what_it_speaks(site: Site) -> None:
    answer = site.client().request("OPTIONS", "/api/v1/uploads")

    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Max-Size"] == str(1 << 20)
    assert set(answer.headers["Tus-Extension"].split(",")) == {
        "creation",
        "expiration",
        "termination",
        "checksum",
    }


def test_file_goes_into_the_batch_that_was_named(desk: Client) -> None:
    batch = desk.post("/api/v1/batches", json={}).json()["id"]
    place = announce(desk, batch=batch, filename="a.png").headers["Location"]

    send(desk, place, CONTENT, 0)

    found = desk.get(f"/api/v1/batches/{batch}").json()
    assert [one["name"] for one in found["files"]] == ["a.png"]
    assert found["state"] == "open"


def test_batch_that_is_closed_or_unknown_is_told_before_the_first_byte(desk: Client) -> None:
    batch = desk.post("/api/v1/batches", json={}).json()["id"]
    desk.post(f"/api/v1/batches/{batch}/close")

    answers = [announce(desk, batch=one) for one in (batch, "bat_0")]

    assert [one.status_code for one in answers] == [409, 404]


@pytest.mark.parametrize("at", [0, 999, 1001, 1 << 52])
def test_piece_that_does_not_follow_is_refused_and_the_place_told(desk: Client, at: int) -> None:
    place = announce(desk).headers["Location"]
    send(desk, place, CONTENT[:1000], 0)

    answer = send(desk, place, CONTENT[:10], at)

    assert (answer.status_code, answer.json()["code"]) == (409, "upload_offset")
    assert answer.headers["Upload-Offset"] == "1000"
    assert offset(desk, place) == "1000"


def test_more_than_was_announced_is_refused(desk: Client) -> None:
    place = announce(desk, size=100).headers["Location"]

    answer = send(desk, place, CONTENT[:101], 0)

    assert (answer.status_code, answer.json()["code"]) == (413, "upload_too_long")
    assert offset(desk, place) == "0"


def test_piece_with_its_checksum_is_kept_and_a_damaged_one_is_not(desk: Client) -> None:
    place = announce(desk).headers["Location"]
    right = "sha256 " + base64.b64encode(hashlib.sha256(CONTENT[:500]).digest()).decode()

    damaged = send(desk, place, b"x" * 500, 0, **{"Upload-Checksum": right})
    before = offset(desk, place)
    whole = send(desk, place, CONTENT[:500], 0, **{"Upload-Checksum": right})

    assert (damaged.status_code, damaged.json()["code"], before) == (460, "upload_checksum", "0")
    assert (whole.status_code, whole.headers["Upload-Offset"]) == (204, "500")


def test_bytes_of_a_damaged_piece_do_not_come_back(desk: Client) -> None:
    place = announce(desk).headers["Location"]
    wrong = "sha256 " + base64.b64encode(bytes(32)).decode()
    send(desk, place, b"x" * 5000, 0, **{"Upload-Checksum": wrong})

    last = send(desk, place, CONTENT, 0)

    receipt = desk.get(last.headers["Content-Location"]).json()
    assert receipt["sha256"] == hashlib.sha256(CONTENT).hexdigest()


def test_cancelled_upload_is_gone(site: Site, desk: Client) -> None:
    place = announce(desk).headers["Location"]
    send(desk, place, CONTENT[:10], 0)

    gone = desk.request("DELETE", place, headers=TUS)

    assert gone.status_code == 204
    assert desk.request("HEAD", place, headers=TUS).status_code == 404
    assert list(site.services.work.uploads.iterdir()) == []


def test_upload_belongs_to_the_program_that_began_it(site: Site, desk: Client) -> None:
    place = announce(desk).headers["Location"]
    other = site.program("may.khac", role="operator")

    answers = [
        other.request("HEAD", place, headers=TUS),
        other.get(place),
        send(other, place, b"x", 0),
        other.request("DELETE", place, headers=TUS),
    ]

    assert [one.status_code for one in answers] == [404] * 4
    assert offset(desk, place) == "0"


def test_upload_that_nobody_continues_is_swept_away(site: Site, desk: Client) -> None:
    place = announce(desk).headers["Location"]
    send(desk, place, CONTENT[:10], 0)
    site.advance(3601)

    gone = sweep_uploads(site.services)

    assert gone == 1
    assert desk.request("HEAD", place, headers=TUS).status_code == 404
    assert list(site.services.work.uploads.iterdir()) == []


def test_upload_that_goes_on_is_not_swept_away(site: Site, desk: Client) -> None:
    place = announce(desk).headers["Location"]
    for at in (0, 10):
        site.advance(2000)
        send(desk, place, CONTENT[at : at + 10], at)

    gone = sweep_uploads(site.services)

    assert (gone, offset(desk, place)) == (0, "20")


def test_number_and_size_of_uploads_are_limited(desk: Client) -> None:
    large = announce(desk, size=(1 << 20) + 1)
    made = [announce(desk).status_code for _ in range(2)]
    further = announce(desk)

    assert (large.status_code, large.json()["code"]) == (413, "file_too_large")
    assert made == [201, 201]
    assert (further.status_code, further.json()["code"]) == (429, "too_many_uploads")


def test_other_version_or_body_is_refused(desk: Client) -> None:
    place = announce(desk).headers["Location"]

    version = desk.request("HEAD", place, headers={"Tus-Resumable": "0.2.2"})
    body = desk.request(
        "PATCH", place, content=b"x", headers={**TUS, "Upload-Offset": "0", "Content-Type": "a/b"}
    )

    assert (version.status_code, version.headers["Tus-Version"]) == (412, "1.0.0")
    assert (body.status_code, body.json()["code"]) == (415, "unsupported_media_type")
    assert body.headers["Tus-Resumable"] == "1.0.0"


@pytest.mark.parametrize(
    "told", ["filename ***", "filename", "x YQ==", "filename /w==", "dossier " + "YWFh" * 40]
)
def test_metadata_that_cannot_be_read_is_refused(desk: Client, told: str) -> None:
    headers = {**TUS, "Upload-Length": "1", "Upload-Metadata": told}

    answer = desk.post("/api/v1/uploads", headers=headers)

    assert answer.status_code == (422 if told != "filename" else 201)


def test_name_of_an_upload_is_never_a_path(site: Site, desk: Client) -> None:
    place = announce(desk, size=3, filename="../../etc/passwd\r\nX-Evil: 1").headers["Location"]

    receipt = desk.get(send(desk, place, b"abc", 0).headers["Content-Location"]).json()

    assert receipt["file_name"] == "passwdX-Evil: 1"
    assert not list(site.services.settings.home.rglob("passwd*"))


def test_account_has_only_so_many_streams_open() -> None:
    streams = OpenStreams(2)
    streams.enter("acc_1")
    streams.enter("acc_1")

    with pytest.raises(TooManyStreamsError):
        streams.enter("acc_1")

    streams.enter("acc_2")
    streams.leave("acc_1")
    streams.enter("acc_1")
