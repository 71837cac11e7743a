"""Every route with every role: the table of rights is what the server does."""

from collections.abc import Iterator, Mapping

import pytest
from fastapi.routing import APIRoute

from database.accounts import ROLES, Role
from tests.unit.web.site import Browser, Site
from web.rights import RIGHTS, WITH_FIRST_PASSWORD, is_allowed

pytestmark = pytest.mark.xdist_group("web-rights")
_REFUSED, _UNKNOWN = 403, 401
VALUES = {
    "{batch_id}": "bat_0",
    "{document_id}": "doc_0",
    "{delivery_id}": "dlv_0",
    "{page_id}": "pag_0",
    "{subject}": "dlv_0",
    "{page}": "1",
    "{name}": "khong.ai",
    "{upload_id}": "upl_0",
    "{code}": "H99.12.03-260316-0007",
    "{version_id}": "ver_0",
    "{token_id}": "tok_0",
    "{owner}": "own_0",
    "{rest:path}": "second/begin",
    "{mark}": "0123456789abcdef",
    "{owner_id}": "099093000012?dossier=H99.12.03-260316-0007&purpose=thu-cac-quyen",
}
GUARDED = sorted(name for name, roles in RIGHTS.items() if roles is not None)


def _routes_of(router: object) -> Iterator[APIRoute]:
    for route in getattr(router, "routes", ()):
        if isinstance(route, APIRoute):
            yield route
        else:
            yield from _routes_of(getattr(route, "original_router", route))


@pytest.fixture(scope="module")
def targets(site: Site) -> Mapping[str, tuple[str, str]]:
    """Give method and address of each route, by its name."""
    found = {}
    for route in _routes_of(site.application):
        path = route.path
        for part, value in VALUES.items():
            path = path.replace(part, value)
        found[route.name] = (min(route.methods or ()), path)
    return found


def test_addresses_are_complete(targets: Mapping[str, tuple[str, str]]) -> None:
    assert set(targets) == set(RIGHTS)
    assert not [path for _, path in targets.values() if "{" in path]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("route", [name for name in GUARDED if name != "sign_out"])
def test_route_is_for_its_roles_alone(
    browsers: Mapping[Role, Browser],
    targets: Mapping[str, tuple[str, str]],
    route: str,
    role: Role,
) -> None:
    answer = browsers[role].request(*targets[route])

    if is_allowed(route, role):
        assert answer.status_code not in (_UNKNOWN, _REFUSED), answer.text[:300]
        assert answer.status_code < 500 or answer.status_code == 503
    else:
        assert answer.status_code == _REFUSED
        assert "Vai trò" in answer.text or targets[route][0] == "HEAD"


@pytest.mark.parametrize("route", GUARDED)
def test_without_a_sign_in_nothing_is_shown(
    site: Site, targets: Mapping[str, tuple[str, str]], route: str
) -> None:
    method, path = targets[route]

    answer = site.client().request(method, path)

    if path.startswith("/api/"):
        assert answer.status_code == _UNKNOWN
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert method == "HEAD" or answer.json()["code"] == "not_signed_in"
    else:
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize(
    "route", ["sign_in_page", "sign_in", "second_step", "live", "ready", "openapi"]
)
def test_some_routes_are_for_anybody(
    site: Site, targets: Mapping[str, tuple[str, str]], route: str
) -> None:
    answer = site.client().request(*targets[route])

    assert RIGHTS[route] is None
    assert answer.status_code in (200, 403)
    assert "Vai trò" not in answer.text


def test_change_without_the_token_of_the_session_is_refused(
    browsers: Mapping[Role, Browser], targets: Mapping[str, tuple[str, str]]
) -> None:
    changing = [name for name in GUARDED if targets[name][0] not in ("GET", "HEAD")]
    assert len(changing) > 10

    for route in changing:
        allowed = next(role for role in ROLES if is_allowed(route, role))
        browser = browsers[allowed]
        right = {"X-CSRF-Token": browser.csrf}
        for headers in (
            {},
            {"X-CSRF-Token": "doan-mo"},
            {**right, "Sec-Fetch-Site": "cross-site"},
            {**right, "Sec-Fetch-Site": "same-site"},
        ):
            answer = browser.client.request(*targets[route], headers=headers)

            assert answer.status_code == _REFUSED, route
            assert "Tải lại trang" in answer.text


@pytest.mark.parametrize("route", GUARDED)
def test_first_password_must_be_changed_before_anything_else(
    newcomer: Browser,
    targets: Mapping[str, tuple[str, str]],
    route: str,
) -> None:
    if route == "sign_out":
        return
    method, path = targets[route]

    answer = newcomer.request(method, path)

    if route in WITH_FIRST_PASSWORD:
        assert answer.status_code in (200, 422)
    elif path.startswith("/api/"):
        assert answer.status_code == 403
        assert method == "HEAD" or answer.json()["code"] == "password_change_required"
    else:
        assert (answer.status_code, answer.headers["Location"]) == (303, "/password")


@pytest.fixture(scope="module")
def newcomer(site: Site) -> Browser:
    """Give a browser of somebody who has not changed the first password."""
    site.add_person("moi.den", "operator", has_changed=False)
    return site.browser_of("moi.den")
