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
_DECIDING: frozenset[Role] = frozenset({"officer", "archivist"})
_ASKING: Rights = frozenset({"operator", "officer", "dossier_system"})

RIGHTS: Mapping[str, Rights] = {
    "openapi": ANYBODY,
    "live": ANYBODY,
    "ready": ANYBODY,
    "sign_in_page": ANYBODY,
    "sign_in": ANYBODY,
    "second_page": ANYBODY,
    "second_step": ANYBODY,
    "sign_out": _PEOPLE,
    "still_here": _PEOPLE,
    "password_page": _PEOPLE,
    "password_again": _PEOPLE,
    "change_password": _PEOPLE,
    "sign_in_end": _PEOPLE,
    "sign_ins_end_others": _PEOPLE,
    "second_begin": _PEOPLE,
    "second_confirm": _PEOPLE,
    "second_codes": _PEOPLE,
    "second_remove": _PEOPLE,
    "home": _PEOPLE,
    "help_page": _PEOPLE,
    "system_page": _PEOPLE,
    "system_stream": _PEOPLE,
    "desk_page": _SCANNING,
    "desk_stream": _SCANNING,
    "desk_open": _SCANNING,
    "desk_code": _SCANNING,
    "desk_expect": _SCANNING,
    "desk_rescan": _SCANNING,
    "batch_page": _SCANNING,
    "batch_stream": _SCANNING,
    "close_batch_form": _SCANNING,
    "discard_batch_form": _SCANNING,
    "page_picture": _READING,
    "review_list": _SCANNING,
    "review_page": _SCANNING,
    "review_confirm": _SCANNING,
    "review_discard": _SCANNING,
    "aside_page": _SCANNING,
    "aside_stream": _SCANNING,
    "aside_try_again": _SCANNING,
    "aside_try_group": _SCANNING,
    "aside_hurry": _SCANNING,
    "aside_discard": _SCANNING,
    "aside_password": _SCANNING,
    "search_page": _READING,
    "document_page": _READING,
    "document_purpose": _READING,
    "document_picture": _READING,
    "document_words": _READING,
    "document_lit": _READING,
    "document_file": _READING,
    "document_version_file": _READING,
    "document_correct": _DECIDING,
    "document_detach": _DECIDING,
    "dossiers_page": _READING,
    "dossier_page": _READING,
    "dossier_purpose": _READING,
    "owners_page": _READING,
    "owners_find": _READING,
    "owner_page": _READING,
    "owner_purpose": _READING,
    "verification_page": _READING,
    "accounts_page": _ADMINISTRATOR,
    "accounts_add": _ADMINISTRATOR,
    "accounts_reset": _ADMINISTRATOR,
    "accounts_second": _ADMINISTRATOR,
    "accounts_close": _ADMINISTRATOR,
    "accounts_area": _ADMINISTRATOR,
    "accounts_token": _ADMINISTRATOR,
    "accounts_rotate": _ADMINISTRATOR,
    "accounts_revoke": _ADMINISTRATOR,
    "api_open_batch": _DELIVERING,
    "api_deliver_into_batch": _DELIVERING,
    "api_close_batch": _DELIVERING,
    "api_batch": _DELIVERING,
    "api_batch_events": _DELIVERING,
    "api_deliver": _DELIVERING,
    "api_receipt": _DELIVERING,
    "api_upload_options": ANYBODY,
    "api_create_upload": _DELIVERING,
    "api_upload_offset": _DELIVERING,
    "api_upload": _DELIVERING,
    "api_continue_upload": _DELIVERING,
    "api_cancel_upload": _DELIVERING,
    "api_reviews": _SCANNING,
    "api_review": _SCANNING,
    "api_rotate_page": _SCANNING,
    "api_cut_page": _SCANNING,
    "api_drop_page": _SCANNING,
    "api_restore_page": _SCANNING,
    "api_replace_page": _SCANNING,
    "api_order_pages": _SCANNING,
    "api_move_pages": _SCANNING,
    "api_split_document": _SCANNING,
    "api_merge_documents": _SCANNING,
    "api_reserve": _SCANNING,
    "api_release": _SCANNING,
    "api_discard_document": _SCANNING,
    "api_discard_delivery": _SCANNING,
    "api_discard_batch": _SCANNING,
    "api_changes": _SCANNING,
    "api_undo": _SCANNING,
    "api_confirm": _DELIVERING,
    "api_document": _FETCHING,
    "api_document_file": _FETCHING,
    "api_document_picture": _FETCHING,
    "api_document_text": _FETCHING,
    "api_verification": _FETCHING,
    "api_search": _FETCHING,
    "api_once_only": _ASKING,
    "api_audit": frozenset({"inspector"}),
    "api_open_dossier": _DELIVERING,
    "api_dossiers": _FETCHING,
    "api_dossier": _FETCHING,
    "api_close_dossier": _DECIDING | {"dossier_system"},
    "api_owners": _READING,
    "api_owner": _FETCHING,
    "api_correct": _DECIDING,
    "api_detach_owner": _DECIDING,
    "api_history": _READING,
    "api_duplicates": _FETCHING,
    "api_notices": frozenset({"inspector"}),
    "api_component_types": _EVERY_ROLE,
    "api_procedures": _EVERY_ROLE,
}

WITH_FIRST_PASSWORD = frozenset({"password_page", "change_password", "sign_out", "help_page"})
"""What a person may do before the first password has been changed."""

WITHOUT_SECOND_FACTOR = WITH_FIRST_PASSWORD | {
    "still_here",
    "password_again",
    "second_begin",
    "second_confirm",
    "sign_in_end",
    "sign_ins_end_others",
}
"""What a person may do whose role must have a second factor, before it is in force."""


def is_allowed(route: str, role: Role) -> bool:
    """Say whether a role may use a route."""
    allowed = RIGHTS[route]
    return allowed is None or role in allowed
