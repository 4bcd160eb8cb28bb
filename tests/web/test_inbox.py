"""The commune decides on what phones sent: held records, conflicts, doubtful days. Once, and the phone hears of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tdteam.domain.periods import today
from tdteam.store.rebuild import compare
from tdteam.store.tables import AccountPlace, Audit, Household, Inbox, Visit
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.phone import Phone, everywhere, inbox_rows, sha256_of, visit_body


@pytest.fixture(autouse=True)
def figures_hold(engine: Engine) -> Iterator[None]:
    yield
    with everywhere(engine) as session:
        assert compare(session) == []


@pytest.fixture
def phone(client: CheckingClient, cast: Cast) -> Phone:
    return Phone(client, cast.an)


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def all_of(engine: Engine, table: Any) -> list[Any]:
    with everywhere(engine) as session:
        return list(session.exec(select(table)))


def decide(client: CheckingClient, row: Inbox, **said: Any) -> Any:
    return client.post(f"/inbox/{row.n}/decide", data=said)


def hold(phone: Phone, cast: Cast, **more: Any) -> dict[str, Any]:
    """A visit that An sends after she was moved away from the village."""
    session = cast.village.world.session
    home = cast.village.household("Giàng A Páo")
    session.commit()
    record = phone.record("visit", visit_body(cast.village, home.id, **more))
    for root in session.exec(select(AccountPlace).where(AccountPlace.account_id == cast.an.id)):
        root.until = today()
        session.add(root)
    session.commit()
    assert phone.states(record) == ["held"]
    return record


def test_what_is_held_is_told_and_taken_in_once(phone: Phone, cast: Cast, engine: Engine) -> None:
    record = hold(phone, cast)
    assert all_of(engine, Visit) == []
    chi = phone.client.sign_in(cast.chi)
    page = text(chi.get("/inbox/"))
    for words in ("Bàn Thị An", "Giàng A Páo", "Hốc Đá", today().strftime("%d/%m/%Y"), "không còn phụ trách"):
        assert words in page, words
    assert "1 bản ghi gửi khi không còn phụ trách thôn" in text(chi.get("/"))
    row = inbox_rows(engine)[0]
    assert "Bản ghi đứng tên Bàn Thị An" in text(chi.get(f"/inbox/{row.n}"))
    assert decide(chi, row, do="take").location == "/inbox/"
    (visit,) = all_of(engine, Visit)
    assert (visit.id, visit.recorded_by) == (record["id"], cast.an.id)
    again = decide(chi, row, do="take")
    assert again.status_code == 409 and "đã có người quyết định" in text(again)
    assert decide(chi, row, do="decline", why="Thôi").status_code == 409
    (row,) = inbox_rows(engine)
    assert (row.state, row.version, row.decided_by, row.decision) == ("accepted", 1, cast.chi.id, "taken")
    acts = [one for one in all_of(engine, Audit) if one.action == "decide"]
    assert [(one.account_id, one.target) for one in acts] == [(cast.chi.id, record["id"])]
    assert "Không có việc nào chờ" in text(chi.get("/inbox/"))


def test_what_is_not_taken_in_comes_back_to_the_phone_with_the_reason(
    phone: Phone, cast: Cast, engine: Engine
) -> None:
    record = hold(phone, cast)
    phone.client.sign_in(cast.an)
    cursor = phone.client.get("/sync/roster").json["cursor"]
    chi = phone.client.sign_in(cast.chi)
    row = inbox_rows(engine)[0]
    empty = decide(chi, row, do="decline", why=" ")
    assert empty.status_code == 422 and inbox_rows(engine)[0].decided_at is None
    assert decide(chi, row, do="decline", why="số định danh 001203004567").status_code == 422
    assert decide(chi, row, do="decline", why="Hộ này do tổ Nậm Dù phụ trách").status_code == 302
    phone.client.sign_in(cast.an)
    session = cast.village.world.session
    for root in session.exec(select(AccountPlace).where(AccountPlace.account_id == cast.an.id)):
        root.until = None
        session.add(root)
    session.commit()
    page = phone.client.get(f"/sync/roster?cursor={cursor}").json
    if page["reset"]:  # another scope: decisions come with the next change
        cursor = page["cursor"]
        page = phone.client.get(f"/sync/roster?cursor={cursor}").json
    (told,) = page["decisions"]
    assert (told["id"], told["state"]) == (record["id"], "refused")
    assert told["flaws"][0]["message"] == "Xã không nhận: Hộ này do tổ Nậm Dù phụ trách"
    assert all_of(engine, Visit) == []


def test_what_makes_no_sense_when_taken_in_is_refused_with_reasons(
    phone: Phone, cast: Cast, engine: Engine
) -> None:
    hold(phone, cast, contact="dancing")
    chi = phone.client.sign_in(cast.chi)
    row = inbox_rows(engine)[0]
    page = chi.get(decide(chi, row, do="take").location)
    (row,) = inbox_rows(engine)
    assert row.state == "refused" and row.flaws[0]["field"] == "contact" and row.decided_at
    assert "không tính được" in text(page) and all_of(engine, Visit) == []


def clash(phone: Phone, cast: Cast, fields: dict[str, tuple[Any, Any, Any]]) -> tuple[str, dict[str, Any]]:
    """A household whose fields were seen as the first, are now the second, and are asked to be the third."""
    body = {"village_id": cast.village.id, "head": "Giàng A Páo", "people": 5, "adults": 3, "eid2": 1}
    home = phone.record("household", body | {name: value[0] for name, value in fields.items()})

    def edit(seen: int, to: int) -> dict[str, Any]:
        told = {"household_id": home["id"], "village_id": cast.village.id}
        sides = {where: {n: v[k] for n, v in fields.items()} for where, k in (("base", seen), ("set", to))}
        return phone.record("household", {**told, **sides}, base_version=1)

    late = edit(0, 2)
    assert phone.states(home, edit(0, 1), late) == ["accepted", "accepted", "conflict"]
    return home["id"], late


def test_the_sent_value_of_one_field_is_taken_on_the_spot(phone: Phone, cast: Cast, engine: Engine) -> None:
    home, _late = clash(phone, cast, {"people": (5, 6, 7)})
    chi = phone.client.sign_in(cast.chi)
    page = text(chi.get("/inbox/?why=conflict"))
    assert "Giữ: 6" in page and "Lấy: 7" in page and "Giàng A Páo" in page
    row = next(one for one in inbox_rows(engine) if one.state == "conflict")
    assert decide(chi, row, do="fields", seen=2, **{"side-people": "sent"}).status_code == 302
    kept = all_of(engine, Household)[0]
    assert (kept.id, kept.people, kept.version) == (home, 7, 3)
    row = next(one for one in inbox_rows(engine) if one.n == row.n)
    assert (row.state, row.version, row.decision) == ("accepted", 3, "taken")


def test_fields_are_chosen_one_by_one_and_what_changed_meanwhile_is_shown_again(
    phone: Phone, cast: Cast, engine: Engine
) -> None:
    clash(phone, cast, {"people": (5, 6, 7), "note": ("", "Có điện", "Chưa có sóng")})
    chi = phone.client.sign_in(cast.chi)
    row = next(one for one in inbox_rows(engine) if one.state == "conflict")
    page = text(chi.get(f"/inbox/{row.n}"))
    for words in ("Có điện", "Chưa có sóng", "Giữ: 6", "Lấy: 7"):
        assert words in page, words
    assert decide(chi, row, do="fields", seen=2, **{"side-people": "sent"}).status_code == 422
    sides = {"side-people": "stored", "side-note": "sent"}
    stale = decide(chi, row, do="fields", seen=1, **sides)
    assert stale.status_code == 409 and all_of(engine, Household)[0].note == "Có điện"
    assert decide(chi, row, do="fields", seen=2, **sides).status_code == 302
    kept = all_of(engine, Household)[0]
    assert (kept.people, kept.note) == (6, "Chưa có sóng")
    assert next(one for one in inbox_rows(engine) if one.n == row.n).decision == "mixed"


def test_keeping_what_stands_changes_nothing_and_tells_the_member(
    phone: Phone, cast: Cast, engine: Engine
) -> None:
    clash(phone, cast, {"people": (5, 6, 7)})
    chi = phone.client.sign_in(cast.chi)
    row = next(one for one in inbox_rows(engine) if one.state == "conflict")
    decide(chi, row, do="fields", seen=2, **{"side-people": "stored"})
    assert all_of(engine, Household)[0].version == 2
    row = next(one for one in inbox_rows(engine) if one.n == row.n)
    assert (row.state, row.decision, row.flaws[0]["code"]) == ("refused", "kept", "kept_by_commune")


def test_a_sent_value_that_makes_no_sense_is_not_taken(phone: Phone, cast: Cast, engine: Engine) -> None:
    clash(phone, cast, {"people": (5, 6, 2)})
    chi = phone.client.sign_in(cast.chi)
    row = next(one for one in inbox_rows(engine) if one.state == "conflict")
    assert decide(chi, row, do="fields", seen=2, **{"side-people": "sent"}).status_code == 422
    assert all_of(engine, Household)[0].people == 6
    assert next(one for one in inbox_rows(engine) if one.n == row.n).decided_at is None


def test_one_id_with_other_content_becomes_a_new_version(phone: Phone, cast: Cast, engine: Engine) -> None:
    record = phone.record("visit", visit_body(cast.village, minutes=10))
    body = {**record["body"], "minutes": 40}
    other = {**record, "body": body, "sha256": sha256_of(body)}
    assert phone.states(record) + phone.states(other) == ["accepted", "conflict"]
    chi = phone.client.sign_in(cast.chi)
    row = next(one for one in inbox_rows(engine) if one.state == "conflict")
    page = text(chi.get(f"/inbox/{row.n}"))
    assert "Bản đang có" in page and "Bản gửi lên" in page
    assert decide(chi, row, do="sent", seen=9).status_code == 409
    assert decide(chi, row, do="sent", seen=1).status_code == 302
    assert sorted((v.version, v.state, v.minutes) for v in all_of(engine, Visit)) == [
        (1, "superseded", 10),
        (2, "current", 40),
    ]


def test_a_stale_correction_is_kept_out_or_becomes_a_record_of_its_own_after_a_voiding(
    phone: Phone, cast: Cast, engine: Engine
) -> None:
    first = phone.record("visit", visit_body(cast.village))
    phone.send(first)
    void = phone.record("visit", {"voids": first["id"], "village_id": cast.village.id, "why": "Ghi nhầm"})
    late = phone.record("visit", visit_body(cast.village, minutes=25, corrects=first["id"]), base_version=1)
    assert phone.states(void, late) == ["accepted", "conflict"]
    chi = phone.client.sign_in(cast.chi)
    row = next(one for one in inbox_rows(engine) if one.state == "conflict")
    assert "thành bản ghi riêng" in text(chi.get(f"/inbox/{row.n}"))
    assert decide(chi, row, do="sent", seen=0).status_code == 302
    assert sorted((v.state, v.minutes or 0) for v in all_of(engine, Visit)) == [("current", 25), ("void", 0)]


def doubtful(phone: Phone, cast: Cast) -> dict[str, Any]:
    ahead = (today() + timedelta(days=3)).isoformat()
    record = phone.record("visit", visit_body(cast.village, visited_on=ahead))
    assert phone.send(record)[0]["doubt"] == "future"
    return record


def test_a_doubtful_day_is_right_or_is_corrected(phone: Phone, cast: Cast, engine: Engine) -> None:
    doubtful(phone, cast)
    chi = phone.client.sign_in(cast.chi)
    assert "1 bản ghi cần xem lại ngày" in text(chi.get("/"))
    row = inbox_rows(engine)[0]
    assert decide(chi, row, do="right").status_code == 302
    assert [v.version for v in all_of(engine, Visit)] == [1]
    doubtful(phone, cast)
    chi.sign_in(cast.chi)
    row = inbox_rows(engine)[1]
    assert "Ngày đúng" in text(chi.get(f"/inbox/{row.n}"))
    assert decide(chi, row, do="move", day="").status_code == 422
    assert decide(chi, row, do="move", day="31/12/2099").status_code == 422
    yesterday = today() - timedelta(days=1)
    assert decide(chi, row, do="move", day=yesterday.strftime("%d/%m/%Y")).status_code == 302
    current = [v for v in all_of(engine, Visit) if v.version == 2]
    assert [(v.visited_on, v.recorded_by) for v in current] == [(yesterday, cast.chi.id)]
    row = inbox_rows(engine)[1]
    assert (row.state, row.version, row.decision) == ("accepted", 2, "day_changed")


def test_filters_narrow_the_queue(phone: Phone, cast: Cast) -> None:
    doubtful(phone, cast)
    chi = phone.client.sign_in(cast.chi)
    for query, found in (
        ("why=doubt", True),
        ("why=held", False),
        ("kind=visit", True),
        ("kind=filing", False),
        (f"village_id={cast.village.id}", True),
        (f"village_id={cast.sibling.id}", False),
        ("why=x&kind=%25&village_id=x", False),
    ):
        assert ("Bàn Thị An" in text(chi.get(f"/inbox/?{query}"))) == found, query


def test_the_next_commune_sees_and_decides_nothing(phone: Phone, cast: Cast, engine: Engine) -> None:
    hold(phone, cast)
    dung = phone.client.sign_in(cast.dung)
    row = inbox_rows(engine)[0]
    assert "Bàn Thị An" not in text(dung.get("/inbox/"))
    assert dung.get(f"/inbox/{row.n}").status_code == 404
    assert decide(dung, row, do="take").status_code == 404
    for account in (cast.an, cast.binh, cast.em, cast.giang):
        phone.client.sign_in(account)
        assert phone.client.get("/inbox/").status_code == 403
        assert decide(phone.client, row, do="take").status_code == 403
    assert inbox_rows(engine)[0].decided_at is None


def test_what_does_not_wait_for_that_cannot_be_decided_so(phone: Phone, cast: Cast, engine: Engine) -> None:
    phone.send(phone.record("visit", visit_body(cast.village)))
    chi = phone.client.sign_in(cast.chi)
    row = inbox_rows(engine)[0]
    for said in ({"do": "take"}, {"do": "right"}, {"do": "keep"}, {"do": "sent"}, {"do": "fields"}):
        assert decide(chi, row, **said).status_code == 409, said
    assert decide(chi, row, do="dance").status_code == 422
    assert chi.get(f"/inbox/{row.n}").status_code == 200


def test_masked_values_are_what_the_queue_keeps(phone: Phone, cast: Cast, engine: Engine) -> None:
    clash(phone, cast, {"note": ("", "Có điện", "CCCD 001203004567")})
    row = next(one for one in inbox_rows(engine) if one.state == "conflict")
    assert "001203004567" not in json.dumps([row.body, row.clash])
