"""Mistakes and interruptions of the program `sohoa`: exit codes, and words that help."""

import shutil
import signal
import subprocess
import threading
from pathlib import Path

import pytest

from database.connecting import open_sqlite
from tests.end_to_end.commands import run
from tests.end_to_end.conftest import SOHOA, Office
from tests.end_to_end.papers import DECISION, write_scan

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("command-line-mistakes")]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Give an empty home."""
    made = Office(home=tmp_path_factory.mktemp("office") / "home")
    run(made, "status", "--json")
    return made


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("digitize", "khong-co.pdf"), 2, ("Không có tệp", "no file")),
        (("digitize", "--profile", "la", "."), 2, ("cấu hình máy quét", "scanner profile")),
        (("digitize",), 2, ()),
        (("khong-co-lenh",), 2, ()),
        (("read", "--format", "docx", "."), 2, ()),
        (("show", "doc_0"), 4, ("Không tìm thấy", "Nothing is known")),
        (("fetch", "doc_0", "-o", "x.pdf"), 4, ("Không tìm thấy", "Nothing is known")),
        (("status", "bat_0"), 4, ("Không tìm thấy", "Nothing is known")),
        (("review", "doc_0", "--accept"), 4, ("Không tìm thấy", "Nothing is known")),
        (("serve", "--host", "192.0.2.1"), 2, ("--tls-cert", "Plain HTTP")),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_mistake_ends_with_its_code_and_words_that_help(
    office: Office, arguments: tuple[str, ...], code: int, words: tuple[str, ...]
) -> None:
    ended = run(office, *arguments)

    assert (ended.code, ended.out) == (code, "")
    assert ended.said
    assert all(word in ended.said for word in words)


@pytest.mark.parametrize(
    ("name", "value"),
    [("SOHOA_LIMIT__PAGES", "5"), ("SOHOA_LIMITS__PAGES", "nhiều"), ("SOHOA_LIMITS__PAGE", "5")],
)
def test_wrong_setting_is_said_in_both_languages(office: Office, name: str, value: str) -> None:
    ended = run(office, "status", "--json", **{name: value})

    assert (ended.code, ended.out) == (2, "")
    assert "ấu hình" in ended.said
    assert "settings" in ended.said
    assert value == "5" or value not in ended.said


def test_catalogue_of_a_newer_release_is_refused(office: Office, tmp_path: Path) -> None:
    home = Path(shutil.copytree(office.home, tmp_path / "copied"))
    database = open_sqlite(home / "sohoa.db")
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    database.close()

    ended = run(Office(home=home), "status", "--json")

    assert (ended.code, ended.out) == (2, "")
    assert "9999" in ended.said


def test_catalogue_that_cannot_be_opened_is_unavailable(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "sohoa.db").mkdir(parents=True)

    ended = run(Office(home=home), "status", "--json")

    assert (ended.code, ended.out) == (3, "")
    assert "Cơ sở dữ liệu" in ended.said


def test_interrupted_command_ends_quietly_and_goes_on_when_called_again(tmp_path: Path) -> None:
    office = Office(home=tmp_path / "home")
    scan = write_scan(tmp_path / "a.tif", *[DECISION] * 6)
    command = ["digitize", "--confirm-by", "backfile", "--json", str(scan)]
    process = subprocess.Popen(
        [SOHOA, *command],
        env=office.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    waits = threading.Event()
    while process.poll() is None and not list(office.home.glob("work/pages/*/*")):
        waits.wait(0.02)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)

    again = run(office, *command)

    assert process.returncode == 130
    assert "Traceback" not in said
    assert "Đã dừng" in said
    assert [one["state"] for one in again.records] == ["filed"]
    assert again.records[0]["pages"] == [1, 6]
