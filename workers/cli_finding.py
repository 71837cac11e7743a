"""`sohoa search`, `show`, `fetch`, `verify` and `index rebuild`."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter

from documents.model import SignatureVerdict
from search.search_index import SearchHit
from workers.cli_digitizing import MissingInputError
from workers.cli_output import emit_json, emit_table, reason_record, say, say_reason
from workers.cli_settings import actor_of_this_command, services_of_this_command
from workers.reindexing import rebuild_index
from workers.retrieving import (
    Verification,
    open_version,
    search_documents,
    show_document,
    verify_document,
    verify_file,
)

_CHUNK_BYTES = 1 << 20
_JSON = Annotated[bool, typer.Option("--json", help="JSON")]
_VERDICT: TypeAdapter[SignatureVerdict] = TypeAdapter(SignatureVerdict)
_CONCLUSIONS = {
    "valid": "hợp lệ / valid",
    "invalid": "KHÔNG HỢP LỆ / INVALID",
    "undetermined": "chưa xác định / undetermined",
}

index_app = typer.Typer(no_args_is_help=True, help="Chỉ mục tìm kiếm / search index")


def search(
    query: Annotated[str, typer.Argument(help="Từ cần tìm / what to look for")],
    *,
    component_type: Annotated[str | None, typer.Option("--type", help="Loại / type")] = None,
    year: Annotated[int | None, typer.Option(help="Năm / year")] = None,
    limit: Annotated[int, typer.Option(help="Số kết quả / hits", min=1, max=200)] = 20,
    as_json: _JSON = False,
) -> int:
    """Tìm tài liệu đã lưu, có dấu hoặc không dấu. / Find filed documents, with or without marks."""
    filters = {"component_type": component_type or "", "year": str(year or "")}
    with services_of_this_command() as services:
        result = search_documents(
            services, query, actor=actor_of_this_command(), filters=filters, limit=limit
        )
    if as_json:
        for hit in result.hits:
            emit_json(_hit_record(hit))
        return 0
    if not result.hits:
        say("Không tìm thấy. Thử bớt từ, hoặc bỏ bộ lọc.", "Nothing found. Try fewer words.")
    if result.corrected:
        say(f"Đã tìm: {result.corrected}", f"Searched for: {result.corrected}")
    lines = [
        (hit.id, hit.component_type or "?", hit.number or "", hit.issued_on or "", hit.snippet)
        for hit in result.hits
    ]
    emit_table(f"{result.total} kết quả / hits", ("Mã", "Loại", "Số", "Ngày", "Đoạn"), lines)
    return 0


def _hit_record(hit: SearchHit) -> dict[str, Any]:
    return {
        "id": hit.id,
        "score": round(hit.score, 4),
        "component_type": hit.component_type,
        "number": hit.number,
        "issued_on": hit.issued_on,
        "page": hit.page,
        "snippet": hit.snippet,
        "title": hit.title,
        "source": hit.source,
    }


def show(
    document_id: Annotated[str, typer.Argument(metavar="ID")],
    *,
    purpose: Annotated[str | None, typer.Option(help="Mục đích / purpose")] = None,
    as_json: _JSON = False,
) -> int:
    """Xem một tài liệu. / Show one document."""
    with services_of_this_command() as services:
        view = show_document(services, document_id, actor=actor_of_this_command(), purpose=purpose)
    if as_json:
        record = asdict(view.summary)
        record["reason"] = reason_record(view.summary.reason)
        record["tags"] = {tag.name: asdict(tag) for tag in view.tags}
        record["versions"] = [asdict(version) for version in view.versions]
        record["page_count"] = view.page_count
        record["text"] = view.text_pages
        record["retention"] = reason_record(view.retention)
        emit_json(record)
        return 0
    lines = [
        (
            tag.name,
            tag.value or "",
            "đã xác nhận" if tag.state == "confirmed" else "đề xuất",
            tag.decided_by or f"{tag.confidence:.2f}",
        )
        for tag in view.tags
    ]
    title = f"{view.summary.id}: {view.summary.component_type_name_vi} ({view.summary.state})"
    emit_table(title, ("Trường", "Giá trị", "Trạng thái", "Bởi / tin cậy"), lines)
    versions = [(v.id, v.kind, v.level or "", v.sha256, str(v.size_bytes)) for v in view.versions]
    emit_table("Phiên bản / Versions", ("Mã", "Loại", "Mức", "SHA-256", "Byte"), versions)
    say(view.retention.vi, view.retention.en)
    return 0


def fetch(
    document_id: Annotated[str, typer.Argument(metavar="ID")],
    *,
    out: Annotated[Path, typer.Option("-o", "--out", help="Tệp / file; - là stdout")],
    purpose: Annotated[str | None, typer.Option(help="Mục đích / purpose")] = None,
    as_json: _JSON = False,
) -> int:
    """Lấy tệp đã lưu. / Fetch the stored file."""
    with services_of_this_command() as services:
        version, stream = open_version(
            services, document_id, actor=actor_of_this_command(), purpose=purpose
        )
        with stream:
            if str(out) == "-":
                while chunk := stream.read(_CHUNK_BYTES):
                    sys.stdout.buffer.write(chunk)
                return 0
            with out.open("wb") as target:
                while chunk := stream.read(_CHUNK_BYTES):
                    target.write(chunk)
    if as_json:
        emit_json({"id": document_id, "file": str(out), "sha256": version.sha256})
    else:
        say(f"Đã ghi {out} ({version.sha256})", f"Wrote {out}")
    return 0


def verify(
    subject: Annotated[str, typer.Argument(metavar="FILE|ID")], *, as_json: _JSON = False
) -> int:
    """Kiểm tra PDF/A, chữ ký, giá trị băm. / Check PDF/A, signatures and digest."""
    with services_of_this_command() as services:
        if subject.startswith("doc_") and not Path(subject).exists():
            found = verify_document(services, subject, actor=actor_of_this_command())
        elif Path(subject).is_file():
            found = verify_file(services, Path(subject))
        else:
            raise MissingInputError(Path(subject))
    if as_json:
        emit_json(_verification_record(found))
    else:
        _show_verification(found)
    return 0 if found.ok else 1


def _verification_record(found: Verification) -> dict[str, Any]:
    pdfa = found.pdfa
    return {
        "pdfa": {
            "claim": pdfa.claim if pdfa else None,
            "passed": bool(pdfa and pdfa.claim and pdfa.passed),
            "findings": list(pdfa.findings) if pdfa else [],
        },
        "signatures": [_VERDICT.dump_python(one, mode="json") for one in found.signatures],
        "sha256": found.sha256,
        "ok": found.ok,
        "reasons": [reason_record(reason) for reason in found.reasons],
    }


def _show_verification(found: Verification) -> None:
    claim = found.pdfa.claim if found.pdfa and found.pdfa.claim else "không / none"
    holds = "đạt / passed" if found.pdfa and found.pdfa.passed else "không đạt / not passed"
    emit_table(
        "Kiểm tra / Verification",
        ("Mục", "Kết quả"),
        [
            ("SHA-256", found.sha256),
            ("PDF/A", f"{claim}: {holds}"),
            *(
                (
                    f"Chữ ký {one.field_name}",
                    f"{_CONCLUSIONS[one.conclusion]} — {one.signer or '?'} — "
                    + " ".join(reason.vi for reason in one.reasons),
                )
                for one in found.signatures
            ),
            ("Kết luận / Verdict", "ĐẠT / OK" if found.ok else "KHÔNG ĐẠT / NOT OK"),
        ],
    )
    for reason in found.reasons:
        say_reason(reason)


@index_app.command("rebuild")
def rebuild(*, as_json: _JSON = False) -> int:
    """Lập lại chỉ mục từ cơ sở dữ liệu. / Rebuild the index from the catalogue."""
    with services_of_this_command() as services:
        count = rebuild_index(services)
    if as_json:
        emit_json({"documents": count})
    else:
        say(f"Đã lập lại chỉ mục: {count} tài liệu.", f"Index rebuilt: {count} documents.")
    return 0
