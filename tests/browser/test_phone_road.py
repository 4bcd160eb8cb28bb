"""The whole road on the real server: no network, a killed page, a cold start from what the phone keeps, and then it arrives once."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.phone_steps import SENT, choose, first_home, phone_of, records, save, send_now
from tests.browser.screens import Visitors
from tests.browser.site import Site

KEPT = """async () => {
    const registration = await navigator.serviceWorker.ready;
    const store = await caches.open("tdteam-shell");
    return registration.active.state === "activated" ? (await store.keys()).length : 0;
}"""


def kept_shell(page: Page) -> None:
    """Wait until the worker has everything and is in charge."""
    page.wait_for_function(
        f"() => ({KEPT})().then((count) => count > 40 && navigator.serviceWorker.controller)"
    )


def again(page: Page, path: str = "/phone/") -> Page:
    """The page is gone, as when the phone is short of memory; it is opened anew."""
    fresh = page.context.new_page()
    page.close(run_before_unload=False)
    fresh.goto(path)
    return fresh


def test_a_visit_written_without_a_network_survives_and_arrives_once(
    own_visitors: Visitors, own_site: Site
) -> None:
    page = phone_of(own_visitors, worker=True)
    kept_shell(page)
    own_site.stop()
    page = again(page)  # a cold start without a server
    name = first_home(page)
    choose(page, "Cài VNeID", "Đã cài")
    save(page)
    page = again(page)  # killed at once
    expect(page.locator("#status")).to_contain_text("Đã lưu trên máy")
    [record] = records(page)
    assert (record["state"], record["seq"]) == ("waiting", 1) and name
    own_site.start()
    send_now(page)
    own_site.stop()
    own_site.start()
    page = again(page)
    expect(page.locator("#status")).to_have_text(SENT)
    [record] = records(page)
    assert (record["state"], record["verdict"]) == ("received", "accepted")


def test_every_tab_opens_without_a_network(own_visitors: Visitors, own_site: Site) -> None:
    page = phone_of(own_visitors, worker=True)
    kept_shell(page)
    own_site.stop()
    page = again(page)
    for tab in ("log", "households", "todo", "month", "more"):
        page.locator(f"#bar a[data-tab={tab}]").click()
        expect(page.locator(f"#bar a[data-tab={tab}]")).to_have_attribute("aria-current", "page")
        expect(page.locator("#main")).not_to_be_empty()
        expect(page.locator("#main")).not_to_contain_text("Trang này không mở được")
    assert page.evaluate("() => document.querySelectorAll('#main .note.bad').length") == 0
    page.goto("/visits/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Trang này cần mạng")


def test_every_module_is_whole_as_it_is_served(own_visitors: Visitors) -> None:
    """Thinned on the way out: each must still be a module the browser takes."""
    page = phone_of(own_visitors)
    broken = page.evaluate("""async () => {
        const worker = await (await fetch("/sw.js")).text();
        const files = Object.keys(JSON.parse(/const FILES = (\\{.*\\});/.exec(worker)[1])).filter((path) => path.includes("/js/phone/"));
        const out = [];
        for (const path of files) await import(path).catch((error) => out.push(`${path}: ${error}`));
        return [files.length > 40, out];
    }""")
    assert broken == [True, []]
