"""The team's month on the phone: figures, its word on them, what the village asks for, the text for Zalo."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.phone_steps import records
from tests.browser.phone_world import (
    COMMUNE,
    DUE,
    LATE,
    TEAM,
    VILLAGE,
    bigger,
    go,
    in_box,
    month,
    phone_with,
    roster,
)
from tests.browser.screens import THEMES, Visitors, check_reachable, shoot

ADD = "(box, body) => box.add({kind: 'visit', body})"
CLOSED = "2026-12-14"


def visit(household: str = LATE, **more: Any) -> dict[str, Any]:
    assist = {"id": "a", "kind": "SAFETY", "outcome": "done", "cause": None, "people": 2, "filing": None}
    body = {"village_id": VILLAGE, "team_id": TEAM, "household_id": household, "visited_on": "2026-11-22"}
    return {**body, "contact": "met", "return_on": None, "assists": [assist], **more}


def at_month(
    visitors: Visitors, day: str = "2026-11-23", who: str = "totruong", theme: str = "light", **more: Any
) -> Page:
    page = phone_with(visitors, roster(**more), who, day, theme)
    go(page, "#/month", "Tháng 12/2026")
    expect(page.locator(".figs").first).to_be_visible()
    return page


def line(page: Page, words: str) -> Any:
    return page.locator(".figs li", has_text=words)


def confirm(page: Page, button: str, yes: str) -> None:
    page.get_by_role("button", name=button).click()
    page.get_by_role("dialog").get_by_role("button", name=yes).click()


def test_what_waits_on_the_phone_stands_apart_from_what_the_commune_counted(visitors: Visitors) -> None:
    page = at_month(
        visitors, month=[month("2026-12", visits=4, people=9, reached=3), month("2026-11", visits=12)]
    )
    expect(line(page, "Lượt đến hộ").locator("b")).to_have_text("4")
    expect(line(page, "Lượt đến hộ")).to_contain_text("tháng trước: 12")
    expect(line(page, "Lượt đến hộ")).not_to_contain_text("chờ gửi")
    expect(line(page, "Hồ sơ nộp trực tuyến").locator("b")).to_have_text("—chưa có số liệu")
    in_box(page, ADD, visit())
    in_box(page, ADD, visit(DUE, visited_on="2026-11-10"))  # of the month before
    expect(line(page, "Lượt đến hộ")).to_contain_text("+1 chờ gửi")
    expect(line(page, "Lượt đến hộ").locator("b")).to_have_text("4")
    expect(line(page, "Người được hỗ trợ")).to_contain_text("+2 chờ gửi")
    expect(line(page, "Hộ đã đến, gặp được")).to_contain_text("+1 chờ gửi")
    go(page, "#/month/2026-11", "Tháng 11/2026")
    expect(line(page, "Lượt đến hộ")).to_contain_text("+1 chờ gửi")


def test_what_the_desk_knows_more_is_told_where_there_is_any(visitors: Visitors) -> None:
    now = {
        **month("2026-12", visits=4, HELP_DONE=9, HELP_COMMERCE=0),
        "satisfaction": {"1": 0, "2": 2, "3": 7},
    }
    now |= {
        "year": {"FILINGS_PAID": {"part": 6, "whole": 10}},
        "shares": {"FILINGS_PAID": {"part": 1, "whole": 1}},
    }
    paid = {"place_id": COMMUNE, "indicator": "FILINGS_PAID", "span": "2026", "value": 8000}
    page = at_month(visitors, month=[now, month("2026-11", visits=12)], targets=[paid])
    expect(line(page, "Lượt hỗ trợ đã xong").locator("b")).to_have_text("9")
    expect(line(page, "Thương mại điện tử")).to_have_count(0)
    expect(line(page, "Hài lòng với việc được giúp").locator("b")).to_have_text("7")
    expect(line(page, "Hài lòng với việc được giúp")).to_contain_text("trong 9 lượt trả lời")
    expect(page.locator(".targets li")).to_contain_text("6/10")
    go(page, "#/month/2026-11", "Tháng 11/2026")
    expect(line(page, "Hài lòng với việc được giúp")).to_have_count(0)


def test_before_the_cut_off_the_figures_are_only_so_far(visitors: Visitors) -> None:
    page = at_month(
        visitors,
        day="2026-12-13",
        month=[month("2026-12", visits=4), month("2026-11", {"kind": "figures", "at": "", "figures": {}})],
    )
    expect(page.locator("main")).to_contain_text("Đây là số tạm. Tháng này tính đến ngày 14/12")
    expect(page.get_by_role("button", name="Xác nhận")).to_have_count(0)


def test_the_leader_confirms_from_the_cut_off_on_and_sees_what_came_after(visitors: Visitors) -> None:
    page = at_month(visitors, day=CLOSED)
    in_box(page, ADD, visit(visited_on="2026-12-01"))
    expect(line(page, "Lượt đến hộ")).to_contain_text("+1 chờ gửi")
    confirm(page, "Xác nhận số liệu tháng", "Số liệu đúng, xác nhận")
    expect(page.locator(".note.ok")).to_contain_text("Đã xác nhận")
    expect(page.locator(".note.ok")).to_contain_text("chưa gửi")
    word = records(page)[-1]
    assert (word["kind"], word["body"]["kind"], word["body"]["period"]) == (
        "confirmation",
        "figures",
        "2026-12",
    )
    assert word["body"]["figures"] == {"visits": 5, "people": 11}
    in_box(page, ADD, visit(DUE, visited_on="2026-12-14"))
    expect(page.locator("main")).to_contain_text("Đã xác nhận, có 1 lượt mới")
    expect(page.get_by_role("button", name="Xác nhận lại")).to_be_visible()


def test_the_word_can_be_taken_back_while_it_is_fresh(visitors: Visitors) -> None:
    page = at_month(visitors, day=CLOSED)
    confirm(page, "Xác nhận số liệu tháng", "Số liệu đúng, xác nhận")
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.get_by_role("button", name="Xác nhận số liệu tháng")).to_be_visible()
    assert records(page) == []


def test_a_month_in_which_nothing_happened_is_said_so(visitors: Visitors) -> None:
    page = at_month(visitors, day=CLOSED, month=[])
    confirm(page, "Tháng này không phát sinh", "Đúng, không phát sinh")
    expect(page.locator("main")).to_contain_text("Tổ đã báo tháng này không phát sinh.")
    assert records(page)[-1]["body"]["kind"] == "zero"
    in_box(page, ADD, visit(visited_on="2026-12-14"))
    expect(page.get_by_role("button", name="Xác nhận lại")).to_be_visible()


def test_a_month_left_unconfirmed_is_pointed_at(visitors: Visitors) -> None:
    page = at_month(visitors, month=[month("2026-12", visits=1), month("2026-11", visits=7)])
    page.get_by_role("link", name="Xem và xác nhận").click()
    expect(page.locator("#title")).to_have_text("Tháng 11/2026")
    expect(page.get_by_role("button", name="Xác nhận số liệu tháng")).to_be_visible()


def test_only_the_leader_confirms(visitors: Visitors) -> None:
    page = at_month(visitors, day=CLOSED, who="thanhvien")
    expect(page.locator("main")).to_contain_text("Tháng này chờ Tổ trưởng xác nhận.")
    expect(page.get_by_role("button", name="Xác nhận")).to_have_count(0)


def test_targets_say_how_many_are_still_to_go(visitors: Visitors) -> None:
    goals = [
        {"place_id": COMMUNE, "indicator": "HOUSEHOLDS_REACHED", "span": "2026", "value": 9000},
        {"place_id": VILLAGE, "indicator": "HOUSEHOLDS_REACHED", "span": "2026", "value": 8000},
        {"place_id": COMMUNE, "indicator": "EID2_RESIDENTS", "span": "2026", "value": 5050},
    ]
    page = at_month(visitors, targets=goals)
    expect(line(page, "Hộ đã đến trong năm")).to_contain_text("3/5, chỉ tiêu 80%")
    expect(line(page, "Hộ đã đến trong năm")).to_contain_text("còn thiếu 1")
    expect(line(page, "Người có mức 2")).to_contain_text("đã đạt")
    fresh = roster()["households"][2]["id"]
    in_box(page, ADD, visit(fresh))
    expect(line(page, "Hộ đã đến trong năm")).to_contain_text("4/5")
    expect(line(page, "Hộ đã đến trong năm")).to_contain_text("đã đạt")


@pytest.mark.parametrize(("second", "goal"), [(8000, "80"), (7000, "90")])
def test_a_team_of_two_villages_goes_by_what_they_share_else_by_the_commune(
    visitors: Visitors, second: int, goal: str
) -> None:
    given = roster()
    other = {**given["villages"][0], "id": VILLAGE + 500, "name": "Hốc Đá 2"}
    aims = {VILLAGE: 8000, VILLAGE + 500: second, COMMUNE: 9000}
    page = at_month(
        visitors,
        villages=[*given["villages"], other],
        teams=[{**given["teams"][0], "village_ids": [VILLAGE, VILLAGE + 500]}],
        targets=[
            {"place_id": place, "indicator": "HOUSEHOLDS_REACHED", "span": "2026", "value": value}
            for place, value in aims.items()
        ],
    )
    expect(line(page, "Hộ đã đến trong năm")).to_contain_text(f"chỉ tiêu {goal}%")


def test_the_text_for_zalo_holds_the_figures_and_no_name(visitors: Visitors) -> None:
    page = at_month(visitors)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    in_box(page, ADD, visit())
    expect(line(page, "Lượt đến hộ")).to_contain_text("+1 chờ gửi")
    page.get_by_role("button", name="Sao chép để gửi Zalo").click()
    expect(page.locator(".toast")).to_contain_text("Đã sao chép")
    text = page.evaluate("navigator.clipboard.readText()")
    assert text.splitlines() == [
        "Tổ CNSCĐ thôn Hốc Đá: tháng 12/2026",
        "(từ 15/11/2026 đến 14/12/2026)",
        "- Lượt đến hộ: 5",
        "- Hộ đã đến, gặp được: 4",
        "- Người được hỗ trợ: 11",
        "Trong đó 1 lượt còn trên máy, chưa gửi.",
        "Số tạm, đến ngày 23/11/2026.",
    ]
    assert "Lý Thị Mẩy" not in text


def test_where_the_clipboard_is_closed_the_text_is_there_to_copy_by_hand(visitors: Visitors) -> None:
    page = at_month(visitors)
    page.evaluate(
        "() => { navigator.clipboard.writeText = () => Promise.reject(new Error('closed')); document.execCommand = () => false; }"
    )
    page.get_by_role("button", name="Sao chép để gửi Zalo").click()
    area = page.get_by_label("Tin gửi Zalo")
    expect(area).to_be_focused()
    expect(area).to_have_value(re.compile("- Lượt đến hộ: 4"))


def test_a_request_to_the_commune_is_kept_checked_and_answered(visitors: Visitors) -> None:
    answered = {
        "id": "p1",
        "village_id": VILLAGE,
        "text": "Sóng yếu ở xóm trên",
        "state": "settled",
        "answer": "Nhà mạng lắp trạm tháng 12",
        "made_at": "2026-11-02T03:00:00+00:00",
    }
    page = at_month(visitors, proposals=[answered])
    expect(page.locator(".lines li")).to_contain_text("Xã trả lời: Nhà mạng lắp trạm tháng 12")
    box = page.get_by_label("Viết cho xã")
    box.fill("Ông Páo, số căn cước 010080001234, chưa có máy")
    page.get_by_role("button", name="Gửi lên xã").click()
    expect(box).to_have_attribute("aria-invalid", "true")
    box.fill("Nhiều hộ chưa có máy")
    page.wait_for_timeout(200)
    go(page, "#/todo", "Việc cần làm")
    go(page, "#/month", "Tháng 12/2026")
    expect(page.get_by_label("Viết cho xã")).to_have_value("Nhiều hộ chưa có máy")
    page.get_by_role("button", name="Gửi lên xã").click()
    first = page.locator(".lines li").first
    expect(first).to_contain_text("Nhiều hộ chưa có máy")
    expect(first).to_contain_text("Đã lưu trên máy, chưa gửi.")
    expect(page.get_by_label("Viết cho xã")).to_have_value("")
    assert records(page)[-1]["body"] == {
        "team_id": TEAM,
        "village_id": VILLAGE,
        "text": "Nhiều hộ chưa có máy",
    }


@pytest.mark.parametrize("theme", THEMES)
def test_everybody_can_read_it(visitors: Visitors, theme: str) -> None:
    goals = [{"place_id": COMMUNE, "indicator": "HOUSEHOLDS_REACHED", "span": "2026", "value": 9000}]
    page = at_month(visitors, day=CLOSED, theme=theme, targets=goals)
    in_box(page, ADD, visit(visited_on="2026-12-01"))
    expect(line(page, "Lượt đến hộ")).to_contain_text("+1 chờ gửi")
    check_reachable(page)
    shoot(page, "phone-month")
    bigger(page)
    check_reachable(page)
    shoot(page, "phone-month-200", full=False)
