"""What was refused and comes again is judged anew; what is settled says again how, and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.rebuild import compare
from tdteam.store.tables import Household, TeamVillage, Visit
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.phone import Phone, everywhere, inbox_rows, sha256_of, visit_body


@pytest.fixture
def phone(client: CheckingClient, cast: Cast) -> Phone:
    return Phone(client, cast.an)


@pytest.fixture(autouse=True)
def figures_hold(engine: Engine) -> Iterator[None]:
    yield
    with everywhere(engine) as session:
        assert compare(session) == []


def visits(engine: Engine) -> list[Visit]:
    with everywhere(engine) as session:
        return list(session.exec(select(Visit)))


def test_a_refused_record_is_taken_once_its_reason_is_gone(phone: Phone, cast: Cast, engine: Engine) -> None:
    """The team did not serve the village that day; the official puts the date right; the phone sends the same again."""
    since = {"since": date(2030, 1, 1)}
    with open_session(engine, EVERYWHERE, write=True) as session:
        edge = session.exec(select(TeamVillage).where(TeamVillage.team_id == cast.village.team.id)).one()
        was = edge.since
        session.delete(edge)
        session.flush()
        session.add(TeamVillage(team_id=cast.village.team.id or 0, village_id=cast.village.id, **since))
        session.commit()
    record = phone.record("visit", visit_body(cast.village, satisfaction=3))
    first = phone.send(record)[0]
    assert (first["state"], first["flaws"][0]["code"]) == ("refused", "team_not_here")
    with open_session(engine, EVERYWHERE, write=True) as session:
        edge = session.exec(select(TeamVillage).where(TeamVillage.team_id == cast.village.team.id)).one()
        session.delete(edge)
        session.flush()
        session.add(TeamVillage(team_id=cast.village.team.id or 0, village_id=cast.village.id, since=was))
        session.commit()
    assert phone.states(record) == ["accepted"] and phone.states(record) == ["duplicate"]
    assert len(visits(engine)) == 1
    assert [(row.state, row.version, row.flaws) for row in inbox_rows(engine)] == [("accepted", 1, [])]


def test_a_reason_lost_on_the_way_is_told_again(phone: Phone, cast: Cast, engine: Engine) -> None:
    record = phone.record("visit", visit_body(cast.village, minutes=-3))
    first, again = phone.send(record)[0], phone.send(record)[0]
    assert first == again and first["flaws"][0]["message"]
    assert len(inbox_rows(engine)) == 1


def test_what_the_commune_declined_stays_so_and_says_why(phone: Phone, cast: Cast, engine: Engine) -> None:
    home_id = cast.village.household().id
    cast.village.world.session.commit()
    body = {
        "household_id": home_id,
        "village_id": cast.village.id,
        "base": {"people": 9},
        "set": {"people": 5},
    }
    record = phone.record("household", body, base_version=1)
    assert phone.states(record) == ["conflict"]
    n = inbox_rows(engine)[0].n
    kept = phone.client.sign_in(cast.chi).post(f"/inbox/{n}/decide", data={"do": "keep"})
    assert kept.status_code == 302
    told = phone.send(record)[0]
    assert (told["state"], told["was"], told["flaws"][0]["code"]) == (
        "duplicate",
        "refused",
        "kept_by_commune",
    )
    with everywhere(engine) as session:
        assert session.get_one(Household, home_id).people == 4


def test_a_file_in_the_wrong_hands_keeps_nothing_out(
    client: CheckingClient, cast: Cast, engine: Engine
) -> None:
    """The official of the next commune imports it first: refused there, and taken when its own phone sends it."""
    an = Phone(client, cast.an)
    record = an.record("visit", visit_body(cast.village))
    stranger = Phone(client, cast.dung, device_id="desk")
    assert stranger.states(record, from_account=cast.an.id) == ["refused"]
    assert an.states(record) == ["accepted"]
    assert [visit.recorded_by for visit in visits(engine)] == [cast.an.id]


def test_one_id_twice_in_a_batch_with_other_content_counts_once(
    client: CheckingClient, cast: Cast, engine: Engine
) -> None:
    chi = Phone(client, cast.chi)  # no member of any team: nothing but the id tells the two apart
    records = [chi.record("visit", visit_body(cast.village)) for _ in range(3)]
    body = {**records[1]["body"], "minutes": 40}
    twin = {**records[1], "body": body, "sha256": sha256_of(body), "seq": 4}
    assert chi.states(*records[:2], twin, records[2]) == ["accepted", "accepted", "conflict", "accepted"]
    assert len(visits(engine)) == 3


def test_a_refused_record_that_comes_twice_in_one_batch_is_refused_both_times(
    phone: Phone, cast: Cast, engine: Engine
) -> None:
    record = phone.record("visit", visit_body(cast.village, contact="dancing"))
    first, second = phone.send(record, record)
    assert (first["state"], second["state"], second.get("was")) == ("refused", "duplicate", "refused")
    assert second["flaws"] == first["flaws"] != []
    assert visits(engine) == []
