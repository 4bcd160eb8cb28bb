"""Denominators that somebody declared: only where no registry tells them, marked with their day, in every row they go into."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from tdteam.domain.coverage_denominators import ADULTS_DECLARED, HOUSEHOLDS_DECLARED
from tdteam.store import declared as stored
from tdteam.store.tables import Declared, Place, Sealing
from tests.cast import Cast
from tests.client import CheckingClient
from tests.web.board import NOVEMBER, rows, text, worked
from tests.world import Hamlet, World

__all__ = ["worked"]  # a fixture


def declare(world: World, place: Any, code: str, count: int, as_of: date) -> None:
    row = Declared(
        place_id=place.id, indicator=code, as_of=as_of, part=count, source="commune", declared_at=datetime.now(UTC),
        span_key=as_of.isoformat(),
    )  # fmt: skip
    world.add(row)
    world.session.commit()


@pytest.fixture
def unlisted(worked: Cast, world: World) -> Hamlet:
    """A village of the area that has no list of households."""
    village = world.village("Khe Chom", worked.commune)
    world.under(village.place, worked.area)
    world.session.commit()
    return village


def seal_period(world: World, commune: Any, moment: datetime) -> Sealing:
    """A seal of the commune's figures of the period, as reports leave it."""
    row = Sealing(
        commune_id=commune.id, period=NOVEMBER, version=1, code=f"{commune.id:016d}", snapshot="{}", sha256="0" * 64,
        audit_head="", counted=b"", sealed_at=moment,
    )  # fmt: skip
    world.add(row)
    world.session.commit()
    return row


def board(client: CheckingClient, worked: Cast) -> dict[str, str]:
    """Each row's lead cell by the name it begins with."""
    found = rows(client.get(f"/coverage?period={NOVEMBER}&open={worked.commune.id}"))
    return {row[0].split(" 3 ")[0]: row[1] for row in found}


def test_a_village_without_a_list_counts_with_the_number_it_declared(
    client: CheckingClient, worked: Cast, unlisted: Hamlet, world: World
) -> None:
    client.sign_in(worked.giang)
    assert board(client, worked)["Toàn khu vực"] == "40,0% 2/5 —"
    declare(world, unlisted.place, HOUSEHOLDS_DECLARED, 30, date(2026, 9, 1))
    declare(world, unlisted.place, HOUSEHOLDS_DECLARED, 35, date(2026, 11, 1))
    found = board(client, worked)
    assert found["Khe Chom"] == "— chưa có số liệu —/35 kê khai 01/11/2026"
    assert found["Toàn khu vực"] == "5,0% 2/40 — kê khai 01/11/2026"
    assert found["Xã Xuân Quang"] == found["Toàn khu vực"] and "kê khai" not in found["Hốc Đá"]


def test_a_list_stands_before_what_is_declared_and_later_days_are_not_known_yet(
    client: CheckingClient, worked: Cast, unlisted: Hamlet, world: World
) -> None:
    declare(world, worked.village.place, HOUSEHOLDS_DECLARED, 400, date(2026, 11, 1))
    declare(world, unlisted.place, HOUSEHOLDS_DECLARED, 30, date(2026, 11, 20))
    client.sign_in(worked.giang)
    assert board(client, worked)["Toàn khu vực"] == "40,0% 2/5 —"


def test_what_a_commune_declares_as_a_whole_stands_in_only_where_nothing_else_does(
    client: CheckingClient, worked: Cast, world: World
) -> None:
    bare = world.commune("Xã Cốc San", "02650")
    world.village("Làng Bông", bare)
    declare(world, bare, HOUSEHOLDS_DECLARED, 500, date(2026, 11, 1))
    declare(world, world.session.get(Place, worked.commune.id), HOUSEHOLDS_DECLARED, 900, date(2026, 11, 1))
    client.sign_in(worked.khoa)
    found = {
        row[0].split(" 1 ")[0].split(" 2 ")[0]: row[1]
        for row in rows(client.get(f"/coverage?period={NOVEMBER}"))
    }
    assert found["Xã Cốc San"].startswith("— chưa có số liệu —/500")
    assert "kê khai" not in found["Xã Xuân Quang"]


def test_adults_are_declared_for_level_two(
    client: CheckingClient, worked: Cast, unlisted: Hamlet, world: World
) -> None:
    declare(world, unlisted.place, ADULTS_DECLARED, 80, date(2026, 11, 1))
    client.sign_in(worked.giang)
    page = client.get(f"/coverage?period={NOVEMBER}&open={worked.commune.id}")
    village = next(row for row in rows(page) if row[0].startswith("Khe Chom"))
    assert "—/80" in village[2] and "kê khai 01/11/2026" in village[2]
    assert "lấy số thôn, xã kê khai" in text(page)


def test_what_is_declared_after_the_seal_moves_nothing_beside_the_sealed_paper(
    client: CheckingClient, worked: Cast, unlisted: Hamlet, world: World
) -> None:
    day = date(2026, 11, 1)
    declare(world, unlisted.place, HOUSEHOLDS_DECLARED, 30, day)
    first = world.session.exec(select(Declared)).one()
    sealed = seal_period(world, worked.commune, datetime.now(UTC) + timedelta(seconds=1))
    stored.supersede(world.session, [first])
    first.superseded_at = sealed.sealed_at + timedelta(days=1)
    world.add(first)
    world.session.commit()
    declare(world, unlisted.place, HOUSEHOLDS_DECLARED, 70, day)
    second = world.session.exec(select(Declared).where(Declared.part == 70)).one()
    second.declared_at = first.superseded_at
    world.add(second)
    world.session.commit()
    client.sign_in(worked.giang)
    assert board(client, worked)["Toàn khu vực"] == "5,7% 2/35 — kê khai 01/11/2026"
    seal_period(world, worked.area, second.declared_at + timedelta(days=1))  # the area's sum decides nothing
    assert board(client, worked)["Toàn khu vực"] == "5,7% 2/35 — kê khai 01/11/2026"
    sealed.ended, sealed.ended_at = "unsealed", datetime.now(UTC)  # opened again: the newest word counts
    world.add(sealed)
    world.session.commit()
    assert board(client, worked)["Toàn khu vực"] == "2,7% 2/75 — kê khai 01/11/2026"
