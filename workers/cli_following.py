"""`sohoa status` and `sohoa review`."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from classification.confirming import Decision
from workers.cli_digitizing import records_of
from workers.cli_output import emit_json, emit_table, reason_record
from workers.cli_settings import actor_of_this_command, services_of_this_command
from workers.delivering import Followed, follow
from workers.following import (
    DocumentSummary,
    follow_batch,
    list_set_aside,
    list_work,
    summary_of,
    system_state,
)
from workers.intake import receipt_of
from workers.reviewing import confirm, discard, try_again
from workers.services import Services

_JSON = Annotated[bool, typer.Option("--json", help="JSON")]


def status(
    subject: Annotated[str | None, typer.Argument(help="Mã lô, tài liệu / batch, document")] = None,
    *,
    as_json: _JSON = False,
) -> int:
    """Tình trạng hệ thống, một lô hoặc một tài liệu. / State of the system, a batch, a document."""
    with services_of_this_command() as services:
        if subject is None:
            return _show_system(services, as_json=as_json)
        if subject.startswith("bat_"):
            records = list(records_of(follow_batch(services, subject)))
        else:
            batch_id = summary_of(services, subject).batch_id
            records = [
                r for r in records_of(follow_batch(services, batch_id)) if r["id"] == subject
            ]
    _show_records(subject, records, as_json=as_json)
    return 0


def _show_system(services: Services, *, as_json: bool) -> int:
    state = system_state(services)
    aside = list_set_aside(services)
    if as_json:
        emit_json(
            {
                "documents": state.documents,
                "queue": state.queue,
                "workers": state.workers,
                "oldest_waiting": state.oldest_waiting,
                "disk_free_bytes": state.disk_free_bytes,
                "waiting": [
                    {"id": one.subject, "stage": one.stage, "reason": reason_record(one.reason)}
                    for one in state.waiting
                ],
                "set_aside": [
                    {"id": one.subject, "source": one.source, "reason": reason_record(one.reason)}
                    for one in aside
                ],
            }
        )
        return 0
    lines = [(name, str(count)) for name, count in sorted(state.documents.items())]
    emit_table("Tài liệu / Documents", ("Trạng thái", "Số lượng"), lines)
    lines = [(name, str(count)) for name, count in sorted(state.queue.items())]
    emit_table("Đang chờ xử lý / Queue", ("Công đoạn", "Số lượng"), lines)
    rows = [(one.subject, one.source, one.reason.vi) for one in aside]
    emit_table("Để riêng / Set aside", ("Mã", "Nguồn", "Lý do"), rows)
    return 0


def review(  # noqa: PLR0913 - the options of a command
    document_id: Annotated[str | None, typer.Argument(metavar="ID")] = None,
    *,
    accept: Annotated[bool, typer.Option(help="Xác nhận / accept as proposed")] = False,
    component_type: Annotated[str | None, typer.Option("--type", help="Loại / type")] = None,
    values: Annotated[
        list[str] | None, typer.Option("--set", help="trường=giá trị / field=value")
    ] = None,
    retry: Annotated[bool, typer.Option(help="Thử lại / try again")] = False,
    discard_for: Annotated[str | None, typer.Option("--discard", help="Bỏ, lý do / why")] = None,
    as_json: _JSON = False,
) -> int:
    """Danh sách chờ xác nhận, hoặc xác nhận một tài liệu. / List what waits, or confirm one."""
    with services_of_this_command() as services:
        if document_id is None:
            _list_reviews(list_work(services, states=("awaiting_review",)), as_json=as_json)
            return 0
        actor = actor_of_this_command()
        if retry and document_id.startswith("dlv_"):
            return _try_delivery_again(services, document_id, as_json=as_json)
        if discard_for is not None:
            discard(services, document_id, reason=discard_for, actor=actor)
        elif retry:
            try_again(services, document_id, actor=actor)
        elif accept or component_type or values:
            given = dict(item.split("=", 1) for item in values or () if "=" in item)
            chosen = component_type or summary_of(services, document_id).component_type or "khac"
            decision = Decision(component_type=chosen, values=given)
            confirm(services, document_id, decision, actor=actor)
        batch_id = (
            follow_batch(services, document_id).batch.id
            if document_id.startswith("bat_")
            else summary_of(services, document_id).batch_id
        )
        for _ in follow(services, [Followed(batch_id=batch_id, receipts=())]):
            pass
        _list_reviews([summary_of(services, document_id)], as_json=as_json)
    return 0


def _try_delivery_again(services: Services, delivery_id: str, *, as_json: bool) -> int:
    """Open a file once more that could not be opened, and show what became of it."""
    try_again(services, delivery_id, actor=actor_of_this_command())
    batch_id = receipt_of(services, delivery_id).batch_id
    (found,) = follow(services, [Followed(batch_id=batch_id, receipts=())])
    records = list(records_of(found))
    _show_records(delivery_id, records, as_json=as_json)
    return 1 if any(record["state"] == "set_aside" for record in records) else 0


def _show_records(title: str, records: Sequence[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        for record in records:
            emit_json(record)
        return
    lines = [(r["id"], r["state"], (r["reason"] or {}).get("vi", "")) for r in records]
    emit_table(title, ("Mã", "Trạng thái", "Lý do"), lines)


def _list_reviews(summaries: list[DocumentSummary], *, as_json: bool) -> None:
    if as_json:
        for summary in summaries:
            emit_json(_review_record(summary))
        return
    lines = [
        (
            one.id,
            one.source,
            one.component_type_name_vi,
            one.number or "",
            one.issued_on or "",
            f"{one.confidence:.2f}",
            one.state,
        )
        for one in summaries
    ]
    columns = ("Mã", "Nguồn", "Loại đề xuất", "Số", "Ngày", "Tin cậy", "Trạng thái")
    emit_table("Chờ xác nhận / Awaiting review", columns, lines)


def _review_record(summary: DocumentSummary) -> dict[str, Any]:
    return {
        "id": summary.id,
        "source": summary.source,
        "pages": list(summary.pages),
        "state": summary.state,
        "reason": reason_record(summary.reason),
        "component_type": summary.component_type,
        "number": summary.number,
        "issued_on": summary.issued_on,
        "confidence": round(summary.confidence, 3),
        "doubtful": summary.doubtful,
    }
