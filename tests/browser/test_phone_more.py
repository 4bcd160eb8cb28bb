"""Everything else on the phone: what is unsent and why, files, guides, this phone, signing out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.phone_steps import records
from tests.browser.phone_world import LATE, TEAM, VILLAGE, bigger, data, go, in_box, phone_with, roster
from tests.browser.screens import THEMES, Visitors, check_reachable, shoot
from tests.house.test_words import UNSAID

GUIDES = data("guides")
VISIT = {
    "village_id": VILLAGE,
    "team_id": TEAM,
    "member_ids": [],
    "household_id": LATE,
    "place": "home",
    "visited_on": "2026-11-22",
    "contact": "met",
    "minutes": None,
    "return_on": None,
    "note": "Chỉ cách gọi",
    "photos": [],
    "satisfaction": None,
    "assists": [],
}
ADD = "(box, kind, body) => box.add({kind, body})"
REFUSE = """async (box, id, message) => {
    const one = await box.get(id);
    const flaws = [{field: "household_id", code: "not_found", message}];
    await box.settle([{id, sha256: one.sha256, state: "refused", flaws}]);
}"""
WHY = "Không tìm thấy hộ này trong danh sách của xã."


def at_more(visitors: Visitors, theme: str = "light", **more: object) -> Page:
    page = phone_with(visitors, roster(**more), theme=theme)
    go(page, "#/more", "Thêm")
    return page


def refused(page: Page, kind: str = "visit", body: object = VISIT) -> str:
    record = in_box(page, ADD, kind, body)
    in_box(page, REFUSE, record["id"], WHY)
    expect(page.locator(".lines li").first).to_contain_text(WHY)
    return str(record["id"])


def test_what_is_unsent_is_listed_with_its_state_and_reason(visitors: Visitors) -> None:
    page = at_more(visitors)
    expect(page.get_by_role("heading", name="Đã gửi hết")).to_be_visible()
    in_box(page, ADD, "visit", VISIT)
    refused(page)
    expect(page.get_by_role("heading", name="Chưa gửi (2)")).to_be_visible()
    lines = page.locator(".lines li")
    expect(lines.nth(0)).to_contain_text("Lượt hỗ trợ: Lý Thị Mẩy, 22/11")
    expect(lines.nth(0)).to_contain_text("Cần sửa")
    expect(lines.nth(1)).to_contain_text("Đã lưu trên máy, chưa gửi.")


def test_a_refused_visit_is_put_right_in_its_form(visitors: Visitors) -> None:
    page = at_more(visitors)
    record = refused(page)
    page.get_by_role("button", name="Sửa: Lượt hỗ trợ: Lý Thị Mẩy, 22/11").click()
    expect(page.locator(".who b")).to_have_text("Lý Thị Mẩy")
    assert page.url.endswith(f"#/again/{record}")


def test_a_refused_request_goes_back_into_the_form_and_is_not_lost_on_the_way(visitors: Visitors) -> None:
    page = at_more(visitors)
    refused(page, "proposal", {"team_id": TEAM, "village_id": VILLAGE, "text": "Sóng yếu ở xóm trên"})
    page.get_by_role("button", name="Sửa: Kiến nghị: Sóng yếu ở xóm trên").click()
    expect(page.get_by_label("Viết cho xã")).to_have_value("Sóng yếu ở xóm trên")
    assert [one["state"] for one in records(page)] == ["refused"]  # until what is put right is saved


def test_a_refused_new_household_goes_back_into_its_form(visitors: Visitors) -> None:
    page = at_more(visitors)
    fields = ["birth_year", "people", "adults", "eid2", "poverty", "smartphone", "phone", "consent"]
    blank = dict.fromkeys(fields)
    refused(
        page,
        "household",
        {**blank, "village_id": VILLAGE, "head": "Giàng A Páo", "kind": "household", "note": ""},
    )
    page.get_by_role("button", name="Sửa: Hộ mới Giàng A Páo").click()
    expect(page.locator("main input").first).to_be_visible()
    assert "Giàng A Páo" in page.evaluate(
        "() => [...document.querySelectorAll('main input')].map((one) => one.value)"
    )


def test_a_refused_record_is_sent_again_or_given_up_after_a_question(visitors: Visitors) -> None:
    page = at_more(visitors)
    refused(page)
    page.get_by_role("button", name="Gửi lại: Lượt hỗ trợ: Lý Thị Mẩy, 22/11").click()
    expect(page.locator(".lines li")).to_contain_text("chưa gửi")
    assert [one["state"] for one in records(page)] == ["waiting"]
    refused(page)
    page.get_by_role("button", name="Bỏ: Lượt hỗ trợ: Lý Thị Mẩy, 22/11").click()
    page.get_by_role("dialog").get_by_role("button", name="Giữ lại").click()
    assert len(records(page)) == 2
    page.get_by_role("button", name="Bỏ: Lượt hỗ trợ: Lý Thị Mẩy, 22/11").click()
    page.get_by_role("dialog").get_by_role("button", name="Bỏ lượt này").click()
    expect(page.locator(".lines li")).to_have_count(1)
    assert [one["state"] for one in records(page)] == ["waiting"]


def test_the_unsent_leave_in_a_file_and_another_phone_takes_them_once(
    visitors: Visitors, tmp_path: Path
) -> None:
    page = at_more(visitors)
    kept = in_box(page, ADD, "visit", VISIT)
    in_box(page, ADD, "visit", {**VISIT, "visited_on": "2026-11-21"})
    with page.expect_download() as waited:
        page.get_by_role("button", name="Lưu lượt chưa gửi thành tệp").click()
    path = tmp_path / "unsent.json"
    waited.value.save_as(path)
    told = json.loads(path.read_text("utf-8"))
    assert (told["format"], told["version"]) == ("tdteam-unsent", 1)
    assert told["records"][0] | {"clock_offset": 0} == {
        name: kept[name] if name != "clock_offset" else 0 for name in told["records"][0]
    }
    assert waited.value.suggested_filename.startswith("chua-gui-totruong-2026-11-23")
    other = phone_with(visitors, roster(), "thanhvien")
    go(other, "#/more", "Thêm")
    for said in ("Đã nhận 2 lượt", "Đã nhận 0 lượt, 2 lượt đã có sẵn"):
        other.get_by_text("Tệp từ máy khác").click()
        other.locator("input[type=file]").set_input_files(path)
        expect(other.locator(".toast")).to_contain_text(said)
    expect(other.locator(".lines li").first).to_contain_text("(của ")
    bad = tmp_path / "bad.json"
    bad.write_text("[]")
    other.get_by_text("Tệp từ máy khác").click()
    other.locator("input[type=file]").set_input_files(bad)
    expect(other.locator(".toast")).to_contain_text("không phải tệp")


def test_one_refused_record_leaves_alone_in_its_file(visitors: Visitors, tmp_path: Path) -> None:
    page = at_more(visitors)
    in_box(page, ADD, "visit", {**VISIT, "visited_on": "2026-11-21"})
    record = refused(page)
    with page.expect_download() as waited:
        page.get_by_role("button", name="Lưu thành tệp: Lượt hỗ trợ: Lý Thị Mẩy, 22/11").click()
    waited.value.save_as(tmp_path / "one.json")
    told = json.loads((tmp_path / "one.json").read_text("utf-8"))
    assert [one["id"] for one in told["records"]] == [record]


def test_a_silent_loss_and_an_old_unsent_record_are_said_aloud(visitors: Visitors) -> None:
    page = at_more(visitors)
    in_box(page, "(box) => box.set('lost', [3, 7])")
    in_box(page, ADD, "visit", VISIT)
    expect(page.locator(".lines li")).to_have_count(1)
    expect(page.locator("main")).not_to_contain_text("hơn một ngày chưa gửi")
    page.clock.set_fixed_time("2026-11-25T04:00:00+00:00")
    go(page, "#/todo", "Việc cần làm")
    go(page, "#/more", "Thêm")
    expect(page.locator(".note.bad", has_text="(số 3, 7)")).to_be_visible()
    expect(page.locator(".note.bad", has_text="hơn một ngày chưa gửi")).to_be_visible()


def test_letters_and_light_are_chosen_here_and_kept(visitors: Visitors) -> None:
    page = at_more(visitors)
    page.locator(".ch label", has_text="Rất to").click()
    page.locator(".ch label", has_text="Tối").click()
    page.goto("/phone/#/more")
    page.reload()
    expect(page.locator("#title")).to_have_text("Thêm")
    kept = page.evaluate(
        "() => [document.documentElement.dataset.size, document.documentElement.dataset.theme]"
    )
    assert kept == ["3", "dark"]
    page.locator(".ch label", has_text="Theo máy").click()
    assert page.evaluate("() => localStorage.getItem('tdteam.theme')") is None


def test_signing_out_warns_and_keeps_what_is_unsent(visitors: Visitors) -> None:
    page = at_more(visitors)
    in_box(page, ADD, "visit", VISIT)
    expect(page.locator(".lines li")).to_have_count(1)
    page.get_by_role("button", name="Đăng xuất", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("1 lượt chưa gửi")
    dialog.get_by_role("button", name="Ở lại").click()
    expect(page.locator("#title")).to_have_text("Thêm")
    page.get_by_role("button", name="Đăng xuất", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Vẫn đăng xuất").click()
    expect(page.locator("#dock")).to_be_hidden()
    assert [one["state"] for one in records(page)] == ["waiting"]
    assert in_box(page, "async (box) => (await box.roster()).households.size") == 0


def test_every_kind_of_help_has_a_guide_with_steps_and_the_fields_words() -> None:
    codes = [one["code"] for one in GUIDES["guides"]]
    assert codes == [one["code"] for one in data("assist_kinds")]
    for guide in GUIDES["guides"]:
        assert guide["official"] and guide["about"] and guide["bring"], guide["code"]
        assert 4 <= len(guide["steps"]) <= 7, guide["code"]
        assert guide["fails"] and all(len(pair) == 2 for pair in guide["fails"]), guide["code"]
        long = [step for step in guide["steps"] if len(step) > 110]
        assert not long, long
    text = json.dumps(GUIDES, ensure_ascii=False).replace("tài khoản định danh điện tử mức độ 02", "")
    assert not [word for word in UNSAID if word.lower() in text.lower()]


def test_guides_come_with_the_shell_and_stand_over_the_form_too(visitors: Visitors) -> None:
    page = at_more(visitors)
    assert "/phone/guides.json" in page.request.get("/sw.js").text()
    page.get_by_role("link", name="Cách giúp từng việc").click()
    page.get_by_role("link", name="Kích hoạt mức 2").click()
    expect(page.locator("#title")).to_have_text("Kích hoạt mức 2")
    guide = next(one for one in GUIDES["guides"] if one["code"] == "EID2_ACTIVATE")
    assert page.locator("ol li").all_inner_texts() == guide["steps"]
    go(page, f"#/log/new/{LATE}", "Ghi lượt hỗ trợ")
    page.locator(".ch label", has_text="Kích hoạt mức 2").click()
    page.get_by_role("button", name="Xem cách làm: Kích hoạt mức 2").click()
    expect(page.get_by_role("dialog")).to_contain_text(guide["steps"][0])
    page.get_by_role("dialog").get_by_role("button", name="Đóng").click()
    expect(page.locator(".ch label", has_text="Kích hoạt mức 2").locator("input")).to_be_checked()


@pytest.mark.parametrize("theme", THEMES)
def test_everybody_can_read_it(visitors: Visitors, theme: str) -> None:
    page = at_more(visitors, theme)
    refused(page)
    check_reachable(page)
    shoot(page, "phone-more")
    go(page, "#/more/guide/EID2_ACTIVATE", "Kích hoạt mức 2")
    expect(page.locator("ol li").first).to_be_visible()
    check_reachable(page)
    bigger(page)
    check_reachable(page)
    shoot(page, "phone-guide-200", full=False)
    go(page, "#/more", "Thêm")
    expect(page.locator(".lines li").first).to_be_visible()
    check_reachable(page)
    shoot(page, "phone-more-200", full=False)
