"""Two papers that were scanned at once become two pages, from the glass to the filed PDF."""

import io
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image

from benchmarks import two_papers
from database.pages import get_page
from documents.model import Finding
from tests.end_to_end.correcting import (
    QUYET_DINH,
    SECOND,
    document_of,
    file_it,
    pages_of,
    texts_of,
)
from tests.end_to_end.papers import DECISION, draw_paper
from tests.end_to_end.stepping import CLERK, deliver, run_all, status_of
from workers.cutting import cut_page
from workers.delivering import Followed
from workers.page_changes import split_document
from workers.retrieving import open_version
from workers.reviewing import confirm
from workers.services import Services

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("cut-pages")]
DPI = 200.0
WIDTH_MM, HEIGHT_MM = 146, 207


def deliver_two_papers(services: Services, folder: Path) -> Followed:
    """Deliver a JPEG of two sheets of A5 on a dark glass and let it come before a person."""
    papers = [np.asarray(draw_paper(lines).convert("RGB")) for lines in (DECISION, SECOND)]
    image = two_papers.side_by_side(papers, lid=40, dpi=DPI, seed=1)
    file = folder / "hai-giay.jpg"
    Image.fromarray(image).save(file, quality=88, dpi=(DPI, DPI))
    followed = deliver(services, file, policy="none")
    run_all(services)
    return followed


def proposal_of(services: Services, page_id: str) -> Finding:
    with services.database.reading() as connection:
        findings = get_page(connection, page_id).findings
    return next(one for one in findings if one.reason.code == "several_papers")


def texts_of_pdf(content: bytes) -> list[str]:
    with pypdfium2.PdfDocument(content) as pdf:
        return [page.get_textpage().get_text_bounded() for page in pdf]


def brightness_of_borders(content: bytes) -> float:
    """Return how light the outermost parts of the drawn pages are, on average."""
    with pypdfium2.PdfDocument(content) as pdf:
        shown = [np.asarray(page.render(scale=1.0).to_pil().convert("L")) for page in pdf]
    return float(np.mean([page[5:-5, 8:14].mean() for page in shown]))


def test_two_papers_become_two_pages_of_one_file(services: Services, tmp_path: Path) -> None:
    followed = deliver_two_papers(services, tmp_path)
    document = document_of(services, followed)
    whole = pages_of(services, document.id)[0].page_id

    proposed = proposal_of(services, whole)
    cut_page(services, whole, actor=CLERK)
    run_all(services)
    content = file_it(services, document.id)

    assert len(proposed.parts) == 2
    assert texts_of(services, document.id) == ["ỦY BAN NHÂN DÂ", "Trang thứ hai "]
    first, second = texts_of_pdf(content)
    assert "QUYẾT ĐỊNH" in first
    assert "Trang thứ hai" not in first
    assert "Điều 3. Giao cho" in second
    with pikepdf.open(io.BytesIO(content)) as pdf:
        sizes = [[float(side) / 72 * 25.4 for side in page.mediabox[2:]] for page in pdf.pages]
        images = {page.Resources.XObject.Im0.objgen for page in pdf.pages}
        shown = pdf.pages[0].Resources.XObject.Im0.read_raw_bytes()
    for width, height in sizes:
        assert width == pytest.approx(WIDTH_MM, abs=8)
        assert height == pytest.approx(HEIGHT_MM, abs=8)
    # Both show parts of one image, whose bytes are those that were delivered.
    assert len(images) == 1
    assert shown == (tmp_path / "hai-giay.jpg").read_bytes()
    assert brightness_of_borders(content) > 150


def test_paper_of_another_document_does_not_go_along_unseen(
    services: Services, tmp_path: Path
) -> None:
    followed = deliver_two_papers(services, tmp_path)
    document = document_of(services, followed)
    _, second = cut_page(services, pages_of(services, document.id)[0].page_id, actor=CLERK)
    run_all(services)

    made = split_document(services, document.id, before_page=second, actor=CLERK)
    run_all(services)
    files = []
    for one in (document.id, made):
        confirm(services, one, QUYET_DINH, actor=CLERK)
        run_all(services)
        with open_version(services, one, actor=CLERK)[1] as stream:
            files.append(stream.read())

    assert [one.state for one in status_of(services, followed).documents] == ["filed", "filed"]
    for content in files:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            (page,) = pdf.pages
            image = page.Resources.XObject.Im0
            wide = float(page.mediabox[2]) / 72 * DPI
        assert int(image.Width) == pytest.approx(wide, abs=2)
    assert ["QUYẾT ĐỊNH" in texts_of_pdf(content)[0] for content in files] == [True, False]
