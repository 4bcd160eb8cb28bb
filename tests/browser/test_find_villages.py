"""A reviewer who has never seen the board: from the door to the five villages that need help most, and why, in three steps."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screens import EVERY_LOOK, Visitors, check_reachable, shoot, sign_in

NEEDED = ".needs > li"


def villages(page: Page) -> list[tuple[str, list[str]]]:
    """The places named as needing help, each with its reasons, as a reader sees them."""
    return [
        (one.locator("> a").inner_text(), one.locator(".why li").all_inner_texts())
        for one in page.locator(NEEDED).all()
    ]


def test_the_five_villages_and_why_are_the_first_thing_after_signing_in(visitors: Visitors) -> None:
    page = visitors(None)
    page.set_default_timeout(60_000)  # a busy machine is no slow board: tests/load measures that
    sign_in(page, "giamsat")

    heading = page.get_by_role("heading", name=re.compile("5 thôn cần giúp nhất"))
    expect(heading).to_be_in_viewport()
    found = villages(page)
    assert (
        len(found) == 5
        and len(set(page.locator(f"{NEEDED} > a").evaluate_all("l => l.map(a => a.href)"))) == 5
    )
    for name, reasons in found:
        assert name and 1 <= len(reasons) <= 3, name
        assert all(re.search(r"\d|Chưa|chưa", reason) for reason in reasons), reasons
    for one in page.locator(NEEDED).all():
        expect(one).to_be_in_viewport()

    # Why, in figures: the village stands on the board, opened, with the very numbers of the reason.
    name, reasons = found[0]
    page.locator(f"{NEEDED} > a").first.click()
    row = page.locator("tr:target")
    expect(row).to_be_in_viewport()
    expect(row.get_by_role("rowheader")).to_contain_text(name)
    expect(row).to_contain_text(re.compile("Chưa gửi gì|Đang ghi|Chưa có tổ|Không phát sinh"))
    expect(row.locator("+ tr.team")).to_be_visible()
    page.get_by_role("link", name=re.compile("Từ đầu năm")).click()
    year = page.locator("tr", has=page.get_by_role("link", name=name, exact=True)).first
    told = re.search(r"[\d.]+/[\d.]+|(?<=trong )[\d.]+(?= hộ)", " ".join(reasons))
    assert told is not None
    expect(year).to_contain_text(told[0])


def test_the_same_with_the_keyboard_alone(visitors: Visitors) -> None:
    page = visitors("giamsat")
    page.goto("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # "to the content"
    name = page.locator(f"{NEEDED} > a").first.inner_text()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.needs') !== null"):
            break
    assert page.evaluate("document.activeElement.innerText") == name
    page.keyboard.press("Enter")
    page.wait_for_url("**#r*")
    expect(page.locator("tr:target")).to_contain_text(name)


def test_a_row_opens_in_place_keeps_the_focus_and_the_address_and_closes_again(visitors: Visitors) -> None:
    page = visitors("giamsat")
    page.goto("/coverage")
    page.evaluate("window.stayed = true")
    rows = page.locator("table[data-board] tbody tr")
    before = rows.count()
    first, second = (page.locator("a[data-opens]").nth(place) for place in (0, 1))
    number = first.get_attribute("data-opens")
    other = second.get_attribute("data-opens")
    first.focus()
    page.keyboard.press("Enter")
    expect(first).to_have_attribute("aria-expanded", "true")
    expect(first).to_be_focused()
    expect(page.locator(f'tr[data-in="{number}"]').first).to_be_visible()
    expect(page.locator("[data-board-said]")).to_contain_text("Đã mở")
    assert f"open={number}" in page.url and page.evaluate("window.stayed")

    # A second one stands open beside it, and a village's team inside the first.
    page.locator(f'a[data-opens="{other}"]').click()
    expect(page.locator(f'tr[data-in="{other}"]').first).to_be_visible()
    village = page.locator(f'tr[data-in="{number}"] a[data-opens]').first
    village.click()
    expect(page.locator("tr.team").first).to_be_visible()
    assert page.evaluate("window.stayed")
    shown = rows.count()
    page.reload()
    expect(rows).to_have_count(shown)
    page.go_back()
    page.wait_for_load_state()
    expect(page.locator("tr.team")).to_have_count(0)

    page.goto(f"/coverage?open={number}")
    page.locator(f'a[data-opens="{number}"]').click()
    expect(rows).to_have_count(before)
    assert "open=" not in page.url


def test_the_board_is_the_same_without_a_script(visitors: Visitors) -> None:
    page = visitors("giamsat", java_script_enabled=False)
    page.goto("/coverage")
    link = page.locator("a[data-opens]").first
    number = link.get_attribute("data-opens")
    link.click()
    expect(page.locator(f'a[data-opens="{number}"]')).to_have_attribute("aria-expanded", "true")
    assert page.locator(f'tr[data-in="{number}"]').count() > 0


@pytest.mark.parametrize(("screen", "theme"), EVERY_LOOK)
def test_the_board_is_reachable_in_every_look(visitors: Visitors, screen: str, theme: str) -> None:
    page = visitors("giamsat", screen, theme)
    page.goto("/coverage?period=2026-10")
    page.locator("a[data-opens]").first.click()
    expect(page.locator("tr.kid").first).to_be_attached()
    page.locator("tr.kid a[data-opens]").first.click()
    expect(page.locator("tr.team").first).to_be_attached()
    page.locator("form.columns summary").click()
    check_reachable(page)
    shoot(page, f"board-{screen}-{theme}")
