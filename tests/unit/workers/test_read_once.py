"""A page is read once, whoever delivers it; another picture, reader or setting is another thing."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select, update

from configuration.settings import Settings
from database.batches import NewBatch
from database.pages import forget_readings
from database.tables import readings
from documents.identifiers import sha256_of_file
from ocr.correcting import load_corrector
from ocr.language.model import FILE
from ocr.tesseract import TesserocrEngine, find_tessdata
from tests.unit.ocr.drawn import LINES, draw_page, save_page
from workers.actors import Actor
from workers.intake import begin_batch, take_file
from workers.page_jobs import ReadJob
from workers.page_work import find_recipe
from workers.reading_recipes import recipe_of
from workers.services import Services, build_services
from workers.stage_worker import StageWorker, worker_name

ACTOR = Actor("an.tran", "operator")
ANY_READER = "tesserocr 5.5.4 language=aaaaaaaaaaaa"
MARK = "đã đọc một lần"


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    built = build_services(Settings(home=tmp_path / "home"))
    yield built
    built.close()


def draw(*lines: str, comment: str = "") -> bytes:
    """Draw a page; the comment changes its file, not its picture."""
    buffer = BytesIO()
    page = draw_page(lines, size=(827, 1169))
    page.save(buffer, "JPEG", quality=90, dpi=(100, 100), comment=comment)
    return buffer.getvalue()


def read(services: Services, content: bytes, *, key: str) -> str:
    """Deliver a page in a batch of its own and return the id of what was read last."""
    new = NewBatch(station="quay", batch_key=key, answerable=ACTOR.name)
    batch = begin_batch(services, new, actor=ACTOR)
    take_file(
        services,
        BytesIO(content),
        batch_id=batch.id,
        file_name="t.jpg",
        source="t.jpg",
        actor=ACTOR,
    )
    worker = StageWorker(services=services, name=worker_name())
    while worker.work_once():
        pass
    with services.database.reading() as connection:
        query = select(readings.c.page_id).order_by(readings.c.read_at.desc()).limit(1)
        return str(connection.execute(query).scalar())


def text_of(services: Services, page_id: str) -> str:
    with services.database.reading() as connection:
        query = select(readings.c.text).where(readings.c.page_id == page_id)
        return str(connection.execute(query).scalar())


def mark(services: Services, page_id: str, **values: str) -> None:
    """Change what is kept of a reading, so that a copy of it is known by that."""
    with services.database.writing() as connection:
        connection.execute(
            update(readings).where(readings.c.page_id == page_id).values(text=MARK, **values)
        )


def test_picture_that_is_delivered_again_is_not_read_again(services: Services) -> None:
    first = read(services, draw(LINES[0]), key="sáng")
    mark(services, first)

    second = read(services, draw(LINES[0], comment="lần hai"), key="chiều")

    assert second != first
    assert text_of(services, second) == MARK


def test_another_picture_is_read(services: Services) -> None:
    mark(services, read(services, draw(LINES[0]), key="sáng"))

    second = read(services, draw(LINES[1]), key="chiều")

    assert "trả kết quả" in text_of(services, second)


def test_picture_that_was_read_by_another_recipe_is_read_again(services: Services) -> None:
    first = read(services, draw(LINES[0]), key="sáng")
    mark(services, first, recipe="0" * 64)

    second = read(services, draw(LINES[0], comment="lần hai"), key="chiều")

    assert "tiếp nhận" in text_of(services, second)


def test_reading_that_was_forgotten_is_not_found_again(services: Services) -> None:
    first = read(services, draw(LINES[0]), key="sáng")
    mark(services, first)
    with services.database.writing() as connection:
        forget_readings(connection, [first])

    second = read(services, draw(LINES[0], comment="lần hai"), key="chiều")

    assert "tiếp nhận" in text_of(services, second)


@pytest.fixture
def job(tmp_path: Path) -> ReadJob:
    page = draw_page(LINES[:1], size=(400, 500))
    copy = tmp_path / "copy.pgm"
    page.save(copy)
    return ReadJob(
        image=save_page(page, tmp_path / "page.png"),
        copy=copy,
        out=tmp_path / "reading",
        engine="tesserocr",
        tessdata=None,
        language="vie",
        timeout_seconds=60.0,
    )


def test_recipe_names_the_digests_of_both_models(job: ReadJob) -> None:
    record = TesserocrEngine(find_tessdata()).record
    corrector = load_corrector().name

    recipe = find_recipe(job).recipe

    assert record.model_sha256 == sha256_of_file(find_tessdata() / "vie.traineddata")
    assert f"language={sha256_of_file(FILE)[:12]}" in corrector
    assert recipe == recipe_of(job, reader=f"{record!r}{corrector}")


def test_recipe_is_another_for_another_language_model(job: ReadJob) -> None:
    recipe = recipe_of(job, reader=ANY_READER)

    assert recipe == recipe_of(job, reader=ANY_READER)
    assert recipe != recipe_of(job, reader=ANY_READER.replace("a", "b"))


def test_recipe_is_another_for_what_else_the_reading_depends_on(
    job: ReadJob, tmp_path: Path
) -> None:
    other_copy, layer = tmp_path / "other.pgm", tmp_path / "page.layer"
    Image.new("L", (400, 500), 255).save(other_copy)
    layer.write_bytes(b"layer")
    others = [
        replace(job, copy=other_copy),
        replace(job, layer=layer),
        replace(job, language="vie+eng"),
        replace(job, is_turn_known=True),
        replace(job, image=replace(job.image, turn=180)),
        replace(job, image=replace(job.image, dpi=300.0)),
    ]

    recipes = {recipe_of(one, reader=ANY_READER) for one in (job, *others)}

    assert len(recipes) == len(others) + 1


def test_recipe_does_not_depend_on_where_files_lie(job: ReadJob, tmp_path: Path) -> None:
    moved = replace(
        job,
        image=replace(job.image, file=tmp_path / "elsewhere.png"),
        copy=job.copy.rename(tmp_path / "moved.pgm"),
        out=tmp_path / "out",
    )
    job.copy.write_bytes(moved.copy.read_bytes())

    assert recipe_of(moved, reader=ANY_READER) == recipe_of(job, reader=ANY_READER)
