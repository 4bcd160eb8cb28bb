"""A new version of the app on the real server while a form is half filled: the text stays, the person is told, a touch brings it."""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.handset import SHELL, SLOW
from tests.browser.phone_steps import choose, first_home, phone_of, records
from tests.browser.screens import Visitors
from tests.browser.site import ROOT

LOOK = "() => document.dispatchEvent(new Event('visibilitychange'))"
VERSION = "() => document.documentElement.dataset.version ?? null"


def newer(folder: Path) -> Path:
    """The application as it is, but for one file of the phone that says it is newer."""
    for name in ("tdteam", "static", "templates"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    app = folder / "static/js/phone/app.js"
    text = app.read_text("utf-8")
    app.write_text(f'{text}\ndocument.documentElement.dataset.version = "newer";\n', "utf-8")
    return folder


def test_a_half_filled_form_outlives_a_new_version(own_visitors: Visitors, tmp_path: Path) -> None:
    page = phone_of(own_visitors, worker=True)
    page.wait_for_function(SHELL, timeout=SLOW)
    name = first_home(page)
    choose(page, "Kỹ năng số", "Đã hướng dẫn")
    page.get_by_text("Ghi thêm").click()
    page.get_by_label("Ghi chú").fill("Hẹn thứ ba xuống giúp bà")
    site = own_visitors.site
    site.stop()
    site.more = {"PYTHONPATH": str(newer(tmp_path / "newer")), "PYTHONSAFEPATH": "1"}
    site.start()
    page.evaluate("() => { window.same = true; }")
    page.evaluate(LOOK)  # the person comes back to the phone: it looks for news
    hint = page.locator(".hints .note", has_text="Có bản mới. Những gì bạn đang ghi vẫn còn.")
    expect(hint).to_be_visible(timeout=SLOW)
    # Nothing was taken from under the person's hands.
    assert page.evaluate("() => window.same") is True and page.evaluate(VERSION) is None
    expect(page.get_by_label("Ghi chú")).to_have_value("Hẹn thứ ba xuống giúp bà")
    page.get_by_label("Ghi chú").press_sequentially(", mang sạc")
    hint.get_by_role("button", name="Dùng bản mới").click()
    page.wait_for_function("() => document.documentElement.dataset.version === 'newer'", timeout=SLOW)
    expect(page.locator(".who b")).to_have_text(name, timeout=SLOW)
    expect(page.get_by_label("Ghi chú")).to_have_value("Hẹn thứ ba xuống giúp bà, mang sạc")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator(".toast")).to_contain_text(f"Đã lưu: {name}")
    (kept,) = records(page)
    assert kept["body"]["note"] == "Hẹn thứ ba xuống giúp bà, mang sạc" and len(kept["body"]["assists"]) == 1
