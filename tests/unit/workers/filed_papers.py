"""Enters documents with tags into a catalogue, as if they had come all the way."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from configuration.settings import Settings
from database.batches import NewBatch, NewDelivery, add_delivery, open_batch
from database.pages import add_pages
from database.records import (
    NewDocument,
    add_documents,
    record_filed,
    save_tags,
    set_document_state,
)
from database.stage_runs import forget_stages
from database.versions import MadeVersion, add_version, record_stored
from documents.identifiers import DocumentId, mint_delivery_id, sha256_of_bytes
from documents.model import DocumentState, OpenedPage, PageImage, Tag
from tests.end_to_end.stepping import ShiftedClock
from workers.actors import Actor
from workers.reindexing import ensure_index
from workers.services import Services, build_services

OWNER = "099093000012"
OTHER_OWNER = "099068000032"
HERE, THERE = "H99.12", "H99.13"
DOSSIER_HERE = "H99.12.03-260316-0007"
DOSSIER_THERE = "H99.13.01-260316-0009"
WHY = "giải quyết hồ sơ đăng ký lại khai sinh"
OFFICER = Actor("bình.lê", "officer", HERE)
FREE_OFFICER = Actor("cường.võ", "officer")
ARCHIVIST = Actor("dung.hồ", "archivist", HERE)
INSPECTOR = Actor("giang.tô", "inspector", HERE)
PROGRAM = Actor("dvc", "dossier_system", HERE)
_NUMBERS = count(1)


@contextmanager
def opened_office(home: Path) -> Iterator[Services]:
    """Give the services over an empty home; nothing of it works on pages."""
    built = build_services(Settings(home=home), clock=ShiftedClock())
    try:
        ensure_index(built)
        yield built
    finally:
        built.close()


def enter_paper(
    services: Services,
    *,
    dossier: str | None = None,
    state: DocumentState = "filed",
    is_confirmed: bool = True,
    **values: str,
) -> DocumentId:
    """Enter a document of one page with these tags; `values` are tags by their names."""
    number = next(_NUMBERS)
    now = services.clock.now()
    new = NewBatch(station="quay-01", batch_key=f"lô-{number}", answerable="an.tran")
    content = f"giấy {number}".encode()
    digest = sha256_of_bytes(content)
    with services.database.writing() as connection:
        batch, _ = open_batch(connection, new, now=now)
        delivery = NewDelivery(
            id=mint_delivery_id(),
            sha256=digest,
            size_bytes=len(content),
            file_name="giấy.pdf",
            source="/quay-01/giấy.pdf",
        )
        delivered, _ = add_delivery(connection, batch, delivery, now=now)
        # There is no file to open: the document is taken to have come all the way.
        forget_stages(connection, delivered.id, stages=("open",))
        page = OpenedPage(
            ordinal=1,
            origin="scan",
            image=PageImage(
                file=Path("pages/0001.jpg"),
                media_type="image/jpeg",
                sha256=digest,
                width=1654,
                height=2339,
                dpi=200.0,
                dpi_source="file",
                mode="colour",
            ),
        )
        (page_id,) = add_pages(
            connection,
            [page],
            batch_id=batch.id,
            delivery_id=delivered.id,
            delivery_ordinal=delivered.ordinal,
        )
        draft = NewDocument(pages=((page_id, "content"),), dossier_code=dossier)
        (document_id,) = add_documents(connection, batch.id, [draft], now=now)
        tags = [
            Tag(
                name=name,
                value=value,
                state="confirmed" if is_confirmed else "proposed",
                confidence=0.9,
                proposed_value=value,
            )
            for name, value in values.items()
        ]
        save_tags(connection, document_id, tags)
        if state != "filed":
            set_document_state(connection, document_id, state=state)
            return document_id
        made = MadeVersion(
            document_id=document_id,
            kind="signed",
            work_file="documents/signed.pdf",
            sha256=digest,
            size_bytes=len(content),
            media_type="application/pdf",
            reason="digitized",
        )
        version = add_version(connection, made, now=now)
        record_stored(connection, version.id, retain_until=None, now=now)
        record_filed(connection, document_id, version_id=version.id, now=now)
    return document_id
