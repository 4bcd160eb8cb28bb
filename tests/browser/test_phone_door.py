"""Coming in on the phone: six digits instead of a password, nothing lost when the session ends, the way out of a chat."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlmodel import col, select

from tdteam.store.engine import make_engine
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.tables import Account, Member, Membership
from tests.browser.phone_steps import SENT, choose, first_home, records, save
from tests.browser.screens import Visitors, check_reachable
from tests.browser.site import Site
from tests.web.handset import make_slip


def slip_for_somebody(site: Site) -> str:
    """The code of a fresh slip for a member of a team who has no account yet."""
    engine = make_engine(f"sqlite:///{site.instance / 'tdteam.db'}")
    having = select(Account.member_id).where(col(Account.member_id).is_not(None))
    query = (
        select(Member)
        .join(Membership, col(Membership.member_id) == Member.id)
        .where(col(Membership.left).is_(None), col(Member.id).not_in(having))
    )
    with open_session(engine, EVERYWHERE, write=True) as writing:
        member = writing.exec(query.order_by(col(Member.id))).first()
        assert member is not None
        code = make_slip(writing, member)
    engine.dispose()
    return code


def test_a_scanned_slip_and_six_digits_open_the_households_once(
    own_site: Site, own_visitors: Visitors
) -> None:
    code = slip_for_somebody(own_site)
    page = own_visitors(None, "phone", service_workers="block")
    page.goto(f"/join/{code}")
    if "/phone/" not in page.url:
        page.goto(f"/phone/#/join/{code}")
    expect(page.get_by_role("heading", name="Vào Tổ của bạn")).to_be_visible()
    check_reachable(page)
    page.get_by_label("Sáu số", exact=True).fill("123456")
    page.get_by_label("Gõ lại 6 số đó").fill("123456")
    page.get_by_role("button", name="Vào Tổ").click()
    expect(page.locator(".summary")).to_be_visible()
    page.get_by_label("Sáu số", exact=True).fill("802613")
    page.get_by_label("Gõ lại 6 số đó").fill("802613")
    page.get_by_role("button", name="Vào Tổ").click()
    expect(page.get_by_role("heading", name="Gần đây")).to_be_visible(timeout=20_000)
    again = own_visitors(None, "phone", service_workers="block")
    again.goto(f"/phone/#/join/{code}")
    again.get_by_label("Sáu số", exact=True).fill("802613")
    again.get_by_label("Gõ lại 6 số đó").fill("802613")
    again.get_by_role("button", name="Vào Tổ").click()
    expect(again.locator(".summary")).to_contain_text("Phiếu này đã dùng rồi hoặc hết hạn")


def test_an_expired_session_keeps_everything_and_six_digits_send_it(visitors: Visitors) -> None:
    page = visitors("totruong", "phone", service_workers="block")
    page.goto("/phone/")
    page.get_by_label("Sáu số", exact=True).fill("135792")
    page.get_by_label("Gõ lại 6 số đó").fill("135790")
    page.get_by_role("button", name="Dùng 6 số này").click()
    expect(page.locator(".summary")).to_contain_text("Hai lần gõ chưa giống nhau")
    check_reachable(page)
    page.get_by_label("Gõ lại 6 số đó").fill("135792")
    page.get_by_role("button", name="Dùng 6 số này").click()
    expect(page.get_by_role("heading", name="Gần đây")).to_be_visible()
    page.context.clear_cookies()
    page.reload()
    expect(page.get_by_role("heading", name="Gần đây")).to_be_visible()
    first_home(page)
    choose(page, "Kỹ năng số", "Đã hướng dẫn")
    save(page)
    page.evaluate("() => dispatchEvent(new Event('online'))")
    expect(page.locator("#status")).to_contain_text("Hết phiên", timeout=20_000)
    page.locator("#status a").click()
    page.get_by_label("Sáu số của bạn").fill("246801")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.locator(".summary")).to_contain_text("Sáu số chưa đúng")
    page.get_by_label("Sáu số của bạn").fill("135792")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.locator("#status")).to_have_text(SENT, timeout=20_000)
    assert [one["verdict"] for one in records(page)] == ["accepted"]


@pytest.mark.parametrize("agent", ["Zalo android/23.1", "[FBAN/FBIOS;FBAV/440]"])
def test_inside_a_chat_the_way_out_is_told(visitors: Visitors, agent: str) -> None:
    page = visitors(
        None, "phone", user_agent=f"Mozilla/5.0 (Linux; Android 13) {agent}", service_workers="block"
    )
    page.goto("/phone/#/join/abc")
    expect(page.get_by_text("Bạn đang mở trong").first).to_be_visible()
    expect(page.get_by_role("button", name="Vào Tổ")).to_have_count(0)
    check_reachable(page)
