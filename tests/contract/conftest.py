"""The back ends that several contract tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from database.connecting import Database
from documents.clock import SystemClock
from signing.local_authority import LocalAuthority, ensure_local_authority
from tests.contract.backends import CATALOGUES


@pytest.fixture(params=CATALOGUES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with CATALOGUES[request.param](tmp_path) as opened:
        yield opened


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> LocalAuthority:
    return ensure_local_authority(tmp_path_factory.mktemp("office") / "pki", clock=SystemClock())
