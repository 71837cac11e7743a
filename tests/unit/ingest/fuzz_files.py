"""Damage many files and let the pipeline open, look at and read them, within its limits.

`make fuzz-files` runs it at length; FUZZ_FILES (1000) and FUZZ_SEED (1) by environment. The exit
status is 1 where a file ended in anything but a reading or a refusal with a name, a child outlived
its limit, or memory grew. A file that did is kept under FUZZ_KEEP, if that names a folder.
"""

import io
import os
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf
from PIL import Image

from documents.errors import PipelineError
from documents.limits import PageLimits
from tests.builders import NOON, make_page
from tests.unit.ingest.material import TESTDATA
from tests.unit.ingest.mutations import mutate
from tests.unit.ocr.drawn import LINES, draw_page
from workers.child_pool import ChildLimits, ChildPool
from workers.errors import ChildDiedError
from workers.page_jobs import InspectJob, OpenJob, OpenResult, ReadJob

LIMITS = ChildLimits(memory_bytes=1536 << 20, seconds=60.0, cpu_seconds=45.0)
PATIENCE_FOR_OPENING = 3.0
_ROOT = Path(__file__).parents[3]
_LARGEST = 1_000_000
_SMALL = (620, 877)
_PAGES_READ = 2
_MOST_GROWTH = 1.5
_SUFFIXES = {".pdf", ".jpg", ".png", ".tif", ".tiff", ".gif", ".bmp", ".webp", ".heic"}
_REFUSED_BY_LIMIT = ("time", "memory")


@dataclass(slots=True)
class Outcome:
    """How the files ended, which ended badly, and the children's memory, MiB.

    `memory` is that after each file, `peak` the most that a child held at any moment.
    """

    ends: Counter[str] = field(default_factory=Counter)
    bad: list[str] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    peak: float = 0.0

    @property
    def growth(self) -> float:
        """The children's memory in the last quarter over that in the second."""
        quarter = len(self.memory) // 4
        if not quarter:
            return 1.0
        second, last = self.memory[quarter : 2 * quarter], self.memory[-quarter:]
        return statistics.median(last) / max(statistics.median(second), 1.0)


def small_sources() -> list[bytes]:
    """Return small files of each kind, with a few lines to read."""
    page = draw_page(LINES[:3], size=_SMALL)
    sources = [_saved(page, "JPEG"), _saved(page, "PNG"), _saved(page.convert("RGB"), "BMP")]
    sources += [_saved(page.convert("RGB"), kind) for kind in ("WEBP", "TIFF", "HEIF")]
    sources += [_saved(page.convert("1"), "TIFF", compression="group4")]
    sources += [_saved(page.convert("P"), "GIF"), _saved(page.convert("CMYK"), "JPEG")]
    sources += [_pdf_of_text(), _saved(page, "PDF", resolution=75.0), _scan_with_text(page)]
    return sources


def all_sources() -> list[bytes]:
    """Return the small files, the samples, and the given test data where it is."""
    found = [
        file
        for folder in (_ROOT / "samples" / "batches", TESTDATA)
        if folder.is_dir()
        for file in sorted(folder.rglob("*"))
        if file.suffix.lower() in _SUFFIXES and 0 < file.stat().st_size <= _LARGEST
    ]
    return small_sources() * 3 + [file.read_bytes() for file in found]


def _saved(page: Image.Image, kind: str, **settings: object) -> bytes:
    import pillow_heif  # noqa: PLC0415 - makes Pillow write this kind

    pillow_heif.register_heif_opener()
    buffer = io.BytesIO()
    page.save(buffer, kind, **settings)
    return buffer.getvalue()


def _pdf_of_text() -> bytes:
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(300, 420))
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        pdf.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        pdf.pages[0].Contents = pikepdf.Stream(
            pdf, b"BT /F1 12 Tf 16 TL 30 380 Td (Don xin cap giay phep) Tj T* (so 12/QD) Tj ET"
        )
        return _written(pdf)


def _scan_with_text(page: Image.Image) -> bytes:
    """Return a scan with unseen text, as our own files are."""
    from ocr.assembling import PageToAssemble, assemble_pdf  # noqa: PLC0415 - heavy
    from tests.unit.ocr.drawn import save_page  # noqa: PLC0415 - with it

    with tempfile.TemporaryDirectory() as folder:
        image = save_page(page, Path(folder) / "page.jpg", dpi=75.0)
        to_assemble = PageToAssemble(image=image, reading=make_page(*LINES[:3], size=page.size))
        out = Path(folder) / "scan.pdf"
        assemble_pdf([to_assemble], title="Quét", created_at=NOON, out=out)
        return out.read_bytes()


