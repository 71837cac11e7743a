"""Telling of pages that were scanned twice, in whatever order two children looked at them."""

from database.connecting import Transaction
from database.pages import PageRow, get_page, neighbours_of, set_page_findings
from ingest.doubled import DOUBLED, doubled_page, is_alike


def tell_doubled(connection: Transaction, page_id: str) -> None:
    """Tell of a page, and of the one after it, that it looks like the page before.

    Pages are looked at side by side: when one is done, the page before it may not be yet. So
    whichever of two is done last compares, in the transaction of its result.
    """
    page = get_page(connection, page_id)
    before, after = neighbours_of(connection, page)
    for first, second in ((before, page), (page, after)):
        if first is not None and second is not None and _needs_word(first, second):
            set_page_findings(connection, second.id, (*second.findings, doubled_page()))


def _needs_word(first: PageRow, second: PageRow) -> bool:
    is_told = any(one.reason.code == DOUBLED for one in second.findings)
    is_sheet = second.separator is not None
    return not is_told and not is_sheet and is_alike(second.fingerprint, first.fingerprint)
