"""Review: what waits for a person, and one document with what was read lit up."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from classification.confirming import Decision
from classification.errors import InvalidDecisionError
from documents.dates import iso_of_day
from documents.errors import PipelineError
from documents.model import Tag
from web.callers import Caller, CallerOf, ServicesOf
from web.language import language_of, mark
from web.rendering import render
from workers.desk import find_next_of_batch, is_from_desk
from workers.errors import StaleReviewError
from workers.following import DocumentSummary, list_work
from workers.reviewing import Review, confirm, discard, get_review, open_review
from workers.services import Services

router = APIRouter(include_in_schema=False)
_SEE_OTHER = 303
_MOST_WAITING = 200
_CHANGEABLE = frozenset({"reading", "awaiting_review", "set_aside"})
DAYS = frozenset({"issued_on", "valid_until"})
FIELDS = (
    ("number", mark("Số, ký hiệu")),
    ("issued_on", mark("Ngày ban hành")),
    ("issuer", mark("Cơ quan ban hành")),
    ("title", mark("Trích yếu")),
    ("owner_name", mark("Chủ giấy tờ")),
    ("owner_id", mark("Số định danh")),
    ("valid_until", mark("Có giá trị đến")),
    ("dossier_code", mark("Mã hồ sơ")),
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value was read: page of the document, and a box in percent of the page."""

    page: int
    left: float
    top: float
    width: float
    height: float


@router.get("/review", name="review_list")
def review_list(request: Request, services: ServicesOf, caller: CallerOf) -> Response:
    """Show what waits for a person in the caller's area, oldest first."""
    waiting = _waiting(services, caller)
    return render(request, "review/reviews.html", waiting=waiting)


@router.get("/review/{document_id}", name="review_page")
def review_page(
    request: Request, services: ServicesOf, caller: CallerOf, document_id: str
) -> Response:
    """Show a document with its proposals."""
    return _page(request, services, caller, document_id)


@router.post("/review/{document_id}", name="review_confirm")
async def review_confirm(
    request: Request, services: ServicesOf, caller: CallerOf, document_id: str
) -> Response:
    """Confirm a document as the form says, and go on to the next; an error keeps what was typed."""
    form = await request.form()
    return await run_in_threadpool(_confirm, request, services, caller, document_id, form)


def _confirm(
    request: Request, services: Services, caller: Caller, document_id: str, form: FormData
) -> Response:
    decision = _decision(form)
    revision = str(form.get("revision", ""))
    batch_id = get_review(services, document_id).summary.batch_id
    try:
        confirm(
            services,
            document_id,
            decision,
            actor=caller.actor,
            revision=int(revision) if revision.isdigit() else None,
        )
    except (InvalidDecisionError, StaleReviewError) as error:
        return _page(request, services, caller, document_id, decision=_as_typed(form), error=error)
    target = _following(services, caller, batch_id) or f"/documents/{document_id}"
    return RedirectResponse(target, _SEE_OTHER)


def _following(services: Services, caller: Caller, batch_id: str) -> str | None:
    """Return where a person goes on: in the batch, at their desk, with what waits elsewhere."""
    document_id = find_next_of_batch(services, batch_id)
    if document_id is not None:
        return f"/review/{document_id}"
    if is_from_desk(services, batch_id, actor=caller.actor):
        return f"/desk#{batch_id}"
    others = list_work(services, states=("awaiting_review",), limit=1, area=caller.actor.area)
    return f"/review/{others[0].id}" if others else None


def _decision(form: FormData) -> Decision:
    typed = _as_typed(form)
    values = {
        name: iso_of_day(value) if name in DAYS else value for name, value in typed.values.items()
    }
    return replace(typed, values=values)


def _as_typed(form: FormData) -> Decision:
    values = {name: str(form.get(name, "")) for name, _ in FIELDS if name in form}
    return Decision(
        component_type=str(form.get("component_type", "")),
        values=values,
        reason=str(form.get("reason", "")),
    )


@router.post("/review/{document_id}/discard", name="review_discard")
def review_discard(
    services: ServicesOf,
    caller: CallerOf,
    document_id: str,
    reason: Annotated[str, Form(min_length=3, max_length=300)],
) -> Response:
    """Take a document out, with a reason."""
    discard(services, document_id, reason=reason, actor=caller.actor)
    return RedirectResponse("/review", _SEE_OTHER)


def _page(
    request: Request,
    services: Services,
    caller: Caller,
    document_id: str,
    *,
    decision: Decision | None = None,
    error: PipelineError | None = None,
) -> Response:
    review = open_review(services, document_id, actor=caller.actor)
    tags = {tag.name: tag for tag in review.tags}
    english = language_of(request) == "en"
    names = {
        one.id: one.name_en if english else one.name_vi for one in services.component_types.values()
    }
    pages = [page for page in review.pages if page.role not in ("separator", "dropped")]
    waiting = _waiting(services, caller)
    return render(
        request,
        "review/review.html",
        status=422 if error else 200,
        review=review,
        pages=pages,
        dropped=[page for page in review.pages if page.role == "dropped"],
        tags=tags,
        fields=FIELDS,
        days=DAYS,
        typed=decision,
        error=_FieldError(error) if error else None,
        places={name: place for name, tag in tags.items() if (place := _place(tag, review))},
        types=list(names.items()),
        type_names=names,
        needs_reason=review.needs_reason,
        can_change=review.summary.state in _CHANGEABLE,
        can_confirm=review.summary.state == "awaiting_review",
        neighbours=[
            one
            for one in waiting
            if one.batch_id == review.summary.batch_id and one.id != document_id
        ],
        waiting=_neighbours(waiting, document_id),
    )


def _waiting(services: Services, caller: Caller) -> list[DocumentSummary]:
    return list_work(
        services, states=("awaiting_review",), limit=_MOST_WAITING, area=caller.actor.area
    )


class _FieldError:
    """An error as the template shows it; `field` is the field that it is about, if any."""

    def __init__(self, error: PipelineError) -> None:
        self.reason = error.reason
        self.field = error.field if isinstance(error, InvalidDecisionError) else ""


def _place(tag: Tag, review: Review) -> Place | None:
    content = [page for page in review.pages if page.role == "content"]
    if tag.box is None or tag.page is None or tag.page > len(content):
        return None
    page = content[tag.page - 1]
    box = tag.box
    return Place(
        page=page.ordinal,
        left=round(100 * box.x0 / page.width, 2),
        top=round(100 * box.y0 / page.height, 2),
        width=round(100 * (box.x1 - box.x0) / page.width, 2),
        height=round(100 * (box.y1 - box.y0) / page.height, 2),
    )


def _neighbours(waiting: Sequence[DocumentSummary], document_id: str) -> dict[str, object]:
    """Return the ids before and after a document in the list, and how many wait."""
    ids = [one.id for one in waiting]
    found: dict[str, object] = {"count": len(ids)}
    if document_id not in ids:
        return found
    place = ids.index(document_id)
    if place > 0:
        found["previous"] = ids[place - 1]
    if place + 1 < len(ids):
        found["next"] = ids[place + 1]
    return found
