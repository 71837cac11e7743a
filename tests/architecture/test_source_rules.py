"""Rules on what stands in the source."""

import ast
import re
import sys
from pathlib import Path

from tests.architecture.sources import (
    PROJECT,
    all_modules,
    name_of,
    product_modules,
    repository_texts,
    tree_of,
)

# Tasks end in two of these: where stages are run, and in the child process that does page work.
_REACTIONS = {
    "workers/reactions.py",
    "workers/child.py",
    "workers/cli.py",
    "web/answering_errors.py",
}
# In parts, since the names must not stand in the repository, here neither.
_REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("crates", "io"),
        ("rubygems", "org"),
        ("proxy", "golang", "org"),
    )
]
_POSTPONED = re.compile("|".join(rf"\b{a}{b}\b" for a, b in (("TO", "DO"), ("FIX", "ME"))))
_STANDARD = sys.stdlib_module_names | {"documents"}
_CONTENT_KINDS = {".toml", ".json", ".svg", ".md"}


def _names_of(handler: ast.ExceptHandler) -> set[str]:
    named = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return {"" if name is None else ast.unparse(name) for name in named}


def _handlers() -> list[tuple[str, ast.ExceptHandler]]:
    return [
        (name_of(module), node)
        for module in product_modules()
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.ExceptHandler)
    ]


def test_exceptions_of_every_kind_are_caught_only_where_errors_end() -> None:
    found = [name for name, handler in _handlers() if _names_of(handler) & {"", "Exception"}]

    assert sorted(found) == sorted(_REACTIONS)


def test_what_tidies_up_after_any_exception_raises_it_again() -> None:
    tidying = [
        (name, handler.body[-1])
        for name, handler in _handlers()
        if "BaseException" in _names_of(handler)
    ]

    swallowed = [
        name for name, last in tidying if not isinstance(last, ast.Raise) or last.exc is not None
    ]

    assert swallowed == []


def test_nothing_is_postponed_in_a_comment() -> None:
    sources = [(name_of(module), module.read_text()) for module in all_modules()]

    assert [name for name, text in sources if _POSTPONED.search(text)] == []


def test_the_repository_names_no_package_registry() -> None:
    texts = list(repository_texts())

    named = [
        (name, registry) for name, text in texts for registry in _REGISTRIES if registry in text
    ]

    assert len(texts) > 100
    assert named == []


def test_the_repository_names_no_place_of_one_machine() -> None:
    private = re.compile(r"(?<![\w.])/(?:home|root|work|Users)/[a-z]")

    found = [
        name
        for name, text in repository_texts()
        if Path(name).suffix not in _CONTENT_KINDS and private.search(text)
    ]

    assert found == []


def test_all_files_of_the_vocabulary_need_nothing_but_the_standard_library() -> None:
    imported = {
        (name_of(module), name.split(".")[0])
        for module in (PROJECT / "documents").rglob("*.py")
        for node in ast.walk(tree_of(module))
        for name in _imported_names(node)
    }

    assert {pair for pair in imported if pair[1] not in _STANDARD} == set()


def _imported_names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return []
