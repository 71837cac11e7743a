"""What nobody honest would send: refused with a reason, kept within limits, never a way in."""

import asyncio
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from configuration.settings import LimitSettings, WebSettings
from tests.end_to_end.stepping import opened_home, run_all
from tests.unit.web.site import Client, Site
from web.request_limits import RequestLimits
from workers.following import follow_batch
from workers.signing_in import make_token

pytestmark = pytest.mark.xdist_group("web-hostile")
MIB = 1 << 20
EVIL_NAMES = [
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "/etc/shadow",
    "a\r\nSet-Cookie: sohoa_session=x",
    'a"; filename="b.exe',
    "a\x00.pdf",
    "\u202efdp.exe",
    "." * 300,
    "CON",
    "<script>alert(1)</script>.pdf",
    "%2e%2e%2fx",
    "",
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    web = WebSettings(requests_per_minute=1_000_000)
    limits = LimitSettings(file_mib=1)
    with opened_home(tmp_path_factory.mktemp("home"), web=web, limits=limits) as services:
        made = Site(services)
        yield made
        made.close()


@pytest.fixture(scope="module")
def desk(site: Site) -> Client:
    return site.program("may.quet", role="operator")


def code_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


# -- names


@pytest.mark.parametrize("name", EVIL_NAMES)
@pytest.mark.parametrize("how", ["form", "query"])
def test_name_from_outside_is_never_a_path_or_a_header(
    site: Site, desk: Client, name: str, how: str
) -> None:
    content = f"nội dung {name} {how}".encode()
    if how == "form":
        answer = desk.post("/api/v1/deliveries", files={"file": (name or "x", content)})
    else:
        answer = desk.post("/api/v1/deliveries", params={"filename": name}, content=content)

    if answer.status_code == 422:  # a zero byte in the query is no name at all
        assert "\x00" in name
        return
    told = answer.json()["file_name"]
    assert answer.status_code == 202
    assert "Set-Cookie" not in answer.headers
    assert not set(told) & set("/\\\r\n\x00\u202e")
    stored = {file.name for file in (site.services.settings.home / "work").rglob("*")}
    assert not {one for one in stored if "passwd" in one or "win.ini" in one or "script" in one}


def test_name_that_is_too_long_is_refused(desk: Client) -> None:
    answer = desk.post("/api/v1/deliveries", params={"filename": "x" * 401}, content=b"x")

    assert code_of(answer) == (422, "invalid_request")


@pytest.mark.parametrize("path", ["../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%00", "a%0d%0ab"])
@pytest.mark.parametrize("place", ["documents", "batches", "deliveries", "uploads"])
def test_identifier_that_is_a_path_is_not_found(desk: Client, place: str, path: str) -> None:
    answer = desk.get(f"/api/v1/{place}/{path}")

    assert answer.status_code in (404, 405)
    assert "root:" not in answer.text


# -- files that only look like papers


def zip_bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"0" * (64 * MIB))
    return packed.getvalue()


def word_file() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")
    return packed.getvalue()


def xml_bomb() -> bytes:
    entities = "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' if n else '<!ENTITY a0 "ha">' for n in range(10)
    )
    return f"<?xml version='1.0'?><!DOCTYPE x [{entities}]><x>&a9;</x>".encode()


def svg_bomb() -> bytes:
    return (
        xml_bomb()
        .replace(b"<x>", b"<svg xmlns='http://www.w3.org/2000/svg'>")
        .replace(b"</x>", b"</svg>")
    )


def outside_entity() -> bytes:
    return b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><svg>&e;</svg>'


@pytest.mark.parametrize("name", ["a.pdf", "a.jpg", "a.docx", "a.zip", "a.svg"])
@pytest.mark.parametrize(
    "make", [zip_bomb, word_file, xml_bomb, svg_bomb, outside_entity], ids=lambda one: one.__name__
)
def test_file_that_holds_no_pages_is_set_aside_by_its_content(
    site: Site, desk: Client, make: object, name: str
) -> None:
    assert callable(make)
    receipt = desk.post("/api/v1/deliveries", files={"file": (name, make())}).json()

    run_all(site.services)

    status = follow_batch(site.services, receipt["batch_id"])
    (delivery,) = status.deliveries
    assert delivery.state == "set_aside"
    assert delivery.reason is not None
    assert delivery.reason.code == "unsupported_file"
    assert status.pages == []


# -- bodies


def test_json_that_is_too_deep_is_refused(desk: Client) -> None:
    content = b'{"station":' + b"[" * 100_000 + b"]" * 100_000 + b"}"

    answer = desk.post(
        "/api/v1/batches", content=content, headers={"Content-Type": "application/json"}
    )

    assert code_of(answer) == (422, "invalid_request")


@pytest.mark.parametrize(
    "content",
    [
        b'{"expected_pages": 1' + b"0" * 5000 + b"}",
        b'{"expected_pages": 1e999}',
        b'{"expected_pages": NaN}',
        b'{"expected_pages": -1}',
        b'{"expected_pages": 1.5}',
        b'{"station": "\xff\xfe"}',
        b'{"station": "\\ud800"}',
        b'{"station": 5}',
        b'{"station": ""}',
        b'{"station": "' + b"x" * 121 + b'"}',
        b'{"unknown": 1}',
        b"[]",
        b"null",
        b"{",
        b"",
    ],
)
def test_body_that_is_not_as_described_is_refused(desk: Client, content: bytes) -> None:
    answer = desk.post(
        "/api/v1/batches", content=content, headers={"Content-Type": "application/json"}
    )

    assert code_of(answer) == (422, "invalid_request")


