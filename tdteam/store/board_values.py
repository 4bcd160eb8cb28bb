"""The figures of a board's rows, read from sheets: every column now and before, the lead over the last periods."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, bindparam, or_, select

from tdteam.domain.coverage import LEAD, SERIES, is_unknown, size_of
from tdteam.domain.indicators import Indicator
from tdteam.domain.periods import Period
from tdteam.domain.shares import Value
from tdteam.domain.sheets import Figures, Reading, Span, YearSoFar, add, as_value, months_of
from tdteam.store import indicators
from tdteam.store.coverage_ground import Asked
from tdteam.store.gate import GatedSession
from tdteam.store.prepared import Prepared, any_of
from tdteam.store.sheets import Key, Shelf, of_communes, of_provinces, of_villages, open_shelf
from tdteam.store.tables import Confirmation, PlaceAncestor, TeamVillage

Short = tuple[int | None, int | None]
_reach: Any = PlaceAncestor.__table__  # type: ignore[attr-defined]
_around: Any = _reach.alias("around")
_serves: Any = TeamVillage.__table__  # type: ignore[attr-defined]
_word: Any = Confirmation.__table__  # type: ignore[attr-defined]
_day: Any = bindparam("day", type_=Date())


def _holds(table: Any) -> Any:
    return (table.c.since <= _day) & or_(table.c.until.is_(None), table.c.until > _day)


_CONFIRMED = Prepared(
    select(_reach.c.ancestor_id, _word.c.period)
    .select_from(_around)
    .join(_serves, _serves.c.village_id == _around.c.place_id)
    .join(_word, _word.c.team_id == _serves.c.team_id)
    .join(_reach, _reach.c.place_id == _serves.c.village_id)
    .where(
        any_of(_around.c.ancestor_id, "roots"),
        any_of(_reach.c.ancestor_id, "places"),
        any_of(_word.c.period, "spans"),
        *(_holds(table) for table in (_around, _serves, _reach)),
    )
    .distinct()
)


_MOST_MISSING = 0.25
"""The part of the sheets that may be missing: beyond it a board is read from tallies at once, which costs no more than to
count a few places anew over many periods."""


@dataclass(frozen=True)
class Rows:
    """Which sheets make each row of a board: whole provinces, areas and communes by their own, everything else by the
    own sheets of some villages."""

    provinces: frozenset[int] = frozenset()
    communes: frozenset[int] = frozenset()
    villages: Mapping[int, Sequence[int]] = field(default_factory=dict)

    @property
    def places(self) -> list[int]:
        return [*self.provinces, *self.communes, *self.villages]


@dataclass
class BoardFigures:
    """What was read, by place."""

    now: dict[int, dict[str, Value]] = field(default_factory=dict)
    before: dict[int, dict[str, Value]] = field(default_factory=dict)
    series: dict[int, tuple[Decimal | None, ...]] = field(default_factory=dict)


def read_board_figures(
    session: GatedSession,
    asked: Asked,
    columns: Sequence[Indicator],
    rows: Rows,
    known: Sequence[Indicator] | None = None,
) -> BoardFigures:
    """The figures of some rows; a row nothing is known of has none. `known`: all indicators, where they are read."""
    shelf = open_shelf(session, asked.on, known)
    reader = _Reader(session, asked, columns, rows, shelf)
    if not shelf.is_today or reader.lacks_many():
        return _read_tallies(session, asked, columns, rows, shelf)
    now, before = _spans(asked)
    picked = reader.picked([now] if before is None else [now, before])
    out = BoardFigures(series={} if asked.is_bare else reader.series())
    values = reader.reading.values
    for place in rows.places:
        out.now[place] = values(picked[place, now.code])
        out.before[place] = {} if before is None else values(picked[place, before.code])
    return out


def _spans(asked: Asked) -> tuple[Span, Span | None]:
    """What a board shows, and what stands beside it; before the first period of a year there is nothing of it."""
    period, before = asked.period, asked.period.plus(-1)
    if not asked.year:
        return period, None if asked.is_bare else before
    return YearSoFar(period), None if asked.is_bare or period.month == 1 else YearSoFar(before)


def _read_tallies(
    session: GatedSession, asked: Asked, columns: Sequence[Indicator], rows: Rows, shelf: Shelf
) -> BoardFigures:
    """The same straight from the tallies: for another day's tree, and where hardly any sheet is kept yet."""
    by = indicators.by_place(session, asked.place_id, asked.on)
    shown = set(rows.places)
    groups = by.groups or {}
    by = indicators.By({village: [row for row in of if row in shown] for village, of in groups.items()})
    place, period = (session, asked.place_id), asked.period
    before, periods = period.plus(-1), period.back(SERIES)
    spans: list[Span] = [*periods, *(span for span in _spans(asked) if span is not None)]
    shelf.note((one, span.code) for one in {*shown, *groups} for span in spans)
    if asked.year:
        now = indicators.read_year(*place, period, asked.on, columns, by)
        started = period.month > 1
        was = indicators.read_year(*place, before, asked.on, columns, by) if started else {}
    else:
        found = indicators.read_groups(*place, [before, period], asked.on, columns, by)
        now, was = found[period.code], found[before.code]
    lead = [one for one in columns if one.code == LEAD]
    trends = indicators.read_groups(*place, periods, asked.on, lead, by) if lead else {}
    series = {
        row: tuple(size_of(trends[one.code].get(row, {}).get(LEAD)) for one in periods)
        for row in (shown if lead else ())
    }
    return BoardFigures(_known(now, shown), _known(was, shown), series)


