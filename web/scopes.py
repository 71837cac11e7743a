"""Which scope a token needs for which call, beside the role of its account.

A token without scopes may do what its role may. A call that is missing here is refused to every
token that has scopes; a test compares the table with the routes.
"""

from collections.abc import Mapping

from workers.api_tokens import Scope

SCOPE_BY_ROUTE: Mapping[str, Scope | None] = {
    "api_open_batch": "deliver",
    "api_deliver_into_batch": "deliver",
    "api_close_batch": "deliver",
    "api_batch": "deliver",
    "api_batch_events": "deliver",
    "api_deliver": "deliver",
    "api_receipt": "deliver",
    "api_create_upload": "deliver",
    "api_upload": "deliver",
    "api_upload_offset": "deliver",
    "api_continue_upload": "deliver",
    "api_cancel_upload": "deliver",
    "api_reviews": "confirm",
    "api_review": "confirm",
    "api_rotate_page": "confirm",
    "api_cut_page": "confirm",
    "api_drop_page": "confirm",
    "api_restore_page": "confirm",
    "api_replace_page": "confirm",
    "api_order_pages": "confirm",
    "api_move_pages": "confirm",
    "api_split_document": "confirm",
    "api_merge_documents": "confirm",
    "api_reserve": "confirm",
    "api_release": "confirm",
    "api_discard_document": "confirm",
    "api_discard_delivery": "confirm",
    "api_discard_batch": "confirm",
    "api_changes": "confirm",
    "api_undo": "confirm",
    "api_confirm": "confirm",
    "api_document": "read",
    "api_document_file": "read",
    "api_document_picture": "read",
    "api_document_text": "read",
    "api_verification": "read",
    "api_search": "search",
    "api_once_only": "once-only",
    "api_audit": "audit",
    "api_open_dossier": "dossiers",
    "api_dossiers": "dossiers",
    "api_dossier": "dossiers",
    "api_close_dossier": "dossiers",
    "api_owners": "dossiers",
    "api_owner": "dossiers",
    "api_correct": "confirm",
    "api_detach_owner": "confirm",
    "api_history": "read",
    "api_duplicates": "read",
    "api_notices": "audit",
    "api_component_types": None,
    "api_procedures": None,
}
"""None: any token will do."""


def missing_scope(route: str, scopes: frozenset[str] | None) -> str | None:
    """Return the scope that a call needs and the token lacks; None when it may go on."""
    if scopes is None:
        return None
    if route not in SCOPE_BY_ROUTE:
        return "*"
    needed = SCOPE_BY_ROUTE[route]
    return None if needed is None or needed in scopes else needed
