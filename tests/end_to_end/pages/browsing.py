"""A browser over a real server: signed in, watched for errors and for requests elsewhere."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.end_to_end.conftest import Office

PASSWORD = "mat-khau-du-dai-2026"  # noqa: S105 - of accounts that live for one test
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A field that asks for the focus gets it with the first frame, which may come after "load".
FOCUS_STANDS = (
    "() => !document.querySelector('[autofocus]') || document.activeElement !== document.body"
)
WIDE, NARROW = (1280, 900), (390, 844)


@dataclass
class Visit:
    """A signed-in person's browser; `troubles` holds console errors and requests elsewhere."""

    page: Page
    office: Office
    troubles: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        """Open a page of ours, as far as a person would have to see it before typing."""
        self.page.goto(f"{self.office.url}{path}")
        self.page.wait_for_function(FOCUS_STANDS)

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)


@contextmanager
def browser_of(chromium: str) -> Iterator[Browser]:
    """Give a headless browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


def make_account(office: Office, role: str) -> str:
    """Make an account that is named like its role; return its first password."""
    made = json.loads(office.sohoa("accounts", "add", role, "--role", role, "--json").stdout)
    return str(made["password"])


@contextmanager
def visit(
    browser: Browser,
    office: Office,
    first_password: str,
    *,
    role: str = "operator",
    language: str = "vi",
    size: tuple[int, int] = WIDE,
) -> Iterator[Visit]:
    """Sign somebody in for the first time, and give their browser.

    Args:
        browser: the browser.
        office: the server that is visited.
        first_password: what the account was made with.
        role: its role, which is its name.
        language: of the pages.
        size: of the window in px.
    """
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    made = Visit(page, office)
    page.on("console", lambda m: made.troubles.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: made.troubles.append(str(error)))
    page.on(
        "request",
        lambda r: None if r.url.startswith((office.url, "blob:")) else made.troubles.append(r.url),
    )
    made.go(f"/sign-in?lang={language}")
    _type_password(page, role, first_password)
    page.wait_for_selector("input[name=old]")
    page.fill("input[name=old]", first_password)
    for one in page.locator("input[type=password]:not([name=old])").all():
        one.fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in*")
    _type_password(page, role, PASSWORD)
    page.wait_for_url(lambda url: "/sign-in" not in url)
    yield made
    context.close()


def _type_password(page: Page, name: str, password: str) -> None:
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", password)
    page.keyboard.press("Enter")


def barriers(page: Page) -> list[str]:
    """Return what axe-core finds on the page (WCAG 2.2 A and AA rules), in a line each."""
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    found = Axe().run(page, options=options)
    return [
        f"{one['id']}: {node['target']} {node.get('failureSummary', '')}"
        for one in found.response["violations"]
        for node in one["nodes"]
    ]
