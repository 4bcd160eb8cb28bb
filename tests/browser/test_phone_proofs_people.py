"""More than one person and more than one phone: who sees what, and what becomes of work that others overtook."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from playwright.sync_api import Page, expect

from tdteam.domain.periods import today
from tests.browser.handset import SLOW, arrived, change_server, enrol, fill_visit, on_server
from tests.browser.phone_steps import phone_of, records, save, send_now
from tests.browser.phone_world import go, in_box
from tests.browser.screens import Visitors
from tests.browser.site import Site

EVERYTHING = """async (mine) => {
    const told = async (tx, name) => new Promise((done) => {
        const asked = tx.objectStore(name).getAll();
        asked.onsuccess = () => done(asked.result);
    });
    const bases = {};
    for (const {name} of await indexedDB.databases()) {
        const db = await new Promise((done) => { const asked = indexedDB.open(name); asked.onsuccess = () => done(asked.result); });
        const stores = [...db.objectStoreNames];
        bases[name] = {};
        for (const store of stores) bases[name][store] = JSON.stringify(await told(db.transaction(store), store));
        db.close();
    }
    const kept = [];
    for (const name of await caches.keys())
        for (const asked of await (await caches.open(name)).keys()) kept.push(await (await caches.match(asked)).text());
    const open = {...localStorage, ...sessionStorage};
    return {bases, caches: kept.join("\\n"), open: JSON.stringify(open), page: document.documentElement.outerHTML};
}"""
EDIT = """async (box, id, field, to) => {
    const home = (await box.roster()).households.get(id);
    const body = {household_id: id, village_id: home.village_id, base: {[field]: home[field]}, set: {[field]: to}};
    return (await box.add({kind: "household", baseVersion: home.version, body})).id;
}"""
NOTE = "Chỉ mình tôi biết chuyện nhà này"


def look_at(page: Page) -> dict[str, Any]:
    """Everything the browser keeps for the site, and what is on the screen."""
    found: dict[str, Any] = page.evaluate(EVERYTHING)
    return found


def test_another_person_on_the_same_phone_sees_nothing_of_the_first(visitors: Visitors) -> None:
    page = phone_of(visitors, worker=True)
    page.wait_for_function("() => navigator.serviceWorker.controller")
    page.route("**/sync/records", lambda route: route.abort())
    name = fill_visit(page)
    page.get_by_text("Ghi thêm").click()
    page.get_by_label("Ghi chú").fill(NOTE)
    save(page)
    [mine] = records(page)
    [first] = [one for one in look_at(page)["bases"] if one.removeprefix("tdteam-").isdigit()]
    go(page, "#/more", "Thêm")
    page.get_by_role("button", name="Đăng xuất", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Vẫn đăng xuất").click()
    expect(page.locator("#dock")).to_be_hidden()

    page.context.clear_cookies()
    page.context.add_cookies(visitors._state("thanhvien")["cookies"])
    page.goto("/sign-in")  # a page of its own between the two
    page.goto("/phone/")
    page.get_by_role("link", name="Để sau").click(timeout=SLOW)
    expect(page.get_by_role("heading", name="Gần đây")).to_be_visible(timeout=SLOW)
    for tab in ("#/households", "#/todo", "#/month", "#/more", "#/log/pick"):
        page.evaluate("(hash) => { location.hash = hash; }", tab)
        expect(page.locator("#main")).not_to_be_empty()
        expect(page.locator("#main")).not_to_contain_text(NOTE)
    seen = look_at(page)
    others = {base: stores for base, stores in seen["bases"].items() if base != first}
    assert len(others) == 2  # the second person's box, and the phone's own
    for words in (NOTE, mine["id"], mine["sha256"]):
        assert words in seen["bases"][first]["records"]  # it is still there for the first
        assert words not in str(others) and words not in seen["page"]
    for words in (NOTE, mine["id"], name):
        assert words not in seen["caches"] and words not in seen["open"]
    assert name not in str(
        {store: rows for store, rows in seen["bases"][first].items() if store != "records"}
    )
    page.unroute("**/sync/records")
    page.evaluate("() => dispatchEvent(new Event('online'))")
    page.wait_for_timeout(500)
    assert arrived(visitors.site, [mine["id"]]) == [(0, 0)]  # nobody sends it in another's name


def test_a_visit_of_a_period_sealed_meanwhile_is_late_and_counts_in_the_next(
    own_visitors: Visitors, own_site: Site
) -> None:
    page = phone_of(own_visitors)
    page.route("**/sync/records", lambda route: route.abort())
    fill_visit(page)
    save(page)
    period, commune = in_box(
        page, "async (box) => [(await box.roster()).period, (await box.roster()).villages[0].commune_id]"
    )
    change_server(own_site, "DELETE FROM period_state WHERE commune_id = ? AND period = ?", commune, period)
    sealed = "INSERT INTO period_state (commune_id, period, status, version) VALUES (?, ?, 'sealed', 1)"
    assert change_server(own_site, sealed, commune, period) == 1
    page.unroute("**/sync/records")
    send_now(page)
    [kept] = records(page)
    assert (kept["state"], kept["verdict"]) == ("received", "late")
    assert arrived(own_site, [kept["id"]]) == [(1, 1)]
    [(counted,)] = on_server(own_site, "SELECT period FROM visit WHERE root_id = ?", kept["id"])
    assert counted > period


def test_what_a_dismissed_member_still_had_is_held_for_the_commune(
    own_visitors: Visitors, own_site: Site
) -> None:
    page = own_visitors("thanhvien", "phone", service_workers="block")
    enrol(page, shell=False)
    page.route("**/sync/records", lambda route: route.abort())
    name = fill_visit(page)
    save(page)
    yesterday = (today() - timedelta(days=1)).isoformat()
    gone = "UPDATE membership SET \"left\" = ? WHERE member_id = (SELECT member_id FROM account WHERE username = 'thanhvien')"
    assert change_server(own_site, gone, yesterday) >= 1
    page.unroute("**/sync/records")
    send_now(page)
    [kept] = records(page)
    assert (kept["state"], kept["verdict"]) == ("received", "held")
    assert arrived(own_site, [kept["id"]]) == [(1, 0)]
    desk = own_visitors("canbo")
    desk.goto("/inbox/")
    expect(desk.locator("main")).to_contain_text(name)


def test_a_household_edited_on_two_phones_is_merged_and_what_clashes_is_put_to_the_commune(
    own_visitors: Visitors, own_site: Site
) -> None:
    one, two = phone_of(own_visitors), phone_of(own_visitors, "thanhvien")
    mine = "async (box) => [...(await box.roster()).households.values()][0]"
    home = in_box(one, mine)
    two.route("**/sync/**", lambda route: route.abort())  # the second has no network
    people = (home["people"] or 3) + 1
    in_box(one, EDIT, home["id"], "people", people)
    send_now(one)
    in_box(two, EDIT, home["id"], "note", "Nhà cạnh suối")
    in_box(two, EDIT, home["id"], "people", people + 1)
    two.unroute("**/sync/**")
    send_now(two)
    assert [record["verdict"] for record in records(one)] == ["accepted"]
    assert [record["verdict"] for record in records(two)] == ["accepted", "conflict"]
    stands = on_server(own_site, "SELECT people, note FROM household WHERE id = ?", home["id"])
    assert stands == [(people, "Nhà cạnh suối")]
    desk = own_visitors("canbo")
    desk.goto("/inbox/")
    expect(desk.locator("main")).to_contain_text(home["head"])
