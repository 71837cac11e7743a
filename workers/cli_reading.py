"""`sohoa read` and `sohoa identify`: what a file says, without filing anything."""

import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from database.pages import load_packed_readings
from documents.model import Tag
from workers.actors import Actor
from workers.cli_digitizing import MissingInputError
from workers.cli_output import emit_json, emit_table, reason_record, say_reason
from workers.cli_settings import services_that_keep_nothing
from workers.delivering import Wish, deliver_file, files_under, follow
from workers.following import BatchStatus, DocumentSummary
from workers.page_jobs import ExportJob
from workers.reading_stages import patience_for
from workers.reviewing import get_review
from workers.services import Services

_NOBODY = Actor("command", "command_line")
_PASSWORD = Annotated[Path | None, typer.Option(help="Tệp mật khẩu / password file")]


class Format(StrEnum):
    """How a reading is written."""

    TEXT = "text"
    ALTO = "alto"
    HOCR = "hocr"
    JSON = "json"


_ENDINGS = {
    Format.TEXT: ".txt",
    Format.ALTO: ".alto.xml",
    Format.HOCR: ".hocr.html",
    Format.JSON: ".json",
}


def read(
    files: Annotated[list[Path], typer.Argument(help="Tệp / files")],
    *,
    output_format: Annotated[Format, typer.Option("--format", help="Dạng / format")] = Format.TEXT,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Thư mục / folder")] = None,
    password_file: _PASSWORD = None,
    as_json: Annotated[bool, typer.Option("--json", help="= --format json")] = False,
) -> int:
    """Đọc chữ trong tệp, không lưu gì. / Read the text of files; nothing is filed."""
    kind = Format.JSON if as_json else output_format
    code = 0
    with services_that_keep_nothing() as services:
        for status in _statuses(services, files, password_file):
            if _say_failures(status):
                code = 1
            if status.pages:
                _write(services, status, kind, out)
    return code


def identify(
    files: Annotated[list[Path], typer.Argument(help="Tệp / files")],
    *,
    password_file: _PASSWORD = None,
    as_json: Annotated[bool, typer.Option("--json", help="Mỗi tài liệu một dòng JSON")] = False,
) -> int:
    """Cho biết trong tệp có giấy tờ gì, không lưu gì. / Say what papers files hold."""
    code = 0
    rows: list[dict[str, Any]] = []
    with services_that_keep_nothing() as services:
        for status in _statuses(services, files, password_file):
            if _say_failures(status):
                code = 1
            for summary in status.documents:
                record = _identified(services, summary, status)
                rows.append(record)
                if as_json:
                    emit_json(record)
    if not as_json:
        lines = [
            (
                Path(row["source"]).name,
                f"{row['pages'][0]}–{row['pages'][1]}",
                row["component_type"] or "?",
                "; ".join(f"{name}: {one['value']}" for name, one in row["fields"].items()),
            )
            for row in rows
        ]
        emit_table("Nhận dạng / Identified", ("Nguồn", "Trang", "Loại", "Trường"), lines)
    return code


def _statuses(
    services: Services, files: Sequence[Path], password_file: Path | None
) -> Sequence[BatchStatus]:
    for file in files:
        if not file.exists():
            raise MissingInputError(file)
    password = password_file.read_text().rstrip("\r\n") if password_file else None
    wish = Wish(policy="none", actor=_NOBODY, password=password)
    followed = [
        deliver_file(services, file, wish) for file, is_taken in files_under(files) if is_taken
    ]
    return list(follow(services, followed))


def _say_failures(status: BatchStatus) -> bool:
    failures = [(one.source, one.reason) for one in status.deliveries if one.reason]
    failures += [(one.source, one.reason) for one in status.documents if one.reason]
    for source, reason in failures:
        assert reason is not None  # noqa: S101 - chosen above
        say_reason(reason, about=source)
    return bool(failures)


def _write(services: Services, status: BatchStatus, kind: Format, out: Path | None) -> None:
    source = status.deliveries[0].source
    folder = services.work.document_folder(status.batch.id)
    folder.mkdir(parents=True)
    with services.database.reading() as connection:
        packed = load_packed_readings(connection, [page.id for page in status.pages])
    readings = []
    for page in status.pages:
        if page.id in packed:
            readings.append(folder / f"{page.ordinal:05d}.reading")
            readings[-1].write_bytes(packed[page.id].packed)
    result = folder / "result"
    job = ExportJob(readings=tuple(readings), source=source, format=kind.value, out=result)
    services.pool.run("export", job, patience=patience_for(len(readings)))
    text = result.read_text()
    if out is None:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        return
    out.mkdir(parents=True, exist_ok=True)
    (out / (Path(source).name + _ENDINGS[kind])).write_text(text)


def _identified(
    services: Services, summary: DocumentSummary, status: BatchStatus
) -> dict[str, Any]:
    review = get_review(services, summary.id)
    tags = {tag.name: tag for tag in review.tags}
    kind, procedure = tags.pop("component_type", None), tags.pop("procedure", None)
    place = {page.id: page.ordinal for page in status.pages}
    content = [place[page.page_id] for page in review.pages if page.role == "content"]
    return {
        "source": summary.source,
        "pages": list(summary.pages),
        "component_type": kind.value if kind else None,
        "confidence": kind.confidence if kind else 0.0,
        "doubtful": kind.doubtful if kind else True,
        "procedure": procedure.value if procedure else None,
        "state": summary.state,
        "reason": reason_record(summary.reason),
        "fields": {name: _field(tag, content) for name, tag in tags.items()},
    }


def _field(tag: Tag, content: Sequence[int]) -> dict[str, Any]:
    """Return a field; its page is counted in the source, as `pages` is."""
    box = tag.box
    return {
        "value": tag.value,
        "confidence": round(tag.confidence, 3),
        "page": None if tag.page is None else content[tag.page - 1],
        "box": None if box is None else [box.x0, box.y0, box.x1, box.y1],
        "doubtful": tag.doubtful,
    }
