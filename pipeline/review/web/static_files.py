"""Static files with an address that changes with their content, so that browsers may keep them for good."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).parent / "static"


@cache
def static(name: str) -> str:
    """Return the address of the static file *name*, with a mark of its content."""
    digest = hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()
    return f"/static/{name}?v={digest[:12]}"


class CachedFiles(StaticFiles):
    """Serves the folder; what was asked for with ``?v=`` never changes."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the file, or 404."""
        response = await super().get_response(path, scope)
        lasting = b"v=" in scope["query_string"] and response.status_code < 400
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if lasting else "no-cache"
        return response
