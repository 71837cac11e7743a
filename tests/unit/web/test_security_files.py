"""Files under attack: what is uploaded, how bytes are given out, who may read what lies on disk."""

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from database.connecting import open_sqlite
from database.migrating import migrate
from documents.clock import SystemClock
from signing.errors import ExposedSecretError
from signing.local_authority import ensure_local_authority
from tests.end_to_end.papers import DECISION, write_scan
from tests.end_to_end.stepping import deliver, opened_home, run_all, status_of
from tests.unit.web.site import Browser, Client, Site
from workers.following import follow_batch

pytestmark = pytest.mark.xdist_group("web-security-files")
HTML = b"<!doctype html><script>alert(document.cookie)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with opened_home(tmp_path_factory.mktemp("parent") / "home") as services:
        made = Site(services)
        made.add_person("an.tran", "officer")
        yield made
        made.close()


@pytest.fixture(scope="module")
def browser(site: Site) -> Browser:
    return site.browser_of("an.tran")


@pytest.fixture(scope="module")
def program(site: Site) -> Client:
    return site.program("dvc")


@pytest.fixture(scope="module")
def filed(site: Site, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """File a scan; return the document and its page."""
    scan = write_scan(tmp_path_factory.mktemp("scan") / "a.tif", DECISION)
    followed = deliver(site.services, scan)
    run_all(site.services)
    status = status_of(site.services, followed)
    return status.documents[0].id, status.pages[0].id


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("trang.html", HTML, "text/html"),
        ("anh.svg", SVG, "image/svg+xml"),
        ("anh.jpg", HTML, "image/jpeg"),
        ("ma.js", b"alert(1)", "text/javascript"),
        ("a.pdf", b"MZ\x90\x00" + b"\0" * 64, "application/pdf"),
        ("don.pdf.php", b"<?php system('id'); ?>", "application/x-php"),
        (
            "gui.xml",
            b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
            "text/xml",
        ),
    ],
)
def test_upload_that_is_no_scan_is_never_given_out_under_any_type(
    site: Site, program: Client, browser: Browser, name: str, content: bytes, kind: str
) -> None:
    answer = program.post(
        "/api/v1/deliveries", params={"filename": name}, content=content,
        headers={"Content-Type": kind},
    )  # fmt: skip
    run_all(site.services)

    told = answer.json()
    (after,) = follow_batch(site.services, told["batch_id"]).deliveries
    assert (after.state, after.reason is not None) == ("set_aside", True)
    for path in (f"/static/{name}", f"/{name}", f"/pages/{told['id']}.jpg", f"/deliveries/{name}"):
        shown = browser.get(path)
        assert shown.status_code == 404
        assert content not in shown.content


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/documents/{document}/pages/1.jpg", "image/jpeg"),
        ("/pages/{page}.jpg", "image/jpeg"),
        ("/documents/{document}/pages/1/lit.svg?q=duong", "image/svg+xml"),
        ("/documents/{document}/pages/1/words.json", "application/json"),
        ("/documents/{document}/file", "application/pdf"),
    ],
)
def test_bytes_come_with_one_type_of_ours_and_are_not_guessed_at(
    browser: Browser, filed: tuple[str, str], path: str, kind: str
) -> None:
    document, page = filed

    answer = browser.get(path.format(document=document, page=page))

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "public" not in answer.headers["Cache-Control"]


@pytest.mark.parametrize("prefix", ["/documents", "/api/v1/documents"])
def test_stored_file_is_downloaded_under_a_name_of_ours(
    browser: Browser, filed: tuple[str, str], prefix: str
) -> None:
    answer = browser.get(f"{prefix}/{filed[0]}/file")

    assert answer.headers["Content-Disposition"] == f'attachment; filename="{filed[0]}.pdf"'
    assert answer.content.startswith(b"%PDF")


