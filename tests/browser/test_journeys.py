"""What people do with the demonstration district in a real browser, from sign-in to the end of their errand."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tdteam.domain.ids import new_id
from tests.browser.screens import Visitors, sign_in
from tests.browser.site import Site

VISIT = re.compile(r"/visits/[0-9a-f-]{36}$")
REFERRAL = {"", "referred", "in_progress", "not_done"}  # nobody but the police finishes it
DATA = Path(__file__).resolve().parents[1] / "data"


def count_in(text: str | None) -> int:
    """The last number in some words: "Chưa gửi 12" is 12."""
    return int(re.findall(r"\d+", text or "")[-1])


def choose_home(page: Page) -> str:
    """The first household of the list; returns its name."""
    heads = page.locator("#household_id option").evaluate_all("all => all.map(o => [o.value, o.textContent])")
    value, name = next((value, name) for value, name in heads if value not in ("", "-"))
    page.select_option("#household_id", value)
    return str(name)


def test_an_official_finds_the_silent_teams(visitors: Visitors) -> None:
    page = visitors()
    sign_in(page, "canbo")
    expect(page.locator("h1")).to_contain_text("Tháng 12/2026")
    filters = page.get_by_role("group", name="Lọc theo trạng thái")
    silent = filters.locator("a[href*='state=silent']")
    wanted = count_in(silent.text_content())
    assert 0 < wanted < count_in(filters.get_by_role("link").first.text_content())
    silent.click()
    expect(silent).to_have_attribute("aria-current", "true")
    rows = page.get_by_role("table", name="Các tổ, trạng thái và số liệu").locator("tbody tr")
    expect(rows).to_have_count(wanted)
    team = rows.first.get_by_role("rowheader").get_by_role("link")
    village = (team.text_content() or "").split(",")[0]
    team.click()
    page.wait_for_url("**/teams/*")
    expect(page.locator("main")).to_contain_text(village)


def test_an_official_records_corrects_and_voids_a_visit(visitors: Visitors) -> None:
    page = visitors("canbo")
    page.get_by_role("link", name="Ghi lượt hỗ trợ").first.click()
    page.wait_for_url("**/visits/new")
    head = choose_home(page).split(" (")[0]
    page.locator("#assists-0-kind").focus()  # the first kind of help without the mouse
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    assert page.locator("#assists-0-kind").input_value() and page.locator("#assists-0-outcome").input_value()
    page.get_by_role("button", name="Thêm loại hỗ trợ").click()
    expect(page.locator("#assists-1-kind")).to_be_focused()
    page.select_option("#assists-1-kind", "EID2_REFER")
    outcomes = page.locator("#assists-1-outcome option:not([disabled])")
    assert set(outcomes.evaluate_all("all => all.map(o => o.value)")) == REFERRAL
    expect(page.locator("#assists-1-cause")).to_be_hidden()
    page.select_option("#assists-1-kind", "FILING_SUBMIT")
    page.select_option("#assists-1-outcome", "not_done")
    expect(page.locator("#assists-1-cause")).to_be_visible()
    page.select_option("#assists-1-cause", index=1)
    page.locator("#note").fill("hẹn thứ Bảy")
    page.keyboard.press("Control+s")
    expect(page.locator(".flashes")).to_contain_text("Đã lưu lượt đến hộ.")
    expect(page.get_by_role("table", name="Đã hỗ trợ").locator("tbody tr")).to_have_count(2)

    row = in_list(page, head)
    expect(row).to_have_count(1)
    row.get_by_role("link").first.click()
    page.get_by_role("link", name="Sửa", exact=True).click()
    page.locator("#minutes").fill("45")
    page.get_by_role("button", name="Lưu bản sửa").click()
    expect(page.get_by_role("table", name="Các lần sửa").locator("tbody tr")).to_have_count(2)
    expect(page.locator("main")).to_contain_text("45")
    expect(in_list(page, head)).to_have_count(1)

    page.go_back()
    page.go_back()
    page.get_by_role("main").get_by_role("link", name="Hủy", exact=True).click()
    page.locator("#why").fill("nhập nhầm hộ")
    page.get_by_role("button", name="Hủy lượt này").click()
    expect(page.locator("main")).to_contain_text("nhập nhầm hộ")
    expect(in_list(page, head)).to_have_count(0)


def in_list(page: Page, head: str) -> Locator:
    """The visit on the screen, as a row of the list filtered by the head of its household."""
    page.wait_for_url(VISIT)
    address = page.url.removeprefix(page.url.split("/visits/")[0])
    page.goto("/visits/")
    page.locator("#q").fill(head)
    page.keyboard.press("Enter")
    page.wait_for_url("**q=**")
    return page.locator("table tbody tr", has=page.locator(f"a[href='{address}']"))


def test_what_is_wrong_with_a_visit_is_said_beside_the_field(visitors: Visitors) -> None:
    page = visitors("canbo")
    page.goto("/visits/new")
    page.locator("#visited_on").fill("30/11/2026")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator("#summary")).to_be_focused()
    page.locator("#summary a[href='#household_id']").click()
    expect(page.locator("#household_id")).to_be_focused()
    choose_home(page)
    page.select_option("#assists-0-kind", "EID2_ACTIVATE")
    page.select_option("#assists-0-outcome", "done")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator("#visited_on-error")).to_be_visible()
    expect(page.locator("#visited_on")).to_have_value("30/11/2026")


def test_the_words_of_the_report_save_themselves_and_the_paper_follows(visitors: Visitors) -> None:
    page = visitors("canbo")
    page.get_by_role("link", name="Mở báo cáo tháng").click()
    said, frame = page.locator("[data-draft-said]"), page.locator("iframe[data-preview]")
    base, words = page.locator("form[data-autosave] input[name=base_version]"), page.locator("#next_steps")
    for text in ("Tuần tới đến thôn Hốc Đá.", "Tuần sau nữa đến thôn Nậm Dù."):
        before, shown = int(base.input_value()), frame.get_attribute("src") or ""
        words.press_sequentially(text)
        expect(base).to_have_value(str(before + 1))
        expect(said).to_contain_text("Đã lưu nháp")
        expect(frame).not_to_have_attribute("src", shown)
    paper = page.request.get(page.get_by_role("link", name="Mở PDF").get_attribute("href") or "")
    assert paper.ok and paper.headers["content-type"] == "application/pdf" and paper.body()[:5] == b"%PDF-"
    page.reload()
    expect(words).to_have_value(re.compile("Hốc Đá.*Nậm Dù"))
    words.fill("")
    page.get_by_role("button", name="Lưu phần lời").click()
    expect(page.locator("#summary")).to_have_count(0)
    expect(words).to_have_value("")


def test_two_officials_at_one_report_do_not_write_over_each_other(visitors: Visitors) -> None:
    first, second = visitors("canbo"), visitors("canbo")
    for page in (first, second):
        page.get_by_role("link", name="Mở báo cáo tháng").click()
    first.locator("#proposals").fill("Đề nghị cấp thêm máy.")
    expect(first.locator("[data-draft-said]")).to_contain_text("Đã lưu nháp")
    second.locator("#proposals").fill("Đề nghị mở lớp.")
    expect(second.locator("[data-draft-said]")).to_contain_text("có người khác vừa viết")
    expect(second.locator("#proposals")).to_have_value("Đề nghị mở lớp.")
    second.locator("form[data-autosave] .acts button").click()
    expect(second.locator("#summary")).to_be_visible()
    expect(second.locator("#proposals")).to_have_value("Đề nghị mở lớp.")
    second.locator("form[data-autosave] .acts button").click()
    expect(second.locator("#summary")).to_have_count(0)
    expect(second.locator("#proposals")).to_have_value("Đề nghị mở lớp.")


def test_a_workbook_is_tried_out_imported_and_undone(visitors: Visitors) -> None:
    page = visitors("canbo")
    page.goto("/imports/")
    page.locator("input[type=file]").set_input_files(DATA / "ho-dan-xuan-quang.xlsx")
    page.get_by_role("button", name="Tải lên và xem các cột").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Các cột")
    page.get_by_role("button", name="Chạy thử").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Chạy thử")
    page.get_by_role("button", name=re.compile(r"^Nhập \d+")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Đã nhập")
    page.get_by_role("button", name="Hoàn tác lần nhập").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Đã hoàn tác")


def test_a_member_records_a_visit_on_a_phone(visitors: Visitors) -> None:
    page = visitors("thanhvien", "phone")
    page.set_viewport_size({"width": 360, "height": 740})
    page.get_by_role("link", name="Ghi lượt hỗ trợ").first.tap()
    page.wait_for_url("**/visits/new")
    name = choose_home(page)
    page.get_by_role("radio", name="Vắng nhà").tap()
    page.get_by_role("button", name="Lưu", exact=True).tap()
    expect(page.locator(".flashes")).to_contain_text("Đã lưu lượt đến hộ.")
    expect(page.locator("main")).to_contain_text(name.split(" (")[0])


def test_a_visit_is_recorded_without_scripts(visitors: Visitors) -> None:
    page = visitors("canbo", java_script_enabled=False)
    page.goto("/visits/new")
    choose_home(page)
    page.select_option("#assists-0-kind", "EID2_ACTIVATE")
    page.select_option("#assists-0-outcome", "done")
    page.get_by_role("button", name="Thêm loại hỗ trợ").click()
    page.select_option("#assists-1-kind", "FILING_SUBMIT")
    page.select_option("#assists-1-outcome", "not_done")
    page.select_option("#assists-1-cause", index=1)
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.wait_for_url(VISIT)
    expect(page.get_by_role("table", name="Đã hỗ trợ").locator("tbody tr")).to_have_count(2)


@pytest.fixture
def heads(site: Site) -> Iterator[set[str]]:
    """The names of all heads of households in the district."""
    with closing(sqlite3.connect(site.instance / "tdteam.db")) as db:
        yield {name for (name,) in db.execute("SELECT head FROM household")}


def test_a_reviewer_compares_communes_and_sees_no_resident(visitors: Visitors, heads: set[str]) -> None:
    page = visitors("giamsat")
    page.goto("/coverage")
    page.get_by_role("columnheader").get_by_role("link").first.click()
    page.wait_for_url("**order=**")
    expect(page.locator("th[aria-sort]")).to_have_count(1)
    commune = page.locator("a.opens").first
    is_open = commune.get_attribute("aria-expanded") == "true"
    commune.click()
    expect(page.locator("a.opens").first).to_have_attribute("aria-expanded", str(not is_open).lower())
    if is_open:
        page.locator("a.opens").first.click()
    assert page.locator("tr.kid").count() > 0
    for path in ("/coverage", "/visits/", "/households/", "/gatherings/", "/filings/"):
        page.goto(path)
        words = page.locator("main").inner_text()
        assert len(words) > 100
        assert not {name for name in heads if name in words}, path


def test_an_auditor_reads_the_audit_and_checks_the_chain(visitors: Visitors) -> None:
    page = visitors("kiemtoan")
    page.goto("/audit/")
    assert page.locator("table tbody tr").count() > 5
    page.get_by_role("link", name="Kiểm tra chuỗi nhật ký").click()
    page.wait_for_url("**/audit/verify")
    expect(page.locator("main .note.bad")).to_have_count(0)


def test_a_new_account_signs_in_with_the_password_on_its_slip(visitors: Visitors) -> None:
    page, name = visitors("quantri"), f"thu.{new_id()[-6:]}"
    page.goto("/accounts/new")
    page.get_by_label("Họ và tên").fill("Lý Thị Thử")
    page.get_by_label("Tên đăng nhập").fill(name)
    page.select_option("#role", "official")
    page.locator("#place_q").fill("xuan quang")
    page.locator("button[name=find]").click()
    page.locator("#places label").first.click()
    page.get_by_role("button", name="Tạo tài khoản").last.click()
    password = page.locator("main code").nth(1).inner_text()
    page.goto("/accounts/")
    expect(page.locator("main")).not_to_contain_text(password)

    fresh = visitors()
    sign_in(fresh, name, password)
    fresh.wait_for_url("**/accounts/me/password")
    fresh.goto("/visits/")
    fresh.wait_for_url("**/accounts/me/password")  # nothing else opens before it has its own
    for field, typed in (
        ("current", password),
        ("new", "ruộng bậc thang Y Tý"),
        ("again", "ruộng bậc thang Y Tý"),
    ):
        fresh.locator(f"#{field}").fill(typed)
    fresh.locator("main form .acts button").click()
    expect(fresh.locator("h1")).to_contain_text("Tháng 12/2026")


def test_theme_and_size_of_text_stay_chosen(visitors: Visitors) -> None:
    page = visitors("canbo")
    page.locator(".side summary").click()
    page.get_by_role("button", name="Tối", exact=True).click()
    page.get_by_role("button", name="Rất to").click()
    page.goto("/households/")
    kept = page.evaluate(
        "() => [document.documentElement.dataset.theme, document.documentElement.dataset.size]"
    )
    assert kept == ["dark", "3"]
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(16, 20, 27)"
