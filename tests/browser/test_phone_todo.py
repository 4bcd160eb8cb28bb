"""What to do next, as a team leader reads it on the phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.phone_steps import choose, save
from tests.browser.phone_world import (
    DUE,
    FRESH,
    LATE,
    POOR,
    VILLAGE,
    bigger,
    follow_up,
    go,
    in_box,
    phone_with,
    roster,
)
from tests.browser.screens import THEMES, Visitors, check_reachable, shoot

PLANS = [
    {"id": 7, "title": "Công an xã làm mức 2", "on": "2026-11-25", "from": "14:00", "to": "16:30"},
    {"id": 8, "title": "Tập huấn thanh toán số", "on": "2026-11-24", "from": "", "to": "", "cancelled": True},
]
FULL = {
    "outreach": [
        {"place": "Nhà văn hóa thôn", "note": "", "village_ids": [VILLAGE], "cancelled": False, **plan}
        for plan in PLANS
    ],
    "filings": [
        {
            "id": "f1",
            "village_id": VILLAGE,
            "household_id": DUE,
            "code": "G22.99.08-261021-000123",
            "procedure": "BIRTH",
            "submitted_on": "2026-10-21",
            "due_on": "2026-11-19",
            "state": "submitted",
        }
    ],
}


def at_todo(visitors: Visitors, theme: str = "light", **more: object) -> Page:
    page = phone_with(visitors, roster(**{**FULL, **more}), theme=theme)
    go(page, "#/todo", "Việc cần làm")
    expect(page.locator(".todo").first).to_be_visible()
    return page


def names(page: Page, heading: str) -> list[str]:
    part = page.locator("section", has=page.get_by_role("heading", name=heading))
    return part.locator(".todo b").all_inner_texts()


def test_what_is_late_comes_first_and_says_since_when(visitors: Visitors) -> None:
    page = at_todo(visitors)
    headings = page.locator("main h2").all_inner_texts()
    assert [one.split(" (")[0] for one in headings] == [
        *("Quá hẹn", "Hôm nay, thứ Hai 23/11", "Lịch của xã", "Đang giúp dở", "Năm nay chưa đến"),
    ]
    late = page.locator("section", has=page.get_by_role("heading", name="Quá hẹn")).locator("li")
    expect(late.nth(0)).to_contain_text("Đăng ký khai sinh, nộp 21/10")
    expect(late.nth(0)).to_contain_text("Hẹn trả 19/11, quá 4 ngày")
    expect(late.nth(1)).to_contain_text("Kích hoạt mức 2: Đang làm dở")
    expect(late.nth(1)).to_contain_text("Hẹn 20/11, quá 3 ngày")
    expect(late.nth(1).get_by_role("link", name="Gọi Lý Thị Mẩy")).to_have_attribute("href", "tel:0912345678")
    assert names(page, "Năm nay chưa đến") == ["Sùng Thị Chúng", "Lò Văn Pâng"]  # the poor household first


def test_the_commune_comes_with_place_and_hour_and_says_when_it_does_not(visitors: Visitors) -> None:
    page = at_todo(visitors)
    plans = page.locator("section", has=page.get_by_role("heading", name="Lịch của xã")).locator("li")
    expect(plans.nth(0)).to_contain_text("Đã hủy: thứ Ba 24/11")
    expect(plans.nth(1)).to_contain_text("thứ Tư 25/11, 14:00\u201316:30")
    expect(plans.nth(1)).to_contain_text("Nhà văn hóa thôn")
    plans.nth(1).get_by_role("link", name="2 hộ còn người chưa có mức 2").click()
    expect(page.locator(".todo li")).to_have_count(2)


def test_a_figure_shows_only_what_it_counts(visitors: Visitors) -> None:
    page = at_todo(visitors)
    sums = page.get_by_role("navigation", name="Chỉ xem")
    assert sums.get_by_role("link").all_inner_texts() == [
        *("2\nQuá hẹn", "1\nHôm nay", "2\nLàm dở", "1\nHồ sơ", "2\nChưa đến", "2\nChưa mức 2"),
    ]
    sums.get_by_role("link", name="Hôm nay").click()
    expect(page.locator(".todo b")).to_have_text(["Vàng Văn Sinh"])
    page.get_by_role("link", name="Xem tất cả").click()
    expect(page.locator(".todo b")).to_have_count(8)


def test_a_visit_settles_what_was_promised_before_anything_is_sent(visitors: Visitors) -> None:
    page = at_todo(visitors)
    page.get_by_role("link", name="Ghi lượt cho Vàng Văn Sinh").last.click()
    expect(page.locator(".who b")).to_have_text("Vàng Văn Sinh")
    choose(page, "Kỹ năng số", "Đã hướng dẫn")
    save(page)
    go(page, "#/todo", "Việc cần làm")
    expect(page.get_by_role("heading", name="Hôm nay, thứ Hai 23/11")).to_have_count(0)
    page.get_by_role("link", name="Hôm nay").click()
    expect(page.locator(".empty")).to_contain_text("Không có việc nào loại này")


def test_nobody_home_keeps_the_promise_and_a_new_date_moves_it(visitors: Visitors) -> None:
    page = at_todo(visitors)
    visit = {
        "village_id": VILLAGE,
        "team_id": 1,
        "household_id": LATE,
        "visited_on": "2026-11-23",
        "contact": "nobody_home",
        "assists": [],
    }
    add = "(box, body) => box.add({kind: 'visit', body})"
    in_box(page, add, {**visit, "return_on": None})
    expect(page.locator(".todo li", has_text="Lý Thị Mẩy")).to_contain_text("Lần trước vắng nhà")
    assert "Lý Thị Mẩy" in names(page, "Quá hẹn")
    in_box(page, add, {**visit, "return_on": "2026-11-27"})
    expect(page.get_by_role("heading", name="Trong 7 ngày tới")).to_be_visible()
    assert names(page, "Trong 7 ngày tới") == ["Lý Thị Mẩy"]


def test_a_long_list_shows_ten_and_then_all(visitors: Visitors) -> None:
    told = roster()
    many = [
        {**told["households"][2], "id": f"01920000-0000-7000-8000-0000000001{n:02}", "head": f"Hộ {n}"}
        for n in range(24)
    ]
    page = at_todo(visitors, households=[*told["households"], *many], outreach=[], filings=[])
    part = page.locator("section", has=page.get_by_role("heading", name="Năm nay chưa đến"))
    expect(part.locator("li")).to_have_count(10)
    part.get_by_role("button", name="Còn 16 nữa").click()
    expect(part.locator("li")).to_have_count(26)


def test_where_nothing_is_left_the_page_says_what_to_do(visitors: Visitors) -> None:
    done = [one for one in roster()["households"] if one["id"] not in (FRESH, POOR)]
    page = phone_with(visitors, roster(households=done, follow_ups=[]))
    go(page, "#/todo", "Việc cần làm")
    expect(page.locator(".empty")).to_contain_text("Không còn việc nào")
    page.locator(".empty").get_by_role("link", name="Ghi lượt hỗ trợ").click()
    expect(page.locator("#title")).to_have_text("Ghi lượt hỗ trợ")


@pytest.mark.parametrize("theme", THEMES)
def test_everybody_can_read_it(visitors: Visitors, theme: str) -> None:
    outside = follow_up("v9", LATE, "2026-11-25")
    page = at_todo(visitors, theme, follow_ups=[*roster()["follow_ups"], {**outside, "household_id": None}])
    expect(page.locator(".todo b", has_text="Người ngoài danh sách")).to_be_visible()
    check_reachable(page)
    shoot(page, "phone-todo")
    bigger(page)
    check_reachable(page)
    shoot(page, "phone-todo-200", full=False)
