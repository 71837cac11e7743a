"""The page on commands lists every command with its options, and the exit codes."""

from collections.abc import Iterator
from typing import Any

import typer

from tests.architecture.documented_pages import codes, reference, rows, sections
from web import command_line
from workers.cli import EXIT_CODES, app

PAGE = reference("commands.md")


def commands_of_code() -> dict[str, set[str]]:
    """Return the options of each command, under the words that one types."""
    assert command_line.serve.__name__ == "serve"  # its module adds the command
    return dict(_commands(typer.main.get_command(app), "sohoa"))


def _commands(command: Any, words: str) -> Iterator[tuple[str, set[str]]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        options = {
            name
            for one in command.params
            if one.param_type_name == "option"
            for name in (*one.opts, *one.secondary_opts)
        }
        yield words, options - {"--help"}
        return
    for name, one in inner.items():
        yield from _commands(one, f"{words} {name}")


def commands_of_page() -> dict[str, set[str]]:
    return {
        heading: {option for row in rows(text) for option in codes(row[0])}
        for heading, text in sections(PAGE).items()
        if heading.startswith("sohoa ")
    }


def test_every_command_stands_on_the_page_with_all_its_options_and_none_besides() -> None:
    assert commands_of_page() == commands_of_code()


def test_every_option_is_explained() -> None:
    for heading, text in sections(PAGE).items():
        if heading.startswith("sohoa "):
            for row in rows(text):
                assert len(row) == 2, row
                assert row[1], row


def test_exit_codes_stand_on_the_page() -> None:
    text = sections(PAGE)["Exit codes (mã thoát)"]

    told = {int(row[0]) for row in rows(text)}

    assert told == {0, 130, *EXIT_CODES.values()}
