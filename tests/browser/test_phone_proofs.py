"""A phone that dies, with the real server: what was called saved is there when it starts again, and arrives exactly once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.browser.handset import PIN, SLOW, Handset, arrived, enrol, fill_visit, on_server, save_visit
from tests.browser.phone_steps import SENT, records, send_now
from tests.browser.screens import sign_in
from tests.browser.site import ROOT, Site

KILLS = 50 if os.environ.get("TDTEAM_LONG") else 3


@pytest.fixture
def handset(
    playwright: Playwright, browser_type_launch_args: dict[str, Any], tmp_path: Path, own_site: Site
) -> Iterator[Handset]:
    """A phone of the leader's, with six digits, a roster and a shell that starts without a network."""
    path, args = browser_type_launch_args["executable_path"], browser_type_launch_args["args"]
    made = Handset(playwright, path, args, tmp_path / "profile", own_site)
    page = made.open("/sign-in")
    sign_in(page, "totruong")
    enrol(page)
    yield made
    made.close()


def test_three_visits_and_a_photo_outlive_a_killed_phone_and_arrive_once(
    handset: Handset, own_site: Site
) -> None:
    assert handset.context
    page = handset.context.pages[0]
    own_site.stop()
    for at in range(3):
        name = fill_visit(page, at)
        if at == 2:
            page.get_by_text("Ghi thêm").click()
            page.locator("input[type=file]").set_input_files(ROOT / "static/icons/app-512.png")
            expect(page.locator(".photos canvas")).to_be_visible(timeout=SLOW)
        save_visit(page, name)
    written = records(page)
    assert [one["state"] for one in written] == ["waiting"] * 3
    handset.kill()

    page = handset.open()  # cold, and still without a network
    expect(page.get_by_role("heading", name="Gần đây")).to_be_visible(timeout=SLOW)
    assert [{**one, "tries": 0} for one in records(page)] == [{**one, "tries": 0} for one in written]
    own_site.start()
    back_with_the_pin(page, waiting=3)

    ids = [one["id"] for one in written]
    assert arrived(own_site, ids) == [(1, 1)] * 3
    [(photo,)] = [one["photos"] for one in written if one["photos"]]
    assert on_server(own_site, "SELECT sha256, removed_at FROM evidence WHERE sha256 = ?", photo) == [
        (photo, None)
    ]
    send_now(page)  # and once more changes nothing
    assert arrived(own_site, ids) == [(1, 1)] * 3
    assert [one["verdict"] for one in records(page)] == ["accepted"] * 3


def test_a_phone_killed_between_touch_and_toast_has_what_it_showed_as_saved(
    handset: Handset, own_site: Site
) -> None:
    """In turn: killed the moment the toast is there, a little after the touch, and at once."""
    assert handset.context
    page = handset.context.pages[0]
    own_site.stop()
    touched = 0
    for turn in range(KILLS):
        fill_visit(page)
        before, seen = len(records(page)), len(handset.shown)
        touched += 1
        button = page.get_by_role("button", name="Lưu", exact=True)
        if turn % 3 == 0:
            with page.expect_console_message(lambda said: "Đã lưu" in said.text, timeout=SLOW):
                button.click(no_wait_after=True)
        else:
            button.click(no_wait_after=True)
            page.wait_for_timeout(turn * 7 % 40 if turn % 3 == 1 else 0)
        handset.kill()
        shown = any("Đã lưu" in one for one in handset.shown[seen:])
        assert shown or turn % 3
        page = handset.open()
        expect(page.locator("#bar")).to_be_visible(timeout=SLOW)
        there = len(records(page))
        assert there in ((before + 1,) if shown else (before, before + 1)), f"turn {turn}"
        drop_draft(page)
    kept = records(page)
    assert [one["seq"] for one in kept] == list(range(1, len(kept) + 1))
    own_site.start()
    back_with_the_pin(page, waiting=len(kept))
    assert arrived(own_site, [one["id"] for one in kept]) == [(1, 1)] * len(kept)
    assert 1 <= len(kept) <= touched


def back_with_the_pin(page: Page, waiting: int) -> None:
    """The network is back, the session ran out meanwhile: everything is kept, and six digits send it."""
    page.context.clear_cookies()
    page.evaluate("() => dispatchEvent(new Event('online'))")
    expect(page.locator("#status")).to_contain_text("Hết phiên", timeout=SLOW)
    assert [one["state"] for one in records(page)] == ["waiting"] * waiting
    page.locator("#status a").click()
    page.get_by_label("Sáu số của bạn").fill(PIN)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.locator("#status")).to_have_text(SENT, timeout=SLOW)


def drop_draft(page: Page) -> None:
    """What was half written comes back by itself; it is thrown away, to begin anew."""
    page.wait_for_function("() => document.querySelector('#main ul.pick, #main form#visit, #main .kv')")
    button = page.get_by_role("button", name="Bỏ, không ghi nữa")
    if page.locator("form#visit").count():
        button.click()
        expect(page.locator("form#visit")).to_have_count(0)
