"""From a delivered file to pages that have been looked at and read."""

import secrets
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from database.batches import DeliveryRow, get_delivery, record_opened
from database.connecting import Transaction
from database.converting import stand_of_packed_reading
from database.pages import (
    PackedReading,
    PageRow,
    add_pages,
    find_reading_by_recipe,
    get_page,
    has_reading,
    previous_fingerprint,
    record_inspected,
    record_reading,
    set_page_findings,
    set_page_state,
)
from database.records import find_document_of_page
from database.stage_runs import StageRun
from documents.model import InspectedPage, OpenedPage, PageImage
from workers.cutting import SEVERAL_PAPERS
from workers.doubled_pages import tell_doubled
from workers.page_jobs import (
    EngineName,
    InspectJob,
    OpenJob,
    OpenResult,
    ReadJob,
    ReadResult,
    RecipeResult,
    layer_file,
)
from workers.rescans import label_rescanned, place_rescan
from workers.services import Services
from workers.stage_results import (
    finishing,
    plan,
    plan_classify_when_ready,
    plan_split_when_ready,
)
from workers.turned_pages import about_turn

_PAGES_FOR_ONE_PATIENCE = 20
_OWN_TEXT_ENGINE = "pdf-text"


def open_file(run: StageRun, services: Services) -> None:
    """Open a delivered file within the limits and enter its pages."""
    with services.database.reading() as connection:
        delivery = get_delivery(connection, run.subject)
    result: OpenResult = services.pool.run(
        "open",
        OpenJob(
            file=services.work.delivery_file(delivery.id),
            out=services.work.pages_folder(delivery.id),
            limits=services.page_limits,
            password=delivery.password,
            trust_roots=services.trust_roots,
            now=services.clock.now(),
        ),
        patience=3.0,
    )
    _enter_pages(run, services, delivery, result)


def _enter_pages(
    run: StageRun, services: Services, delivery: DeliveryRow, result: OpenResult
) -> None:
    opened = result.opened
    own_readings = {
        own.ordinal: _packed(own.packed, _OWN_TEXT_ENGINE, text=own.text)
        for own in result.own_readings
    }
    pages = [_with_relative_file(page, services) for page in opened.pages]
    with finishing(services, run) as (connection, now):
        page_ids = add_pages(
            connection,
            pages,
            batch_id=delivery.batch_id,
            delivery_id=delivery.id,
            delivery_ordinal=delivery.ordinal,
        )
        for page, page_id in zip(pages, page_ids, strict=True):
            plan(connection, page_id, stage="inspect", batch_id=delivery.batch_id, now=now)
            if page.ordinal in own_readings:
                record_reading(connection, page_id, own_readings[page.ordinal], now=now)
        record_opened(
            connection,
            delivery.id,
            values={
                "media_type": opened.media_type,
                "is_signed": opened.is_signed,
                "is_born_digital": all(page.origin == "born_digital" for page in pages),
                "findings": opened.findings,
                "signatures": result.signatures,
            },
        )
        late = replace(delivery, is_signed=opened.is_signed)
        place_rescan(connection, late, page_ids, now=now)
        plan_split_when_ready(connection, delivery.batch_id, now=now)
    for own in result.own_readings:
        own.packed.unlink(missing_ok=True)


def inspect_page(run: StageRun, services: Services) -> None:
    """Look at a page; plan its reading unless it is a separator sheet or blank."""
    with services.database.reading() as connection:
        page = get_page(connection, run.subject)
        previous = previous_fingerprint(connection, page)
        has_text = has_reading(connection, page.id)
    image = _absolute(page.image, services)
    # Somebody may turn the page while this is at work: the copy of the old turn has its own name.
    name = f"{page.ordinal_in_file:04d}-{secrets.token_hex(4)}.copy.pgm"
    copy = services.work.pages_folder(page.delivery_id) / name
    inspected: InspectedPage = services.pool.run(
        "inspect",
        InspectJob(image=image, previous_fingerprint=previous, copy=copy, needs_copy=not has_text),
    )
    findings = inspected.findings
    if page.origin != "scan":
        # What a program drew on one page is one page.
        findings = tuple(one for one in findings if one.reason.code != SEVERAL_PAPERS)
    inspected = replace(
        inspected,
        findings=findings,
        image=_relative(inspected.image, services),
        reading_copy=inspected.reading_copy and services.work.relative(inspected.reading_copy),
    )
    with finishing(services, run) as (connection, now):
        record_inspected(connection, page.id, inspected)
        tell_doubled(connection, page.id)
        label_rescanned(connection, page, inspected)
        if inspected.reading_copy is not None:
            plan(connection, page.id, stage="read", batch_id=page.batch_id, now=now)
        else:
            set_page_state(connection, page.id, state="read")
            _go_on_after_reading(connection, page, now=now)
        plan_split_when_ready(connection, page.batch_id, now=now)


