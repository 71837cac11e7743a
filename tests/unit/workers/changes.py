"""One change of each kind, made to a batch of two documents."""

from collections.abc import Callable

from tests.unit.workers.under_review import AN, Paper
from workers.page_changes import (
    drop_page,
    merge_documents,
    move_pages,
    reorder_pages,
    rotate_page,
    split_document,
)
from workers.services import Services

Change = Callable[[Services, Paper], object]


CHANGES: dict[str, Change] = {
    "rotate": lambda services, paper: rotate_page(services, paper.pages[0][0], by=90, actor=AN),
    "reorder": lambda services, paper: reorder_pages(
        services, paper.documents[0], paper.pages[0][::-1], actor=AN
    ),
    "drop": lambda services, paper: drop_page(services, paper.pages[0][0], actor=AN),
    "move": lambda services, paper: move_pages(
        services, paper.pages[0][:1], to_document=paper.documents[1], actor=AN
    ),
    "move all": lambda services, paper: move_pages(
        services, paper.pages[0], to_document=paper.documents[1], position=1, actor=AN
    ),
    "split": lambda services, paper: split_document(
        services, paper.documents[0], before_page=paper.pages[0][1], actor=AN
    ),
    "merge": lambda services, paper: merge_documents(
        services, into=paper.documents[1], other=paper.documents[0], actor=AN
    ),
}
