"""Cuts a batch into documents; every page lands in exactly one place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from documents.errors import Reason
from documents.identifiers import PageId
from documents.model import Finding, Separator
from ingest.errors import EmptyBatchError


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitPage:
    """What splitting needs to know of a page, in the order of the batch.

    `starts_new_file` is true for the first page of each delivered file.
    """

    id: PageId
    is_blank: bool
    separator: Separator | None
    starts_new_file: bool
    is_signed_file: bool

    @property
    def is_sheet(self) -> bool:
        """A separator sheet; nothing inside a signed file is one."""
        return self.separator is not None and not self.is_signed_file

    @property
    def is_content(self) -> bool:
        """Part of a document's text; of a signed file every page is."""
        return self.is_signed_file or (self.separator is None and not self.is_blank)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDraft:
    """Pages that belong together.

    `page_ids` are the pages with content, in order; `dropped` are blank pages that stay with the
    document unseen; `separators` are sheets. `all_page_ids` has all of these in the order of the
    batch. `separator` is what the sheet before the first page said.
    """

    page_ids: tuple[PageId, ...]
    separator: Separator | None = None
    expected_pages: int | None = None
    findings: tuple[Finding, ...] = ()
    dropped: tuple[PageId, ...] = ()
    separators: tuple[PageId, ...] = ()
    all_page_ids: tuple[PageId, ...] = ()


_Part = list[SplitPage]


def split_batch(pages: Sequence[SplitPage]) -> list[DocumentDraft]:
    """Return the documents of a batch, in order.

    A signed file is a document by itself. Where there are separator sheets, they alone cut the
    rest: a new delivered file does not. Without any, each delivered file of several pages is a
    document, and neighbouring files of one page form one document. A sheet announces what
    follows it, also a signed file; blank pages stay with the document before them, or the first
    one. A last sheet that announces nothing is shown to a person.

    Raises:
        EmptyBatchError: there is no page with content.
    """
    if not any(page.is_content for page in pages):
        raise EmptyBatchError
    return [_draft_of(part) for part in _joined_to_content(_cut(pages))]


def _cut(pages: Sequence[SplitPage]) -> list[_Part]:
    """Cut at every sheet, at signed files, and at files where there are no sheets."""
    has_sheets = any(page.is_sheet for page in pages)
    parts: list[_Part] = []
    is_apart = False
    for file in _files(pages):
        was_apart = is_apart
        is_apart = file[0].is_signed_file or (not has_sheets and len(file) > 1)
        for index, page in enumerate(file):
            is_border = index == 0 and (is_apart or was_apart)
            if not parts or page.is_sheet or is_border:
                parts.append([])
            parts[-1].append(page)
    return parts


def _files(pages: Sequence[SplitPage]) -> list[_Part]:
    files: list[_Part] = []
    for page in pages:
        if page.starts_new_file or not files:
            files.append([])
        files[-1].append(page)
    return files


def _joined_to_content(parts: list[_Part]) -> list[_Part]:
    """Join parts without content: sheets to what follows, blank pages to what came before."""
    documents: list[_Part] = []
    waiting: _Part = []
    for part in parts:
        if any(page.is_content for page in part):
            documents.append(waiting + part)
            waiting = []
        elif documents and not waiting and not part[0].is_sheet:
            documents[-1] += part
        else:
            waiting += part
    documents[-1] += waiting
    return documents


def _draft_of(part: _Part) -> DocumentDraft:
    before = list(takewhile(lambda page: not page.is_content, part))
    announced = [page.separator for page in before if page.is_sheet and page.separator]
    separator = nearest_sheet(announced)
    content = tuple(page.id for page in part if page.is_content)
    dropped = tuple(page.id for page in part if not page.is_content and not page.is_sheet)
    expected = separator.expected_pages if separator else None
    findings: list[Finding] = []
    if len(set(announced)) > 1:
        findings.append(_contradiction())
    # A blank back may have been counted when the sheet was printed, or not.
    if expected is not None and not len(content) <= expected <= len(content) + len(dropped):
        findings.append(_count_differs(expected=expected, found=len(content)))
    if any(page.is_sheet for page in part[len(before) :]):
        findings.append(_sheet_without_pages())
    return DocumentDraft(
        page_ids=content,
        separator=separator,
        expected_pages=expected,
        findings=tuple(findings),
        dropped=dropped,
        separators=tuple(page.id for page in part if page.is_sheet),
        all_page_ids=tuple(page.id for page in part),
    )


def nearest_sheet(announced: Iterable[Separator]) -> Separator | None:
    """Return the sheet nearest to the document, one of ours before a bare patch T."""
    ranked = sorted(announced, key=lambda separator: separator.kind == "sohoa")
    return ranked[-1] if ranked else None


def _count_differs(*, expected: int, found: int) -> Finding:
    reason = Reason(
        code="page_count_differs",
        vi=f"Tờ phân cách ghi {expected} trang nhưng quét được {found} trang. "
        "Đếm lại giấy, quét bổ sung hoặc xác nhận số trang.",
        en=f"The separator sheet announces {expected} pages, but {found} were scanned. "
        "Count the paper again, scan what is missing, or confirm the number.",
    )
    return Finding(reason=reason, severity="problem", value=float(found))


def _contradiction() -> Finding:
    reason = Reason(
        code="separators_differ",
        vi="Trước tài liệu này có nhiều tờ phân cách khác nhau; đã dùng tờ gần nhất. "
        "Kiểm tra có thiếu tài liệu giữa các tờ phân cách không.",
        en="Several different separator sheets precede this document; the nearest one counts. "
        "Check that no document is missing between them.",
    )
    return Finding(reason=reason, severity="problem")


def _sheet_without_pages() -> Finding:
    reason = Reason(
        code="separator_without_pages",
        vi="Tờ phân cách cuối lô không có trang nào theo sau. Kiểm tra còn giấy chưa quét không.",
        en="No page follows the last separator sheet of the batch. "
        "Check that all the paper was scanned.",
    )
    return Finding(reason=reason, severity="warning")
