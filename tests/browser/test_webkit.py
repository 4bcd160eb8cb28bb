"""The phone in WebKit, the engine of every iPhone: written without a network, opened again, sent once."""

from __future__ import annotations

import pytest

from tests.browser.handset import PIN, arrived
from tests.browser.site import PASSWORD, Site
from tests.browser.webdriver import DRIVER, SCREEN, webkit

MISSING = [name for name, found in {"WebKitWebDriver": DRIVER, "Xvfb": SCREEN}.items() if not found]
pytestmark = pytest.mark.skipif(
    bool(MISSING),
    reason=f"{', '.join(MISSING)} not found: apt-get install webkit2gtk-driver xvfb, then run again",
)
RECORDS = """
    const name = (await indexedDB.databases()).map(({name}) => name).find((name) => /^tdteam-\\d/.test(name));
    const db = await new Promise((done, fail) => {
        const asked = indexedDB.open(name);
        asked.onsuccess = () => done(asked.result);
        asked.onerror = () => fail(asked.error);
    });
    const all = await new Promise((done) => {
        const asked = db.transaction("records").objectStore("records").getAll();
        asked.onsuccess = () => done(asked.result);
    });
    db.close();
    return all.map(({id, seq, state, verdict, sha256}) => ({id, seq, state, verdict, sha256}));
"""
SHELL = """
    const registration = await navigator.serviceWorker.ready;
    const kept = await (await caches.open("tdteam-shell")).keys();
    return registration.active.state === "activated" && kept.length > 40 && !!navigator.serviceWorker.controller;
"""
SENT = "return /Đã gửi \\d\\d:\\d\\d/.test(document.querySelector('#status').textContent)"


def test_a_visit_is_saved_outlives_a_reload_without_network_and_is_sent_once(own_site: Site) -> None:
    with webkit() as phone:
        phone.open(f"{own_site.url}/sign-in")
        phone.type("input[type=password]", PASSWORD)
        phone.type("form:has(input[type=password]) input[name=username]", "totruong")
        phone.click("form:has(input[type=password]) button:not([type=button])")
        phone.wait("return !location.pathname.startsWith('/sign-in')")
        phone.open(f"{own_site.url}/phone/")
        phone.type("input[name=pin]", PIN)
        phone.type("input[name=again]", PIN)
        phone.click("button[type=submit]")
        phone.find("h2", "Gần đây")
        phone.wait(SHELL)

        own_site.stop()
        phone.reload()
        phone.click("ul.pick li a")
        phone.click(".ch label", "Cài VNeID")
        phone.click(".ch label", "Đã cài")
        phone.click("button.go", "Lưu & ghi tiếp")
        phone.find(".toast", "Đã lưu")
        [saved] = phone.run(RECORDS)
        assert (saved["state"], saved["seq"]) == ("waiting", 1)
        phone.reload()
        phone.find("#status", "Đã lưu trên máy")
        assert phone.run(RECORDS) == [saved]

        own_site.start()
        phone.run("dispatchEvent(new Event('online'))")
        phone.wait(SENT)
        [sent] = phone.run(RECORDS)
        assert (sent["id"], sent["state"], sent["verdict"]) == (saved["id"], "received", "accepted")
    assert arrived(own_site, [saved["id"]]) == [(1, 1)]
