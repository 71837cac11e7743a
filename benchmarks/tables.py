"""Puts measurements into tables, and tables into text that people and Markdown readers can read."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from benchmarks.measuring import Sample

_MIB = 1 << 20
_KIB = 1 << 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of one contender over all pages: seconds in all, and what came out."""

    cpu_seconds: float
    wall_seconds: float
    parent_peak_bytes: int
    child_peak_bytes: int
    out_bytes: int
    recall: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A way to read the pages, and its runs; without runs, why there are none."""

    name: str
    runs: tuple[Run, ...] = ()
    why_not: str = ""


def cpu_per_page(contender: Contender, *, pages: int) -> float:
    """Return the median of the CPU seconds for a page."""
    return median(run.cpu_seconds for run in contender.runs) / pages


def ratio_to(yardstick: Contender, contender: Contender) -> float:
    """Return the median CPU of a contender over the median CPU of the yardstick."""
    return cpu_per_page(contender, pages=1) / cpu_per_page(yardstick, pages=1)


def comparison_rows(contenders: Sequence[Contender], *, pages: int) -> list[list[str]]:
    """Return head and rows; the first contender is the yardstick."""
    rows = [
        [
            "what",
            "CPU s/page",
            "from – to",
            "wall s/page",
            "× yardstick",
            "words found",
            "server MB",
            "child MB",
            "KB/page",
            "runs",
        ]
    ]
    for contender in contenders:
        if not contender.runs:
            rows.append([contender.name, f"not measured: {contender.why_not}", *[""] * 8])
            continue
        runs = contender.runs
        cpu = [run.cpu_seconds / pages for run in runs]
        rows.append(
            [
                contender.name,
                f"{median(cpu):.2f}",
                f"{min(cpu):.2f} – {max(cpu):.2f}",
                f"{median(run.wall_seconds for run in runs) / pages:.2f}",
                f"{ratio_to(contenders[0], contender):.2f}",
                f"{100 * median(run.recall for run in runs):.2f} %",
                f"{max(run.parent_peak_bytes for run in runs) / _MIB:.0f}",
                f"{max(run.child_peak_bytes for run in runs) / _MIB:.0f}",
                f"{median(run.out_bytes for run in runs) / pages / _KIB:.0f}",
                str(len(runs)),
            ]
        )
    return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRun:
    """What a stage used over all pages in one run, seconds."""

    stage: str
    times: int
    own_cpu: float
    child_cpu: float
    wall: float


def stage_rows(runs: Sequence[Sequence[StageRun]], *, pages: int) -> list[list[str]]:
    """Return head and rows of what each stage costs: medians over runs, and the sum of them."""
    rows = [["stage", "times", "here, CPU s/page", "child, CPU s/page", "wall s/page"]]
    total = [0.0, 0.0, 0.0]
    for same in zip(*runs, strict=True):
        values = [
            median(getattr(run, name) for run in same) / pages
            for name in ("own_cpu", "child_cpu", "wall")
        ]
        total = [before + value for before, value in zip(total, values, strict=True)]
        rows.append([same[0].stage, str(same[0].times), *[f"{value:.3f}" for value in values]])
    rows.append(["sum", "", *[f"{value:.3f}" for value in total]])
    return rows


def memory_rows(samples: Sequence[Sample]) -> list[list[str]]:
    """Return head and rows of resident memory in each quarter of a run."""
    rows = [
        ["quarter of the run", "server, median MB", "largest child, median MB", "child, most MB"]
    ]
    for number, part in enumerate(quarters(samples), start=1):
        rows.append(
            [
                str(number),
                f"{median(sample.parent_bytes for sample in part) / _MIB:.0f}",
                f"{median(sample.child_bytes for sample in part) / _MIB:.0f}",
                f"{max(sample.child_bytes for sample in part) / _MIB:.0f}",
            ]
        )
    return rows


def quarters(samples: Sequence[Sample]) -> list[Sequence[Sample]]:
    """Cut samples into four parts of equal time.

    Raises:
        ValueError: there are too few of them.
    """
    if len(samples) < 8:  # noqa: PLR2004 - two in each quarter
        raise ValueError("the run was too short to see its memory")
    borders = [round(len(samples) * part / 4) for part in range(5)]
    return [samples[low:high] for low, high in pairwise(borders)]


def growth(samples: Sequence[Sample]) -> tuple[float, float]:
    """Return by which factor the server and the largest child grew, second to third quarter.

    Pages are read in both. The first quarter holds the start, in which everything grows; the last
    one the document as a whole, which is assembled and signed when all its pages have been read.
    """
    _, second, third, _ = quarters(samples)
    return (
        median(s.parent_bytes for s in third) / max(1, median(s.parent_bytes for s in second)),
        median(s.child_bytes for s in third) / max(1, median(s.child_bytes for s in second)),
    )


def growth_since_second(samples: Sequence[Sample]) -> list[tuple[float, float]]:
    """Return by which factors server and children grew, second to third and to fourth quarter.

    For a run that does the same from its beginning to its end.
    """
    _, second, *later = quarters(samples)
    return [
        (
            median(s.parent_bytes for s in part) / max(1, median(s.parent_bytes for s in second)),
            median(s.child_bytes for s in part) / max(1, median(s.child_bytes for s in second)),
        )
        for part in later
    ]


def to_markdown(rows: Sequence[Sequence[str]]) -> str:
    """Return a table whose columns stand under each other also as plain text."""
    widths = [max(_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [_line(row, widths) for row in rows]
    rule = "| " + " | ".join("-" * width for width in widths) + " |"
    return "\n".join([lines[0], rule, *lines[1:]])


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
    return "| " + " | ".join(cells) + " |"


def _width(text: str) -> int:
    return sum(not unicodedata.combining(character) for character in text)
