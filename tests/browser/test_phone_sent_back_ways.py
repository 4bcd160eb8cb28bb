"""Ways through a correction on the phone: left half-way, hanging on another record, taken by the real server, read by everybody."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.phone_steps import phone_of, records
from tests.browser.phone_world import TEAM, VILLAGE, go, in_box, phone_with
from tests.browser.screens import THEMES, Visitors, check_reachable, shoot
from tests.browser.sent_back import (
    ADD,
    CROWD,
    FILING,
    NEW_HOME,
    REFUSE,
    VISIT,
    beside,
    page,
    press,
    sent_back,
    told,
)

__all__ = ["page"]


@pytest.mark.parametrize(("kind", "body"), [("visit", VISIT), ("gathering", CROWD)])
def test_the_reason_for_taking_something_out(page: Page, kind: str, body: dict[str, Any]) -> None:
    first = in_box(page, ADD, {"kind": kind, "body": body})
    one = "(box, id, sha256) => box.settle([{id, sha256, state: 'accepted', version: 1, flaws: []}])"
    in_box(page, one, first["id"], first["sha256"])
    out = {"voids": first["id"], "village_id": VILLAGE, "why": "Thẻ 012345678901"}
    sent_back(page, kind, out, "why", base=1)
    expect(beside(page, "why")).to_be_visible()
    expect(page.get_by_label("Vì sao?")).to_have_value("Thẻ 012345678901")
    page.get_by_label("Vì sao?").fill("Ghi trùng")
    page.locator("#act").get_by_role("button").click()
    expect(page.locator("#title")).to_have_text("Thêm")
    last = records(page)[-1]
    assert (last["state"], last["body"]["why"], last["base_version"]) == ("waiting", "Ghi trùng", 1)


def test_what_is_left_as_it_was_is_still_there_refused(page: Page) -> None:
    record = sent_back(page, "household", NEW_HOME, "head")
    page.get_by_label("Chủ hộ", exact=True).fill("Ai đó khác")
    page.get_by_role("button", name="Thôi, để như cũ").click()
    expect(page.locator("#title")).to_have_text("Thêm")
    (now,) = records(page)
    assert (now["state"], now["body"], now["sha256"]) == ("refused", record["body"], record["sha256"])


def test_half_a_correction_survives_and_its_reason_is_said_again(page: Page) -> None:
    record = sent_back(page, "household", NEW_HOME, "birth_year")
    page.get_by_label("Năm sinh chủ hộ").fill("196")
    page.wait_for_timeout(600)
    page.reload()
    expect(page.get_by_label("Năm sinh chủ hộ")).to_have_value("196")
    expect(beside(page, "birth_year")).to_be_visible()
    assert [(one["id"], one["state"]) for one in records(page)] == [(record["id"], "refused")]


def test_whoever_hangs_on_a_household_goes_again_with_it(page: Page) -> None:
    """A person of a household that was refused: the way leads to the household, and both go."""
    home = in_box(page, ADD, {"kind": "household", "body": NEW_HOME})
    in_box(page, REFUSE, home["id"], [{"field": "head", "code": "x", "message": "Tên chưa đúng."}])
    body = {"household_id": home["id"], "village_id": VILLAGE, "name": "Giàng Thị Mỷ", "attained": []}
    person = in_box(page, ADD, {"kind": "resident", "body": {**body, "birth_year": 1990, "sex": None}})
    in_box(page, REFUSE, person["id"], [{"field": "", "code": "not_found", "message": "Không thấy hộ."}])
    go(page, "#/more", "Thêm")
    page.get_by_role("button", name="Sửa: Người mới Giàng Thị Mỷ").click()
    expect(page.locator("main")).to_contain_text("Hãy sửa thông tin hộ trước")
    page.get_by_role("link", name="Sửa", exact=True).click()
    expect(page.locator(".summary")).to_contain_text("Tên chưa đúng.")
    page.get_by_label("Chủ hộ", exact=True).fill("Giàng A Dơ")
    press(page, "Lưu hộ này")
    expect(page.locator(".toast")).to_contain_text("Đã lưu")
    expect(page.get_by_role("heading", name="Chưa gửi (2)")).to_be_visible()
    kept = records(page)
    assert [(one["id"], one["state"]) for one in kept] == [(home["id"], "waiting"), (person["id"], "waiting")]


def test_the_real_server_takes_what_was_put_right_and_what_is_sent_again(visitors: Visitors) -> None:
    """A household with 0 people and a visit to it are refused. The household put right goes under its id, and the visit after it."""
    page = phone_of(visitors)
    who = in_box(
        page, "async (box) => { const r = await box.roster(); return [r.villages[0].id, r.teams[0].id]; }"
    )
    home = in_box(
        page,
        ADD,
        {
            "kind": "household",
            "body": {**NEW_HOME, "village_id": who[0], "people": 0, "head": "Lý Thử Nghiệm"},
        },
    )
    visit = {**VISIT, "village_id": who[0], "team_id": who[1], "household_id": home["id"]}
    in_box(page, ADD, {"kind": "visit", "body": visit})
    go(page, "#/more", "Thêm")
    page.get_by_role("button", name="Gửi ngay").click()
    expect(page.locator(".lines li")).to_have_count(2)
    expect(page.locator(".lines")).to_contain_text("Cần sửa")
    assert [one["state"] for one in records(page)] == ["refused", "refused"]
    page.get_by_role("button", name="Gửi lại: Lượt hỗ trợ").click()  # too early: judged anew, refused again
    page.wait_for_function("() => !document.querySelector('#status').innerText.includes('Đang gửi')")
    expect(page.locator(".lines li")).to_have_count(2)
    page.get_by_role("button", name="Sửa: Hộ mới").click()
    err = page.locator('[data-field="people"] .err')
    expect(err).to_be_visible()
    page.get_by_label("Số người").fill("4")
    press(page, "Lưu hộ này")
    expect(page.locator(".toast")).to_contain_text("Đã lưu")
    # Pressed if it is still there: the phone sends by itself as well, and its button may be gone in between.
    page.evaluate("() => document.querySelector('main button.go.big')?.click()")
    expect(page.get_by_role("heading", name="Đã gửi hết")).to_be_visible(timeout=20_000)
    assert [(one["verdict"], one["body"].get("people")) for one in records(page)] == [
        ("accepted", 4),
        ("accepted", None),
    ]


@pytest.mark.parametrize("theme", THEMES)
def test_everybody_can_read_it(visitors: Visitors, theme: str) -> None:
    page = phone_with(visitors, told(), theme=theme)
    page.set_viewport_size({"width": 360, "height": 740})
    sent_back(page, "household", {**NEW_HOME, "people": 0}, "people")
    check_reachable(page)
    shoot(page, "again-household")
    page.get_by_role("button", name="Thôi, để như cũ").click()
    sent_back_second = {
        "filing_id": FILING,
        "village_id": VILLAGE,
        "base": {"result_on": None},
        "set": {"result_on": "2026-10-01"},
    }
    in_box(page, "async (box) => { for (const one of await box.records()) await box.discard(one.id); }")
    sent_back(page, "filing", sent_back_second, "result_on", base=1)
    check_reachable(page)
    shoot(page, "again-filing")
    in_box(page, "async (box) => { for (const one of await box.records()) await box.discard(one.id); }")
    word = {"team_id": TEAM, "village_id": VILLAGE, "period": "2026-12", "kind": "figures", "figures": {}}
    sent_back(page, "confirmation", {**word, "note": "x"}, "note")
    check_reachable(page)
    shoot(page, "again-month")
