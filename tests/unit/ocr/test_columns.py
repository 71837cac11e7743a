"""Columns in the order in which people read them."""

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from documents.model import Box, Line, Word
from ocr.columns import order_columns
from tests.builders import A4_AT_200, line_of, make_line, make_word

WIDTH, HEIGHT = A4_AT_200


def ordered(*lines: Line) -> list[str]:
    return [line.text for line in order_columns(lines, width=WIDTH, height=HEIGHT)]


def row(left: str, right: str, y: int) -> Line:
    """Return one line that holds the words of both columns, as the recogniser joins them."""
    return line_of([*make_line(left, x=160, y=y).words, *make_line(right, x=900, y=y).words])


HEAD = [
    row("ỦY BAN NHÂN DÂN", "CỘNG HÒA XÃ HỘI", 120),
    row("XÃ MẪU", "Độc lập - Tự do", 180),
    row("Số: 12/QĐ-UBND", "Mẫu, ngày 5 tháng 6", 240),
]


def test_the_left_column_of_a_letterhead_comes_first() -> None:
    assert ordered(*HEAD) == [
        "ỦY BAN NHÂN DÂN",
        "XÃ MẪU",
        "Số: 12/QĐ-UBND",
        "CỘNG HÒA XÃ HỘI",
        "Độc lập - Tự do",
        "Mẫu, ngày 5 tháng 6",
    ]


def test_what_stands_below_the_letterhead_stays_below() -> None:
    title = make_line("QUYẾT ĐỊNH Về việc công bố danh mục thủ tục hành chính", x=400, y=400)

    assert ordered(*HEAD, title)[-1] == title.text


def test_the_columns_of_a_signature_block_are_parted() -> None:
    lines = [
        row("Nơi nhận:", "TM. ỦY BAN NHÂN DÂN", 1700),
        row("- Như Điều 3;", "KT. CHỦ TỊCH", 1760),
        row("- Lưu: VT.", "PHÓ CHỦ TỊCH", 1820),
    ]

    assert ordered(*lines)[:4] == [
        "Nơi nhận:",
        "- Như Điều 3;",
        "- Lưu: VT.",
        "TM. ỦY BAN NHÂN DÂN",
    ]


def test_running_text_keeps_its_order() -> None:
    lines = [
        make_line("Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm", y=900 + 60 * n)
        for n in range(5)
    ]

    assert order_columns(lines, width=WIDTH, height=HEIGHT) == tuple(lines)


def test_a_single_gap_is_no_column() -> None:
    lone = row("Kính gửi:", "Sở Xây dựng", 200)

    assert ordered(lone) == [lone.text]


LEFT = [make_line("các bên cam kết ranh giới", x=160, y=600 + 60 * n, block=1) for n in range(4)]
RIGHT = [make_line("không có tranh chấp nào", x=900, y=600 + 60 * n, block=2) for n in range(9)]
LAST = make_line("trước ngày ký đơn", x=160, y=840, block=3)


def test_the_last_line_of_a_longer_column_comes_before_the_column_beside_it() -> None:
    left = [
        make_line("các bên cam kết ranh giới", x=160, y=600 + 60 * n, block=1) for n in range(9)
    ]
    right = [make_line("không có tranh chấp nào", x=900, y=600 + 60 * n, block=2) for n in range(9)]
    last = make_line("trước ngày ký đơn", x=160, y=1140, block=3)

    assert ordered(*left, *right, last) == [line.text for line in (*left, last, *right)]


def test_the_last_lines_of_a_column_come_before_the_column_beside_it() -> None:
    below = make_line("Điều khoản thi hành", x=160, y=1300, block=4)

    texts = ordered(*LEFT, *RIGHT, LAST, below)

    assert texts == [line.text for line in (*LEFT, LAST, *RIGHT, below)]


def table(columns: int, rows: int) -> list[Line]:
    """Return the cells of a table as it is read column by column, each column a block."""
    return [
        make_line(f"ô {row}.{column}", x=160 + 350 * column, y=900 + 50 * row, block=column + 1)
        for column in range(columns)
        for row in range(rows)
    ]


def test_a_table_that_was_read_column_by_column_is_put_row_by_row() -> None:
    above, below = make_line("Danh sách kèm theo", y=700), make_line("Điều 2. Thi hành", y=1300)

    texts = ordered(above, *table(4, 6), replace(below, block=9))

    cells = [f"ô {row}.{column}" for row in range(6) for column in range(4)]
    assert texts == [above.text, *cells, below.text]


def test_the_cells_of_a_table_are_one_block() -> None:
    lines = order_columns(table(4, 6), width=WIDTH, height=HEIGHT)

    assert {line.block for line in lines} == {0}


def test_two_columns_of_text_are_no_table() -> None:
    assert ordered(*LEFT, *RIGHT) == [line.text for line in (*LEFT, *RIGHT)]


def test_cells_that_are_read_row_by_row_stay_so() -> None:
    cells = [
        make_line(text, x=x, y=y, block=block)
        for block, (text, x, y) in enumerate(
            [("trái một", 160, 900), ("phải một", 900, 900), ("trái hai", 160, 960)]
        )
    ]

    assert ordered(*cells) == ["trái một", "phải một", "trái hai"]


def test_each_column_is_a_block_of_its_own() -> None:
    blocks = [line.block for line in order_columns(HEAD, width=WIDTH, height=HEIGHT)]

    assert blocks == [0, 0, 0, 1, 1, 1]


def test_a_skewed_letterhead_is_parted_too() -> None:
    def fall(word: Word) -> Word:
        box, down = word.box, round(word.box.x0 * 0.03)
        return replace(word, box=Box(box.x0, box.y0 + down, box.x1, box.y1 + down))

    def skewed(line: Line) -> Line:
        x0, y0, x1, y1 = line.baseline
        words = tuple(map(fall, line.words))
        return replace(line, words=words, baseline=(x0, y0 + 0.03 * x0, x1, y1 + 0.03 * x1))

    texts = ordered(*map(skewed, HEAD))

    assert texts[:3] == ["ỦY BAN NHÂN DÂN", "XÃ MẪU", "Số: 12/QĐ-UBND"]


words = st.builds(
    make_word,
    st.text("abcđ", min_size=1, max_size=8),
    x=st.integers(0, WIDTH - 200),
    y=st.integers(0, HEIGHT - 40),
)


@given(st.lists(st.lists(words, min_size=1, max_size=6).map(line_of), max_size=12))
def test_no_word_is_ever_lost_or_doubled(lines: list[Line]) -> None:
    before = Counter(word for line in lines for word in line.words)

    after = order_columns(lines, width=WIDTH, height=HEIGHT)

    assert Counter(word for line in after for word in line.words) == before
    assert all(line.words for line in after)
    numbers = [line.block for line in after]
    assert numbers == sorted(numbers)