def _known(found: Mapping[int, Mapping[str, Value]], rows: Collection[int]) -> dict[int, dict[str, Value]]:
    """Figures as sheets tell them: a ratio of which neither number is known is not known."""
    return {
        row: {code: None if is_unknown(value) else value for code, value in found.get(row, {}).items()}
        for row in rows
    }


class _Reader:
    """Sheets of the rows of one board."""

    def __init__(
        self, session: GatedSession, asked: Asked, columns: Sequence[Indicator], rows: Rows, shelf: Shelf
    ) -> None:
        self.session, self.asked, self.rows = session, asked, rows
        self.shelf = shelf
        self.reading = Reading(self.shelf.layout, columns)
        self._found: dict[Key, Short] = {}
        self.lead = next((one for one in columns if one.code == LEAD), None)

    def picked(self, spans: Sequence[Span]) -> dict[Key, Figures]:
        """Each row's numbers of the columns, those of places confirmed to be without anything included."""
        whole = {
            **of_provinces(self.shelf, self.rows.provinces, spans),
            **of_communes(self.shelf, self.rows.communes, spans),
        }
        out: dict[Key, Figures] = {key: self.reading.pick(figures) for key, figures in whole.items()}
        villages = {village for inside in self.rows.villages.values() for village in inside}
        own = {
            key: self.reading.pick(figures)
            for key, figures in of_villages(self.shelf, villages, spans).items()
        }
        blank = [[0, *[None] * self.reading.width]]
        for place, inside in self.rows.villages.items():
            for span in spans:
                out[place, span.code] = add([own[village, span.code] for village in inside] or blank)
        unknown = [key for key, numbers in out.items() if not numbers[0]]
        for key in self._confirmed(unknown, spans):
            out[key] = self.reading.confirmed(out[key])
        return out

    def series(self) -> dict[int, tuple[Decimal | None, ...]]:
        """The lead over the last periods, as it is printed."""
        if self.lead is None:
            return {}
        periods = self.asked.period.back(SERIES)
        short = self._short(periods)
        lead, zero = self.lead, self.shelf.layout.zeros.get(self.shelf.layout.at[LEAD])
        for key in self._confirmed([key for key, (part, _) in short.items() if part is None], periods):
            short[key] = (zero, short[key][1])
        return {
            place: tuple(size_of(as_value(lead, *short[place, period.code])) for period in periods)
            for place in self.rows.places
        }

    def lacks_many(self) -> bool:
        """Whether so many sheets of the series are missing that the tallies are the shorter road."""
        spans = [period.code for period in self.asked.period.back(SERIES)]
        if self.asked.is_bare:
            spans = [span.code for span in _spans(self.asked) if span is not None]
        whole = [*self.rows.provinces, *self.rows.communes]
        villages = {village for inside in self.rows.villages.values() for village in inside}
        self._found = {
            **self.shelf.short(villages, spans, own=True),
            **self.shelf.short(whole, spans, own=False),
        }
        return len(self._found) < len(spans) * (len(whole) + len(villages)) * (1 - _MOST_MISSING)

    def _short(self, periods: Sequence[Period]) -> dict[Key, Short]:
        rows = self.rows
        villages = {village for inside in rows.villages.values() for village in inside}
        own = self._short_of(villages, periods, of_villages)
        out = {
            **self._short_of(rows.provinces, periods, of_provinces),
            **self._short_of(rows.communes, periods, of_communes),
        }
        for place, inside in rows.villages.items():
            for period in periods:
                numbers = [own[village, period.code] for village in inside]
                part, whole = add(numbers) if numbers else (None, None)
                out[place, period.code] = (part, whole)
        return out

    def _short_of(self, places: Collection[int], periods: Sequence[Period], of: Any) -> dict[Key, Short]:
        """The lead's two numbers, of sheets where there are, else counted."""
        found = {
            key: self._found[key]
            for key in ((place, period.code) for place in places for period in periods)
            if key in self._found
        }
        slot = self.shelf.layout.at[LEAD]
        missing: dict[tuple[Period, ...], list[int]] = {}
        for place in places:
            lacking = tuple(period for period in periods if (place, period.code) not in found)
            if lacking:
                missing.setdefault(lacking, []).append(place)
        for lacking, some in missing.items():
            for key, figures in of(self.shelf, some, lacking).items():
                found[key] = (figures[slot], figures[slot + 1])
        return found

    def _confirmed(self, unknown: Sequence[Key], spans: Sequence[Span]) -> set[Key]:
        """Of rows of which nothing was sent: those a team of which said that there was nothing, or that figures stand; of a
        year: in any of its months."""
        if not unknown:
            return set()
        wanted = set(unknown)
        holding: dict[str, list[str]] = defaultdict(list)
        for span in spans:
            for month in months_of(span):
                holding[month.code].append(span.code)
        values = {
            "roots": [root.id for root in self.asked.roots] or [self.asked.place_id],
            "places": sorted({place for place, _ in wanted}),
            "spans": sorted(holding),
            "day": self.asked.on,
        }
        said = _CONFIRMED.ask(self.session, values, places=())
        return wanted.intersection((place, code) for place, month in said for code in holding[month])
