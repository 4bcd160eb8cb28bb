"""The phone's worker in a real browser: the shell starts from nothing without a network, and changes only when it may."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.shell_site import ShellSite
from tests.browser.shell_site import shell_site as serve

KEPT = """async () => {
    const store = await caches.open("tdteam-shell");
    return (await store.keys()).map(({ url }) => new URL(url).pathname);
}"""


@pytest.fixture
def shell() -> Iterator[ShellSite]:
    with serve() as made:
        yield made


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context()
    yield made
    made.close()


def visit(context: BrowserContext, shell: ShellSite) -> Page:
    """The phone's page with its worker in charge."""
    page = context.new_page()
    page.goto(f"{shell.url}/phone/")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller)")
    page.wait_for_function("() => navigator.serviceWorker.controller")
    return page


def update(page: Page) -> None:
    """Look for a new version and wait until it is there."""
    page.evaluate("""async () => {
        const registration = await window.ready;
        await registration.update();
        const coming = registration.installing;
        if (coming) await new Promise((done) => coming.addEventListener("statechange", done));
    }""")


def test_the_shell_starts_cold_without_a_network(context: BrowserContext, shell: ShellSite) -> None:
    visit(context, shell).close()
    shell.stop()
    page = context.new_page()
    answer = page.goto(f"{shell.url}/phone/?from=homescreen#/log")
    assert answer is not None and answer.headers["content-security-policy"] == "frame-ancestors 'self'"
    expect(page).to_have_title("shell v1")
    page.wait_for_function("() => window.loaded === 'v1'")
    page.goto(f"{shell.url}/phone")
    expect(page).to_have_title("shell v1")


def test_any_other_page_says_that_it_needs_a_connection_and_is_never_kept(
    context: BrowserContext, shell: ShellSite
) -> None:
    page = visit(context, shell)
    page.goto(f"{shell.url}/visits/")
    expect(page).to_have_title("visits")
    shell.stop()
    page.goto(f"{shell.url}/visits/")
    expect(page).to_have_title("no connection")
    assert page.url.endswith("/visits/")  # so that trying again asks for the same page
    shell.start()
    page.reload()
    expect(page).to_have_title("visits")
    assert all(path.startswith("/phone/kept/") for path in page.evaluate(KEPT))


def test_writing_and_sync_are_none_of_its_business(context: BrowserContext, shell: ShellSite) -> None:
    page = visit(context, shell)
    page.evaluate("() => fetch('/sync/session').then((answer) => answer.text())")
    page.evaluate("() => fetch('/phone/', { method: 'POST', body: 'x' })")
    assert shell.asked[-2:] == ["/sync/session", "POST /phone/"]
    shell.stop()
    failed = page.evaluate("""() => Promise.all(["/sync/session", "/phone/"].map((path, post) =>
        fetch(path, { method: post ? "POST" : "GET" }).then(() => "answered", (error) => error.name)))""")
    assert failed == ["TypeError", "TypeError"]


def test_a_hotels_page_never_becomes_part_of_the_shell(context: BrowserContext, shell: ShellSite) -> None:
    shell.hotel.add("/static/v1/b.js")
    page = context.new_page()
    page.goto(f"{shell.url}/phone/")
    page.evaluate("() => window.ready.then(() => null)")
    for _ in range(200):  # before it is asked for there may be no registration yet
        if "/static/v1/b.js" in shell.asked:
            break
        page.wait_for_timeout(50)
    assert "/static/v1/b.js" in shell.asked
    page.wait_for_function(
        "() => navigator.serviceWorker.getRegistration().then((found) => !found)"
    )  # given up
    shell.hotel.clear()
    page.goto(f"{shell.url}/phone/")
    page.wait_for_function("() => navigator.serviceWorker.controller")
    shell.stop()
    page.reload()
    assert page.evaluate("() => import('/static/v1/b.js').then((found) => found.b)") == 1


def test_a_new_version_fetches_only_what_changed(context: BrowserContext, shell: ShellSite) -> None:
    page = visit(context, shell)
    mark = len(shell.asked)
    shell.publish("v2")
    update(page)
    assert shell.since(mark) == [
        "/phone/open",
        "/static/v2/a.js",
        "/sw.js",
    ]  # b.js has another address and the same content


def test_a_new_version_waits_while_a_form_is_open(context: BrowserContext, shell: ShellSite) -> None:
    page = visit(context, shell)
    page.evaluate("() => { window.idle = false; sessionStorage.idle = 'no'; }")
    shell.publish("v2")
    update(page)
    page.wait_for_function("() => window.told.length === 1")
    page.reload()  # and an old page goes on with its own files, offline too
    expect(page).to_have_title("shell v1")
    page.wait_for_function("() => window.told.length === 1")
    page.evaluate("() => window.told[0]()")  # the person's own wish: drafts are kept
    expect(page).to_have_title("shell v2")
    page.wait_for_function("() => window.loaded === 'v2'")
    shell.stop()
    page.reload()
    expect(page).to_have_title("shell v2")


def test_a_new_version_comes_by_itself_when_nobody_looks_and_nothing_is_open(
    context: BrowserContext, shell: ShellSite
) -> None:
    page = visit(context, shell)
    page.evaluate("() => { window.idle = false; sessionStorage.idle = 'no'; }")
    shell.publish("v2")
    update(page)
    page.wait_for_function("() => window.told.length === 1")
    hide = """() => {
        Object.defineProperty(document, "visibilityState", { get: () => "hidden", configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
    }"""
    page.evaluate(hide)
    assert page.evaluate("() => navigator.serviceWorker.getRegistration().then((found) => !!found.waiting)")
    expect(page).to_have_title("shell v1")  # a form is open
    page.evaluate("() => { window.idle = true; }")
    page.evaluate(hide)
    expect(page).to_have_title("shell v2")


def test_a_version_found_waiting_at_start_is_taken_at_once(context: BrowserContext, shell: ShellSite) -> None:
    page = visit(context, shell)
    page.evaluate("() => { window.idle = false; }")
    shell.publish("v2")
    update(page)
    second = context.new_page()
    second.goto(f"{shell.url}/phone/")
    expect(second).to_have_title("shell v2")  # nothing was open in it
    page.wait_for_function("() => window.told.length >= 2")  # the first is told, and goes on
    expect(page).to_have_title("shell v1")


def test_what_the_browser_threw_away_is_fetched_and_kept_again(
    context: BrowserContext, shell: ShellSite
) -> None:
    page = visit(context, shell)
    before = sorted(page.evaluate(KEPT))
    page.evaluate("() => caches.delete('tdteam-shell')")
    page.reload()
    page.evaluate(
        "() => Promise.all([import('/static/v1/a.js'), import('/static/v1/b.js'), import('/static/js/phone/shell.js')])"
    )
    kept = page.evaluate(KEPT)
    assert set(kept) < set(before) and len(kept) == len(before) - 1  # all that was asked for
    shell.stop()
    page.reload()
    expect(page).to_have_title("shell v1")


def test_old_files_go_when_the_new_version_takes_over(context: BrowserContext, shell: ShellSite) -> None:
    page = visit(context, shell)
    before = set(page.evaluate(KEPT))
    shell.publish("v2")
    update(page)
    page.wait_for_function("() => window.told.length")
    page.evaluate("() => window.told[0]()")
    expect(page).to_have_title("shell v2")
    after = set(page.evaluate(KEPT))
    assert len(after) == len(before) and len(after & before) == len(before) - 2
