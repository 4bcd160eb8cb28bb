"""A member writes down a visit on the phone: few touches, nothing lost, nothing wrong let through."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.phone_steps import choose, first_home, phone_of, records, save, send_now
from tests.browser.screens import THEMES, Visitors, check_reachable, shoot
from tests.browser.site import ROOT

KINDS = json.loads((ROOT / "tdteam/data/assist_kinds.json").read_text("utf-8"))


def chosen(page: Page) -> list[str]:
    """The words of every box that is chosen."""
    found: list[str] = page.evaluate(
        "() => [...document.querySelectorAll('main .ch :checked')].map((one) => one.nextSibling.textContent)"
    )
    return found


def test_a_repeat_visit_takes_four_touches_and_reaches_the_commune_once(visitors: Visitors) -> None:
    page = phone_of(visitors)
    page.evaluate(
        "() => { window.touches = 0; addEventListener('click', (e) => e.isTrusted && window.touches++, true); }"
    )
    first_home(page)
    choose(page, "Cài VNeID", "Đã cài")
    save(page)
    # A touch of a label is told twice, once for its box: count what the finger did.
    assert 4 <= page.evaluate("window.touches") <= 6
    (kept,) = records(page)
    assert kept["state"] == "waiting"
    assert kept["body"]["assists"][0]["kind"] == "VNEID_INSTALL"
    expect(page.locator("#status")).to_contain_text("Chờ gửi (1)")
    send_now(page)
    (sent,) = records(page)
    assert (sent["state"], sent["verdict"]) == ("received", "accepted")
    desk = visitors("canbo")
    desk.goto(f"/visits/{sent['id']}")
    expect(desk.locator("main")).to_contain_text("Cài VNeID")


def test_a_visit_can_be_taken_back_and_the_form_is_as_it_was(visitors: Visitors) -> None:
    page = phone_of(visitors)
    name = first_home(page)
    choose(page, "Kỹ năng số", "Đang học")
    page.get_by_text("Ghi thêm").click()
    page.get_by_label("Ghi chú").fill("Hẹn tuần sau học tiếp")
    save(page)
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.locator(".who b")).to_have_text(name)
    assert {"Kỹ năng số", "Đang học"} <= set(chosen(page))
    expect(page.get_by_label("Ghi chú")).to_have_value("Hẹn tuần sau học tiếp")
    assert records(page) == []


def test_a_half_written_visit_is_there_after_the_browser_was_closed(visitors: Visitors) -> None:
    page = phone_of(visitors)
    name = first_home(page, 1)
    choose(page, "Nhà văn hóa", "Kích hoạt mức 2", "Chưa kích hoạt được")
    page.get_by_label("Vì sao chưa được?").select_option("NO_OTP")
    page.get_by_text("Ghi thêm").click()
    page.get_by_label("Ghi chú").fill("Gọi con trai 0912345678")
    page.wait_for_timeout(500)
    again = page.context.new_page()
    visitors.eye.watch(again)
    page.close(run_before_unload=False)
    again.goto("/phone/")
    expect(again.locator(".who b")).to_have_text(name)
    assert {"Nhà văn hóa", "Kích hoạt mức 2", "Chưa kích hoạt được"} <= set(chosen(again))
    expect(again.get_by_label("Vì sao chưa được?")).to_have_value("NO_OTP")
    expect(again.get_by_label("Ghi chú")).to_have_value("Gọi con trai 0912345678")


@pytest.mark.parametrize(
    ("note", "why"),
    [
        ("CCCD 010203004567", "số căn cước"),
        ("thẻ 9704 1234 5678 9012", "số thẻ"),
        ("mã OTP là 482913", "mã OTP"),
    ],
)
def test_what_may_not_be_kept_is_refused_before_saving_and_the_text_stays(
    visitors: Visitors, note: str, why: str
) -> None:
    page = phone_of(visitors)
    first_home(page)
    choose(page, "Cài VNeID", "Đã cài")
    page.get_by_text("Ghi thêm").click()
    page.get_by_label("Ghi chú").fill(note)
    expect(page.locator("[data-field=note] .err")).to_contain_text(why)
    page.get_by_role("button", name="Lưu & ghi tiếp").click()
    expect(page.locator(".summary")).to_contain_text(why)
    expect(page.get_by_label("Ghi chú")).to_have_value(note)
    assert records(page) == []
    page.get_by_label("Ghi chú").fill("Máy cũ")
    save(page)
    assert len(records(page)) == 1


def test_every_kind_offers_only_the_outcomes_the_catalogue_allows(visitors: Visitors) -> None:
    page = phone_of(visitors)
    first_home(page)
    for kind in KINDS:
        choose(page, kind["short_name"])
        answer = page.get_by_role("group", name=kind["short_name"], exact=True)
        offered = answer.locator("[data-field$='.outcome'] .ch span").all_inner_texts()
        assert sorted(offered) == sorted(kind["outcomes"].values())
        choose(page, kind["short_name"])
        expect(answer).to_have_count(0)


def test_what_is_missing_is_said_beside_its_field_and_in_a_summary_that_leads_there(
    visitors: Visitors,
) -> None:
    page = phone_of(visitors)
    first_home(page)
    page.get_by_role("button", name="Lưu & ghi tiếp").click()
    expect(page.locator(".summary")).to_contain_text("Chọn việc đã giúp")
    choose(page, "Cài VNeID", "Chưa cài được")
    page.get_by_role("button", name="Lưu & ghi tiếp").click()
    expect(page.locator(".summary")).to_contain_text("Chưa làm được thì chọn vì sao")
    expect(page.locator("[data-field='entries.0.cause'] .err")).to_be_visible()
    page.locator(".summary a").click()
    expect(page.get_by_label("Vì sao chưa được?")).to_be_focused()
    check_reachable(page)


def test_nobody_home_asks_for_no_help_and_keeps_the_day_to_come_back(visitors: Visitors) -> None:
    page = phone_of(visitors)
    first_home(page)
    choose(page, "Cài VNeID", "Đã cài", "Vắng nhà")
    expect(page.get_by_text("Đã giúp việc gì?")).to_have_count(0)
    choose(page, "Hôm sau")
    save(page)
    body = records(page)[0]["body"]
    assert (body["contact"], body["assists"]) == ("nobody_home", [])
    assert body["return_on"] > body["visited_on"]


def test_a_visit_without_network_waits_and_arrives_once(visitors: Visitors) -> None:
    page = phone_of(visitors, worker=True)
    page.context.set_offline(True)
    first_home(page)
    choose(page, "Kỹ năng số", "Đã hướng dẫn")
    save(page, "Lưu")
    expect(page.locator("#status")).to_contain_text("Chờ gửi (1)")
    expect(page.get_by_role("heading", name="Các lượt trong 60 ngày")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Chưa gửi")
    page.context.set_offline(False)
    send_now(page)
    assert [one["verdict"] for one in records(page)] == ["accepted"]


def test_an_own_visit_is_corrected_and_then_taken_out_with_a_reason(visitors: Visitors) -> None:
    page = phone_of(visitors)
    first_home(page, 2)
    choose(page, "Thanh toán bằng mã QR", "Đã dùng được")
    save(page, "Lưu")
    send_now(page)
    page.locator("section", has_text="Các lượt trong 60 ngày").locator("li a").first.click()
    page.get_by_role("link", name="Sửa lượt này").click()
    choose(page, "Ở xã")
    save(page, "Lưu bản sửa")
    send_now(page)
    first, second = records(page)
    assert second["body"]["corrects"] == first["id"]
    assert (second["verdict"], second["version"]) == ("accepted", 2)
    page.locator("section", has_text="Các lượt trong 60 ngày").locator("li a").first.click()
    expect(page.locator("main")).to_contain_text("Ở xã")
    page.get_by_role("button", name="Bỏ lượt này").click()
    page.get_by_role("button", name="Bỏ lượt này").click()
    expect(page.locator(".summary")).to_contain_text("Ô này chưa điền")
    page.get_by_label("Vì sao?").fill("Ghi trùng")
    page.get_by_role("button", name="Bỏ lượt này").click()
    expect(page.locator(".toast")).to_contain_text("Đã bỏ lượt này")
    send_now(page)
    last = records(page)[-1]
    assert (last["body"]["why"], last["verdict"]) == ("Ghi trùng", "accepted")
    expect(page.locator("main")).not_to_contain_text("Thanh toán bằng mã QR: Đã dùng được, Ở xã")


def test_thirty_people_at_the_culture_house_are_one_form(visitors: Visitors) -> None:
    page = phone_of(visitors)
    page.get_by_role("link", name="Ghi buổi").click()
    page.get_by_label("Nội dung gì?").fill("Làm mức 2 cho người già")
    page.get_by_label("Tất cả").fill("30")
    page.get_by_label("Nữ", exact=True).fill("31")
    choose(page, "Kỹ năng số", "Đã hướng dẫn")
    expect(page.get_by_role("textbox", name="Mấy người?")).to_have_value("30")
    page.get_by_role("button", name="Lưu buổi này").click()
    expect(page.locator("[data-field=women] .err")).to_contain_text("Nhiều hơn số người dự")
    page.get_by_label("Nữ", exact=True).fill("18")
    check_reachable(page)
    save(page, "Lưu buổi này")
    send_now(page)
    (kept,) = records(page)
    assert (kept["kind"], kept["verdict"], kept["body"]["women"]) == ("gathering", "accepted", 18)


def test_a_photo_goes_with_the_visit_and_stays_when_a_correction_adds_one(visitors: Visitors) -> None:
    page = phone_of(visitors)
    first_home(page)
    choose(page, "Kỹ năng số", "Đã hướng dẫn")
    add_photo(page, "app-512.png")
    save(page, "Lưu")
    (kept,) = records(page)
    assert len(kept["photos"]) == 1
    assert kept["body"]["photos"] == kept["photos"]
    send_now(page)
    page.locator("section", has_text="Các lượt trong 60 ngày").locator("li a").first.click()
    page.get_by_role("link", name="Sửa lượt này").click()
    add_photo(page, "app-192.png")
    save(page, "Lưu bản sửa")
    corrected = records(page)[-1]
    assert corrected["body"]["photos"] == [*kept["photos"], *corrected["photos"]]
    assert len(corrected["body"]["photos"]) == 2


def add_photo(page: Page, name: str) -> None:
    page.locator("input[type=file]").set_input_files(ROOT / "static/icons" / name)
    expect(page.locator(".photos canvas")).to_have_count(1)


def test_search_needs_no_marks_and_finds_people_of_a_household(visitors: Visitors) -> None:
    page = phone_of(visitors)
    name = page.locator("ul.pick li b").nth(3).inner_text()
    page.get_by_role("searchbox").fill(plain(name))
    expect(page.locator("ul.pick li b").first).to_have_text(name)
    page.get_by_role("searchbox").fill("khong co ai ten nay")
    expect(page.get_by_text("Không thấy tên này trong thôn")).to_be_visible()


def plain(text: str) -> str:
    from tdteam.domain.vietnamese import fold

    return fold(text)


def test_the_keyboard_alone_logs_a_visit(visitors: Visitors) -> None:
    page = phone_of(visitors)
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("nguyen")
    expect(page.locator("ul.pick li b").first).to_contain_text(re.compile("Nguyễn"))
    press_to(page, "ul.pick a")
    page.keyboard.press("Enter")
    expect(page.locator(".who b")).to_be_visible()
    press_to(page, "input[value=VNEID_INSTALL]")
    page.keyboard.press("Space")
    press_to(page, "input[value=done]")
    page.keyboard.press("Space")
    press_to(page, "#act .go")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("Đã lưu")
    assert records(page)[0]["body"]["assists"][0]["outcome"] == "done"


def press_to(page: Page, selector: str) -> None:
    """Tab until the focus is there."""
    for _ in range(80):
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard never reaches {selector}")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", ["", "3"])
def test_the_screens_of_logging_are_reachable(visitors: Visitors, theme: str, size: str) -> None:
    page = phone_of(visitors, theme=theme)
    page.evaluate("(size) => { document.documentElement.dataset.size = size; }", size)
    check_reachable(page)
    shoot(page, f"phone-pick{size}")
    first_home(page)
    choose(page, "Kích hoạt mức 2", "Chưa kích hoạt được", "Nộp hồ sơ", "Đã nộp")
    page.get_by_text("Ghi thêm").click()
    check_reachable(page)
    shoot(page, f"phone-log{size}")


@pytest.mark.parametrize("theme", THEMES)
def test_at_twice_the_text_nothing_is_cut_and_nothing_goes_sideways(visitors: Visitors, theme: str) -> None:
    page = phone_of(visitors, theme=theme)
    page.evaluate("() => document.documentElement.style.setProperty('font-size', '200%')")
    first_home(page)
    choose(page, "Kích hoạt mức 2", "Chưa kích hoạt được")
    check_reachable(page)
    shoot(page, "phone-log-200")
    expect(page.get_by_role("button", name="Lưu & ghi tiếp")).to_be_in_viewport()
