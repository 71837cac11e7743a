"""Measuring counts a program together with all that it started."""

import sys
from pathlib import Path

import pytest

from benchmarks.measuring import ProgramFailedError, run_measured
from benchmarks.scoring import word_recall

_BURN = "import time\nwhile time.process_time() < 0.5: pass\n"
_STARTS_ANOTHER = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1]])"


def test_children_are_counted(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _STARTS_ANOTHER, _BURN]

    usage = run_measured(command, out=tmp_path / "out")

    assert 0.5 <= usage.cpu_seconds < 5.0


def test_orphans_are_counted(tmp_path: Path) -> None:
    leaves_another = _STARTS_ANOTHER.replace("run(", "Popen(") + "; import time; time.sleep(0.6)"

    usage = run_measured([sys.executable, "-c", leaves_another, _BURN], out=tmp_path / "out")

    assert 0.5 <= usage.cpu_seconds < 5.0


def test_program_that_fails_gives_no_figures(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "print('no scanner'); raise SystemExit(3)"]

    with pytest.raises(ProgramFailedError, match="no scanner"):
        run_measured(command, out=tmp_path / "out")


def test_recall_counts_words_as_often_as_they_are_printed() -> None:
    recall = word_recall("Sở Tư pháp, Sở Y tế.", "sở Tư pháp Sở Y tế")

    assert recall == pytest.approx(5 / 6)
