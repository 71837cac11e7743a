"""Says what of a description of the API (OpenAPI) would break a client that knows an older one."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_METHODS = ("get", "head", "post", "put", "patch", "delete")
_DEEPEST = 12
Description = Mapping[str, Any]


def breaking_changes(old: Description, new: Description) -> list[str]:
    """Return what was taken away, or is newly demanded."""
    found: list[str] = []
    for path, method, call in _calls(old):
        now = new["paths"].get(path, {}).get(method)
        place = f"{method.upper()} {path}"
        if now is None:
            found.append(f"{place}: removed")
            continue
        found += [f"{place}: {change}" for change in _changes_of_call(old, call, new, now)]
    return found


def _calls(description: Description) -> Iterator[tuple[str, str, Description]]:
    for path, calls in description["paths"].items():
        for method in _METHODS:
            if method in calls:
                yield path, method, calls[method]


def _changes_of_call(
    old: Description, before: Description, new: Description, after: Description
) -> Iterator[str]:
    yield from _changes_of_parameters(old, before, new, after)
    yield from _changes_of_body(old, before, new, after)
    for status, response in before["responses"].items():
        if status.startswith("2"):
            yield from _changes_of_answer(old, response, new, after["responses"].get(status))


def _changes_of_body(
    old: Description, before: Description, new: Description, after: Description
) -> Iterator[str]:
    sent, taken = (one.get("requestBody", {}) for one in (before, after))
    if taken.get("required") and not sent.get("required"):
        yield "a body is newly required"
    for kind, content in sent.get("content", {}).items():
        if kind not in taken.get("content", {}):
            yield f"body of {kind} is no longer taken"
        else:
            then, now = content.get("schema", {}), taken["content"][kind].get("schema", {})
            yield from _narrowed(_Pair(old, then), _Pair(new, now), "body", depth=0)


def _changes_of_answer(
    old: Description, before: Description, new: Description, after: Description | None
) -> Iterator[str]:
    if after is None:
        yield "an answer is no longer given"
        return
    for kind, content in before.get("content", {}).items():
        known = after.get("content", {})
        if kind not in known:
            yield f"no longer answers {kind}"
        else:
            then, now = content.get("schema", {}), known[kind].get("schema", {})
            yield from _taken_away(_Pair(old, then), _Pair(new, now), "answer", depth=0)


def _changes_of_parameters(
    old: Description, before: Description, new: Description, after: Description
) -> Iterator[str]:
    known = {(one["in"], one["name"]): one for one in before.get("parameters", ())}
    given = {(one["in"], one["name"]): one for one in after.get("parameters", ())}
    for key, one in known.items():
        if key not in given:
            yield f"parameter {key[1]} removed"
        else:
            then, now = _Pair(old, one["schema"]), _Pair(new, given[key]["schema"])
            yield from _narrowed(then, now, key[1], depth=0)
    for key, one in given.items():
        was_required = known.get(key, {}).get("required", False)
        if one.get("required") and not was_required:
            yield f"parameter {key[1]} is newly required"


class _Pair:
    """A schema with the description in which its references are found."""

    def __init__(self, description: Description, schema: Description) -> None:
        while "$ref" in schema:
            name = schema["$ref"].rsplit("/", 1)[1]
            schema = description["components"]["schemas"][name]
        self.description = description
        self.schema = schema

    def inner(self, schema: Description) -> "_Pair":
        """Return another schema of the same description."""
        return _Pair(self.description, schema)

    @property
    def choices(self) -> Sequence["_Pair"]:
        """Return the alternatives of a schema, without null."""
        parts = self.schema.get("anyOf") or self.schema.get("oneOf") or [self.schema]
        return [self.inner(part) for part in parts if part.get("type") != "null"]

    @property
    def takes_null(self) -> bool:
        """Say whether null is one of the values."""
        parts = self.schema.get("anyOf") or self.schema.get("oneOf") or [self.schema]
        return any(part.get("type") == "null" for part in parts)


def _taken_away(old: _Pair, new: _Pair, place: str, *, depth: int) -> Iterator[str]:
    """Yield what an answer no longer tells."""
    if new.takes_null and not old.takes_null:
        yield f"{place} may newly be null"
    yield from _compared(old, new, place, depth=depth, is_answer=True)


def _narrowed(old: _Pair, new: _Pair, place: str, *, depth: int) -> Iterator[str]:
    """Yield what is no longer taken, or newly demanded."""
    if old.takes_null and not new.takes_null:
        yield f"{place} may no longer be null"
    yield from _compared(old, new, place, depth=depth, is_answer=False)


def _compared(old: _Pair, new: _Pair, place: str, *, depth: int, is_answer: bool) -> Iterator[str]:
    if depth > _DEEPEST or not old.choices or not new.choices:
        return
    then, now = old.choices[0], new.choices[0]
    if then.schema.get("type") != now.schema.get("type"):
        yield f"{place} is another type"
        return
    gone = set(then.schema.get("enum", ())) - set(now.schema.get("enum", ()))
    if gone and ("enum" in now.schema or is_answer):
        yield f"{place} lost the values {sorted(map(str, gone))}"
    yield from _fields(then, now, place, depth=depth, is_answer=is_answer)
    if "items" in then.schema and "items" in now.schema:
        inner = then.inner(then.schema["items"]), now.inner(now.schema["items"])
        follow = _taken_away if is_answer else _narrowed
        yield from follow(*inner, f"{place}[]", depth=depth + 1)


def _fields(then: _Pair, now: _Pair, place: str, *, depth: int, is_answer: bool) -> Iterator[str]:
    known, given = (one.schema.get("properties", {}) for one in (then, now))
    follow = _taken_away if is_answer else _narrowed
    for name, schema in known.items():
        if name not in given:
            yield f"{place}.{name} removed"
        else:
            inner = then.inner(schema), now.inner(given[name])
            yield from follow(*inner, f"{place}.{name}", depth=depth + 1)
    demanded = set(now.schema.get("required", ())) - set(then.schema.get("required", ()))
    if not is_answer:
        yield from (f"{place}.{name} is newly required" for name in sorted(demanded))
    else:
        optional = set(then.schema.get("required", ())) - set(now.schema.get("required", ()))
        yield from (f"{place}.{name} may be missing" for name in sorted(optional & set(given)))
