"""What the Elasticsearch client raises, as errors of ours."""

from collections.abc import Iterator
from contextlib import contextmanager

from elastic_transport import TransportError
from elasticsearch import ApiError, NotFoundError, UnsupportedProductError

from search.errors import IndexUnavailableError, IndexUnreachableError


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turn what client and server say into errors of ours; only kinds of errors are told."""
    try:
        yield
    except NotFoundError as error:
        raise IndexUnavailableError("index missing") from error
    except ApiError as error:
        raise IndexUnreachableError(f"{error.status_code} {kind_of(error)}") from error
    except (TransportError, UnsupportedProductError) as error:
        raise IndexUnreachableError(type(error).__name__) from error


def kind_of(error: ApiError) -> str:
    """Return what the server calls an error, without its explanation, which may hold content."""
    body = error.body
    told = body.get("error") if isinstance(body, dict) else None
    return str(told.get("type")) if isinstance(told, dict) else type(error).__name__
