"""`sohoa digitize`: the whole way, from files to the archive."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from documents.errors import ConfigurationError, Reason
from workers.cli_output import emit_json, emit_table, err, reason_record
from workers.cli_settings import actor_of_this_command, services_of_this_command
from workers.delivering import (
    Followed,
    Wish,
    deliver_file,
    deliver_folder,
    files_under,
    follow,
)
from workers.errors import UnknownProfileError
from workers.following import BatchStatus, DocumentSummary
from workers.services import Services


class Policy(StrEnum):
    """Who confirms: a person, or a policy that the caller answers for."""

    NONE = "none"
    SURE = "sure"
    BACKFILE = "backfile"


class MissingInputError(ConfigurationError):
    """A path that was named is not there."""

    code = "missing_input"

    def __init__(self, path: Path) -> None:
        super().__init__(
            vi=f"Không có tệp hoặc thư mục {path}. Kiểm tra lại đường dẫn.",
            en=f"There is no file or folder {path}. Check the path.",
        )


def digitize(  # noqa: PLR0913 - the options of a command
    paths: Annotated[list[Path], typer.Argument(help="Tệp, thư mục / files, folders")],
    *,
    batch: Annotated[bool, typer.Option(help="Cả thư mục là một lô / one batch a folder")] = False,
    dossier: Annotated[str | None, typer.Option(help="Mã hồ sơ / dossier code")] = None,
    profile: Annotated[str, typer.Option(help="Cấu hình máy quét / scanner profile")] = "default",
    confirm_by: Annotated[Policy, typer.Option(help="Ai xác nhận / who confirms")] = Policy.NONE,
    password_file: Annotated[Path | None, typer.Option(help="Tệp mật khẩu / password")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Mỗi tài liệu một dòng JSON")] = False,
) -> int:
    """Số hóa tệp: đọc, phân loại, ký, lưu, lập chỉ mục. / Read, classify, sign, file, index."""
    password = None
    if password_file is not None:
        _check_there([password_file])
        password = password_file.read_text().rstrip("\r\n")
    _check_there(paths)
    with services_of_this_command() as services:
        if profile not in services.profiles:
            raise UnknownProfileError(profile, known=sorted(services.profiles))
        wish = Wish(
            policy=confirm_by.value,
            actor=actor_of_this_command(),
            dossier_code=dossier,
            profile=profile,
            password=password,
        )
        followed = _deliver_all(services, paths, wish, joins_folders=batch)
        rows = list(_records(services, followed, as_json=as_json))
    if not as_json:
        _show_table(rows)
    return _exit_code(rows)


def _check_there(paths: Sequence[Path]) -> None:
    for path in paths:
        if not path.exists():
            raise MissingInputError(path)


def _deliver_all(
    services: Services, paths: Sequence[Path], wish: Wish, *, joins_folders: bool
) -> list[Followed]:
    followed: list[Followed] = []
    for path in paths:
        taken = []
        for file, is_taken in files_under([path]):
            if is_taken:
                taken.append(file)
            else:
                err.print(f"bỏ qua / ignored: {file}", markup=False)
        if joins_folders and path.is_dir():
            followed += [deliver_folder(services, taken, wish)] if taken else []
        else:
            followed += [deliver_file(services, file, wish) for file in taken]
    return followed


def _records(
    services: Services, followed: Sequence[Followed], *, as_json: bool
) -> Iterator[dict[str, Any]]:
    """Follow the batches and give a record for each document, and for each file without one."""
    repeated = {one.batch_id: all(r.is_repeated for r in one.receipts) for one in followed}
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    ) as progress:
        task = progress.add_task("Đang số hóa / digitizing", total=len(followed))

        def show(counts: dict[str, int]) -> None:
            progress.update(task, description=f"Đang số hóa / digitizing ({counts['done']})")

        emitted: set[str] = set()
        for status in follow(services, followed, on_progress=show):
            progress.advance(task)
            if status.batch.id in emitted:
                continue
            emitted.add(status.batch.id)
            for record in records_of(status, is_repeated=repeated[status.batch.id]):
                if as_json:
                    emit_json(record)
                yield record


def records_of(status: BatchStatus, *, is_repeated: bool = False) -> Iterator[dict[str, Any]]:
    """Yield the record of each document of a batch, and of each file that came to none."""
    for summary in status.documents:
        yield _document_record(summary, is_repeated=is_repeated)
    with_document = {page.delivery_id for page in status.pages if page.document_id}
    for delivery in status.deliveries:
        if delivery.id not in with_document:
            is_aside = delivery.state == "set_aside"
            yield _record(
                subject=delivery.id,
                source=delivery.source,
                state="set_aside" if is_aside else "waiting",
                reason=delivery.reason,
                sha256=delivery.sha256,
                is_repeated=is_repeated,
            )


def _document_record(summary: DocumentSummary, *, is_repeated: bool) -> dict[str, Any]:
    state = summary.state if summary.state != "reading" else "waiting"
    took = (summary.filed_at - summary.created_at).total_seconds() if summary.filed_at else None
    return {
        **_record(
            subject=summary.id,
            source=summary.source,
            state=state,
            reason=summary.reason,
            sha256=summary.sha256,
            is_repeated=is_repeated,
        ),
        "pages": list(summary.pages),
        "component_type": summary.component_type,
        "number": summary.number,
        "issued_on": summary.issued_on,
        "location": summary.location,
        "dossier": summary.dossier_code,
        "confidence": round(summary.confidence, 3),
        "seconds": None if took is None else round(took, 1),
    }


def _record(
    *,
    subject: str,
    source: str,
    state: str,
    reason: Reason | None,
    sha256: str | None,
    is_repeated: bool,
) -> dict[str, Any]:
    return {
        "id": subject,
        "source": source,
        "pages": None,
        "state": state,
        "reason": reason_record(reason),
        "component_type": None,
        "number": None,
        "issued_on": None,
        "sha256": sha256,
        "location": None,
        "repeated": is_repeated,
    }


def _show_table(rows: Sequence[dict[str, Any]]) -> None:
    columns = (
        "Tài liệu",
        "Nguồn",
        "Trang",
        "Trạng thái",
        "Loại",
        "Số",
        "Ngày",
        "Tin cậy",
        "Nơi lưu",
    )
    lines = []
    for row in rows:
        pages = row["pages"]
        lines.append(
            (
                row["id"],
                Path(row["source"]).name,
                f"{pages[0]}–{pages[1]}" if pages else "",
                row["state"] if row["reason"] is None else f"{row['state']}: {row['reason']['vi']}",
                row["component_type"] or "?",
                row["number"] or "",
                row["issued_on"] or "",
                f"{row.get('confidence', 0.0):.2f}",
                row["location"] or "",
            )
        )
    emit_table("Kết quả số hóa / Results", columns, lines)


def _exit_code(rows: Sequence[dict[str, Any]]) -> int:
    states = {row["state"] for row in rows}
    if "waiting" in states:
        return 3
    return 1 if "set_aside" in states else 0
