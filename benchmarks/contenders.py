"""The ways to read the pages that are compared: bare tesserocr, this product, OCRmyPDF."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring import Usage, run_measured
from benchmarks.scoring import word_recall
from benchmarks.tables import Run, StageRun

_SOHOA = Path(sys.executable).with_name("sohoa")


class WrongResultError(RuntimeError):
    """A run did not do what is measured, so its figures mean nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """The page images, in order, and what is printed on all of them."""

    pages: Sequence[Path]
    truth: str


def read_bare(material: Material) -> Run:
    """Read the pages by tesserocr alone, in one process of its own."""
    with _folder() as work:
        out = work / "text"
        command: list[str | Path] = [sys.executable, "-m", "benchmarks.bare_tesserocr"]
        usage = run_measured([*command, *material.pages], out=out)
        return _run(usage, out_bytes=0, found=out.read_text(encoding="utf-8"), material=material)


def digitize(material: Material, *, joined: bool) -> Run:
    """Take the pages the whole way, from an empty home to the index.

    Args:
        material: the pages.
        joined: True for one document of all pages, False for a document of each page.
    """
    with _folder() as work:
        usage, files = digitize_measured(material.pages, work=work, joined=joined)
        expected = 1 if joined else len(material.pages)
        if len(files) != expected:
            raise WrongResultError(f"{len(files)} documents were filed, not {expected}")
        return _run(
            usage,
            out_bytes=sum(file.stat().st_size for file in files),
            found=" ".join(_text_of_pdf(file) for file in files),
            material=material,
        )


def digitize_measured(
    pages: Sequence[Path], *, work: Path, joined: bool
) -> tuple[Usage, list[Path]]:
    """Run `sohoa digitize` over page images in an empty home; return the filed PDFs as well.

    Raises:
        WrongResultError: a document was not filed.
    """
    batch = work / "batch"
    batch.mkdir()
    for page in pages:
        (batch / page.name).symlink_to(page)
    options = ["--confirm-by", "backfile", "--json", *(["--batch"] if joined else [])]
    out = work / "records"
    usage = run_measured(
        [_SOHOA, "digitize", *options, batch],
        out=out,
        environment={"SOHOA_HOME": str(work / "home")},
    )
    records = [json.loads(line) for line in out.read_text().splitlines() if line.startswith("{")]
    if any(record["state"] != "filed" for record in records):
        raise WrongResultError(f"not all were filed: {[record['reason'] for record in records]}")
    return usage, [Path(record["location"]) for record in records]


def measure_stages(material: Material, *, joined: bool) -> list[StageRun]:
    """Go the whole way with one worker and return what each stage used."""
    with _folder() as work:
        out = work / "stages"
        mode = "joined" if joined else "single"
        run_measured(
            [sys.executable, "-m", "benchmarks.stages", mode, *material.pages],
            out=out,
            environment={"SOHOA_HOME": str(work / "home")},
        )
        found = []
        for line in out.read_text(encoding="utf-8").splitlines():
            stage, times, own, child, wall = line.split("\t")
            found.append(
                StageRun(
                    stage=stage,
                    times=int(times),
                    own_cpu=float(own),
                    child_cpu=float(child),
                    wall=float(wall),
                )
            )
        return found


def read_with_ocrmypdf(material: Material, *, peers: Path) -> Run:
    """Let OCRmyPDF straighten, turn and read one PDF of the same page images."""
    with _folder() as work:
        given, made = work / "given.pdf", work / "made.pdf"
        subprocess.run([peers / "img2pdf", "--output", given, *material.pages], check=True)
        options = ["--language", "vie", "--deskew", "--rotate-pages"]
        usage = run_measured(
            [peers / "ocrmypdf", *options, given, made],
            out=work / "log",
            environment={"PATH": f"{peers}:/usr/local/bin:/usr/bin:/bin"},
        )
        return _run(
            usage, out_bytes=made.stat().st_size, found=_text_of_pdf(made), material=material
        )


def _run(usage: Usage, *, out_bytes: int, found: str, material: Material) -> Run:
    return Run(
        cpu_seconds=usage.cpu_seconds,
        wall_seconds=usage.wall_seconds,
        parent_peak_bytes=usage.parent_peak_bytes,
        child_peak_bytes=usage.child_peak_bytes,
        out_bytes=out_bytes,
        recall=word_recall(material.truth, found),
    )


def _text_of_pdf(file: Path) -> str:
    found = subprocess.run(["pdftotext", file, "-"], check=True, capture_output=True)
    return found.stdout.decode()


@contextmanager
def _folder() -> Iterator[Path]:
    """Give a folder; what the archive wrote read-only goes as well when the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="sohoa-benchmark-"))
    try:
        yield folder
    finally:
        for inner in (path for path in folder.rglob("*") if path.is_dir()):
            inner.chmod(0o700)
        shutil.rmtree(folder)
