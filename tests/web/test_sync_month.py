"""The month on a phone: the desk's own figures, attained against the year's targets, satisfaction where enough answered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Engine

from tdteam.domain.ids import new_id
from tdteam.domain.periods import today
from tdteam.domain.roles import Role
from tdteam.domain.shares import Share
from tdteam.store import settings
from tdteam.store.indicators import list_indicators, read_figures
from tdteam.store.phone_month import LEAST_SCORES
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.phone import Phone, everywhere, visit_body
from tests.web.test_sync_roster import pull

LAST_PERIOD = today() - timedelta(days=30)


def month(client: CheckingClient, cast: Cast) -> list[dict[str, Any]]:
    """An's team, oldest period first."""
    whole, _ = pull(client.sign_in(cast.an))
    lines: list[dict[str, Any]] = whole["month"]
    assert [one["team_id"] for one in lines] == [cast.village.team.id] * 4
    return lines


def assist(kind: str, outcome: str, people: int) -> dict[str, Any]:
    told = {"id": new_id(), "resident_id": None, "filing": None, "cause": None}
    return {**told, "kind": kind, "outcome": outcome, "people": people}


def households(phone: Phone, cast: Cast, *heads: str) -> list[str]:
    """Households added from the phone; their ids."""
    records = [phone.record("household", {"village_id": cast.village.id, "head": head}) for head in heads]
    assert phone.states(*records) == ["accepted"] * len(heads)
    return [one["id"] for one in records]


def test_the_phone_tells_what_the_desk_tells(client: CheckingClient, cast: Cast, engine: Engine) -> None:
    phone = Phone(client, cast.an)
    homes = households(phone, cast, "Lý Láo Sì", "Lý Láo Tả", "Vàng Seo Lử")
    bodies = [
        visit_body(cast.village, homes[0], visited_on=LAST_PERIOD.isoformat()),
        visit_body(cast.village, homes[0], assists=[assist("PAY_QR", "done", 3)]),
        visit_body(cast.village, homes[0], assists=[assist("HEALTH_BOOK", "done", 2)]),
        visit_body(cast.village, homes[1], assists=[assist("SAFETY", "done", 4)]),
    ]
    assert phone.states(*(phone.record("visit", body) for body in bodies)) == ["accepted"] * 4
    lines = month(client, cast)
    with everywhere(engine) as session:
        known = list_indicators(session)
        period = settings.period_on(session, today())
        for line, of in ((lines[-1], period), (lines[-2], period.plus(-1))):
            assert line["period"] == of.code
            desk = read_figures(session, cast.village.id, of, today(), known)
            for code, figure in desk.items():
                if isinstance(figure.now, int) and code in line["figures"]:
                    assert line["figures"][code] == figure.now, code
                if (
                    isinstance(figure.now, Share)
                    and figure.now.part is not None
                    and figure.now.whole is not None
                ):
                    assert line["shares"][code] == {"part": figure.now.part, "whole": figure.now.whole}, code
                if (
                    isinstance(figure.cumulative, Share)
                    and figure.cumulative.whole is not None
                    and of is period
                ):
                    so_far = {"part": figure.cumulative.part, "whole": figure.cumulative.whole}
                    assert line["year"][code] == so_far, code
    now = lines[-1]
    told = {
        code: now["figures"][code] for code in ("HELP_PAYMENT", "HELP_HEALTH", "HELP_SAFETY", "HELP_DONE")
    }
    assert told == {"HELP_PAYMENT": 3, "HELP_HEALTH": 2, "HELP_SAFETY": 4, "HELP_DONE": 9}
    assert now["figures"]["visits"] == now["figures"]["VISITS"] == 3
    assert now["shares"]["HOUSEHOLDS_REACHED"] == {"part": 2, "whole": 3}


def test_a_household_met_in_two_months_is_one_of_the_year(client: CheckingClient, cast: Cast) -> None:
    phone = Phone(client, cast.an)
    homes = households(phone, cast, "Lý Láo Sì", "Lý Láo Tả")
    for day in (LAST_PERIOD, today()):
        phone.send(phone.record("visit", visit_body(cast.village, homes[0], visited_on=day.isoformat())))
    lines = month(client, cast)
    assert [one["shares"].get("HOUSEHOLDS_REACHED", {}).get("part") for one in lines][-2:] == [1, 1]
    assert lines[-1]["year"]["HOUSEHOLDS_REACHED"] == {"part": 1, "whole": 2}
    assert all("year" not in one for one in lines[:-1])


def test_what_nobody_told_is_missing_and_not_nought(client: CheckingClient, cast: Cast) -> None:
    lines = month(client, cast)
    assert [(one["figures"], one["satisfaction"]) for one in lines] == [({}, None)] * 4


def test_figures_of_the_next_village_stay_there(client: CheckingClient, cast: Cast) -> None:
    world = cast.village.world
    neighbour = world.account("phong", Role.MEMBER, cast.sibling.place, name="Vàng Phong")
    world.session.commit()
    phone = Phone(client, neighbour, "phone-phong")
    assert phone.states(phone.record("visit", visit_body(cast.sibling))) == ["accepted"]
    assert month(client, cast)[-1]["figures"] == {}


def test_satisfaction_is_told_once_enough_answered_to_hide_who(client: CheckingClient, cast: Cast) -> None:
    phone = Phone(client, cast.an)
    scores = [3, 3, 2, 3, 1]
    assert len(scores) == LEAST_SCORES
    records = [phone.record("visit", visit_body(cast.village, satisfaction=score)) for score in scores]
    phone.send(*records[:-1])
    assert month(client, cast)[-1]["satisfaction"] is None
    phone.send(records[-1])
    assert month(client, cast)[-1]["satisfaction"] == {"1": 1, "2": 1, "3": 3}
