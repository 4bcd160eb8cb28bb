"""What the phone's shell weighs, and that everybody can use each of its screens in either theme and with large letters."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request, expect

from tests.browser.handset import SLOW
from tests.browser.phone_steps import phone_of
from tests.browser.phone_world import bigger
from tests.browser.screens import THEMES, Visitors, check_reachable

SHELL = 60 * 1024
"""Bytes of the first load that the issue allows, as they go over the line and without fonts."""
TABS = ("log", "households", "todo", "month", "more")
ENHANCED = {"runOnly": {"type": "rule", "values": ["color-contrast-enhanced"]}}


def test_the_shell_of_a_new_phone_weighs_no_more_than_60_kb(visitors: Visitors) -> None:
    """All that the first screen needs: the page, its styles, scripts, words, pictures."""
    page = visitors(None, "phone", service_workers="block")
    asked: list[Request] = []
    page.on("requestfinished", lambda one: asked.append(one))
    page.goto("/phone/", wait_until="networkidle")
    expect(page.get_by_role("link", name="Đăng nhập bằng mật khẩu")).to_be_visible(timeout=SLOW)
    weights = {
        one.url.removeprefix(visitors.site.url): one.sizes()["responseBodySize"]
        for one in asked
        if one.resource_type != "font" and not one.url.startswith("data:")
    }
    assert any("/js/phone/app" in path for path in weights) and any(path.endswith(".css") for path in weights)
    heaviest = sorted(weights.items(), key=lambda one: -one[1])[:12]
    assert 0 < sum(weights.values()) <= SHELL, (sum(weights.values()), heaviest)


def show(page: Page, tab: str) -> None:
    page.locator(f"#bar a[data-tab={tab}]").click()
    expect(page.locator(f"#bar a[data-tab={tab}]")).to_have_attribute("aria-current", "page", timeout=SLOW)
    expect(page.locator("#main")).not_to_be_empty()


@pytest.mark.parametrize("theme", THEMES)
def test_every_tab_can_be_used_by_everybody(visitors: Visitors, theme: str) -> None:
    """At the usual size and with the letters twice as large; text stands out 7 to 1."""
    page = phone_of(visitors, theme=theme)
    for tab in TABS:
        show(page, tab)
        check_reachable(page)
        found = Axe().run(page, options=ENHANCED)
        assert found.violations_count == 0, found.generate_report()
    bigger(page)
    for tab in TABS:
        show(page, tab)
        check_reachable(page)
