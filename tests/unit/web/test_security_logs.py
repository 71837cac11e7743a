"""What errors and logs tell: never what stands on paper, who it is about, or a secret."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from classification.confirming import Decision
from tests.end_to_end.papers import DECISION, write_encrypted_pdf, write_scan
from tests.end_to_end.stepping import CLERK, deliver, opened_home, run_all, status_of
from tests.unit.web.site import PASSWORD, Browser, Site
from workers.reviewing import confirm
from workers.signing_in import make_token

pytestmark = pytest.mark.xdist_group("web-security-logs")
OWNER, OWNER_NAME = "099093000012", "Nguyễn Thị Đường Mật"
FILE_NAME = "đơn của bà Đường.tif"
FILE_PASSWORD = "mo-tep-nay-ra"  # noqa: S105 - of a file of the test
INSIDES = ("Traceback", 'File "', "sqlalchemy", "sqlite", "site-packages", "SELECT ", ".py")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with opened_home(tmp_path_factory.mktemp("home")) as services:
        made = Site(services)
        made.add_person("an.tran", "officer")
        yield made
        made.close()


def test_a_whole_day_leaves_no_person_no_text_and_no_secret_in_the_logs(
    site: Site, tmp_path_factory: pytest.TempPathFactory, capfd: pytest.CaptureFixture[str]
) -> None:
    with capture_logs() as logs:
        secrets = live_through_a_day(site, tmp_path_factory)
    written = "".join(capfd.readouterr()) + repr(logs)

    assert [line["event"] for line in logs if line["event"] == "stage failed"]
    for secret in (*secrets, OWNER, OWNER_NAME, FILE_NAME, FILE_PASSWORD, PASSWORD, "Ví Dụ"):
        assert secret not in written, secret


def live_through_a_day(site: Site, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """Sign in, deliver, fail, confirm, search and ask; return what must not be told."""
    services, folder = site.services, tmp_path_factory.mktemp("day")
    browser = site.browser_of("an.tran")
    browser.post("/sign-in", data={"name": OWNER_NAME, "password": FILE_PASSWORD})
    deliver(services, write_encrypted_pdf(folder / "khoa.pdf", password=FILE_PASSWORD))
    spoilt = folder / f"hong-{FILE_NAME}"
    spoilt.write_bytes(OWNER.encode())
    deliver(services, spoilt)
    followed = deliver(services, write_scan(folder / FILE_NAME, DECISION), policy="none")
    run_all(services)
    (waiting,) = status_of(services, followed).documents
    values = {"owner_id": OWNER, "owner_name": OWNER_NAME}
    confirm(services, waiting.id, Decision(component_type="quyet_dinh", values=values), actor=CLERK)
    run_all(services)
    token = make_token(services, name="dvc", display_name="dvc", role="dossier_system")
    program = site.client(headers={"Authorization": f"Bearer {token}"})
    for address in (
        f"/search?q={OWNER_NAME}",
        f"/search?q={OWNER}",
        f"/owners/{OWNER}",
        f"/owners/{OWNER}?dossier={OWNER}",
        f"/documents/{OWNER}",
        "/accounts",
    ):
        browser.get(address)
    program.get("/api/v1/once-only", params={"owner": OWNER, "procedure": "1", "dossier": OWNER})
    program.post("/api/v1/batches", json={"owner_id": [OWNER]})
    program.post("/api/v1/deliveries", params={"filename": FILE_NAME}, content=b"")
    return token, browser.csrf, *browser.client.cookies.values()


@pytest.fixture
def broken(site: Site) -> Iterator[Browser]:
    """Give a browser of a site whose catalogue has lost a table."""
    browser = site.browser_of("an.tran")
    with site.services.database.writing() as connection:
        connection.execute(text("ALTER TABLE documents RENAME TO gone"))
    yield browser
    with site.services.database.writing() as connection:
        connection.execute(text("ALTER TABLE gone RENAME TO documents"))


def test_unexpected_error_is_told_without_its_words(site: Site) -> None:
    browser = site.browser_of("an.tran")
    with site.services.database.writing() as connection:
        kept = connection.execute(text("SELECT id, findings FROM documents")).all()
        assert kept
        connection.execute(
            text("UPDATE documents SET findings = :spoilt"), {"spoilt": f'[{{"{OWNER}": 1}}]'}
        )

    with capture_logs() as logs:
        answers = [
            browser.get(f"{prefix}/{row.id}")
            for row in kept
            for prefix in ("/review", "/documents")
        ]

    with site.services.database.writing() as connection:
        for row in kept:
            connection.execute(
                text("UPDATE documents SET findings = :findings WHERE id = :id"), row._asdict()
            )
    assert 500 in {one.status_code for one in answers}
    assert "request failed" in {line["event"] for line in logs}
    assert OWNER not in repr(logs)
    for one in answers:
        assert OWNER not in one.text
        for inside in INSIDES:
            assert inside not in one.text


@pytest.mark.parametrize("path", ["/documents/doc_0", "/api/v1/documents/doc_0", "/review"])
def test_failure_shows_nothing_of_the_insides(broken: Browser, path: str) -> None:
    answer = broken.get(path)

    assert answer.status_code in (500, 503)
    for inside in INSIDES:
        assert inside not in answer.text
    assert answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("/api/v1/search", {"limit": OWNER}),
        ("/api/v1/audit", {"limit": "-1"}),
        ("/search", {"page": OWNER}),
        ("/api/v1/documents/%00", {}),
        ("/documents/\u202e", {}),
        ("/api/v1/search", {"q": "a" * 5000}),
        ("/api/v1/search", {"cursor": "' OR 1=1 --"}),
    ],
)
def test_wrong_question_is_answered_without_repeating_it_to_programs(
    site: Site, path: str, wrong: dict[str, str]
) -> None:
    browser = site.browser_of("an.tran")

    answer = browser.get(path, params=wrong)

    assert answer.status_code < 500
    for inside in (*INSIDES, "pydantic"):
        assert inside not in answer.text.replace("/static/", "")
    if path.startswith("/api/"):
        assert OWNER not in answer.text
