"""Settings: read once, checked completely, frozen."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from configuration.settings import Settings, load_settings
from documents.errors import ConfigurationError


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a home of its own and none of this machine's settings."""
    for name in os.environ:
        if name.startswith("SOHOA_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("SOHOA_HOME", str(tmp_path))
    return tmp_path


def test_without_anything_set_the_defaults_are_those_of_one_machine(home: Path) -> None:
    settings = load_settings()

    assert settings.home == home
    assert (settings.web.host, settings.web.port) == ("127.0.0.1", 8080)
    assert settings.database.back_end == "sqlite"
    assert settings.storage.back_end == "folder"
    assert settings.ocr.engine == "tesserocr"


def test_all_state_lies_in_the_home(home: Path) -> None:
    settings = load_settings()

    places = [
        settings.work_folder,
        settings.archive_folder,
        settings.database_file,
        settings.index_folder,
        settings.pki_folder,
        settings.cache_folder,
        settings.inbox_folder,
    ]
    assert all(place.is_relative_to(home) for place in places)
    assert len(set(places)) == len(places)


def test_without_a_home_the_state_lies_in_the_checkout_wherever_we_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOHOA_HOME")
    monkeypatch.chdir(tmp_path)

    assert load_settings().home == Path(__file__).parents[3] / "var"


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "sohoa.toml").write_text(
        '[web]\nport = 9001\nidle_minutes = 30\n[ocr]\nlanguage = "eng"'
    )
    monkeypatch.setenv("SOHOA_WEB__PORT", "9002")

    settings = load_settings()

    assert (settings.web.port, settings.web.idle_minutes) == (9002, 30)
    assert settings.ocr.language == "eng"


def test_a_misspelled_section_is_named_in_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOHOA_WEBB__PORT", "9002")
    monkeypatch.setenv("SOHOA_DATABASE_URL", "x")

    with pytest.raises(ConfigurationError) as caught:
        load_settings()

    for message in (caught.value.reason.vi, caught.value.reason.en):
        assert "SOHOA_DATABASE_URL, SOHOA_WEBB__PORT" in message


def test_every_mistake_is_listed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOHOA_WEB__PORT", "70000")
    monkeypatch.setenv("SOHOA_WEB__COLOUR", "red")
    monkeypatch.setenv("SOHOA_LIMITS__PAGES", "many")

    with pytest.raises(ConfigurationError) as caught:
        load_settings()

    for name in ("web.port", "web.colour", "limits.pages"):
        assert name in caught.value.reason.vi


def test_a_message_never_repeats_a_value_which_may_be_a_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOHOA_WEB__PORT", "s3cret-value")

    with pytest.raises(ConfigurationError) as caught:
        load_settings()

    assert "s3cret-value" not in caught.value.reason.vi + caught.value.reason.en


@pytest.mark.parametrize("proxy", ["*", "proxy.so-hoa.example", "10.0.0.1/8"])
def test_only_addresses_and_networks_are_trusted_as_proxies(
    proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOHOA_WEB__TRUSTED_PROXIES", f'["10.0.0.0/8", "{proxy}"]')

    with pytest.raises(ConfigurationError) as caught:
        load_settings()

    assert "web.trusted_proxies" in caught.value.reason.vi
    assert proxy not in caught.value.reason.vi


@pytest.mark.parametrize(
    "content", ["[web", "[web]\nprot = 1", 'sections = "x"', "[storage]\nback_end = 'tape'"]
)
def test_a_wrong_file_is_refused(home: Path, content: str) -> None:
    (home / "sohoa.toml").write_text(content)

    with pytest.raises(ConfigurationError):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SOHOA_DISPATCH__WORKERS", "-1"),
        ("SOHOA_DISPATCH__LEASE_SECONDS", "1"),
        ("SOHOA_LIMITS__CHILD_MEMORY_MIB", "10"),
        ("SOHOA_LIMITS__PAGE_MEGAPIXELS", "9"),
        ("SOHOA_OCR__LANGUAGE", "vie; rm"),
        ("SOHOA_OCR__ENGINE", "abbyy"),
        ("SOHOA_WEB__IDLE_MINUTES", "0"),
    ],
)
def test_a_value_outside_its_range_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(
        ConfigurationError, match=name.removeprefix("SOHOA_").split("__")[0].lower()
    ):
        load_settings()


def test_settings_never_change() -> None:
    settings = load_settings()

    with pytest.raises(ValidationError):
        settings.home = Path("elsewhere")  # type: ignore[misc]  # this is refused
    with pytest.raises(ValidationError):
        settings.web.port = 1  # type: ignore[misc]  # this too


def test_limits_say_bytes() -> None:
    settings = Settings()

    assert settings.limits.file_bytes == 512 * 1024 * 1024
    assert settings.limits.child_memory_bytes == 1536 * 1024 * 1024
