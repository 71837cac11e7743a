"""Settings of the servers behind the ports: checked at the start, and their secrets kept."""

import os
from pathlib import Path

import pytest

from configuration.settings import load_settings
from documents.errors import ConfigurationError

SECRET = "kept-to-itself"  # noqa: S105 - invented
MINIO = {"SOHOA_STORAGE__BACK_END": "minio", "SOHOA_STORAGE__ACCESS_KEY": "sohoa"}
SEARCH = {"SOHOA_SEARCH__BACK_END": "elasticsearch", "SOHOA_SEARCH__USERNAME": "sohoa"}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in os.environ:
        if name.startswith("SOHOA_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("SOHOA_HOME", str(tmp_path))
    return tmp_path


def set_all(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name, value)


def test_a_secret_comes_from_the_environment_or_from_a_file(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = home / "secret"
    file.write_text(f"{SECRET}\n")
    set_all(monkeypatch, {**MINIO, "SOHOA_STORAGE__SECRET_KEY": SECRET})
    set_all(monkeypatch, {**SEARCH, "SOHOA_SEARCH__PASSWORD_FILE": str(file)})

    settings = load_settings()

    assert (settings.storage.secret(), settings.search.secret()) == (SECRET, SECRET)


def test_a_secret_is_shown_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, {**MINIO, "SOHOA_STORAGE__SECRET_KEY": SECRET})
    set_all(monkeypatch, {**SEARCH, "SOHOA_SEARCH__PASSWORD": SECRET})

    settings = load_settings()

    assert SECRET not in f"{settings!r} {settings} {settings.model_dump()}"
    assert SECRET not in settings.model_dump_json()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (MINIO, "storage: .*secret_key"),
        ({**MINIO, "SOHOA_STORAGE__ACCESS_KEY": ""}, "storage: .*access_key"),
        (
            {
                **MINIO,
                "SOHOA_STORAGE__SECRET_KEY": SECRET,
                "SOHOA_STORAGE__SECRET_KEY_FILE": "/dev/null",
            },
            "storage: .*only one of",
        ),
        ({**MINIO, "SOHOA_STORAGE__SECRET_KEY_FILE": "/dev/null"}, "storage: .*secret_key"),
        ({**MINIO, "SOHOA_STORAGE__SECRET_KEY_FILE": "/nowhere"}, "storage: .*cannot be read"),
        (SEARCH, "search: .*password"),
        ({"SOHOA_STORAGE__ENDPOINT": f"http://sohoa:{SECRET}@minio:9000"}, "storage.endpoint"),
        ({"SOHOA_STORAGE__ENDPOINT": "minio:9000"}, "storage.endpoint"),
        ({"SOHOA_STORAGE__BUCKET": "Kho Lưu Trữ"}, "storage.bucket"),
        ({"SOHOA_SEARCH__URL": "elasticsearch"}, "search.url"),
        ({"SOHOA_SEARCH__INDEX": "Sohoa*"}, "search.index"),
        ({"SOHOA_STORAGE__LOCK_YEARS": "0"}, "storage.lock_years"),
    ],
)
def test_what_does_not_fit_stops_the_start_without_telling_a_secret(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], expected: str
) -> None:
    set_all(monkeypatch, values)

    with pytest.raises(ConfigurationError, match=expected) as caught:
        load_settings()

    assert SECRET not in str(caught.value.reason)


def test_a_store_to_move_to_can_be_described_before_it_is_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOHOA_STORAGE__BUCKET", "sohoa-tinh")

    settings = load_settings()

    assert (settings.storage.back_end, settings.storage.bucket) == ("folder", "sohoa-tinh")
