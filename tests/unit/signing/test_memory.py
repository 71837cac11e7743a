"""A long document passes in little memory, whatever its pages weigh."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from signing.local_authority import LocalAuthority

pytestmark = pytest.mark.xdist_group("signing")

PAGES = 100
# What the steps take for one page; the document itself is more than twice as large.
MOST_TAKEN_MIB = 45


def test_assembling_signing_and_judging_do_not_hold_the_document_in_memory(
    authority: LocalAuthority, tmp_path: Path
) -> None:
    module = "tests.unit.signing.many_pages"
    command = [sys.executable, "-m", module, str(tmp_path), str(authority.folder), str(PAGES)]

    ended = subprocess.run(command, capture_output=True, check=True, timeout=300)

    told = json.loads(ended.stdout)
    assert told["conclusions"] == ["valid", "valid"]
    assert told["is_archival"]
    assert told["document"] > 2 * MOST_TAKEN_MIB
    assert told["taken"] < MOST_TAKEN_MIB
