"""Every page as people may see it: both languages, wide and narrow, light and dark, again."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, expect

from tests.end_to_end.conftest import PROJECT, Office
from tests.end_to_end.pages.browsing import NARROW, WIDE, Visit, barriers, browser_of
from tests.end_to_end.pages.filed import DOSSIER, file_batch, say_why, visiting

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("page-every")]

WAITING = PROJECT / "samples" / "batches" / "3-ho-kinh-doanh"
OFFICER_PAGES = (
    "/desk", "/batches/{batch}", "/review", "/review/{waiting}", "/search", "/search?q=khai+sinh",
    "/documents/{filed}", "/dossiers", "/dossiers/{dossier}", "/owners", "/owners/{owner}",
    "/aside", "/system", "/help", "/password",
)  # fmt: skip
ADMINISTRATOR_PAGES = ("/accounts", "/system", "/help", "/password")
Scheme = Literal["light", "dark"]
LOOKS: tuple[tuple[str, tuple[int, int], Scheme], ...] = (
    ("vi", WIDE, "light"),
    ("en", WIDE, "dark"),
    ("vi", NARROW, "dark"),
    ("en", NARROW, "light"),
)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with browser_of(chromium) as made:
        yield made


@pytest.fixture(scope="module")
def filed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a home with filed papers, and others that wait for a person."""
    home = file_batch(tmp_path_factory.mktemp("filed") / "home")
    Office(home=home).sohoa("digitize", "--batch", "--confirm-by", "none", str(WAITING))
    return home


@pytest.fixture(scope="module")
def names(filed: Path) -> Mapping[str, str]:
    """Give what the addresses of pages name."""
    queries = {
        "batch": "SELECT id FROM batches ORDER BY id DESC",
        "waiting": "SELECT id FROM documents WHERE state = 'awaiting_review' ORDER BY id",
        "filed": "SELECT id FROM documents WHERE state = 'filed' ORDER BY id",
        "owner": "SELECT key FROM owners ORDER BY key",
    }
    with closing(sqlite3.connect(filed / "sohoa.db")) as catalogue:
        found = {name: catalogue.execute(query).fetchone() for name, query in queries.items()}
    return {"dossier": DOSSIER, **{name: str(row[0]) for name, row in found.items()}}


@pytest.mark.parametrize(
    ("role", "pages"), [("officer", OFFICER_PAGES), ("administrator", ADMINISTRATOR_PAGES)]
)
def test_every_page_fits_has_no_barriers_and_may_be_loaded_again(
    office: Office,
    filed: Path,
    browser: Browser,
    names: Mapping[str, str],
    role: str,
    pages: tuple[str, ...],
) -> None:
    with visiting(browser, office, filed, role=role) as person:
        paths = [page.format(**names) for page in pages]
        for path in paths:
            _answer_for_what(person, path)

        found = {
            (path, language, size[0], scheme): _look(person, path, language, size, scheme)
            for language, size, scheme in LOOKS
            for path in paths
        }

        assert {look: faults for look, faults in found.items() if faults} == {}
        assert person.troubles == []


def _answer_for_what(person: Visit, path: str) -> None:
    """Say once for what a person's papers are opened, where it is asked."""
    person.go(path)
    if person.page.locator("textarea[name=purpose]:focus").count():
        say_why(person.page)
        # The question stands at the same address as its answer.
        expect(person.page.locator("textarea[name=purpose]")).to_have_count(0)
        person.page.wait_for_load_state()
    person.troubles.clear()  # the browser reports the question itself


def _look(
    person: Visit, path: str, language: str, size: tuple[int, int], scheme: Scheme
) -> list[str]:
    """Open a page, load it again, and return what is wrong with it."""
    page = person.page
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)
    person.go(f"{path}{'&' if '?' in path else '?'}lang={language}")
    heading = page.locator("h1").first.inner_text()
    page.reload()
    faults = barriers(page)
    if page.locator("h1").first.inner_text() != heading:
        faults.append(f"other heading after loading again: {heading}")
    if page.locator("html").get_attribute("lang") != language:
        faults.append("other language")
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > size[0]:
        faults.append(f"{width} px wide")
    return faults
