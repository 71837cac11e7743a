"""What the page of a document shows, from what is known of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from documents.errors import Reason
from documents.model import Box
from web.language import mark
from web.rendering import render
from workers.document_sheets import DocumentSheet
from workers.page_views import PageSize, PlacedWord
from workers.retrieving import Verification
from workers.services import Services

FIELDS = {
    "number": mark("Số, ký hiệu"),
    "issued_on": mark("Ngày ban hành"),
    "issuer": mark("Cơ quan ban hành"),
    "title": mark("Trích yếu"),
    "signer": mark("Người ký"),
    "owner_name": mark("Chủ giấy tờ"),
    "owner_id": mark("Số định danh"),
    "valid_until": mark("Có giá trị đến"),
    "dossier_code": mark("Mã hồ sơ"),
}
"""The fields that are shown first and may be corrected, in this order."""
OTHER_FIELDS = {
    "component_type": mark("Loại giấy tờ"),
    "procedure": mark("Thủ tục"),
    "enterprise_number": mark("Mã số doanh nghiệp"),
    "confirm_reason": mark("Lý do nhận"),
}
DAYS = ("issued_on", "valid_until")
_VERSIONS = {
    "received": mark("Tệp như đã nhận"),
    "signed": mark("Bản đã số hóa và ký số"),
    "validation_data": mark("Bản thêm dữ liệu kiểm chứng chữ ký"),
    "renewed": mark("Bản gia hạn dấu thời gian"),
}
_VERDICTS = {
    "valid": (
        mark("Chữ ký hợp lệ"),
        mark("Nội dung không bị sửa từ khi ký, và người ký được tổ chức đáng tin chứng thực."),
        "good",
    ),
    "invalid": (
        mark("Chữ ký KHÔNG hợp lệ"),
        mark("Không dùng tệp này làm căn cứ. Báo lưu trữ viên và xin bản khác."),
        "problem",
    ),
    "undetermined": (
        mark("Chưa kết luận được chữ ký"),
        mark("Nội dung có thể còn nguyên, nhưng chưa đủ căn cứ để tin người ký. Cần xem thêm."),
        "warn",
    ),
}
_PINNED_DIGITS = 16
_SAME = ("actor", "role", "action", "purpose", "dossier")


def document_page_of(  # noqa: PLR0913 - the page in its states
    request: Request,
    services: Services,
    sheet: DocumentSheet,
    *,
    q: str = "",
    checked: Verification | None = None,
    error: Reason | None = None,
    typed: Mapping[str, str] | None = None,
    said: str = "",
) -> Response:
    """Return the page of a document: after a check, or with what was typed and is wrong."""
    summary = sheet.view.summary
    digest = (summary.sha256 or f"{summary.id}-{sheet.revision}")[:_PINNED_DIGITS]
    return render(
        request,
        "document/document.html",
        status=200 if error is None else 422,
        sheet=sheet,
        view=sheet.view,
        seen=grouped(sheet.view.audit),
        q=q,
        checked=checked,
        error=error,
        typed=typed,
        said=said,
        digest=digest if summary.sha256 else "",
        values={tag.name: tag.value or "" for tag in sheet.view.tags},
        fields=FIELDS,
        labels={**OTHER_FIELDS, **FIELDS},
        day_fields=DAYS,
        types=services.component_types,
        procedures=services.procedures,
        versions=_VERSIONS,
        verdicts=_VERDICTS,
    )


def grouped(rows: Sequence[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], int]]:
    """Return each row with how often in a row the same person did the same for the same."""
    found: list[tuple[Mapping[str, Any], int]] = []
    for row in rows:
        last = found[-1][0] if found else None
        if last is not None and all(last[name] == row[name] for name in _SAME):
            found[-1] = (last, found[-1][1] + 1)
        else:
            found.append((row, 1))
    return found


def lit_picture(size: PageSize, boxes: Sequence[Box]) -> bytes:
    """Return an SVG that lies over a page's picture: a light on each box, nothing elsewhere."""
    around = round(size.width / 150)
    lights = "".join(
        f'<rect x="{box.x0 - around}" y="{box.y0 - around}" rx="{around}"'
        f' width="{box.x1 - box.x0 + 2 * around}" height="{box.y1 - box.y0 + 2 * around}"/>'
        for box in boxes
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size.width}" height="{size.height}"'
        f' viewBox="0 0 {size.width} {size.height}"><g fill="#ffe45c"'
        f' stroke="#a40e26" stroke-width="{max(around // 3, 1)}">{lights}</g></svg>'
    ).encode()


def word_entry(word: PlacedWord) -> list[str | int]:
    """Return a word as the script takes it: text, its box, and how it was read if otherwise."""
    box = word.box
    as_read = [] if word.raw == word.text else [word.raw]
    return [word.text, box.x0, box.y0, box.x1, box.y1, *as_read]
