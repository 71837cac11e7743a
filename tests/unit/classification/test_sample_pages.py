"""What is proposed for bundled pages that were really read, compared with their truth."""

import json
from pathlib import Path
from typing import Any

import pytest

from classification.classifying import classify_document
from documents.catalogue import load_component_types
from documents.limits import PageLimits
from documents.model import RecognizedPage
from ingest.decoding import load_pixels
from ingest.opening import open_delivery
from ocr.preparing import prepare_reading_copy
from ocr.reading import recognize_page
from ocr.tesseract import TesserocrEngine, find_tessdata

SAMPLES = Path(__file__).parents[3] / "samples"
TRUTH = json.loads((SAMPLES / "truth.json").read_text())
TYPES = ("giay_khai_sinh", "trich_luc_ho_tich", "ct07", "gcn_dkhkd")


def _document(component_type: str) -> tuple[Path, dict[str, Any]]:
    """Return the file and the truth of a sample document of one page."""
    return next(
        (SAMPLES / "batches" / batch["folder"] / one["files"][0], one)
        for batch in TRUTH["batches"]
        for one in batch["documents"]
        if one["component_type"] == component_type
    )


@pytest.fixture(scope="module")
def engine() -> TesserocrEngine:
    return TesserocrEngine(find_tessdata())


def _read(file: Path, folder: Path, engine: TesserocrEngine) -> RecognizedPage:
    image = open_delivery(file, out=folder, limits=PageLimits()).pages[0].image
    copy = prepare_reading_copy(load_pixels(image), dpi=image.dpi)
    return recognize_page(copy.grey, dpi=copy.dpi, page=image, engine=engine)


@pytest.mark.parametrize("component_type", TYPES)
def test_a_sample_page_is_known_with_its_number_date_and_owner(
    component_type: str, tmp_path: Path, engine: TesserocrEngine
) -> None:
    file, truth = _document(component_type)
    page = _read(file, tmp_path, engine)

    classified = classify_document([page], component_types=load_component_types())

    fields = {one.name: one.value for one in classified.fields}
    assert classified.component_type is not None
    assert classified.component_type.value == component_type
    assert fields["issued_on"] == truth["issued_on"]
    assert fields["owner_id"] == truth["owner_id"]
    assert truth["number"] in (fields.get("number"), fields.get("enterprise_number"))
