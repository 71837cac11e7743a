"""The counts and their file."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ocr.errors import DamagedLanguageModelError
from ocr.language.counting import count_documents
from ocr.language.counts import MAGIC, Counts, pack_counts, unpack_counts
from ocr.language.model import FILE, load_model
from ocr.language.sources import Document, documents_in, runs_of, runs_of_pages
from tests.unit.ocr.language.texts import EVERYTHING, NO_RUNS, SENTENCES, count_small


def arrays_of(counts: Counts) -> list[list[int]]:
    return [
        value.tolist()
        for name in Counts.__slots__
        if isinstance(value := getattr(counts, name), np.ndarray)
    ]


def test_counts_come_back_from_their_file_as_they_were() -> None:
    counts = replace(count_small().counts, cased={("đổi,", "sung"): (0, 12)})

    back = unpack_counts(pack_counts(counts))

    assert back.words == counts.words
    assert arrays_of(back) == arrays_of(counts)
    assert back.cased == counts.cased


def test_the_same_texts_give_the_same_bytes() -> None:
    assert pack_counts(count_small().counts) == pack_counts(count_small().counts)


@pytest.mark.parametrize("end", [0, 10, len(MAGIC), len(MAGIC) + 9, 2_000])
def test_a_cut_file_is_named_as_damaged(end: int) -> None:
    whole = pack_counts(count_small().counts)

    with pytest.raises(DamagedLanguageModelError):
        unpack_counts(whole[: min(end, len(whole) - 1)])


def test_a_changed_byte_is_noticed() -> None:
    whole = bytearray(pack_counts(count_small().counts))
    whole[len(whole) // 2] ^= 0xFF

    with pytest.raises(DamagedLanguageModelError):
        unpack_counts(bytes(whole))


def test_the_model_that_is_delivered_loads_and_knows_the_language() -> None:
    model = load_model()

    assert FILE.stat().st_size < 8 << 20
    assert model.knows("quyền")
    assert model.knows("Ủy")
    assert not model.knows("đươc")
    assert model.pair_count("hành", "chính") > model.pair_count("hành", "chỉnh")


def test_a_text_that_shares_eight_words_with_a_judged_page_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "page.gt.txt").write_text(f"Trang này có: {SENTENCES[0].upper()}")

    counted = count_documents(
        map(Document, SENTENCES), judged=runs_of_pages([tmp_path]), apart=(), limits=EVERYTHING
    )

    assert (counted.documents, counted.left_out) == (len(SENTENCES), 1)
    assert "bố" not in counted.counts.words


def test_a_text_that_names_a_judged_document_is_left_out() -> None:
    texts = ["Theo Nghị định số 154/2024/NĐ-CP.", "Theo Nghị định số 1/2024/NĐ-CP."]

    counted = count_documents(
        map(Document, texts), judged=NO_RUNS, apart=("154/2024/NĐ-CP",), limits=EVERYTHING
    )

    assert counted.left_out == 1


def test_seven_shared_words_are_no_overlap() -> None:
    assert len(runs_of("một hai ba bốn năm sáu bảy")) == 0
    assert len(runs_of("một hai ba bốn năm sáu bảy tám")) == 1


def test_texts_are_found_in_tables_lists_and_codified_law(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"name": "Thủ tục", "parts": ["Đơn"]}]')
    (tmp_path / "b.md").write_text("## Điều 1.1.LQ.1. Một\n\n1. Luật này\n" * 3)
    (tmp_path / "c.md").write_text("Ghi chú của người soạn")
    (tmp_path / "d.txt").write_text("không đọc")
    (tmp_path / "e-provinces.json").write_text('[{"FullName": "Tỉnh Bến Tre"}]')

    assert list(documents_in(tmp_path)) == [
        Document("Thủ tục\nĐơn"),
        Document("Điều 1.1.LQ.1. Một"),
        Document("1. Luật này"),
        Document("Tỉnh Bến Tre", 20),
    ]


def test_clauses_of_torn_words_are_left_out(tmp_path: Path) -> None:
    torn = "quyề n của Luậ t này"
    (tmp_path / "a.md").write_text(f"Điều 1.1.LQ.1. Một\n{torn}\nLuật này\n" * 3)

    texts = [document.text for document in documents_in(tmp_path)]

    assert texts == ["Điều 1.1.LQ.1. Một", "Luật này"]
