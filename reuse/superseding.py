"""Which papers replace earlier ones of the same owner."""

from collections.abc import Sequence
from datetime import datetime

from documents.identifiers import DocumentId
from reuse.answering import HeldDocument

ONE_AT_A_TIME = frozenset(
    {
        "cccd", "can_cuoc", "gcn_can_cuoc", "ho_chieu", "ct07", "xn_tthn", "gcn_dkdn", "gcn_dkhkd",
        "dieu_le", "gplx", "lltp", "the_bhyt", "gcn_ho_ngheo", "gxn_khuyet_tat", "gksk",
    }
)  # fmt: skip
"""Types of which an owner has one that counts: the newest (domain: class S, or issued anew)."""


def superseded_by(papers: Sequence[HeldDocument]) -> dict[DocumentId, DocumentId]:
    """Return for each paper of one owner that was replaced the one that replaced it.

    Papers of a type that stands one at a time are replaced by the newest of it; any other paper
    by a newer one of the same type and number, which was issued anew. Only confirmed papers
    replace others.
    """
    replaced: dict[DocumentId, DocumentId] = {}
    for paper in papers:
        newer = [one for one in papers if _replaces(one, paper)]
        if newer:
            replaced[paper.document_id] = max(newer, key=_age).document_id
    return replaced


def _replaces(one: HeldDocument, other: HeldDocument) -> bool:
    if one.component_type != other.component_type or not one.is_confirmed:
        return False
    if _age(one) <= _age(other):
        return False
    return one.component_type in ONE_AT_A_TIME or (
        one.number is not None and one.number == other.number and one.issued_on != other.issued_on
    )


def _age(paper: HeldDocument) -> tuple[str, datetime, str]:
    return (paper.issued_on or "", paper.filed_at, paper.document_id)
