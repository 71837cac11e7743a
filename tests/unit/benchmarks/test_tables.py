"""The tables of the benchmark: medians, ratios to the yardstick, growth of memory."""

import pytest

from benchmarks.measuring import Sample
from benchmarks.tables import (
    Contender,
    Run,
    StageRun,
    comparison_rows,
    growth,
    growth_since_second,
    ratio_to,
    stage_rows,
    to_markdown,
)


def make_contender(name: str, *cpu_seconds: float) -> Contender:
    return Contender(
        name=name,
        runs=tuple(
            Run(
                cpu_seconds=seconds,
                wall_seconds=seconds / 2,
                parent_peak_bytes=100 << 20,
                child_peak_bytes=200 << 20,
                out_bytes=24 << 10,
                recall=0.99,
            )
            for seconds in cpu_seconds
        ),
    )


def test_ratio_is_that_of_the_medians() -> None:
    yardstick = make_contender("alone", 10.0, 12.0, 50.0)

    ratio = ratio_to(yardstick, make_contender("whole way", 18.0, 90.0, 15.0))

    assert ratio == pytest.approx(1.5)


def test_rows_are_for_one_page() -> None:
    contenders = [make_contender("alone", 12.0), make_contender("whole way", 24.0, 36.0, 18.0)]

    rows = comparison_rows(contenders, pages=12)

    assert rows[2] == [
        "whole way", "2.00", "1.50 – 3.00", "1.00", "2.00", "99.00 %", "100", "200", "2", "3"
    ]  # fmt: skip


def test_contender_that_could_not_run_says_why() -> None:
    contenders = [make_contender("alone", 12.0), Contender(name="peer", why_not="no wheel")]

    rows = comparison_rows(contenders, pages=12)

    assert rows[2][:2] == ["peer", "not measured: no wheel"]


def test_stages_are_summed() -> None:
    runs = [
        [
            StageRun(stage="inspect", times=12, own_cpu=1.2, child_cpu=child, wall=6.0),
            StageRun(stage="read", times=12, own_cpu=0.0, child_cpu=12.0, wall=12.0),
        ]
        for child in (2.4, 99.0, 1.2)
    ]

    rows = stage_rows(runs, pages=12)

    assert rows[1] == ["inspect", "12", "0.100", "0.200", "0.500"]
    assert rows[-1] == ["sum", "", "0.100", "1.200", "1.500"]


def test_growth_compares_the_quarters_in_which_pages_are_read() -> None:
    server = [1] * 4 + [100] * 4 + [110] * 4 + [900] * 4
    samples = [
        Sample(seconds=float(number), parent_bytes=held, child_bytes=2 * held)
        for number, held in enumerate(server)
    ]

    factors = growth(samples)

    assert factors == pytest.approx((1.1, 1.1))


def test_columns_stand_under_each_other_with_marks() -> None:
    table = to_markdown([["stage", "s"], ["đọc", "1"], ["ký số", "22"]])

    assert table.splitlines() == [
        "| stage | s  |",
        "| ----- | -- |",
        "| đọc   | 1  |",
        "| ký số | 22 |",
    ]


def test_growth_at_length_compares_both_later_quarters_with_the_second() -> None:
    sizes = [(90, 10)] * 4 + [(100, 20)] * 4 + [(101, 20)] * 4 + [(130, 22)] * 4
    samples = [
        Sample(seconds=second, parent_bytes=parent, child_bytes=child)
        for second, (parent, child) in enumerate(sizes)
    ]

    third, fourth = growth_since_second(samples)

    assert third == pytest.approx((1.01, 1.0))
    assert fourth == pytest.approx((1.3, 1.1))
