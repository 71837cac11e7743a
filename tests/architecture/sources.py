"""Where the source lies that the rules speak of."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
PACKAGES = sorted(
    path.parent.name for path in PROJECT.glob("*/__init__.py") if path.parent.name != "tests"
)


def product_modules() -> Iterator[Path]:
    """Yield each module of the packages that ship."""
    for package in PACKAGES:
        yield from sorted((PROJECT / package).rglob("*.py"))


def all_modules() -> Iterator[Path]:
    """Yield each module of the packages and of what stands beside them."""
    yield from product_modules()
    for folder in ("samples", "benchmarks", "docs", "tests"):
        yield from sorted((PROJECT / folder).rglob("*.py"))


def name_of(file: Path) -> str:
    """Return a file's place in the project."""
    return str(file.relative_to(PROJECT))


def tree_of(module: Path) -> ast.Module:
    """Return a module's syntax tree."""
    return ast.parse(module.read_text(encoding="utf-8"))


def repository_texts() -> Iterator[tuple[str, str]]:
    """Yield name and content of each text file of the repository; skip where there is none."""
    if not (PROJECT / ".git").exists():
        pytest.skip("this copy of the source is no repository")
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.split("\0"):
        if (PROJECT / name).is_file():
            try:
                yield name, (PROJECT / name).read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue
