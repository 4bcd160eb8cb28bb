"""The gate, asked in every way there is: nothing outside the scope comes back.

Chi sees her commune (two villages, three households), never the next one (one household).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import bindparam, exists, func, literal, text, union_all
from sqlalchemy import select as core_select
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from tdteam.store.gate import BY_KEY, GatedSession, Ungated, kept
from tdteam.store.tables import (
    Household,
    Place,
    Resident,
)
from tests.store.stage import SEEN, Stage, chi, stage

__all__ = ["chi", "stage"]


def _by_union() -> Any:
    one = select(Household.head).where(Household.kind == "household")
    return union_all(one, select(Household.head).where(Household.kind != "household"))


def _by_cte() -> Any:
    inner = select(Household.head, Household.id).cte("inner_heads")
    return select(inner.c.head)


def _by_recursive_cte() -> Any:
    base = select(Household.head.label("head"), literal(0).label("n")).cte("walk", recursive=True)  # type: ignore[attr-defined]
    again = base.union_all(
        select(Household.head, base.c.n + 1).join(base, Household.head == base.c.head).where(base.c.n < 1)
    )
    return select(again.c.head)


def _by_subquery() -> Any:
    inner = select(Household).subquery()
    return select(inner.c.head)


def _by_aliased_subquery() -> Any:
    return select(aliased(Household, select(Household).subquery()).head)


def _by_lateral_scalar() -> Any:
    other = aliased(Household)
    inner = (
        select(func.min(other.head)).where(other.id == Household.id).correlate(Household).scalar_subquery()
    )
    return select(inner).select_from(Household)


WAYS: dict[str, Callable[[], Any]] = {
    "column": lambda: select(Household.head),
    "aliased": lambda: select(aliased(Household).head),
    "subquery": _by_subquery,
    "aliased subquery": _by_aliased_subquery,
    "cte": _by_cte,
    "recursive cte": _by_recursive_cte,
    "union": _by_union,
    "scalar subquery": _by_lateral_scalar,
    "distinct": lambda: select(Household.head).distinct(),
    "group": lambda: select(Household.head).group_by(Household.head),
    "window": lambda: select(Household.head, func.row_number().over(order_by=Household.head)),
    "with options": lambda: select(Household.head).execution_options(yield_per=1),
    "by key": lambda: select(Household.head).execution_options(**BY_KEY),
    "by key, joined": lambda: (
        select(Household.head).join(Place, Place.id == Household.village_id).execution_options(**BY_KEY)
    ),
    "kept": lambda: kept(select(Household.head)),
    "join away": lambda: select(Household.head).join(Place, Place.id == Household.village_id),
    "join in": lambda: (
        select(Household.head).select_from(Place).join(Household, Place.id == Household.village_id)
    ),
    "outer join in": lambda: (
        select(Household.head)
        .select_from(Place)
        .outerjoin(Household, Place.id == Household.village_id)
        .where(Household.head.is_not(None))
    ),  # type: ignore[attr-defined]
    "self join": lambda: select(aliased(Household, name="b").head).where(literal(True)),
    "in subquery": lambda: select(Household.head).where(Household.id.in_(select(Household.id))),  # type: ignore[attr-defined]
    "or true": lambda: select(Household.head).where((Household.head == "x") | literal(True)),
}


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_no_way_of_asking_shows_the_next_commune(chi: GatedSession, way: str) -> None:
    found = {row if isinstance(row, str) else row[0] for row in chi.exec(WAYS[way]())}
    assert found == SEEN, way


def test_a_kept_statement_answers_each_scope_with_its_own(stage: Stage) -> None:
    asked = kept(select(Household.head).where(Household.kind == bindparam("kind")))
    for _ in range(2):
        for place, seen in ((stage.cast.commune, SEEN), (stage.cast.next_commune, {"Nông Thị Hai"})):
            with stage.open(stage.of(place)) as session:
                assert set(session.exec(asked, params={"kind": "household"})) == seen
                assert not session.exec(asked, params={"kind": "cooperative"}).all()


@pytest.mark.parametrize(
    "way",
    [
        lambda: select(Household.__table__.c.head),  # type: ignore[attr-defined]
        lambda: select(Household.__table__.alias("h").c.head),  # type: ignore[attr-defined]
        lambda: select(exists().where(col(Household.head) == "Nông Thị Hai")),
        lambda: select(literal(1)).where(exists().where(col(Household.head) == "Nông Thị Hai")),
        lambda: core_select(text("head")).select_from(text("household")),
    ],
)
def test_what_does_not_begin_with_a_mapped_class_is_refused(
    chi: GatedSession, way: Callable[[], Any]
) -> None:
    with pytest.raises(Ungated):
        chi.exec(way()).all()


def test_a_foreign_row_cannot_be_pulled_in_by_a_join(chi: GatedSession, stage: Stage) -> None:
    """Seen rows must not drag unseen ones along: the second table of a join is scoped too."""
    query = select(Household.head, Resident.name).join(Resident, literal(True))  # type: ignore[arg-type]
    assert {name for _, name in chi.exec(query)} == {"Lý Thị Mẩy"}
    outer = select(Place.id, Household.head).outerjoin(Household, literal(True))  # type: ignore[arg-type]
    assert {head for _, head in chi.exec(outer)} <= SEEN


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: select(func.count()).select_from(Household), 3),
        (lambda: select(func.count(Household.id)), 3),
        (lambda: select(func.sum(Household.people)), 12),
        (lambda: select(func.max(Household.head)), "Tráng Seo Vần"),
        (lambda: select(func.count()).select_from(select(Household).subquery()), 3),
        (lambda: select(select(func.count(Household.id)).scalar_subquery()), 3),
        (lambda: select(func.count(Resident.id)), 1),
    ],
)
def test_aggregates_and_existence_count_only_what_is_seen(
    chi: GatedSession, ask: Callable[[], Any], said: Any
) -> None:
    assert chi.exec(ask()).first() == said


def test_get_and_refresh_find_nothing_outside(stage: Stage, chi: GatedSession) -> None:
    assert chi.get(Household, stage.own.id) is not None
    assert chi.get(Household, stage.foreign.id) is None
    row = chi.get(Household, stage.own.id)
    assert row
    chi.refresh(row)
    chi.expire(row)
    assert row.head == "Lý Láo Tả"


def test_get_finds_nothing_after_the_row_moved_away(stage: Stage) -> None:
    stage.own.village_id = stage.cast.next_village.id
    stage.world.session.add(stage.own)
    stage.world.session.commit()
    with stage.open() as chi:
        assert chi.get(Household, stage.own.id) is None
