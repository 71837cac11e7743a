"""Turn a dossier into what a station delivers, and into the truth about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from samples.dossiers import Dossier, Paper, Side
from samples.marks import put_marks
from samples.pages import Page
from samples.raster import RasterSurface
from samples.scanning import Scan, as_jpeg, as_tiff, scan
from samples.separator_sheets import separator_sheet, separator_text
from samples.signed_pdf import compose_pdf_lines, write_signed_pdf
from samples.truth import BatchTruth, DocumentTruth, PageTruth

_TIFF_NAME = "001.tif"
_SIGNED_NAME = "002-quyet-dinh-da-ky.pdf"
_SEPARATOR_SCAN = Scan(skew=0.2, quality=40)
_MEASURING_DPI = 20


@dataclass(frozen=True, slots=True)
class _Step:
    """One page in the order in which it is delivered."""

    document: int
    side: Side
    separator: str | None = None

    @property
    def how(self) -> Scan:
        return _SEPARATOR_SCAN if self.separator else self.side.scan


def batch_truth(dossier: Dossier) -> BatchTruth:
    """Return the truth about a dossier without drawing its pages in full."""
    steps = list(_steps(dossier))
    names = [_file_of(dossier, step, number) for number, step in enumerate(steps, start=1)]
    pages = tuple(_page_truth(step, number, names) for number, step in enumerate(steps, start=1))
    documents = tuple(
        _document_truth(paper, [page for page in pages if page.document == index])
        for index, paper in enumerate(dossier.papers)
    )
    return BatchTruth(
        folder=dossier.folder,
        station=dossier.station,
        dossier=dossier.code,
        procedure=dossier.procedure,
        confirm=dossier.confirm,
        files=tuple(dict.fromkeys(names)),
        documents=documents,
        pages=pages,
    )


def write_batch(dossier: Dossier, folder: Path) -> None:
    """Draw, scan and write all files of a dossier into its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    steps = list(_steps(dossier))
    scanned: list[Image.Image] = []
    for number, step in enumerate(steps, start=1):
        paper = dossier.papers[step.document]
        if paper.is_signed_pdf:
            compose = paper.sides[0].compose
            if compose is not None:
                write_signed_pdf(compose, folder / _SIGNED_NAME, seed=dossier.seed)
            continue
        image = _scan_step(step, seed=dossier.seed * 100 + number)
        if dossier.packing == "tiff":
            scanned.append(image)
        else:
            (folder / f"{number:03}.jpg").write_bytes(as_jpeg(image, step.how))
    if scanned:
        (folder / _TIFF_NAME).write_bytes(as_tiff(scanned, Scan(quality=50)))


def _steps(dossier: Dossier) -> Iterator[_Step]:
    for index, paper in enumerate(dossier.papers):
        if not paper.is_signed_pdf:
            content = separator_text(
                dossier=dossier.code,
                procedure=dossier.procedure,
                component_type=paper.separator_type,
                pages=paper.separator_pages,
            )
            yield _Step(index, paper.sides[0], content)
        for side in paper.sides:
            yield _Step(index, side)


def _compose(step: _Step, surface: RasterSurface) -> Page:
    page = Page(surface)
    if step.separator:
        separator_sheet(page, step.separator)
    elif step.side.compose:
        step.side.compose(page)
    return page


def _scan_step(step: _Step, *, seed: int) -> Image.Image:
    random = np.random.default_rng(seed)
    surface = RasterSurface(step.how.dpi, random=random)
    page = _compose(step, surface)
    put_marks(surface, page.marks)
    return scan(surface.image, step.how, random)


def _file_of(dossier: Dossier, step: _Step, number: int) -> str:
    if dossier.papers[step.document].is_signed_pdf:
        return _SIGNED_NAME
    return _TIFF_NAME if dossier.packing == "tiff" else f"{number:03}.jpg"


def _page_truth(step: _Step, number: int, names: list[str]) -> PageTruth:
    name, how = names[number - 1], step.how
    in_file = names[:number].count(name)
    if step.separator:
        return PageTruth(
            ordinal=number,
            file=name,
            page_in_file=in_file,
            kind="separator",
            dpi=how.dpi,
            separator=step.separator,
        )
    return PageTruth(
        ordinal=number,
        file=name,
        page_in_file=in_file,
        kind="content" if step.side.compose else "blank",
        dpi=how.dpi,
        document=step.document,
        turn=how.turn,
        skew=0.0 if name.endswith(".pdf") else how.skew,
        by_hand=step.side.by_hand,
        lines=_lines(step, born_digital=name.endswith(".pdf")),
    )


def _lines(step: _Step, *, born_digital: bool) -> tuple[str, ...]:
    if born_digital and step.side.compose:
        return compose_pdf_lines(step.side.compose)
    surface = RasterSurface(_MEASURING_DPI, random=np.random.default_rng(0))
    return tuple(line for line in _compose(step, surface).lines if line)


def _document_truth(paper: Paper, pages: list[PageTruth]) -> DocumentTruth:
    return DocumentTruth(
        component_type=paper.component_type,
        number=paper.number,
        issued_on=paper.issued_on,
        issuer=paper.issuer,
        owner_id=paper.owner.id if paper.owner else None,
        owner_name=paper.owner.name if paper.owner else None,
        pages=(pages[0].ordinal, pages[-1].ordinal),
        files=tuple(dict.fromkeys(page.file for page in pages)),
        is_signed=paper.is_signed_pdf,
    )
