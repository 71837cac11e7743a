"""Readings back from the ALTO that `ocr.alto` wrote: words, places, confidences, by what read."""

from lxml import etree

from documents.model import Box, EngineRecord, Line, RecognizedPage, Word
from ocr.alto import NAMESPACE

_MODEL = "model sha256 "
_DOUBTFUL = "DOUBTFUL"


def read_alto(content: bytes) -> list[RecognizedPage]:
    """Return the pages of an ALTO file in order, with `dpi` and `turn` left at 0.

    ALTO does not tell these two, and the height of the type only as that of the words.

    Raises:
        ValueError: it is no ALTO of ours.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"no XML: {error.msg}") from error
    engines = {one.get("ID"): _engine(one) for one in root.iter(_name("Processing"))}
    return [_page(one, engines) for one in root.iter(_name("Page"))]


def _name(element: str) -> str:
    return f"{{{NAMESPACE}}}{element}"


def _engine(processing: etree._Element) -> EngineRecord:
    def told(name: str) -> str:
        return processing.findtext(f".//{_name(name)}") or ""

    return EngineRecord(
        name=told("softwareName"),
        version=told("softwareVersion"),
        model_sha256=told("processingStepDescription").removeprefix(_MODEL),
        settings=told("processingStepSettings"),
    )


def _page(page: etree._Element, engines: dict[str | None, EngineRecord]) -> RecognizedPage:
    engine = engines.get(page.get("PROCESSINGREFS"))
    if engine is None:
        raise ValueError(f"page {page.get('ID')} names no processing")
    lines = [
        _line(line, block=number)
        for number, block in enumerate(page.iter(_name("TextBlock")))
        for line in block.iter(_name("TextLine"))
    ]
    return RecognizedPage(
        width=_number(page, "WIDTH"),
        height=_number(page, "HEIGHT"),
        dpi=0.0,
        turn=0,
        lines=tuple(lines),
        engine=engine,
    )


def _line(line: etree._Element, *, block: int) -> Line:
    words = tuple(_word(one) for one in line.iter(_name("String")))
    points = (line.get("BASELINE") or "").replace(",", " ").split()
    x0, y0, x1, y1 = (float(one) for one in points)
    size = max((word.box.y1 - word.box.y0 for word in words), default=0)
    return Line(words=words, baseline=(x0, y0, x1, y1), size=float(size), block=block)


def _word(word: etree._Element) -> Word:
    x0, y0 = _number(word, "HPOS"), _number(word, "VPOS")
    text = word.get("CONTENT") or ""
    return Word(
        text=text,
        raw=word.findtext(_name("ALTERNATIVE")) or text,
        box=Box(x0, y0, x0 + _number(word, "WIDTH"), y0 + _number(word, "HEIGHT")),
        confidence=float(word.get("WC") or 0),
        doubtful=_DOUBTFUL in (word.get("TAGREFS") or "").split(),
    )


def _number(element: etree._Element, name: str) -> int:
    return int(element.get(name) or "")
