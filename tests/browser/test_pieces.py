"""The shared pieces of pages in a real browser, under the app's own policy: scripts/specimen.py shows them all."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from scripts.specimen import PAGES, make_app

DESK = {"width": 1366, "height": 768}
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = make_server("127.0.0.1", 0, make_app(), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()


@pytest.fixture
def context(browser: Browser, address: str) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport=DESK, locale="vi-VN", base_url=address)  # type: ignore[arg-type]
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A tab that must say nothing on its console: no refused style, no failed script."""
    tab = context.new_page()
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    yield tab
    assert [text for text in said if not re.search("status of (404|409|503)", text)] == []


@pytest.mark.parametrize("name", PAGES)
def test_no_page_scrolls_sideways_or_complains(page: Page, name: str) -> None:
    for width, size in ((1366, ""), (360, ""), (360, "3"), (320, "")):
        page.set_viewport_size({"width": width, "height": 740})
        page.goto(f"/{name}")
        page.evaluate("size => document.documentElement.dataset.size = size", size)
        assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0, (
            name,
            width,
            size,
        )
        assert page.locator("h1").count() == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(page: Page, name: str, theme: str) -> None:
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    for size in (DESK, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.goto(f"/{name}")
        found = Axe().run(page, options={"rules": {"frame-tested": {"enabled": False}}, "iframes": False})
        assert [(v["id"], [n["html"] for n in v["nodes"]][:3]) for v in found.response["violations"]] == []


def test_theme_is_kept_and_set_before_the_first_paint(page: Page) -> None:
    page.goto("/home")
    page.locator(".side summary").click()
    page.get_by_role("button", name="Tối", exact=True).click()
    page.get_by_role("button", name="Rất to").click()
    page.goto("/list")
    assert page.evaluate("() => ({...document.documentElement.dataset})") == {
        "js": "",
        "theme": "dark",
        "size": "3",
    }
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(16, 20, 27)"


def test_glyphs_take_the_colour_behind_them_through_the_sprite(page: Page) -> None:
    """The tick of a seal on the filled button is cut out in the button's colour, not in the card's."""
    page.goto("/report")
    assert page.evaluate(
        """() => {
            const use = document.querySelector(".b.go use");
            return getComputedStyle(use).getPropertyValue("--cut").trim();
        }"""
    ) in ("#1F4280", "rgb(31, 66, 128)")


def test_slash_searches_question_mark_helps_escape_closes(page: Page) -> None:
    page.goto("/home")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("n?/")
    expect(page.get_by_role("searchbox")).to_have_value("n?/")
    page.locator(".side summary").click()
    page.keyboard.press("Escape")
    expect(page.locator(".side details")).not_to_have_attribute("open", "")
    expect(page.locator(".side summary")).to_be_focused()
    page.keyboard.press("Tab")
    page.locator("body").press("?")
    page.wait_for_url("**/help")


def test_sections_fold_behind_one_button_on_a_phone(page: Page) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto("/home")
    expect(page.get_by_role("navigation", name="Các phần")).to_be_hidden()
    page.get_by_role("button", name="Các mục").click()
    expect(page.get_by_role("link", name="Báo cáo", exact=True)).to_be_visible()


def test_a_row_of_help_is_added_removed_and_taken_back(page: Page) -> None:
    page.goto("/form")
    page.get_by_role("button", name="Thêm một việc").click()
    page.get_by_role("button", name="Thêm một việc").click()
    assert page.locator("[data-row] select[name$=kind]").evaluate_all("all => all.map(s => s.name)") == [
        "assists-0-kind",
        "assists-1-kind",
        "assists-2-kind",
    ]
    page.locator("#assists-1-people").fill("7")
    page.locator("[data-rows-drop]").nth(1).click()
    expect(page.locator("#assists-1-people")).to_have_count(0)
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.locator("#assists-1-people")).to_have_value("7")
    assert page.locator("[data-row]").nth(1).locator("#assists-1-people").count() == 1


def test_a_kind_leaves_only_its_outcomes_and_its_questions(page: Page) -> None:
    page.goto("/form")
    page.select_option("#assists-0-kind", "EID2_REFER")
    open_outcomes = page.locator("#assists-0-outcome option:not([disabled])")
    assert open_outcomes.evaluate_all("all => all.map(o => o.value)") == ["", "referred"]
    expect(page.locator("#assists-0-filing")).to_be_hidden()
    expect(page.locator("#assists-0-cause")).to_be_disabled()
    page.select_option("#assists-0-kind", "FILING_SUBMIT")
    page.select_option("#assists-0-outcome", "not_done")
    expect(page.locator("#assists-0-filing")).to_be_visible()
    expect(page.locator("#assists-0-cause")).to_be_enabled()


