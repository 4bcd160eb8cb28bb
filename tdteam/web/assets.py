"""Files the browser keeps: read and squeezed once at start, served under a name that changes with their content.

Every file of `static/` is offered at `/static/<digest>/<path>`, where the digest covers the whole tree: relative
links between them (a font in a style sheet, an `import` in a script) then need no rewriting and can never mix two
versions. Such an address never changes its content, so browsers keep it for a year. `/static/<path>` answers too,
for links written by hand, and is asked again each time.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from werkzeug.wrappers import Request, Response

from tdteam.web.thin import thin

ROOT = Path(__file__).resolve().parents[2] / "static"
PREFIX = "/static/"
# Paper's fonts are read by reports/, never by a browser.
_NOT_SERVED = ("fonts/tinos/",)
# A weak line pays for every question: what one page needs together stands together too.
_JOINED = {"css/phone-whole.css": ("css/tokens.css", "css/base.css", "css/phone.css")}
_SQUEEZED = {".css", ".js", ".svg", ".json", ".txt", ".webmanifest"}
_TYPES = {".js": "text/javascript", ".woff2": "font/woff2", ".webmanifest": "application/manifest+json"}
_FOREVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Assets:
    """The static tree in memory. `url(path)` names a file; `serve(app)` puts the files before a WSGI app."""

    def __init__(self, root: Path = ROOT) -> None:
        self._files: dict[str, tuple[bytes, bytes | None, str]] = {}
        whole = hashlib.sha256()
        for path in sorted(p for p in root.rglob("*") if p.is_file()):
            name = path.relative_to(root).as_posix()
            if name.startswith(_NOT_SERVED):
                continue
            body = thin(path.suffix, path.read_bytes())
            whole.update(name.encode() + b"\0" + hashlib.sha256(body).digest())
            self._keep(path, name, body)
        self.digest = whole.hexdigest()[:10]
        for name, parts in _JOINED.items():
            if all(part in self._files for part in parts):
                self._keep(Path(name), name, b"".join(self._files[part][0] for part in parts))

    def _keep(self, path: Path, name: str, body: bytes) -> None:
        squeezed = gzip.compress(body, 9, mtime=0) if path.suffix in _SQUEEZED else None
        self._files[name] = (body, squeezed, _media_type(path))

    def url(self, path: str) -> str:
        """The lasting address of one file; an unknown path raises KeyError, so a typing slip shows at once."""
        if path not in self._files:
            raise KeyError(f"static/{path} does not exist")
        return f"{PREFIX}{self.digest}/{path}"

    def text(self, path: str) -> str:
        """A file of text as it is served."""
        return self._files[path][0].decode()

    def sha256(self, path: str) -> str:
        """The hash of a file's content, in hex."""
        return hashlib.sha256(self._files[path][0]).hexdigest()

    def names(self) -> list[str]:
        """Every path served, sorted."""
        return sorted(self._files)

    def serve(self, app: Wsgi) -> Wsgi:
        """A WSGI app that answers for `/static/` itself and hands everything else to `app`."""

        def front(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            path = environ.get("PATH_INFO", "")
            if not path.startswith(PREFIX):
                return app(environ, start_response)
            return self._answer(Request(environ), path.removeprefix(PREFIX))(environ, start_response)

        return front

    def _answer(self, request: Request, path: str) -> Response:
        name = path.removeprefix(f"{self.digest}/")
        found = self._files.get(name)
        if found is None or request.method not in ("GET", "HEAD"):
            return Response(status=404 if found is None else 405)
        body, squeezed, media_type = found
        small = squeezed is not None and request.accept_encodings["gzip"] > 0
        answer = Response(squeezed if small and squeezed is not None else body, content_type=media_type)
        if squeezed is not None:
            answer.vary.add("Accept-Encoding")
        if small:
            answer.headers["Content-Encoding"] = "gzip"
        answer.headers["Cache-Control"] = _FOREVER if name != path else _ASK_AGAIN
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        answer.set_etag(f"{self.digest}{'-gz' if small else ''}")
        return answer.make_conditional(request)


def _media_type(path: Path) -> str:
    guessed = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return f"{guessed}; charset=utf-8" if path.suffix in _SQUEEZED else guessed


@cache
def of_tree(root: Path) -> Assets:
    """A tree's files, read once a process."""
    return Assets(root)


def install(app: Any, root: Path = ROOT) -> Assets:
    """Serve `static/` before the Flask app and give templates `static_url(path)` and `SPRITE`."""
    assets = of_tree(root)
    app.wsgi_app = assets.serve(app.wsgi_app)
    app.extensions["tdteam_assets"] = assets
    app.jinja_env.globals["static_url"] = assets.url
    app.jinja_env.globals["SPRITE"] = assets.url("icons/sprite.svg")
    return assets
