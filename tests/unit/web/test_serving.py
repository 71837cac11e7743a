"""The server as a process: how soon a small answer is with whoever asked."""

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.xdist_group("web-serving")
SOHOA = Path(sys.executable).with_name("sohoa")
# A client acknowledges its first packets at once, and later ones after 40 ms.
ASKED, LAST = 60, 20
DELAYED_ACKNOWLEDGEMENT_SECONDS = 0.040


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[http.client.HTTPConnection]:
    """Give a kept connection to a server."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SOHOA_")}
    process = subprocess.Popen(
        [SOHOA, "serve", "--port", "0", "--json"],
        env={**kept, "SOHOA_HOME": str(tmp_path), "SOHOA_DISPATCH__WORKERS": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        url = urlsplit(json.loads(process.stdout.readline())["url"])
        opened = http.client.HTTPConnection(str(url.hostname), int(url.port or 0), timeout=20)
        yield opened
        opened.close()
    finally:
        process.terminate()
        process.wait(timeout=30)
        process.stdout.close()


def test_small_answers_do_not_wait_for_an_acknowledgement(
    connection: http.client.HTTPConnection,
) -> None:
    taken = []
    for _ in range(ASKED):
        began = time.perf_counter()
        connection.request("GET", "/health/live")
        connection.getresponse().read()
        taken.append(time.perf_counter() - began)

    # The quickest, so that a busy machine does not count.
    assert min(taken[-LAST:]) < DELAYED_ACKNOWLEDGEMENT_SECONDS / 2
