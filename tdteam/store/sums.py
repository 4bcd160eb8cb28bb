"""Tally rows summed: a span at a time, a whole place or by village, commune or team. Nobody else counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, case, func, literal, or_, union_all
from sqlmodel import col, select

from tdteam.domain.indicators import Row
from tdteam.domain.periods import Period
from tdteam.domain.places import Level
from tdteam.domain.tallies import (
    ADULTS,
    COMING_OF_AGE,
    EID2,
    EID2_CODE,
    EID2_OF,
    NOW,
    REACHED,
    REACHED_FIRST,
)
from tdteam.store.gate import BY_KEY, GatedSession
from tdteam.store.places import holds_on, ids_inside
from tdteam.store.tables import Confirmation, Place, PlaceAncestor, StockState, Tally, TeamVillage

Rows = dict[Any, list[Row]]


@dataclass(frozen=True)
class By:
    """How sums are grouped: by village, or by what each village belongs to (`groups`: village -> groups)."""

    groups: Mapping[int, Sequence[int]] | None = None

    def of(self, village: int) -> Sequence[int]:
        """The groups a village counts for."""
        return (village,) if self.groups is None else self.groups.get(village, ())


def by_village() -> By:
    return By()


def by_place(session: GatedSession, place_id: int, on: date) -> By:
    """By the place itself, and by the communes and villages of a day that a village of it lies in: itself while it
    stands, what it was merged into, their commune. So the figures of a village that ended count for its successor."""
    query = (
        select(PlaceAncestor.place_id, PlaceAncestor.ancestor_id)
        .join(Place, col(Place.id) == PlaceAncestor.ancestor_id)
        .where(
            col(PlaceAncestor.place_id).in_(ids_inside(place_id, on)),
            holds_on(PlaceAncestor, on),
            or_(col(Place.level).in_((Level.COMMUNE, Level.VILLAGE)), col(Place.id) == place_id),
            holds_on(Place, on),
        )
    )
    return By(_grouped(session.exec(query, execution_options=BY_KEY)))


def by_team(session: GatedSession, place_id: int, on: date) -> By:
    """By the teams that serve a village on a day; a village of two teams counts for both."""
    query = select(TeamVillage.village_id, TeamVillage.team_id).where(
        col(TeamVillage.village_id).in_(ids_inside(place_id, on)), holds_on(TeamVillage, on)
    )
    return By(_grouped(session.exec(query)))


def _grouped(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    out: dict[int, list[int]] = defaultdict(list)
    for village, group in pairs:
        out[village].append(group)
    return dict(out)


def sum_spans(
    session: GatedSession,
    inside: Any,
    spans: Sequence[str],
    measures: Collection[str],
    by: By | None = None,
    *,
    whole: bool = False,
) -> dict[str, Rows]:
    """Sums of tally rows: span -> group -> rows. Without `by` the one group is None. Absent spans are absent keys.

    `whole`: measures as wholes, their kinds and outcomes not told apart (then a fraction of the rows is read).
    """
    return _read(session, _of_spans(inside, spans, measures), col(Tally.span), by, whole=whole)


def sum_together(
    session: GatedSession,
    inside: Any,
    spans: Sequence[str],
    measures: Collection[str],
    by: By | None = None,
    *,
    whole: bool = False,
) -> Rows:
    """The same over all the spans together: group -> rows."""
    return _read(session, _of_spans(inside, spans, measures), None, by, whole=whole).get("", {})


def _of_spans(inside: Any, spans: Sequence[str], measures: Collection[str]) -> Any:
    return select(Tally).where(
        col(Tally.village_id).in_(inside),
        col(Tally.span).in_(list(spans)),
        col(Tally.measure).in_(sorted(measures)),
        col(Tally.value) != 0,  # what was voided leaves a 0, and is no sign of work
    )


def sum_reached(session: GatedSession, inside: Any, months: Sequence[str], by: By | None = None) -> Rows:
    """Households reached since the first of these periods of one year, as rows of the distinct measure. Right for past
    periods too, as the year's own tally is not: each household counts in the period it was first reached in."""
    found = sum_together(session, inside, months, [REACHED_FIRST], by)
    return {group: [Row(REACHED, "", "", row.value) for row in rows] for group, rows in found.items()}


def sum_stock(
    session: GatedSession, inside: Any, period: Period, measures: Collection[str], by: By | None = None
) -> Rows:
    """Registry figures as of the period's end: frozen ones where it is past, else the registry as it stands."""
    return sum_stocks(session, inside, [period], measures, by).get(period.code, {})


