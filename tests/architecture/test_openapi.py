"""The committed description of the API is that of the server, and breaks no client."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from configuration.settings import Settings
from tests.architecture.breaking_changes import breaking_changes
from tests.architecture.documented_pages import DOCS
from web.api.description import text_of
from web.api.problems import CODES_BY_STATUS
from web.application import build_application
from web.rights import RIGHTS
from web.scopes import SCOPE_BY_ROUTE
from workers.api_tokens import SCOPES
from workers.services import build_services

FILE = DOCS / "reference" / "openapi.json"
Description = dict[str, Any]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Description:
    services = build_services(Settings(home=tmp_path_factory.mktemp("home")))
    try:
        return build_application(services).openapi()
    finally:
        services.close()


@pytest.fixture(scope="module")
def committed() -> Description:
    return dict(json.loads(FILE.read_text(encoding="utf-8")))


def calls_of(description: Description) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method.upper()} {path}", call)
        for path, calls in description["paths"].items()
        for method, call in calls.items()
    ]


def test_committed_description_is_that_of_the_server(running: Description) -> None:
    is_same = FILE.read_text(encoding="utf-8") == text_of(running)

    assert is_same, "the API has changed: run `make openapi` and look at the difference"


def test_no_client_of_the_committed_description_is_broken(
    running: Description, committed: Description
) -> None:
    broken = breaking_changes(committed, running)

    assert broken == [], "such a change needs /api/v2 beside /api/v1"


def test_every_call_is_described(running: Description) -> None:
    for place, call in calls_of(running):
        assert call["summary"].count(" / ") == 1, f"{place}: Vietnamese / English"
        assert call["description"], place
        assert len(call["tags"]) == 1, place


def test_every_answer_in_json_has_a_schema_with_names(running: Description) -> None:
    for place, call in calls_of(running):
        for status, response in call["responses"].items():
            schema = response.get("content", {}).get("application/json", {}).get("schema")
            if status.startswith("2") and schema is not None:
                assert "$ref" in schema, f"{place} answers a dictionary without names"


def test_every_refusal_is_a_problem(running: Description) -> None:
    for place, call in calls_of(running):
        refusals = {status: one for status, one in call["responses"].items() if status >= "400"}
        assert {"401", "403", "422", "429", "500", "503"} <= set(refusals), place
        for status, one in refusals.items():
            assert list(one["content"]) == ["application/problem+json"], (place, status)


def test_every_call_names_the_token_its_roles_and_its_scope(running: Description) -> None:
    for place, call in calls_of(running):
        assert call["security"] == [{"bearer": []}], place
        assert call["x-roles"], place
        assert call.get("x-scope", "search") in SCOPES, place


def test_every_call_of_the_api_has_its_scope_and_no_other_does() -> None:
    guarded = {
        name for name, roles in RIGHTS.items() if name.startswith("api_") and roles is not None
    }

    assert set(SCOPE_BY_ROUTE) == guarded


def test_codes_that_are_told_stand_on_the_page_of_errors() -> None:
    page = (DOCS / "reference" / "errors.md").read_text(encoding="utf-8")

    told = {code for codes in CODES_BY_STATUS.values() for code in codes}

    assert {code for code in told if f"`{code}`" not in page} == set()


def remove_path(description: Description) -> None:
    del description["paths"]["/api/v1/search"]


def remove_field(description: Description) -> None:
    del description["components"]["schemas"]["ReceiptRecord"]["properties"]["sha256"]


def remove_inner_field(description: Description) -> None:
    del description["components"]["schemas"]["ReasonRecord"]["properties"]["code"]


def remove_value(description: Description) -> None:
    description["components"]["schemas"]["DocumentRecord"]["properties"]["state"]["enum"].pop()


def remove_taken_value(description: Description) -> None:
    batch = description["components"]["schemas"]["BatchRequest"]
    batch["properties"]["confirm_policy"]["enum"].pop()


def demand_parameter(description: Description) -> None:
    for parameter in description["paths"]["/api/v1/search"]["get"]["parameters"]:
        parameter["required"] = True


def demand_new_parameter(description: Description) -> None:
    new = {"in": "query", "name": "new", "required": True, "schema": {"type": "string"}}
    description["paths"]["/api/v1/search"]["get"]["parameters"].append(new)


def remove_parameter(description: Description) -> None:
    description["paths"]["/api/v1/search"]["get"]["parameters"].pop(0)


def demand_field(description: Description) -> None:
    description["components"]["schemas"]["BatchRequest"]["required"] = ["station"]


def change_type(description: Description) -> None:
    receipt = description["components"]["schemas"]["ReceiptRecord"]
    receipt["properties"]["size_bytes"]["type"] = "string"


def answer_null(description: Description) -> None:
    fields = description["components"]["schemas"]["ReceiptRecord"]["properties"]
    fields["size_bytes"] = {"anyOf": [{"type": "integer"}, {"type": "null"}]}


@pytest.mark.parametrize(
    "break_it",
    [
        remove_path,
        remove_field,
        remove_inner_field,
        remove_value,
        remove_taken_value,
        demand_parameter,
        demand_new_parameter,
        remove_parameter,
        demand_field,
        change_type,
        answer_null,
    ],
)
def test_change_that_breaks_a_client_is_found(
    committed: Description, break_it: Callable[[Description], None]
) -> None:
    changed = copy.deepcopy(committed)

    break_it(changed)

    assert breaking_changes(committed, changed) != []


def test_what_is_only_added_breaks_nobody(committed: Description) -> None:
    changed = copy.deepcopy(committed)
    changed["paths"]["/api/v1/new"] = changed["paths"]["/api/v1/search"]
    fields = changed["components"]["schemas"]["ReceiptRecord"]["properties"]
    fields["new"] = {"type": "string"}

    assert breaking_changes(committed, changed) == []


def test_file_is_written_by_the_target_that_the_message_names() -> None:
    makefile = (Path(DOCS).parent / "Makefile").read_text()

    assert "openapi:" in makefile