def test_body_that_is_too_large_is_refused_before_it_is_read(desk: Client) -> None:
    small = desk.post("/api/v1/batches", content=b"x" * (MIB + 1))
    file = desk.post("/api/v1/deliveries", content=b"x" * (2 * MIB + 1))

    assert code_of(small) == (413, "body_too_large")
    assert code_of(file) == (413, "body_too_large")


def test_file_that_is_too_large_is_refused_and_nothing_stays(site: Site, desk: Client) -> None:
    answer = desk.post("/api/v1/deliveries", content=b"x" * (MIB + 1))

    assert code_of(answer) == (413, "file_too_large")
    assert list(site.services.work.incoming.iterdir()) == []


@pytest.mark.parametrize("length", ["-1", "1e3", "abc", "٣", "9" * 30])
def test_length_that_is_no_number_is_refused(desk: Client, length: str) -> None:
    answer = desk.post(
        "/api/v1/deliveries", content=b"x", headers={"Content-Length": length.encode()}
    )

    assert answer.status_code == 413


def test_form_without_its_end_or_its_file_is_refused(desk: Client) -> None:
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    bodies = [
        b"",
        b"--b\r\n",
        b'--b\r\nContent-Disposition: form-data; name="other"\r\n\r\nx\r\n--b--\r\n',
        b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nx\r\n--b--\r\n',
        b"khong phai form",
    ]

    answers = [desk.post("/api/v1/deliveries", content=body, headers=kind) for body in bodies]

    assert {code_of(one) for one in answers} == {(422, "invalid_request")}


def test_form_of_very_many_parts_is_refused(desk: Client) -> None:
    part = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n'
    answer = desk.post(
        "/api/v1/deliveries",
        content=part * 5000 + b"--b--\r\n",
        headers={"Content-Type": "multipart/form-data; boundary=b"},
    )

    assert code_of(answer) == (422, "invalid_request")


def test_sender_that_falls_silent_is_cut_off(site: Site) -> None:
    answers: list[dict[str, Any]] = []
    impatient = RequestLimits(site.application, file_bytes=MIB, patience_seconds=0.05)
    secret = make_token(site.services, name="cham", display_name="x", role="operator")

    async def receive() -> dict[str, object]:
        if not pieces:
            await asyncio.Event().wait()  # for ever
        return pieces.pop(0)

    async def send(message: dict[str, Any]) -> None:
        answers.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "POST",
        "path": "/api/v1/deliveries",
        "raw_path": b"/api/v1/deliveries",
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "server": ("sohoa.example", 80),
        "client": ("192.0.2.1", 1),
        "headers": [(b"authorization", f"Bearer {secret}".encode())],
    }
    pieces: list[dict[str, object]] = [
        {"type": "http.request", "body": b"mot phan", "more_body": True}
    ]

    async def call() -> None:
        await impatient(scope, receive, send)  # type: ignore[arg-type]  # messages as dictionaries

    site.runner.run(call())

    begun = answers[0]
    assert begun["status"] == 408
    assert json.loads(answers[1]["body"])["code"] == "slow_request"


# -- parameters and headers


def test_very_many_or_repeated_parameters_are_refused(desk: Client) -> None:
    many = desk.get("/api/v1/search?" + "&".join(f"x{n}=1" for n in range(5000)))
    twice = desk.get("/api/v1/search?q=a&q=b")
    unknown = desk.get("/api/v1/search?q=a&yaer=2026")

    assert {code_of(one) for one in (many, twice, unknown)} == {(422, "invalid_request")}
    assert "query.yaer" in unknown.json()["detail"]
    assert len(many.content) < 2000


@pytest.mark.parametrize(
    "query",
    [
        "limit=99999999999999999999999",
        "limit=1e2",
        "limit=-1",
        "offset=10001",
        "year=20266",
        "year=abcd",
        "q=" + "a" * 301,
        "q=%00",
        "type=" + "a" * 61,
        "cursor=" + "a" * 301,
    ],
)
def test_parameter_that_is_not_as_described_is_refused(desk: Client, query: str) -> None:
    assert code_of(desk.get(f"/api/v1/search?{query}")) == (422, "invalid_request")


@pytest.mark.parametrize("text", ["' OR 1=1 --", '"', "NEAR(", "a AND", "*", "{x}: ^", "🐀", "%ff"])
def test_query_that_means_something_to_a_database_is_only_words(desk: Client, text: str) -> None:
    answer = desk.get("/api/v1/search", params={"q": text})

    assert answer.status_code == 200
    assert answer.json()["total"] == 0


def test_query_that_is_no_utf8_does_no_harm(desk: Client) -> None:
    answer = desk.get("/api/v1/search?q=%ff%fe%c3%28")

    assert answer.status_code == 200


def test_refusal_shows_nothing_of_the_insides(desk: Client) -> None:
    answers = [
        desk.get("/api/v1/search?limit=x"),
        desk.post("/api/v1/batches", content=b"{"),
        desk.get("/api/v1/documents/doc_0"),
    ]

    for answer in answers:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert not {"Traceback", "pydantic", "sqlite", ".py"} & set(answer.text.split())
        assert "site-packages" not in answer.text
