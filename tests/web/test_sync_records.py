"""Records from phones: each gets one verdict, arrives once, and is never lost to a judgement."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tdteam.domain.periods import today
from tdteam.store.rebuild import compare
from tdteam.store.tables import AccountPlace, Membership, PeriodState, PlaceParent, Satisfaction, Visit
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.phone import Phone, everywhere, inbox_rows, sha256_of, visit_body


@pytest.fixture
def phone(client: CheckingClient, cast: Cast) -> Phone:
    return Phone(client, cast.an)


@pytest.fixture(autouse=True)
def figures_hold(engine: Engine) -> Iterator[None]:
    """Whatever a test sends, the tallies equal a recount."""
    yield
    with everywhere(engine) as session:
        assert compare(session) == []


def visits(engine: Engine) -> list[Visit]:
    with everywhere(engine) as session:
        return list(session.exec(select(Visit).order_by(Visit.id)))


def test_visits_of_a_batch_are_accepted_and_counted_once(phone: Phone, cast: Cast, engine: Engine) -> None:
    home = cast.village.household()
    cast.village.world.session.commit()
    records = [phone.record("visit", visit_body(cast.village, home.id)) for _ in range(5)]
    assert phone.states(*records) == ["accepted"] * 5
    assert phone.states(*records) == ["duplicate"] * 5
    kept = visits(engine)
    assert sorted(v.id for v in kept) == sorted(r["id"] for r in records)
    assert {v.recorded_by for v in kept} == {cast.an.id}
    raw = inbox_rows(engine)
    assert [(r.record_id, r.state) for r in raw] == sorted((r["id"], "accepted") for r in records)


def test_the_account_s_own_member_helped_where_nobody_is_named(
    phone: Phone, cast: Cast, engine: Engine
) -> None:
    from tdteam.store.tables import VisitMember

    record = phone.record("visit", visit_body(cast.village))
    phone.send(record)
    with everywhere(engine) as session:
        helped = session.exec(select(VisitMember.member_id)).all()
    assert helped == [cast.an_member.id]


def test_the_same_record_twice_in_one_batch_is_one(phone: Phone, cast: Cast, engine: Engine) -> None:
    record = phone.record("visit", visit_body(cast.village))
    assert phone.states(record, record) == ["accepted", "duplicate"]
    assert len(visits(engine)) == 1


def test_a_flaw_refuses_one_and_the_rest_flow(phone: Phone, cast: Cast, engine: Engine) -> None:
    bad = visit_body(cast.village, contact="dancing")
    records = [
        phone.record("visit", body) for body in (visit_body(cast.village), bad, visit_body(cast.village))
    ]
    results = phone.send(*records)
    assert [one["state"] for one in results] == ["accepted", "refused", "accepted"]
    flaw = results[1]["flaws"][0]
    assert (flaw["field"], flaw["code"]) == ("contact", "choice_unknown") and flaw["message"][0].isupper()
    assert len(visits(engine)) == 2
    kept = inbox_rows(engine)
    assert json.loads(next(r.body for r in kept if r.state == "refused") or "")["contact"] == "dancing"


def test_a_refused_record_corrected_under_its_id_is_accepted(
    phone: Phone, cast: Cast, engine: Engine
) -> None:
    record = phone.record("visit", visit_body(cast.village, minutes=-3))
    assert phone.states(record) == ["refused"]
    body = {**record["body"], "minutes": 3}
    assert phone.states({**record, "body": body, "sha256": sha256_of(body)}) == ["accepted"]
    assert len(visits(engine)) == 1 and len(inbox_rows(engine)) == 2


def test_one_id_with_other_content_is_a_conflict_and_both_are_kept(
    phone: Phone, cast: Cast, engine: Engine
) -> None:
    record = phone.record("visit", visit_body(cast.village))
    phone.send(record)
    body = {**record["body"], "minutes": 40}
    assert phone.states({**record, "body": body, "sha256": sha256_of(body)}) == ["conflict"]
    assert len(visits(engine)) == 1 and visits(engine)[0].minutes is None
    assert [row.state for row in inbox_rows(engine)] == ["accepted", "conflict"]


def test_a_hash_that_does_not_fit_is_not_received(phone: Phone, cast: Cast, engine: Engine) -> None:
    good, bad = (phone.record("visit", visit_body(cast.village)) for _ in range(2))
    bad["body"]["minutes"] = 7
    floating = phone.record("visit", {**visit_body(cast.village), "minutes": 2.5})
    results = phone.send(good, bad, floating)
    assert [one["state"] for one in results] == ["accepted", "unreceived", "unreceived"]
    assert results[1]["flaws"][0]["code"] == "hash_mismatch"
    assert len(inbox_rows(engine)) == 1


def test_a_village_that_was_never_the_sender_s_is_not_found(phone: Phone, cast: Cast, engine: Engine) -> None:
    for village_id in (cast.next_village.id, 99_999_999):
        body = {**visit_body(cast.next_village), "village_id": village_id}
        result = phone.send(phone.record("visit", body))[0]
        assert result["state"] == "refused"
        assert [(f["field"], f["code"]) for f in result["flaws"]] == [("village_id", "not_found")]
    assert visits(engine) == []


def test_a_village_the_sender_no_longer_has_is_held(phone: Phone, cast: Cast, engine: Engine) -> None:
    record = phone.record("visit", visit_body(cast.village))
    with open_for(engine) as session:
        root = session.exec(select(AccountPlace).where(AccountPlace.account_id == cast.an.id)).one()
        root.until = today() - timedelta(days=1)
        session.add(root)
        session.commit()
    assert phone.states(record) == ["held"]
    assert phone.states(record) == ["duplicate"]
    row = inbox_rows(engine)[0]
    assert (row.state, row.village_id, visits(engine)) == ("held", cast.village.id, [])


def open_for(engine: Engine) -> Any:
    from tdteam.store.gate import EVERYWHERE, open_session

    return open_session(engine, EVERYWHERE, write=True)


def seal(engine: Engine, cast: Cast, period: str) -> None:
    with open_for(engine) as session:
        session.add(PeriodState(commune_id=cast.commune.id or 0, period=period, status="sealed", version=1))
        session.commit()


def test_a_visit_of_a_sealed_period_is_late_and_counts_in_the_next(
    phone: Phone, cast: Cast, engine: Engine
) -> None:
    seal(engine, cast, "2026-11")
    record = phone.record("visit", visit_body(cast.village, visited_on="2026-11-10"))
    assert phone.states(record) == ["late"]
    assert visits(engine)[0].period == "2026-12"
    assert inbox_rows(engine)[0].state == "late"


def test_numbers_that_never_came_are_named_until_they_come(phone: Phone, cast: Cast) -> None:
    records = [phone.record("visit", visit_body(cast.village)) for _ in range(6)]
    first = phone.post([records[0], records[3], records[5]])
    assert first.json["missing_seq"] == [2, 3, 5]
    second = phone.post([records[1], records[4]])
    assert second.json["missing_seq"] == [3]
    assert phone.post([records[2]]).json["missing_seq"] == []
    assert phone.post([phone.record("visit", visit_body(cast.village))]).json["missing_seq"] == []


def test_two_people_on_one_phone_have_numbers_of_their_own(client: CheckingClient, cast: Cast) -> None:
    an, binh = Phone(client, cast.an), Phone(client, cast.binh)
    assert an.post([an.record("visit", visit_body(cast.village)) for _ in range(3)]).json["missing_seq"] == []
    assert binh.post([binh.record("visit", visit_body(cast.village))]).json["missing_seq"] == []


def test_a_file_delivered_by_somebody_else_arrives_once_and_leaves_no_gap(
    client: CheckingClient, cast: Cast, engine: Engine
) -> None:
    an = Phone(client, cast.an)
    records = [an.record("visit", visit_body(cast.village)) for _ in range(3)]
    chi = Phone(client, cast.chi, device_id="phone-1")
    assert chi.states(*records[:2], from_account=cast.an.id) == ["accepted"] * 2
    again = an.post(records)
    assert [one["state"] for one in again.json["results"]] == ["duplicate", "duplicate", "accepted"]
    assert again.json["missing_seq"] == []
    assert len(visits(engine)) == 3
    assert {row.from_account for row in inbox_rows(engine)} == {cast.an.id, None}


@pytest.mark.parametrize(
    ("offset", "doubt"),
    [
        (timedelta(hours=3), None),
        (timedelta(days=2, hours=1), "clock"),
        (timedelta(days=-3), "clock"),
    ],
)
def test_a_wrong_clock_moves_the_day_and_is_doubted(
    phone: Phone, cast: Cast, engine: Engine, offset: timedelta, doubt: str | None
) -> None:
    """`offset`: how far the phone is behind. It takes yesterday, by its own clock, for the day."""
    now = datetime.now(UTC)
    phone_now = now - offset
    day = (phone_now + timedelta(hours=7)).date() - timedelta(days=1)
    record = phone.record("visit", visit_body(cast.village, visited_on=day.isoformat()))
    record["recorded_at"] = phone_now.isoformat()
    result = phone.send(record, sent_at=phone_now.isoformat())[0]
    assert (result["state"], result["doubt"]) == ("accepted", doubt)
    if doubt:  # yesterday by the server's clock, at whatever hour the test runs
        assert visits(engine)[0].visited_on == (now + timedelta(hours=7)).date() - timedelta(days=1)
    assert inbox_rows(engine)[0].doubt == doubt


def test_a_phone_of_1970_is_accepted_on_the_right_day(phone: Phone, cast: Cast, engine: Engine) -> None:
    record = phone.record("visit", visit_body(cast.village, visited_on="1970-01-01"))
    record["recorded_at"] = "1970-01-01T09:00:00+07:00"
    result = phone.send(record, sent_at="1970-01-01T09:30:00+07:00")[0]
    assert (result["state"], result["doubt"]) == ("accepted", "clock")
    assert abs((visits(engine)[0].visited_on - today()).days) <= 1


def test_a_day_still_to_come_counts_today_and_is_doubted(phone: Phone, cast: Cast, engine: Engine) -> None:
    ahead = (today() + timedelta(days=9)).isoformat()
    result = phone.send(phone.record("visit", visit_body(cast.village, visited_on=ahead)))[0]
    assert (result["state"], result["doubt"]) == ("accepted", "future")
    assert visits(engine)[0].visited_on == today()


def test_satisfaction_is_counted_and_tied_to_nobody(phone: Phone, cast: Cast, engine: Engine) -> None:
    bodies = [visit_body(cast.village, satisfaction=score) for score in (3, 3, 1, 9, "3")]
    records = [phone.record("visit", body) for body in bodies]
    phone.send(*records)
    phone.send(*records)
    with everywhere(engine) as session:
        given = {row.score: row.given for row in session.exec(select(Satisfaction))}
    assert given == {1: 1, 3: 2}
    assert all("satisfaction" not in (row.body or "") for row in inbox_rows(engine))


def test_photos_named_by_a_visit_are_linked(phone: Phone, cast: Cast, engine: Engine) -> None:
    from tdteam.store.tables import RecordPhoto

    record = phone.record("visit", visit_body(cast.village, photos=["ab" * 32, "no hash", 5]))
    phone.send(record)
    with everywhere(engine) as session:
        linked = [(row.record_id, row.sha256, row.village_id) for row in session.exec(select(RecordPhoto))]
    assert linked == [(record["id"], "ab" * 32, cast.village.id)]


def test_day_of_the_batch_before_the_schema_year(phone: Phone, cast: Cast) -> None:
    result = phone.send(
        phone.record("visit", visit_body(cast.village, visited_on=date(2019, 1, 1).isoformat()))
    )[0]
    assert [flaw["code"] for flaw in result["flaws"]] == ["date_too_old"]


def test_a_member_who_left_the_team_reaches_nothing_and_what_the_phone_held_waits(
    phone: Phone, cast: Cast, engine: Engine
) -> None:
    record = phone.record("visit", visit_body(cast.village))
    with open_for(engine) as session:
        service = session.exec(select(Membership).where(Membership.member_id == cast.an_member.id)).one()
        service.left = today()
        session.add(service)
        session.commit()
    assert phone.states(record) == ["held"]
    roster = phone.client.get("/sync/roster").json
    assert (roster["villages"], roster["households"], roster["members"]) == ([], [], [])
    assert phone.client.get("/visits/").status_code == 200


def test_a_village_that_moved_to_another_commune_still_takes_what_its_team_sends(
    phone: Phone, cast: Cast, engine: Engine
) -> None:
    """Merging changes edges, never facts: the new commune sees the visit, the old one no longer."""
    from tdteam.store.places import rebuild_closure

    record = phone.record("visit", visit_body(cast.village))
    with open_for(engine) as session:
        edges = select(PlaceParent).where(
            PlaceParent.place_id == cast.village.id, PlaceParent.parent_id == cast.commune.id
        )
        edge = session.exec(edges).one()
        edge.until = today()
        session.add(edge)
        moved = {"place_id": cast.village.id, "parent_id": cast.next_commune.id, "since": today()}
        session.add(PlaceParent(**moved))
        session.flush()
        rebuild_closure(session)
        session.commit()
    assert phone.states(record) == ["accepted"]
    seen = {
        account.username: phone.client.sign_in(account).get(f"/visits/{record['id']}").status_code
        for account in (cast.chi, cast.dung)
    }
    assert seen == {"chi": 404, "dung": 200}