def test_a_day_typed_shortly_is_tidied_and_the_calendar_writes_our_form(page: Page) -> None:
    page.goto("/form")
    day = page.locator("#visited_on")
    day.fill("5/3/26")
    day.blur()
    expect(day).to_have_value("05/03/2026")
    page.evaluate("() => { HTMLInputElement.prototype.showPicker = () => {}; }")
    page.locator("[data-day-button]").click()
    page.locator("[data-day] input[type=date]").evaluate(
        "picker => { picker.value = '2026-11-14'; picker.dispatchEvent(new Event('change')); }"
    )
    expect(day).to_have_value("14/11/2026")


def test_typing_is_kept_on_this_computer_and_offered_again(page: Page) -> None:
    page.goto("/form")
    page.locator("#note").fill("Bà con hẹn thứ Bảy")
    page.locator("#phone").fill("0912345678")
    expect(page.locator("[data-draft-said]")).to_contain_text("Đã giữ nháp")
    kept = page.evaluate("() => localStorage.getItem('tdteam.draft.specimen')")
    assert "Bà con" in kept and "0912345678" not in kept
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/form")
    expect(page.locator("#note")).to_have_value("")
    page.get_by_role("button", name="Khôi phục bản nháp").click()
    expect(page.locator("#note")).to_have_value("Bà con hẹn thứ Bảy")


def test_unsaved_typing_is_not_left_without_a_warning_and_saved_typing_is(page: Page) -> None:
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/form")
    page.goto("/home")
    assert asked == []
    page.goto("/form")
    page.locator("#phone").press_sequentially("09")
    page.goto("/home")
    assert asked == ["beforeunload"]


def test_remarks_are_saved_while_typing_and_the_paper_follows(page: Page) -> None:
    page.goto("/report")
    before = page.locator("iframe[data-preview]").get_attribute("src")
    with page.expect_request("**/saved") as sent:
        page.locator("#note").fill("Bốn tổ chưa gửi")
    assert sent.value.method == "POST" and "csrf_token" in (sent.value.post_data or "")
    expect(page.locator("[data-draft-said]")).to_contain_text("Đã lưu nháp")
    expect(page.locator("iframe[data-preview]")).not_to_have_attribute("src", before or "")


def test_each_background_save_starts_from_the_version_the_last_one_made(page: Page) -> None:
    page.goto("/report")
    page.evaluate(
        """() => {
            const form = document.querySelector("form[data-autosave]");
            form.insertAdjacentHTML("beforeend", '<input type="hidden" name="base_version" value="3">');
        }"""
    )
    page.route("**/saved", lambda route: route.fulfill(json={"version": 4}))
    page.locator("#note").fill("Bốn tổ chưa gửi")
    expect(page.locator("[data-draft-said]")).to_contain_text("Đã lưu nháp")
    expect(page.locator("input[name=base_version]")).to_have_value("4")
    page.unroute("**/saved")
    page.route("**/saved", lambda route: route.fulfill(status=409, json={"error": "stale"}))
    page.locator("#note").fill("Ba tổ chưa gửi")
    expect(page.locator("[data-draft-said]")).to_contain_text("có người khác vừa viết")
    expect(page.locator("input[name=base_version]")).to_have_value("4")
    expect(page.locator("#note")).to_have_value("Ba tổ chưa gửi")


def test_a_lost_connection_is_said_and_the_text_stays(page: Page, context: BrowserContext) -> None:
    page.goto("/report")
    page.route("**/saved", lambda route: route.fulfill(status=503, body=""))
    page.locator("#note").fill("Bốn tổ chưa gửi")
    expect(page.locator("[data-draft-said]")).to_contain_text("Chữ đã gõ vẫn còn đây")
    expect(page.locator("#note")).to_have_value("Bốn tổ chưa gửi")


def test_a_text_for_zalo_is_copied_with_its_lines(page: Page, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/home")
    page.get_by_role("button", name="Sao chép tin nhắc").last.click()
    expect(page.locator("[data-copy-said]")).to_have_text("Đã sao chép. Mở nhóm Zalo và dán vào.")
    assert "\nHạn chốt" in page.evaluate("() => navigator.clipboard.readText()")


def test_the_summary_of_what_is_wrong_has_the_focus_and_leads_to_the_fields(page: Page) -> None:
    page.goto("/wrong")
    expect(page.locator("#summary")).to_be_focused()
    for link in page.locator("#summary a").all():
        assert page.locator(link.get_attribute("href") or "").count() == 1
    page.locator("#summary a").first.click()
    expect(page.locator("#visited_on")).to_be_focused()


def test_without_scripts_pages_still_work(browser: Browser, address: str) -> None:
    bare = browser.new_context(viewport=PHONE, java_script_enabled=False, base_url=address)  # type: ignore[arg-type]
    tab = bare.new_page()
    tab.goto("/form")
    expect(tab.get_by_role("link", name="Báo cáo", exact=True)).to_be_visible()
    expect(tab.get_by_role("button", name="Thêm một việc")).to_be_visible()
    expect(tab.locator("#assists-0-filing")).to_be_visible()
    assert tab.locator(".needs-js").evaluate_all("all => all.filter(n => n.offsetParent).length") == 0
    bare.close()
