"""Counts a village's registry: households, the people in them, level 2, phones, poverty, consent, attainments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Select, and_, case, exists, func, literal, select

from tdteam.domain import tallies as names
from tdteam.domain.people import Poverty, SubjectKind
from tdteam.domain.residents import LEVEL2_AGE
from tdteam.domain.tallies import EID2_CODE, TallyKey
from tdteam.store import bulk
from tdteam.store.gate import GatedSession
from tdteam.store.tables import Attainment, Household, Resident

_household: Any = Household.__table__  # type: ignore[attr-defined]
_resident: Any = Resident.__table__  # type: ignore[attr-defined]
_attainment: Any = Attainment.__table__  # type: ignore[attr-defined]
YEARS_AHEAD = 3
"""How far ahead it is kept who turns 14, so that a new year needs no recount of villages nobody touched."""


def count_stocks(
    session: GatedSession, villages: Collection[int], age_year: int
) -> dict[int, dict[TallyKey, int]]:
    """Village -> its stocks, ages reckoned by birth year at the end of a year. Figures of 0 are kept where known."""
    listed = sorted(villages)
    out: dict[int, dict[TallyKey, int]] = defaultdict(dict)
    keys = list(_household_sums(age_year))
    for row in bulk.run(session, _households(listed, age_year), places=listed):
        for (key, _), value in zip(keys, row[1:], strict=True):
            if value is not None:
                out[row[0]][key] = int(value)
    for query in (_people(listed), _attained(listed), _coming(listed, age_year)):
        for village, measure, kind, outcome, value in bulk.run(session, query, places=listed):
            out[village][TallyKey(measure, str(kind), outcome)] = int(value)
    return {village: _without_unknown(figures) for village, figures in out.items()}


def _without_unknown(figures: dict[TallyKey, int]) -> dict[TallyKey, int]:
    """A share of an unknown registry is unknown: without a denominator there is no numerator either."""
    for part, whole in ((names.EID2, names.EID2_OF), (names.SMARTPHONE, names.SMARTPHONE_OF)):
        if not figures.get(TallyKey(whole)):
            figures.pop(TallyKey(whole), None)
            figures.pop(TallyKey(part), None)
    if figures.get(TallyKey(names.LISTED)):
        figures.setdefault(
            TallyKey(names.ATTAINED), 0
        )  # a list on which nobody attained anything is not unknown
    return {key: value for key, value in figures.items() if value or key.measure not in _ONLY_IF_ANY}


_ONLY_IF_ANY = {names.POVERTY, names.CONSENT, names.HOUSEHOLDS}


def _of_age(age_year: int) -> Any:
    return _resident.c.birth_year <= age_year - LEVEL2_AGE


def _has_eid2() -> Any:
    return exists().where(_attainment.c.resident_id == _resident.c.id, _attainment.c.indicator == EID2_CODE)


def _lists(villages: list[int], age_year: int) -> Any:
    """Household -> people listed, of these with a birth year, of age, of age with level 2."""
    return (
        select(
            _resident.c.household_id,
            func.count().label("listed"),
            func.count(_resident.c.birth_year).label("known"),
            func.sum(case((_of_age(age_year), 1), else_=0)).label("adults"),
            func.sum(case((and_(_of_age(age_year), _has_eid2()), 1), else_=0)).label("eid2"),
        )
        .where(_resident.c.village_id.in_(villages), _resident.c.ended_on.is_(None))
        .group_by(_resident.c.household_id)
        .subquery("lists")
    )


def _household_sums(age_year: int, lists: Any = None) -> Iterator[tuple[TallyKey, Any]]:
    """What one pass over households sums up. Without `lists` only the keys are of use."""
    home = _household.c
    has_list = (lists.c.known > 0) if lists is not None else literal(False)
    listed = lists.c if lists is not None else home
    people = (
        case((lists.c.listed > 0, lists.c.listed), else_=home.people) if lists is not None else home.people
    )
    adults = case((has_list, listed.adults), else_=home.adults)
    eid2 = case((has_list, listed.eid2), else_=home.eid2)
    both = and_(adults.is_not(None), eid2.is_not(None))
    for kind in SubjectKind:
        yield TallyKey(names.HOUSEHOLDS, kind), func.sum(case((home.kind == kind, 1), else_=0))
    yield TallyKey(names.INHABITANTS), func.sum(people)
    yield TallyKey(names.ADULTS), func.sum(adults)
    yield TallyKey(names.EID2), func.sum(case((both, eid2)))
    yield TallyKey(names.EID2_OF), func.sum(case((both, adults)))
    yield TallyKey(names.SMARTPHONE), func.sum(case((home.smartphone.is_(True), 1), else_=0))
    yield TallyKey(names.SMARTPHONE_OF), func.count(home.smartphone)
    for poverty in Poverty:
        yield TallyKey(names.POVERTY, poverty), func.sum(case((home.poverty == poverty, 1), else_=0))
    yield TallyKey(names.CONSENT, "yes"), func.sum(case((home.consent.is_(True), 1), else_=0))
    yield TallyKey(names.CONSENT, "no"), func.sum(case((home.consent.is_(False), 1), else_=0))


def _households(villages: list[int], age_year: int) -> Select[Any]:
    lists = _lists(villages, age_year)
    return (
        select(_household.c.village_id, *(value for _, value in _household_sums(age_year, lists)))
        .select_from(_household.outerjoin(lists, lists.c.household_id == _household.c.id))
        .where(_household.c.village_id.in_(villages), _household.c.ended_on.is_(None))
        .group_by(_household.c.village_id)
    )


def _residents(villages: list[int], *columns: Any) -> Select[Any]:
    """Residents in force of households in force."""
    return (
        select(_resident.c.village_id, *columns)
        .join(_household, _household.c.id == _resident.c.household_id)
        .where(
            _resident.c.village_id.in_(villages),
            _resident.c.ended_on.is_(None),
            _household.c.ended_on.is_(None),
        )
    )


def _people(villages: list[int]) -> Select[Any]:
    blank = literal("")
    query = _residents(villages, literal(names.LISTED), blank, blank, func.count())
    return query.group_by(_resident.c.village_id)


def _attained(villages: list[int]) -> Select[Any]:
    code = _attainment.c.indicator
    query = _residents(villages, literal(names.ATTAINED), code, literal(""), func.count())
    joined = query.join(_attainment, _attainment.c.resident_id == _resident.c.id)
    return joined.group_by(_resident.c.village_id, code)


def _coming(villages: list[int], age_year: int) -> Select[Any]:
    """Who turns 14 in the years ahead, and who of them already has level 2 (from 6 years on, with a guardian)."""
    year = _resident.c.birth_year + LEVEL2_AGE
    every = _residents(villages, literal(names.COMING_OF_AGE), year, literal(""), func.count())
    having = _residents(villages, literal(names.COMING_OF_AGE), year, literal(EID2_CODE), func.count())
    soon = year.between(age_year + 1, age_year + YEARS_AHEAD)
    both = (
        every.where(soon).group_by(_resident.c.village_id, year),
        having.where(soon, _has_eid2()).group_by(_resident.c.village_id, year),
    )
    return both[0].union_all(both[1])  # type: ignore[return-value]
