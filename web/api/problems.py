"""Problem details (RFC 9457) as the description of the API tells them."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Problem(BaseModel):
    """Why a call was refused; `code` is stable, the texts are not."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:sohoa:problem:not_found",
                    "title": "Không tìm thấy",
                    "status": 404,
                    "code": "unknown_id",
                    "detail": "Không có gì dưới mã doc_0. Kiểm tra lại mã.",
                    "detail_en": "Nothing is known under doc_0. Check the identifier.",
                    "instance": "urn:sohoa:request:9f2c4e11ab03",
                }
            ]
        }
    )

    type: str = Field(description="`urn:sohoa:problem:` và mã / and the code")
    title: str = Field(description="Tiếng Việt, cho người đọc / Vietnamese, for people")
    status: int = Field(description="Mã trạng thái HTTP / the HTTP status")
    code: str = Field(description="Mã lỗi cố định / the stable code, see docs/reference/errors.md")
    detail: str = Field(description="Việc gì, làm gì tiếp / what, and what to do (Vietnamese)")
    detail_en: str = Field(description="The same in English")
    instance: str = Field(description="Mã yêu cầu trong nhật ký / the request in the log")


CODES_BY_STATUS: Mapping[int, tuple[str, ...]] = {
    401: ("not_signed_in",),
    403: (
        "forbidden",
        "insufficient_scope",
        "csrf",
        "password_change_required",
        "purpose_required",
    ),
    404: ("unknown_id", "unknown_address"),
    408: ("slow_request",),
    409: (
        "wrong_state",
        "already_reserved",
        "batch_closed",
        "stale_review",
        "idempotency_key_in_use",
        "upload_offset",
    ),
    412: ("precondition_failed", "unsupported_tus_version"),
    413: ("body_too_large", "file_too_large"),
    415: ("unsupported_media_type",),
    416: ("range_not_satisfiable",),
    422: ("invalid_request", "invalid_decision", "malformed_query", "idempotency_key_reused"),
    423: ("upload_locked",),
    429: ("rate_limited", "too_many_streams", "too_many_uploads"),
    460: ("upload_checksum",),
    500: ("unexpected",),
    503: ("catalogue_unavailable", "disk_full", "no_child", "child_died"),
}
"""The codes that clients meet most often, by status; all stand in docs/reference/errors.md."""

EVERYWHERE = (401, 403, 422, 429, 500, 503)
WITH_BODY = (408, 413)
_TITLES = {
    401: "Chưa đăng nhập / not signed in",
    403: "Không được phép / not allowed",
    404: "Không tìm thấy / not found",
    408: "Gửi quá chậm / the sender was silent for too long",
    409: "Không làm được lúc này / not possible in this state",
    412: "Đã thay đổi từ lần đọc trước / changed since it was read",
    413: "Quá lớn / too large",
    415: "Sai kiểu nội dung / wrong kind of body",
    416: "Không có đoạn đó / no such range",
    422: "Nội dung chưa đúng / wrong input",
    423: "Đang bận / locked",
    429: "Gọi quá nhiều / too many requests",
    460: "Sai tổng kiểm tra / checksum mismatch",
    500: "Lỗi trong hệ thống / unexpected",
    503: "Tạm thời chưa phục vụ được / unavailable for now",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return what a route says of refusals of its own, beside those that every call knows."""
    return {status: described(status) for status in statuses}


def described(status: int) -> dict[str, Any]:
    """Return the description of one kind of refusal."""
    codes = ", ".join(f"`{code}`" for code in CODES_BY_STATUS[status])
    return {
        "description": f"{_TITLES[status]}: {codes}",
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }
