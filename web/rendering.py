"""Pages from templates: escaped, in the caller's language, times as Vietnam shows them."""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from documents.clock import VIETNAM
from documents.codes import mask_number, parse_personal_id
from documents.errors import Reason
from web.assets import asset
from web.callers import find_caller
from web.language import COOKIE, LANGUAGES, Translator, language_of
from web.rights import is_allowed

_WEB = Path(__file__).parent


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader([_WEB / "pages", _WEB]),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["asset"] = asset
    environment.filters["moment"] = show_moment
    environment.filters["day"] = show_day
    environment.filters["masked"] = show_masked
    return environment


def render(request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
    """Return a page; `t` translates, `say` chooses a reason's language in the template."""
    language = language_of(request)
    translate = Translator(language)
    caller = find_caller(request)
    role = caller.account.role if caller else None

    def say(reason: Reason) -> str:
        return reason.en if language == "en" else reason.vi

    content = (
        _environment()
        .get_template(template)
        .render(
            t=translate,
            say=say,
            language=language,
            account=caller.account if caller else None,
            csrf=caller.csrf if caller else "",
            may=lambda route: role is not None and is_allowed(route, role),
            path=request.url.path,
            **values,
        )
    )
    response = HTMLResponse(content, status_code=status)
    if request.query_params.get("lang") in LANGUAGES:
        response.set_cookie(COOKIE, language, samesite="lax", httponly=True, max_age=31_536_000)
    return response


def show_moment(moment: datetime | None) -> str:
    """Return a moment in Vietnam's time: "24/11/2026 10:05"."""
    return "" if moment is None else moment.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M")


def show_day(value: str | None) -> str:
    """Return "YYYY[-MM[-DD]]" in Vietnamese order: day, month, year."""
    return "/".join(reversed(value.split("-"))) if value else ""


def show_masked(value: str | None) -> str:
    """Return a value with a personal number in it masked."""
    if value and parse_personal_id(value):
        return mask_number(value)
    return value or ""
