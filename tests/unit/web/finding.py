"""A site with two filed papers of one dossier, and an officer of another area."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from classification.confirming import Decision
from database.accounts import NewAccount, add_account, find_account
from tests.end_to_end.papers import DECISION, write_scan
from tests.end_to_end.stepping import CLERK, deliver, opened_home, run_all, status_of
from tests.unit.web.site import Site
from workers.reviewing import confirm

DOSSIER = "H99.12.03-260316-0007"
OWNER, NAME = "099093000012", "TRẦN VĂN THỬ"
ISSUED = {
    "number": "120/QĐ-UBND",
    "issued_on": "2026-03-16",
    "issuer": "UBND phường Thí Nghiệm",
    "dossier_code": DOSSIER,
}
WHY = "kiểm tra thành phần hồ sơ cấp phép"


@dataclass(frozen=True)
class Papers:
    """A filed decision, and a filed birth certificate of a person of the same dossier."""

    decision: str
    certificate: str


@contextmanager
def finding_site(home: Path) -> Iterator[Site]:
    """Give a site with an officer, an archivist, an operator, and the officer of elsewhere."""
    with opened_home(home) as services:
        made = Site(services)
        made.add_person("an.tran", "officer")
        made.add_person("kho.le", "archivist")
        add_stranger(made)
        yield made
        made.close()


def add_stranger(site: Site) -> None:
    """Add an officer of another area."""
    site.add_person("xa.do", "operator")
    with site.services.database.writing() as connection:
        new = NewAccount(
            name="la.nguyen",
            display_name="Nguyễn Thị Lạ",
            role="officer",
            kind="person",
            secret_hash=secret_of(site),
            area="H77",
        )
        add_account(connection, new, now=site.services.clock.now())


def secret_of(site: Site) -> str:
    with site.services.database.reading() as connection:
        account = find_account(connection, "xa.do")
    assert account is not None
    return account.secret_hash


def file_papers(site: Site, folder: Path) -> Papers:
    """File a decision and a birth certificate that seem to be the same paper."""
    services = site.services
    ids = []
    for name, lines, kind, values in (
        ("a.tif", DECISION, "quyet_dinh", {}),
        ("b.tif", ("Giấy", *DECISION), "giay_khai_sinh", {"owner_id": OWNER, "owner_name": NAME}),
    ):
        batch = deliver(services, write_scan(folder / name, lines), policy="none")
        run_all(services)
        (document,) = status_of(services, batch).documents
        decision = Decision(component_type=kind, values={**ISSUED, **values})
        confirm(services, document.id, decision, actor=CLERK)
        run_all(services)
        ids.append(document.id)
    return Papers(*ids)


def hits(answer: httpx.Response) -> list[str]:
    """Return the documents that a search page names, in order."""
    return re.findall(r'class="title" href="/documents/(doc_\w+)', answer.text)
