"""What people do on the phone, for the tests of its screens."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.screens import Visitors

SENT = re.compile(r"Đã gửi \d\d:\d\d")


def phone_of(
    visitors: Visitors, who: str = "totruong", theme: str = "light", *, worker: bool = False
) -> Page:
    """The phone of somebody signed in with a password who wants no PIN, on its first screen with its households.
    `worker`: with all its files kept, to work without a network."""
    page = visitors(who, "phone", theme, service_workers="allow" if worker else "block")
    page.goto("/phone/")
    if worker:
        page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.get_by_role("link", name="Để sau").click()
    expect(page.get_by_role("heading", name="Gần đây")).to_be_visible(timeout=20_000)  # a busy machine
    return page


def choose(page: Page | Locator, *words: str) -> None:
    """Touch the boxes with these words."""
    for word in words:
        page.locator(".ch label", has_text=re.compile(rf"^{re.escape(word)}$")).first.click()


def first_home(page: Page, at: int = 0) -> str:
    """Open the form for one of the recent households: its name."""
    line = page.locator("ul.pick li a").nth(at)
    name = line.locator("b").inner_text()
    line.click()
    expect(page.locator(".who b")).to_have_text(name)
    return name


def save(page: Page, words: str = "Lưu & ghi tiếp") -> None:
    """Save, and see that this save was told: what still stood there of the one before is taken away first."""
    page.evaluate("() => document.querySelector('.toast')?.remove()")
    page.get_by_role("button", name=words, exact=True).click()
    expect(page.locator(".toast")).to_contain_text("Đã lưu")


def send_now(page: Page) -> None:
    """The person looks away: everything is sent at once."""
    page.evaluate(
        """() => {
            Object.defineProperty(document, "visibilityState", {get: () => "hidden", configurable: true});
            document.dispatchEvent(new Event("visibilitychange"));
            delete document.visibilityState;
        }"""
    )
    for _ in range(100):
        if all(one["state"] != "waiting" for one in records(page)):
            break
        page.wait_for_timeout(200)
    expect(page.locator("#status")).to_have_text(SENT)


def records(page: Page) -> list[dict[str, Any]]:
    """What lies in the box of the account that is open, oldest first."""
    found: list[dict[str, Any]] = page.evaluate(
        """async () => {
            const names = (await indexedDB.databases()).map(({name}) => name).filter((name) => /^tdteam-\\d/.test(name));
            const open = (name) => new Promise((resolve, reject) => {
                const asked = indexedDB.open(name);
                asked.onsuccess = () => resolve(asked.result);
                asked.onerror = () => reject(asked.error);
            });
            const db = await open(names[0]);
            const all = await new Promise((resolve) => {
                const asked = db.transaction("records").objectStore("records").getAll();
                asked.onsuccess = () => resolve(asked.result);
            });
            db.close();
            return all.sort((a, b) => a.seq - b.seq);
        }"""
    )
    return found
