"""Printing slips, and the page a scanned one opens."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tdteam.domain.devices import hash_token
from tdteam.domain.slips import GOOD_DAYS, draw_code
from tdteam.store import slips
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Membership, Slip
from tests.cast import Cast
from tests.client import CheckingClient
from tests.reports.reading import read_pdf
from tests.web.handset import entries, look, make_slip
from tests.world import World

ZALO = "Mozilla/5.0 (Linux; Android 13; SM-A055F; wv) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36 Zalo android/1"
FACEBOOK = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 [FBAN/FBIOS]"
)
INSIDE_IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"
CHROME = "Mozilla/5.0 (Linux; Android 13; SM-A055F) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile/15E148 Safari/604.1"


@pytest.fixture
def chi(client: CheckingClient, cast: Cast) -> CheckingClient:
    return client.sign_in(cast.chi)


@pytest.fixture
def codes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The codes drawn, which stand on paper alone."""
    drawn: list[str] = []

    def draw() -> str:
        drawn.append(draw_code())
        return drawn[-1]

    monkeypatch.setattr(slips, "draw_code", draw)
    return drawn


def kept(engine: Engine) -> list[Slip]:
    with look(engine) as reading:
        return list(reading.exec(select(Slip).order_by(Slip.id)))  # type: ignore[arg-type]


def send(client: CheckingClient, **form: Any) -> Any:
    return client.post("/joining/slips", data={"call": "Trần Thị Chi, 0912 345 678", **form})


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def names_on(answer: Any) -> list[str]:
    assert answer.mimetype == "application/pdf", text(answer)
    large = [line for page in read_pdf(answer.data) for line in page.lines if line.size >= 16]
    return [line.text for line in large]


def test_slips_of_those_ticked_are_printed(
    chi: CheckingClient, cast: Cast, engine: Engine, codes: list[str]
) -> None:
    answer = send(chi, member_ids=[cast.binh_member.id, cast.an_member.id])
    assert names_on(answer) == ["Chảo Văn Bình", "Bàn Thị An"]
    assert answer.headers["Cache-Control"] == "no-store"
    rows = kept(engine)
    assert [row.token_hash for row in rows] == [hash_token(code) for code in codes]
    assert {(row.made_by, (row.expires_at - row.made_at).days) for row in rows} == {(cast.chi.id, GOOD_DAYS)}
    (entry,) = entries(engine, "print")
    assert entry.account_id == cast.chi.id and '"count":2' in entry.detail
    assert "Bình" not in entry.detail and not any(code in entry.detail for code in codes)


def test_a_whole_team_or_all_who_have_nothing_yet(chi: CheckingClient, world: World, cast: Cast) -> None:
    cast.sibling.member("Vàng Thị Dí")
    world.session.commit()
    assert names_on(send(chi, whole=cast.village.team.id)) == ["Chảo Văn Bình", "Bàn Thị An"]
    assert names_on(send(chi, rest="1")) == ["Vàng Thị Dí"]
    assert send(chi, rest="1").status_code == 422


def test_a_new_print_withdraws_the_older_unused_slip(chi: CheckingClient, cast: Cast, engine: Engine) -> None:
    for _ in range(2):
        assert send(chi, member_ids=[cast.an_member.id]).status_code == 200
    first, second = kept(engine)
    assert first.withdrawn_at and second.withdrawn_at is None
    assert "hạn đến" in text(chi.get("/joining/"))


def test_a_printing_that_fails_withdraws_nothing(chi: CheckingClient, cast: Cast, engine: Engine) -> None:
    send(chi, member_ids=[cast.an_member.id])
    for form in (
        {"member_ids": [cast.an_member.id], "call": ""},
        {},
        {"member_ids": [cast.an_member.id], "call": "001090012345"},
    ):
        answer = send(chi, **form)
        assert answer.status_code == 422 and answer.mimetype == "text/html"
    assert [row.withdrawn_at for row in kept(engine)] == [None]


