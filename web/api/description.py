"""The description of the API (OpenAPI 3.1): what every call has in common is added here."""

import json
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from web.api.problems import EVERYWHERE, Problem, described
from web.rights import RIGHTS
from web.scopes import SCOPE_BY_ROUTE
from workers.api_tokens import SCOPES

_TAGS = [
    {"name": "delivery", "description": "Giao tệp, theo dõi / delivering and following"},
    {
        "name": "uploads",
        "description": "Tệp lớn, gửi từng phần / large files in pieces, tus 1.0.0",
    },
    {
        "name": "review",
        "description": "Sửa trang trước khi xác nhận / correcting before confirming",
    },
    {"name": "documents", "description": "Tài liệu, xác nhận / documents, confirming"},
    {"name": "questions", "description": "Tìm, hỏi, danh mục / searching, asking, catalogues"},
    {"name": "dossiers", "description": "Hồ sơ, chủ giấy tờ / dossiers and owners"},
    {"name": "corrections", "description": "Sửa sau khi lưu / corrections after filing"},
    {"name": "audit", "description": "Nhật ký, cho thanh tra / the audit log, for inspectors"},
]
_BEARER = {
    "type": "http",
    "scheme": "bearer",
    "description": "Mã truy cập `soh_…` của một hệ thống / the token of a program. Scopes: "
    + ", ".join(f"`{scope}`" for scope in SCOPES),
}
_HEADERS = {
    "RateLimit-Limit": "Số lần gọi mỗi phút / calls in a minute",
    "RateLimit-Remaining": "Còn lại / left",
    "RateLimit-Reset": "Giây đến khi đủ lại / seconds until the whole limit is there again",
}
_VALIDATION = {"HTTPValidationError", "ValidationError"}


def install_description(app: FastAPI) -> None:
    """Let `app.openapi()` give the whole description."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = describe(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # the framework's documented way


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the description of every call under `/api/v1`."""
    found = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
        tags=_TAGS,
    )
    schemas = found.setdefault("components", {}).setdefault("schemas", {})
    for name in _VALIDATION:
        schemas.pop(name, None)
    schemas["Problem"] = Problem.model_json_schema()
    found["components"]["securitySchemes"] = {"bearer": _BEARER}
    found["components"]["headers"] = {
        name: {"description": text, "schema": {"type": "integer"}}
        for name, text in _HEADERS.items()
    }
    names = _names_of(app)
    for path, calls in found["paths"].items():
        for method, call in calls.items():
            _complete(call, names[method.upper(), path])
    return found


def _names_of(app: FastAPI) -> dict[tuple[str, str], str]:
    """Return the name of each route by method and path."""
    return {
        (method, route.path): route.name
        for route in _routes_of(app)
        for method in route.methods or ()
    }


def _routes_of(router: object) -> list[APIRoute]:
    found: list[APIRoute] = []
    for route in getattr(router, "routes", ()):
        if isinstance(route, APIRoute):
            found.append(route)
        else:
            found += _routes_of(getattr(route, "original_router", route))
    return found


def _complete(call: dict[str, Any], route: str) -> None:
    roles, scope = RIGHTS[route], SCOPE_BY_ROUTE.get(route)
    call["security"] = [{"bearer": []}] if roles is not None else []
    call["x-roles"] = sorted(roles or ())
    if scope is not None:
        call["x-scope"] = scope
    for status in EVERYWHERE:
        call["responses"][str(status)] = described(status)
    for status, response in call["responses"].items():
        if status.startswith("2"):
            headers = response.setdefault("headers", {})
            headers |= {name: {"$ref": f"#/components/headers/{name}"} for name in _HEADERS}


def text_of(description: dict[str, Any]) -> str:
    """Return a description as it is committed: sorted, so that only changes differ."""
    return json.dumps(description, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
