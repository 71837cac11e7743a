# ruff: noqa: INP001, S603, T201 - a program, not a package; it starts ours and says what it made
"""Makes the pictures of the main pages: a real server over a home of its own, a real browser."""

import io
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

PROJECT = Path(__file__).parents[1]
SAMPLES = PROJECT / "samples" / "batches"
PICTURES = PROJECT / "docs" / "pictures"
SOHOA = Path(sys.executable).with_name("sohoa")
_MOST_BYTES = 150_000
_WIDE: ViewportSize = {"width": 1280, "height": 860}
_NARROW: ViewportSize = {"width": 390, "height": 844}
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_ACCOUNT = "operator"


class ScreenshotError(Exception):
    """A picture cannot be made; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Office:
    """A home for the pictures and the command line over it."""

    home: Path

    @property
    def environment(self) -> dict[str, str]:
        """The environment with this home and no other setting of ours."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SOHOA_")}
        return {**kept, "SOHOA_HOME": str(self.home)}

    def sohoa(self, *arguments: str) -> list[dict[str, str]]:
        """Run a command with `--json` and return its records."""
        done = subprocess.run(
            [SOHOA, *arguments, "--json"],
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        return [json.loads(line) for line in done.stdout.splitlines()]

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Serve on a free port of the loopback and give the address."""
        with subprocess.Popen(
            [SOHOA, "serve", "--port", "0", "--json"],
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
        ) as server:
            assert server.stdout is not None  # noqa: S101 - it was asked for as a pipe
            try:
                yield json.loads(server.stdout.readline())["url"]
            finally:
                server.send_signal(signal.SIGTERM)


@dataclass(frozen=True, slots=True)
class Shots:
    """Where in the office the pictures are taken."""

    batch_id: str
    review_id: str
    document_id: str


def main() -> None:
    """Make all pictures anew."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise ScreenshotError("There is no chromium. Run: make install-dev")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="sohoa-pictures-") as folder:
        office = Office(Path(folder) / "home")
        shots = fill_office(office, Path(folder))
        secret = office.sohoa("accounts", "reset", _ACCOUNT)[0]["password"]
        with office.serving() as url, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=_FLAGS)
            take_pictures(browser, url, secret, shots)
            browser.close()


def fill_office(office: Office, folder: Path) -> Shots:
    """Digitize the bundled samples as `make run` does, and two files that are set aside."""
    subprocess.run(
        [sys.executable, PROJECT / "samples" / "digitize_samples.py"],
        env=office.environment,
        stdout=subprocess.DEVNULL,  # it prints passwords
        check=True,
    )
    office.sohoa("digitize", *(str(path) for path in _write_troubles(folder)))
    shown = office.sohoa("search", "giay chung sinh")[0]["id"]
    known = next(one["id"] for one in office.sohoa("review") if one["number"])
    batch_id = office.sohoa("show", known)[0]["batch_id"]
    return Shots(batch_id=batch_id, review_id=known, document_id=shown)


def _write_troubles(folder: Path) -> tuple[Path, Path]:
    """Write an encrypted PDF and half an image."""
    encrypted, cut = folder / "don-de-nghi-co-mat-khau.pdf", folder / "anh-hong.jpg"
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        pdf.save(encrypted, encryption=pikepdf.Encryption(user="thu", owner="thu"))
    page = next(SAMPLES.rglob("*.jpg")).read_bytes()
    cut.write_bytes(page[: len(page) // 3])
    return encrypted, cut


def take_pictures(browser: Browser, url: str, secret: str, shots: Shots) -> None:
    """Sign in and take a picture of each main page, some also as a telephone shows them."""
    context = browser.new_context(viewport=_WIDE, locale="vi-VN", color_scheme="light")
    page = context.new_page()
    sign_in(page, url, secret)
    targets = {
        "desk": "/desk",
        "batch": f"/batches/{shots.batch_id}",
        "review": f"/review/{shots.review_id}",
        "document": f"/documents/{shots.document_id}",
        "search": "/search?q=giay+chung+sinh",
        "aside": "/aside",
        "system": "/system",
    }
    for name, target in targets.items():
        take_picture(page, url + target, PICTURES / f"{name}.png")
    page.set_viewport_size(_NARROW)
    for name in ("desk", "search"):
        take_picture(page, url + targets[name], PICTURES / f"{name}-narrow.png")
    context.close()


def sign_in(page: Page, url: str, first: str) -> None:
    """Sign in with the first password, change it, and sign in again."""
    second = secrets.token_urlsafe(16)
    page.goto(f"{url}/sign-in")
    _fill_in(page, first)
    page.wait_for_url("**/password")
    page.fill("input[name=old]", first)
    page.fill("input[name=new]", second)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in")
    _fill_in(page, second)
    page.wait_for_url("**/desk")


def _fill_in(page: Page, password: str) -> None:
    page.fill("input[name=name]", _ACCOUNT)
    page.fill("input[name=password]", password)
    page.keyboard.press("Enter")


def take_picture(page: Page, target: str, out: Path) -> None:
    """Take what is on the screen once all pictures on it are loaded."""
    page.goto(target)
    page.wait_for_function(
        "() => [...document.images]"
        ".filter(i => i.getClientRects().length && i.getBoundingClientRect().top < innerHeight)"
        ".every(i => i.complete && i.naturalWidth > 0)"
    )
    out.write_bytes(_small_png(page.screenshot()))
    print(f"{out.relative_to(PROJECT)}  {out.stat().st_size // 1000} kB")


def _small_png(shot: bytes) -> bytes:
    """Return the picture with 256 colours, chosen by an octree, which keeps rare strong ones."""
    packed = io.BytesIO()
    with Image.open(io.BytesIO(shot)) as image:
        plain = image.convert("RGB")
    few = plain.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(packed, "PNG", optimize=True)
    if packed.tell() > _MOST_BYTES:
        raise ScreenshotError(f"A picture has {packed.tell()} bytes; at most {_MOST_BYTES}.")
    return packed.getvalue()


if __name__ == "__main__":
    main()
