# ruff: noqa: INP001 - one module to copy, not a package
"""A client of the API of Số Hóa: one module, the standard library only. Copy it.

    client = Client("https://so-hoa.co-quan.vn:8443", token)
    receipt = client.deliver(Path("giay.pdf"), key="ho-so-0012-to-1", dossier="H05.01.02-…")
    batch = client.follow(receipt["batch_id"])
    for document in batch["documents"]:
        client.confirm(document["id"], component_type="quyet_dinh")

Every refusal is a `Refusal` with the stable code of docs/reference/errors.md. Requests that may be
sent twice without harm are sent again when the line breaks or the server asks to wait.
"""

import base64
import json
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Literal, TypedDict, cast

_TRIES = 5
_LONGEST_WAIT_SECONDS = 30.0
_PIECE_BYTES = 4 << 20
_TUS = {"Tus-Resumable": "1.0.0"}
_WAITING = frozenset({408, 423, 429, 503})
_NOT_FINISHED = "idempotency_key_in_use"


class Reason(TypedDict):
    """Why something waits or was set aside."""

    code: str
    vi: str
    en: str


class Receipt(TypedDict):
    """The bytes are on the server's disk."""

    id: str
    batch_id: str
    sha256: str
    size_bytes: int
    received_at: str
    file_name: str
    repeated: bool
    pages: list[str]


class Document(TypedDict):
    """A document in a line."""

    id: str
    batch_id: str
    state: str
    reason: Reason | None
    component_type: str | None
    component_type_name: str
    number: str | None
    issued_on: str | None
    title: str | None
    dossier: str | None
    doubtful: bool
    confirmed: bool
    revision: int
    sha256: str | None
    filed_at: str | None


class Batch(TypedDict):
    """Where everything of a batch is."""

    id: str
    state: str
    settled: bool
    documents: list[Document]


class Hit(TypedDict):
    """A document that was found."""

    id: str
    score: float
    component_type: str | None
    number: str | None
    issued_on: str | None
    title: str | None
    snippet: str


class Held(TypedDict):
    """What is held for one component of a checklist."""

    component: str
    name: str
    required: bool
    state: Literal[
        "held_valid",
        "held_to_check",
        "unconfirmed",
        "expired",
        "not_reusable",
        "only_shown",
        "not_held",
    ]
    reason: Reason
    document: str | None
    valid_until: str | None


class Refusal(Exception):  # noqa: N818 - it is the server's, not an error of ours
    """The server refused; `code` is stable, `detail` says in Vietnamese what to do next."""

    def __init__(self, status: int, problem: Mapping[str, object]) -> None:
        self.status = status
        self.code = str(problem.get("code", "unknown"))
        self.detail = str(problem.get("detail", ""))
        super().__init__(f"{status} {self.code}: {problem.get('detail_en', '')}")


