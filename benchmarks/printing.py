"""Prints HTML to page images: Chromium lays out, Poppler draws."""

import shutil
import subprocess
from pathlib import Path

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class NoBrowserError(RuntimeError):
    """No Chromium is installed, which prints the pages."""


def print_html(html: str, work: Path, *, dpi: int, is_grey: bool = False) -> list[Path]:
    """Return the files of the pages of a document, in order; they are written into `work`.

    Raises:
        NoBrowserError: Chromium is missing.
    """
    pdf = _print(html, work)
    subprocess.run(
        [
            "pdftoppm", "-r", str(dpi), *(["-gray"] if is_grey else []),
            str(pdf), str(work / "raster"),
        ],
        check=True,
    )  # fmt: skip
    return sorted(work.glob("raster*.p?m"))


def _print(html: str, work: Path) -> Path:
    browser = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        raise NoBrowserError(f"none of {', '.join(_BROWSERS)} is installed")
    source, pdf = work / "prose.html", work / "prose.pdf"
    source.write_text(html, encoding="utf-8")
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    subprocess.run(
        [*command, f"--user-data-dir={work / 'profile'}", f"--print-to-pdf={pdf}", str(source)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return pdf
