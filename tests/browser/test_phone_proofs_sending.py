"""What goes wrong on the way, between the phone's own page and the real server: each record arrives exactly once."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tdteam.domain.periods import today
from tests.browser.handset import SLOW, arrived, fill_visit, on_server
from tests.browser.phone_steps import SENT, phone_of, records, save, send_now
from tests.browser.phone_world import in_box
from tests.browser.screens import Visitors

SAVE_MANY = """async (box, count, day) => {
    const roster = await box.roster();
    const homes = [...roster.households.values()];
    const {newId} = await import("/static/js/phone/canon.js");
    const out = [];
    for (let at = 0; at < count; at += 1) {
        const home = homes[at % homes.length];
        const team = roster.teams.find((one) => one.village_ids.includes(home.village_id));
        const assist = {id: newId(Date.now()), kind: "VNEID_INSTALL", outcome: "done", cause: null, people: 1, resident_id: null, filing: null};
        const body = {village_id: home.village_id, team_id: team.id, member_ids: [], household_id: home.id, visited_on: day, place: "home",
            contact: "met", minutes: null, return_on: null, note: "", photos: [], satisfaction: null, assists: [assist]};
        out.push((await box.add({kind: "visit", body})).id);
    }
    return out;
}"""
LOOK_AWAY = """() => {
    Object.defineProperty(document, "visibilityState", {get: () => "hidden", configurable: true});
    document.dispatchEvent(new Event("visibilitychange"));
    delete document.visibilityState;
}"""
PORTAL = "<!doctype html><title>Wi-Fi miễn phí</title><form>Bấm để vào mạng</form>"


def save_many(page: Page, count: int) -> list[str]:
    """Visits as the form saves them: their ids."""
    ids: list[str] = in_box(page, SAVE_MANY, count, today().isoformat())
    return ids


def ids_in(request: Request) -> list[str]:
    """The records of a batch, as it goes over the wire."""
    body = request.post_data_buffer or b""
    plain = gzip.decompress(body) if request.headers.get("content-encoding") == "gzip" else body
    return [one["id"] for one in json.loads(plain)["records"]]


def wait_for(page: Page, waiting: int) -> list[dict[str, Any]]:
    """Until only so many records wait."""
    for _ in range(300):
        found = records(page)
        if sum(one["state"] == "waiting" for one in found) == waiting:
            return found
        page.wait_for_timeout(200)
    raise AssertionError([one["state"] for one in found])


def test_three_tabs_that_send_at_once_send_each_record_once(visitors: Visitors) -> None:
    first = phone_of(visitors)
    tabs = [first, first.context.new_page(), first.context.new_page()]
    sent: list[str] = []

    def heard(request: Request) -> None:
        if request.url.endswith("/sync/records"):
            sent.extend(ids_in(request))

    first.context.on("request", heard)
    for tab in tabs[1:]:
        tab.goto("/phone/")
        expect(tab.get_by_role("heading", name="Gần đây")).to_be_visible(timeout=SLOW)
    ids = save_many(first, 12)
    for tab in tabs:
        tab.evaluate(LOOK_AWAY)
    found = wait_for(first, 0)
    for tab in tabs:
        expect(tab.locator("#status")).to_have_text(SENT, timeout=SLOW)
    assert sorted(sent) == sorted(ids)
    assert [one["verdict"] for one in found] == ["accepted"] * 12
    assert arrived(visitors.site, ids) == [(1, 1)] * 12


def test_an_answer_that_is_lost_costs_nothing_and_doubles_nothing(visitors: Visitors) -> None:
    page = phone_of(visitors)
    batches: list[list[str]] = []

    def lose(route: Route) -> None:
        batches.append(ids_in(route.request))
        if len(batches) > 2:
            return route.continue_()
        assert route.fetch().status == 200  # the server has committed
        return route.abort("connectionreset")

    page.route("**/sync/records", lose)
    ids = save_many(page, 5)
    page.evaluate(LOOK_AWAY)
    found = wait_for(page, 0)
    assert batches[0] == ids and len(batches) > 2
    assert {one["verdict"] for one in found} <= {"accepted", "duplicate"}
    assert arrived(visitors.site, ids) == [(1, 1)] * 5


def test_one_poisonous_record_among_fifty_keeps_no_other_back(visitors: Visitors) -> None:
    page = phone_of(visitors)
    ids = save_many(page, 50)
    poison = ids[31]

    def choke(route: Route) -> None:
        if poison in ids_in(route.request):
            return route.fulfill(status=500, body="<h1>Internal Server Error</h1>", content_type="text/html")
        return route.continue_()

    page.route("**/sync/records", choke)
    page.evaluate(LOOK_AWAY)
    found = wait_for(page, 1)
    [stuck] = [one for one in found if one["state"] == "waiting"]
    assert stuck["id"] == poison and stuck["tries"] > 0
    others = [one for one in ids if one != poison]
    assert arrived(visitors.site, others) == [(1, 1)] * 49
    assert arrived(visitors.site, [poison]) == [(0, 0)]
    expect(page.locator("#status")).to_contain_text("Chờ gửi (1)", timeout=SLOW)
    page.unroute("**/sync/records")
    send_now(page)
    assert arrived(visitors.site, ids) == [(1, 1)] * 50
    told = [one for one in visitors.eye.faults if one.startswith("500 for the fetch")]
    assert told  # what this test did itself; anything else that was seen is still a fault
    visitors.eye.faults[:] = [one for one in visitors.eye.faults if one not in told]


def test_a_portals_page_that_answers_200_takes_nothing_out_of_the_phone(visitors: Visitors) -> None:
    page = phone_of(visitors)
    asked: list[str] = []

    def portal(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=200, body=PORTAL, content_type="text/html; charset=utf-8")

    page.route("**/sync/**", portal)
    fill_visit(page)
    save(page)
    page.evaluate(LOOK_AWAY)
    expect(page.locator("#status")).to_contain_text("Chờ gửi (1)", timeout=SLOW)
    expect(page.locator("#status .wait")).to_be_visible(timeout=SLOW)
    assert asked and [one["state"] for one in records(page)] == ["waiting"]
    page.unroute("**/sync/**")
    send_now(page)
    [kept] = records(page)
    assert kept["verdict"] == "accepted" and arrived(visitors.site, [kept["id"]]) == [(1, 1)]


CLOCKS = {"two days ahead": "2 * 86400000", "two days behind": "-2 * 86400000", "1970": "-Date.now()"}
SHIFT = """(() => {
    const Real = Date, by = %s;
    window.Date = class extends Real {
        constructor(...given) { super(...(given.length ? given : [Real.now() + by])); }
        static now() { return Real.now() + by; }
    };
})()"""


@pytest.mark.parametrize("clock", CLOCKS)
def test_a_phone_whose_clock_is_wrong_writes_the_right_day(visitors: Visitors, clock: str) -> None:
    page = visitors("totruong", "phone", service_workers="block")
    page.context.add_init_script(SHIFT % CLOCKS[clock])
    page.goto("/phone/")
    page.get_by_role("link", name="Để sau").click()
    expect(page.get_by_role("heading", name="Gần đây")).to_be_visible(timeout=SLOW)
    fill_visit(page)
    save(page)
    send_now(page)
    [kept] = records(page)
    assert abs(kept["clock_offset"]) > 86_400_000  # the phone is wrong, and knows it
    assert (kept["verdict"], kept["body"]["visited_on"]) == ("accepted", today().isoformat())
    stored = on_server(
        visitors.site,
        "SELECT visit.visited_on, inbox.doubt FROM visit JOIN inbox ON record_id = root_id WHERE root_id = ?",
        kept["id"],
    )
    assert stored == [(today().isoformat(), None)]
