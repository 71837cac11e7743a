"""Proposing what a document is: rules on its letterhead, title, cues and codes."""

from collections.abc import Collection, Mapping, Sequence

from classification.body_fields import body_fields, procedure_on
from classification.header_fields import (
    propose_date,
    propose_issuer,
    propose_number,
    propose_title,
)
from classification.page_lines import PageLine, lines_of
from classification.secret_stamp import bears_secret_stamp
from classification.titles import propose_type
from documents.catalogue import ComponentType
from documents.model import ClassifiedDocument, Proposal, RecognizedPage

# ISO/IEC 7810 ID-1 is 85.6 × 54 mm; scans of cards are cropped to somewhat more.
_CARD_LONG_MM, _CARD_SHORT_MM = 100.0, 70.0
_MM_PER_INCH = 25.4


def classify_document(
    pages: Sequence[RecognizedPage],
    *,
    component_types: Mapping[str, ComponentType],
    procedures: Collection[str] = (),
) -> ClassifiedDocument:
    """Return proposals for type, procedure and fields; "not determined" is a proper answer.

    Args:
        pages: the document's pages in order, as they were read.
        component_types: the catalogue, most specific first.
        procedures: codes that are known; another code is not proposed.
    """
    read = [lines_of(page, number) for number, page in enumerate(pages, start=1)]
    if any(bears_secret_stamp(lines) for lines in read):
        return ClassifiedDocument(component_type=None, is_secret=True)
    first = next((lines for lines in read if lines), [])
    if not first:
        return ClassifiedDocument(component_type=None)
    number, found = propose_number(first)
    kind, alternatives = propose_type(
        first,
        component_types,
        notation=found.type_abbreviation if found else None,
        is_card=_is_card(pages[0]),
    )
    everything = [line for lines in read for line in lines]
    head = (
        number,
        propose_date(first, last=read[-1]),
        propose_issuer(first),
        propose_title(
            first, type_line=_line_of(first, kind), has_subject=_has_subject(kind, component_types)
        ),
    )
    procedure = procedure_on(everything)
    if procedure is not None and procedures and procedure.value not in procedures:
        procedure = None
    return ClassifiedDocument(
        component_type=kind,
        alternatives=alternatives,
        procedure=procedure,
        fields=(*(one for one in head if one is not None), *body_fields(everything)),
    )


def _line_of(lines: Sequence[PageLine], kind: Proposal | None) -> PageLine | None:
    """Return the line in which the type was found."""
    if kind is None or kind.box is None:
        return None
    return next(
        (line for line in lines if line.words and line.words[0].box.y0 >= kind.box.y0 - 2
         and line.words[0].box.x0 == kind.box.x0),
        None,
    )  # fmt: skip


def _has_subject(kind: Proposal | None, types: Mapping[str, ComponentType]) -> bool:
    """Say whether papers of this type carry a trích yếu: an unknown one may, a form does not."""
    known = types.get(kind.value) if kind else None
    return known is None or bool(known.notations) or known.id == "cong_van"


def _is_card(page: RecognizedPage) -> bool:
    long_mm = max(page.width, page.height) / page.dpi * _MM_PER_INCH
    short_mm = min(page.width, page.height) / page.dpi * _MM_PER_INCH
    return long_mm <= _CARD_LONG_MM and short_mm <= _CARD_SHORT_MM
