"""How manifests and records are written: equal content gives equal bytes, and equal digests."""

import json

from pydantic import ValidationError


def to_canonical_json(content: object) -> bytes:
    """Return content as canonical JSON: sorted names, no blanks, UTF-8."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def places_of(error: ValidationError) -> str:
    """Return where content broke its schema: names with dots, "JSON" where it is none at all."""
    places = {".".join(map(str, found["loc"])) or "JSON" for found in error.errors()}
    return ", ".join(sorted(places))
