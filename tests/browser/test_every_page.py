"""Every kind of page: nothing serious for axe in either theme, nothing wider than the screen, one h1."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.screens import Visitors, shoot

WIDTHS = (1366, 360, 320)
PAGES: dict[str, tuple[str | None, str, str | None]] = {
    # name: who looks, where, and which link there leads on to the page
    "sign-in": (None, "/sign-in", None),
    "home": ("canbo", "/", None),
    "visits": ("canbo", "/visits/", None),
    "visit-new": ("canbo", "/visits/new", None),
    "visit": ("canbo", "/visits/", "table tbody th a"),
    "teams": ("canbo", "/teams/", None),
    "team": ("canbo", "/?state=silent", "table tbody th a"),
    "households": ("canbo", "/households/", None),
    "report": ("canbo", "/", "h1 ~ * a[href*='/reports/'], a.go[href*='/reports/']"),
    "imports": ("canbo", "/imports/", None),
    "coverage": ("giamsat", "/coverage", None),
    "accounts": ("quantri", "/accounts/", None),
    "audit": ("kiemtoan", "/audit/", None),
    "help": (None, "/help", None),
    "privacy": (None, "/privacy", None),
}


def serious(page: Page) -> list[tuple[str, list[str]]]:
    found = Axe().run(page, options={"iframes": False, "rules": {"frame-tested": {"enabled": False}}})
    return [
        (fault["id"], [node["html"] for node in fault["nodes"]][:3])
        for fault in found.response["violations"]
        if fault["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_used_by_everybody(visitors: Visitors, name: str) -> None:
    who, path, link = PAGES[name]
    page = visitors(who)
    page.goto(path)
    if link:
        page.locator(link).first.click()
        page.wait_for_load_state()
    assert page.locator("h1").count() == 1
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        assert serious(page) == [], theme
        shoot(page, name)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 740})
        wide = page.evaluate(
            "() => document.scrollingElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, f"{wide} px wider than a screen of {width}"
        shoot(page, name)
    assert serious(page) == [], "on a narrow phone"
