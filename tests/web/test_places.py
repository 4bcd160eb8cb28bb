"""Places at the desk: the tree of a day, a unit's page, other spellings."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tdteam.domain.places import REFORM, Level
from tdteam.store.gate import EVERYWHERE, open_session
from tdteam.store.tables import PlaceAlias
from tests.cast import Cast
from tests.client import CheckingClient
from tests.world import World


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def spellings(engine: Engine) -> list[str]:
    with open_session(engine, EVERYWHERE) as looking:
        return list(looking.exec(select(PlaceAlias.name).order_by(PlaceAlias.name)))


def test_the_tree_of_today_and_of_before_the_reform(client: CheckingClient, world: World, cast: Cast) -> None:
    old = world._place(
        Level.COMMUNE, "Xã Trì Quang", "commune", code="02935", until=REFORM, successor_id=cast.commune.id
    )
    cast.commune.since = REFORM
    world.session.commit()
    client.sign_in(cast.chi)
    now, before = text(client.get("/places/")), text(client.get("/places/?on=30/06/2025"))
    assert "Xã Xuân Quang" in now and f'"/places/{old.id}"' not in now
    assert "Xã Trì Quang" in before and f'"/places/{cast.commune.id}"' not in before
    page = text(client.get(f"/places/{old.id}"))
    assert "01/07/2025" in page and f'"/places/{cast.commune.id}"' in page


@pytest.mark.parametrize("on", ["", "31/02/2025", "hôm qua", "30/06/0001", "01/01/9999"])
def test_an_odd_day_is_no_fault_of_the_server(client: CheckingClient, cast: Cast, on: str) -> None:
    assert client.sign_in(cast.chi).get("/places/", query_string={"on": on}).status_code == 200


def test_a_commune_lists_its_villages_with_their_teams(client: CheckingClient, cast: Cast) -> None:
    page = text(client.sign_in(cast.chi).get(f"/places/{cast.commune.id}"))
    assert "Hốc Đá" in page and f'"/teams/{cast.village.team.id}"' in page
    village = text(client.get(f"/places/{cast.village.id}"))
    assert "Tổ Hốc Đá" in village and "Xã Xuân Quang" in village
    assert f"/households/?village_id={cast.village.id}" in village


def test_a_place_outside_the_scope_is_not_found(client: CheckingClient, cast: Cast) -> None:
    client.sign_in(cast.chi)
    assert client.get(f"/places/{cast.next_commune.id}").status_code == 404
    assert client.get(f"/places/{cast.next_village.id}").status_code == 404
    assert client.get("/places/999999").status_code == 404


def test_the_auditor_sees_the_tree_without_links_he_may_not_follow(
    client: CheckingClient, cast: Cast
) -> None:
    page = text(client.sign_in(cast.khoa).get(f"/places/{cast.village.id}"))
    assert "Tổ Hốc Đá" in page and "/teams/" not in page and "/households/" not in page


def test_an_administrator_adds_a_spelling_and_takes_it_off(
    client: CheckingClient, engine: Engine, cast: Cast
) -> None:
    path = f"/places/{cast.village.id}"
    client.sign_in(cast.hai)
    assert client.post(f"{path}/aliases", data={"name": " Hốc  Đá Trên "}).status_code == 302
    assert spellings(engine) == ["Hốc Đá Trên"]
    page = text(client.get(path))
    assert "Hốc Đá Trên" in page
    for known in ("HOC DA TREN", "Thôn Hốc Đá", "hốc đá"):
        answer = client.post(f"{path}/aliases", data={"name": known})
        assert answer.status_code == 422 and 'id="name-error"' in text(answer), known
    drop = page.split("/aliases/")[1].split('"')[0]
    assert client.post(f"{path}/aliases/{drop}").status_code == 302
    assert spellings(engine) == []
    assert client.post(f"{path}/aliases/{drop}").status_code == 404


def test_only_an_administrator_adds_spellings(client: CheckingClient, engine: Engine, cast: Cast) -> None:
    path = f"/places/{cast.village.id}"
    page = text(client.sign_in(cast.chi).get(path))
    assert "aliases" not in page
    assert client.post(f"{path}/aliases", data={"name": "Hốc"}).status_code == 403
    assert spellings(engine) == []
