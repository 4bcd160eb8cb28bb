"""A half-written form outlives the sign-in it was begun under."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.screens import Visitors, sign_in
from tests.browser.test_journeys import VISIT, choose_home


def test_a_form_left_open_over_a_sign_in_is_sent_again_as_it_was_typed(visitors: Visitors) -> None:
    """Two tabs of one computer: in the second somebody signs out and in while a visit is half written in the first."""
    page = visitors("canbo")
    page.goto("/visits/new")
    head = choose_home(page)
    page.select_option("#assists-0-kind", "SKILL")
    page.select_option("#assists-0-outcome", "done")
    note = page.locator("#note")
    note.fill("Hẹn sáng thứ năm.\nMang theo giấy tờ & ảnh.")
    other = page.context.new_page()
    other.goto("/help")
    other.locator(".side summary").click()
    other.get_by_role("button", name="Đăng xuất").click()
    page.locator("button.go[type=submit]").last.click()
    expect(page.locator("h1")).to_have_text("Phiên đăng nhập đã hết")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Đăng nhập ở thẻ khác").click()
    sign_in(opened.value, "canbo")
    page.get_by_role("button", name="Gửi lại").click()
    expect(page.locator("h1")).to_have_text("Trang mở quá lâu")
    page.get_by_role("button", name="Gửi lại").click()
    page.wait_for_url(VISIT)
    expect(page.locator("main")).to_contain_text(head.split(" (")[0])
    expect(page.locator("main")).to_contain_text("Mang theo giấy tờ & ảnh.")
