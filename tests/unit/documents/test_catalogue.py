"""The catalogue of component types: what ships is sound, what is wrong is named."""

from pathlib import Path

import pytest

from documents.catalogue import OTHER, CatalogueError, load_component_types
from documents.codes import find_result_code
from documents.folding import fold

OTHER_ROW = '[khac]\nvi = "Khác"\nen = "Other"\ngroup = "other"\nvalidity = "D"\n'
GOOD = '[don]\nvi = "Đơn"\nen = "Application"\ngroup = "form"\nvalidity = "D"\n'


def written(folder: Path, content: str) -> Path:
    file = folder / "types.toml"
    file.write_text(content, encoding="utf-8")
    return file


def test_what_ships_is_loaded_most_specific_first() -> None:
    types = list(load_component_types().values())

    assert len(types) > 80
    assert [one.rank for one in types] == sorted(one.rank for one in types)
    assert types[-1].id == OTHER


def test_every_pattern_that_ships_is_written_for_folded_text() -> None:
    patterns = [
        pattern.pattern
        for one in load_component_types().values()
        for pattern in (*one.titles, *one.cues)
    ]

    assert [text for text in patterns if text.isalpha() and fold(text) != text] == []
    assert [text for text in patterns if not text.isascii()] == []


def test_every_result_code_that_ships_is_one() -> None:
    codes = [code for one in load_component_types().values() for code in one.result_codes]

    assert codes
    assert [code for code in codes if find_result_code(code) != code] == []


def test_what_an_entry_leaves_out_has_a_default(tmp_path: Path) -> None:
    types = load_component_types(written(tmp_path, GOOD + OTHER_ROW))

    don = types["don"]
    assert (don.titles, don.cues, don.rank, don.is_card) == ((), (), 10, False)


@pytest.mark.parametrize(
    ("content", "entry", "what"),
    [
        ("[[", "types.toml", ""),
        (GOOD, OTHER, "missing"),
        (GOOD.replace("group", "groop") + OTHER_ROW, "don", "groop"),
        (GOOD.replace('vi = "Đơn"\n', "") + OTHER_ROW, "don", "vi"),
        (GOOD.replace('"D"', '"Q"') + OTHER_ROW, "don", "validity"),
        (GOOD.replace('validity = "D"\n', "") + OTHER_ROW, "don", "validity"),
        (GOOD.replace('"D"', '"L"') + OTHER_ROW, "don", "months"),
        (GOOD + 'titles = ["(don"]\n' + OTHER_ROW, "don", "unterminated"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path: Path, content: str, entry: str, what: str) -> None:
    file = written(tmp_path, content)

    with pytest.raises(CatalogueError) as caught:
        load_component_types(file)

    assert f"“{entry}”" in caught.value.reason.vi
    assert f"“{entry}”" in caught.value.reason.en
    assert what in caught.value.reason.en


def test_a_missing_catalogue_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"absent\.toml"):
        load_component_types(tmp_path / "absent.toml")
