"""Conditional requests (RFC 9110 §13): what has not changed is not sent again."""

import hashlib
import json
import re

from starlette.requests import Request
from starlette.responses import Response

from web.errors import PreconditionFailedError

_NOT_MODIFIED = 304
_OK = 200
_WITH_REVISION = re.compile(r'"(\d{1,9})-[0-9a-f]{32}"')
_OF_THE_ANSWER = {"content-type", "content-length"}


def etag_of(content: bytes) -> str:
    """Return a strong entity tag of an answer's bytes."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def etag_of_revision(record: object, *, revision: int) -> str:
    """Return a tag that also says on which revision of a document a person looked."""
    content = json.dumps(record, ensure_ascii=False, sort_keys=True).encode()
    return f'"{revision}-{hashlib.sha256(content).hexdigest()[:32]}"'


def revision_of(if_match: str | None) -> int | None:
    """Return the revision that a changing call is meant for; None where it names none.

    Raises:
        PreconditionFailedError: it is no tag of a document, so nothing can be what it names.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    match = _WITH_REVISION.fullmatch(if_match.strip())
    if match is None:
        raise PreconditionFailedError
    return int(match[1])


def is_known(request: Request, etag: str) -> bool:
    """Say whether the client already has what bears this tag."""
    given = request.headers.get("if-none-match")
    if given is None:
        return False
    tags = [tag.strip().removeprefix("W/") for tag in given.split(",")]
    return etag in tags or tags == ["*"]


def to_conditional(request: Request, response: Response) -> Response:
    """Give an answer its tag, or only say that it is what the client has."""
    content: bytes | None = getattr(response, "body", None)  # a stream has none
    if content is None or request.method != "GET" or response.status_code != _OK:
        return response
    etag = response.headers.get("etag") or etag_of(content)
    response.headers["ETag"] = etag
    if not is_known(request, etag):
        return response
    kept = {name: value for name, value in response.headers.items() if name not in _OF_THE_ANSWER}
    return Response(status_code=_NOT_MODIFIED, headers=kept)
