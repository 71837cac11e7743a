"""The checklist of one dossier: what is here, held elsewhere, expired, in doubt or missing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from documents.errors import Reason
from documents.identifiers import DocumentId
from reuse.answering import AnswerState, ComponentAnswer, HeldDocument, answer_once_only
from reuse.procedures import Component, Procedure

LineState = Literal[
    "held_here",
    "held_elsewhere",
    "in_progress",
    "doubtful",
    "expired",
    "missing",
    "only_shown",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentOnItsWay:
    """A document of the dossier that is not filed yet; the type is a proposal, if any."""

    document_id: DocumentId
    component_type: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistLine:
    """What there is for one component; `until` is the last day on which it is valid."""

    component: Component
    state: LineState
    reason: Reason
    document_id: DocumentId | None = None
    until: date | None = None


def check_dossier(
    procedure: Procedure,
    *,
    here: Sequence[HeldDocument],
    elsewhere: Sequence[HeldDocument],
    on_the_way: Collection[DocumentOnItsWay],
    today: date,
) -> tuple[ChecklistLine, ...]:
    """Return one line for each component of the procedure.

    Args:
        procedure: with its checklist.
        here: filed documents of the dossier.
        elsewhere: filed documents of the same owner in other dossiers.
        on_the_way: documents of the dossier that are being read or await a review.
        today: the day in Vietnam.
    """
    of_here = answer_once_only(procedure, here, today=today).components
    of_elsewhere = answer_once_only(procedure, elsewhere, today=today).components
    return tuple(
        _line(one, other, on_the_way) for one, other in zip(of_here, of_elsewhere, strict=True)
    )


# A paper that serves one dossier only is right where it is, and useless to another.
_HERE: dict[AnswerState, LineState] = {
    "held_valid": "held_here",
    "held_to_check": "held_here",
    "not_reusable": "held_here",
    "unconfirmed": "doubtful",
    "expired": "expired",
}
_ELSEWHERE: dict[AnswerState, LineState] = {
    "held_valid": "held_elsewhere",
    "held_to_check": "doubtful",
    "unconfirmed": "doubtful",
    "expired": "expired",
}
_ORDER: tuple[LineState, ...] = (
    "held_here", "held_elsewhere", "in_progress", "doubtful", "expired", "missing",
)  # fmt: skip


def _line(
    here: ComponentAnswer, elsewhere: ComponentAnswer, on_the_way: Collection[DocumentOnItsWay]
) -> ChecklistLine:
    component = here.component
    if component.kind != "nop":
        return ChecklistLine(component=component, state="only_shown", reason=here.reason)
    lines = [
        _told(answer, states[answer.state])
        for answer, states in ((here, _HERE), (elsewhere, _ELSEWHERE))
        if answer.state in states
    ]
    lines += [
        ChecklistLine(
            component=component,
            state="in_progress",
            reason=_IN_PROGRESS,
            document_id=one.document_id,
        )
        for one in on_the_way
        if one.component_type in component.accepts
    ]
    lines.append(ChecklistLine(component=component, state="missing", reason=_missing(component)))
    return min(lines, key=lambda line: _ORDER.index(line.state))


def _told(answer: ComponentAnswer, state: LineState) -> ChecklistLine:
    is_plainly_here = state == "held_here" and answer.state == "not_reusable"
    return ChecklistLine(
        component=answer.component,
        state=state,
        reason=_HELD_HERE if is_plainly_here else answer.reason,
        document_id=answer.document.document_id if answer.document else None,
        until=answer.until,
    )


def _missing(component: Component) -> Reason:
    return _MISSING if component.is_required else _MISSING_PERHAPS


_HELD_HERE = Reason(
    code="held_here",
    vi="Đã có trong hồ sơ này.",
    en="It is in this dossier.",
)
_IN_PROGRESS = Reason(
    code="in_progress",
    vi="Đã quét, đang đọc hoặc chờ xác nhận.",
    en="Scanned; it is being read or awaits a review.",
)
_MISSING = Reason(
    code="missing",
    vi="Chưa có; công dân cần nộp.",
    en="Not here; the citizen has to hand it in.",
)
_MISSING_PERHAPS = Reason(
    code="missing_perhaps",
    vi="Chưa có; chỉ cần trong trường hợp ghi ở thủ tục.",
    en="Not here; needed only in the case that the procedure names.",
)
