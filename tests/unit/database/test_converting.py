"""Readings as they are kept, also those of earlier versions."""

import zlib

from database.converting import (
    changed_words_of_packed_reading,
    pack_reading,
    unpack_reading,
)
from tests.builders import line_of, make_page, make_word


def test_what_the_recogniser_gave_is_found_where_the_reading_says_something_else() -> None:
    words = [
        make_word("Số:"),
        make_word("quyền", x=300, raw="quyẽn"),
        make_word("“dấu”", x=500, raw='d"u\\'),
        make_word("ngày", x=700, raw=""),
    ]

    packed = pack_reading(make_page(line_of(words)))

    assert changed_words_of_packed_reading(packed) == ["quyẽn", 'd"u\\']


def test_a_reading_without_cause_and_alternatives_is_one_of_an_earlier_version() -> None:
    page = make_page("Số: 12/QĐ-UBND")
    older = zlib.decompress(pack_reading(page)).replace(b',"cause":"","alternatives":[]', b"")

    back = unpack_reading(zlib.compress(older))

    assert b"cause" not in older
    assert back == page
