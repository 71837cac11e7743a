"""The way of a page, whole, in one process: what is filed is signed, locked and findable."""

import shutil
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytest
from sqlalchemy import select

from database.audit import find_broken_link, list_audit
from database.batches import list_batches
from database.tables import stage_runs
from documents.identifiers import sha256_of_bytes, sha256_of_file
from search.search_index import SearchQuery
from tests.end_to_end.conftest import PROJECT
from tests.end_to_end.papers import write_born_digital_pdf
from tests.end_to_end.stepping import CLERK, deliver, opened_home
from workers.delivering import Followed, follow
from workers.following import BatchStatus, DocumentSummary
from workers.reindexing import rebuild_index
from workers.retrieving import DocumentView, open_version, show_document, verify_document
from workers.services import Services

pytestmark = pytest.mark.xdist_group("pipeline")
SAMPLES = PROJECT / "samples" / "batches"
SCANNED = ("1-khai-sinh/001.jpg", "1-khai-sinh/002.jpg")
DOSSIER = "H99.12.03-260316-0007"


@dataclass(frozen=True)
class Filed:
    """A home in which three deliveries went the whole way."""

    services: Services
    folder: Path
    batches: tuple[BatchStatus, ...]

    @property
    def scanned(self) -> DocumentSummary:
        """A paper behind a separator sheet."""
        return self.batches[0].documents[0]

    @property
    def signed(self) -> DocumentSummary:
        """A PDF that arrived signed."""
        return self.batches[1].documents[0]

    @property
    def born_digital(self) -> DocumentSummary:
        """A PDF that no paper stands behind."""
        return self.batches[2].documents[0]

    def deliver(self) -> list[Followed]:
        """Deliver everything; a second time it is known."""
        return [
            deliver(self.services, *(self.folder / Path(name).name for name in SCANNED)),
            deliver(self.services, self.folder / "da-ky.pdf"),
            deliver(self.services, self.folder / "van-ban.pdf"),
        ]

    def bytes_of(self, document: DocumentSummary) -> bytes:
        """Return the stored bytes of the current version."""
        _, stream = open_version(self.services, document.id, actor=CLERK)
        with stream:
            return stream.read()

    def view(self, document: DocumentSummary) -> DocumentView:
        """Return everything that is known of a document."""
        return show_document(self.services, document.id, actor=CLERK)


@pytest.fixture(scope="module")
def filed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filed]:
    folder = tmp_path_factory.mktemp("deliveries")
    for name in SCANNED:
        shutil.copy(SAMPLES / name, folder)
    (signed,) = (SAMPLES / "2-giay-phep-xay-dung").glob("002-*.pdf")
    shutil.copy(signed, folder / "da-ky.pdf")
    write_born_digital_pdf(folder / "van-ban.pdf")
    with opened_home(tmp_path_factory.mktemp("home")) as services:
        followed = Filed(services, folder, ()).deliver()
        yield Filed(services, folder, tuple(follow(services, followed)))


def folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def test_every_delivery_ends_filed(filed: Filed) -> None:
    states = [[one.state for one in batch.documents] for batch in filed.batches]

    assert states == [["filed"], ["filed"], ["filed"]]
    assert all(batch.is_settled for batch in filed.batches)


def test_scanned_paper_is_stored_as_pdfa_with_two_valid_signatures(filed: Filed) -> None:
    view = filed.view(filed.scanned)

    assert view.pdfa is not None
    assert (view.pdfa.claim, view.pdfa.passed) == ("PDF/A-2u", True)
    assert [(one.field_name, one.conclusion) for one in view.signatures] == [
        ("SoHoa_CaNhan", "valid"),
        ("SoHoa_CoQuan", "valid"),
    ]
    assert all(one.timestamped_at is not None for one in view.signatures)


def test_stored_file_holds_when_it_is_judged_anew(filed: Filed) -> None:
    found = verify_document(filed.services, filed.scanned.id, actor=CLERK)

    assert found.ok
    assert found.sha256 == filed.scanned.sha256
    assert found.pdfa is not None
    assert found.pdfa.passed
    assert [one.conclusion for one in found.signatures] == ["valid", "valid"]


def test_object_in_the_store_equals_the_digest(filed: Filed) -> None:
    for document in (filed.scanned, filed.signed, filed.born_digital):
        assert document.location is not None
        assert sha256_of_file(Path(document.location)) == document.sha256
        assert sha256_of_bytes(filed.bytes_of(document)) == document.sha256


