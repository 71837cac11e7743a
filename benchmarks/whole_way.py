"""What the whole way costs for a page, beside bare tesserocr and OCRmyPDF, in one run.

Run by `make benchmark`. Figures are medians; CPU counts a program and everything it started.
"""

import argparse
import os
import platform
import subprocess
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import tesserocr

from benchmarks.contenders import (
    Material,
    digitize,
    measure_stages,
    read_bare,
    read_with_ocrmypdf,
)
from benchmarks.degraded_pages import COUNT, make_pages, truth_of_page
from benchmarks.measuring import ProgramFailedError, Usage
from benchmarks.memory import PAGES, measure_memory
from benchmarks.tables import (
    Contender,
    Run,
    comparison_rows,
    growth,
    memory_rows,
    ratio_to,
    stage_rows,
    to_markdown,
)

MOST_RATIO = 1.75
MOST_GROWTH = 1.10
MOST_SERVER_MIB = 400
_REPORT = Path(__file__).parents[1] / "docs" / "reference" / "performance.md"
_YARDSTICK = "tesserocr alone"
_JOINED = "sohoa, 1 document of 12 pages"
_SINGLE = "sohoa, 12 documents of 1 page"
_PEER = "OCRmyPDF --deskew --rotate-pages"


def main() -> int:
    """Measure, print the tables, and say whether the limits hold."""
    wish = _arguments()
    material = Material(
        pages=make_pages(wish.cache), truth="\n".join(map(truth_of_page, range(1, COUNT + 1)))
    )
    contenders = _measure_contenders(material, wish)
    stages = [measure_stages(material, joined=True) for _ in range(min(wish.runs, 3))]
    parts = [
        _heading(),
        "## The same twelve pages\n\n" + _table_of(contenders),
        "## Each stage, one document of twelve pages, one worker\n\n"
        + to_markdown(stage_rows(stages, pages=COUNT)),
    ]
    verdicts = [_verdict_of_cost(contenders[0], one) for one in contenders[1:3]]
    if wish.memory_pages:
        part, verdict = _memory_of(material, wish.memory_pages)
        parts.append(part)
        verdicts.append(verdict)
    parts.append("## Limits\n\n" + "\n".join(f"- {text}" for text, _ in verdicts))
    report = "\n\n".join(parts) + "\n"
    print(report)
    if wish.write:
        _REPORT.parent.mkdir(parents=True, exist_ok=True)
        _REPORT.write_text(report, encoding="utf-8")
    return 0 if all(holds for _, holds in verdicts) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, required=True, help="where pages are kept")
    parser.add_argument("--peers", type=Path, help="bin folder of the peers' environment")
    parser.add_argument("--why-no-peers", default="it was not asked for")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--peer-runs", type=int, default=1, help="of OCRmyPDF, which is slow")
    parser.add_argument("--memory-pages", type=int, default=PAGES, help="0 to leave it out")
    parser.add_argument("--write", action="store_true", help=f"write {_REPORT.name} anew")
    return parser.parse_args()


def _measure_contenders(material: Material, wish: argparse.Namespace) -> list[Contender]:
    """Let the contenders take turns, so that a busy moment of the machine meets all of them."""
    ways: dict[str, Callable[[], Run]] = {
        _YARDSTICK: lambda: read_bare(material),
        _JOINED: lambda: digitize(material, joined=True),
        _SINGLE: lambda: digitize(material, joined=False),
    }
    runs: dict[str, list[Run]] = {name: [] for name in ways}
    for number in range(wish.runs):
        for name, way in ways.items():
            runs[name].append(way())
            _say(f"{number + 1}/{wish.runs} {name}: {runs[name][-1].cpu_seconds:.1f} s CPU")
    contenders = [Contender(name=name, runs=tuple(made)) for name, made in runs.items()]
    return [*contenders, _peer(material, wish)]


def _peer(material: Material, wish: argparse.Namespace) -> Contender:
    if wish.peers is None or not wish.peer_runs:
        return Contender(name=_PEER, why_not=wish.why_no_peers)
    try:
        runs = [read_with_ocrmypdf(material, peers=wish.peers) for _ in range(wish.peer_runs)]
    except (ProgramFailedError, OSError, subprocess.CalledProcessError) as error:
        return Contender(name=_PEER, why_not=str(error).splitlines()[-1])
    found = subprocess.run(
        [wish.peers / "ocrmypdf", "--version"], check=True, capture_output=True, text=True
    )
    return Contender(name=f"{_PEER} ({found.stdout.strip()})", runs=tuple(runs))


def _table_of(contenders: list[Contender]) -> str:
    return to_markdown(comparison_rows(contenders, pages=COUNT))


def _verdict_of_cost(yardstick: Contender, contender: Contender) -> tuple[str, bool]:
    ratio = ratio_to(yardstick, contender)
    holds = ratio <= MOST_RATIO
    word = "holds" if holds else "DOES NOT HOLD"
    return (
        f"{contender.name}: {ratio:.2f} of at most {MOST_RATIO} × {yardstick.name}: {word}",
        holds,
    )


def _memory_of(material: Material, pages: int) -> tuple[str, tuple[str, bool]]:
    """Return the section on memory, and whether it stays flat."""
    title = f"## Memory over one batch and document of {pages} pages\n\n"
    try:
        usage = measure_memory(material.pages, count=pages)
    except ProgramFailedError as error:
        return title + f"Not measured: {error}", (f"a batch of {pages} pages: NOT FILED", False)
    rows = to_markdown(memory_rows(usage.samples))
    cost = (
        f"{usage.cpu_seconds / pages:.2f} CPU s and {usage.wall_seconds / pages:.2f} s a page. "
        "The last quarter holds assembling and signing of the whole document."
    )
    return f"{title}{rows}\n\n{cost}", _verdict_of_memory(usage)


def _verdict_of_memory(usage: Usage) -> tuple[str, bool]:
    factors = growth(usage.samples)
    server, child = (peak >> 20 for peak in (usage.parent_peak_bytes, usage.child_peak_bytes))
    holds = max(factors) <= MOST_GROWTH and server <= MOST_SERVER_MIB
    text = (
        f"memory while pages are read, third quarter over second: server {factors[0]:.2f}, "
        f"child {factors[1]:.2f}, at most {MOST_GROWTH}; most at any time: server {server} MB of "
        f"{MOST_SERVER_MIB}, child {child} MB: {'holds' if holds else 'DOES NOT HOLD'}"
    )
    return text, holds


def _heading() -> str:
    return f"""# What a page costs

Made by `make benchmark`. Twelve A4 pages of invented administrative prose, 300 dpi grey, turned,
blurred, faded, noisy, JPEG 70, made by `benchmarks/degraded_pages.py`. CPU counts a program and all
that it started, from its start in an empty home (keys and tables are made in the measured time) to
the signed, filed and indexed documents.

{machine()}"""


def machine() -> str:
    """Return what was measured on, and with which versions."""
    engine = tesserocr.tesseract_version().split("\n", 1)[0]
    return f"""\
Machine: {_processors()}, Linux {platform.release()}, Python {platform.python_version()}, {engine},
Pillow {version("pillow")}, OpenCV {version("opencv-python-headless")}, \
pikepdf {version("pikepdf")}, pyHanko {version("pyhanko")}."""


def _processors() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{len(os.sched_getaffinity(0))} × {names[0] if names else platform.machine()}"


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
