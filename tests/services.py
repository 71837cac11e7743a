"""The servers that tests ask for: those of the environment, or those that `make services` runs."""

import os

import pytest

from deploy.services.places import open_place
from deploy.services.running import addresses


def service(server: str) -> str:
    """Return where a server is: postgres, rabbitmq, redis, minio or elasticsearch.

    Without it the test is skipped and says so; where REQUIRED_SERVICES names it, the test fails.
    """
    name = f"TEST_{server.upper()}"
    found = os.environ.get(name) or addresses(open_place()).get(name)
    if found:
        return found
    reason = f"{server} is not running here: `make services` starts it"
    if server in os.environ.get("REQUIRED_SERVICES", "").replace(",", " ").split():
        pytest.fail(reason)
    pytest.skip(reason)
