"""Readings in the formats that other programs know: text, ALTO, hOCR, JSON."""

import gzip
import json
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any, Literal

from documents.model import Box, Line, RecognizedPage
from ocr.alto import to_alto
from ocr.text_layer import clean


def write_readings(
    pages: Sequence[RecognizedPage],
    *,
    source: str,
    kind: Literal["text", "alto", "hocr", "json"],
    out: Path,
) -> None:
    """Write the readings of a file's pages, gzipped where the name ends in `.gz`.

    Args:
        pages: in order.
        source: what they belong to.
        kind: the format.
        out: the file to write; equal readings give equal bytes.
    """
    if kind == "alto":
        content = to_alto(pages, source=source)
    elif kind == "hocr":
        content = to_hocr(pages, source=source)
    elif kind == "json":
        content = json.dumps(to_record(pages, source=source), ensure_ascii=False)
    else:
        content = "\f".join(page.text for page in pages) + "\n"
    if out.suffix == ".gz":
        out.write_bytes(gzip.compress(content.encode(), mtime=0))
    else:
        out.write_text(content)


def to_record(pages: Sequence[RecognizedPage], *, source: str) -> dict[str, Any]:
    """Return the readings as they stand in JSON; boxes [x0, y0, x1, y1] in px, pages from 1."""
    return {
        "source": source,
        "pages": [
            {
                "page": ordinal,
                "width": page.width,
                "height": page.height,
                "dpi": page.dpi,
                "text": page.text,
                "words": [
                    {
                        "text": word.text,
                        "raw": word.raw,
                        "box": _corners(word.box),
                        "confidence": round(word.confidence, 4),
                        "doubtful": word.doubtful,
                        "cause": word.cause,
                    }
                    for word in page.words
                ],
            }
            for ordinal, page in enumerate(pages, start=1)
        ],
    }


def to_hocr(pages: Sequence[RecognizedPage], *, source: str) -> str:
    """Return the readings as hOCR 1.2, with base lines and word confidences in percent."""
    body = "\n".join(
        _hocr_page(page, ordinal, source) for ordinal, page in enumerate(pages, start=1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="vi" lang="vi">\n<head>'
        f"<title>{escape(clean(source))}</title>"
        '<meta http-equiv="Content-Type" content="text/html;charset=utf-8"/>'
        '<meta name="ocr-system" content="sohoa"/>'
        '<meta name="ocr-capabilities" content="ocr_page ocr_carea ocr_line ocrx_word"/>'
        f"</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _hocr_page(page: RecognizedPage, ordinal: int, source: str) -> str:
    lines = "\n".join(
        _hocr_line(line, f"{ordinal}_{number}") for number, line in enumerate(page.lines, start=1)
    )
    title = f'image "{clean(source)}"; bbox 0 0 {page.width} {page.height}; ppageno {ordinal - 1}'
    return f"<div class='ocr_page' id='page_{ordinal}' title='{escape(title)}'>\n{lines}\n</div>"


def _hocr_line(line: Line, name: str) -> str:
    boxes = [word.box for word in line.words]
    whole = Box(
        min(box.x0 for box in boxes),
        min(box.y0 for box in boxes),
        max(box.x1 for box in boxes),
        max(box.y1 for box in boxes),
    )
    x0, y0, x1, y1 = line.baseline
    slope = (y1 - y0) / (x1 - x0) if x1 != x0 else 0.0
    offset = y0 + slope * (whole.x0 - x0) - whole.y1
    words = " ".join(
        f"<span class='ocrx_word' id='word_{name}_{number}' "
        f"title='bbox {_spaced(word.box)}; x_wconf {word.confidence * 100:.0f}'>"
        f"{escape(clean(word.text))}</span>"
        for number, word in enumerate(line.words, start=1)
    )
    return (
        f"<span class='ocr_line' id='line_{name}' title='bbox {_spaced(whole)}; "
        f"baseline {slope:.4f} {offset:.1f}; x_size {line.size:.1f}'>{words}</span>"
    )


def _corners(box: Box) -> list[int]:
    return [box.x0, box.y0, box.x1, box.y1]


def _spaced(box: Box) -> str:
    return f"{box.x0} {box.y0} {box.x1} {box.y1}"
