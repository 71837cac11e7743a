"""What every answer carries, how errors are told, and how much may be sent."""

import re
from collections.abc import AsyncIterator, Iterator

import pytest

from configuration.settings import LimitSettings
from tests.end_to_end.stepping import opened_home
from tests.unit.web.site import Browser, Client, Site
from web.serving import check_address
from workers.errors import UnsafeAddressError

pytestmark = pytest.mark.xdist_group("web-answers")
_MIB = 1 << 20


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    limits = LimitSettings(file_mib=1)
    with opened_home(tmp_path_factory.mktemp("home"), limits=limits) as services:
        made = Site(services)
        made.add_person("an.tran", "operator")
        yield made
        made.close()


@pytest.fixture(scope="module")
def browser(site: Site) -> Browser:
    return site.browser_of("an.tran")


@pytest.fixture(scope="module")
def program(site: Site) -> Client:
    return site.program("dvc")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/sign-in", 200),
        ("/desk", 200),
        ("/", 303),
        ("/accounts", 403),
        ("/khong-co", 404),
        ("/documents/doc_0", 404),
        ("/static/khong-co.css", 404),
        ("/health/live", 200),
        ("/api/v1/openapi.json", 200),
        ("/api/v1/documents/doc_0", 404),
        ("/api/v1/khong-co", 404),
    ],
)
def test_every_answer_keeps_browsers_from_what_pages_never_ask_for(
    browser: Browser, path: str, status: int
) -> None:
    answer = browser.get(path)

    assert answer.status_code == status
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"]


def test_styles_and_scripts_that_pages_name_are_given_out_with_the_headers(
    browser: Browser,
) -> None:
    named = re.findall(r'(?:href|src)="(/static/[^"]+)"', browser.get("/desk").text)

    assert len(named) > 1
    for path in named:
        answer = browser.get(path)

        assert answer.status_code == 200, path
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path", ["/static/../application.py", "/static/%2e%2e/application.py", "/static/rights.py"]
)
def test_nothing_else_of_the_program_is_given_out(browser: Browser, path: str) -> None:
    assert browser.get(path).status_code == 404


def test_refusal_of_a_large_body_carries_the_headers_too(site: Site) -> None:
    answer = site.client().post("/sign-in", content=b"0" * (_MIB + 1))

    assert answer.status_code == 413
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_tls_is_remembered_by_browsers(site: Site) -> None:
    plain = site.client().get("/sign-in")
    secure = site.client(base_url="https://sohoa.example").get("/sign-in")

    assert "Strict-Transport-Security" not in plain.headers
    assert "max-age=31536000" in secure.headers["Strict-Transport-Security"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/documents/doc_0", 404, "unknown_id"),
        ("GET", "/api/v1/khong-co", 404, "unknown_address"),
        ("DELETE", "/api/v1/batches", 405, "wrong_method"),
        ("POST", "/api/v1/batches", 422, "invalid_request"),
        ("GET", "/api/v1/search?limit=100000", 422, "invalid_request"),
        ("GET", "/api/v1/reviews", 403, "forbidden"),
        (
            "GET",
            "/api/v1/once-only?owner=099093000012&procedure=9.999999&dossier=d&purpose=thu",
            404,
            "unknown_procedure",
        ),
    ],
)
def test_programs_get_problem_details_in_both_languages(
    program: Client, method: str, path: str, status: int, code: str
) -> None:
    answer = program.request(method, path)

    told = answer.json()
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.status_code, told["status"], told["code"]) == (status, status, code)
    assert told["type"] == f"urn:sohoa:problem:{code}"
    assert told["instance"].startswith("urn:sohoa:request:")
    assert told["title"]
    assert told["detail"] != told["detail_en"]
    assert told["detail"]
    assert told["detail_en"]


def test_people_get_a_page_in_their_language(browser: Browser) -> None:
    vietnamese = browser.get("/documents/doc_0?lang=vi")
    english = browser.get("/documents/doc_0?lang=en")

    assert vietnamese.status_code == english.status_code == 404
    assert "Không tìm thấy doc_0" in vietnamese.text
    assert "Nothing is known as doc_0" in english.text


