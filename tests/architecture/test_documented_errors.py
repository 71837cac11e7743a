"""The page on errors lists every error with its family, what it comes from and what to do."""

import importlib
import pkgutil
from collections.abc import Iterator

from documents import errors as families
from documents.errors import PipelineError
from tests.architecture.documented_pages import codes, reference, rows, sections
from tests.architecture.sources import PACKAGES
from web.errors import status_of
from workers.cli import exit_code_of

PAGE = reference("errors.md")
FAMILIES = {
    kind.__name__: kind
    for kind in vars(families).values()
    if isinstance(kind, type) and issubclass(kind, PipelineError)
}


def subclasses_of(kind: type[PipelineError]) -> Iterator[type[PipelineError]]:
    for one in kind.__subclasses__():
        yield one
        yield from subclasses_of(one)


def errors_of_code() -> set[tuple[str, str, str]]:
    """Return code, class and family of every error of the packages that ship."""
    for package in PACKAGES:
        folder = importlib.import_module(package).__path__
        for module in pkgutil.walk_packages(folder, f"{package}."):
            if module.name != "database.migrations" and ".migrations." not in module.name:
                importlib.import_module(module.name)
    return {
        (one.code, f"{one.__module__}.{one.__name__}", family_of(one))
        for one in subclasses_of(PipelineError)
        if one.__module__.split(".")[0] in PACKAGES and one.__module__ != families.__name__
    }


def family_of(kind: type[PipelineError]) -> str:
    return next(one.__name__ for one in kind.__mro__ if one.__module__ == families.__name__)


def rows_of_page() -> Iterator[list[str]]:
    for heading, text in sections(PAGE).items():
        if heading in FAMILIES:
            for row in rows(text):
                assert codes(row[2]) == [heading], row
                yield row


def test_every_error_stands_on_the_page_and_none_besides() -> None:
    on_page = [(codes(row[0])[0], codes(row[1])[0], codes(row[2])[0]) for row in rows_of_page()]

    assert set(on_page) == errors_of_code()
    assert len(on_page) == len(set(on_page))


def test_every_error_has_a_cause_and_a_remedy() -> None:
    for row in rows_of_page():
        assert len(row) == 5, row
        assert len(row[3]) > 10, row
        assert len(row[4]) > 10, row


def test_exit_code_and_http_status_of_each_family_are_those_of_the_program() -> None:
    table = PAGE.partition("\n## ")[0]
    told = {codes(row[0])[0]: (int(row[3]), int(row[4])) for row in rows(table)}

    true = {}
    for name, kind in FAMILIES.items():
        error = kind(vi="", en="")
        true[name] = (exit_code_of(error), status_of(error))

    assert told == true
