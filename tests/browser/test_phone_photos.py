"""Photos on a bad road: damaged on the way, refused in the end, still on a phone that was revoked."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lab import Lab
from tests.browser.phone_world import LATE, TEAM, VILLAGE, go, in_box, phone_with, roster
from tests.browser.screens import THEMES, Visitors, check_reachable, shoot

BIG = """
    const p = await f.phone();
    await p.sync.send();
    const all = new Uint8Array(300000).map((_, at) => at % 251);
    await p.box.add({ ...f.visit(), photos: [{ blob: new Blob([all]) }] });
    p.clock.pass(10000);
    const refuse = (hash) => (p.server.evidence.delete(hash), f.answer(422, { flaws: [{ field: "", code: "hash_mismatch", message: "M" }] }));
    let last = 0;
"""
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
    "note": "Có ảnh",
    "photos": [],
    "satisfaction": None,
    "assists": [],
}
SPOILED = """async (box, body, code) => {
    const one = await box.add({kind: "visit", body, photos: [{blob: new Blob(["x"])}]});
    await box.settle([{id: one.id, sha256: one.sha256, state: "accepted", version: 1, flaws: []}]);
    await box.markPhotos(one.photos, "refused", [{field: "", code, message: "Dữ liệu bị hỏng trên đường gửi."}]);
    return one;
}"""


def test_a_photo_damaged_on_the_way_is_sent_once_more_from_its_first_byte(lab: Lab) -> None:
    told = lab.run(
        BIG
        + """
        const ranges = [];
        const { fetch } = p.server;
        p.server.before = (method, path, body) => {
            if (method !== "PUT") return null;
            const held = p.server.evidence.get(path.slice(15))?.length ?? 0;
            ranges.push(held);
            if (held && (last += 1) === 1) return refuse(path.slice(15));
            return null;
        };
        const { phase, photos, spoiled } = await p.sync.send();
        return [phase, photos, spoiled, (await p.box.photos())[0].state, ranges];
    """
    )
    assert told == ["sent", 0, 0, "kept", [0, 262_144, 0, 262_144]]


def test_damaged_twice_it_is_told_and_not_asked_for_ever(lab: Lab) -> None:
    told = lab.run(
        BIG
        + """
        p.server.before = (method, path) => (method === "PUT" && p.server.evidence.has(path.slice(15)) ? refuse(path.slice(15)) : null);
        const { phase, photos, spoiled } = await p.sync.send();
        const asked = p.server.asked.filter((one) => one.startsWith("PUT")).length;
        await p.sync.send();
        const [photo] = await p.box.photos();
        return [phase, photos, spoiled, photo.state, photo.flaws[0].code, asked, p.server.asked.filter((one) => one.startsWith("PUT")).length];
    """
    )
    assert told == ["sent", 0, 1, "refused", "hash_mismatch", 4, 4]


def test_a_revoked_phone_brings_the_photos_of_what_it_delivered(lab: Lab) -> None:
    told = lab.run(
        """
        const p = await f.phone();
        await p.device.remember(f.ME, "device token");
        await p.device.set("revoked", "device token");
        Object.assign(p.server, { account: null, revoked: "device token", judge: () => ({ state: "held" }) });
        const { photos: [hash] } = await p.box.add({ ...f.visit(), photos: [{ blob: new Blob(["picture"]) }] });
        p.clock.pass(10000);
        const { phase, waiting, photos } = await p.sync.send();
        return [phase, waiting, photos, (await p.box.photos())[0].state, p.server.evidence.get(hash).length, p.server.asked];
    """
    )
    assert told[:5] == ["signed_out", 0, 0, "kept", 7]
    names = [one.rsplit("/", 1)[0] if "evidence" in one else one for one in told[5]]
    delivered = "/sync/deliver/evidence"
    assert names == ["GET /sync/session", "POST /sync/deliver", f"HEAD {delivered}", f"PUT {delivered}"]


def spoiled(page: Page, code: str = "hash_mismatch") -> dict[str, Any]:
    record: dict[str, Any] = in_box(page, SPOILED, VISIT, code)
    go(page, "#/more", "Thêm")
    return record


def test_a_photo_that_never_arrived_is_said_plainly_and_can_be_sent_again(visitors: Visitors) -> None:
    page = phone_with(visitors, roster())
    spoiled(page)
    line = page.locator(".lines li")
    expect(line).to_contain_text("Ảnh: Lượt hỗ trợ: Lý Thị Mẩy, 22/11")
    expect(line).to_contain_text("cả hai lần ảnh đến nơi đều bị hỏng")
    expect(page.locator("#status")).to_contain_text("1 mục cần sửa")
    page.route("**/sync/evidence/*", lambda route: route.abort())
    page.get_by_role("button", name="Gửi lại: Ảnh").click()
    expect(page.locator("#status")).not_to_contain_text("cần sửa")
    assert [one["state"] for one in in_box(page, "(box) => box.photos()")] == ["waiting"]


def test_it_can_be_given_up_or_another_one_added(visitors: Visitors) -> None:
    page = phone_with(visitors, roster())
    record = spoiled(page, "image_kind")
    expect(page.locator(".lines li")).to_contain_text("Dữ liệu bị hỏng trên đường gửi.")
    page.get_by_role("link", name="Sửa: Ảnh").click()
    expect(page.locator("#title")).to_have_text("Sửa lượt đến hộ")
    assert page.url.endswith(record["id"])
    go(page, "#/more", "Thêm")
    page.get_by_role("button", name="Bỏ ảnh này: Ảnh").click()
    expect(page.locator(".lines li")).to_have_count(0)
    expect(page.locator("#status")).not_to_contain_text("cần sửa")


@pytest.mark.parametrize("theme", THEMES)
def test_everybody_can_read_it(visitors: Visitors, theme: str) -> None:
    page = phone_with(visitors, roster(), theme=theme)
    page.set_viewport_size({"width": 360, "height": 740})
    spoiled(page)
    expect(page.locator(".lines li")).to_be_visible()
    check_reachable(page)
    shoot(page, "photo-spoiled")
