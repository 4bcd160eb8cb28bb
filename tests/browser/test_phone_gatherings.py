"""Gatherings written on this phone are read, corrected and taken out there, like visits."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.phone_steps import choose, phone_of, records, save, send_now
from tests.browser.phone_world import go
from tests.browser.screens import THEMES, Visitors, check_reachable, shoot


def hold(page: Page, topic: str = "Làm mức 2 cho người già") -> None:
    """A gathering of thirty is written down."""
    go(page, "#/gathering", "Buổi tuyên truyền, hướng dẫn")
    page.get_by_label("Nội dung gì?").fill(topic)
    page.get_by_label("Tất cả").fill("30")
    choose(page, "Kỹ năng số", "Đã hướng dẫn")
    save(page, "Lưu buổi này")


def open_first(page: Page) -> None:
    go(page, "#/gathering", "Buổi tuyên truyền, hướng dẫn")
    page.get_by_role("link", name="Các buổi đã ghi trên máy này (1)").click()
    page.locator("ul.pick li a").first.click()
    expect(page.locator("#title")).to_have_text("Một buổi hướng dẫn")


def test_one_that_arrived_is_corrected_and_then_taken_out_with_a_reason(visitors: Visitors) -> None:
    page = phone_of(visitors)
    hold(page)
    send_now(page)
    open_first(page)
    expect(page.locator("main")).to_contain_text("Làm mức 2 cho người già")
    page.get_by_role("link", name="Sửa buổi này").click()
    expect(page.get_by_label("Tất cả")).to_have_value("30")
    page.get_by_label("Tất cả").fill("35")
    page.get_by_label("Nữ", exact=True).fill("0")
    page.get_by_role("button", name="Lưu bản sửa").click()
    expect(page.locator(".toast")).to_contain_text("Đã lưu")
    send_now(page)
    first, second = records(page)
    assert (second["body"]["corrects"], second["base_version"]) == (first["id"], 1)
    assert (second["verdict"], second["version"]) == ("accepted", 2)
    assert (second["body"]["attended"], second["body"]["women"]) == (35, 0)
    open_first(page)
    expect(page.locator("main")).to_contain_text("35")
    page.get_by_role("button", name="Bỏ buổi này").click()
    page.locator("#act").get_by_role("button", name="Bỏ buổi này").click()
    expect(page.locator(".summary")).to_contain_text("Ô này chưa điền")
    page.get_by_label("Vì sao?").fill("Ghi trùng")
    page.locator("#act").get_by_role("button", name="Bỏ buổi này").click()
    expect(page.locator(".toast")).to_contain_text("Đã bỏ buổi này")
    send_now(page)
    last = records(page)[-1]
    assert (last["kind"], last["body"]["why"], last["verdict"]) == ("gathering", "Ghi trùng", "accepted")
    go(page, "#/gathering/list", "Buổi tuyên truyền, hướng dẫn")
    expect(page.get_by_text("Chưa ghi buổi nào trên máy này")).to_be_visible()


def test_one_that_nobody_sent_yet_is_changed_in_place(visitors: Visitors) -> None:
    page = phone_of(visitors)
    go(page, "#/gathering", "Buổi tuyên truyền, hướng dẫn")  # its module is here by now
    page.context.set_offline(True)
    hold(page)
    (before,) = records(page)
    open_first(page)
    expect(page.locator("main")).to_contain_text("Chưa gửi")
    page.get_by_role("link", name="Sửa buổi này").click()
    page.get_by_label("Nội dung gì?").fill("Thanh toán bằng mã QR")
    page.get_by_role("button", name="Lưu bản sửa").click()
    expect(page.locator(".toast")).to_contain_text("Đã lưu")
    (after,) = records(page)
    assert (after["id"], after["seq"], after["body"]["topic"]) == (
        before["id"],
        before["seq"],
        "Thanh toán bằng mã QR",
    )
    assert "corrects" not in after["body"] and "target" not in after["body"]
    page.context.set_offline(False)
    send_now(page)
    assert [one["verdict"] for one in records(page)] == ["accepted"]


@pytest.mark.parametrize("theme", THEMES)
def test_everybody_can_use_it(visitors: Visitors, theme: str) -> None:
    page = phone_of(visitors, theme=theme)
    page.set_viewport_size({"width": 360, "height": 740})
    go(page, "#/gathering", "Buổi tuyên truyền, hướng dẫn")  # its module is here by now
    page.context.set_offline(True)
    hold(page)
    go(page, "#/gathering", "Buổi tuyên truyền, hướng dẫn")
    shoot(page, "gathering-form")
    open_first(page)
    check_reachable(page)
    shoot(page, "gathering")
    page.get_by_role("button", name="Bỏ buổi này").click()
    check_reachable(page)
    shoot(page, "gathering-out")
    go(page, "#/gathering/list", "Buổi tuyên truyền, hướng dẫn")
    check_reachable(page)
    shoot(page, "gathering-list")
