"""A small site with the phone's worker over a shell of its own, whose files, versions and faults a test decides."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from jinja2 import Environment

from tests.browser.site import ROOT

WORKER = (ROOT / "templates/phone/worker.js").read_text("utf-8")
HOTEL = b"<!doctype html><title>Welcome to the hotel</title>"
SCRIPTS = {
    f"/static/js/phone/{name}": (ROOT / f"static/js/phone/{name}").read_bytes() for name in ("shell.js",)
}
PAGE = """<!doctype html><html lang="vi"><title>shell {version}</title><h1>{version}</h1>
<script type="module">
import {{ keepShell }} from "/static/js/phone/shell.js";
window.idle = sessionStorage.idle !== "no";
window.told = [];
window.ready = keepShell({{ isIdle: () => window.idle, onNew: (apply) => window.told.push(apply) }});
import("/static/{version}/a.js").then((found) => (window.loaded = found.word));
</script>"""


class ShellSite:
    """`publish(version)` puts a version on the site; `hotel` paths answer with a hotel's page; `asked` is the log."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.hotel: set[str] = set()
        self.files: dict[str, bytes] = {}
        self.publish("v1")
        self._serve(0)

    def publish(self, version: str, **changed: str) -> None:
        """A version whose `a.js` is its own; other files only change when they are given: b="…"."""
        b = changed.get("b", "export const b = 1;")
        kept = {
            "/phone/open": PAGE.format(version=version).encode(),
            "/phone/offline": b"<!doctype html><title>no connection</title>",
            f"/static/{version}/a.js": f'export const word = "{version}";'.encode(),
            f"/static/{version}/b.js": b.encode(),
            **SCRIPTS,
        }
        hashes = {path: hashlib.sha256(body).hexdigest()[:32] for path, body in kept.items()}
        worker = Environment(autoescape=False).from_string(WORKER).render(files=hashes)  # noqa: S701
        pages = {"/visits/": b"<!doctype html><title>visits</title>", "/sync/session": b"{}"}
        self.files = {**kept, **pages, "/sw.js": worker.encode(), "/phone/": kept["/phone/open"]}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def start(self) -> None:
        self._serve(self.port)

    def since(self, mark: int) -> list[str]:
        return sorted(self.asked[mark:])

    def _serve(self, port: int) -> None:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = self.path.split("?")[0]
                site.asked.append(path)
                body = HOTEL if path in site.hotel else site.files.get(path)
                kind = "text/javascript" if path.endswith(".js") else "text/html"
                self.send_response(200 if body is not None else 404)
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
                self.send_header("Content-Security-Policy", "frame-ancestors 'self'")
                self.send_header("Cache-Control", "no-store")
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def do_POST(self) -> None:
                site.asked.append(f"POST {self.path}")
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()


@contextmanager
def shell_site() -> Iterator[ShellSite]:
    site = ShellSite()
    try:
        yield site
    finally:
        site.stop()
