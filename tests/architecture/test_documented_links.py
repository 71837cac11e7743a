"""Links between pages lead somewhere, pictures are there, and every page can be reached."""

from pathlib import Path

import pytest

from tests.architecture.documented_pages import DOCS, anchors, links, pages
from tests.architecture.sources import PROJECT

_MOST_PICTURE_BYTES = 150_000


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(PROJECT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    for link in links(text):
        if link.startswith(("http://", "https://")):
            continue
        target, _, anchor = link.partition("#")
        file = (page.parent / target).resolve() if target else page
        assert file.exists(), link
        assert file.is_relative_to(PROJECT), link
        if anchor:
            assert anchor in anchors(file.read_text(encoding="utf-8")), link


def test_every_page_can_be_reached_from_the_first_one() -> None:
    reached: set[Path] = set()
    waiting = [PROJECT / "README.md"]

    while waiting:
        page = waiting.pop()
        reached.add(page)
        for link in links(page.read_text(encoding="utf-8")):
            target = (page.parent / link.partition("#")[0]).resolve()
            if target.suffix == ".md" and target.exists() and target not in reached:
                waiting.append(target)

    assert set(pages()) - reached == set()


def test_every_picture_is_shown_somewhere_and_small() -> None:
    shown = {
        (page.parent / link).resolve()
        for page in pages()
        for link in links(page.read_text(encoding="utf-8"))
        if link.endswith(".png")
    }

    for picture in sorted((DOCS / "pictures").glob("*.png")):
        assert picture in shown, picture.name
        assert picture.stat().st_size <= _MOST_PICTURE_BYTES, picture.name
