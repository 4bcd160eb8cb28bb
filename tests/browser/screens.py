"""People at their screens: a desk and a phone, light and dark, and what must be true of every page they see."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

from tests.browser.site import PASSWORD, Site

SCREENS: dict[str, dict[str, Any]] = {
    "desk": {"viewport": {"width": 1366, "height": 768}},
    "phone": {
        "viewport": {"width": 360, "height": 780},
        "device_scale_factor": 2,
        "is_mobile": True,
        "has_touch": True,
    },
}
THEMES = ("light", "dark")
EVERY_LOOK = [(screen, theme) for screen in SCREENS for theme in THEMES]
NOWHERE = ("data:", "blob:", "about:", "chrome:", "chrome-extension:")
"""Addresses inside the browser: the last two are its own reader of PDFs."""
SHOTS = os.environ.get("TDTEAM_SHOTS")


@dataclass
class Eye:
    """Watches a page for what nobody should ever see: errors in scripts, refused content, foreign addresses."""

    site: Site
    faults: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        page.on("request", self._request)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # The status of an answer is judged in _response; here it would be said a second time.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.site.url, *NOWHERE)):
            self.faults.append(f"asks elsewhere: {request.url}")

    def _response(self, response: Response) -> None:
        kind = response.request.resource_type
        if response.status >= 500 or (response.status >= 400 and kind not in ("document", "fetch", "xhr")):
            self.faults.append(f"{response.status} for the {kind} {response.url}")


class Visitors:
    """Opens pages for people: `visitors("canbo", "phone", "dark")`; None is someone without an account."""

    def __init__(self, browser: Browser, site: Site) -> None:
        self.browser = browser
        self.site = site
        self.eye = Eye(site)
        self.contexts: list[BrowserContext] = []
        self._signed_in: dict[str, Any] = {}

    def __call__(
        self, who: str | None = None, screen: str = "desk", theme: str = "light", **more: Any
    ) -> Page:
        """A page at `/` in a browser of its own; `more` goes to Playwright's new_context."""
        state = self._state(who) if who else None
        page = self._page(storage_state=state, color_scheme=theme, **SCREENS[screen], **more)
        page.goto("/")
        return page

    def _page(self, **options: Any) -> Page:
        context = self.browser.new_context(
            base_url=self.site.url,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            reduced_motion="reduce",
            **options,
        )
        self.contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        self.eye.watch(page)
        return page

    def _state(self, who: str) -> Any:
        """The cookies of a signed-in account, asked for once: a password's check is slow on purpose."""
        if who not in self._signed_in:
            page = self._page(**SCREENS["desk"])
            sign_in(page, who)
            self._signed_in[who] = page.context.storage_state()
            page.context.close()
        return self._signed_in[who]

    def close(self) -> list[str]:
        """Close everything; returns the faults seen."""
        for context in self.contexts:
            context.close()
        return self.eye.faults


def sign_in(page: Page, who: str, password: str = PASSWORD) -> None:
    """Through the form, as a person does."""
    page.goto("/sign-in")
    form = page.locator(
        "form", has=page.locator("input[type=password]")
    )  # not the demonstration's one-press forms
    form.locator("input[name=username]").fill(who)
    form.locator("input[type=password]").fill(password)
    form.locator("button[type=submit], button:not([type])").first.click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def check_reachable(page: Page) -> None:
    """No accessibility fault that axe can find, and nothing wider than the screen."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    width = page.evaluate(
        "() => [document.scrollingElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert width[0] <= width[1], f"{page.url} is {width[0]} px wide on a screen of {width[1]}"


def shoot(page: Page, name: str, *, full: bool = True) -> Path | None:
    """A picture in the folder named by TDTEAM_SHOTS: `<name>-<width>-<theme>.png`; nothing when it is not set."""
    if not SHOTS:
        return None
    theme = "dark" if page.evaluate("() => matchMedia('(prefers-color-scheme: dark)').matches") else "light"
    width = (page.viewport_size or {"width": 0})["width"]
    path = Path(SHOTS) / f"{name}-{width}-{theme}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=full)
    return path
