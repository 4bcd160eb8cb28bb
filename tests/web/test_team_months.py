"""A team's month at the desk: confirmed, reported as empty, tentative before the cut-off day, new visits beside the word."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tdteam.domain.ids import new_id
from tdteam.domain.periods import period_of, today
from tdteam.domain.team_month import is_tentative
from tdteam.domain.vocabulary import PeriodStatus
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.tables import Audit, Confirmation, PeriodState, Visit
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.phone import Phone, everywhere, visit_body
from tests.web.test_sync_roster import pull
from tests.web.test_visits import form_of as visit_form

NOW = period_of(today())
PAST = NOW.plus(-1)
CONFIRM, ZERO = "Xác nhận số liệu tháng", "Tháng này không phát sinh"


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def at(cast: Cast, period: Any = PAST) -> str:
    return f"/teams/{cast.village.team.id}/month/{period.code}"


def say(client: CheckingClient, path: str, kind: str, page: str | None = None) -> Any:
    """Press a button of the page as it is shown."""
    shown = page or text(client.get(path))
    found = re.search(r'name="seen"[^>]*value="([^"]*)"', shown)
    assert found, shown
    return client.post(f"{path}/confirm", data={"kind": kind, "seen": found[1]}, follow_redirects=True)


def visit(client: CheckingClient, cast: Cast, period: Any = PAST) -> None:
    day = min(period.last_day, today()).strftime("%d/%m/%Y")
    answer = client.sign_in(cast.an).post("/visits/new", data=visit_form(cast, visited_on=day))
    assert answer.status_code == 302


def word(engine: Engine) -> Confirmation | None:
    with everywhere(engine) as session:
        return session.exec(select(Confirmation)).first()


@pytest.mark.parametrize("who", ["binh", "chi"])
def test_leader_and_official_confirm_the_figures_they_see(
    client: CheckingClient, cast: Cast, engine: Engine, who: str
) -> None:
    visit(client, cast)
    client.sign_in(getattr(cast, who))
    assert "mà số liệu tháng chưa được xác nhận" in text(client.get(at(cast)))
    page = text(say(client, at(cast), "figures"))
    assert "Đã xác nhận số liệu tháng." in page and "Đã xác nhận (tạm)" not in page
    row = word(engine)
    assert row and (row.kind, row.period, row.figures["visits"]) == ("figures", PAST.code, 1)
    with everywhere(engine) as session:
        told = session.exec(select(Audit).where(Audit.action == "confirm")).one()
    assert (told.noun, told.account_id) == ("team", getattr(cast, who).id)


def test_a_word_before_the_cut_off_day_is_tentative_in_words(client: CheckingClient, cast: Cast) -> None:
    client.sign_in(cast.binh)
    if today() < NOW.last_day:
        page = text(say(client, at(cast, NOW), "zero"))
        assert "Đã báo không phát sinh (tạm)" in page
        assert "(tạm)" in text(client.sign_in(cast.chi).get("/"))
    before = datetime(PAST.last_day.year, PAST.last_day.month, PAST.last_day.day, tzinfo=UTC) - timedelta(
        hours=8
    )
    assert is_tentative(before, PAST)  # 23:00 of the day before, in Viet Nam 16:00 UTC
    assert not is_tentative(before + timedelta(hours=1), PAST)


def test_nothing_happened_is_kept_and_refused_beside_figures(
    client: CheckingClient, cast: Cast, engine: Engine
) -> None:
    client.sign_in(cast.binh)
    assert "Tổ đã báo tháng này không phát sinh." in text(say(client, at(cast), "zero"))
    assert "—" not in text(client.get(at(cast))).split("<tbody>")[1].split("</tr>")[0].split("</td>")[0]
    visit(client, cast)
    client.sign_in(cast.binh)
    page = text(client.get(at(cast)))
    assert "Đã báo không phát sinh, có 1 lượt mới" in page
    answer = say(client, at(cast), "zero", page)
    assert answer.status_code == 422 and "không báo “không phát sinh” được" in text(answer)
    assert "Tổ đã xác nhận" not in text(answer)
    say(client, at(cast), "figures")
    row = word(engine)
    assert row and row.kind == "figures"


def test_figures_that_moved_under_the_page_are_shown_again(
    client: CheckingClient, cast: Cast, engine: Engine
) -> None:
    stale = text(client.sign_in(cast.binh).get(at(cast)))
    visit(client, cast)
    client.sign_in(cast.binh)
    answer = say(client, at(cast), "figures", stale)
    assert answer.status_code == 422 and "Số liệu vừa thay đổi" in text(answer)
    assert word(engine) is None
    assert say(client, at(cast), "figures", text(answer)).status_code == 200
    assert word(engine) is not None


def test_visits_after_the_word_stand_beside_it_everywhere(
    client: CheckingClient, cast: Cast, engine: Engine
) -> None:
    visit(client, cast, NOW)
    client.sign_in(cast.binh)
    say(client, at(cast, NOW), "figures")
    assert "lượt mới" not in text(client.get(at(cast, NOW)))
    visit(client, cast, NOW)
    visit(client, cast, NOW)
    assert "Đã xác nhận, có 2 lượt mới" in text(client.sign_in(cast.binh).get(at(cast, NOW)))
    home = text(client.sign_in(cast.chi).get("/"))
    assert "có 2 lượt mới" in home and at(cast, NOW) in home
    line = next(one for one in pull(client.sign_in(cast.an))[0]["month"] if one["period"] == NOW.code)
    assert (line["figures"]["visits"], line["confirmed"]["figures"]["visits"]) == (
        3,
        1,
    )  # the phone subtracts


def test_a_correction_is_no_new_visit_and_a_voided_one_is_none(
    client: CheckingClient, cast: Cast, engine: Engine
) -> None:
    form = visit_form(cast)
    client.sign_in(cast.an).post("/visits/new", data=form)
    client.sign_in(cast.binh)
    say(client, at(cast, NOW), "figures")
    client.sign_in(cast.an)
    changed = visit_form(cast, minutes="40", base_version="1", id=new_id())
    assert client.post(f"/visits/{form['id']}/correct", data=changed).status_code == 302
    assert "lượt mới" not in text(client.sign_in(cast.binh).get(at(cast, NOW)))
    more = visit_form(cast)
    client.sign_in(cast.an).post("/visits/new", data=more)
    assert "có 1 lượt mới" in text(client.sign_in(cast.binh).get(at(cast, NOW)))
    client.post(f"/visits/{more['id']}/void", data={"why": "Ghi hai lần", "base_version": "1"})
    assert "lượt mới" not in text(client.get(at(cast, NOW)))


def test_what_a_leader_recorded_offline_before_confirming_is_not_new(
    client: CheckingClient, cast: Cast, engine: Engine
) -> None:
    phone = Phone(client, cast.binh)
    earlier = datetime.now(UTC) - timedelta(hours=3)
    told = {"team_id": cast.village.team.id, "period": NOW.code, "kind": "figures", "figures": {"visits": 1}}
    records = [
        phone.record("visit", visit_body(cast.village), recorded_at=earlier.isoformat()),
        phone.record(
            "confirmation",
            {**told, "village_id": cast.village.id},
            recorded_at=(earlier + timedelta(minutes=5)).isoformat(),
        ),
    ]
    assert phone.states(*records) == ["accepted", "accepted"]
    assert "lượt mới" not in text(client.sign_in(cast.binh).get(at(cast, NOW)))
    other = Phone(client, cast.an, "phone-2")
    late = other.record("visit", visit_body(cast.village), recorded_at=earlier.isoformat())
    assert other.states(late) == ["accepted"]  # another hand's visit was unknown to the leader
    assert "có 1 lượt mới" in text(client.sign_in(cast.binh).get(at(cast, NOW)))


def test_a_sealed_period_is_shown_and_not_changed(client: CheckingClient, cast: Cast, engine: Engine) -> None:
    visit(client, cast)
    page = text(client.sign_in(cast.binh).get(at(cast)))
    with open_session(engine, EVERYWHERE, write=True) as session:
        key = (cast.commune.id, PAST.code)
        row = session.get(PeriodState, key) or PeriodState(commune_id=key[0] or 0, period=key[1])
        row.status = PeriodStatus.SEALED
        session.add(row)
        session.commit()
    sealed = text(client.get(at(cast)))
    assert "Xã đã chốt số liệu kỳ này." in sealed and 'value="figures"' not in sealed
    answer = say(client, at(cast), "figures", page)
    assert answer.status_code == 422 and "không đổi được nữa" in text(answer)
    assert word(engine) is None


def test_who_may_not(client: CheckingClient, cast: Cast, engine: Engine) -> None:
    path = at(cast)
    for who, due in ((cast.an, 403), (cast.em, 403), (cast.giang, 403), (cast.dung, 404)):
        client.sign_in(who)
        assert client.post(f"{path}/confirm", data={"kind": "figures", "seen": "...."}).status_code == due, (
            who.username
        )
        if due == 403:
            assert 'value="figures"' not in text(client.get(path))
    client.sign_in(cast.binh)
    client.token = None
    assert client.post(f"{path}/confirm", data={"kind": "figures", "seen": "...."}).status_code in (400, 403)
    assert word(engine) is None
    with everywhere(engine) as session:
        assert session.exec(select(Visit)).first() is None


def test_a_period_to_come_is_no_page_and_an_odd_kind_is_refused(client: CheckingClient, cast: Cast) -> None:
    client.sign_in(cast.binh)
    assert client.get(at(cast, NOW.plus(1))).status_code == 404
    assert say(client, at(cast), "perhaps").status_code == 422
