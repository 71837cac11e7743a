"""A page image that a later revision exchanges is found, though large images are not kept."""

from pathlib import Path

import pytest
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from ocr.assembling import PageToAssemble, assemble_pdf
from signing.local_authority import LocalAuthority
from signing.validating import validate_signatures
from tests.builders import make_page
from tests.unit.signing.many_pages import HEIGHT, WIDTH, write_page
from tests.unit.signing.material import NOW, sign

pytestmark = pytest.mark.xdist_group("signing")


@pytest.fixture
def signed(authority: LocalAuthority, tmp_path: Path) -> Path:
    page = PageToAssemble(
        image=write_page(tmp_path / "page.jpg", seed=1),
        reading=make_page("Giấy hẹn", size=(WIDTH, HEIGHT)),
    )
    file = tmp_path / "assembled.pdf"
    assemble_pdf([page], title="Một trang", created_at=NOW, out=file)
    return sign(file, authority).file


def exchange_image(file: Path, *, flipped: int) -> None:
    """Append a revision whose page image differs in some bits of its middle."""
    with file.open("r+b") as stream:
        writer = IncrementalPdfFileWriter(stream)
        page = writer.root["/Pages"]["/Kids"][0]
        image = page["/Resources"]["/XObject"].raw_get("/Im0")
        old = image.get_object()
        content = bytearray(old.encoded_data)
        content[len(content) // 2] ^= flipped
        writer.objects[(image.generation, image.idnum)] = StreamObject(
            dict(old.items()), encoded_data=bytes(content)
        )
        writer.write_in_place()


def test_an_image_exchanged_after_signing_is_no_valid_signature(
    signed: Path, authority: LocalAuthority
) -> None:
    exchange_image(signed, flipped=1)

    verdicts = validate_signatures(signed, trust_roots=(authority.root,), checked_at=NOW)

    assert len(verdicts) == 2
    assert not [one for one in verdicts if one.conclusion == "valid"]
    assert [one.changed_afterwards for one in verdicts] == [True, True]
