"""Readings in the formats that other programs know."""

import gzip
import json
import re
from pathlib import Path
from typing import Literal

import pytest
from lxml import etree

from documents.model import Line
from ocr.exporting import to_hocr, to_record, write_readings
from tests.builders import line_of, make_line, make_page, make_word

PAGES = [
    make_page(
        make_line("Số: 12/QĐ-UBND"),
        line_of([make_word("<Điều>", y=300, confidence=0.5, doubtful=True)], block=1),
    ),
    make_page("Trang hai"),
]
Kind = Literal["text", "alto", "hocr", "json"]


def test_text_has_a_form_feed_between_pages(tmp_path: Path) -> None:
    write_readings(PAGES, source="a.pdf", kind="text", out=tmp_path / "a.txt")

    assert (tmp_path / "a.txt").read_text() == "Số: 12/QĐ-UBND\n\n<Điều>\fTrang hai\n"


def test_json_holds_pages_words_boxes_and_doubts() -> None:
    record = to_record(PAGES, source="a.pdf")

    first, second = record["pages"]
    box = PAGES[0].words[0].box
    assert (record["source"], first["page"], second["page"]) == ("a.pdf", 1, 2)
    assert (first["width"], first["height"], first["dpi"]) == (1654, 2339, 200.0)
    assert first["text"] == PAGES[0].text
    assert first["words"][0] == {
        "text": "Số:",
        "raw": "Số:",
        "box": [box.x0, box.y0, box.x1, box.y1],
        "confidence": 0.96,
        "doubtful": False,
        "cause": "",
    }
    assert [word["doubtful"] for word in first["words"]] == [False, False, True]


def test_json_is_written_as_people_read_it(tmp_path: Path) -> None:
    write_readings(PAGES, source="a.pdf", kind="json", out=tmp_path / "a.json")

    content = (tmp_path / "a.json").read_text()

    assert "Điều" in content
    assert json.loads(content) == to_record(PAGES, source="a.pdf")


def test_hocr_is_well_formed_and_holds_every_word_with_its_confidence() -> None:
    root = etree.fromstring(to_hocr(PAGES, source='quyết "định".pdf').encode())

    words = root.findall(".//{*}span[@class='ocrx_word']")
    assert [word.text for word in words] == ["Số:", "12/QĐ-UBND", "<Điều>", "Trang", "hai"]
    assert words[2].get("title") == "bbox 160 300 256 330; x_wconf 50"
    assert len(root.findall(".//{*}div[@class='ocr_page']")) == 2


def test_the_base_line_of_hocr_is_told_from_the_lower_left_of_the_line() -> None:
    line = make_line("nghiêng", x=100, y=200)
    slanted = Line(words=line.words, baseline=(100.0, 220.0, 200.0, 225.0), size=30.0)

    found = re.search(r"baseline (\S+) (\S+);", to_hocr([make_page(slanted)], source="a"))

    assert found is not None
    assert (float(found[1]), float(found[2])) == (0.05, -10.0)


@pytest.mark.parametrize("kind", ["text", "alto", "hocr", "json"])
def test_equal_readings_give_equal_bytes_zipped_too(tmp_path: Path, kind: Kind) -> None:
    for name in ("a", "b"):
        write_readings(PAGES, source="x", kind=kind, out=tmp_path / name)
        write_readings(PAGES, source="x", kind=kind, out=tmp_path / f"{name}.gz")

    plain, zipped = (tmp_path / "a").read_bytes(), (tmp_path / "a.gz").read_bytes()
    assert plain == (tmp_path / "b").read_bytes()
    assert zipped == (tmp_path / "b.gz").read_bytes()
    assert gzip.decompress(zipped) == plain