def read_page(run: StageRun, services: Services) -> None:
    """Read a page; one on which the engine in process died is read by the isolated one.

    The same picture is read once by the same recipe, whoever delivers it again.
    """
    with services.database.reading() as connection:
        page = get_page(connection, run.subject)
    assert page.reading_copy is not None  # noqa: S101 - planned only where there is a copy
    copy = services.work.absolute(page.reading_copy)
    layer = _layer_of(page, services)
    job = ReadJob(
        image=_absolute(page.image, services),
        copy=copy,
        out=copy.with_suffix(".reading"),
        engine=_engine_for(run, services),
        tessdata=services.settings.ocr.tessdata,
        language=services.settings.ocr.language,
        second_reader=services.settings.ocr.second_reader,
        timeout_seconds=services.settings.limits.child_seconds * 0.8,
        is_turn_known=page.turned_by is not None,
        layer=layer,
    )
    reading = _find_same(job, services) or _read_anew(job, services)
    _, turn = stand_of_packed_reading(reading.packed)
    with finishing(services, run) as (connection, now):
        record_reading(connection, page.id, reading, now=now)
        seen = get_page(connection, page.id)  # its neighbour may have added a word meanwhile
        set_page_findings(connection, page.id, about_turn(seen, found=turn))
        set_page_state(connection, page.id, state="read")
        _go_on_after_reading(connection, page, now=now)
    job.out.unlink(missing_ok=True)
    copy.unlink(missing_ok=True)
    if layer is not None:
        layer.unlink(missing_ok=True)


def _find_same(job: ReadJob, services: Services) -> PackedReading | None:
    """Return what was read before from the same picture, by the same engine and settings."""
    found: RecipeResult = services.pool.run("recipe", job)
    with services.database.reading() as connection:
        return find_reading_by_recipe(connection, found.recipe)


def _read_anew(job: ReadJob, services: Services) -> PackedReading:
    result: ReadResult = services.pool.run("read", job)
    reading = _packed(result.packed, result.engine, text=result.text)
    return replace(reading, recipe=result.recipe)


def _layer_of(page: PageRow, services: Services) -> Path | None:
    """Return the page's unseen text, unless a person turned the page since."""
    file = layer_file(services.work.pages_folder(page.delivery_id), page.ordinal_in_file)
    return file if page.turned_by is None and file.exists() else None


def patience_for(pages: int) -> float:
    """Return the factor on the limits of one job for work over many pages."""
    return 1.0 + pages / _PAGES_FOR_ONE_PATIENCE


def _engine_for(run: StageRun, services: Services) -> EngineName:
    return "pytesseract" if run.deaths else services.settings.ocr.engine


def _go_on_after_reading(connection: Transaction, page: PageRow, *, now: datetime) -> None:
    document_id = find_document_of_page(connection, page.id)
    if document_id is not None:
        plan_classify_when_ready(connection, document_id, now=now)


def _packed(file: Path, engine: str, *, text: str) -> PackedReading:
    return PackedReading(packed=file.read_bytes(), text=text, engine=engine)


def _with_relative_file(page: OpenedPage, services: Services) -> OpenedPage:
    return replace(page, image=_relative(page.image, services), own_lines=())


def _relative(image: PageImage, services: Services) -> PageImage:
    return replace(image, file=services.work.relative(image.file))


def _absolute(image: PageImage, services: Services) -> PageImage:
    return replace(image, file=services.work.absolute(image.file))
