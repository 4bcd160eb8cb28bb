"""Households on the phone: found, told apart, added with their consent asked, corrected, and nothing of it lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.phone_steps import choose, phone_of, records, save, send_now
from tests.browser.screens import THEMES, Visitors, check_reachable, shoot

CONSENT = "Hộ có đồng ý cho lưu thông tin để được hỗ trợ không?"


def households_of(visitors: Visitors, theme: str = "light", *, worker: bool = False) -> Page:
    page = phone_of(visitors, theme=theme, worker=worker)
    page.get_by_role("link", name="Hộ", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="hộ").last).to_be_visible()
    return page


def add_household(page: Page, head: str, year: str = "1971") -> None:
    page.get_by_role("link", name="Thêm hộ mới").click()
    page.get_by_label("Chủ hộ", exact=True).fill(head)
    page.get_by_label("Năm sinh chủ hộ").fill(year)
    page.get_by_role("button", name="Lưu hộ này").click()


def test_filters_leave_the_households_they_name(visitors: Visitors) -> None:
    page = households_of(visitors)
    count = page.locator("main p[role=status]")
    whole = int(count.inner_text().split()[0])
    choose(page, "Chưa có mức 2")
    left = int(count.inner_text().split()[0])
    assert 0 < left < whole
    for line in page.locator("ul.pick li").all()[:10]:
        have, of = line.locator(".st", has_text="Định danh mức 2").inner_text().split()[-1].split("/")
        assert int(have) < int(of)
    choose(page, "Có hẹn")
    for line in page.locator("ul.pick li").all()[:10]:
        expect(line.locator(".st", has_text="Hẹn")).to_be_visible()
    choose(page, "Chưa đến")
    for line in page.locator("ul.pick li").all()[:10]:
        expect(line.locator(".st", has_text="Chưa đến")).to_be_visible()


def test_possible_twins_are_shown_before_a_household_is_saved(visitors: Visitors) -> None:
    page = households_of(visitors)
    head = page.locator("ul.pick li b").first.inner_text()
    add_household(page, head.upper(), "")
    question = page.get_by_role("dialog", name="Có phải một trong các hộ này không?")
    expect(question).to_contain_text(head)
    check_reachable(page)
    assert records(page) == []
    page.keyboard.press("Escape")
    expect(question).to_have_count(0)
    expect(page.get_by_label("Chủ hộ", exact=True)).to_have_value(head.upper())
    page.get_by_role("button", name="Lưu hộ này").click()
    question.get_by_role("button", name=head).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(head)
    assert records(page) == []


def test_consent_is_asked_and_never_ticked_beforehand(visitors: Visitors) -> None:
    page = households_of(visitors)
    page.get_by_role("link", name="Thêm hộ mới").click()
    asked = page.get_by_role("group", name=CONSENT)
    expect(asked.locator(":checked")).to_have_count(0)
    page.get_by_label("Chủ hộ", exact=True).fill("Sùng Thị Thử")
    choose(asked, "Đồng ý")
    page.get_by_role("button", name="Lưu hộ này").click()
    expect(page.locator("[data-field=method] .err")).to_be_visible()
    choose(page, "Nói trực tiếp")
    save(page, "Lưu hộ này")
    body = records(page)[0]["body"]
    assert (body["head"], body["consent"]["consent"], body["consent"]["method"]) == (
        "Sùng Thị Thử",
        True,
        "spoken",
    )
    send_now(page)
    assert records(page)[0]["verdict"] == "accepted"


def test_a_household_added_without_network_is_visited_at_once(visitors: Visitors) -> None:
    page = households_of(visitors, worker=True)
    page.context.set_offline(True)
    add_household(page, "GIÀNG A THỬ NGHIỆM")
    expect(page.get_by_role("heading", level=1)).to_have_text("Giàng A Thử Nghiệm")
    page.get_by_role("link", name="Ghi lượt hỗ trợ").click()
    choose(page, "Kỹ năng số", "Đã hướng dẫn")
    save(page)
    page.get_by_role("searchbox").fill("giang a thu")
    expect(page.locator("ul.pick li b").first).to_have_text("Giàng A Thử Nghiệm")
    page.context.set_offline(False)
    send_now(page)
    assert [(one["kind"], one["verdict"]) for one in records(page)] == [
        ("household", "accepted"),
        ("visit", "accepted"),
    ]


def test_people_are_added_corrected_and_named_in_a_visit(visitors: Visitors) -> None:
    page = households_of(visitors)
    add_household(page, "Lò Văn Pâng Hai")
    page.get_by_role("link", name="Thêm người").click()
    page.get_by_label("Họ và tên").fill("LÒ THỊ 2")
    page.get_by_label("Năm sinh").fill("1990")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator("[data-field=name] .err")).to_contain_text("Họ tên chỉ gồm chữ")
    page.get_by_label("Họ và tên").fill("LÒ THỊ HAI")
    save(page, "Lưu")
    page.get_by_role("link", name="Lò Thị Hai").click()
    page.get_by_label("Năm sinh").fill("1991")
    save(page, "Lưu")
    expect(page.get_by_role("link", name="Lò Thị Hai")).to_contain_text("1991")
    page.get_by_role("link", name="Ghi lượt hỗ trợ").click()
    choose(page, "Cài VNeID", "Đã cài", "Lò Thị Hai")
    save(page, "Lưu")
    send_now(page)
    home, person, edit, visit = records(page)
    assert [one["verdict"] for one in (home, person, edit, visit)] == ["accepted"] * 4
    assert edit["body"]["base"] == {"birth_year": 1990}
    assert edit["body"]["set"] == {"birth_year": 1991}
    assert visit["body"]["assists"][0]["resident_id"] == person["id"]


def test_a_household_is_corrected_field_by_field(visitors: Visitors) -> None:
    page = households_of(visitors)
    page.locator("ul.pick li a").nth(5).click()
    page.get_by_role("link", name="Sửa", exact=True).click()
    page.get_by_label("Điện thoại", exact=True).fill("12")
    page.get_by_role("button", name="Lưu bản sửa").click()
    expect(page.locator("[data-field=phone] .err")).to_contain_text("đủ 10 số")
    page.get_by_label("Điện thoại", exact=True).fill("0912 345 678")
    save(page, "Lưu bản sửa")
    expect(page.locator("main")).to_contain_text("0912 345 678")
    send_now(page)
    (edit,) = records(page)
    assert edit["verdict"] == "accepted"
    assert edit["body"]["set"] == {"phone": "0912345678"}
    assert edit["base_version"] >= 1


def test_a_half_written_household_is_there_again(visitors: Visitors) -> None:
    page = households_of(visitors)
    page.get_by_role("link", name="Thêm hộ mới").click()
    page.get_by_label("Chủ hộ", exact=True).fill("Phàn Tả Mẩy")
    page.wait_for_timeout(400)
    page.reload()
    expect(page.get_by_label("Chủ hộ", exact=True)).to_have_value("Phàn Tả Mẩy")


@pytest.mark.parametrize("theme", THEMES)
def test_the_screens_of_households_are_reachable(visitors: Visitors, theme: str) -> None:
    page = households_of(visitors, theme)
    check_reachable(page)
    shoot(page, "phone-households")
    page.locator("ul.pick li a").first.click()
    expect(page.get_by_role("heading", name="Người trong hộ")).to_be_visible()
    check_reachable(page)
    shoot(page, "phone-household")
    page.get_by_role("link", name="Sửa", exact=True).click()
    expect(page.get_by_label("Chủ hộ", exact=True)).to_be_visible()
    page.evaluate("() => document.documentElement.style.setProperty('font-size', '200%')")
    check_reachable(page)
    shoot(page, "phone-household-form")


def test_a_slow_phone_shows_the_household_it_has_just_saved(visitors: Visitors) -> None:
    page = households_of(visitors)
    page.evaluate(
        """() => {
            const open = IDBDatabase.prototype.transaction;
            IDBDatabase.prototype.transaction = function (stores, mode, more) {
                if (mode !== "readwrite" && [stores].flat().includes("records")) {  // who reads waits for a slow writer
                    const busy = open.call(this, "records", "readwrite");
                    const until = performance.now() + 400;
                    const go = () => performance.now() < until && (busy.objectStore("records").count().onsuccess = go);
                    go();
                }
                return open.call(this, stores, mode, more);
            };
        }"""
    )
    seen = page.evaluate_handle(
        """() => {
            const said = [];
            new MutationObserver(() => {
                const words = document.querySelector("main")?.innerText ?? "";
                if (words.includes("không có trong danh sách")) said.push(words);
            }).observe(document.body, {childList: true, subtree: true});
            return said;
        }"""
    )
    add_household(page, "Ma Thị Pổng")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ma Thị Pổng")
    expect(page.get_by_role("link", name="Thêm người")).to_be_visible()
    assert seen.json_value() == []