@pytest.mark.parametrize(
    "name",
    [
        "../../../../etc/cron.d/x",
        "..\\..\\windows\\x.pdf",
        "a\r\nSet-Cookie: x=1.pdf",
        "a\0.pdf",
        "." * 50,
        "đơn" * 200 + ".pdf",
        "%2e%2e%2fa.pdf",
    ],
)
def test_names_from_outside_never_become_paths(site: Site, program: Client, name: str) -> None:
    answer = program.post(
        "/api/v1/deliveries", params={"filename": name}, content=f"%PDF {name}".encode()
    )

    assert answer.status_code in (202, 422)
    if answer.status_code == 202:
        told = answer.json()
        assert "/" not in told["file_name"]
        assert "\\" not in told["file_name"]
        assert told["file_name"].isprintable()
        assert site.services.work.delivery_file(told["id"]).name == told["id"]
    home = site.services.settings.home
    assert {one.name for one in home.parent.iterdir()} == {"home"}
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/documents/..%2f..%2fsohoa.db",
        "/api/v1/documents/..%2f..%2fsohoa.db/file",
        "/pages/..%2f..%2fpki%2fpassphrase.jpg",
        "/static/..%2f..%2fsohoa.toml",
        "/static/desk/..%2f..%2f..%2fpyproject.toml",
        "/static/shared/base.html",
        "/static/desk/routes.py",
        "/static/desk/en.po",
        "/static/",
        "/static/desk/",
        "/.git/HEAD",
        "/pyproject.toml",
    ],
)
def test_no_address_leads_to_a_file_of_the_machine(browser: Browser, path: str) -> None:
    answer = browser.get(path)

    assert answer.status_code in (404, 422)
    assert "passphrase" not in answer.text
    assert b"SQLite format" not in answer.content


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["/desk", "/static/shared/tokens.css", "/api/v1/batches"])
def test_methods_that_nothing_needs_are_refused(browser: Browser, method: str, path: str) -> None:
    answer = browser.client.request(method, path, headers={"X-CSRF-Token": browser.csrf})

    assert answer.status_code in (404, 405)
    assert browser.csrf not in answer.text


def test_nothing_of_a_home_is_open_to_other_accounts(site: Site, filed: tuple[str, str]) -> None:
    assert filed
    home = site.services.settings.home

    for folder in (home, home / "work", home / "archive", home / "pki"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder.name
    for file in (*home.glob("sohoa.db*"), *(home / "pki").glob("*.[kp]*"), home / "pki/passphrase"):
        if file.suffix != ".pem":
            assert not file.stat().st_mode & 0o077, file.name


@pytest.mark.parametrize(
    ("name", "mode"),
    [("passphrase", 0o644), ("passphrase", 0o660), ("officer.p12", 0o640), ("root.key", 0o604)],
)
def test_keys_that_others_can_read_are_refused(tmp_path: Path, name: str, mode: int) -> None:
    authority = ensure_local_authority(tmp_path / "pki", clock=SystemClock())
    before = authority.passphrase()
    (authority.folder / name).chmod(mode)

    with pytest.raises(ExposedSecretError) as refused:
        authority.passphrase()

    assert f"pki/{name}" in refused.value.reason.vi
    (authority.folder / name).chmod(0o600)
    assert authority.passphrase() == before


def test_catalogue_is_private_also_in_a_folder_that_is_open(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    database = open_sqlite(tmp_path / "sohoa.db")
    migrate(database)

    modes = {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.glob("sohoa.db*")}
    database.close()

    assert modes == {0o600}


def test_files_on_their_way_lie_only_under_folders_of_their_own(
    site: Site, program: Client
) -> None:
    program.post("/api/v1/deliveries", params={"filename": "b.pdf"}, content=b"%PDF cho")

    for folder in (site.services.work.incoming, site.services.work.uploads):
        assert not folder.stat().st_mode & 0o077
    for file in _files_of(site.services.settings.work_folder):
        assert not file.is_symlink()
        assert not file.stat().st_mode & (stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)


def _files_of(folder: Path) -> list[Path]:
    return [one for one in folder.rglob("*") if one.is_file() or one.is_symlink()]


def test_deliveries_of_one_name_do_not_meet(site: Site, program: Client) -> None:
    told = [
        program.post("/api/v1/deliveries", params={"filename": "trung.pdf"}, content=content)
        for content in (b"%PDF mot", b"%PDF hai")
    ]

    first, second = (site.services.work.delivery_file(one.json()["id"]) for one in told)
    assert (first.read_bytes(), second.read_bytes()) == (b"%PDF mot", b"%PDF hai")