def sum_stocks(
    session: GatedSession,
    inside: Any,
    periods: Sequence[Period],
    measures: Collection[str],
    by: By | None = None,
    *,
    whole: bool = False,
) -> dict[str, Rows]:
    """The same for several periods: period -> group -> rows."""
    state = StockState.__table__  # type: ignore[attr-defined]
    told = union_all(*(select(literal(period.code).label("code")) for period in periods)).subquery("period")
    span = case((state.c.frozen_to >= told.c.code, told.c.code), else_=NOW)
    growing = _GROWING.isdisjoint(measures)
    asked = set(measures) if growing else {*measures, COMING_OF_AGE}
    query = (
        select(Tally)
        .join(state, state.c.village_id == Tally.village_id)
        .join(told, and_(state.c.since <= told.c.code, col(Tally.span) == span))
        .where(
            col(Tally.village_id).in_(inside),
            col(Tally.measure).in_(sorted(asked)),
            or_(col(Tally.measure) != COMING_OF_AGE, col(Tally.kind) <= func.substr(told.c.code, 1, 4)),
        )
    )
    found = _read(session, query, told.c.code, by, whole=whole and growing)
    for groups in found.values():
        for group, rows in groups.items():
            groups[group] = [row for row in _grown(rows) if row.measure in measures]
    return found


_GROWING = frozenset({ADULTS, EID2, EID2_OF})
"""The measures that those who turn 14 move."""


def _grown(rows: Iterable[Row]) -> Iterator[Row]:
    """Those who turned 14 since the registry was last counted stand among the adults (see `store/stocks.py`)."""
    for row in rows:
        if row.measure != COMING_OF_AGE:
            yield row
        elif row.outcome == EID2_CODE:
            yield Row(EID2, "", "", row.value)
        else:
            yield Row(ADULTS, "", "", row.value)
            yield Row(EID2_OF, "", "", row.value)
            yield Row(EID2, "", "", 0)  # of a known list the part is known, too


def _read(session: GatedSession, query: Any, span: Any, by: By | None, *, whole: bool) -> dict[str, Rows]:
    """Sums by the database, of villages where groups are asked for. What a village belongs to is put together here:
    joined to every tally row it takes the database five times as long."""
    refined = [] if whole else [col(Tally.kind), col(Tally.outcome)]
    names = [*([span] if span is not None else []), col(Tally.measure), *refined]
    villages = [col(Tally.village_id)] if by else []
    found = session.execute(
        query.with_only_columns(*names, func.sum(Tally.value), *villages).group_by(*names, *villages)
    )
    out: dict[str, Rows] = defaultdict(lambda: defaultdict(list))
    begin, last = int(span is not None), len(names)
    for *told, value, group in _grouped_sums(found, last, by):
        measure, kind, outcome = (told[begin], "", "") if whole else told[begin:]
        out[told[0] if begin else ""][group].append(Row(measure, kind, outcome, value))
    return out


def _grouped_sums(found: Iterable[Any], last: int, by: By | None) -> Iterator[Sequence[Any]]:
    """The database's rows (`last` names, the sum, the village) with each group instead of the village."""
    if by is None:
        yield from ((*row[:last], int(row[last]), None) for row in found)
    elif by.groups is None:
        yield from ((*row[:last], int(row[last]), row[last + 1]) for row in found)
    else:
        sums: dict[tuple[Any, ...], int] = defaultdict(int)
        for row in found:
            for group in by.of(row[last + 1]):
                sums[(*row[:last], group)] += int(row[last])
        yield from ((*told, value, group) for (*told, group), value in sums.items())


def confirmed_spans(session: GatedSession, inside: Any, periods: Sequence[str]) -> set[str]:
    """The periods in which a team of these villages confirmed or reported nothing: their flows are 0, not missing."""
    teams = select(TeamVillage.team_id).where(col(TeamVillage.village_id).in_(inside))
    query = select(Confirmation.period).where(
        col(Confirmation.team_id).in_(teams), col(Confirmation.period).in_(list(periods))
    )
    return set(session.exec(query.distinct(), execution_options=BY_KEY).all())


def confirmed_groups(
    session: GatedSession, inside: Any, periods: Sequence[str], on: date, by: By
) -> dict[str, set[int]]:
    """Period -> the groups a team of which confirmed or reported nothing."""
    query = (
        select(Confirmation.period, TeamVillage.village_id)
        .join(TeamVillage, col(TeamVillage.team_id) == Confirmation.team_id)
        .where(
            col(TeamVillage.village_id).in_(inside),
            holds_on(TeamVillage, on),
            col(Confirmation.period).in_(list(periods)),
        )
    )
    out: dict[str, set[int]] = defaultdict(set)
    for period, village in session.exec(query.distinct(), execution_options=BY_KEY):
        out[period].update(by.of(village))
    return out
