"""Programs and schemas that judge what was made, and that nobody here wrote."""

import os
import re
import subprocess
from pathlib import Path

import pypdfium2
import pytest
from lxml import etree

_TOOLS = Path(os.environ.get("SOHOA_TOOLS", Path(__file__).parents[4] / "shared" / "tools"))


def given_tool(name: str) -> Path:
    """Return a given tool, or skip."""
    path = _TOOLS / name
    if not path.exists():
        pytest.skip(f"{name} is not here")
    return path


def words_by_poppler(file: Path, *, as_written: bool = False) -> list[str]:
    """Return the words that Poppler finds in a PDF, in reading order or in that of the file."""
    completed = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", *(["-raw"] if as_written else []), str(file), "-"],
        capture_output=True,
        text=True,
        check=True,
    )
    return completed.stdout.split()


def words_by_pdfium(file: Path) -> list[str]:
    """Return the words that PDFium finds in a PDF."""
    document = pypdfium2.PdfDocument(file)
    try:
        texts = [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()
    return " ".join(texts).split()


# The schema of ALTO takes one group of attributes from the schema of XLink, which lies elsewhere.
_XLINK = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
    targetNamespace="http://www.w3.org/1999/xlink">
  <xs:attributeGroup name="simpleLink"><xs:anyAttribute namespace="##any" processContents="skip"/>
  </xs:attributeGroup></xs:schema>"""


def alto_schema(folder: Path) -> etree.XMLSchema:
    """Return the schema of ALTO, read without the network."""
    schema = given_tool("alto-4-4.xsd").read_text()
    (folder / "xlink.xsd").write_text(_XLINK)
    local = re.sub(r'schemaLocation="[^"]*xlink[^"]*"', 'schemaLocation="xlink.xsd"', schema)
    (folder / "alto.xsd").write_text(local)
    return etree.XMLSchema(file=str(folder / "alto.xsd"))