def test_every_version_lies_in_the_store_with_its_manifest(filed: Filed) -> None:
    for document in (filed.scanned, filed.signed, filed.born_digital):
        for version in filed.view(document).versions:
            state = filed.services.storage.state(version.object_key)
            manifest = version.object_key.rsplit(".", 1)[0] + ".manifest.json"

            assert (version.state, state.sha256) == ("stored", version.sha256)
            assert filed.services.storage.state(manifest).size_bytes > 0


def test_words_lie_under_the_picture(filed: Filed) -> None:
    with pypdfium2.PdfDocument(filed.bytes_of(filed.scanned)) as pdf:
        page = pdf[0]
        text = page.get_textpage()
        words = text.get_text_bounded()
        text.close()
        page.close()

    assert "trần văn thử" in folded(words)


def test_separator_sheet_says_type_and_dossier_and_is_no_page(filed: Filed) -> None:
    view = filed.view(filed.scanned)

    assert (view.summary.component_type, view.summary.dossier_code) == ("giay_tiep_nhan", DOSSIER)
    assert view.page_count == 1


def test_paper_is_found_without_marks(filed: Filed) -> None:
    for text in ("tran van thu", "TRẦN VĂN THỬ", '"tiep nhan ho so"'):
        hits = filed.services.index.search(SearchQuery(text=text)).hits

        assert filed.scanned.id in {hit.id for hit in hits}


def test_index_is_rebuilt_from_the_catalogue(filed: Filed) -> None:
    count = rebuild_index(filed.services)

    hits = filed.services.index.search(SearchQuery(text="tran van thu")).hits
    assert count == 3
    assert filed.scanned.id in {hit.id for hit in hits}


def test_signed_pdf_keeps_its_bytes_and_its_verdict_is_stored(filed: Filed) -> None:
    view = filed.view(filed.signed)

    assert filed.bytes_of(filed.signed) == (filed.folder / "da-ky.pdf").read_bytes()
    assert [version.kind for version in view.versions] == ["received"]
    assert view.signatures
    assert all(one.conclusion in ("valid", "undetermined") for one in view.signatures)
    assert all(one.reasons[0].vi for one in view.signatures)


def test_born_digital_pdf_is_kept_as_received_beside_its_signed_version(filed: Filed) -> None:
    view = filed.view(filed.born_digital)
    kinds = {version.kind: version for version in view.versions}
    received = sha256_of_file(filed.folder / "van-ban.pdf")

    assert set(kinds) == {"received", "signed"}
    assert kinds["received"].sha256 == received
    assert filed.born_digital.sha256 == kinds["signed"].sha256
    assert [one.conclusion for one in view.signatures] == ["valid", "valid"]
    assert "sua duong Vi Du" in view.text_pages[0]


def test_pdfa_is_made_before_it_is_signed_and_signed_before_it_is_stored(filed: Filed) -> None:
    query = (
        select(stage_runs.c.stage)
        .where(stage_runs.c.subject == filed.scanned.id)
        .order_by(stage_runs.c.finished_at)
    )
    with filed.services.database.reading() as connection:
        stages = list(connection.execute(query).scalars())

    assert stages == ["classify", "assemble", "sign", "archive", "record", "index"]


def test_working_copies_are_gone_once_all_is_filed(filed: Filed) -> None:
    left = [path for path in filed.services.work.root.rglob("*") if path.is_file()]

    assert left == []


def test_audit_log_tells_the_way_and_is_whole(filed: Filed) -> None:
    rows = list_audit(filed.services.database, document=filed.scanned.id)
    actions = [row["action"] for row in reversed(rows)]

    assert actions[:2] == ["confirmed_by_policy", "document_filed"]
    assert {row["actor"] for row in rows if row["action"] == "confirmed_by_policy"} == {"an.tran"}
    assert {row["dossier"] for row in rows} == {DOSSIER}
    assert find_broken_link(filed.services.database) is None


def test_reading_a_document_is_written_down_with_its_purpose(filed: Filed) -> None:
    show_document(filed.services, filed.scanned.id, actor=CLERK, purpose="cấp lại")

    newest = list_audit(filed.services.database, document=filed.scanned.id)[0]
    assert (newest["action"], newest["actor"], newest["role"], newest["purpose"]) == (
        "document_shown",
        "an.tran",
        "operator",
        "cấp lại",
    )
    assert newest["digest"] == filed.scanned.sha256


def test_delivering_the_same_again_is_a_repeat(filed: Filed) -> None:
    again = filed.deliver()

    statuses = list(follow(filed.services, again))
    with filed.services.database.reading() as connection:
        batches = list_batches(connection)
    assert all(receipt.is_repeated for one in again for receipt in one.receipts)
    assert len(batches) == 3
    assert [one.documents[0].sha256 for one in statuses] == [
        one.documents[0].sha256 for one in filed.batches
    ]
