"""What the code on a slip or card tells, however it came."""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from tests.end_to_end.stepping import opened_home
from workers.errors import NoCodeError
from workers.services import Services
from workers.slips import SlipFacts, read_slip, understand_slip

CODE = "H99.12.03-260511-0001"


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with opened_home(tmp_path_factory.mktemp("home")) as opened:
        yield opened


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (CODE, SlipFacts(dossier_code=CODE)),
        (f" {CODE}\r\n", SlipFacts(dossier_code=CODE)),
        (
            f"SOHOA|1|{CODE}|1.001193||3",
            SlipFacts(dossier_code=CODE, procedure="1.001193"),
        ),
        (
            f'{{"maHoSo": "{CODE}", "maTTHC": "1.004884.000.00.00.H99", "so": "001199012345"}}',
            SlipFacts(dossier_code=CODE, procedure="1.004884", owner_id="001199012345"),
        ),
        (
            "001199012345|012345678|Đường Thị Thử|01011999|Nữ|Xã Thử Nghiệm|01012021",
            SlipFacts(owner_id="001199012345", owner_name="Đường Thị Thử"),
        ),
        ("001199012345", SlipFacts(owner_id="001199012345")),
    ],
)
def test_each_kind_of_code_is_understood(text: str, facts: SlipFacts) -> None:
    assert understand_slip(text) == facts


@pytest.mark.parametrize("text", ["", "xin chào", "{}", "[1, 2]", "null", "9" * 5000, "H99-1"])
def test_what_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(NoCodeError):
        understand_slip(text)


def picture_of(text: str) -> bytes:
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    code = Image.fromarray(np.asarray(zxingcpp.write_barcode_to_image(barcode, scale=8)))
    frame = Image.new("L", (code.width + 200, code.height + 200), 255)
    frame.paste(code, (100, 100))
    content = io.BytesIO()
    frame.save(content, "JPEG", quality=80)
    return content.getvalue()


def test_a_picture_of_a_slip_is_read_and_not_kept(services: Services) -> None:
    facts = read_slip(services, picture_of(CODE))

    assert facts == SlipFacts(dossier_code=CODE)
    assert list(services.work.incoming.iterdir()) == []


def test_a_picture_without_a_code_says_so(services: Services) -> None:
    blank = io.BytesIO()
    Image.new("L", (640, 480), 255).save(blank, "JPEG")

    with pytest.raises(NoCodeError):
        read_slip(services, blank.getvalue())


@pytest.mark.parametrize("content", [b"", b"not a picture", b"\xff\xd8\xff\xe0" + b"\x00" * 50])
def test_what_is_no_picture_is_refused_and_not_kept(services: Services, content: bytes) -> None:
    with pytest.raises(NoCodeError):
        read_slip(services, content)

    assert list(services.work.incoming.iterdir()) == []


def test_a_picture_of_too_many_pixels_is_not_decoded(services: Services, tmp_path: Path) -> None:
    file = tmp_path / "large.jpg"
    Image.new("L", (9000, 9000), 255).save(file, "JPEG", quality=20)

    with pytest.raises(NoCodeError):
        read_slip(services, file.read_bytes())
