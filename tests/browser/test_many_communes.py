"""An official of two communes seals and submits both from one page, one request a commune, in a real browser."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tdteam.domain.roles import Role
from tdteam.store import accounts
from tdteam.store.engine import make_engine, sqlite_url
from tdteam.store.gate import EVERYWHERE, open_session
from tests.browser.screens import Visitors
from tests.browser.site import Site
from tests.browser.test_month_road import usable

BOTH = "haixa"


def of_two_communes(site: Site) -> None:
    """An account over the communes of `canbo` and `canbo2`, with the same password."""
    engine = make_engine(sqlite_url(site.instance / "tdteam.db"))
    with open_session(engine, EVERYWHERE, write=True) as session:
        found = [accounts.find_by_username(session, name) for name in ("canbo", "canbo2")]
        seen = [accounts.find_seen(session, one.id or 0) for one in found if one]
        roots = {root for one in seen if one for root in one.roots}
        password = found[0].password_hash if found[0] else ""
        accounts.add_account(
            session,
            username=BOTH,
            name="Hai xã",
            role=Role.OFFICIAL,
            password_hash=password,
            stamp=BOTH,
            roots=sorted(roots),
        )
        session.commit()
    engine.dispose()


def press(page: Page, name: str) -> None:
    """The step's button: each chosen commune is asked for by itself, then nothing is left to press."""
    button = page.locator("main form").get_by_role("button", name=name)
    button.click()
    expect(page.get_by_role("link", name="Xem lại danh sách")).to_be_visible()
    expect(button).to_be_hidden()


def test_two_communes_are_sealed_and_submitted_from_one_page(own_visitors: Visitors) -> None:
    of_two_communes(own_visitors.site)
    page = own_visitors(BOTH)
    page.goto("/reports/many/2026-10/seal")
    rows = page.locator("main form tbody tr")
    expect(rows).to_have_count(2)
    usable(page, "many-ready")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.method) if request.method == "POST" else None)
    press(page, "Chốt số liệu")
    assert asked == ["POST", "POST"]
    for row in rows.all():
        expect(row.locator("[data-each-row]")).to_have_text("Đã chốt số liệu")
    expect(page.locator("[data-each-said]")).to_have_text("Đã chốt số liệu: 2/2")
    usable(page, "many-sealed")

    page.get_by_role("link", name="Trình ký").click()
    rows.nth(0).get_by_role("checkbox").uncheck()
    button = page.locator("main form").get_by_role("button", name="Trình ký")
    button.click()
    expect(rows.nth(1).locator("[data-each-row]")).to_have_text("Đã trình ký")
    expect(rows.nth(0).locator("[data-each-row]")).to_be_empty()
    expect(button).to_be_visible()  # the other commune still waits
    rows.nth(0).get_by_role("checkbox").check()
    press(page, "Trình ký")
    page.get_by_role("link", name="Xem lại danh sách").click()
    expect(page.locator("main")).to_contain_text("Hiện không có xã, phường nào chờ bước này.")
