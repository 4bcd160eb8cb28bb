"""Targets of places: read for a span, with what they inherit from; set, taken away. Likewise the rows of their grid."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import col, select

from tdteam.domain.coverage import target_size
from tdteam.domain.errors import Refused
from tdteam.domain.indicators import Indicator
from tdteam.domain.periods import Period, parse_period, today
from tdteam.domain.places import Level
from tdteam.domain.targets import GridRow, Known, TargetGrid, holding
from tdteam.store import places
from tdteam.store.gate import GatedSession
from tdteam.store.places import holds_on
from tdteam.store.settings import period_start_day
from tdteam.store.tables import Place, PlaceAncestor, Target

Key = tuple[int, str]
"""Place and indicator."""
_NEAR = (Level.COMMUNE, Level.AREA, Level.PROVINCE)


def read_targets(session: GatedSession, places: Sequence[int], span: str) -> dict[Key, int]:
    """The targets of some places for a span: hundredths of a percent, or counts."""
    query = select(Target).where(col(Target.place_id).in_(places), Target.span == span)
    return {(row.place_id, row.indicator): row.value for row in session.exec(query)}


def read_known(session: GatedSession, place_ids: Collection[int], spans: Collection[str]) -> Known:
    """The targets of some places for several spans."""
    query = select(Target).where(
        col(Target.place_id).in_(sorted(place_ids)), col(Target.span).in_(sorted(spans))
    )
    return {(row.place_id, row.indicator, row.span): row.value for row in session.exec(query)}


def read_aims(
    session: GatedSession,
    place_ids: Sequence[int],
    period: Period,
    wanted: Iterable[Indicator],
    on: date,
    *,
    year: bool,
) -> dict[int, dict[str, Decimal]]:
    """What each of some places is to have reached in a period, or with `year` in the year so far: place -> indicator ->
    percent of a share, else a count. The same as on the board (`domain/targets.holding`)."""
    columns = list(wanted)
    chains, _ = read_above(session, place_ids, on)
    lines = {place: (place, *chains.get(place, ())) for place in place_ids}
    known = read_known(session, {one for line in lines.values() for one in line}, _spans(period))
    out: dict[int, dict[str, Decimal]] = {}
    for place, line in lines.items():
        found = ((one, holding(line, one, period, known, year=year)) for one in columns)
        out[place] = {one.code: target_size(one, aim.value) for one, aim in found if aim}
    return out


def read_effective(
    session: GatedSession, place_ids: Sequence[int], period: Period, on: date
) -> dict[tuple[int, str, str], int]:
    """The targets of a period and of its year that each of some places goes by: its own, else the nearest of what it lies in."""
    chains, _ = read_above(session, place_ids, on)
    known = read_known(
        session, {*place_ids, *(one for line in chains.values() for one in line)}, _spans(period)
    )
    out: dict[tuple[int, str, str], int] = {}
    for place in place_ids:
        for near in (place, *chains.get(place, ())):
            for (where, code, span), value in known.items():
                if where == near:
                    out.setdefault((place, code, span), value)
    return out


def _spans(period: Period) -> tuple[str, str]:
    return period.code, period.year_code


def write_targets(session: GatedSession, span: str, values: Mapping[Key, int | None]) -> list[Key]:
    """Set targets (None takes one away); answers what changed. NotFound for a place outside the scope."""
    for place, _ in values:
        session.demand(place)
    places.hold_places(session, {place for place, _ in values})
    query = select(Target).where(
        col(Target.place_id).in_({place for place, _ in values}), Target.span == span
    )
    known = {(row.place_id, row.indicator): row for row in session.exec(query)}
    changed = []
    for key, value in sorted(values.items()):
        row = known.get(key)
        if (row.value if row else None) == value:
            continue
        changed.append(key)
        if row is not None and value is None:
            session.delete(row)
            continue
        row = row or Target(place_id=key[0], indicator=key[1], span=span, value=0, set_on=today())
        row.value, row.set_on, row.set_by = value or 0, today(), session.scope.actor.account_id
        session.add(row)
    session.flush()
    return changed


@dataclass(frozen=True)
class GridAsked:
    """What a grid is asked for. `opened`: the commune whose villages are shown; `all_opened`: all of them; `everybody`:
    communes where nobody works too."""

    place: Place
    span: str
    on: date
    opened: int | None = None
    all_opened: bool = False
    everybody: bool = False


def span_period(session: GatedSession, span: str) -> Period | None:
    """The period a span names; None for a year. Refused (`period_form`) for what is neither."""
    return (
        None
        if len(span) == 4 and span.isascii() and span.isdigit()
        else parse_period(span, period_start_day(session))
    )


def read_grid(session: GatedSession, asked: GridAsked, columns: Sequence[Indicator]) -> TargetGrid:
    """The grid of a place: itself, what stands in it, the villages of an opened commune; with all that is inherited."""
    found = _rows(session, asked)
    chains, names = read_above(session, [row.place_id for row in found], asked.on)
    rows = tuple(_with(row, chains.get(row.place_id, ())) for row in found)
    period = span_period(session, asked.span)
    spans = {asked.span, period.year_code if period else asked.span}
    wanted = {row.place_id for row in rows} | {place for row in rows for place in row.above}
    return TargetGrid(
        place_id=asked.place.id or 0,
        span=asked.span,
        columns=tuple(columns),
        rows=rows,
        known=read_known(session, wanted, spans),
        names={**names, **{row.place_id: row.name for row in rows}},
        period=period,
    )


def _with(row: GridRow, above: Sequence[int]) -> GridRow:
    return GridRow(row.place_id, row.name, row.level, tuple(above), row.is_open, row.can_open, row.is_typed)


def _rows(session: GatedSession, asked: GridAsked) -> list[GridRow]:
    place, level = asked.place, asked.place.level
    out = [_row(session, place)]
    if level == Level.VILLAGE:
        return out
    if level == Level.PROVINCE:
        out += [
            _row(session, area)
            for area in places.list_reached(session, Level.AREA, asked.on)
            if session.permits(area.id or 0)
        ]
    villages = places.list_villages(session, place.id, asked.on)
    if level == Level.COMMUNE:
        return out + [GridRow(line.id, line.label, Level.VILLAGE) for line in villages]
    for commune_id, name in _communes(session, asked, villages):
        is_open = asked.all_opened or commune_id == asked.opened
        own = [line for line in villages if line.commune_id == commune_id]
        typed = session.permits(commune_id)
        out.append(GridRow(commune_id, name, Level.COMMUNE, (), is_open, bool(own), typed))
        out += [GridRow(line.id, line.label, Level.VILLAGE) for line in own] if is_open else []
    return out


def _row(session: GatedSession, place: Place) -> GridRow:
    return GridRow(place.id or 0, place.name, place.level, is_typed=session.permits(place.id or 0))


def _communes(
    session: GatedSession, asked: GridAsked, villages: Sequence[places.VillageLine]
) -> list[tuple[int, str]]:
    """Those that have a village in the place; of a province all on request."""
    busy = {line.commune_id: line.commune for line in villages}
    if asked.everybody and asked.place.level == Level.PROVINCE:
        for row in places.list_inside(session, asked.place.id or 0, Level.COMMUNE, asked.on):
            busy.setdefault(row.id or 0, row.name)
        order = {row.id: at for at, row in enumerate(places.list_reached(session, Level.COMMUNE, asked.on))}
        return sorted(busy.items(), key=lambda one: order.get(one[0], 0))
    return list(busy.items())


def read_above(
    session: GatedSession, place_ids: Collection[int], on: date
) -> tuple[dict[int, list[int]], dict[int, str]]:
    """What some places lie in, the nearest first, and the names of all that."""
    query = (
        select(PlaceAncestor.place_id, Place.id, Place.level, Place.name)
        .join(Place, col(Place.id) == PlaceAncestor.ancestor_id)
        .where(
            col(PlaceAncestor.place_id).in_(sorted(place_ids)),
            Place.id != PlaceAncestor.place_id,
            col(Place.level).in_(_NEAR),
            holds_on(PlaceAncestor, on),
            holds_on(Place, on),
        )
    )
    found = sorted(session.exec(query), key=lambda row: (_NEAR.index(Level(row[2])), row[1] or 0))
    chains: dict[int, list[int]] = {}
    names: dict[int, str] = {}
    for place_id, above, _level, name in found:
        chains.setdefault(place_id, []).append(above or 0)
        names[above or 0] = name
    return chains, names


def is_span(session: GatedSession, text: str) -> bool:
    """Whether a text names a year or a period."""
    try:
        span_period(session, text)
    except Refused:
        return False
    return True
