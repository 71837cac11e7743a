"""The real program `sohoa` over a home of its own, as scripts call it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from documents.identifiers import sha256_of_file
from tests.end_to_end.commands import Desk, run
from tests.end_to_end.conftest import Office
from tests.end_to_end.papers import DECISION, write_encrypted_pdf, write_scan

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("command-line")]
FIELDS = {
    "id",
    "source",
    "pages",
    "state",
    "reason",
    "component_type",
    "number",
    "issued_on",
    "sha256",
    "location",
    "repeated",
}
ADDED_FOR_PEOPLE = {"dossier", "confidence", "seconds"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    office = Office(home=tmp_path_factory.mktemp("office") / "home")
    folder = tmp_path_factory.mktemp("giấy tờ")
    (folder / "con").mkdir()
    write_scan(folder / "con" / "quyết định.tif", DECISION)
    (folder / "hỏng.pdf").write_bytes(b"khong phai pdf")
    (folder / "ghi chú.txt").write_text("không phải giấy tờ")
    first = run(office, "digitize", "--confirm-by", "backfile", "--json", str(folder))
    yield Desk(office, folder, first)
    office.stop()


def test_every_input_has_a_record_with_the_fields_that_scripts_read(desk: Desk) -> None:
    sources = [Path(one["source"]).name for one in desk.first.records]

    assert sources == ["quyết định.tif", "hỏng.pdf"]
    for record in desk.first.records:
        assert set(record) >= FIELDS
        assert set(record) <= FIELDS | ADDED_FOR_PEOPLE


def test_filed_document_tells_what_it_is_and_where_it_lies(desk: Desk) -> None:
    record = desk.filed

    assert (record["state"], record["reason"], record["repeated"]) == ("filed", None, False)
    assert (record["number"], record["issued_on"]) == ("120/QĐ-UBND", "2026-03-16")
    assert record["pages"] == [1, 1]
    assert sha256_of_file(Path(record["location"])) == record["sha256"]


def test_file_that_is_set_aside_has_its_reason_in_both_languages(desk: Desk) -> None:
    record = desk.first.records[-1]

    assert (record["state"], record["pages"], record["location"]) == ("set_aside", None, None)
    assert set(record["reason"]) == {"code", "vi", "en"}
    assert record["reason"]["code"] == "unsupported_file"
    assert desk.first.code == 1


def test_other_kinds_of_files_are_one_line_each_on_standard_error(desk: Desk) -> None:
    lines = [line for line in desk.first.said.splitlines() if "ignored" in line]

    assert len(lines) == 1
    assert "ghi chú.txt" in lines[0]
    assert "ghi chú" not in desk.first.out


def test_same_files_again_are_repeats(desk: Desk) -> None:
    again = desk.run("digitize", "--confirm-by", "backfile", "--json", str(desk.folder / "con"))

    (record,) = again.records
    assert again.code == 0
    assert record["repeated"]
    assert (record["id"], record["sha256"]) == (desk.filed["id"], desk.filed["sha256"])


def test_search_finds_without_marks(desk: Desk) -> None:
    found = desk.run("search", "sua duong vi du", "--json")

    (hit,) = found.records
    assert found.code == 0
    assert set(hit) >= {
        "id",
        "score",
        "component_type",
        "number",
        "issued_on",
        "page",
        "snippet",
    }
    assert (hit["id"], hit["page"]) == (desk.filed["id"], 1)


def test_search_that_finds_nothing_is_no_failure(desk: Desk) -> None:
    found = desk.run("search", "khongcotunay", "--json")

    assert (found.code, found.out) == (0, "")


def test_index_is_rebuilt(desk: Desk) -> None:
    rebuilt = desk.run("index", "rebuild", "--json")

    assert (rebuilt.code, rebuilt.records) == (0, [{"documents": 1}])
    assert len(desk.run("search", "sua duong", "--json").records) == 1


def test_show_tells_tags_and_versions(desk: Desk) -> None:
    shown = desk.run("show", desk.filed["id"], "--json")

    (record,) = shown.records
    assert (record["state"], record["page_count"]) == ("filed", 1)
    assert record["tags"]["number"]["value"] == "120/QĐ-UBND"
    assert record["tags"]["number"]["state"] == "confirmed"
    assert [one["kind"] for one in record["versions"]] == ["signed"]


def test_fetched_file_is_verified(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "lấy về.pdf"

    fetched = desk.run("fetch", desk.filed["id"], "-o", str(file), "--json")
    verified = desk.run("verify", str(file), "--json")

    (record,) = verified.records
    assert (fetched.code, verified.code) == (0, 0)
    assert sha256_of_file(file) == desk.filed["sha256"] == record["sha256"]
    assert set(record) >= {"pdfa", "signatures", "sha256", "ok"}
    assert (record["pdfa"]["claim"], record["pdfa"]["passed"]) == ("PDF/A-2u", True)
    assert [one["conclusion"] for one in record["signatures"]] == ["valid", "valid"]
    assert record["ok"]


def test_tampered_file_is_not_ok(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "sửa.pdf"
    content = bytearray(Path(desk.filed["location"]).read_bytes())
    content[len(content) // 4] ^= 1
    file.write_bytes(content)

    verified = desk.run("verify", str(file), "--json")

    assert verified.code == 1
    assert not verified.records[0]["ok"]


def test_stored_document_is_verified_by_its_id(desk: Desk) -> None:
    verified = desk.run("verify", desk.filed["id"], "--json")

    assert (verified.code, verified.records[0]["ok"]) == (0, True)


def test_status_tells_the_system_and_one_document(desk: Desk) -> None:
    (system,) = desk.run("status", "--json").records
    (document,) = desk.run("status", desk.filed["id"], "--json").records

    assert system["documents"] == {"filed": 1}
    assert [one["reason"]["code"] for one in system["set_aside"]] == ["unsupported_file"]
    assert (document["id"], document["state"]) == (desk.filed["id"], "filed")


def test_without_a_policy_a_person_confirms(tmp_path: Path) -> None:
    office = Office(home=tmp_path / "home")
    scan = write_scan(tmp_path / "a.tif", DECISION)

    waiting = run(office, "digitize", "--json", str(scan))
    listed = run(office, "review", "--json")
    refused = run(office, "fetch", waiting.records[0]["id"], "-o", str(tmp_path / "x.pdf"))
    confirmed = run(
        office,
        "review",
        waiting.records[0]["id"],
        "--accept",
        "--set",
        "number=9/QĐ-UBND",
        "--json",
    )

    assert (waiting.code, waiting.records[0]["state"]) == (0, "awaiting_review")
    assert [one["id"] for one in listed.records] == [waiting.records[0]["id"]]
    assert refused.code == 5
    assert not (tmp_path / "x.pdf").exists()
    (record,) = confirmed.records
    assert (record["state"], record["number"]) == ("filed", "9/QĐ-UBND")


def test_encrypted_file_goes_on_with_a_password_file(tmp_path: Path) -> None:
    office = Office(home=tmp_path / "home")
    locked = write_encrypted_pdf(tmp_path / "khóa.pdf", password="mo-ra")  # noqa: S106
    secret = tmp_path / "mật khẩu"
    secret.write_text("mo-ra\n")

    asked = run(office, "digitize", "--confirm-by", "backfile", "--json", str(locked))
    given = run(
        office,
        "digitize",
        "--confirm-by",
        "backfile",
        "--password-file",
        str(secret),
        "--json",
        str(locked),
    )

    assert (asked.code, asked.records[0]["reason"]["code"]) == (1, "password_needed")
    assert (given.code, [one["state"] for one in given.records]) == (0, ["filed"])


def test_reading_gives_every_format_and_files_nothing(desk: Desk, tmp_path: Path) -> None:
    scan = str(desk.folder / "con" / "quyết định.tif")

    text = desk.run("read", scan)
    lines = desk.run("read", "--format", "json", scan)
    written = [
        desk.run("read", "--format", kind, "-o", str(tmp_path), scan) for kind in ("alto", "hocr")
    ]

    assert "Sửa đường Ví Dụ" in text.out
    (record,) = lines.records
    (page,) = record["pages"]
    assert set(record) == {"source", "pages"}
    assert set(page) >= {"page", "width", "height", "dpi", "text", "words"}
    assert (page["page"], page["width"], page["height"]) == (1, 1654, 2339)
    for word in page["words"]:
        assert set(word) == {"text", "raw", "box", "confidence", "doubtful", "cause"}
        x0, y0, x1, y1 = word["box"]
        assert 0 <= x0 < x1 <= page["width"]
        assert 0 <= y0 < y1 <= page["height"]
    assert [one.code for one in written] == [0, 0]
    alto, hocr = sorted(tmp_path.iterdir())
    assert etree.parse(alto).getroot().tag == "{http://www.loc.gov/standards/alto/ns-v4#}alto"
    assert "ocr_page" in hocr.read_text()
    assert desk.run("status", "--json").records[0]["documents"] == {"filed": 1}


def test_identify_tells_type_and_fields_with_their_places(desk: Desk) -> None:
    found = desk.run("identify", "--json", str(desk.folder / "con" / "quyết định.tif"))

    (record,) = found.records
    assert set(record) >= {"source", "pages", "component_type", "procedure", "fields"}
    assert record["component_type"] == "quyet_dinh"
    number = record["fields"]["number"]
    assert set(number) == {"value", "confidence", "page", "box", "doubtful"}
    assert (number["value"], number["page"], len(number["box"])) == ("120/QĐ-UBND", 1, 4)


def test_reading_what_cannot_be_opened_says_why(desk: Desk) -> None:
    found = desk.run("read", "--format", "json", str(desk.folder / "hỏng.pdf"))

    assert (found.code, found.out) == (1, "")
    assert "không được hỗ trợ" in found.said
    assert "not supported" in found.said


def test_separator_sheets_are_printed(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "to-phan-cach.pdf"

    made = desk.run(
        "separators",
        "--dossier",
        "H99.12.03-260316-0007",
        "--type",
        "giay_khai_sinh",
        "--type",
        "don",
        "-o",
        str(file),
        "--json",
    )

    assert (made.code, made.records) == (0, [{"file": str(file), "sheets": 2}])
    assert file.read_bytes().startswith(b"%PDF-")


def test_accounts_are_made_reset_and_listed(desk: Desk) -> None:
    added = desk.run("accounts", "add", "an.tran", "--role", "operator", "--json")
    taken = desk.run("accounts", "add", "an.tran", "--role", "officer", "--json")
    reset = desk.run("accounts", "reset", "an.tran", "--json")
    token = desk.run("accounts", "token", "dvc", "--json")
    unknown = desk.run("accounts", "reset", "khong.ai", "--json")
    listed = desk.run("accounts", "list", "--json")

    assert [one.code for one in (added, taken, reset, token, unknown)] == [0, 5, 0, 0, 4]
    assert added.records[0]["password"] != reset.records[0]["password"]
    assert token.records[0]["token"].startswith("soh_")
    assert {(one["name"], one["role"]) for one in listed.records} == {
        ("an.tran", "operator"),
        ("dvc", "dossier_system"),
    }


def test_doctor_finds_this_machine_well(desk: Desk) -> None:
    checked = desk.run("doctor", "--json")

    assert [one["name"] for one in checked.records if not one["ok"]] == []
    assert checked.code == 0
    assert all(one["vi"] and one["en"] for one in checked.records)


def test_doctor_says_what_is_wrong_and_what_to_type(desk: Desk, tmp_path: Path) -> None:
    empty = tmp_path / "tessdata"
    empty.mkdir()

    checked = desk.run("doctor", SOHOA_OCR__TESSDATA=str(empty))

    assert checked.code == 2
    assert "LỖI" in checked.said
    assert "apt-get install" in checked.said


def test_document_that_is_filed_cannot_be_confirmed_again(desk: Desk) -> None:
    ended = desk.run("review", desk.filed["id"], "--accept")

    assert ended.code == 5
    assert "trạng thái" in ended.said


def test_home_that_is_served_already_is_told_with_its_address(desk: Desk) -> None:
    desk.office.serve()

    second = desk.run("serve", "--port", "0", "--json")
    beside = desk.run("search", "sua duong", "--json")

    assert (second.code, second.records[0]["url"]) == (0, desk.office.url)
    assert len(beside.records) == 1
