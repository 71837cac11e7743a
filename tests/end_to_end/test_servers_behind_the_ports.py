"""An office whose store is MinIO and whose index is Elasticsearch, by settings alone."""

import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from minio.error import S3Error

from tests.contract.real_stores import connect_minio, forget_index
from tests.end_to_end.commands import Outcome, run
from tests.end_to_end.conftest import Office
from tests.services import service

PROJECT = Path(__file__).parents[2]
SAMPLES = PROJECT / "samples" / "batches"
FILES = (
    SAMPLES / "2-giay-phep-xay-dung" / "002-quyet-dinh-da-ky.pdf",
    SAMPLES / "3-ho-kinh-doanh" / "010.jpg",
)


@dataclass
class Province:
    """Settings of the servers, and an office that does not use them yet."""

    office: Office
    bucket: str
    store: dict[str, str]
    index: dict[str, str]

    @property
    def both(self) -> dict[str, str]:
        return {**self.store, **self.index, "SOHOA_STORAGE__BACK_END": "minio"}


def make_province(folder: Path) -> Province:
    address = urlsplit(service("minio"))
    name = f"test-{secrets.token_hex(8)}"
    forget_index(name)
    secret = folder / "minio.secret"
    secret.write_text(f"{address.password}\n")
    return Province(
        office=Office(home=folder / "home"),
        bucket=name,
        store={
            "SOHOA_STORAGE__ENDPOINT": f"http://{address.hostname}:{address.port}",
            "SOHOA_STORAGE__BUCKET": name,
            "SOHOA_STORAGE__ACCESS_KEY": address.username or "",
            "SOHOA_STORAGE__SECRET_KEY_FILE": str(secret),
        },
        index={
            "SOHOA_SEARCH__BACK_END": "elasticsearch",
            "SOHOA_SEARCH__URL": service("elasticsearch"),
            "SOHOA_SEARCH__INDEX": name,
        },
    )


@pytest.fixture
def province(tmp_path: Path) -> Province:
    return make_province(tmp_path)


@pytest.fixture(scope="module")
def at_work(tmp_path_factory: pytest.TempPathFactory) -> tuple[Province, list[dict[str, Any]]]:
    """Give an office on both servers, and the records of what it filed."""
    made = make_province(tmp_path_factory.mktemp("province"))
    checked = run(made.office, "doctor", "--json", **made.both)
    assert checked.code == 0, checked.out
    return made, digitized(made.office, made.both, *FILES).records


def digitized(office: Office, environment: dict[str, str], *files: Path) -> Outcome:
    arguments = ["--confirm-by", "backfile", "--json", *map(str, files)]
    return run(office, "digitize", *arguments, **environment)


def found(province: Province, text: str) -> list[str]:
    answer = run(province.office, "search", text, "--json", **province.both)
    return [one["id"] for one in answer.records]


def test_an_office_on_servers_files_finds_and_verifies(
    at_work: tuple[Province, list[dict[str, Any]]],
) -> None:
    province, filed = at_work

    verified = [run(province.office, "verify", one["id"], **province.both).code for one in filed]

    assert [one["state"] for one in filed] == ["filed", "filed"]
    assert all(one["location"].startswith(f"s3://{province.bucket}/") for one in filed)
    assert not list((province.office.home / "archive").rglob("*.pdf"))
    assert verified == [0, 0]
    assert found(province, "su dung tam thoi") == [filed[1]["id"]]


def test_the_catalogue_comes_back_from_the_bucket_alone(
    at_work: tuple[Province, list[dict[str, Any]]],
) -> None:
    province, filed = at_work
    for path in province.office.home.glob("sohoa.db*"):
        path.unlink()

    rebuilt = run(province.office, "rebuild-catalogue", "--json", **province.both)

    assert (rebuilt.records[0]["documents"], rebuilt.records[0]["problems"]) == (2, [])
    assert found(province, "su dung tam thoi") == [filed[1]["id"]]


def test_what_arrived_signed_lies_byte_for_byte_under_a_lock(
    at_work: tuple[Province, list[dict[str, Any]]],
) -> None:
    province, filed = at_work
    key = filed[0]["location"].removeprefix(f"s3://{province.bucket}/")
    client = connect_minio()

    with client.get_object(province.bucket, key) as answer:
        stored = answer.read()

    assert stored == FILES[0].read_bytes()
    assert hashlib.sha256(stored).hexdigest() == filed[0]["sha256"]
    version = client.stat_object(province.bucket, key).version_id
    with pytest.raises(S3Error, match=r"InvalidRequest|AccessDenied"):
        client.remove_object(province.bucket, key, version)


def test_an_office_moves_to_the_store_and_back(province: Province) -> None:
    office = province.office
    (before,) = digitized(office, {}, FILES[0]).records
    on_minio = {**province.store, "SOHOA_STORAGE__BACK_END": "minio"}

    there = run(office, "migrate-store", "--to", "minio", "--json", **province.store)
    again = run(office, "migrate-store", "--to", "minio", "--verify", "--json", **province.store)
    (office.home / "archive").rename(office.home / "archive-before")
    verified = run(office, "verify", before["id"], **on_minio)
    back = run(office, "migrate-store", "--to", "folder", "--json", **on_minio)

    count = there.records[0]["copied"]
    assert (there.code, there.records[0]["there"], count > 3) == (0, 0, True)
    assert again.records == [{"copied": 0, "there": count, "problems": []}]
    assert verified.code == 0, verified.said
    assert back.records == [{"copied": count, "there": 0, "problems": []}]
    assert run(office, "verify", before["id"]).code == 0
    assert objects_in(office.home / "archive") == objects_in(office.home / "archive-before")


def objects_in(folder: Path) -> dict[str, bytes]:
    objects = folder / "objects"
    return {
        str(path.relative_to(objects)): path.read_bytes()
        for path in objects.rglob("*")
        if path.is_file()
    }


def test_the_same_store_on_both_sides_is_refused(province: Province) -> None:
    refused = run(province.office, "migrate-store", "--to", "folder")

    assert refused.code == 2
    assert "folder" in refused.said


def test_doctor_refuses_a_bucket_without_lock_and_tells_no_secret(province: Province) -> None:
    connect_minio().make_bucket(province.bucket)

    checked = run(province.office, "doctor", "--json", **province.both)

    store = next(one for one in checked.records if one["name"] == "store")
    assert checked.code == 2
    assert (store["ok"], "no object lock" in store["en"]) == (False, True)
    assert (urlsplit(service("minio")).password or "?") not in checked.out + checked.said


def test_an_index_that_is_gone_stops_nothing_but_searching(province: Province) -> None:
    gone = {**province.index, "SOHOA_SEARCH__URL": "http://127.0.0.1:9"}

    filed = digitized(province.office, gone, FILES[1])
    searched = run(province.office, "search", "su dung tam thoi", "--json", **gone)

    assert [one["state"] for one in filed.records] == ["filed"]
    assert searched.code == 3
    assert "Máy chủ tìm kiếm chưa trả lời" in searched.said
