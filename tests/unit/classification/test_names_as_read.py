"""Names are proposed as the recogniser gave them, whatever the language made of them."""

from dataclasses import replace

from classification.body_fields import body_fields
from classification.page_lines import lines_of
from tests.builders import line_of, make_page, make_word


def test_a_name_that_the_language_changed_is_proposed_as_it_was_read() -> None:
    line = line_of(
        [
            make_word("Họ", x=160),
            make_word("và", x=240),
            make_word("tên:", x=320),
            make_word("Thị", x=420),
            replace(make_word("Quyền,", x=500, raw="Quyên,"), cause="language"),
        ]
    )

    (name,) = [one for one in body_fields(lines_of(make_page(line), 1)) if one.name == "owner_name"]

    assert name.value == "Thị Quyên"


def test_a_name_that_nothing_changed_is_proposed_as_it_stands() -> None:
    page = make_page("Họ và tên: Nguyễn Thị Mẫu An.")

    (name,) = [one for one in body_fields(lines_of(page, 1)) if one.name == "owner_name"]

    assert name.value == "Nguyễn Thị Mẫu An"
