"""The once-only answer: for each component of a procedure, what is held and is it valid today?

Reuse is an obligation (NĐ 118/2025 Điều 4.2a as amended; NĐ 224/2026 Điều 18.4); an officer
confirms it. Validity classes are those of the component types.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from documents.catalogue import ComponentType, load_component_types
from documents.dates import add_months, earliest_day, latest_day
from documents.errors import Reason
from documents.identifiers import DocumentId
from reuse.procedures import Component, Procedure

AnswerState = Literal[
    "held_valid",
    "held_to_check",
    "expired",
    "not_reusable",
    "unconfirmed",
    "only_shown",
    "not_held",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldDocument:
    """A filed document of the owner; dates are "YYYY[-MM[-DD]]"."""

    document_id: DocumentId
    component_type: str
    issued_on: str | None
    valid_until: str | None
    number: str | None
    issuer: str | None
    filed_at: datetime
    is_confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentAnswer:
    """What is held for one component; `until` is the last day on which it is valid."""

    component: Component
    state: AnswerState
    reason: Reason
    document: HeldDocument | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer for one owner and one procedure, on one day."""

    procedure: Procedure
    components: tuple[ComponentAnswer, ...]
    today: date


_ORDER: tuple[AnswerState, ...] = (
    "held_valid", "held_to_check", "unconfirmed", "expired", "not_reusable", "only_shown",
    "not_held",
)  # fmt: skip


def answer_once_only(procedure: Procedure, held: Sequence[HeldDocument], *, today: date) -> Answer:
    """Return for each component the best that is held.

    Args:
        procedure: with its checklist.
        held: the owner's filed documents.
        today: the day in Vietnam.
    """
    types = load_component_types()
    return Answer(
        procedure=procedure,
        components=tuple(_answer(one, held, types, today) for one in procedure.components),
        today=today,
    )


def judge_by_type(document: HeldDocument, *, today: date) -> ComponentAnswer:
    """Judge a document by the validity of its type alone, without the demands of a procedure."""
    kind = load_component_types()[document.component_type]
    alone = Component(
        id=kind.id,
        name_vi=kind.name_vi,
        name_en=kind.name_en,
        accepts=(kind.id,),
        kind="nop",
        is_required=False,
        max_age_months=None,
        condition=None,
    )
    return _judge(alone, document, kind, today)


def _answer(
    component: Component,
    held: Sequence[HeldDocument],
    types: Mapping[str, ComponentType],
    today: date,
) -> ComponentAnswer:
    if component.kind != "nop":
        return ComponentAnswer(component=component, state="only_shown", reason=_ONLY_SHOWN)
    candidates = [one for one in held if one.component_type in component.accepts]
    judged = [_judge(component, one, types[one.component_type], today) for one in candidates]
    if not judged:
        return ComponentAnswer(component=component, state="not_held", reason=_NOT_HELD)
    newest_first = sorted(judged, key=_age, reverse=True)
    return min(newest_first, key=lambda one: _ORDER.index(one.state))


def _age(one: ComponentAnswer) -> tuple[str, datetime]:
    assert one.document is not None, one.state  # noqa: S101 - judged answers have one
    return (one.document.issued_on or "", one.document.filed_at)


def _judge(
    component: Component, document: HeldDocument, kind: ComponentType, today: date
) -> ComponentAnswer:
    """Judge one document for one component: the stricter of type and slot holds."""

    def say(state: AnswerState, reason: Reason, until: date | None = None) -> ComponentAnswer:
        return ComponentAnswer(
            component=component, state=state, reason=reason, document=document, until=until
        )

    if not document.is_confirmed:
        return say("unconfirmed", _UNCONFIRMED)
    if kind.validity_class in _NEVER_REUSED:
        return say(*_NEVER_REUSED[kind.validity_class])
    limits = _last_days(component, document, kind)
    if limits is None:
        return say("held_to_check", _NO_DATE)
    until = min(limits, default=None)
    if until is not None and today > until:
        return say("expired", _expired(until), until)
    if kind.validity_class == "S":
        return say("held_to_check", _CHECK_SOURCE, until)
    return say("held_valid", _valid(until), until)


def _last_days(
    component: Component, document: HeldDocument, kind: ComponentType
) -> list[date] | None:
    """Return the last days that the rules give; None where a date that they need is missing."""
    limits: list[date] = []
    printed = latest_day(document.valid_until) if document.valid_until else None
    if printed is not None:
        limits.append(printed)
    elif kind.validity_class == "F":
        return None
    months = [m for m in (kind.validity_months, component.max_age_months) if m is not None]
    if months:
        issued = earliest_day(document.issued_on) if document.issued_on else None
        if issued is None:
            return None
        limits.append(add_months(issued, min(months)))
    return limits


def _expired(until: date) -> Reason:
    return Reason(
        code="expired",
        vi=f"Đã hết hạn sử dụng ngày {until:%d/%m/%Y}; cần nộp giấy mới.",
        en=f"Expired on {until.isoformat()}; a new paper is needed.",
    )


def _valid(until: date | None) -> Reason:
    if until is None:
        return Reason(
            code="held_valid",
            vi="Đang lưu giữ, không thời hạn; công dân không phải nộp lại.",
            en="Held, without expiry; the citizen need not hand it in again.",
        )
    return Reason(
        code="held_valid",
        vi=f"Đang lưu giữ, còn giá trị đến hết ngày {until:%d/%m/%Y}; công dân không phải nộp lại.",
        en=f"Held and valid through {until.isoformat()}; the citizen need not hand it in again.",
    )


_ONLY_SHOWN = Reason(
    code="only_shown",
    vi="Chỉ xuất trình để đối chiếu, không nộp và không số hóa (TT 01/2023/TT-VPCP Điều 4).",
    en="Only to be shown; neither handed in nor digitized.",
)
_NOT_HELD = Reason(
    code="not_held",
    vi="Chưa lưu giữ; công dân cần nộp, trừ khi tra cứu được từ cơ sở dữ liệu khác.",
    en="Not held; the citizen has to hand it in unless another database answers.",
)
_UNCONFIRMED = Reason(
    code="unconfirmed",
    vi="Có tài liệu nhưng loại giấy tờ chưa được xác nhận; cần cán bộ xem lại.",
    en="There is a document, but nobody has confirmed what it is; an officer has to look.",
)
_ONE_DOSSIER = Reason(
    code="one_dossier",
    vi="Giấy tờ này chỉ dùng cho một hồ sơ, không dùng lại.",
    en="This paper belongs to one dossier and is not reused.",
)
_NO_DATE = Reason(
    code="date_missing",
    vi="Đang lưu giữ nhưng chưa rõ ngày cấp hoặc thời hạn; cần kiểm tra trước khi dùng lại.",
    en="Held, but its date of issue or expiry is not known; check before it is reused.",
)
_CHECK_SOURCE = Reason(
    code="check_source",
    vi="Đang lưu giữ; nội dung có thể đã thay đổi, cần tra cứu cơ sở dữ liệu gốc trước khi dùng.",
    en="Held; its content may have changed: look it up at its source before it is used.",
)
_NEVER_REUSED: dict[str, tuple[AnswerState, Reason]] = {
    "X": ("only_shown", _ONLY_SHOWN),
    "D": ("not_reusable", _ONE_DOSSIER),
}
