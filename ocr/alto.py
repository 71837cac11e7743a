"""Readings as ALTO XML v4 (Library of Congress): words, places, confidences, by what read."""

from collections.abc import Sequence
from typing import Any

from lxml import etree

from documents.model import EngineRecord, Line, RecognizedPage, Word
from ocr.text_layer import clean

NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
_DOUBTFUL = "DOUBTFUL"


def to_alto(pages: Sequence[RecognizedPage], *, source: str) -> str:
    """Return one ALTO document with a Page for each page, in px.

    What the recogniser gave before a correction is kept as ALTERNATIVE; doubtful words carry a
    tag reference.

    Args:
        pages: in order.
        source: what the pages belong to; an identifier, or a file name.
    """
    nsmap: Any = {None: NAMESPACE}
    root = etree.Element(f"{{{NAMESPACE}}}alto", nsmap=nsmap)
    description = _add(root, "Description")
    _add(description, "MeasurementUnit").text = "pixel"
    _add(_add(description, "sourceImageInformation"), "fileName").text = clean(source)
    engines = list(dict.fromkeys(page.engine for page in pages))
    for number, engine in enumerate(engines):
        _add_engine(description, engine, number)
    tags = _add(root, "Tags")
    _add(tags, "OtherTag", ID=_DOUBTFUL, LABEL="doubtful", TYPE="review")
    layout = _add(root, "Layout")
    for ordinal, page in enumerate(pages, start=1):
        _add_page(layout, page, ordinal, processing=f"OCR{engines.index(page.engine)}")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True).decode()


def _add(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{NAMESPACE}}}{name}", attributes)


def _add_engine(description: etree._Element, engine: EngineRecord, number: int) -> None:
    processing = _add(description, "Processing", ID=f"OCR{number}")
    _add(processing, "processingCategory").text = "contentGeneration"
    _add(processing, "processingStepDescription").text = f"model sha256 {engine.model_sha256}"
    _add(processing, "processingStepSettings").text = engine.settings
    software = _add(processing, "processingSoftware")
    _add(software, "softwareName").text = engine.name
    _add(software, "softwareVersion").text = engine.version


def _add_page(
    layout: etree._Element, page: RecognizedPage, ordinal: int, *, processing: str
) -> None:
    element = _add(
        layout,
        "Page",
        ID=f"P{ordinal}",
        PHYSICAL_IMG_NR=str(ordinal),
        WIDTH=str(page.width),
        HEIGHT=str(page.height),
        PROCESSINGREFS=processing,
    )
    space = _add(
        element, "PrintSpace", HPOS="0", VPOS="0", WIDTH=str(page.width), HEIGHT=str(page.height)
    )
    block: etree._Element | None = None
    block_number: int | None = None
    blocks = 0
    for number, line in enumerate(page.lines, start=1):
        if block is None or line.block != block_number:
            blocks += 1
            members = _lines_of_block(page.lines, number - 1)
            block = _add(space, "TextBlock", ID=f"P{ordinal}B{blocks}", **_place_of(members))
            block_number = line.block
        _add_line(block, line, f"P{ordinal}L{number}")


def _lines_of_block(lines: Sequence[Line], first: int) -> list[Line]:
    members = []
    for line in lines[first:]:
        if line.block != lines[first].block:
            break
        members.append(line)
    return members


def _place_of(lines: Sequence[Line]) -> dict[str, str]:
    boxes = [word.box for line in lines for word in line.words]
    x0, y0 = min(box.x0 for box in boxes), min(box.y0 for box in boxes)
    x1, y1 = max(box.x1 for box in boxes), max(box.y1 for box in boxes)
    return {"HPOS": str(x0), "VPOS": str(y0), "WIDTH": str(x1 - x0), "HEIGHT": str(y1 - y0)}


def _add_line(block: etree._Element, line: Line, name: str) -> None:
    x0, y0, x1, y1 = line.baseline
    element = _add(
        block,
        "TextLine",
        ID=name,
        BASELINE=f"{x0:.0f},{y0:.0f} {x1:.0f},{y1:.0f}",
        **_place_of((line,)),
    )
    for number, word in enumerate(line.words):
        if number:
            _add(element, "SP")
        _add_word(element, word, f"{name}W{number + 1}")


def _add_word(line: etree._Element, word: Word, name: str) -> None:
    box = word.box
    attributes = {
        "ID": name,
        "CONTENT": clean(word.text),
        "HPOS": str(box.x0),
        "VPOS": str(box.y0),
        "WIDTH": str(box.x1 - box.x0),
        "HEIGHT": str(box.y1 - box.y0),
        "WC": f"{word.confidence:.4f}",
    }
    if word.doubtful:
        attributes["TAGREFS"] = _DOUBTFUL
    element = _add(line, "String", **attributes)
    if word.raw not in ("", word.text):
        _add(element, "ALTERNATIVE", PURPOSE="raw").text = clean(word.raw)
