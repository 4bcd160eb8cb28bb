"""The roster a phone keeps: everything at first, then what changed, and never what is not its own."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from tdteam.domain.periods import today
from tdteam.store import phone_roster
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.phone import Phone, visit_body


def pull(client: CheckingClient, cursor: str = "") -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """All pages from a cursor on, laid over each other, and the pages."""
    whole: dict[str, Any] = {"households": {}, "residents": {}, "visits": {}, "removed": []}
    pages = []
    for _ in range(50):
        answer = client.get("/sync/roster", query_string={"cursor": cursor})
        assert answer.status_code == 200
        page: dict[str, Any] = answer.json
        pages.append(page)
        for name in ("households", "residents", "visits"):
            whole[name] |= {one["id"]: one for one in page.get(name, [])}
        whole["removed"] += page.get("removed", [])
        whole |= {name: value for name, value in page.items() if name not in whole or name == "cursor"}
        cursor = page["cursor"]
        if not page["more"]:
            return whole, pages
    raise AssertionError("no end of pages")


@pytest.fixture
def filled(cast: Cast) -> Cast:
    home = cast.village.household("Lý Láo Sì", phone="0912345678")
    cast.village.resident(home, "Lý Thị Mẩy", birth_year=1990)
    cast.sibling.household("Vàng Seo Lử")
    cast.next_village.household("Lù Thị Xa")
    cast.village.world.session.commit()
    return cast


def test_a_member_gets_the_own_village_and_no_other(client: CheckingClient, filled: Cast) -> None:
    whole, _ = pull(client.sign_in(filled.an))
    assert [one["name"] for one in whole["villages"]] == ["Hốc Đá"]
    assert [one["head"] for one in whole["households"].values()] == ["Lý Láo Sì"]
    assert [one["name"] for one in whole["residents"].values()] == ["Lý Thị Mẩy"]
    assert {one["name"] for one in whole["members"]} == {"Bàn Thị An", "Chảo Văn Bình"}
    assert whole["teams"][0]["village_ids"] == [filled.village.id]
    kinds = {one["code"] for one in whole["catalogue"]["kinds"]}
    assert {"EID2_REFER", "EID2_ACTIVATE", "PAY_QR"} <= kinds
    assert whole["start_day"] == 15 and whole["reset"] is True


def test_nothing_changed_is_nearly_nothing_sent(client: CheckingClient, filled: Cast) -> None:
    client.sign_in(filled.an)
    _, pages = pull(client)
    cursor = pages[-1]["cursor"]
    again = client.get("/sync/roster", query_string={"cursor": cursor}).json
    assert again["households"] == again["residents"] == again["visits"] == again["removed"] == []
    assert not {"villages", "teams", "members", "catalogue", "targets", "month"} & set(again)
    assert again["reset"] is False and again["more"] is False


def test_a_visit_and_an_edit_come_with_the_next_pull(
    client: CheckingClient, filled: Cast, engine: Engine
) -> None:
    an, binh = Phone(client, filled.an, "a"), Phone(client, filled.binh, "b")
    client.sign_in(filled.an)
    whole, _ = pull(client)
    home = next(iter(whole["households"]))
    assert whole["households"][home]["reached_year"] is False
    when = (today() + timedelta(days=3)).isoformat()
    visit = binh.record("visit", visit_body(filled.village, home, return_on=when))
    named = {"household_id": home, "village_id": filled.village.id}
    edit = binh.record("household", {**named, "base": {"people": 4}, "set": {"people": 6}}, base_version=1)
    assert binh.states(visit, edit) == ["accepted", "accepted"]
    client.sign_in(filled.an)
    news, _ = pull(client, whole["cursor"])
    told = news["households"][home]
    assert (told["reached_year"], told["last_visit"], told["people"]) == (True, today().isoformat(), 6)
    assert told["done"] == ["EID2_ACTIVATE"]
    assert news["visits"][visit["id"]]["return_on"] == when
    assert [(one["household_id"], one["return_on"]) for one in news["follow_ups"]] == [(home, when)]
    assert next(one for one in news["month"] if one["period"] == news["period"])["figures"]["visits"] == 1
    void = an.record("visit", {"voids": visit["id"], "village_id": filled.village.id, "why": "Nhầm hộ"})
    assert an.states(void) == ["accepted"]
    after, _ = pull(client, news["cursor"])
    assert visit["id"] in after["removed"] and after["follow_ups"] == []
    assert after["households"][home]["reached_year"] is False


def test_an_ended_household_is_removed_from_the_phone(client: CheckingClient, filled: Cast) -> None:
    binh = Phone(client, filled.binh)
    client.sign_in(filled.binh)
    whole, _ = pull(client)
    home = next(iter(whole["households"]))
    ending = {"ended": {"why": "moved", "on": today().isoformat()}}
    named = {"household_id": home, "village_id": filled.village.id}
    binh.send(binh.record("household", {**named, "base": {"ended": None}, "set": ending}, base_version=1))
    news, _ = pull(client, whole["cursor"])
    assert home in news["removed"] and home not in news["households"]


def test_a_large_commune_comes_in_pages_each_household_once(
    client: CheckingClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phone_roster, "PAGE", 7)
    made = {cast.village.household(f"Lý {n}").id for n in range(30)}
    cast.village.world.session.commit()
    client.sign_in(cast.chi)
    whole, pages = pull(client)
    assert set(whole["households"]) == made and len(pages) == 5
    assert sum(len(page["households"]) for page in pages) == 30
    assert whole["follow_ups"] == [] and "catalogue" in pages[0] and "month" in pages[-1]


def test_another_scope_starts_anew(client: CheckingClient, filled: Cast) -> None:
    client.sign_in(filled.an)
    whole, _ = pull(client)
    client.sign_in(filled.dung)
    other, pages = pull(client, whole["cursor"])
    assert pages[0]["reset"] is True
    assert [one["head"] for one in other["households"].values()] == ["Lù Thị Xa"]


@pytest.mark.parametrize("cursor", ["nonsense", "e30", "bnVsbA", "%00", "W10", "x" * 500])
def test_a_cursor_of_nobody_starts_anew(client: CheckingClient, filled: Cast, cursor: str) -> None:
    client.sign_in(filled.an)
    whole, pages = pull(client, cursor)
    assert pages[0]["reset"] is True and len(whole["households"]) == 1


def test_an_old_cursor_starts_anew() -> None:
    now = datetime.now(UTC)
    old = phone_roster.Cursor(since=(now - timedelta(days=8)).isoformat(), villages="x")
    fresh = phone_roster.Cursor(since=(now - timedelta(days=1)).isoformat(), villages="x")
    assert phone_roster.read_cursor(old.text(), now) == phone_roster.Cursor()
    assert phone_roster.read_cursor(fresh.text(), now) == fresh


def test_who_may_not_see_names_or_record_gets_no_roster(client: CheckingClient, filled: Cast) -> None:
    assert client.get("/sync/roster").status_code == 401
    for account in (filled.giang, filled.hai, filled.khoa, filled.em):
        assert client.sign_in(account).get("/sync/roster").status_code == 403


def test_the_first_pull_is_noted_and_holds_no_more_than_it_needs(
    client: CheckingClient, filled: Cast, engine: Engine
) -> None:
    client.sign_in(filled.an)
    whole, _ = pull(client)
    with engine.connect() as connection:
        seen = connection.execute(text("SELECT noun FROM audit WHERE action = 'view'")).scalars().all()
    assert seen == ["phone_roster"]
    assert "created_at" not in json.dumps(whole) and "recorded_by" not in json.dumps(whole)


def test_a_village_of_150_households_fits_in_60_kb(client: CheckingClient, cast: Cast) -> None:
    heads = [f"Giàng A {chr(65 + n % 26)}{n}" for n in range(150)]
    for n, head in enumerate(heads):
        home = cast.village.household(head, phone=f"09{n:08d}", birth_year=1950 + n % 50)
        for k in range(4):
            cast.village.resident(home, f"Giàng Thị {n} {k}", birth_year=1970 + k * 9)
    cast.village.world.session.commit()
    client.sign_in(cast.an)
    _, pages = pull(client)
    size = sum(len(gzip.compress(json.dumps(page, ensure_ascii=False).encode(), 6)) for page in pages)
    assert size < 60_000, size
