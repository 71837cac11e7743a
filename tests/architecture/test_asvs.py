"""The checked list of security requirements: whole, and every answer it names is there."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.documented_pages import DOCS, codes, rows, sections
from tests.architecture.sources import PROJECT, tree_of

PAGE = (DOCS / "explanation" / "asvs.md").read_text(encoding="utf-8")
VERDICTS = ("met", "partly", "**NOT met**", "n/a")
# Requirements of the levels 1 and 2 in version 5.0.0, by chapter and section.
REQUIREMENTS = """
1.1: 1 2; 1.2: 1 2 3 4 5 6 7 8 9; 1.3: 1 2 3 4 5 6 7 8 9 10 11; 1.4: 1 2 3; 1.5: 1 2
2.1: 1 2 3; 2.2: 1 2 3; 2.3: 1 2 3 4; 2.4: 1
3.2: 1 2; 3.3: 1 2 3 4; 3.4: 1 2 3 4 5 6; 3.5: 1 2 3 4 5; 3.7: 1 2
4.1: 1 2 3; 4.2: 1; 4.3: 1 2; 4.4: 1 2 3 4
5.1: 1; 5.2: 1 2 3; 5.3: 1 2; 5.4: 1 2 3
6.1: 1 2 3; 6.2: 1 2 3 4 5 6 7 8 9 10 11 12; 6.3: 1 2 3 4; 6.4: 1 2 3 4; 6.5: 1 2 3 4 5
6.6: 1 2 3; 6.8: 1 2 3 4
7.1: 1 2 3; 7.2: 1 2 3 4; 7.3: 1 2; 7.4: 1 2 3 4 5; 7.5: 1 2; 7.6: 1 2
8.1: 1 2; 8.2: 1 2 3; 8.3: 1; 8.4: 1
9.1: 1 2 3; 9.2: 1 2 3 4
10.1: 1 2; 10.2: 1 2; 10.3: 1 2 3 4; 10.4: 1 2 3 4 5 6 7 8 9 10 11; 10.5: 1 2 3 4 5; 10.6: 1 2
10.7: 1 2 3
11.1: 1 2; 11.2: 1 2 3; 11.3: 1 2 3; 11.4: 1 2 3 4; 11.5: 1; 11.6: 1
12.1: 1 2 3; 12.2: 1 2; 12.3: 1 2 3 4
13.1: 1; 13.2: 1 2 3 4 5; 13.3: 1 2; 13.4: 1 2 3 4 5
14.1: 1 2; 14.2: 1 2 3 4; 14.3: 1 2 3
15.1: 1 2 3; 15.2: 1 2 3; 15.3: 1 2 3 4 5 6 7
16.1: 1; 16.2: 1 2 3 4 5; 16.3: 1 2 3 4; 16.4: 1 2 3; 16.5: 1 2 3
17.1: 1; 17.2: 1 2 3 4; 17.3: 1 2
"""


def required() -> list[str]:
    return [
        f"{section.strip()}.{number}"
        for part in re.split(r"[;\n]", REQUIREMENTS.strip())
        for section, _, numbers in [part.partition(":")]
        for number in numbers.split()
    ]


def listed() -> list[tuple[str, list[str]]]:
    return [
        (heading.partition(" ")[0], row)
        for heading, text in sections(PAGE).items()
        for row in rows(text)
    ]


def answers() -> Iterator[tuple[str, str]]:
    """Yield what each row names: a path, and what is to be found there."""
    for _, row in listed():
        for code in codes(row[4]):
            path, _, name = code.partition("::")
            yield path, name


def names_in(path: str) -> set[str]:
    """Return the functions, classes and values that a module holds, also those of classes."""
    found: set[str] = set()
    for node in ast.walk(tree_of(PROJECT / path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            single = [
                one
                for target in targets
                for one in (target.elts if isinstance(target, ast.Tuple) else [target])
            ]
            found |= {one.id for one in single if isinstance(one, ast.Name)}
    return found


def test_every_chapter_is_there_in_order() -> None:
    chapters = [heading.partition(" ")[0] for heading in sections(PAGE)]

    assert chapters == [f"V{number}" for number in range(1, 18)]


def test_every_requirement_stands_once_under_its_chapter() -> None:
    found = [(chapter, one.strip()) for chapter, row in listed() for one in row[0].split(",")]

    assert len(required()) == 253
    assert sorted(one for _, one in found) == sorted(required())
    assert all(f"V{one.partition('.')[0]}" == chapter for chapter, one in found)


def test_every_row_has_a_verdict_and_says_how() -> None:
    for _, row in listed():
        assert len(row) == 5, row
        assert row[1], row
        assert row[2] in VERDICTS, row
        if row[2] == "met":
            assert row[3] or row[4], row
        elif row[2] in {"partly", "**NOT met**"}:
            assert "Needed: " in row[3], row
        else:
            assert row[3], row


@pytest.mark.parametrize("answer", sorted(set(answers())), ids="::".join)
def test_answer_that_is_named_exists(answer: tuple[str, str]) -> None:
    path, name = answer

    assert (PROJECT / path).is_file()
    if name:
        assert name in names_in(path)


def test_tests_that_are_named_are_tests() -> None:
    named = [
        (path, name) for path, name in answers() if path.rsplit("/", 1)[-1].startswith("test_")
    ]

    assert len(named) > 80
    assert [one for one in named if not one[1].startswith("test_")] == []
