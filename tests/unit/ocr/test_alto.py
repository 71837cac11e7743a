"""Readings as ALTO XML."""

from dataclasses import replace
from pathlib import Path

from lxml import etree

from documents.model import EngineRecord, RecognizedPage
from ocr.alto import NAMESPACE, to_alto
from tests.builders import line_of, make_line, make_page, make_word
from tests.unit.ocr.judges import alto_schema

NAMES = {"a": NAMESPACE}


def page() -> RecognizedPage:
    corrected = line_of(
        [
            make_word("Số:", y=300),
            make_word("120/QĐ-UBND", raw="120/QD-UBND", x=400, y=300),
            make_word("mờ\x00", x=700, y=300, confidence=0.4, doubtful=True),
        ],
        block=1,
    )
    return make_page(make_line("ỦY BAN <&> NHÂN DÂN"), make_line("XÃ MẪU", y=180), corrected)


def parsed(*pages: RecognizedPage, source: str = "doc_1") -> etree._Element:
    return etree.fromstring(to_alto(pages, source=source).encode())


def test_it_is_valid_by_the_schema_of_the_library_of_congress(tmp_path: Path) -> None:
    schema = alto_schema(tmp_path)

    for pages in ([page()], [page(), make_page(), page()], [make_page()]):
        schema.assertValid(parsed(*pages))


def test_every_word_has_its_text_place_and_confidence() -> None:
    first, *_ = parsed(page()).findall(".//a:String", NAMES)

    box = page().words[0].box
    assert first.get("CONTENT") == "ỦY"
    assert (first.get("HPOS"), first.get("VPOS")) == (str(box.x0), str(box.y0))
    assert (first.get("WIDTH"), first.get("HEIGHT")) == (str(box.x1 - box.x0), "30")
    assert first.get("WC") == "0.9600"


def test_what_was_read_before_a_correction_is_kept() -> None:
    word = next(one for one in parsed(page()).iter(f"{{{NAMESPACE}}}String") if len(one))

    assert word.get("CONTENT") == "120/QĐ-UBND"
    assert word.findtext("a:ALTERNATIVE", namespaces=NAMES) == "120/QD-UBND"


def test_a_doubtful_word_is_tagged_and_no_other() -> None:
    words = parsed(page()).findall(".//a:String", NAMES)

    assert [word.get("CONTENT") for word in words if word.get("TAGREFS")] == ["mờ"]


def test_blocks_hold_their_lines() -> None:
    blocks = parsed(page()).findall(".//a:TextBlock", NAMES)

    assert [len(block.findall("a:TextLine", NAMES)) for block in blocks] == [2, 1]


def test_each_page_names_the_engine_that_read_it() -> None:
    other = EngineRecord(name="pdf-text", version="1", model_sha256="", settings="")

    root = parsed(page(), replace(page(), engine=other), page())

    software = {
        one.get("ID"): one.findtext(".//a:softwareName", namespaces=NAMES)
        for one in root.findall(".//a:Processing", NAMES)
    }
    read_by = [software[one.get("PROCESSINGREFS")] for one in root.findall(".//a:Page", NAMES)]
    assert read_by == ["test", "pdf-text", "test"]


def test_equal_readings_give_equal_text() -> None:
    assert to_alto([page()], source="doc_1") == to_alto([page()], source="doc_1")
