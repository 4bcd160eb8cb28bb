"""The month's road in a real browser, without a manual: from open figures to a printed, signed, uploaded, verified paper."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.screens import Visitors, shoot
from tests.browser.test_every_page import WIDTHS, serious

SCAN = b"%PDF-1.7\n% a signed copy, as a scanner might make it\n%%EOF\n"


def usable(page: Page, name: str) -> None:
    """Nothing serious for axe in either theme, nothing wider than the screen."""
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        assert serious(page) == [], (name, theme)
        shoot(page, name)
    page.emulate_media(color_scheme="light")
    size = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 740})
        wide = page.evaluate(
            "() => document.scrollingElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, f"{name}: {wide} px wider than a screen of {width}"
        shoot(page, name)
    if size:
        page.set_viewport_size(size)


def step(page: Page, link: str, button: str, why: str = "") -> None:
    page.get_by_role("link", name=link).click()
    page.wait_for_url("**/step/*")
    if why:
        page.get_by_label("Lý do", exact=True).fill(why)
    page.get_by_role("button", name=button).click()
    page.wait_for_load_state()


def report_of(page: Page) -> None:
    """The report of October, by the way an official goes."""
    page.goto("/reports/")
    link = page.locator("a[href$='/2026-10']").first
    page.goto(str(link.get_attribute("href")))


def test_from_open_period_to_verified_paper(own_visitors: Visitors, tmp_path: Path) -> None:
    official, signer = own_visitors("canbo"), own_visitors("lanhdao")
    report_of(official)
    step(official, "Chốt số liệu…", "Chốt số liệu")
    expect(official.locator("main")).to_contain_text("Đã chốt số liệu.")
    usable(official, "month-sealed")
    official.locator("#next_steps").fill("Phối hợp Công an xã làm mức 2 lưu động.")
    official.get_by_role("button", name="Lưu phần lời").click()
    step(official, "Trình ký…", "Trình ký")

    report_of(signer)
    signer.get_by_role("link", name="Trả lại…").click()
    usable(signer, "month-return")
    signer.get_by_label("Lý do", exact=True).fill("Ghi rõ số đợt")
    signer.get_by_role("button", name="Trả lại báo cáo").click()
    report_of(official)
    expect(official.locator("main")).to_contain_text("Ghi rõ số đợt")
    official.locator("#next_steps").fill("Phối hợp Công an xã làm mức 2 lưu động 6 đợt.")
    official.locator("#number").fill("72")
    official.get_by_role("button", name="Lưu phần lời").click()
    step(official, "Trình ký…", "Trình ký")
    report_of(signer)
    step(signer, "Ký…", "Ký báo cáo")
    report_of(official)
    step(official, "Phát hành…", "Phát hành báo cáo")
    expect(official.locator("main")).to_contain_text("Đã phát hành.")
    usable(official, "month-issued")

    paper = official.request.get(official.url.split("#")[0] + "/pdf")
    kept = tmp_path / "bao-cao.pdf"
    kept.write_bytes(paper.body())
    scan = tmp_path / "ban-ky.pdf"
    scan.write_bytes(SCAN)
    official.set_input_files("#signed-copies ~ form input[type=file]", scan)
    official.get_by_role("button", name="Lưu bản này").click()
    expect(official.locator("main")).to_contain_text("ban-ky.pdf")
    official.get_by_role("link", name="Lịch sử").first.click()
    usable(official, "month-history")

    code = re.findall(r"/verify/([a-z0-9]{16})", official.content())[0]
    stranger = own_visitors(None)
    stranger.goto(f"/verify/{code}")
    expect(stranger.locator("h1")).to_contain_text("MÃ ĐÚNG")
    usable(stranger, "verify")
    for file, verdict in ((kept, "ĐÚNG"), (scan, "ĐÚNG")):
        stranger.set_input_files("#verify-file", file)
        expect(stranger.locator("[data-verdict] h1")).to_contain_text(verdict)
    other = tmp_path / "khac.pdf"
    other.write_bytes(kept.read_bytes()[:-1] + b"!")
    stranger.set_input_files("#verify-file", other)
    expect(stranger.locator("[data-verdict] h1")).to_contain_text("KHÔNG KHỚP")

    report_of(official)
    official.get_by_role("link", name="Lập báo cáo thay thế…").click()
    usable(official, "month-replace")
