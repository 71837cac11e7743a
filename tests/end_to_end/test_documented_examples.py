"""Blocks of the documentation that are marked to be run do run, as they stand.

A fence that says "bash run" is run in a new folder with a home of its own; one that says
"bash run served" finds a server at `$url` over that home. The blocks of a page are one script.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.architecture.documented_pages import blocks, pages
from tests.architecture.sources import PROJECT

ALONE, SERVED = "bash run", "bash run served"
PROGRAMS = Path(sys.executable).parent


def pages_with(mark: str) -> list[Path]:
    return [page for page in pages() if any(blocks(page.read_text(encoding="utf-8"), mark))]


def named(page: Path) -> str:
    return str(page.relative_to(PROJECT))


@pytest.fixture
def environment(tmp_path: Path) -> Mapping[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SOHOA_")}
    return {
        **kept,
        "PATH": f"{PROGRAMS}{os.pathsep}{kept['PATH']}",
        "SOHOA_HOME": str(tmp_path / "home"),
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "reader"
    made.mkdir()
    (made / "samples").symlink_to(PROJECT / "samples")
    return made


def run_blocks(page: Path, mark: str, folder: Path, environment: Mapping[str, str]) -> None:
    script = "\n".join(blocks(page.read_text(encoding="utf-8"), mark))
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"


@contextmanager
def serving(environment: Mapping[str, str]) -> Iterator[str]:
    with subprocess.Popen(
        ["sohoa", "serve", "--port", "0", "--json"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        try:
            yield json.loads(server.stdout.readline())["url"]
        finally:
            server.terminate()


@pytest.mark.slow
@pytest.mark.parametrize("page", pages_with(ALONE), ids=named)
def test_what_a_page_tells_to_type_runs(
    page: Path, folder: Path, environment: Mapping[str, str]
) -> None:
    run_blocks(page, ALONE, folder, environment)


@pytest.mark.slow
@pytest.mark.parametrize("page", pages_with(SERVED), ids=named)
def test_what_a_page_tells_to_type_beside_a_server_runs(
    page: Path, folder: Path, environment: Mapping[str, str]
) -> None:
    assert shutil.which("curl") is not None, "install curl: apt-get install curl"

    with serving(environment) as url:
        client = str(PROJECT / "docs" / "examples" / "sohoa_client.py")
        run_blocks(page, SERVED, folder, {**environment, "url": url, "client": client})