class LineBrokenError(Exception):
    """The server could not be reached, or the line broke, too many times."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server answered."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    def record(self) -> object:
        """Return the content as JSON."""
        return json.loads(self.content)


class Client:
    """A program that calls one server with one token."""

    def __init__(self, url: str, token: str, *, timeout_seconds: float = 60.0) -> None:
        self._url = url.rstrip("/")
        self._token = token
        self._timeout_seconds = timeout_seconds

    def deliver(
        self, file: Path, *, key: str, dossier: str | None = None, confirm_by: str = "none"
    ) -> Receipt:
        """Deliver one file as a batch of its own; the same key is the same delivery."""
        query = _query(filename=file.name, dossier=dossier, confirm_by=confirm_by)
        answer = self._call(
            "POST",
            f"/api/v1/deliveries?{query}",
            content=file.read_bytes(),
            headers={"Idempotency-Key": key, "Content-Type": "application/octet-stream"},
        )
        return cast("Receipt", answer.record())

    def deliver_large(self, file: Path, *, dossier: str | None = None) -> Receipt:
        """Deliver a large file in pieces; after a break it goes on where the server stopped."""
        told = {"filename": file.name, **({"dossier": dossier} if dossier else {})}
        pairs = (f"{name} {base64.b64encode(v.encode()).decode()}" for name, v in told.items())
        headers = {
            **_TUS,
            "Upload-Length": str(file.stat().st_size),
            "Upload-Metadata": ",".join(pairs),
            "Idempotency-Key": str(uuid.uuid4()),
        }
        place = self._call("POST", "/api/v1/uploads", headers=headers).headers["location"]
        with file.open("rb") as stream:
            answer = self._call("HEAD", place, headers=_TUS)
            while "content-location" not in answer.headers:
                stream.seek(int(answer.headers["upload-offset"]))
                answer = self._send_piece(place, stream.tell(), stream.read(_PIECE_BYTES))
        receipt = self._call("GET", answer.headers["content-location"])
        return cast("Receipt", receipt.record())

    def _send_piece(self, place: str, offset: int, piece: bytes) -> Answer:
        headers = {
            **_TUS,
            "Upload-Offset": str(offset),
            "Content-Type": "application/offset+octet-stream",
        }
        try:
            return self._call_once("PATCH", place, content=piece, headers=headers)
        except (OSError, HTTPException):
            return self._call("HEAD", place, headers=_TUS)

    def batch(self, batch_id: str) -> Batch:
        """Return where everything of a batch is now."""
        return cast("Batch", self._call("GET", f"/api/v1/batches/{_part(batch_id)}").record())

    def follow(self, batch_id: str) -> Batch:
        """Wait until nothing of a batch is left to run; return it."""
        path = f"/api/v1/batches/{_part(batch_id)}/events"
        last_event, breaks = "", 0
        while breaks < _TRIES:
            headers = {"Last-Event-ID": last_event} if last_event else {}
            try:
                for name, value in self._events(path, headers):
                    if name == "id":
                        last_event, breaks = value, 0
                    if (name, value) == ("event", "settled"):
                        return self.batch(batch_id)
            except (OSError, HTTPException):
                pass  # the stream goes on behind the last event
            breaks += 1
            time.sleep(min(2.0**breaks, _LONGEST_WAIT_SECONDS))
        raise LineBrokenError(path)

    def _events(self, path: str, headers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        request = self._request("GET", path, content=None, headers=headers)
        with closing(_open(request, self._timeout_seconds)) as response:
            for line in response:
                name, _, value = line.decode().rstrip("\n").partition(": ")
                yield name, value

    def confirm(
        self,
        document_id: str,
        *,
        component_type: str,
        values: Mapping[str, str] | None = None,
        revision: int | None = None,
    ) -> Document:
        """Accept or correct the tags; with a revision only if nobody has changed it since."""
        wanted = {
            "component_type": component_type,
            "values": dict(values or {}),
            "revision": revision,
        }
        answer = self._call(
            "POST",
            f"/api/v1/documents/{_part(document_id)}/confirm",
            content=json.dumps(wanted).encode(),
            headers={"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())},
        )
        return cast("Document", answer.record())

    def document(self, document_id: str, *, purpose: str | None = None) -> Document:
        """Return what is known of a document."""
        query = _query(purpose=purpose)
        answer = self._call("GET", f"/api/v1/documents/{_part(document_id)}?{query}")
        return cast("Document", answer.record())

    def fetch(self, document_id: str, *, purpose: str) -> bytes:
        """Return the signed bytes; the purpose goes into the audit log."""
        query = _query(purpose=purpose)
        return self._call("GET", f"/api/v1/documents/{_part(document_id)}/file?{query}").content

    def search(
        self, text: str, *, component_type: str | None = None, year: int | None = None
    ) -> Iterator[Hit]:
        """Yield what is found, best first, with or without marks."""
        cursor: str | None = None
        while True:
            query = _query(q=text, type=component_type, year=year, cursor=cursor)
            found = self._call("GET", f"/api/v1/search?{query}").record()
            page = cast("dict[str, object]", found)
            yield from cast("list[Hit]", page["items"])
            cursor = cast("str | None", page["next"])
            if cursor is None:
                return

    def once_only(self, *, owner: str, procedure: str, dossier: str, purpose: str) -> list[Held]:
        """Say for each component of a procedure what is held already."""
        query = _query(owner=owner, procedure=procedure, dossier=dossier, purpose=purpose)
        found = self._call("GET", f"/api/v1/once-only?{query}").record()
        return cast("list[Held]", cast("dict[str, object]", found)["components"])

    def _call(
        self,
        method: str,
        path: str,
        *,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a request, again after a break or when asked to wait: all of ours may be repeated.

        Those that change something carry a key or a revision, so that twice is once.
        """
        for attempt in range(1, _TRIES + 1):
            try:
                return self._call_once(method, path, content=content, headers=headers)
            except Refusal as refusal:
                may_pass = refusal.status in _WAITING or refusal.code == _NOT_FINISHED
                if not may_pass or attempt == _TRIES:
                    raise
            except (OSError, HTTPException) as error:
                if attempt == _TRIES:
                    raise LineBrokenError(path) from error
            time.sleep(min(2.0**attempt / 2, _LONGEST_WAIT_SECONDS))
        raise AssertionError(path)

    def _call_once(
        self,
        method: str,
        path: str,
        *,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        request = self._request(method, path, content=content, headers=headers or {})
        with closing(_open(request, self._timeout_seconds)) as response:
            told = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status, told, response.read())

    def _request(
        self, method: str, path: str, *, content: bytes | None, headers: Mapping[str, str]
    ) -> urllib.request.Request:
        told = {"Authorization": f"Bearer {self._token}", **headers}
        return urllib.request.Request(  # noqa: S310 - the address is the caller's own server
            self._url + path, data=content, headers=told, method=method
        )


def _open(request: urllib.request.Request, timeout_seconds: float) -> HTTPResponse:
    try:
        opened = urllib.request.urlopen(  # noqa: S310 - the address is the caller's own server
            request, timeout=timeout_seconds
        )
    except urllib.error.HTTPError as error:
        with error:
            content = error.read()
        try:
            problem = json.loads(content)
        except ValueError:
            problem = {}
        raise Refusal(error.code, problem) from error
    return cast("HTTPResponse", opened)


def _query(**values: str | int | None) -> str:
    return urllib.parse.urlencode({k: v for k, v in values.items() if v is not None})


def _part(identifier: str) -> str:
    return urllib.parse.quote(identifier, safe="")
