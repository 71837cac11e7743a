"""Pictures of pages as an answer that the browser of one person keeps by its digest."""

from starlette.requests import Request
from starlette.responses import Response

from web.conditional import to_conditional

_PINNED = "private, max-age=31536000, immutable"
# Another look at the rights after a while; the tag spares the bytes.
_FOR_A_WHILE = "private, max-age=300"


def picture_answer(
    request: Request, content: bytes, *, is_pinned: bool = False, media_type: str = "image/jpeg"
) -> Response:
    """Return a picture with its tag, or only say that the browser has it.

    Args:
        request: what was asked.
        content: of the picture.
        is_pinned: whether the address names the bytes, so that it never shows others.
        media_type: of the content.
    """
    headers = {"Cache-Control": _PINNED if is_pinned else _FOR_A_WHILE}
    return to_conditional(request, Response(content, media_type=media_type, headers=headers))
