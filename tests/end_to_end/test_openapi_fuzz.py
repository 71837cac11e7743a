"""Every call with right and with wrong input: the server answers as its description says."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok

from classification.confirming import Decision
from configuration.settings import WebSettings
from database.accounts import ROLES, Role
from tests.end_to_end.papers import DECISION, write_scan
from tests.end_to_end.stepping import CLERK, deliver, opened_home, run_all, status_of
from web.application import build_application
from workers.reviewing import confirm
from workers.services import Services
from workers.signing_in import make_token

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("fuzz")]
_EXAMPLES = 4
_DESCRIPTION = "/api/v1/openapi.json"
# What is right by the description can still be wrong in its content: a cursor that nobody gave
# out, a value that is no date, a version that has changed.
_REFUSALS = ["400", "401", "403", "404", "405", "409", "412", "413", "415", "416", "422", "429"]
_CONFIG = {
    "checks": {
        "positive_data_acceptance": {"expected-statuses": ["2xx", "304", *_REFUSALS]},
        "negative_data_rejection": {"expected-statuses": _REFUSALS},
    }
}
Schema = schemathesis.BaseSchema
AnyCase = Case[Any]


@schemathesis.serializer("application/offset+octet-stream")
def _piece(_context: object, value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    web = WebSettings(requests_per_minute=1_000_000, uploads_per_account=10_000)
    with opened_home(tmp_path_factory.mktemp("home"), web=web) as opened:
        yield opened


@pytest.fixture(scope="module")
def known(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Give identifiers of things that are there, by the names of parameters."""
    folder = tmp_path_factory.mktemp("papers")
    followed = deliver(services, write_scan(folder / "a.tif", DECISION), policy="none")
    run_all(services)
    (document,) = status_of(services, followed).documents
    decision = Decision(component_type="quyet_dinh", values={"owner_id": "099093000012"})
    confirm(services, document.id, decision, actor=CLERK)
    run_all(services)
    delivery = status_of(services, followed).deliveries[0]
    return {
        "document_id": document.id,
        "batch_id": followed.batch_id,
        "delivery_id": delivery.id,
        "page": "1",
    }


@pytest.fixture(scope="module")
def schema(services: Services) -> Schema:
    config = schemathesis.Config.from_dict(_CONFIG)
    return schemathesis.openapi.from_asgi(_DESCRIPTION, build_application(services), config=config)


@pytest.fixture(scope="module")
def tokens(services: Services) -> Mapping[Role, str]:
    return {
        role: make_token(services, name=f"{role}.fuzz", display_name=role, role=role)
        for role in ROLES
    }


def call_every_operation(
    schema: Schema,
    mode: GenerationMode,
    prepare: Callable[[AnyCase], None],
    headers: dict[str, str],
) -> list[str]:
    """Call each operation with some inputs; return which were called."""
    called = []
    for result in schema.get_all_operations():
        assert isinstance(result, Ok), result
        operation = result.ok()
        strategy = operation.as_strategy(generation_mode=mode)
        called.append(operation.label)

        @seed(20261124)
        @settings(
            max_examples=_EXAMPLES,
            derandomize=False,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=strategy)
        def call(case: AnyCase) -> None:
            prepare(case)
            case.call_and_validate(headers=headers)

        call()
    return called


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("role", ROLES)
def test_server_answers_as_described(
    schema: Schema,
    tokens: Mapping[Role, str],
    known: Mapping[str, str],
    role: Role,
    mode: GenerationMode,
) -> None:
    def name_what_is_there(case: AnyCase) -> None:
        if mode is GenerationMode.POSITIVE:
            for name in case.path_parameters:
                case.path_parameters[name] = known.get(name, case.path_parameters[name])

    headers = {"Authorization": f"Bearer {tokens[role]}"}

    called = call_every_operation(schema, mode, name_what_is_there, headers)

    assert len(called) > 20
