"""The page on settings says what the settings are."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from configuration.settings import PREFIX, Settings, load_settings
from tests.architecture.documented_pages import codes, reference, rows, sections

PAGE = reference("settings.md")


def settings_of_code() -> Iterator[tuple[str, str, str]]:
    """Yield name, variable and default of each setting."""
    for name, field in Settings.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            for inner, one in kind.model_fields.items():
                variable = f"{PREFIX}{name}__{inner}".upper()
                yield f"{name}.{inner}", variable, shown(one.default)
        else:
            yield name, f"{PREFIX}{name}".upper(), shown(field.default)


def shown(default: object) -> str:
    return "none" if default is None else f"`{default}`"


def settings_of_page() -> list[tuple[str, str, str]]:
    found = []
    for heading, text in sections(PAGE).items():
        if heading not in Settings.model_fields:
            continue
        for name, variable, default, *_ in rows(text):
            found.append((codes(name)[0], codes(variable)[0], default))
    return found


def test_every_setting_stands_on_the_page_with_its_default_and_none_besides() -> None:
    assert settings_of_page() == list(settings_of_code())


def test_every_setting_is_explained() -> None:
    for heading, text in sections(PAGE).items():
        if heading in Settings.model_fields:
            for row in rows(text):
                assert len(row) == 5, row
                assert all(row), row


@pytest.mark.parametrize("text", ["[limits]\npages = 500\n"])
def test_the_example_of_the_file_means_what_the_page_says(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOHOA_HOME", str(tmp_path))
    (tmp_path / "sohoa.toml").write_text(text)

    settings = load_settings()

    assert text in PAGE
    assert settings.limits.pages == 500
