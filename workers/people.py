"""Names of people for pages: the audit log and the tags name accounts, people know persons."""

import re
from collections.abc import Iterable, Mapping

from database.accounts import find_account
from workers.services import Services

_ACCOUNT_OF_POLICY = re.compile(r"policy:\w+ \((.*)\)")


def names_of_people(services: Services, actors: Iterable[str | None]) -> Mapping[str, str]:
    """Return the display names of those actors that have an account.

    Args:
        services: the ports.
        actors: as they are written down, also as `policy:NAME (ACCOUNT)`.
    """
    accounts = set()
    for actor in actors:
        match = _ACCOUNT_OF_POLICY.fullmatch(actor or "")
        accounts.add(match[1] if match else actor)
    found = {}
    with services.database.reading() as connection:
        for name in accounts:
            account = find_account(connection, name) if name else None
            if account is not None:
                found[account.name] = account.display_name or account.name
    return found
