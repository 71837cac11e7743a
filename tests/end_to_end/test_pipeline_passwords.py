"""A file that is locked with a password asks for it, and goes on when it was given."""

from pathlib import Path

import pikepdf
import pytest

from database.batches import get_delivery
from tests.end_to_end.papers import (
    write_encrypted_pdf,
    write_scan,
)
from tests.end_to_end.stepping import (
    CLERK,
    deliver,
    run_all,
    status_of,
)
from workers.intake import give_password
from workers.retrieving import open_version
from workers.services import Services

pytestmark = pytest.mark.xdist_group("pipeline-trouble")
UNKNOWN = ("Danh sách mua sắm", "gạo, muối, nước mắm", "xà phòng và khăn mặt")


def test_encrypted_file_asks_for_its_password_and_goes_on_with_it(
    services: Services, tmp_path: Path
) -> None:
    followed = deliver(services, write_encrypted_pdf(tmp_path / "khoa.pdf", password="mo-ra"))  # noqa: S106
    delivery_id = followed.receipts[0].id
    reasons = []
    run_all(services)
    for password in ("sai", "mo-ra"):
        (delivery,) = status_of(services, followed).deliveries
        reasons.append(delivery.reason and delivery.reason.code)
        give_password(services, delivery_id, password=password, actor=CLERK)
        run_all(services)

    (document,) = status_of(services, followed).documents
    assert reasons == ["password_needed", "password_needed"]
    assert (document.state, document.number) == ("filed", "120/QĐ-UBND")
    with services.database.reading() as connection:
        assert get_delivery(connection, delivery_id).password is None


def test_password_that_comes_after_the_others_of_a_batch_were_filed(
    services: Services, tmp_path: Path
) -> None:
    scan = write_scan(tmp_path / "a.tif", UNKNOWN)
    locked = write_encrypted_pdf(tmp_path / "b.pdf", password="mo-ra")  # noqa: S106
    followed = deliver(services, scan, locked)
    run_all(services)
    before = status_of(services, followed).documents

    give_password(services, followed.receipts[1].id, password="mo-ra", actor=CLERK)  # noqa: S106
    run_all(services)

    after = status_of(services, followed).documents
    assert [one.state for one in before] == ["filed"]
    assert [one.state for one in after] == ["filed", "filed"]
    assert after[0] == before[0]
    assert after[1].number == "120/QĐ-UBND"


def test_filed_version_of_an_encrypted_file_opens_without_a_password(
    services: Services, tmp_path: Path
) -> None:
    locked = write_encrypted_pdf(tmp_path / "khoa.pdf", password="mo-ra")  # noqa: S106
    followed = deliver(services, locked, password="mo-ra")  # noqa: S106
    run_all(services)
    (document,) = status_of(services, followed).documents

    _, stream = open_version(services, document.id, actor=CLERK)

    with stream, pikepdf.open(stream) as pdf:
        assert not pdf.is_encrypted
        assert len(pdf.pages) == 1
