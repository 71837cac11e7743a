"""Every broken, encrypted or odd file ends in pages or in an error of ours, within limits."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.unit.ingest.material import given, given_names

_MEMORY_BYTES = 3 << 30
_SECONDS_FOR_EACH = 8.0
_PROGRAM = """
import json, resource, sys, tempfile, time
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))
from documents.errors import PipelineError
from documents.limits import PageLimits
from ingest.decoding import load_pixels
from ingest.inspecting import inspect_page
from ingest.opening import open_delivery
for line in sys.stdin:
    started = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        try:
            file = Path(json.loads(line))
            opened = open_delivery(file, out=Path(folder), limits=PageLimits())
            for page in opened.pages[:3]:
                pixels = load_pixels(page.image)
                inspect_page(pixels, image=page.image, previous_fingerprint=None)
            answer = f"pages {{len(opened.pages)}}"
        except PipelineError as error:
            answer = f"error {{error.reason.code}}"
        except Exception as error:
            answer = f"unexpected {{type(error).__name__}}"
    print(json.dumps([answer, time.process_time() - started]), flush=True)
"""
_NAMES = given_names("malformed", "ocr-generic", "barcodes")


@pytest.fixture(scope="module")
def verdicts() -> dict[str, tuple[str, float]]:
    """What one child process with a limit on memory says of each file."""
    if not _NAMES:
        pytest.skip("no test data here")
    files = [str(given(name)) for name in _NAMES]
    started = time.monotonic()
    completed = subprocess.run(
        [sys.executable, "-c", _PROGRAM.format(memory=_MEMORY_BYTES)],
        input="\n".join(json.dumps(file) for file in files),
        capture_output=True,
        text=True,
        timeout=_SECONDS_FOR_EACH * len(files),
        check=False,
        cwd=Path(__file__).parents[3],
        env=os.environ | {"PYTHONPATH": "."},
    )
    answers = [json.loads(line) for line in completed.stdout.splitlines()]
    assert len(answers) == len(files), (completed.returncode, time.monotonic() - started)
    return {
        name: (verdict, seconds) for name, (verdict, seconds) in zip(_NAMES, answers, strict=True)
    }


@pytest.mark.parametrize("name", _NAMES)
def test_file_ends_in_pages_or_in_an_error_of_ours(
    verdicts: dict[str, tuple[str, float]], name: str
) -> None:
    verdict, seconds = verdicts[name]

    assert verdict.startswith(("pages", "error"))
    assert seconds < _SECONDS_FOR_EACH


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("malformed/zero-byte.pdf", "error empty_file"),
        ("malformed/truncated-half.pdf", "error damaged_file"),
        ("malformed/pillow-decompression_bomb.gif", "error page_too_large"),
        ("malformed/qpdf-V4-aes.pdf", "pages 30"),
        ("malformed/qpdf-enc-XI-R6_V5_U-view_O-master.pdf", "error password_needed"),
        ("malformed/jpeg-named.pdf", "pages 1"),
        ("malformed/qpdf-bad-xref.pdf", "pages 1"),
    ],
)
def test_known_oddity_ends_as_it_should(
    verdicts: dict[str, tuple[str, float]], name: str, verdict: str
) -> None:
    assert verdicts[name][0] == verdict
