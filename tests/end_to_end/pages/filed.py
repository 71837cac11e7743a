"""A home with a whole batch filed, digitized once; each test visits a copy."""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.end_to_end.conftest import PROJECT, Office
from tests.end_to_end.pages.browsing import WIDE, Visit, make_account, visit

BATCH = PROJECT / "samples" / "batches" / "1-khai-sinh"
DOSSIER = "H99.12.03-260316-0007"
WHY = "kiểm tra thành phần hồ sơ"


def file_batch(home: Path) -> Path:
    """File the papers of a birth registration by the bulk rule; return the home."""
    office = Office(home=home)
    done = office.sohoa("digitize", "--batch", "--confirm-by", "backfile", "--json", str(BATCH))
    states = [json.loads(line)["state"] for line in done.stdout.splitlines()]
    assert states, done.stderr
    assert set(states) == {"filed"}
    return home


@contextmanager
def visiting(
    browser: Browser,
    office: Office,
    filed: Path,
    *,
    role: str = "officer",
    language: str = "vi",
    size: tuple[int, int] = WIDE,
) -> Iterator[Visit]:
    """Give somebody's browser over a copy of the filed home."""
    shutil.copytree(filed, office.home)
    password = make_account(office, role)
    office.serve()
    with visit(browser, office, password, role=role, language=language, size=size) as made:
        yield made


def say_why(page: Page) -> None:
    """Answer the question for the purpose by keys alone."""
    expect(page.locator("textarea[name=purpose]")).to_be_focused()
    page.keyboard.type(WHY)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def document_in(address: str) -> str:
    """Return the id of the document that an address names."""
    found = re.search(r"doc_\w+", address)
    assert found is not None, address
    return found[0]
