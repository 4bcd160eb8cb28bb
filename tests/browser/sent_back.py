"""Records the commune's machine refused, opened in their forms: for the tests of what is put right on the phone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.phone_steps import records
from tests.browser.phone_world import LATE, TEAM, VILLAGE, go, in_box, phone_with, roster
from tests.browser.screens import Visitors

ADD = "(box, given) => box.add(given)"
REFUSE = """async (box, id, flaws) => {
    const one = await box.get(id);
    await box.settle([{id, sha256: one.sha256, state: "refused", flaws}]);
}"""
WHY = "Xã nói chỗ này chưa đúng."
PERSON = "01920000-0000-7000-8000-0000000000aa"
FILING = "01920000-0000-7000-8000-0000000000bb"
RESIDENT = {"id": PERSON, "household_id": LATE, "name": "Lý A Sò", "birth_year": 1975, "sex": "male"}
HELD = {
    "id": FILING,
    "village_id": VILLAGE,
    "household_id": LATE,
    "code": "H38.12.05-261008-0975",
    "procedure": None,
    "submitted_on": "2026-11-01",
    "due_on": "2026-11-20",
    "state": "submitted",
    "version": 1,
}
BLANK = dict.fromkeys(("birth_year", "people", "adults", "eid2", "poverty", "smartphone", "phone", "consent"))
NEW_HOME = {**BLANK, "village_id": VILLAGE, "head": "Giàng A Páo", "kind": "household", "note": ""}
CROWD = {
    "village_id": VILLAGE,
    "team_id": TEAM,
    "held_on": "2026-11-22",
    "place": "office",
    "topic": "Thanh toán",
    "attended": 30,
    "women": 12,
    "youth": None,
    "elders": None,
    "household_ids": [],
    "note": "",
    "photos": [],
    "assists": [
        {"id": "a1", "kind": "SAFETY", "outcome": "done", "cause": None, "people": 30, "resident_id": None}
    ],
}
VISIT = {
    "village_id": VILLAGE,
    "team_id": TEAM,
    "member_ids": [],
    "household_id": LATE,
    "place": "home",
    "visited_on": "2026-11-22",
    "contact": "met",
    "minutes": 25,
    "return_on": None,
    "note": "Chỉ cách gọi",
    "photos": [],
    "satisfaction": None,
    "assists": [],
}


def told() -> dict[str, Any]:
    people = [{**RESIDENT, "version": 1, "attained": [], "attainments": []}]
    return roster(residents=people, filings=[HELD])


def sent_back(
    page: Page, kind: str, body: dict[str, Any], field: str, base: int | None = None
) -> dict[str, Any]:
    """A record the commune's machine refused, opened in its form from the list of what is unsent: as it was."""
    record: dict[str, Any] = in_box(page, ADD, {"kind": kind, "body": body, "baseVersion": base})
    in_box(page, "(box, id) => box.tried([id])", record["id"])
    in_box(page, REFUSE, record["id"], [{"field": field, "code": "x", "message": WHY}])
    go(page, "#/more", "Thêm")
    expect(page.locator(".lines li")).to_contain_text(WHY)
    page.get_by_role("button", name="Sửa: ").click()
    expect(page.locator(".summary")).to_contain_text("Cần sửa rồi gửi lại")
    expect(page.locator(".summary")).to_contain_text(WHY)
    return record


def beside(page: Page, field: str) -> Locator:
    return page.locator(f'[data-field="{field}"] .err:visible', has_text=WHY)


def goes_again(page: Page, record: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """The same thing under the same id and number, with what was put right; nothing besides."""
    expect(page.locator("#title")).not_to_have_text("Sửa")
    page.wait_for_timeout(300)
    (now,) = records(page)
    assert (now["id"], now["seq"], now["state"], now["flaws"]) == (record["id"], record["seq"], "waiting", [])
    assert now["sha256"] != record["sha256"] and now["base_version"] == record["base_version"]
    assert {name: now["body"][name] for name in changed} == changed
    return now


@pytest.fixture
def page(visitors: Visitors) -> Page:
    return phone_with(visitors, told())


def press(page: Page, name: str) -> None:
    page.locator("#act").get_by_role("button", name=name, exact=True).click()
