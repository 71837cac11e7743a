"""What travels cannot be changed on the way."""

import dataclasses
from dataclasses import FrozenInstanceError

import pytest

from documents import model
from documents.clock import SystemClock
from documents.errors import ConfigurationError, PipelineError, Reason
from tests.builders import make_line, make_page

TYPES = [one for one in vars(model).values() if dataclasses.is_dataclass(one)]


def test_everything_that_travels_is_frozen() -> None:
    frozen = [one.__dataclass_params__.frozen for one in TYPES]  # type: ignore[union-attr]

    assert len(frozen) > 15
    assert all(frozen)


def test_a_page_that_was_read_cannot_be_changed() -> None:
    page = make_page("Đơn đề nghị")

    with pytest.raises(FrozenInstanceError):
        page.turn = 90  # type: ignore[misc]


def test_a_page_gives_its_words_in_order_and_its_blocks_apart() -> None:
    page = make_page(
        make_line("ỦY BAN NHÂN DÂN", block=0),
        make_line("XÃ MẪU", y=170, block=0),
        make_line("Số: 12/QĐ-UBND", y=300, block=1),
    )

    assert page.text == "ỦY BAN NHÂN DÂN\nXÃ MẪU\n\nSố: 12/QĐ-UBND"
    assert [word.text for word in page.words][-3:] == ["MẪU", "Số:", "12/QĐ-UBND"]


def test_an_empty_page_has_no_text() -> None:
    assert make_page().text == ""


def test_an_error_is_a_value_in_both_languages() -> None:
    error = ConfigurationError(vi="Cấu hình sai.", en="Invalid settings.")

    assert error.reason == Reason(code="configuration", vi="Cấu hình sai.", en="Invalid settings.")
    assert str(error) == "Invalid settings."


def test_every_family_of_errors_has_a_code_of_its_own() -> None:
    codes = [family.code for family in PipelineError.__subclasses__()]

    assert len(codes) == len(set(codes))
    assert PipelineError.code not in codes


def test_the_clock_of_the_machine_knows_its_time_zone() -> None:
    now = SystemClock().now()

    assert now.utcoffset() is not None
