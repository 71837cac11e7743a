"""Telling that a paper bears no red seal though papers of its type do."""

from collections.abc import Sequence
from dataclasses import replace

from database.connecting import Transaction
from database.pages import get_page
from documents.catalogue import load_component_types
from documents.errors import Reason
from documents.model import ClassifiedDocument, Finding, PageImage, Tag
from workers.work_folder import WorkFolder

MISSING = "missing_seal"


def colour_scans(
    connection: Transaction, page_ids: Sequence[str], *, work: WorkFolder
) -> tuple[PageImage, ...]:
    """Return the images on which a red seal would show, in order; none if only part would.

    A page that was born digital bears signatures instead; a grey one shows no red; what lies in
    the archive already is not fetched for this.
    """
    pages = [get_page(connection, page_id) for page_id in page_ids]
    if any(page.origin != "scan" or page.image.mode != "colour" for page in pages):
        return ()
    images = tuple(replace(page.image, file=work.absolute(page.image.file)) for page in pages)
    return images if all(image.file.exists() for image in images) else ()


def about_seal(
    findings: Sequence[Finding], classified: ClassifiedDocument, tags: Sequence[Tag]
) -> tuple[Finding, ...]:
    """Return a document's findings with, or without, the one about its seal."""
    others = tuple(one for one in findings if one.reason.code != MISSING)
    kind = next((tag.value for tag in tags if tag.name == "component_type"), None)
    known = load_component_types().get(kind or "")
    if known is None or not known.bears_seal or classified.has_seal is not False:
        return others
    return (*others, _missing_seal(known.name_vi, known.name_en))


def _missing_seal(name_vi: str, name_en: str) -> Finding:
    reason = Reason(
        code=MISSING,
        vi=f"Không thấy dấu đỏ trên giấy tờ loại “{name_vi}”. Kiểm tra có phải bản chụp, hoặc "
        "thiếu trang có dấu; nếu đúng là bản này thì xác nhận.",
        en=f"No red seal was found on this paper of the type “{name_en}”. Check whether it is a "
        "copy, or whether the page with the seal is missing; confirm if this is the paper.",
    )
    return Finding(reason=reason, severity="warning")
