"""A phone that can be killed: Chromium on a profile of its own that outlives it, and what the server holds, read from its database."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Playwright, expect

from tests.browser.phone_steps import choose, first_home
from tests.browser.screens import SCREENS
from tests.browser.site import Site

PIN = "135792"
SLOW = 60_000
"""Milliseconds to wait at most; a busy machine takes its time."""
SHELL = """async () => {
    const registration = await navigator.serviceWorker.ready;
    const kept = await (await caches.open("tdteam-shell")).keys();
    return registration.active.state === "activated" && kept.length > 40 && !!navigator.serviceWorker.controller;
}"""
TELL = """() => document.addEventListener("DOMContentLoaded", () => new MutationObserver(() => {
    const line = document.querySelector(".toast");
    if (line) console.log(`shown: ${line.textContent}`);
}).observe(document.getElementById("toasts"), {childList: true}))"""


class Handset:
    """`open()` starts the browser, `kill()` ends all its processes with SIGKILL. `shown`: every toast that was seen."""

    def __init__(
        self, playwright: Playwright, browser: str, args: list[str], folder: Path, site: Site
    ) -> None:
        self.playwright, self.browser, self.args, self.folder, self.site = (
            playwright,
            browser,
            args,
            folder,
            site,
        )
        self.context: BrowserContext | None = None
        self.shown: list[str] = []

    def open(self, path: str = "/phone/") -> Page:
        self.context = self.playwright.chromium.launch_persistent_context(
            self.folder,
            executable_path=self.browser,
            headless=True,
            args=self.args,
            base_url=self.site.url,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            timeout=120_000,
            **SCREENS["phone"],
        )
        self.context.set_default_timeout(SLOW)
        self.context.add_init_script(f"({TELL})()")
        page = self.context.pages[0]
        page.on("console", self._heard)
        page.goto(path)
        return page

    def _heard(self, said: ConsoleMessage) -> None:
        if said.text.startswith("shown: "):
            self.shown.append(said.text.removeprefix("shown: "))

    def kill(self) -> None:
        """The battery falls out. Raises when no process of this profile was there."""
        mine = f"--user-data-dir={self.folder}"
        roots = [one for one in psutil.Process().children(recursive=True) if mine in _words(one)]
        everyone = {one.pid: one for root in roots for one in [root, *root.children(recursive=True)]}
        assert everyone, f"no browser on {self.folder}"
        for one in everyone.values():
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        psutil.wait_procs(everyone.values(), timeout=60)
        self.close()

    def close(self) -> None:
        if self.context:
            with contextlib.suppress(Error):
                self.context.close()
        self.context = None


def _words(process: psutil.Process) -> list[str]:
    with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
        return list(process.cmdline())
    return []


def enrol(page: Page, *, shell: bool = True) -> None:
    """Somebody signed in with a password chooses six digits; the phone has its roster, and keeps its shell where it may."""
    page.goto("/phone/")
    page.get_by_label("Sáu số", exact=True).fill(PIN)
    page.get_by_label("Gõ lại 6 số đó").fill(PIN)
    page.get_by_role("button", name="Dùng 6 số này").click()
    expect(page.get_by_role("heading", name="Gần đây")).to_be_visible(timeout=SLOW)
    if shell:
        page.wait_for_function(SHELL)


def fill_visit(page: Page, at: int = 0) -> str:
    """A visit to one of the recent households, ready to be saved: whose."""
    page.goto("/phone/#/log/pick")
    expect(page.get_by_role("heading", name="Gần đây")).to_be_visible(timeout=SLOW)
    name = first_home(page, at)
    choose(page, "Cài VNeID", "Đã cài")
    return name


def save_visit(page: Page, name: str) -> None:
    """Save, and see the toast about this household: that of the visit before may still be there."""
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator(".toast")).to_contain_text(f"Đã lưu: {name}", timeout=SLOW)


def on_server(site: Site, query: str, *given: Any) -> list[tuple[Any, ...]]:
    """Rows of the server's database."""
    with contextlib.closing(sqlite3.connect(f"file:{site.instance}/tdteam.db?mode=ro", uri=True)) as base:
        return base.execute(query, given).fetchall()


def change_server(site: Site, statement: str, *given: Any) -> int:
    """Something happens on the server that no screen of these tests does: rows changed."""
    with contextlib.closing(sqlite3.connect(site.instance / "tdteam.db", timeout=60)) as base, base:
        return base.execute(statement, given).rowcount


def arrived(site: Site, ids: list[str]) -> list[tuple[int, int]]:
    """For each record, how often it lies in the inbox and how often it became a visit."""
    count = "SELECT (SELECT count(*) FROM inbox WHERE record_id = ?), (SELECT count(*) FROM visit WHERE root_id = ?)"
    return [tuple(on_server(site, count, one, one)[0]) for one in ids]
