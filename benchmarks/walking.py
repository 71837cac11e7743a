"""A walk through the pages by keys alone: each step with its presses, looks and seconds."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Page, sync_playwright

PRESS_SECONDS = 0.2
"""A slow typist's time for a key."""
LOOK_SECONDS = 2.0
"""A look at a list, until the eye has found."""

_FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


@dataclass(kw_only=True)
class Step:
    """What a person did up to a point of the walk, and for how long the machine kept them."""

    name: str
    presses: int = 0
    looks: int = 0
    machine_seconds: float = 0.0

    @property
    def seconds(self) -> float:
        """How long the step takes by hand."""
        return self.presses * PRESS_SECONDS + self.looks * LOOK_SECONDS + self.machine_seconds


@dataclass
class Walk:
    """A person at a page."""

    page: Page
    steps: list[Step] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Time what the machine takes until the page shows what the person waits for."""
        made = Step(name=name)
        self.steps.append(made)
        began = time.perf_counter()
        yield made
        made.machine_seconds = time.perf_counter() - began

    def press(self, *keys: str) -> None:
        """Press keys; each counts."""
        for key in keys:
            self.page.keyboard.press(key)
        self.steps[-1].presses += len(keys)

    def type(self, text: str) -> None:
        """Type a text; each character counts."""
        self.page.keyboard.type(text)
        self.steps[-1].presses += len(text)

    def pull_trigger(self, code: str) -> None:
        """Read a slip with a hand scanner, which types its code and Enter: one press."""
        self.page.keyboard.type(code)
        self.page.keyboard.press("Enter")
        self.steps[-1].presses += 1

    def look(self) -> None:
        """Look at a list."""
        self.steps[-1].looks += 1

    @property
    def whole(self) -> Step:
        """The sum of all steps."""
        return Step(
            name="whole",
            presses=sum(one.presses for one in self.steps),
            looks=sum(one.looks for one in self.steps),
            machine_seconds=sum(one.machine_seconds for one in self.steps),
        )

    def table(self) -> list[list[str]]:
        """Return the steps and their sum as rows."""
        rows = [["step", "presses", "looks", "machine s", "by hand s"]]
        for one in (*self.steps, self.whole):
            figures = [f"{one.machine_seconds:.1f}", f"{one.seconds:.1f}"]
            rows.append([one.name, str(one.presses), str(one.looks), *figures])
        return rows


@contextmanager
def signed_in_page(
    url: str, cookie: str, *, chromium: str, size: tuple[int, int]
) -> Iterator[Page]:
    """Give a page of somebody's browser.

    Args:
        url: of the server.
        cookie: name and value, as the server set it.
        chromium: the browser's program.
        size: of the window in px.
    """
    name, _, value = cookie.partition("=")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=_FLAGS)
        context = browser.new_context(
            base_url=url, viewport={"width": size[0], "height": size[1]}, locale="vi"
        )
        context.add_cookies([{"name": name, "value": value, "url": url}])
        yield context.new_page()
        browser.close()
