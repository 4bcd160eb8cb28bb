"""What was refused, put right on the phone, and sent under the same id with other content: taken once, whatever its kind."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, text

from tdteam.domain.ids import new_id
from tdteam.domain.periods import today
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.phone import Phone, everywhere, inbox_rows, sha256_of, visit_body


def bodies(cast: Cast) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Kind -> a body that makes sense, and what spoils it."""
    here = {"village_id": cast.village.id}
    ours = {**here, "team_id": cast.village.team.id}
    home = cast.village.household().id
    cast.village.world.session.commit()
    crowd = {"held_on": today().isoformat(), "place": "culture_house", "topic": "Thanh toán", "attended": 30}
    help_ = {"id": new_id(), "kind": "SAFETY", "outcome": "done", "cause": None, "people": 30}
    filing = {"household_id": home, "code": None, "procedure": None, "submitted_on": today().isoformat()}
    return {
        "visit": (visit_body(cast.village), {"minutes": -3}),
        "gathering": (
            {**ours, **crowd, "household_ids": [], "note": "", "photos": [], "assists": [help_]},
            {"women": 31},
        ),
        "household": ({**here, "head": "Giàng A Páo", "kind": "household", "note": ""}, {"people": 0}),
        "resident": (
            {**here, "household_id": home, "name": "Giàng Thị Mỷ", "attained": []},
            {"birth_year": 1500},
        ),
        "filing": ({**ours, **filing, "state": "submitted", "note": ""}, {"state": "returned"}),
        "proposal": ({**ours, "text": "Sóng yếu ở xóm trên"}, {"text": ""}),
    }


KINDS = ("visit", "gathering", "household", "resident", "filing", "proposal")


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_id_with_what_was_put_right_is_taken_once(
    client: CheckingClient, cast: Cast, engine: Engine, kind: str
) -> None:
    phone = Phone(client, cast.an)
    good, spoilt = bodies(cast)[kind]
    wrong = phone.record(kind, {**good, **spoilt})
    first = phone.send(wrong)[0]
    assert first["state"] == "refused" and first["flaws"][0]["message"]
    right = {**wrong, "body": good, "sha256": sha256_of(good)}
    answer = phone.post([right]).json
    assert [one["state"] for one in answer["results"]] == ["accepted"] and answer["missing_seq"] == []
    assert phone.states(right) == ["duplicate"]  # the answer was lost
    with everywhere(engine) as session:
        found = session.execute(text(f"SELECT count(*) FROM {kind} WHERE id = :id"), {"id": wrong["id"]})  # noqa: S608
        assert found.scalar_one() == 1
    assert [(row.record_id, row.state) for row in inbox_rows(engine)] == [
        (wrong["id"], "refused"),
        (wrong["id"], "accepted"),
    ]


def test_an_edit_put_right_merges_as_if_it_had_been_so_from_the_start(
    client: CheckingClient, cast: Cast, engine: Engine
) -> None:
    phone = Phone(client, cast.an)
    home = cast.village.household()
    cast.village.world.session.commit()
    where = {"household_id": home.id, "village_id": cast.village.id, "base": {"people": home.people}}
    wrong = phone.record("household", {**where, "set": {"people": 0}}, base_version=1)
    assert phone.states(wrong) == ["refused"]
    body = {**where, "set": {"people": 7}}
    assert phone.states({**wrong, "body": body, "sha256": sha256_of(body)}) == ["accepted"]
    with everywhere(engine) as session:
        people = session.execute(text("SELECT people FROM household WHERE id = :id"), {"id": home.id})
        assert people.scalar_one() == 7