def test_whom_to_call_is_remembered(chi: CheckingClient, cast: Cast) -> None:
    assert 'value="Trần Thị Chi"' in text(chi.get("/joining/"))
    send(chi, member_ids=[cast.an_member.id], call="Anh Nam 0987 654 321")
    assert 'value="Anh Nam 0987 654 321"' in text(chi.get("/joining/"))


def test_members_of_the_next_commune_get_no_slip_from_here(
    chi: CheckingClient, cast: Cast, engine: Engine
) -> None:
    with look(engine) as reading:
        foreign = reading.exec(
            select(Membership.member_id).where(Membership.team_id == cast.next_village.team.id)
        ).one()
    assert send(chi, member_ids=[foreign]).status_code == 422
    assert send(chi, whole=cast.next_village.team.id).status_code == 422
    assert "Lù Thị Xa" not in text(chi.get("/joining/"))
    assert kept(engine) == []


@pytest.mark.parametrize("why", ["left", "desk", "disabled", "elsewhere"])
def test_who_may_have_none_is_given_none(
    why: str, chi: CheckingClient, cast: Cast, session: GatedSession, engine: Engine
) -> None:
    said = {
        "desk": "tài khoản của cán bộ",
        "disabled": "Tài khoản đã khóa",
        "elsewhere": "ngoài xã",
    }
    if why == "left":
        service = session.exec(select(Membership).where(Membership.member_id == cast.an_member.id)).one()
        service.left = date(2026, 11, 1)
        session.add(service)
    elif why == "desk":
        cast.an.role = "approver"
    elif why == "disabled":
        cast.an.disabled_at = datetime.now(UTC)
    else:
        from tdteam.store.accounts import give_roots

        give_roots(session, cast.an.id or 0, [cast.next_village.id], date(2026, 1, 1))
    session.add(cast.an)
    session.commit()
    page = text(chi.get("/joining/"))
    assert said[why] in page if why in said else "Bàn Thị An" not in page
    assert send(chi, member_ids=[cast.an_member.id]).status_code == 422
    assert kept(engine) == []


def test_a_team_s_page_leads_to_its_slips(chi: CheckingClient, cast: Cast) -> None:
    assert f"/joining/?team_id={cast.village.team.id}" in text(chi.get(f"/teams/{cast.village.team.id}"))
    page = text(chi.get(f"/joining/?team_id={cast.sibling.team.id}"))
    assert "Bàn Thị An" not in page


def test_a_browser_is_shown_the_way_into_the_app(
    client: CheckingClient, session: GatedSession, cast: Cast
) -> None:
    code = make_slip(session, cast.an_member)
    for agent in (CHROME, SAFARI):
        page = text(client.get(f"/join/{code}", headers={"User-Agent": agent}))
        assert f'href="/phone/#/join/{code}"' in page
        assert "Bàn Thị An" not in page


@pytest.mark.parametrize(
    ("agent", "browser"), [(ZALO, "Chrome"), (FACEBOOK, "Safari"), (INSIDE_IPHONE, "Safari")]
)
def test_inside_zalo_or_facebook_the_browser_is_shown_instead(
    agent: str, browser: str, client: CheckingClient
) -> None:
    code = draw_code()
    page = text(client.get(f"/join/{code}", headers={"User-Agent": agent}))
    assert browser in page and "/phone/" not in page and f"/join/{code}" in page
    assert ("intent://" in page) == (browser == "Chrome")


def test_looking_at_the_page_uses_no_slip_and_tells_nothing(
    client: CheckingClient, session: GatedSession, cast: Cast, engine: Engine
) -> None:
    good, unknown = make_slip(session, cast.an_member), draw_code()
    pages = [text(client.get(f"/join/{code}")).replace(code, "") for code in (good, unknown)]
    assert pages[0] == pages[1]
    assert kept(engine)[0].used_at is None
    for bad in ("x", "a" * 100, "..%2f..%2fetc", "<script>alert(1)</script>"):
        assert client.get(f"/join/{bad}").status_code == 404
