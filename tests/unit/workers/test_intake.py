"""Receiving: a receipt is given for bytes that are on the disk, once for each file."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from configuration.settings import LimitSettings, Settings
from database.audit import list_audit
from database.batches import BatchRow, NewBatch
from database.errors import BatchClosedError, UnknownSubjectError
from documents.errors import PipelineError
from documents.identifiers import sha256_of_bytes
from documents.model import Receipt
from workers.actors import Actor
from workers.errors import FileTooLargeError
from workers.intake import begin_batch, end_batch, receipt_of, safe_name, take_file
from workers.services import Services, build_services
from workers.tidying import sweep_work_folder

pytestmark = pytest.mark.usefixtures("each_catalogue")

CLERK = Actor("an.tran", "operator")


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    built = build_services(Settings(home=tmp_path / "home", limits=LimitSettings(file_mib=1)))
    yield built
    built.close()


@pytest.fixture
def batch(services: Services) -> BatchRow:
    new = NewBatch(station="quay-01", batch_key="sáng-1", answerable="an.tran")
    return begin_batch(services, new, actor=CLERK)


def take(services: Services, batch: BatchRow, content: bytes, name: str = "đơn.pdf") -> Receipt:
    return take_file(
        services,
        io.BytesIO(content),
        batch_id=batch.id,
        file_name=name,
        source=name,
        actor=CLERK,
    )


def waiting_in(services: Services) -> list[Path]:
    return list(services.work.incoming.iterdir())


def test_receipt_tells_id_digest_size_and_moment(services: Services, batch: BatchRow) -> None:
    receipt = take(services, batch, b"giay to")

    assert receipt.sha256 == sha256_of_bytes(b"giay to")
    assert (receipt.size_bytes, receipt.file_name) == (7, "đơn.pdf")
    assert not receipt.is_repeated
    assert receipt_of(services, receipt.id) == receipt


def test_bytes_lie_in_the_work_folder_when_the_receipt_is_given(
    services: Services, batch: BatchRow
) -> None:
    receipt = take(services, batch, b"giay to")

    assert services.work.delivery_file(receipt.id).read_bytes() == b"giay to"
    assert waiting_in(services) == []


def test_same_bytes_again_give_the_first_receipt(services: Services, batch: BatchRow) -> None:
    first = take(services, batch, b"giay to")

    second = take(services, batch, b"giay to", name="bản sao.pdf")

    assert (second.id, second.received_at) == (first.id, first.received_at)
    assert (second.is_repeated, second.file_name) == (True, "đơn.pdf")
    assert waiting_in(services) == []


def test_file_that_is_too_large_leaves_nothing_behind(services: Services, batch: BatchRow) -> None:
    with pytest.raises(FileTooLargeError):
        take(services, batch, b"0" * ((1 << 20) + 1))

    assert waiting_in(services) == []


def test_sender_that_breaks_off_leaves_nothing_behind(services: Services, batch: BatchRow) -> None:
    class BrokenStream(io.RawIOBase):
        def read(self, _size: int = -1) -> bytes:
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        take_file(
            services,
            BrokenStream(),  # type: ignore[arg-type]  # what is read of a stream
            batch_id=batch.id,
            file_name="x",
            source="x",
            actor=CLERK,
        )

    assert waiting_in(services) == []


@pytest.mark.parametrize("is_closed", [True, False], ids=["closed", "unknown"])
def test_refused_file_leaves_nothing_behind(
    services: Services, batch: BatchRow, *, is_closed: bool
) -> None:
    expected: type[PipelineError] = BatchClosedError if is_closed else UnknownSubjectError
    end_batch(services, batch.id, actor=CLERK)

    with pytest.raises(expected):
        take_file(
            services,
            io.BytesIO(b"giay"),
            batch_id=batch.id if is_closed else "bat_khong_co",
            file_name="x",
            source="x",
            actor=CLERK,
        )

    assert waiting_in(services) == []


def test_arrival_whose_receipt_was_written_is_honoured_after_a_kill(
    services: Services, batch: BatchRow
) -> None:
    receipt = take(services, batch, b"giay to")
    final = services.work.delivery_file(receipt.id)
    final.rename(services.work.incoming / f"1.1-{receipt.id}")

    sweep_work_folder(services)

    assert final.read_bytes() == b"giay to"


def test_arrival_without_a_receipt_is_swept_away(services: Services) -> None:
    abandoned = services.work.incoming / "1.1-dlv_0000000000000000000000"
    abandoned.write_bytes(b"half a fi")

    sweep_work_folder(services)

    assert waiting_in(services) == []


def test_everything_received_is_in_the_audit_log(services: Services, batch: BatchRow) -> None:
    receipt = take(services, batch, b"giay to")
    end_batch(services, batch.id, actor=CLERK)
    end_batch(services, batch.id, actor=CLERK)

    rows = list_audit(services.database)
    assert [row["action"] for row in rows] == ["batch_closed", "file_received", "batch_opened"]
    assert (rows[1]["digest"], rows[1]["actor"]) == (receipt.sha256, "an.tran")


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\an\\đơn.pdf", "đơn.pdf"),
        ("đơn\r\nX-Header: 1.pdf", "đơnX-Header: 1.pdf"),
        ("..", ".."),
        ("", "không tên"),
        ("a/", "không tên"),
        ("<script>.pdf", "<script>.pdf"),
    ],
)
def test_name_from_outside_becomes_harmless(given_name: str, kept: str) -> None:
    assert safe_name(given_name) == kept


@given(st.text())
def test_no_name_is_a_path(name: str) -> None:
    kept = safe_name(name)

    assert kept
    assert "/" not in kept
    assert "\\" not in kept
    assert "\0" not in kept
    assert len(kept) <= 200
