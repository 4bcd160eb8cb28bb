"""Where a browser lacks what the phone stands on, it is said plainly, and nothing pretends to be saved."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.phone_steps import phone_of
from tests.browser.screens import THEMES, Visitors, check_reachable, shoot

FAR = "http://phone.example"
NO_STORE = "Object.defineProperty(globalThis, 'indexedDB', {value: undefined});"
SHUT_STORE = (
    "IDBFactory.prototype.open = () => { throw new DOMException('private window', 'SecurityError'); };"
)
NO_WORKER = "delete Navigator.prototype.serviceWorker;"


def unsafe(visitors: Visitors, theme: str = "light") -> Page:
    """The real pages at an address without https that is not this machine's own: the browser itself calls it unsafe."""
    page = visitors(None, "phone", theme, service_workers="block")

    def near(route: Route) -> None:
        route.fulfill(response=route.fetch(url=route.request.url.replace(FAR, visitors.site.url)))

    page.route(f"{FAR}/**", near)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{FAR}/phone/#/log")
    return page


@pytest.mark.parametrize("theme", THEMES)
def test_without_https_it_says_so_and_leads_to_the_safe_address(visitors: Visitors, theme: str) -> None:
    page = unsafe(visitors, theme)
    assert page.evaluate("() => isSecureContext") is False
    expect(page.locator("#main")).to_contain_text("Địa chỉ này không an toàn nên không lưu được gì")
    link = page.get_by_role("link", name="Mở địa chỉ https")
    expect(link).to_have_attribute("href", "https://phone.example/phone/#/log")
    expect(page.locator("#dock")).to_be_hidden()  # no tab that would only seem to work
    check_reachable(page)
    shoot(page, "ground-insecure")
    visitors.eye.faults[:] = [
        one for one in visitors.eye.faults if FAR not in one and "Opener-Policy" not in one
    ]


@pytest.mark.parametrize("script", [NO_STORE, SHUT_STORE])
def test_without_a_store_it_says_so_before_anybody_writes(visitors: Visitors, script: str) -> None:
    page = visitors(None, "phone", service_workers="block")
    page.add_init_script(script)
    page.goto("/phone/")
    expect(page.locator("#main")).to_contain_text("Trình duyệt này không cho lưu trên máy nên không ghi được")
    expect(page.locator("#main")).to_contain_text("không dùng cửa sổ ẩn danh")
    expect(page.locator("#dock")).to_be_hidden()
    check_reachable(page)
    shoot(page, "ground-store")
    visitors.eye.faults[:] = [one for one in visitors.eye.faults if "private window" not in one]


def test_without_a_worker_it_works_and_says_what_does_not(visitors: Visitors) -> None:
    page = visitors("totruong", "phone", service_workers="block")
    page.add_init_script(NO_WORKER)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/phone/")
    page.get_by_role("link", name="Để sau").click()
    expect(page.get_by_role("heading", name="Gần đây")).to_be_visible()
    expect(page.locator(".hints")).to_contain_text("Mất mạng thì không mở được ứng dụng ở trình duyệt này")
    check_reachable(page)
    shoot(page, "ground-worker")


def test_an_ordinary_browser_is_told_nothing(visitors: Visitors) -> None:
    page = phone_of(visitors)
    expect(page.locator(".hints")).to_have_text("")
