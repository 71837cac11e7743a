"""The catalogue of procedures: what ships is sound, what is wrong is named."""

from pathlib import Path

import pytest

from documents.catalogue import load_component_types
from documents.codes import find_result_code
from reuse.errors import ProcedureCatalogueError
from reuse.procedures import load_procedures

TYPES = load_component_types()
GOOD = """
[[procedure]]
code = "1.001193"
vi = "Đăng ký khai sinh"
en = "Birth registration"
level = "xã"
decision = "163/QĐ-BTP"
components = [{ id = "to_khai", vi = "Tờ khai", en = "Declaration", accepts = ["to_khai"] }]
"""


def written(folder: Path, content: str) -> Path:
    file = folder / "procedures.toml"
    file.write_text(content, encoding="utf-8")
    return file


def test_what_ships_is_loaded_with_its_checklists() -> None:
    procedures = load_procedures(TYPES)

    birth = procedures["1.001193"]
    assert len(procedures) == 39
    assert birth.name_vi == "Đăng ký khai sinh"
    assert [one.id for one in birth.components][:2] == ["to_khai", "chung_sinh"]
    assert {one.kind for one in birth.components} == {"nop", "xuat_trinh"}


def test_every_checklist_that_ships_names_its_components_once_and_in_both_languages() -> None:
    for procedure in load_procedures(TYPES).values():
        names = [one.id for one in procedure.components]

        assert len(names) == len(set(names)), procedure.code
        assert all(one.name_vi and one.name_en and one.accepts for one in procedure.components)


def test_every_result_that_ships_has_a_result_code() -> None:
    codes = [code for one in load_procedures(TYPES).values() for code in one.results]

    assert codes
    assert [code for code in codes if find_result_code(code) != code] == []


def test_what_a_component_leaves_out_has_a_default(tmp_path: Path) -> None:
    (component,) = load_procedures(TYPES, written(tmp_path, GOOD))["1.001193"].components

    assert (component.kind, component.is_required) == ("nop", True)
    assert (component.max_age_months, component.condition) == (None, None)


@pytest.mark.parametrize(
    ("content", "entry"),
    [
        ("[[", "procedures.toml"),
        ("", "procedures.toml"),
        (GOOD.replace("1.001193", "1.1193"), "1.1193"),
        (GOOD.replace("1.001193", "1.001193.000.00.00.H05"), "1.001193.000.00.00.H05"),
        (GOOD.replace('level = "xã"\n', ""), "1.001193"),
        (GOOD.replace('["to_khai"] }', '["to_khai"], kind = "gui" }'), "1.001193"),
        (GOOD.replace('["to_khai"] }', '["giay_la"] }'), "1.001193 to_khai"),
        (GOOD.replace(', accepts = ["to_khai"]', ""), "1.001193"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path: Path, content: str, entry: str) -> None:
    file = written(tmp_path, content)

    with pytest.raises(ProcedureCatalogueError) as caught:
        load_procedures(TYPES, file)

    assert f"“{entry}”" in caught.value.reason.vi


def test_a_procedure_that_is_listed_twice_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path, GOOD + GOOD)

    with pytest.raises(ProcedureCatalogueError, match=r"1\.001193.*twice"):
        load_procedures(TYPES, file)
