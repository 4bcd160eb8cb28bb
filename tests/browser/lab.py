"""Modules of the phone in tabs of a real browser, with a server that lives in the page (`fakes.js`): for what is saved, sent and
kept. The address is a secure one for the browser, as hashing and locks ask for."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Route

from tests.browser.site import ROOT

BASE = "http://localhost"
BLANK = '<!doctype html><html lang="vi"><meta charset="utf-8"><title>.</title><body>'
OPEN = ("static/", "tests/browser/fakes.js")
_RUN = """async ([body, given]) => {
    const fakes = await import("/tests/browser/fakes.js");
    const AsyncFunction = (async () => {}).constructor;
    const hangs = new Promise((_, refuse) => setTimeout(() => refuse(new Error("two minutes and no end")), 120_000));
    return Promise.race([new AsyncFunction("f", "given", body)(fakes, given), hangs]);
}"""


def _serve(route: Route) -> None:
    path = route.request.url.removeprefix(BASE).split("?")[0].lstrip("/")
    if path.startswith(OPEN) and (ROOT / path).is_file():
        kind = "text/javascript" if path.endswith(".js") else mimetypes.guess_type(path)[0] or "text/plain"
        route.fulfill(body=(ROOT / path).read_bytes(), headers={"content-type": kind})
    else:
        route.fulfill(body=BLANK, headers={"content-type": "text/html"}, status=404 if path else 200)


class Lab:
    """One browser profile; `tab()` opens pages that share its storage."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.faults: list[str] = []
        context.route(f"{BASE}/**", _serve)
        self.page = self.tab()

    def tab(self) -> Page:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.goto(f"{BASE}/")
        return page

    def run(self, body: str, given: Any = None, *, page: Page | None = None) -> Any:
        """The value a piece of JavaScript returns; in it, `f` is fakes.js and `given` what was handed over."""
        return (page or self.page).evaluate(_RUN, [body, given])

    def quota(self, size: int) -> None:
        """How many bytes the browser may keep for this origin. It looks at first use, and again once it is full."""
        self.asking = self.context.new_cdp_session(self.page)  # held: the limit goes with it
        self.asking.send("Storage.overrideQuotaForOrigin", {"origin": BASE, "quotaSize": size})


@contextmanager
def lab(browser: Browser) -> Iterator[Lab]:
    context = browser.new_context(
        timezone_id="America/New_York"
    )  # days are those of Viet Nam wherever the phone is
    made = Lab(context)
    yield made
    context.close()
    assert not made.faults, "\n".join(made.faults)
