"""From proposals to tags: a person decides, or a policy that a person answers for."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from classification.errors import InvalidDecisionError
from documents.catalogue import OTHER, load_component_types
from documents.codes import is_dossier_code, parse_personal_id
from documents.dates import is_partial_date
from documents.folding import to_nfc
from documents.model import ClassifiedDocument, Proposal, Tag

_SURE = 0.9
_LONGEST_VALUE = 500
_MUST_BE_SURE = ("number", "issued_on")
CONFIRM_REASON = "confirm_reason"
"""The tag that keeps why a document was confirmed in spite of a finding."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided: the type, and values by field name; an empty value clears a field.

    Fields that are not named are accepted as they were proposed. `reason` says why something that
    a finding questions (low resolution) is taken all the same.
    """

    component_type: str
    values: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


def propose_tags(classified: ClassifiedDocument) -> tuple[Tag, ...]:
    """Return each proposal as a tag in the state *đề xuất*."""
    proposals = (classified.component_type, classified.procedure, *classified.fields)
    return tuple(_proposed(one) for one in proposals if one is not None)


def _proposed(proposal: Proposal) -> Tag:
    return Tag(
        name=proposal.name,
        value=proposal.value,
        state="proposed",
        confidence=proposal.confidence,
        page=proposal.page,
        box=proposal.box,
        doubtful=proposal.doubtful,
        proposed_value=proposal.value,
    )


def confirm_tags(
    tags: Sequence[Tag], *, decision: Decision, by: str, at: datetime
) -> tuple[Tag, ...]:
    """Return the tags as a person decided on them, all *đã xác nhận*.

    Raises:
        InvalidDecisionError: a value is not what it should be.
    """
    values = {name: to_nfc(value).strip() for name, value in decision.values.items()}
    if "owner_id" in values:
        # One form for each number: papers of a person are found by comparing it as a whole.
        values["owner_id"] = re.sub(r"[\s.]", "", values["owner_id"])
    _check(decision.component_type, values)
    values["component_type"] = decision.component_type
    values.pop(CONFIRM_REASON, None)
    if reason := to_nfc(decision.reason).strip():
        _check_length("reason", reason)
        values[CONFIRM_REASON] = reason
    by_name = {tag.name: tag for tag in tags}
    for name in values:
        by_name.setdefault(name, Tag(name=name, value=None, state="proposed"))
    confirmed = []
    for name, tag in by_name.items():
        value = values.get(name, tag.value or "")
        if not value and tag.proposed_value is None:
            continue
        confirmed.append(_confirmed(tag, value or None, by=by, at=at))
    return tuple(confirmed)


def confirm_by_policy(
    tags: Sequence[Tag], *, policy: Literal["sure", "backfile"], by: str, at: datetime
) -> tuple[Tag, ...] | None:
    """Return the tags as a policy decides; None where it leaves the document to a person.

    `sure` takes a document whose type is beyond doubt and whose number and date are, where they
    were read; `backfile` takes all, an unknown type as `khac`. Doubtful values stay proposed.
    """
    kind = next((tag for tag in tags if tag.name == "component_type"), None)
    if policy == "sure":
        is_unsure = kind is None or kind.doubtful or kind.confidence < _SURE
        if is_unsure or any(tag.doubtful for tag in tags if tag.name in _MUST_BE_SURE):
            return None
    who = f"policy:{policy} ({by})"
    others = [tag for tag in tags if tag.name != "component_type"]
    if kind is None:
        kind = Tag(name="component_type", value=OTHER, state="proposed")
    first = _confirmed(kind, kind.value or OTHER, by=who, at=at)
    return (
        replace(first, doubtful=kind.doubtful),
        *(tag if tag.doubtful else _confirmed(tag, tag.value, by=who, at=at) for tag in others),
    )


def _confirmed(tag: Tag, value: str | None, *, by: str, at: datetime) -> Tag:
    is_same = value == tag.value
    return replace(
        tag,
        value=value,
        state="confirmed",
        doubtful=False,
        page=tag.page if is_same else None,
        box=tag.box if is_same else None,
        decided_by=by,
        decided_at=at,
    )


def _check(component_type: str, values: Mapping[str, str]) -> None:
    if component_type not in load_component_types():
        raise InvalidDecisionError(
            "component_type",
            vi=f"Không có loại giấy tờ “{component_type}”. Chọn trong danh sách.",
            en=f"There is no component type “{component_type}”. Choose from the list.",
        )
    for name, value in values.items():
        if value and name in _CHECKS and not _CHECKS[name][0](value):
            vi, en = _CHECKS[name][1:]
            raise InvalidDecisionError(name, vi=vi, en=en)
        _check_length(name, value)


def _check_length(name: str, value: str) -> None:
    if len(value) > _LONGEST_VALUE:
        raise InvalidDecisionError(
            name,
            vi=f"Giá trị dài quá {_LONGEST_VALUE} ký tự.",
            en=f"The value is longer than {_LONGEST_VALUE} characters.",
        )


_DATE_HELP = (
    "Ngày phải có dạng năm-tháng-ngày, ví dụ 2025-02-18; có thể chỉ ghi 2025-02 hoặc 2025.",
    "A date looks like 2025-02-18; 2025-02 or 2025 will do where the day is not known.",
)
_CHECKS: dict[str, tuple[Callable[[str], bool], str, str]] = {
    "issued_on": (is_partial_date, *_DATE_HELP),
    "valid_until": (is_partial_date, *_DATE_HELP),
    "owner_id": (
        lambda value: parse_personal_id(value) is not None or value.replace("-", "").isdigit(),
        "Số định danh gồm 12 chữ số; mã số doanh nghiệp gồm 10 hoặc 13 chữ số.",
        "A personal number has 12 digits, an enterprise number 10 or 13.",
    ),
    "dossier_code": (
        is_dossier_code,
        "Mã hồ sơ có dạng H05.01.02-251103-0012.",
        "A dossier code looks like H05.01.02-251103-0012.",
    ),
}
