"""Reads what the pages of the documentation say: sections, tables, blocks, links."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.architecture.sources import PROJECT

DOCS = PROJECT / "docs"
_FENCE = re.compile(r"^```(.*)$")
_HEADING = re.compile(r"^(#{1,6}) (.+)$")
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`[^`]*`")


def pages() -> list[Path]:
    """Return every page that people read: in `docs/`, and those at the top."""
    return [*sorted(DOCS.rglob("*.md")), *sorted(PROJECT.glob("*.md"))]


def reference(name: str) -> str:
    """Return a page of the reference."""
    return (DOCS / "reference" / name).read_text(encoding="utf-8")


def sections(page: str) -> Mapping[str, str]:
    """Return the text under each heading of the second level."""
    found: dict[str, str] = {}
    for part in re.split(r"^## ", page, flags=re.MULTILINE)[1:]:
        heading, _, text = part.partition("\n")
        found[heading.strip()] = text
    return found


def rows(text: str) -> Iterator[list[str]]:
    """Yield the cells of each row of the tables in a text, without heads and rules."""
    lines = [line.strip() for line in text.splitlines()]
    for number, line in enumerate(lines):
        is_rule = set(line) <= set("|-: ")
        is_head = number + 1 < len(lines) and lines[number + 1].startswith("|---")
        if line.startswith("|") and not is_rule and not is_head:
            yield [cell.strip() for cell in line.strip("|").split("|")]


def codes(cell: str) -> list[str]:
    """Return what stands in a cell as code."""
    return [code.strip("`") for code in _CODE.findall(cell)]


def blocks(page: str, mark: str) -> Iterator[str]:
    """Yield the fenced blocks whose fence says exactly this."""
    lines: list[str] | None = None
    is_wanted = False
    for line in page.splitlines():
        fence = _FENCE.match(line)
        if fence is None:
            if lines is not None:
                lines.append(line)
            continue
        if lines is None:
            lines, is_wanted = [], fence[1].strip() == mark
        else:
            if is_wanted:
                yield "\n".join(lines)
            lines = None


def prose(page: str) -> str:
    """Return a page without its fenced blocks and without code in lines."""
    kept: list[str] = []
    is_inside = False
    for line in page.splitlines():
        if _FENCE.match(line):
            is_inside = not is_inside
        elif not is_inside:
            kept.append(_CODE.sub("", line) if not _HEADING.match(line) else line)
    return "\n".join(kept)


def links(page: str) -> list[str]:
    """Return the targets of links and pictures."""
    return _LINK.findall(prose(page))


def anchors(page: str) -> set[str]:
    """Return the names under which the headings of a page can be linked to."""
    found: set[str] = set()
    for line in prose(page).splitlines():
        if heading := _HEADING.match(line):
            plain = "".join(
                letter for letter in heading[2].lower() if letter.isalnum() or letter in " -_"
            )
            found.add(plain.replace(" ", "-"))
    return found
