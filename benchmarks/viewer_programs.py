"""PDFium, Poppler and pdf.js as users meet them: what is marked for a word, what is copied."""

import ctypes
import re
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast

import pypdfium2 as pdfium
from lxml import etree
from playwright.sync_api import sync_playwright
from pypdfium2 import raw

Edges = tuple[float, float, float, float]
"""Left, top, right, bottom in points from the upper left."""

_WORD = re.compile(r"\S+")
# PDFium gives a hyphen at the end of a line as this.
_HYPHEN = "\x02"
_PLACE = "/file.pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPage:
    """What a viewer makes of a page: each word with its mark, and the text that is copied."""

    words: Sequence[tuple[str, Edges]]
    copied: str


Look = Callable[[Path], list[SeenPage]]
"""Opens a PDF and returns its pages."""


def look_by_pdfium(file: Path) -> list[SeenPage]:
    """Return what PDFium, the viewer of Chrome and Edge, marks and copies."""
    document = pdfium.PdfDocument(file)
    try:
        return [_page_by_pdfium(page) for page in document]
    finally:
        document.close()


def _page_by_pdfium(page: pdfium.PdfPage) -> SeenPage:
    text, height = page.get_textpage(), page.get_height()
    # One character for each of PDFium's own, so that places fit; surrogates are joined below.
    content = "".join(
        chr(raw.FPDFText_GetUnicode(text, place)).replace(_HYPHEN, "-").replace("\0", " ")
        for place in range(text.count_chars())
    )
    words = [
        (found.group(), _mark_by_pdfium(text, found.start(), len(found.group()), height))
        for found in _WORD.finditer(content)
    ]
    return SeenPage(words=words, copied=text.get_text_range().replace(_HYPHEN, "-"))


def _mark_by_pdfium(text: pdfium.PdfTextPage, start: int, count: int, height: float) -> Edges:
    """Return the box around all that is marked for a word."""
    marks: list[Edges] = []
    for number in range(raw.FPDFText_CountRects(text, start, count)):
        left, top, right, bottom = (ctypes.c_double() for _ in range(4))
        raw.FPDFText_GetRect(text, number, left, top, right, bottom)
        marks.append((left.value, height - top.value, right.value, height - bottom.value))
    if not marks:
        return (0.0, 0.0, 0.0, 0.0)
    lefts, tops, rights, bottoms = zip(*marks, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def look_by_poppler(file: Path) -> list[SeenPage]:
    """Return what Poppler, the library of Evince and Okular, marks and copies."""
    told = subprocess.run(
        ["pdftotext", "-bbox", "-enc", "UTF-8", str(file), "-"], capture_output=True, check=True
    )
    root = etree.fromstring(told.stdout, etree.XMLParser(recover=True, huge_tree=True))
    copied = subprocess.run(
        ["pdftotext", "-raw", "-enc", "UTF-8", str(file), "-"], capture_output=True, check=True
    )
    texts = copied.stdout.decode().split("\f")
    pages = list(root.iter("{*}page"))
    return [
        SeenPage(words=[_word_by_poppler(one) for one in page.iter("{*}word")], copied=text)
        for page, text in zip(pages, texts, strict=False)
    ]


def _word_by_poppler(word: etree._Element) -> tuple[str, Edges]:
    left, top, right, bottom = (
        float(word.get(name) or 0.0) for name in ("xMin", "yMin", "xMax", "yMax")
    )
    return word.text or "", (left, top, right, bottom)


@contextmanager
def looking_by_pdfjs(folder: Path, browser: str) -> Iterator[Look]:
    """Give a look by pdf.js in a real Chromium, at twice the size of paper.

    Args:
        folder: holds `look.html` and the installed packages.
        browser: the program.
    """
    shown: dict[str, Path] = {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, shown, str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(
                executable_path=browser, args=["--no-sandbox", "--disable-gpu"]
            )
            page = chromium.new_page()
            page.goto(f"http://127.0.0.1:{server.server_port}/look.html")
            page.wait_for_function("window.isReady")

            def look(file: Path) -> list[SeenPage]:
                shown[_PLACE] = file
                return [_page_by_pdfjs(one) for one in page.evaluate(f"look('{_PLACE}')")]

            yield look
            chromium.close()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _page_by_pdfjs(told: Mapping[str, Any]) -> SeenPage:
    words = [(text, cast("Edges", tuple(edges))) for text, *edges in told["words"]]
    return SeenPage(words=words, copied=told["copied"])


class _Files(SimpleHTTPRequestHandler):
    """The page and the packages, and one PDF under a name that stays."""

    extensions_map = {  # noqa: RUF012 - as the class above has it
        **SimpleHTTPRequestHandler.extensions_map,
        ".mjs": "text/javascript",
    }

    def __init__(self, shown: Mapping[str, Path], folder: str, *request: Any) -> None:
        self._shown = shown
        super().__init__(*request, directory=folder)

    def translate_path(self, path: str) -> str:
        file = self._shown.get(path)
        return super().translate_path(path) if file is None else str(file)

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""
