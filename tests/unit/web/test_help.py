"""Help says the same in both languages, and every page's help button leads to a part of it."""

import re
from pathlib import Path

import pytest

PAGES = Path(__file__).parents[3] / "web" / "pages"


def parts_of(language: str) -> list[str]:
    text = (PAGES / f"help/{language}.html").read_text()
    return re.findall(r'<section class="card" id="([a-z-]+)"', text)


def linked_parts() -> set[str]:
    pages = "".join(page.read_text() for page in PAGES.glob("*/*.html"))
    return set(re.findall(r'href="/help#([a-z-]+)"', pages))


def test_both_languages_have_the_same_parts_in_the_same_order() -> None:
    assert parts_of("vi") == parts_of("en")
    assert len(parts_of("vi")) > 8


def test_every_help_button_leads_to_a_part() -> None:
    assert {"desk", "aside", "system", "accounts"} <= linked_parts() <= set(parts_of("vi"))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_contents_name_every_part(language: str) -> None:
    text = (PAGES / f"help/{language}.html").read_text()

    assert re.findall(r'<li><a href="#([a-z-]+)">', text) == parts_of(language)
