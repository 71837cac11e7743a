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
from web import naming
from web.assets import asset
from web.callers import find_caller
from web.language import COOKIE, LANGUAGES, Translator, language_of
from web.rights import is_allowed

_WEB = Path(__file__).parent
_NEXT_UNIT = 1024


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
    environment.filters["size"] = show_size
    environment.filters["number"] = show_number
    environment.filters["office"] = naming.show_office
    environment.filters["person"] = naming.show_person
    environment.globals["naming"] = naming
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


def show_number(value: float, language: str, *, digits: int = 0) -> str:
    """Return a number as people write it: "12.345,6" in Vietnamese, "12,345.6" in English."""
    text = f"{value:,.{digits}f}"
    if language == "en":
        return text
    return text.translate({ord(","): ".", ord("."): ","})


def show_size(size_bytes: float, language: str) -> str:
    """Return a number of bytes in the unit that fits: "78,1 GiB"."""
    value, unit = float(size_bytes), "B"
    for larger in ("KiB", "MiB", "GiB", "TiB"):
        if value < _NEXT_UNIT:
            break
        value, unit = value / _NEXT_UNIT, larger
    digits = 0 if unit == "B" else 1
    return f"{show_number(value, language, digits=digits)} {unit}"