def test_language_is_vietnamese_until_it_is_switched_and_then_stays(site: Site) -> None:
    client = site.client()

    first = client.get("/sign-in").text
    switched = client.get("/sign-in?lang=en").text
    after = client.get("/sign-in").text
    back = client.get("/sign-in?lang=vi").text

    assert '<html lang="vi">' in first
    assert "Đăng nhập" in first
    assert '<html lang="en">' in switched
    assert "Đăng nhập" not in switched
    assert after == switched
    assert back == first


def test_unknown_language_is_vietnamese(site: Site) -> None:
    answer = site.client().get("/sign-in?lang=<script>")

    assert '<html lang="vi">' in answer.text
    assert "<script>" not in answer.text


@pytest.mark.parametrize("path", ["/sign-in", "/api/v1/batches", "/review/doc_0"])
def test_body_that_is_announced_too_large_is_refused(program: Client, path: str) -> None:
    answer = program.post(path, content=b"0" * (_MIB + 1))

    assert answer.status_code == 413


def test_body_that_turns_out_too_large_is_refused(program: Client) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"0" * (_MIB // 10)

    answer = program.post("/api/v1/deliveries?filename=a.pdf", content=pieces())

    assert answer.status_code == 413
    assert answer.json()["code"] == "body_too_large"


def test_a_name_too_long_is_refused_beside_a_form_too(program: Client) -> None:
    answer = program.post(
        f"/api/v1/deliveries?filename={'a' * 401}", files={"file": ("a.pdf", b"%PDF-1.7")}
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_file_over_the_limit_is_refused_and_not_kept(site: Site, program: Client) -> None:
    answer = program.post("/api/v1/deliveries?filename=a.pdf", content=b"0" * (_MIB + 1))

    assert answer.status_code == 413
    assert answer.json()["code"] == "file_too_large"
    assert list(site.services.work.incoming.iterdir()) == []


@pytest.mark.parametrize("length", ["-1", "abc", "1e9"])
def test_odd_length_is_refused(program: Client, length: str) -> None:
    answer = program.post("/api/v1/batches", headers={"Content-Length": length})

    assert answer.status_code == 413


@pytest.mark.parametrize("as_form", [True, False])
@pytest.mark.parametrize("name", ["../../etc/đơn.pdf", "C:\\giấy tờ\\đơn.pdf", "/đơn.pdf"])
def test_path_in_a_file_name_is_left_out(program: Client, name: str, *, as_form: bool) -> None:
    content = f"%PDF {name} {as_form}".encode()

    if as_form:
        answer = program.post("/api/v1/deliveries", files={"file": (name, content)})
    else:
        answer = program.post("/api/v1/deliveries", params={"filename": name}, content=content)

    assert answer.status_code == 202
    assert answer.json()["file_name"] == "đơn.pdf"


def test_form_without_a_file_is_refused(program: Client) -> None:
    answer = program.post("/api/v1/deliveries", files={"other": ("a.pdf", b"%PDF")})

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_same_key_is_the_same_delivery(program: Client) -> None:
    receipts = [
        program.post(
            "/api/v1/deliveries?filename=a.pdf",
            content=b"%PDF mot",
            headers={"Idempotency-Key": "khoa-1"},
        ).json()
        for _ in range(2)
    ]

    assert [one["repeated"] for one in receipts] == [False, True]
    assert receipts[0]["id"] == receipts[1]["id"]
    assert (
        program.get(f"/api/v1/deliveries/{receipts[0]['id']}").json()["sha256"]
        == (receipts[0]["sha256"])
    )


def test_policy_that_files_everything_is_not_for_programs(program: Client) -> None:
    answer = program.post("/api/v1/deliveries?confirm_by=backfile", content=b"%PDF")

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_description_of_the_api_names_every_address(site: Site) -> None:
    described = site.client().get("/api/v1/openapi.json").json()

    assert described["openapi"].startswith("3.1")
    assert "/api/v1/deliveries" in described["paths"]
    assert not [path for path in described["paths"] if not path.startswith("/api/v1/")]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "sohoa.example"])  # noqa: S104 - refused
def test_plain_http_is_refused_off_the_loopback(host: str) -> None:
    with pytest.raises(UnsafeAddressError) as caught:
        check_address(host, tls_cert=None, tls_key=None)

    assert "--tls-cert" in caught.value.reason.vi


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.8.8.8"])
def test_plain_http_is_served_on_the_loopback(host: str) -> None:
    check_address(host, tls_cert=None, tls_key=None)
