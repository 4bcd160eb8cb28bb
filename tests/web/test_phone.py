"""The phone's shell: the same bytes for everybody, all it needs named to the worker, nobody's data in it."""

from __future__ import annotations

import gzip
import hashlib
import json
import re

from flask import Flask
from werkzeug.test import Client
from werkzeug.wrappers import Response

from tdteam.web.assets import Assets
from tdteam.web.phone import AGAIN, FIRST, SPOKEN, closure, words_of
from tests.cast import Cast
from tests.client import CheckingClient

SHELL = (
    *("/phone/", "/phone/open", "/phone/offline", "/phone/guides.json", "/phone/words.json"),
    *("/sw.js", "/phone/manifest.webmanifest"),
)


def files(client: CheckingClient) -> dict[str, str]:
    """What the worker keeps: address -> start of its hash."""
    found = re.search(r"const FILES = (\{.*\});", client.get("/sw.js").text)
    assert found
    kept: dict[str, str] = json.loads(found[1])
    return kept


def test_everybody_gets_the_same_shell_and_no_cookie(client: CheckingClient, cast: Cast) -> None:
    strangers = {path: client.get(path) for path in SHELL}
    client.sign_in(cast.hai)
    for path, answer in strangers.items():
        assert answer.status_code == 200, path
        assert answer.data == client.get(path).data, path
        assert "Set-Cookie" not in answer.headers, path
        assert answer.headers["Cache-Control"] == "no-cache", path


def test_each_part_is_asked_for_again_and_not_sent_twice(app: Flask) -> None:
    client = Client(app, Response)
    for path in SHELL[:6]:
        plain = client.get(path, headers={"Accept-Encoding": "identity"})
        small = client.get(path, headers={"Accept-Encoding": "gzip"})
        assert gzip.decompress(small.data) == plain.data and len(small.data) < len(plain.data)
        assert "Accept-Encoding" in small.headers["Vary"]
        again = client.get(path, headers={"Accept-Encoding": "gzip", "If-None-Match": small.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


def test_the_worker_names_every_file_the_shell_asks_for_with_its_hash(client: CheckingClient) -> None:
    kept = files(client)
    for path, digest in kept.items():
        answer = client.get(path, headers={"Accept-Encoding": "identity"})
        assert answer.status_code == 200, path
        assert hashlib.sha256(answer.data).hexdigest().startswith(digest), path
        assert len(digest) == 32
    page = "".join(client.get(path).text for path in SHELL[:3])
    asked = set(re.findall(r'(?:src|href|data-sprite)="(/static/[^"]+)"', page))
    assert asked - set(kept) == {address for address in asked if "apple-touch" in address}


def test_the_worker_keeps_every_module_and_all_they_import(client: CheckingClient) -> None:
    assets = Assets()
    kept = files(client)
    modules = [name for name in assets.names() if name.startswith("js/phone/")]
    assert {assets.url(name) for name in closure(assets, tuple(modules))} <= set(kept)
    imported = re.findall(r'import\("(\./[^"]+)"\)', assets.text("js/phone/app.js"))
    assert imported  # tabs that are fetched when they are opened: offline too
    assert {assets.url(f"js/phone/{path.removeprefix('./')}") for path in imported} <= set(kept)


def test_what_the_first_screen_imports_is_asked_for_at_once(client: CheckingClient) -> None:
    page = client.get("/phone/").text
    early = re.findall(r'rel="modulepreload" href="/static/\w+/([^"]+)"', page)
    assert early == closure(Assets(), FIRST)
    assert {"js/phone/session.js", "js/phone/idb.js", "js/words.js"} <= set(early)
    # Three rounds of six connections, with the page's script, its sheet and the session; what runs first is asked for first.
    assert len(early) <= 15 and early[: len(closure(Assets(), FIRST[:1]))] == closure(Assets(), FIRST[:1])


def test_what_a_known_phone_shows_first_is_asked_for_at_once(client: CheckingClient) -> None:
    page = client.get("/phone/open").text
    early = re.findall(r'rel="modulepreload" href="/static/\w+/([^"]+)"', page)
    assert early == closure(Assets(), AGAIN)
    assert {"js/phone/outbox.js", "js/phone/tabs/log_pick.js"} <= set(early)
    assert not {"js/phone/tabs/welcome.js", "js/phone/tabs/log_form.js"} & set(early)


def test_the_first_load_stays_small(app: Flask) -> None:
    client = Client(app, Response)
    page = client.get("/phone/", headers={"Accept-Encoding": "gzip"})
    asked = re.findall(r'(?:src|href)="(/static/[^"]+\.(?:js|css))"', client.get("/phone/").text)
    sent = {path: client.get(path, headers={"Accept-Encoding": "gzip"}) for path in set(asked)}
    assert all(answer.headers["Content-Encoding"] == "gzip" for answer in sent.values())
    assert len(page.data) + sum(len(answer.data) for answer in sent.values()) <= 40_000


def test_the_worker_is_a_script_at_the_root(client: CheckingClient) -> None:
    answer = client.get("/sw.js")
    assert answer.content_type == "text/javascript; charset=utf-8"
    assert "worker-src 'self'" in client.get("/phone/").headers["Content-Security-Policy"]


def test_the_manifest_has_vietnamese_names_and_icons_that_exist(client: CheckingClient) -> None:
    answer = client.get("/phone/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    told = json.loads(answer.data)
    assert (told["id"], told["start_url"], told["scope"]) == ("/phone/", "/phone/", "/phone/")
    assert (told["lang"], told["display"]) == ("vi", "standalone")
    assert told["name"] == "Tổ công nghệ số cộng đồng" and len(told["short_name"]) <= 12
    assert {one["purpose"] for one in told["icons"]} == {"any", "maskable"}
    for one in told["icons"]:
        assert client.get(one["src"]).data.startswith(b"\x89PNG")


def test_the_first_words_come_with_the_page_and_the_others_apart(client: CheckingClient) -> None:
    page = client.get("/phone/").text
    block = re.search(r'<script type="application/json" id="words">(.*?)</script>', page, re.DOTALL)
    assert block and "<" not in block[1]
    first, others = json.loads(block[1]), json.loads(client.get("/phone/words.json").data)
    shown = {*closure(Assets(), FIRST), *closure(Assets(), AGAIN), *closure(Assets(), SPOKEN)}
    assert first == words_of(Assets(), sorted(shown))
    assert {**first, **others} == words_of(Assets())
    assert not set(first) & set(others) and len(first) < len(others)


def test_an_import_is_followed_however_it_is_written() -> None:
    texts = {
        "js/phone/a.js": 'import {\n  one,\n  two,\n} from "./b.js";\nexport { x } from "../w.js";\nimport "./c.js";',
        "js/phone/b.js": 'const later = () => import("./later.js");\nexport const f = (a = "./no.js") => a;',
        "js/phone/c.js": "import * as a from './a.js';",
        "js/w.js": "",
    }

    class Some:
        names = staticmethod(lambda: list(texts))
        text = staticmethod(lambda name: texts[name])

    assert closure(Some(), ("js/phone/a.js",)) == [
        "js/phone/a.js",
        "js/phone/b.js",
        "js/w.js",
        "js/phone/c.js",
    ]  # type: ignore[arg-type]
