"""Finding the texts of the pages, and keeping the catalogues in step: `make messages`."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

from web.language import catalogue_files

_WEB = Path(__file__).parent
_SHARED = _WEB / "shared"
_MARKING = ("mark",)


@dataclass(frozen=True, slots=True)
class Text:
    """A Vietnamese text that is translated; `counts` where it stands for a number of things."""

    vi: str
    folder: Path
    counts: bool = False


def texts_of_the_pages() -> Iterator[Text]:
    """Yield each use of each text in templates and modules."""
    for template in sorted([*(_WEB / "pages").glob("*/*.html"), *_SHARED.glob("*.html")]):
        for call in Environment(autoescape=True).parse(template.read_text()).find_all(nodes.Call):
            asked = _asked(call.node)
            place = 1 if asked == "count" else 0
            if asked and isinstance(text := call.args[place], nodes.Const):
                yield Text(text.value, template.parent, counts=asked == "count")
    for module in sorted(_WEB.rglob("*.py")):
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.Call) and _marks(node):
                (text_node,) = node.args
                if isinstance(text_node, ast.Constant):
                    folder = module.parent if module.parent.parent.name == "pages" else _SHARED
                    yield Text(str(text_node.value), folder)


def _asked(node: nodes.Node) -> str | None:
    if isinstance(node, nodes.Name):
        return "t" if node.name == "t" else None
    is_count = isinstance(node, nodes.Getattr) and node.attr == "count"
    return "count" if is_count and _asked(node.node) == "t" else None  # type: ignore[attr-defined]  # a Getattr


def _marks(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Name) and node.func.id in _MARKING


def update_catalogues() -> list[str]:
    """Write new texts without English, take out unused ones; return what still lacks English."""
    folders: dict[str, set[Path]] = {}
    counting: set[str] = set()
    for text in texts_of_the_pages():
        folders.setdefault(text.vi, set()).add(text.folder)
        counting |= {text.vi} if text.counts else set()
    known = _known_english()
    lacking = []
    homes = {vi: next(iter(used)) if len(used) == 1 else _SHARED for vi, used in folders.items()}
    for folder in {*homes.values(), *(file.parent for file in catalogue_files())}:
        catalogue = Catalog(locale="en", fuzzy=False)
        for vi in sorted(vi for vi, home in homes.items() if home == folder):
            english = known.get(vi, ())
            lacking += [] if english and all(english) else [vi]
            _add(catalogue, vi, english, counts=vi in counting)
        with (folder / "en.po").open("wb") as stream:
            write_po(stream, catalogue, omit_header=False, width=0, sort_output=True)
        _without_dates(folder / "en.po")
    return lacking


def _add(catalogue: Catalog, vi: str, english: tuple[str, ...], *, counts: bool) -> None:
    if counts:
        forms = (english + english)[:2] if english else ("", "")
        catalogue.add((vi, vi), forms)
    else:
        catalogue.add(vi, english[0] if english else "")


def _known_english() -> dict[str, tuple[str, ...]]:
    known = {}
    for file in catalogue_files():
        with file.open("rb") as stream:
            for message in read_po(stream, locale="en"):
                if message.id:
                    vi = message.id if isinstance(message.id, str) else message.id[0]
                    forms = message.string or ""
                    known[vi] = (forms,) if isinstance(forms, str) else tuple(forms)
    return known


def _without_dates(file: Path) -> None:
    """Keep only what does not change by itself in a catalogue's head."""
    kept = ("Language:", "MIME", "Content", "Plural")
    lines = file.read_text("utf-8").splitlines(keepends=True)
    head = [
        line
        for line in lines
        if not (line.startswith('"') and ": " in line and line.endswith('\\n"\n'))
        or line[1:].startswith(kept)
    ]
    file.write_text("".join(line for line in head if not line.startswith("#")), "utf-8")


if __name__ == "__main__":
    for missing in update_catalogues():
        print(f"chưa có tiếng Anh / no English yet: {missing}")  # noqa: T201 - a program's output
