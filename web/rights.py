"""Who may do what: every route with the roles that may use it.

A route that is not in the table cannot be called; a test compares the table with the routes.
"""

from collections.abc import Mapping

from database.accounts import ROLES, Role

Rights = frozenset[Role] | None
"""The roles that may use a route; None means anybody, signed in or not."""

ANYBODY: Rights = None
_EVERY_ROLE: Rights = frozenset(ROLES)
_PEOPLE: Rights = frozenset(ROLES) - {"dossier_system"}
_SCANNING: Rights = frozenset({"operator", "officer", "archivist"})
_READING: Rights = frozenset({"operator", "officer", "archivist", "inspector"})
_ADMINISTRATOR: Rights = frozenset({"administrator"})
_DELIVERING: Rights = frozenset({"operator", "officer", "archivist", "dossier_system"})
_FETCHING: Rights = frozenset({"operator", "officer", "archivist", "inspector", "dossier_system"})
_ASKING: Rights = frozenset({"operator", "officer", "dossier_system"})

RIGHTS: Mapping[str, Rights] = {
    "openapi": ANYBODY,
    "live": ANYBODY,
    "ready": ANYBODY,
    "sign_in_page": ANYBODY,
    "sign_in": ANYBODY,
    "sign_out": _PEOPLE,
    "password_page": _PEOPLE,
    "change_password": _PEOPLE,
    "home": _PEOPLE,
    "help_page": _PEOPLE,
    "system_page": _PEOPLE,
    "desk_page": _SCANNING,
    "batch_page": _SCANNING,
    "batch_stream": _SCANNING,
    "close_batch_form": _SCANNING,
    "page_picture": _READING,
    "review_list": _SCANNING,
    "review_page": _SCANNING,
    "review_confirm": _SCANNING,
    "review_discard": _SCANNING,
    "aside_page": _SCANNING,
    "aside_try_again": _SCANNING,
    "aside_password": _SCANNING,
    "search_page": _READING,
    "document_page": _READING,
    "document_picture": _READING,
    "document_file": _READING,
    "verification_page": _READING,
    "accounts_page": _ADMINISTRATOR,
    "accounts_add": _ADMINISTRATOR,
    "accounts_reset": _ADMINISTRATOR,
    "accounts_token": _ADMINISTRATOR,
    "api_open_batch": _DELIVERING,
    "api_deliver_into_batch": _DELIVERING,
    "api_close_batch": _DELIVERING,
    "api_batch": _DELIVERING,
    "api_batch_events": _DELIVERING,
    "api_deliver": _DELIVERING,
    "api_receipt": _DELIVERING,
    "api_reviews": _SCANNING,
    "api_confirm": _DELIVERING,
    "api_document": _FETCHING,
    "api_document_file": _FETCHING,
    "api_document_picture": _FETCHING,
    "api_document_text": _FETCHING,
    "api_verification": _FETCHING,
    "api_search": _FETCHING,
    "api_once_only": _ASKING,
    "api_component_types": _EVERY_ROLE,
    "api_procedures": _EVERY_ROLE,
}

WITH_FIRST_PASSWORD = frozenset({"password_page", "change_password", "sign_out", "help_page"})
"""What a person may do before the first password has been changed."""


def is_allowed(route: str, role: Role) -> bool:
    """Say whether a role may use a route."""
    allowed = RIGHTS[route]
    return allowed is None or role in allowed
