"""Delivers papers to correct, and looks at what became of them."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from classification.confirming import Decision
from database.pages import find_reading, get_page, load_texts
from database.records import DocumentPage, list_document_pages
from database.stage_runs import StageRun
from documents.model import RecognizedPage
from tests.end_to_end.papers import DECISION, draw_paper, write_scan
from tests.end_to_end.stepping import (
    CLERK,
    deliver,
    run_all,
    run_until,
    status_of,
)
from workers.child_pool import ChildPool
from workers.delivering import Followed
from workers.following import DocumentSummary
from workers.pipeline import run_stage
from workers.retrieving import open_version
from workers.reviewing import confirm
from workers.services import Services

SECOND = ("Trang thứ hai của quyết định", "Điều 3. Giao cho Ủy ban nhân dân phường.")
RESCAN = ("Trang quét lại của quyết định", "Điều 3. Giao cho Văn phòng thực hiện.")
THIRD = ("Trang thêm của quyết định", "Điều 4. Các cơ quan chịu trách nhiệm thi hành.")
QUYET_DINH = Decision(component_type="quyet_dinh")


class MeddlingPool:
    """The pool of children, with somebody who changes something before a result comes back."""

    def __init__(self, pool: ChildPool, meddle: Callable[[], None]) -> None:
        self._pool = pool
        self._meddle = meddle
        self._has_meddled = False

    def run(self, job: str, request: Any, *, patience: float = 1.0) -> Any:
        """Do the job, then let them meddle, once."""
        result = self._pool.run(job, request, patience=patience)
        if not self._has_meddled:
            self._has_meddled = True
            self._meddle()
        return result


def run_meddled(services: Services, run: StageRun, meddle: Callable[[], None]) -> None:
    """Run a stage while somebody changes something."""
    run_stage(run, replace(services, pool=MeddlingPool(services.pool, meddle)))  # type: ignore[arg-type]  # what stages use of it


def deliver_two_pages(services: Services, folder: Path) -> Followed:
    """Deliver a decision of two pages and let it come before a person."""
    scan = write_scan(folder / "quyet-dinh.tif", DECISION, SECOND)
    followed = deliver(services, scan, policy="none")
    run_all(services)
    return followed


def document_of(services: Services, followed: Followed) -> DocumentSummary:
    return status_of(services, followed).documents[0]


def pages_of(services: Services, document_id: str) -> list[DocumentPage]:
    with services.database.reading() as connection:
        return list_document_pages(connection, document_id)


def texts_of(services: Services, document_id: str) -> list[str]:
    """Return the first words of each page that goes into the PDF."""
    ids = [one.page_id for one in pages_of(services, document_id) if one.role == "content"]
    with services.database.reading() as connection:
        return [text[:14] for text in load_texts(connection, ids)]


def reading_of(services: Services, page_id: str) -> RecognizedPage:
    with services.database.reading() as connection:
        found = find_reading(connection, page_id)
    assert found is not None
    return found


def scan_of(*papers: tuple[str, ...]) -> io.BytesIO:
    content = io.BytesIO()
    first, *others = [draw_paper(lines) for lines in papers]
    first.save(
        content,
        "TIFF",
        save_all=True,
        append_images=others,
        dpi=(200, 200),
        compression="tiff_deflate",
    )
    content.seek(0)
    return content


def claim_stage(services: Services, stage: str) -> StageRun:
    _, run = run_until(services, stage=stage)
    assert run is not None
    return run


def file_it(services: Services, document_id: str) -> bytes:
    confirm(services, document_id, QUYET_DINH, actor=CLERK)
    run_all(services)
    _, stream = open_version(services, document_id, actor=CLERK)
    with stream:
        return stream.read()


def placed_document(services: Services, page_id: str) -> str:
    with services.database.reading() as connection:
        batch_id = get_page(connection, page_id).batch_id
    return status_of(services, Followed(batch_id=batch_id, receipts=())).documents[0].id


def document_of_id(services: Services, followed: Followed, document_id: str) -> DocumentSummary:
    return next(one for one in status_of(services, followed).documents if one.id == document_id)


def document_of_page_is_untouched(services: Services, document_id: str) -> bool:
    return [one.role for one in pages_of(services, document_id)] == ["content", "content"]
