"""An evening at the culture house is one form: recorded, corrected, voided."""

from __future__ import annotations

from typing import Any

import pytest

from tdteam.domain.ids import new_id
from tdteam.domain.periods import today
from tests.cast import Cast
from tests.client import CheckingClient


def form_of(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "id": new_id(),
        "village_id": cast.village.id,
        "team_id": cast.village.team.id,
        "held_on": today().strftime("%d/%m/%Y"),
        "place": "culture_house",
        "topic": "Hướng dẫn VNeID",
        "attended": "30",
        "women": "12",
        "assists-0-kind": "EID2_ACTIVATE",
        "assists-0-outcome": "done",
        "assists-0-people": "9",
        **more,
    }


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def test_thirty_people_are_one_form(client: CheckingClient, cast: Cast) -> None:
    made = client.sign_in(cast.an).post("/gatherings/new", data=form_of(cast))
    assert made.status_code == 302
    page = text(client.get(made.location))
    assert "Hướng dẫn VNeID" in page and ">30<" in page and ">9<" in page
    client.sign_in(cast.chi)
    assert made.location in text(client.get("/gatherings/?q=vneid"))
    assert made.location not in text(client.get("/gatherings/?q=OCOP"))


@pytest.mark.parametrize(
    ("wrong", "beside"),
    [
        ({"women": "31"}, "women-error"),
        ({"attended": "0"}, "attended-error"),
        ({"attended": ""}, "attended-error"),
        ({"topic": ""}, "topic-error"),
        ({"assists-0-people": "40"}, "assists-0-people-error"),
        ({"assists-0-outcome": ""}, "assists-0-outcome-error"),
        ({"held_on": "1/1/2090"}, "held_on-error"),
        ({"note": "thẻ 4111 1111 1111 1111"}, "note-error"),
    ],
)
def test_bad_input_is_told_beside_its_field(
    client: CheckingClient, cast: Cast, wrong: dict[str, str], beside: str
) -> None:
    answer = client.sign_in(cast.an).post("/gatherings/new", data=form_of(cast, **wrong))
    assert answer.status_code == 422
    assert f'id="{beside}"' in text(answer)


def test_a_correction_is_a_new_version_and_a_void_counts_no_more(client: CheckingClient, cast: Cast) -> None:
    client.sign_in(cast.chi)
    old = client.post("/gatherings/new", data=form_of(cast)).location
    new = client.post(f"{old}/correct", data=form_of(cast, base_version="1", attended="41")).location
    assert new != old and ">41<" in text(client.get(new))
    assert client.post(f"{old}/void", data={"why": "Nhầm"}).status_code == 404
    assert client.post(f"{new}/void", data={"why": "Nhầm"}).status_code == 302
    assert new not in text(client.get("/gatherings/"))


def test_the_next_commune_finds_nothing(client: CheckingClient, cast: Cast) -> None:
    made = client.sign_in(cast.an).post("/gatherings/new", data=form_of(cast)).location
    client.sign_in(cast.dung)
    assert client.get(made).status_code == 404
    assert made not in text(client.get("/gatherings/"))
