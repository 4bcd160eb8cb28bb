"""Modules of the phone run by themselves in a page of their own, for twins: the same values in, the same out."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from playwright.sync_api import Browser, Page, Route

from tests.browser.site import ROOT

BASE = "http://phone.test"
BLANK = '<!doctype html><html lang="vi"><meta charset="utf-8"><title>.</title><body><main id="main"></main>'

BATCHES = settings(
    max_examples=20,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a batch says by itself which one differs
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
    ],
)


def _serve(route: Route) -> None:
    path = route.request.url.removeprefix(BASE).split("?")[0].lstrip("/")
    file = ROOT / path
    if path and path.startswith("static/") and file.is_file():
        kind = mimetypes.guess_type(file.name)[0] or "text/plain"
        kind = "text/javascript" if file.suffix == ".js" else kind
        route.fulfill(body=file.read_bytes(), headers={"content-type": kind})
    else:
        route.fulfill(body=BLANK, headers={"content-type": "text/html"}, status=404 if path else 200)


class Modules:
    """`call("todo.js", "todo", [args, …])`: one function, many lists of arguments, one journey to the browser."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def call(self, module: str, name: str, many: list[list[Any]]) -> list[Any]:
        answers: list[Any] = self.page.evaluate(
            """async ([module, name, many]) => {
                const found = await import(`/static/js/phone/${module}`);
                return many.map((args) => found[name](...args));
            }""",
            [module, name, many],
        )
        return answers


@contextmanager
def modules(browser: Browser) -> Iterator[Modules]:
    context = browser.new_context()
    page = context.new_page()
    page.route(f"{BASE}/**", _serve)
    page.goto(f"{BASE}/")
    yield Modules(page)
    context.close()


@pytest.fixture(scope="module")
def phone_page(browser: Browser) -> Iterator[Modules]:
    with modules(browser) as found:
        yield found
