"""The ways to read a page that are compared word by word."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring import Usage, run_measured

_ONE_THREAD = {"OMP_THREAD_LIMIT": "1"}
_PAGE_END = "\f"


@dataclass(frozen=True, slots=True, kw_only=True)
class WordRead:
    """A word, whether a person should look at it, and how sure the reader is, from 0 to 1."""

    text: str
    doubtful: bool
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a contender read on each page, and what that used; `words` only where it says more."""

    texts: Sequence[str]
    words: Sequence[Sequence[WordRead]]
    cpu_seconds: float
    wall_seconds: float
    peak_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A way to read, or why it cannot take part."""

    name: str
    read: Callable[[Sequence[Path]], Reading] | None = None
    why_not: str = ""
    is_slow: bool = False


def contenders(peers: Path | None, why_no_peers: str) -> list[Contender]:
    """Return all ways to read; the first is the yardstick, the next two are ours."""
    return [
        Contender(name="tesserocr alone", read=_read_bare),
        Contender(name="sohoa, as recognised", read=lambda pages: _read_here(pages, "--raw")),
        Contender(name="sohoa", read=_read_here),
        _program_contender(),
        *_ocrmypdf_contenders(peers, why_no_peers),
        _script_contender(peers, why_no_peers),
    ]


def _read_bare(pages: Sequence[Path]) -> Reading:
    out, usage = _measure([sys.executable, "-m", "benchmarks.bare_tesserocr", "--ends", *pages])
    return _reading(out.split(_PAGE_END)[: len(pages)], [usage])


def _read_here(pages: Sequence[Path], *options: str) -> Reading:
    out, usage = _measure([sys.executable, "-m", "benchmarks.read_by_sohoa", *options, *pages])
    records = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    words = [[WordRead(**word) for word in record["words"]] for record in records]
    return _reading([record["text"] for record in records], [usage], words)


def _program_contender() -> Contender:
    name = "Tesseract's program"
    if shutil.which("tesseract") is None:
        return Contender(name=name, why_not="tesseract is not installed")

    def read(pages: Sequence[Path]) -> Reading:
        options = ["-l", "vie", "--psm", "3", "--oem", "1"]
        runs = [_measure(["tesseract", page, "stdout", *options], _ONE_THREAD) for page in pages]
        return _reading([out for out, _ in runs], [usage for _, usage in runs])

    return Contender(name=name, read=read)


def _ocrmypdf_contenders(peers: Path | None, why_no_peers: str) -> list[Contender]:
    ways = {
        "OCRmyPDF": [],
        "OCRmyPDF --deskew --rotate-pages --clean": ["--deskew", "--rotate-pages", "--clean"],
    }
    if peers is None or not (peers / "ocrmypdf").exists():
        return [Contender(name=name, why_not=why_no_peers) for name in ways]
    return [
        Contender(name=name, read=_ocrmypdf_reader(peers, options), is_slow=True)
        for name, options in ways.items()
    ]


def _ocrmypdf_reader(peers: Path, options: Sequence[str]) -> Callable[[Sequence[Path]], Reading]:
    def read(pages: Sequence[Path]) -> Reading:
        texts, usages = [], []
        for page in pages:
            with tempfile.TemporaryDirectory(prefix="sohoa-benchmark-") as folder:
                given, made = Path(folder) / "given.pdf", Path(folder) / "made.pdf"
                subprocess.run([peers / "img2pdf", "--output", given, page], check=True)
                command: list[str | Path] = [peers / "ocrmypdf", "--language", "vie", *options]
                command += [given, made]
                path = f"{peers}:{os.environ.get('PATH', '/usr/bin:/bin')}"
                _, usage = _measure(command, {**_ONE_THREAD, "PATH": path})
                usages.append(usage)
                found = subprocess.run(["pdftotext", made, "-"], check=True, capture_output=True)
                texts.append(found.stdout.decode())
        return _reading(texts, usages)

    return read


def _script_contender(peers: Path | None, why_no_peers: str) -> Contender:
    """Pytesseract over what pdf2image draws, as the usual script has it."""
    name = "pytesseract + pdf2image"
    if peers is None or not list(peers.parent.glob("lib/*/site-packages/pdf2image")):
        return Contender(name=name, why_not=why_no_peers if peers is None else "no pdf2image")
    script = (
        "import sys, pytesseract, pdf2image\n"
        "for page in pdf2image.convert_from_path(sys.argv[1], 300):\n"
        "    print(pytesseract.image_to_string(page, lang='vie'))\n"
    )

    def read(pages: Sequence[Path]) -> Reading:
        runs = []
        for page in pages:
            with tempfile.TemporaryDirectory(prefix="sohoa-benchmark-") as folder:
                given = Path(folder) / "given.pdf"
                subprocess.run([peers / "img2pdf", "--output", given, page], check=True)
                runs.append(_measure([peers / "python", "-c", script, given], _ONE_THREAD))
        return _reading([out for out, _ in runs], [usage for _, usage in runs])

    return Contender(name=name, read=read, is_slow=True)


def _measure(
    command: Sequence[str | Path], environment: dict[str, str] | None = None
) -> tuple[str, Usage]:
    with tempfile.TemporaryDirectory(prefix="sohoa-benchmark-") as folder:
        out = Path(folder) / "out"
        usage = run_measured(command, out=out, environment=environment)
        return out.read_text(encoding="utf-8", errors="replace"), usage


def _reading(
    texts: Sequence[str], usages: Sequence[Usage], words: Sequence[Sequence[WordRead]] = ()
) -> Reading:
    return Reading(
        texts=texts,
        words=words,
        cpu_seconds=sum(usage.cpu_seconds for usage in usages),
        wall_seconds=sum(usage.wall_seconds for usage in usages),
        peak_bytes=max(max(usage.parent_peak_bytes, usage.child_peak_bytes) for usage in usages),
    )
