"""The watch over pages can fail: each thing it should see is shown to it."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.browser.screens import Visitors
from tests.browser.site import Site

SINS = """() => {
  const near = new Image(); near.src = "/nowhere.png"; document.body.append(near);
  const far = new Image(); far.src = "http://198.51.100.1/far.png"; document.body.append(far);
  document.body.insertAdjacentHTML("beforeend", '<b style="color: red">styled</b>');
  setTimeout(() => { throw new Error("slipped"); }, 0);
}"""


def test_a_page_that_sins_is_seen(browser: Browser, site: Site) -> None:
    people = Visitors(browser, site)
    page = people()
    page.evaluate(SINS)
    page.wait_for_timeout(500)
    seen = " · ".join(people.close())
    for sin in ("404 for the image", "asks elsewhere", "Content Security Policy", "slipped"):
        assert sin in seen


def test_a_page_that_does_not_sin_is_left_alone(browser: Browser, site: Site) -> None:
    people = Visitors(browser, site)
    people("canbo")
    assert people.close() == []
