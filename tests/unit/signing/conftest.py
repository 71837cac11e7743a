"""An authority and a signed file, made once: making keys takes seconds."""

from pathlib import Path

import pytest

from signing.local_authority import LocalAuthority, ensure_local_authority
from signing.signing import SignedPdf
from tests.unit.signing.material import StoppedClock, sign, write_pdfa


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> LocalAuthority:
    return ensure_local_authority(tmp_path_factory.mktemp("office") / "pki", clock=StoppedClock())


@pytest.fixture(scope="session")
def pdfa(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pdfa(tmp_path_factory.mktemp("pdfa"))


@pytest.fixture(scope="session")
def signed(
    authority: LocalAuthority, pdfa: Path, tmp_path_factory: pytest.TempPathFactory
) -> SignedPdf:
    return sign(pdfa, authority, out=tmp_path_factory.mktemp("signed") / "signed.pdf")
