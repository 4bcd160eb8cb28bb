"""A village moves to another commune while a phone of its team still holds records of it: all are taken, the commune of
today sees them, and figures equal a recount."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tdteam.domain.periods import today
from tdteam.store import settings
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.indicators import list_indicators, read_figures
from tdteam.store.places import rebuild_closure
from tdteam.store.rebuild import compare
from tdteam.store.tables import AccountPlace, Household, PeriodState, PlaceParent, Visit
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.phone import Phone, everywhere, inbox_rows, visit_body

LAST_PERIOD = today() - timedelta(days=20)


@pytest.fixture(autouse=True)
def figures_hold(engine: Engine) -> Iterator[None]:
    yield
    with everywhere(engine) as session:
        assert compare(session) == []


@pytest.fixture
def phone(client: CheckingClient, cast: Cast) -> Phone:
    return Phone(client, cast.an)


def move(engine: Engine, cast: Cast, since: date) -> None:
    """The village lies in the next commune from a day on."""
    with open_session(engine, EVERYWHERE, write=True) as session:
        edges = select(PlaceParent).where(
            PlaceParent.place_id == cast.village.id, PlaceParent.parent_id == cast.commune.id
        )
        edge = session.exec(edges).one()
        edge.until = since
        session.add(edge)
        session.add(PlaceParent(place_id=cast.village.id, parent_id=cast.next_commune.id or 0, since=since))
        session.flush()
        rebuild_closure(session)
        session.commit()


def seal(engine: Engine, commune_id: int | None, period: str) -> None:
    with open_session(engine, EVERYWHERE, write=True) as session:
        session.merge(PeriodState(commune_id=commune_id or 0, period=period, status="sealed", version=1))
        session.commit()


def visits_of(engine: Engine, commune_id: int | None, on: date, of: date) -> Any:
    """The commune's visits in the period of a day, as the desk reads them; `on`: the tree of which day."""
    with everywhere(engine) as session:
        known = [one for one in list_indicators(session) if one.code == "VISITS"]
        period = settings.period_on(session, of)
        return read_figures(session, commune_id or 0, period, on, known)["VISITS"].now


def everything(phone: Phone, cast: Cast) -> list[dict[str, Any]]:
    """What a phone may hold of a village: a new household, its visit, one of last period, a gathering, a filing."""
    where = {"village_id": cast.village.id, "team_id": cast.village.team.id}
    home = phone.record("household", {"village_id": cast.village.id, "head": "Giàng A Páo", "people": 5})
    gathering = {
        **where,
        "held_on": LAST_PERIOD.isoformat(),
        "place": "culture_house",
        "topic": "VNeID",
        "attended": 12,
    }
    filing = {**where, "procedure": "BIRTH", "submitted_on": LAST_PERIOD.isoformat(), "state": "submitted"}
    return [
        home,
        phone.record("visit", visit_body(cast.village, home["id"])),
        phone.record("visit", visit_body(cast.village, visited_on=LAST_PERIOD.isoformat())),
        phone.record("gathering", gathering),
        phone.record("filing", filing),
    ]


def test_all_that_waited_on_the_phone_is_taken_and_seen_by_the_commune_of_today(
    phone: Phone, cast: Cast, engine: Engine
) -> None:
    unsent = everything(phone, cast)
    move(engine, cast, today())
    told = phone.send(*unsent)
    assert [one["state"] for one in told] == ["accepted"] * 5, told
    assert phone.states(*unsent) == ["duplicate"] * 5
    visit = unsent[1]["id"]
    seen = {
        one.username: phone.client.sign_in(one).get(f"/visits/{visit}").status_code
        for one in (cast.chi, cast.dung)
    }
    assert seen == {"chi": 404, "dung": 200}
    for day in (today(), LAST_PERIOD):
        assert visits_of(engine, cast.next_commune.id, today(), day) == 1
        assert visits_of(engine, cast.commune.id, today(), day) is None


def test_what_is_said_of_before_the_move_is_corrected_and_merged_after_it(
    phone: Phone, cast: Cast, engine: Engine
) -> None:
    sent = everything(phone, cast)
    phone.send(*sent)
    move(engine, cast, today())
    home, visit = sent[0]["id"], sent[1]["id"]
    fixed = phone.record("visit", visit_body(cast.village, home, minutes=40, corrects=visit), base_version=1)
    edit = {"household_id": home, "village_id": cast.village.id, "base": {"people": 5}, "set": {"people": 6}}
    gone = {"voids": sent[2]["id"], "village_id": cast.village.id, "why": "Ghi nhầm"}
    records = (fixed, phone.record("household", edit, base_version=1), phone.record("visit", gone))
    assert phone.states(*records) == ["accepted"] * 3
    with everywhere(engine) as session:
        assert [row.people for row in session.exec(select(Household))] == [6]
    assert visits_of(engine, cast.next_commune.id, today(), today()) == 1


@pytest.mark.parametrize(("sealed", "state"), [("old", "accepted"), ("new", "late")])
def test_the_seal_of_the_commune_it_counts_in_decides_and_no_other(
    phone: Phone, cast: Cast, engine: Engine, sealed: str, state: str
) -> None:
    """The day of the visit lies before the move: whose sealed paper it would be missing from is asked, once."""
    record = phone.record("visit", visit_body(cast.village, visited_on=LAST_PERIOD.isoformat()))
    move(engine, cast, today() - timedelta(days=60))
    seal(engine, (cast.commune if sealed == "old" else cast.next_commune).id, "2026-11")
    assert phone.states(record) == [state]
    with everywhere(engine) as session:
        assert [row.period for row in session.exec(select(Visit))] == [
            "2026-11" if state == "accepted" else "2026-12"
        ]


def test_a_member_who_did_not_move_with_it_has_what_waited_held_by_the_new_commune(
    phone: Phone, cast: Cast, engine: Engine
) -> None:
    unsent = everything(phone, cast)
    move(engine, cast, today())
    with open_session(engine, EVERYWHERE, write=True) as session:
        for root in session.exec(select(AccountPlace).where(AccountPlace.account_id == cast.an.id)):
            root.until = today()
            session.add(root)
        session.commit()
    assert phone.states(*unsent) == ["held"] * 5
    with everywhere(engine) as session:
        assert list(session.exec(select(Visit))) == []
    first = inbox_rows(engine)[0]
    reached = {
        one.username: phone.client.sign_in(one).get(f"/inbox/{first.n}").status_code
        for one in (cast.chi, cast.dung)
    }
    assert reached == {"chi": 404, "dung": 200}
    for row in sorted(inbox_rows(engine), key=lambda row: row.seq):
        answer = phone.client.sign_in(cast.dung).post(f"/inbox/{row.n}/decide", data={"do": "take"})
        assert answer.status_code == 302
    assert [(row.state, row.flaws) for row in inbox_rows(engine)] == [("accepted", [])] * 5
    assert visits_of(engine, cast.next_commune.id, today(), today()) == 1