def _written(pdf: pikepdf.Pdf) -> bytes:
    buffer = io.BytesIO()
    pdf.save(buffer)
    return buffer.getvalue()


def try_files(
    sources: Sequence[bytes], *, count: int, seed: int, pool: ChildPool, keep: Path | None = None
) -> Outcome:
    """Let the pipeline take `count` damaged files, one after the other."""
    outcome = Outcome()
    for number in range(count):
        content = mutate(sources[number % len(sources)], seed=seed * 1_000_000 + number)
        with tempfile.TemporaryDirectory() as folder:
            before = pool.process_ids()
            end = _end_of(content, folder=Path(folder), pool=pool)
        outcome.ends[end] += 1
        is_refused = end.startswith("refused")
        if not (is_refused or end == "read"):
            outcome.bad.append(f"file {number}: {end}")
            if keep is not None:
                (keep / f"{seed}-{number}-{end.replace(' ', '-')}").write_bytes(content)
        if "limit" in end and (alive := [pid for pid in before if _lives(pid)]):
            outcome.bad.append(f"file {number}: child {alive} outlived its limit")
        outcome.memory.append(sum(map(_resident_mib, pool.process_ids())))
        outcome.peak = max([outcome.peak, *map(_peak_mib, pool.process_ids())])
    if outcome.growth > _MOST_GROWTH:
        outcome.bad.append(f"the children's memory grew {outcome.growth:.2f} times")
    return outcome


def _end_of(content: bytes, *, folder: Path, pool: ChildPool) -> str:
    try:
        _go_through(content, folder=folder, pool=pool)
    except ChildDiedError as error:
        kind = f"refused at the limit of {error.kind}"
        return kind if error.kind in _REFUSED_BY_LIMIT else f"{error.kind} in {error.job}"
    except PipelineError as error:
        return f"refused {error.reason.code}"
    return "read"


def _go_through(content: bytes, *, folder: Path, pool: ChildPool) -> None:
    file, out = folder / "delivered", folder / "pages"
    file.write_bytes(content)
    job = OpenJob(file=file, out=out, limits=PageLimits(), password=None, trust_roots=(), now=NOON)
    opened: OpenResult = pool.run("open", job, patience=PATIENCE_FOR_OPENING)
    read_already = {own.ordinal for own in opened.own_readings}
    for page in opened.opened.pages[:_PAGES_READ]:
        copy = out / f"{page.ordinal}.pgm"
        look = InspectJob(
            image=page.image,
            previous_fingerprint=None,
            copy=copy,
            needs_copy=page.ordinal not in read_already,
        )
        inspected = pool.run("inspect", look)
        if inspected.reading_copy is None:
            continue
        layer = out / f"{page.ordinal:04d}.layer"
        read = ReadJob(
            image=inspected.image,
            copy=copy,
            out=copy.with_suffix(".reading"),
            engine="tesserocr",
            tessdata=None,
            language="vie",
            timeout_seconds=40.0,
            layer=layer if layer.exists() else None,
        )
        pool.run("read", read)


def _lives(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def _resident_mib(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except FileNotFoundError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def _peak_mib(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def main() -> int:
    """Try as many files as the environment says and print how they ended."""
    count, seed = int(os.environ.get("FUZZ_FILES", "1000")), int(os.environ.get("FUZZ_SEED", "1"))
    keep = Path(os.environ["FUZZ_KEEP"]) if "FUZZ_KEEP" in os.environ else None
    pool = ChildPool(size=1, limits=LIMITS)
    try:
        outcome = try_files(all_sources(), count=count, seed=seed, pool=pool, keep=keep)
    finally:
        pool.close()
    for end, times in outcome.ends.most_common():
        sys.stdout.write(f"{times:6} {end}\n")
    most = max(outcome.memory, default=0.0)
    sys.stdout.write(
        f"children: {most:.0f} MiB at most after a file, {outcome.peak:.0f} at any time, "
        f"growth {outcome.growth:.2f}\n"
    )
    sys.stdout.writelines(f"BAD {one}\n" for one in outcome.bad)
    return 1 if outcome.bad else 0


if __name__ == "__main__":
    sys.exit(main())
