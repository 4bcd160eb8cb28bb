"""The phone's shell: one page without any data, its worker and its manifest. Drawn once a process; every reader gets the
same bytes, so a browser may keep them and a cache on the way may not mix them. Data comes through `/sync/` only.

The page is drawn twice: `/phone/` as it comes over a slow line to a new phone, and `/phone/open`, which the worker keeps and shows
in its place from then on. They differ only in which modules are asked for at once."""

from __future__ import annotations

import gzip
import hashlib
import json
import posixpath
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from flask import Blueprint, Flask, Response, current_app, jsonify, render_template, request
from flask_babel import gettext as _

from tdteam.web.assets import Assets
from tdteam.web.script_words import said_by
from tdteam.web.words import DEFAULT, catalogue

pages = Blueprint("phone", __name__)

SHEET = "css/phone-whole.css"
START = ("js/phone/early.js", "js/phone/app.js")
"""What the page runs: the first of them as soon as it and what it imports is there."""
FIRST = (*START, "js/phone/tabs/welcome.js")
"""What the first screen of a new phone runs; with all they import it is fetched at once instead of one after the other.
The rest comes when it is opened, or with the worker."""
AGAIN = (*START, "js/phone/inside.js", "js/phone/tabs/log.js")
"""What the first screen runs on a phone that somebody uses."""
SPOKEN = ("js/phone/ground.js", "js/phone/notices.js")
"""What may come between; its words come with the page, too."""
BESIDE = (
    *(SHEET, "js/theme.js", "js/offline.js"),
    *("fonts/be-vietnam-pro-600-vi.woff2", "icons/sprite.svg", "icons/mark.svg"),
)
MODULES = "js/phone/"
GUIDES = Path(__file__).parent.parent / "data" / "guides.json"
_HASH = 32
"""Letters of a hash that the worker compares."""
_IMPORT = re.compile(r"""^\s*(?:import|export)\b[^;"'()]*["'](\.{1,2}/[^"']+)["']""", re.MULTILINE)


@dataclass(frozen=True)
class Kept:
    """Bytes that never change while the process lives."""

    body: bytes
    squeezed: bytes
    media_type: str

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(self.body).hexdigest()

    def answer(self) -> Response:
        """To be kept, but asked for again each time."""
        small = request.accept_encodings["gzip"] > 0
        response = Response(self.squeezed if small else self.body, content_type=self.media_type)
        response.vary.add("Accept-Encoding")
        if small:
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Cache-Control"] = "no-cache"
        response.set_etag(f"{self.digest[:20]}{'-gz' if small else ''}")
        return cast(Response, response.make_conditional(request))


def _kept(text: str, media_type: str) -> Kept:
    body = text.encode()
    return Kept(body, gzip.compress(body, 9, mtime=0), f"{media_type}; charset=utf-8")


@dataclass(frozen=True)
class Shell:
    """All that the phone needs to start without a network."""

    page: Kept
    open: Kept
    offline: Kept
    guides: Kept
    words: Kept
    worker: Kept


def closure(assets: Assets, first: tuple[str, ...]) -> list[str]:
    """Some modules and all they import, each once, in the order they are met; one module's whole before the next one."""
    out: list[str] = []
    for start in first:
        todo = [start]
        while todo:
            name = todo.pop(0)
            if name not in out and name in assets.names():
                out.append(name)
                folder = posixpath.dirname(name)
                found = _IMPORT.findall(assets.text(name))
                todo += [posixpath.normpath(posixpath.join(folder, path)) for path in found]
    return out


def words_of(assets: Assets, names: list[str] | None = None) -> dict[str, str]:
    """Message id -> sentence, of all that the phone's scripts say (or some of them)."""
    if names is None:
        names = [name for name in assets.names() if name.startswith(MODULES)]
    spoken = catalogue(DEFAULT)
    ids = said_by(map(assets.text, names)).of(msgid for msgid in spoken._catalog if isinstance(msgid, str))
    return {msgid: spoken.ugettext(msgid).replace("%%", "%") for msgid in ids}


def make_shell(app: Flask) -> Shell:
    """Draw the shell; needs a request (any)."""
    assets: Assets = app.extensions["tdteam_assets"]
    demo = app.config["TDTEAM"].is_demo
    told: dict[str, Any] = {"sheet": SHEET, "demo": demo}
    first, again = closure(assets, FIRST), closure(assets, AGAIN)
    words = words_of(assets, [*dict.fromkeys([*first, *again, *closure(assets, SPOKEN)])])
    more = {msgid: text for msgid, text in words_of(assets).items() if msgid not in words}
    page, opened = (
        _kept(
            render_template("phone/index.html", modules=modules, start=START, words=words, kept=kept, **told),
            "text/html",
        )
        for modules, kept in ((first, False), (again, True))
    )
    offline = _kept(render_template("phone/offline.html", **told), "text/html")
    modules = [name for name in assets.names() if name.startswith(MODULES)]
    names = dict.fromkeys([*BESIDE, *closure(assets, tuple(modules))])
    files = {assets.url(name): assets.sha256(name)[:_HASH] for name in names if name in assets.names()}
    guides = _kept(json.dumps(json.loads(GUIDES.read_text("utf-8")), ensure_ascii=False), "application/json")
    others = _kept(json.dumps(more, ensure_ascii=False, separators=(",", ":")), "application/json")
    drawn = {
        "/phone/open": opened,
        "/phone/offline": offline,
        "/phone/guides.json": guides,
        "/phone/words.json": others,
    }
    store = {**{path: one.digest[:_HASH] for path, one in drawn.items()}, **files}
    worker = _kept(render_template("phone/worker.js", files=store), "text/javascript")
    return Shell(page, opened, offline, guides, others, worker)


def _shell() -> Shell:
    known = current_app.extensions.get("tdteam_shell")
    if known is None:
        known = current_app.extensions["tdteam_shell"] = make_shell(current_app)
    return cast(Shell, known)


@pages.get("/phone/")
def index() -> Response:
    return _shell().page.answer()


@pages.get("/phone/open")
def opened() -> Response:
    """The same page as the worker keeps it."""
    return _shell().open.answer()


@pages.get("/phone/offline")
def offline() -> Response:
    """What a browser that knows the phone shows instead of any other page while there is no network."""
    return _shell().offline.answer()


@pages.get("/phone/guides.json")
def guides() -> Response:
    """How to help with each kind, step by step: data of the program, the same for everybody."""
    return _shell().guides.answer()


@pages.get("/phone/words.json")
def words() -> Response:
    """What the other screens say."""
    return _shell().words.answer()


@pages.get("/sw.js")
def worker() -> Response:
    return _shell().worker.answer()


@pages.get("/phone/manifest.webmanifest")
def manifest() -> Response:
    """How the phone is put on a home screen."""
    assets: Assets = current_app.extensions["tdteam_assets"]
    icons = [
        {
            "src": assets.url(f"icons/{name}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for name, size, purpose in (
            ("app-192", 192, "any"),
            ("app-512", 512, "any"),
            ("maskable-512", 512, "maskable"),
        )
    ]
    answer = jsonify(
        id="/phone/",
        name=_("Community digital team"),
        short_name=_("Digital team"),
        description=_("Write down the help given to each household, with or without a network"),
        lang=DEFAULT,
        dir="ltr",
        start_url="/phone/",
        scope="/phone/",
        display="standalone",
        orientation="portrait",
        background_color="#FFFFFF",
        theme_color="#FFFFFF",
        icons=icons,
    )
    answer.mimetype = "application/manifest+json"
    answer.headers["Cache-Control"] = "no-cache"
    return answer
