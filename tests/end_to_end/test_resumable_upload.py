"""A large file over a bad line: the server dies in the middle, and nothing that it told is lost."""

import base64
import hashlib
import os
import socket
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx
import pytest

from tests.end_to_end.conftest import Office

pytestmark = pytest.mark.slow
TUS = {"Tus-Resumable": "1.0.0"}
PIECE = "application/offset+octet-stream"
CONTENT = os.urandom(1 << 16) * 320
_TOLD = "Upload-Offset"


def test_upload_goes_on_after_the_server_was_killed(
    office: Office, token_of: Callable[[Office, str], str]
) -> None:
    bearer = {"Authorization": f"Bearer {token_of(office, 'operator')}", **TUS}
    office.serve()
    name = base64.b64encode("sổ lớn.tif".encode()).decode()
    headers = {**bearer, "Upload-Length": str(len(CONTENT)), "Upload-Metadata": f"filename {name}"}
    place = httpx.post(f"{office.url}/api/v1/uploads", headers=headers).headers["Location"]
    first = send(office, place, bearer, CONTENT[: 9 << 20], at=0)
    half = cut_line_in_the_middle(office, place, bearer)

    office.kill()
    office.serve()
    known = int(httpx.head(office.url + place, headers=bearer).headers[_TOLD])
    last = send(office, place, bearer, CONTENT[known:], at=known)

    receipt = httpx.get(office.url + last.headers["Content-Location"], headers=bearer).json()
    assert int(first.headers[_TOLD]) <= half <= known < len(CONTENT)
    assert receipt["sha256"] == hashlib.sha256(CONTENT).hexdigest()
    assert receipt["size_bytes"] == len(CONTENT)


def send(
    office: Office, place: str, bearer: dict[str, str], content: bytes, *, at: int
) -> httpx.Response:
    headers = {**bearer, _TOLD: str(at), "Content-Type": PIECE}
    answer = httpx.patch(office.url + place, content=content, headers=headers, timeout=60)
    assert answer.status_code == 204, answer.text
    return answer


def cut_line_in_the_middle(office: Office, place: str, bearer: dict[str, str]) -> int:
    """Announce all that is left, send a part, hang up; return what the server then has."""
    at = int(httpx.head(office.url + place, headers=bearer).headers[_TOLD])
    url = urlsplit(office.url)
    lines = [
        f"PATCH {place} HTTP/1.1",
        f"Host: {url.netloc}",
        f"Content-Length: {len(CONTENT) - at}",
        f"Content-Type: {PIECE}",
        f"{_TOLD}: {at}",
        *(f"{name}: {value}" for name, value in bearer.items()),
    ]
    with socket.create_connection((str(url.hostname), int(url.port or 0))) as line:
        line.sendall("\r\n".join([*lines, "", ""]).encode())
        line.sendall(CONTENT[at : at + (1 << 20)])
    return int(httpx.head(office.url + place, headers=bearer).headers[_TOLD])
