"""The second reader itself, in an environment of its own that `deploy/second_reader.sh` makes."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont

from samples.fonts import find_font

ROOT = Path(__file__).parents[2]
PROGRAM = Path(__file__).with_name("program_of_second_reader.py")


def environment_of_second_reader() -> Path:
    """Return the Python that has the second reader; without it the test is skipped and says so."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    python = cache / "sohoa" / "second-reader" / "bin" / "python"
    if not python.exists():
        reason = "the second reader is not here: `bash deploy/second_reader.sh python3` brings it"
        if "second-reader" in os.environ.get("REQUIRED_SERVICES", "").replace(",", " ").split():
            pytest.fail(reason)
        pytest.skip(reason)
    return python


def draw_word(text: str, file: Path) -> Path:
    """Print a word as it stands on a page at 200 dpi."""
    font = ImageFont.truetype(find_font("regular"), 38)
    picture = Image.new("L", (round(font.getlength(text)) + 20, 56), 255)
    ImageDraw.Draw(picture).text((10, 6), text, font=font, fill=20)
    picture.save(file)
    return file


def read_twice(picture: Path, first: str) -> dict[str, Any]:
    done = subprocess.run(
        [environment_of_second_reader(), str(PROGRAM), str(picture), first],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(picture.parent)},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_a_number_of_no_known_shape_is_read_again_and_stays_in_doubt(tmp_path: Path) -> None:
    picture = draw_word("08/6/2019", tmp_path / "word.png")

    answer = read_twice(picture, "O8/6/2Ol9")

    assert answer["name"].startswith("trueocr ")
    assert answer["seen"] == "08/6/2019"
    assert (answer["text"], answer["raw"]) == ("08/6/2019", "O8/6/2Ol9")
    assert (answer["cause"], answer["doubtful"]) == ("second", True)


def test_a_good_number_is_not_changed_to_one_of_another_shape(tmp_path: Path) -> None:
    picture = draw_word("08/6/2019", tmp_path / "word.png")

    answer = read_twice(picture, "08/2019")

    assert (answer["text"], answer["cause"]) == ("08/2019", "")
