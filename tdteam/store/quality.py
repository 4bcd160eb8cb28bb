"""Findings about the data of a place: few rows by SQL, then the pure rules of `domain/quality*` over them.

Visits are looked at in the period they count in; households and residents as they stand today. No name leaves here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import and_
from sqlmodel import col, select

from tdteam.domain import quality as rules
from tdteam.domain.periods import Period
from tdteam.domain.quality import Finding, HouseholdRow
from tdteam.domain.quality_twins import find_double_visits, find_twin_households, find_twin_residents
from tdteam.domain.quality_visits import (
    find_after_end,
    find_before_team,
    find_bursts,
    find_copied_notes,
    find_daily,
    find_odd_days,
    find_outside_service,
)
from tdteam.domain.rule_limits import Standing
from tdteam.domain.vocabulary import RecordState
from tdteam.store import quality_rows
from tdteam.store.gate import GatedSession
from tdteam.store.places import ids_inside
from tdteam.store.tables import Household, Visit


def find_all(
    session: GatedSession, place_id: int, period: Period, standing: Mapping[str, Standing]
) -> list[Finding]:
    """Every finding of a place and period by the rules that are asked, in their order, then by village and day."""
    asked = {code: one for code, one in standing.items() if one.is_active}
    found = [*_of_visits(session, place_id, period, asked), *_of_people(session, place_id, asked)]
    order = {rule.code: place for place, rule in enumerate(rules.RULES)}
    return sorted(found, key=lambda one: (order[one.rule], one.village_id, one.since or date.min, one.target))


def _counted(place_id: int, period: Period) -> Any:
    """The condition of the visits that count in a place and period."""
    return and_(
        col(Visit.village_id).in_(ids_inside(place_id)),
        col(Visit.period) == period.code,
        col(Visit.state) == RecordState.CURRENT,
    )


def _of_visits(
    session: GatedSession, place_id: int, period: Period, asked: Mapping[str, Standing]
) -> Iterator[Finding]:
    where = _counted(place_id, period)
    if rules.DOUBLE_VISITS.code in asked:
        twice = quality_rows.read_same_day(session, where)
        yield from find_double_visits(twice, quality_rows.read_helped(session, [row.id for row in twice]))
    future, long_after = asked.get(rules.FUTURE.code), asked.get(rules.LONG_AFTER.code)
    days = quality_rows.read_days(session, where)
    if future or long_after:
        most = long_after["days"] if long_after else None
        yield from find_odd_days(quality_rows.read_odd_days(session, where, days, most), future, long_after)
    if rules.BEFORE_TEAM.code in asked:
        yield from find_before_team(quality_rows.read_before_team(session, where, days))
    if rules.OUTSIDE_SERVICE.code in asked:
        yield from find_outside_service(quality_rows.read_outside_service(session, where))
    if rules.AFTER_END.code in asked:
        yield from find_after_end(quality_rows.read_after_end(session, where, ids_inside(place_id)))
    if rules.BURST.code in asked:
        rule = asked[rules.BURST.code]
        yield from find_bursts(quality_rows.read_sittings(session, where, rule["least"]), rule)
    if rules.DAILY.code in asked:
        rule = asked[rules.DAILY.code]
        yield from find_daily(quality_rows.read_often(session, where, rule["days"]), rule)
    if rules.COPIED_NOTES.code in asked:
        rule = asked[rules.COPIED_NOTES.code]
        notes = quality_rows.read_same_notes(session, where, rule["letters"], rule["least"])
        yield from find_copied_notes(notes, rule)


def _of_people(session: GatedSession, place_id: int, asked: Mapping[str, Standing]) -> Iterator[Finding]:
    inside = ids_inside(place_id)
    if rules.TWIN_HOUSEHOLDS.code in asked:
        homes = select(
            Household.id,
            Household.village_id,
            Household.version,
            Household.head_fold,
            Household.birth_year,
            Household.phone,
            Household.people,
        ).where(col(Household.village_id).in_(inside), col(Household.ended_on).is_(None))
        yield from find_twin_households(HouseholdRow._make(row) for row in session.exec(homes))
    if rules.TWIN_RESIDENTS.code in asked:
        yield from find_twin_residents(quality_rows.read_namesakes(session, inside))
