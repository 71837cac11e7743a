"""A site with one account a role, over an empty home; papers are added by the module."""

from collections.abc import Iterator, Mapping

import pytest

from database.accounts import ROLES, Role
from tests.end_to_end.stepping import opened_home
from tests.unit.web.site import Browser, Site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with opened_home(tmp_path_factory.mktemp("home")) as services:
        made = Site(services)
        yield made
        made.close()


@pytest.fixture(scope="module")
def browsers(site: Site) -> Mapping[Role, Browser]:
    """Give a signed-in browser of each role."""
    found: dict[Role, Browser] = {}
    for role in ROLES:
        site.add_person(f"{role}1", role)
        found[role] = site.browser_of(f"{role}1")
    return found
