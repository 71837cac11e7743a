"""Styles, scripts and pictures of the pages, which browsers keep by their digest."""

from functools import cache
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from documents.identifiers import sha256_of_file

_WEB = Path(__file__).parent
SHARED, PAGES = _WEB / "shared", _WEB / "pages"
# Templates, modules and catalogues lie in the same folders and are nobody's business.
_GIVEN_OUT = frozenset({".css", ".js", ".svg", ".woff2"})
_KEPT = "public, max-age=31536000, immutable"
_NOT_FOUND = 404


class PageAssets(StaticFiles):
    """Gives out the files of a folder that browsers need, and nothing else."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer, and let the browser keep what was asked for by its digest."""
        if Path(path).suffix not in _GIVEN_OUT:
            raise HTTPException(_NOT_FOUND)
        response = await super().get_response(path, scope)
        if scope.get("query_string", b"").startswith(b"v="):
            response.headers["Cache-Control"] = _KEPT
        return response


@cache
def asset(path: str) -> str:
    """Return the address of `shared/NAME` or `PAGE/NAME`, with the digest of its content."""
    folder = _WEB if path.startswith("shared/") else PAGES
    return f"/static/{path}?v={sha256_of_file(folder / path)[:12]}"
