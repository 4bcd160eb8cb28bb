"""The result of a filing, told by the member who hears of it: without a network, shown at once, and then the commune has it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.phone_steps import choose, first_home, phone_of, records, save, send_now
from tests.browser.phone_world import DUE, VILLAGE, bigger, go, phone_with, roster
from tests.browser.screens import THEMES, Visitors, check_reachable, shoot
from tests.browser.site import Site
from tests.browser.test_phone_road import again, kept_shell

CODE = "H38.12.05-261102-0975"
FILING = {
    "id": "0192aaaa-0000-7000-8000-00000000f001",
    "village_id": VILLAGE,
    "household_id": DUE,
    "version": 3,
    "code": "G22.99.08-261021-000123",
    "procedure": "BIRTH",
    "submitted_on": "2026-10-21",
    "note": "",
    "due_on": "2026-11-19",
    "state": "submitted",
    "result_on": None,
    "electronic_result": None,
    "fee_due": True,
    "paid_online": None,
    "mode": None,
}
LIST = "Việc cần làm"


def at_result(visitors: Visitors, theme: str = "light") -> Page:
    """The form of the one filing that waits, come to from the list of what to do."""
    page = phone_with(visitors, roster(filings=[FILING]), theme=theme)
    go(page, "#/todo", LIST)
    page.locator(".todo li", has_text="G22.99.08").get_by_role("link", name="Ghi kết quả").click()
    expect(page.locator("#title")).to_have_text("Kết quả hồ sơ")
    return page


def edits(page: Page) -> list[dict[str, object]]:
    return [one["body"] for one in records(page) if one["kind"] == "filing"]


def test_a_result_heard_of_without_a_network_leaves_the_list_and_reaches_the_commune(
    own_visitors: Visitors, own_site: Site
) -> None:
    page = phone_of(own_visitors, worker=True)
    kept_shell(page)
    first_home(page)
    choose(page, "Nộp hồ sơ", "Đã nộp")
    page.get_by_label("Mã hồ sơ").fill(CODE)
    save(page)
    send_now(page)
    page.wait_for_function(
        f"() => fetch('/sync/roster').then((one) => one.text()).then((text) => text.includes('{CODE}'))"
    )
    go(page, "#/todo", LIST)
    page.get_by_role("button", name="Cập nhật").click()
    expect(page.locator(".todo li", has_text=CODE)).to_have_count(1)
    own_site.stop()
    page = again(page, "/phone/#/todo")  # a cold start without a network
    page.locator(".todo li", has_text=CODE).get_by_role("link", name="Ghi kết quả").click()
    choose(page, "Đã trả kết quả", "Có", "Nộp trực tuyến")
    page.get_by_role("button", name="Lưu kết quả").click()
    expect(page.locator(".toast")).to_contain_text("Đã lưu: kết quả hồ sơ")
    expect(page.locator("#title")).to_have_text(LIST)
    expect(page.locator(".todo li", has_text=CODE)).to_have_count(0)
    page = again(page, "/phone/#/todo")  # and is not back after a kill
    expect(page.locator("#status")).to_contain_text("Đã lưu trên máy")
    expect(page.locator("#title")).to_have_text(LIST)
    expect(page.locator(".todo li", has_text=CODE)).to_have_count(0)
    own_site.start()
    send_now(page)
    [edit] = [one for one in records(page) if one["kind"] == "filing"]
    assert (edit["state"], edit["verdict"]) == ("received", "accepted")
    desk = own_visitors("canbo", "desk")
    desk.goto(f"/filings/{edit['body']['filing_id']}")
    expect(desk.locator("main")).to_contain_text(CODE)
    expect(desk.locator("main")).to_contain_text("Đã trả kết quả")


def test_the_edit_says_what_the_phone_saw_and_only_what_changed(visitors: Visitors) -> None:
    page = at_result(visitors)
    choose(page, "Đã trả kết quả", "Nộp trực tuyến")
    page.get_by_role("button", name="Đổi ngày").click()
    page.get_by_label("Ngày nào?").fill("2026-11-18")
    page.get_by_role("button", name="Lưu kết quả").click()
    expect(page.locator("#title")).to_have_text(LIST)
    [body] = edits(page)
    assert body == {
        "filing_id": FILING["id"],
        "village_id": VILLAGE,
        "base": {"state": "submitted", "result_on": None, "paid_online": None},
        "set": {"state": "returned", "result_on": "2026-11-18", "paid_online": True},
    }
    assert records(page)[-1]["base_version"] == 3
    # The second word builds on the first, which has not been sent yet.
    page.locator(".toast").get_by_role("button", name="Hoàn tác").click()
    expect(page.locator(".todo li", has_text="G22.99.08")).to_have_count(1)
    assert edits(page) == []


def test_more_papers_asked_for_is_shown_at_once_and_no_result_can_come_before_the_filing(
    visitors: Visitors,
) -> None:
    page = at_result(visitors)
    page.get_by_role("button", name="Lưu kết quả").click()
    expect(page.locator(".summary")).to_contain_text("Chưa có gì thay đổi")
    choose(page, "Bị từ chối")
    page.get_by_role("button", name="Đổi ngày").click()
    page.get_by_label("Ngày nào?").fill("2026-10-01")
    page.get_by_role("button", name="Lưu kết quả").click()
    expect(page.locator("[data-field=result_on] .err").last).to_be_visible()
    choose(page, "Cần bổ sung")
    page.get_by_role("button", name="Lưu kết quả").click()
    line = page.locator(".todo li", has_text="G22.99.08")
    expect(line).to_contain_text("Phải nộp thêm giấy tờ")
    [body] = edits(page)
    assert body["set"] == {"state": "supplement"}
    line.get_by_role("link", name="Ghi kết quả").click()
    choose(page, "Đã trả kết quả")
    page.get_by_role("button", name="Lưu kết quả").click()
    expect(line).to_have_count(0)
    first, second = edits(page)
    assert second["base"]["state"] == first["set"]["state"] == "supplement"  # type: ignore[index]


def test_what_is_written_survives_leaving_the_form(visitors: Visitors) -> None:
    page = at_result(visitors)
    choose(page, "Đã trả kết quả", "Có")
    page.locator("#bar a[data-tab=month]").click()
    go(page, f"#/filing/{FILING['id']}", "Kết quả hồ sơ")
    expect(page.get_by_role("radio", name="Đã trả kết quả")).to_be_checked()
    expect(page.get_by_role("radio", name="Có", exact=True)).to_be_checked()
    go(page, "#/filing/0192aaaa-0000-7000-8000-00000000dead", "Kết quả hồ sơ")
    expect(page.locator("#main")).to_contain_text("không còn chờ kết quả")


@pytest.mark.parametrize("theme", THEMES)
def test_everybody_can_read_it(visitors: Visitors, theme: str) -> None:
    page = at_result(visitors, theme)
    page.set_viewport_size({"width": 360, "height": 740})
    choose(page, "Đã trả kết quả")
    check_reachable(page)
    shoot(page, "filing-result")
    bigger(page)
    check_reachable(page)
