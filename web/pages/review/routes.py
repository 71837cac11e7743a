"""Review: what waits for a person, and one document with what was read lit up."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from classification.confirming import Decision
from classification.errors import InvalidDecisionError
from documents.model import Tag
from web.callers import CallerOf, ServicesOf
from web.language import mark
from web.rendering import render
from workers.following import list_work
from workers.reviewing import Review, confirm, discard, get_review
from workers.services import Services

router = APIRouter(include_in_schema=False)
_SEE_OTHER = 303
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
def review_list(request: Request, services: ServicesOf) -> Response:
    """Show what waits for a person, oldest first."""
    waiting = list_work(services, states=("awaiting_review",), limit=100)
    return render(request, "review/reviews.html", waiting=waiting)


@router.get("/review/{document_id}", name="review_page")
def review_page(request: Request, services: ServicesOf, document_id: str) -> Response:
    """Show a document with its proposals."""
    return _page(request, services, document_id)


@router.post("/review/{document_id}", name="review_confirm")
async def review_confirm(
    request: Request, services: ServicesOf, caller: CallerOf, document_id: str
) -> Response:
    """Confirm a document as the form says, and go on to the next."""
    form = await request.form()
    values = {name: str(form.get(name, "")) for name, _ in FIELDS if name in form}
    decision = Decision(component_type=str(form.get("component_type", "")), values=values)
    revision = str(form.get("revision", ""))
    try:
        confirm(
            services,
            document_id,
            decision,
            actor=caller.actor,
            revision=int(revision) if revision.isdigit() else None,
        )
    except InvalidDecisionError as error:
        return _page(request, services, document_id, decision=decision, error=error)
    following = list_work(services, states=("awaiting_review",), limit=1)
    target = f"/review/{following[0].id}" if following else f"/documents/{document_id}"
    return RedirectResponse(target, _SEE_OTHER)


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
    document_id: str,
    *,
    decision: Decision | None = None,
    error: InvalidDecisionError | None = None,
) -> Response:
    review = get_review(services, document_id)
    tags = {tag.name: tag for tag in review.tags}
    return render(
        request,
        "review/review.html",
        status=422 if error else 200,
        review=review,
        tags=tags,
        fields=FIELDS,
        typed=decision,
        error=error,
        places={name: place for name, tag in tags.items() if (place := _place(tag, review))},
        types=list(services.component_types.values()),
        waiting=_neighbours(
            list_work(services, states=("awaiting_review",), limit=100), document_id
        ),
    )


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


def _neighbours(waiting: Sequence[object], document_id: str) -> dict[str, str]:
    """Return the ids before and after a document in the list."""
    ids = [getattr(one, "id", "") for one in waiting]
    if document_id not in ids:
        return {}
    place = ids.index(document_id)
    found = {}
    if place > 0:
        found["previous"] = ids[place - 1]
    if place + 1 < len(ids):
        found["next"] = ids[place + 1]
    return found
