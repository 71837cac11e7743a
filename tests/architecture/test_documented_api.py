"""The page on the API lists every call with the roles that may make it."""

from pathlib import Path

from configuration.settings import Settings
from tests.architecture.documented_pages import codes, reference, rows, sections
from web.application import build_application
from web.rights import RIGHTS
from workers.services import build_services

PAGE = reference("api.md")


def calls_of_code(home: Path) -> set[tuple[str, str, tuple[str, ...]]]:
    services = build_services(Settings(home=home))
    try:
        described = build_application(services).openapi()
    finally:
        services.close()
    return {
        (method.upper(), path, roles_of(call["operationId"]))
        for path, calls in described["paths"].items()
        for method, call in calls.items()
    }


def roles_of(operation: str) -> tuple[str, ...]:
    route = max((name for name in RIGHTS if operation.startswith(f"{name}_api_v1")), key=len)
    return tuple(sorted(RIGHTS[route] or ()))


def test_every_call_stands_on_the_page_with_its_roles_and_none_besides(tmp_path: Path) -> None:
    told = {
        (row[0], codes(row[1])[0], tuple(sorted(row[2].split(", "))))
        for row in rows(sections(PAGE)["Calls"])
    }

    assert told == calls_of_code(tmp_path / "home")


def test_every_parameter_of_a_call_is_named(tmp_path: Path) -> None:
    services = build_services(Settings(home=tmp_path / "home"))
    described = build_application(services).openapi()
    services.close()
    told = {(row[0], codes(row[1])[0]): row[3] for row in rows(sections(PAGE)["Calls"])}

    for path, calls in described["paths"].items():
        for method, call in calls.items():
            for one in call.get("parameters", ()):
                if one["in"] != "path":
                    assert f"`{one['name']}`" in told[method.upper(), path], (path, one["name"])
